//! A thousand random changes, undone newest first.

use super::{assign, bind, by, ccc, hand_over, present, release, transfer, unbind};
use crate::support::SeededDatabase;
use numberd::domain::batch::{BatchItem, BatchMode};
use numberd::domain::phone_number::{NewNumbers, NumberEdit, Usage};
use numberd::domain::skill_group::{MediaType, NewSkillGroup, SkillGroupEdit};
use numberd::domain::undo::UndoTarget;
use numberd::domain::{
    Clock, Error, InstanceId, Membership, NewUser, Role, SkillGroupId, Timestamp, UserId, WorkMode,
};
use numberd::ops::{batch, memberships, phone_numbers, skill_groups, undo, users};
use numberd::store::{Store, WriteTx, changes, history, ram_users};
use std::collections::BTreeSet;
use std::time::Duration;

/// A small generator of its own, so that a seed determines the whole run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn of<'a>(&mut self, things: &'a [String]) -> &'a str {
        &things[self.roll(things.len())]
    }
}

/// What the changes are about: few enough to meet again and again.
struct Cast {
    numbers: Vec<String>,
    users: Vec<String>,
    groups: Vec<String>,
}

type Act = Box<dyn FnOnce(&WriteTx<'_>) -> Result<(), Error> + Send>;

fn anything(dice: &mut Dice, cast: &Cast) -> Act {
    let number = dice.of(&cast.numbers).to_owned();
    let user = dice.of(&cast.users).to_owned();
    let group = dice.of(&cast.groups).to_owned();
    let (group_id, user_id) = (SkillGroupId::new(group.as_str()), UserId::new(user.as_str()));
    let level = u8::try_from(dice.roll(10) + 1).unwrap();
    let items = |items: Vec<BatchItem>| -> Act {
        Box::new(move |tx| batch::run(tx, &ccc(), &items, BatchMode::BestEffort).map(|_| ()))
    };
    match dice.roll(20) {
        0..=2 => items(vec![assign(&number, &user)]),
        3..=4 => items(vec![release(&number, None)]),
        5 => items(vec![transfer(&number, None, &user)]),
        6..=7 => items(vec![bind(&number, &group)]),
        8 => items(vec![unbind(&number, None)]),
        9 => items(vec![
            unbind(&number, Some(&group)),
            assign(&number, &user),
            bind(dice.of(&cast.numbers), &group),
        ]),
        10 => {
            let other = dice.of(&cast.numbers).to_owned();
            Box::new(move |tx| batch::swap(tx, &ccc(), &number, &other).map(|_| ()))
        }
        11 => {
            let to = UserId::new(dice.of(&cast.users));
            Box::new(move |tx| {
                hand_over(tx, &ccc(), &user_id, &to, BatchMode::BestEffort).map(|_| ())
            })
        }
        12 => {
            let new = NewNumbers {
                city: Some(format!("city {level}")),
                tags: vec!["a".to_owned(), level.to_string()],
                ..NewNumbers::default()
            };
            Box::new(move |tx| {
                batch::add_numbers(
                    tx,
                    &ccc(),
                    &[number.parse().unwrap()],
                    &new,
                    BatchMode::BestEffort,
                )
                .map(|_| ())
            })
        }
        13 => {
            let force = level > 3;
            Box::new(move |tx| {
                batch::remove_numbers(tx, &ccc(), &[number], force, BatchMode::BestEffort)
                    .map(|_| ())
            })
        }
        14 => {
            let usage = [Usage::Inbound, Usage::Outbound, Usage::Bidirection][dice.roll(3)];
            let edit = NumberEdit {
                usage: Some(usage),
                contact_flow_id: Some(None),
                ..NumberEdit::default()
            };
            Box::new(move |tx| phone_numbers::edit(tx, &ccc(), &number, &edit))
        }
        15 => {
            let name = group.split('@').next().unwrap().to_owned();
            let new = NewSkillGroup {
                name: name.parse().unwrap(),
                display_name: format!("made {level}"),
                description: String::new(),
                media_type: MediaType::Audio,
                guid: None,
            };
            Box::new(move |tx| skill_groups::create(tx, &ccc(), &new).map(|_| ()))
        }
        16 => {
            let edit =
                SkillGroupEdit { display_name: Some(format!("called {level}")), description: None };
            Box::new(move |tx| skill_groups::modify(tx, &ccc(), &group_id, &edit))
        }
        17 if level > 6 => Box::new(move |tx| skill_groups::delete(tx, &ccc(), &group_id, true)),
        17 if level > 5 => Box::new(move |tx| {
            let removal = users::Removal { force: true, caller: None, last_admin: true };
            users::remove(tx, &ccc(), &[user_id], removal)
        }),
        17 if level > 1 => Box::new(move |tx| {
            let ram_id = ram_users::find(tx, user.split('@').next().unwrap_or_default())?;
            users::assign(
                tx,
                &ccc(),
                &[ram_id.unwrap()],
                &NewUser::new(Role::Agent, WorkMode::default(), vec![(group_id, level)]),
            )
        }),
        17 | 18 => Box::new(move |tx| {
            memberships::add(
                tx,
                &ccc(),
                &[Membership { skill_group_id: group_id, user_id, skill_level: level }],
            )
        }),
        _ => Box::new(move |tx| memberships::remove(tx, &ccc(), &[group_id], &[user_id])),
    }
}

/// Who holds which numbers now, by the present tables.
fn holders_now(database: &SeededDatabase) -> BTreeSet<String> {
    let sql = "SELECT number, user_id FROM personal_assignment WHERE instance_id = 'ccc-test' AND released_at IS NULL
               UNION ALL SELECT number, skill_group_id FROM skill_group_number WHERE instance_id = 'ccc-test'";
    database.query(sql).lines().map(str::to_owned).collect()
}

/// A moment at which nothing else happens, and who held what then.
fn checkpoint(database: &SeededDatabase) -> (Timestamp, BTreeSet<String>) {
    std::thread::sleep(Duration::from_millis(3));
    let now = Clock::System.now();
    std::thread::sleep(Duration::from_millis(3));
    (now, holders_now(database))
}

fn holders_then(
    store: &Store,
    instance_id: &InstanceId,
    numbers: &[String],
    at: Timestamp,
) -> BTreeSet<String> {
    let of = |number: &String| match store
        .read(|tx| history::whois(tx, instance_id, number, Some(at)))
    {
        Ok(holders) => {
            holders.into_iter().map(|holder| format!("{number}|{}", holder.id)).collect()
        }
        Err(Error::NotFound(_)) => Vec::new(),
        Err(error) => panic!("{error}"),
    };
    numbers.iter().flat_map(of).collect()
}

#[test]
fn a_thousand_random_changes_undone_newest_first_leave_the_present_and_all_history() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let seed =
        std::env::var("NUMBERD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    eprintln!("NUMBERD_SEED={seed}");
    let mut dice = Dice(seed);
    let column =
        |sql: &str| -> Vec<String> { database.query(sql).lines().map(str::to_owned).collect() };
    let mut cast = Cast {
        numbers: column(
            "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' ORDER BY phone_number_id % 7, number LIMIT 40",
        ),
        users: column("SELECT user_id FROM user WHERE instance_id = 'ccc-test'"),
        groups: column("SELECT skill_group_id FROM skill_group WHERE instance_id = 'ccc-test'"),
    };
    cast.numbers.extend((0..8).map(|n| format!("0999000{n}")));
    cast.groups.extend((0..3).map(|n| format!("new{n}@ccc-test")));
    let all_numbers = {
        let mut numbers = column("SELECT number FROM phone_number WHERE instance_id = 'ccc-test'");
        numbers.extend((0..8).map(|n| format!("0999000{n}")));
        numbers
    };

    let beginning = present(&database);
    let mut checkpoints = vec![checkpoint(&database)];
    let mut requests = Vec::new();
    for step in 0.. {
        if requests.len() == 1000 {
            break;
        }
        let request = format!("R{step}");
        let act = anything(&mut dice, &cast);
        // What is refused changes nothing; the next will do.
        match store.write(by(&request), act) {
            Ok(()) => {}
            Err(Error::NotFound(_) | Error::Rule { .. } | Error::AlreadyExists(_)) => {}
            Err(Error::SameNumber(_)) => {}
            Err(error) => panic!("{error}"),
        }
        if store.read(|tx| changes::of_request(tx, None, &request, 1)).unwrap().is_empty() {
            continue;
        }
        requests.push(request);
        if requests.len() % 100 == 0 {
            checkpoints.push(checkpoint(&database));
        }
    }
    assert_ne!(present(&database), beginning);
    database.assert_no_rule_violation();
    let made = database.query("SELECT count(*) FROM change");

    for (step, request) in requests.iter().rev().enumerate() {
        let target = UndoTarget::Request(request.clone());
        let report = store
            .write(by(&format!("U{step}")), move |tx| {
                undo::undo(tx, None, &target, BatchMode::BestEffort)
            })
            .unwrap();
        assert_eq!(report.refused, 0, "{report:#?}");
        if step % 100 == 0 {
            checkpoints.push(checkpoint(&database));
        }
    }
    similar_asserts(&present(&database), &beginning);
    database.assert_no_rule_violation();

    let told = database.query("SELECT count(*) FROM change");
    assert!(told.parse::<u64>().unwrap() > made.parse().unwrap(), "undoing is logged, too");
    for (at, then) in checkpoints {
        assert_eq!(holders_then(&store, &ccc(), &all_numbers, at), then, "at {at}");
    }
}

/// Which lines differ, rather than both digests whole.
fn similar_asserts(present: &str, beginning: &str) {
    let (present, beginning): (BTreeSet<&str>, BTreeSet<&str>) =
        (present.lines().collect(), beginning.lines().collect());
    let more: Vec<_> = present.difference(&beginning).collect();
    let less: Vec<_> = beginning.difference(&present).collect();
    assert!(more.is_empty() && less.is_empty(), "too much: {more:#?}\nmissing: {less:#?}");
}
