//! Random reservations, releases, assignments, clock steps and undo, against a model that is plain
//! enough to be seen right.

use super::{by, ccc};
use crate::support::SeededDatabase;
use numberd::domain::batch::{BatchItem, BatchMode, Outcome};
use numberd::domain::candidate::CandidateFilter;
use numberd::domain::clock::ManualClock;
use numberd::domain::instance::InstanceEdit;
use numberd::domain::phone_number::NumberFilter;
use numberd::domain::reservation::{ReservationKind, days};
use numberd::domain::undo::UndoTarget;
use numberd::domain::{Clock, Error, PageRequest, Paging, SkillGroupId, Timestamp, UserId};
use numberd::ops::{batch, instances, undo};
use numberd::store::{Store, candidates, phone_numbers, reservations};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

const NUMBERS: [&str; 3] = ["01055500011", "02855500018", "02855500019"];
const USERS: [&str; 3] = ["lina@ccc-test", "wangfang@ccc-test", "zhangwei@ccc-test"];
const GROUP: &str = "sales@ccc-test";
const BEGIN: i64 = 1_790_000_000_000;
const HOUR: i64 = 3_600_000;
const WHOLE: PageRequest = PageRequest { number: 1, size: 500, paging: Paging::Clamp };

/// What is done next; numbers and users by position.
#[derive(Clone, Debug)]
enum Step {
    Assign(usize, usize),
    Transfer(usize, usize),
    Release(usize, Option<u32>),
    Bind(usize),
    Unbind(usize),
    Hold(usize, Option<usize>, i64),
    End(usize),
    CoolDown(u32),
    Clock(i64),
    /// The last request that changed a number.
    Undo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (number, user) = (0..NUMBERS.len(), 0..USERS.len());
    let whom = proptest::option::weighted(0.8, user.clone());
    prop_oneof![
        4 => (number.clone(), user.clone()).prop_map(|(number, user)| Step::Assign(number, user)),
        1 => (number.clone(), user).prop_map(|(number, user)| Step::Transfer(number, user)),
        4 => (number.clone(), proptest::option::of(0..3_u32))
            .prop_map(|(number, days)| Step::Release(number, days)),
        2 => number.clone().prop_map(Step::Bind),
        2 => number.clone().prop_map(Step::Unbind),
        3 => (number.clone(), whom, 1..60_i64)
            .prop_map(|(number, user, hours)| Step::Hold(number, user, hours)),
        1 => number.clone().prop_map(Step::End),
        1 => (0..3_u32).prop_map(Step::CoolDown),
        3 => (-10..40_i64).prop_map(Step::Clock),
        4 => number.prop_map(Step::Undo),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Nobody,
    User(usize),
    Group,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept {
    kind: ReservationKind,
    whom: Option<usize>,
    until: i64,
}

/// A number as the model knows it. What keeps it stays noted when its moment has come, as in the
/// file: a clock that is set back finds it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    holder: Holder,
    kept: Option<Kept>,
}

/// A request that changed a number: when, and what the number was before.
struct Request {
    id: String,
    at: i64,
    before: Number,
}

struct Model {
    numbers: [Number; NUMBERS.len()],
    /// The last request of each number.
    last: [Option<Request>; NUMBERS.len()],
    cool_down: u32,
    now: i64,
}

impl Model {
    fn new() -> Self {
        let free = Number { holder: Holder::Nobody, kept: None };
        Self { numbers: [free; 3], last: [None, None, None], cool_down: 0, now: BEGIN }
    }

    fn in_force(&self, number: usize) -> Option<Kept> {
        self.numbers[number].kept.filter(|kept| kept.until > self.now)
    }

    fn may_be_given(&self, number: usize, user: usize) -> bool {
        self.numbers[number].holder == Holder::Nobody
            && self.in_force(number).is_none_or(|kept| kept.whom == Some(user))
    }

    /// What a number becomes; `None` when that is refused.
    fn after(&self, step: &Step) -> Option<Number> {
        let held = |holder| Some(Number { holder, kept: None });
        match *step {
            Step::Assign(number, user) | Step::Transfer(number, user) => {
                let transfers = matches!(step, Step::Transfer(..));
                match self.numbers[number].holder {
                    Holder::User(holder) if holder == user || transfers => held(Holder::User(user)),
                    Holder::Nobody if self.may_be_given(number, user) => held(Holder::User(user)),
                    _ => None,
                }
            }
            Step::Release(number, days) => match self.numbers[number].holder {
                Holder::User(user) => {
                    let length = days.unwrap_or(self.cool_down);
                    let until = self.now + i64::from(length) * 24 * HOUR;
                    let kind = ReservationKind::CoolDown;
                    let kept = (length > 0).then_some(Kept { kind, whom: Some(user), until });
                    Some(Number { holder: Holder::Nobody, kept })
                }
                _ => Some(self.numbers[number]),
            },
            Step::Bind(number) => match self.numbers[number].holder {
                Holder::Group => held(Holder::Group),
                Holder::Nobody if self.in_force(number).is_none() => held(Holder::Group),
                _ => None,
            },
            Step::Unbind(number) => match self.numbers[number].holder {
                Holder::Group => held(Holder::Nobody),
                _ => Some(self.numbers[number]),
            },
            Step::Hold(number, whom, hours) => {
                let kind = ReservationKind::Hold;
                let kept = Kept { kind, whom, until: self.now + hours * HOUR };
                let same = |other: Kept| other.kind == kind && other.whom == whom;
                let free = self.numbers[number].holder == Holder::Nobody;
                (free && self.in_force(number).is_none_or(same))
                    .then_some(Number { holder: Holder::Nobody, kept: Some(kept) })
            }
            Step::End(number) => Some(match self.in_force(number) {
                Some(_) => Number { kept: None, ..self.numbers[number] },
                None => self.numbers[number],
            }),
            Step::CoolDown(_) | Step::Clock(_) | Step::Undo(_) => None,
        }
    }
}

/// The item of a batch that a step is, and its number.
fn item(step: &Step, now: i64) -> Option<(usize, BatchItem)> {
    let user = |user: usize| UserId::new(USERS[user]);
    let text = |number: usize| NUMBERS[number].to_owned();
    let skill_group_id = SkillGroupId::new(GROUP);
    Some(match *step {
        Step::Assign(at, to) => (at, BatchItem::Assign { number: text(at), user_id: user(to) }),
        Step::Transfer(at, to) => {
            (at, BatchItem::Transfer { number: text(at), from: None, user_id: user(to) })
        }
        Step::Release(at, cool_down_days) => {
            (at, BatchItem::Release { number: text(at), user_id: None, cool_down_days })
        }
        Step::Bind(at) => (at, BatchItem::Bind { number: text(at), skill_group_id }),
        Step::Unbind(at) => {
            (at, BatchItem::Unbind { number: text(at), skill_group_id: Some(skill_group_id) })
        }
        Step::Hold(at, whom, hours) => {
            let until = Timestamp::from_millis(now + hours * HOUR);
            (at, BatchItem::Hold { number: text(at), user_id: whom.map(user), until })
        }
        Step::End(at) => (at, BatchItem::EndReservation { number: text(at) }),
        Step::CoolDown(_) | Step::Clock(_) | Step::Undo(_) => return None,
    })
}

fn perform(store: &Store, clock: &ManualClock, model: &mut Model, at: usize, step: &Step) {
    let id = format!("request-{at}");
    match *step {
        Step::Clock(hours) => {
            model.now += hours * HOUR;
            clock.set_by(hours * HOUR);
        }
        Step::CoolDown(days) => {
            let edit = InstanceEdit { cool_down_days: Some(days), ..InstanceEdit::default() };
            store.write(by(&id), move |tx| instances::modify(tx, &ccc(), &edit)).unwrap();
            model.cool_down = days;
        }
        Step::Undo(number) => {
            // What was done at a time that is still to come can't be undone before it.
            let Some(last) = model.last[number].take().filter(|last| last.at <= model.now) else {
                return;
            };
            let target = UndoTarget::Request(last.id);
            let report = store.write(by(&id), move |tx| {
                undo::undo(tx, Some(&ccc()), &target, BatchMode::AllOrNothing)
            });
            let report = report.unwrap();
            assert!(report.applied, "{report:?}");
            let before = model.numbers[number];
            model.numbers[number] = last.before;
            model.last[number] = Some(Request { id, at: model.now, before });
        }
        _ => {
            let (number, item) = item(step, model.now).unwrap();
            let report = store
                .write(by(&id), move |tx| batch::run(tx, &ccc(), &[item], BatchMode::AllOrNothing));
            let outcome = report.unwrap().items[0].outcome;
            let before = model.numbers[number];
            let after = model.after(step);
            let expected = match after {
                None => Outcome::Refused,
                Some(after) if after == before => Outcome::Unchanged,
                Some(_) => Outcome::Done,
            };
            assert_eq!(outcome, expected, "{step:?} of {before:?}");
            if outcome == Outcome::Done {
                model.numbers[number] = after.unwrap();
                model.last[number] = Some(Request { id, at: model.now, before });
            }
        }
    }
}

/// That every reader sees what the model says: single numbers, lists, and their totals.
fn compare(store: &Store, model: &Model) {
    let read = store.read(|tx| {
        for (at, number) in NUMBERS.iter().enumerate() {
            let kept = reservations::of_number(tx, &ccc(), number)?.map(|found| Kept {
                kind: found.kind,
                whom: found
                    .user_id
                    .map(|id| USERS.iter().position(|user| *user == id.as_str()).unwrap()),
                until: found.until.millis(),
            });
            assert_eq!(kept, model.in_force(at), "{number}");
        }
        for (user, id) in USERS.iter().enumerate() {
            let user_id = UserId::new(*id);
            let filter = CandidateFilter::default();
            let page = candidates::page(tx, &ccc(), &user_id, &filter, WHOLE)?;
            let listed: BTreeSet<&str> =
                page.rows.iter().map(|row| row.phone_number.number.as_str()).collect();
            assert_eq!(page.total, listed.len() as u64, "of {id}");
            for (at, number) in NUMBERS.iter().enumerate() {
                let expected = model.may_be_given(at, user);
                assert_eq!(listed.contains(number), expected, "{number} for {id}");
                let why = candidates::why(tx, &ccc(), &user_id, number)?;
                assert_eq!(why.assignable, expected, "{why:?}");
            }
        }
        let group = SkillGroupId::new(GROUP);
        let page =
            phone_numbers::list_bindable(tx, &ccc(), &group, &NumberFilter::default(), WHOLE)?;
        assert_eq!(page.total, page.rows.len() as u64);
        for (at, number) in NUMBERS.iter().enumerate() {
            let bindable =
                model.numbers[at].holder == Holder::Nobody && model.in_force(at).is_none();
            assert_eq!(page.rows.iter().any(|row| row.number == *number), bindable, "{number}");
        }
        Ok::<_, Error>(())
    });
    read.unwrap();
}

/// Does the steps to the file and to the model, which say the same after each.
fn follow(steps: &[Step]) {
    let database = SeededDatabase::new();
    let begin = Timestamp::from_millis(BEGIN);
    let clock: &'static ManualClock = Box::leak(Box::new(ManualClock::starting_at(begin)));
    let store = database.store(Clock::Manual(clock));
    let mut model = Model::new();
    for (at, step) in steps.iter().enumerate() {
        // No two requests at one moment.
        model.now += 1;
        clock.advance(1);
        perform(&store, clock, &mut model, at, step);
        compare(&store, &model);
    }
    let broken = database.query(
        "SELECT rule, subject, detail FROM v_rule_violation WHERE rule <> 'history_is_kept'",
    );
    assert_eq!(broken, "");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_file_says_what_a_plain_model_says(steps in proptest::collection::vec(step(), 60)) {
        follow(&steps);
    }
}

#[test]
fn a_hold_can_end_before_it_began_by_a_clock_that_was_set_back() {
    follow(&[Step::Hold(0, Some(1), 2), Step::Clock(-9), Step::Hold(0, Some(1), 1), Step::Undo(0)]);
}

#[test]
fn a_day_has_24_hours() {
    assert_eq!(days(1), Duration::from_millis(24 * HOUR as u64));
}
