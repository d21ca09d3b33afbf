//! Several things at once: every outcome, all or nothing, best effort, and nothing at all in a
//! rehearsal.

use super::{assign, bind, by, ccc, hand_over, lines, present, release, transfer, unbind, vcc};
use crate::support::SeededDatabase;
use numberd::domain::batch::{BatchItem, BatchMode, BatchReport, RefusalCode};
use numberd::domain::phone_number::{NewNumbers, Number, Usage};
use numberd::domain::{Clock, Error, Rule, UserId};
use numberd::ops::batch;
use numberd::store::{Store, holders};
use std::collections::BTreeSet;

const USER: &str = "lina@ccc-test";
const OTHER: &str = "zhangwei@ccc-test";

struct Fixture {
    database: SeededDatabase,
    store: Store,
    free: Vec<String>,
    bound: String,
}

impl Fixture {
    fn new() -> Self {
        let database = SeededDatabase::new();
        let store = database.store(Clock::System);
        let numbers = |state: &str| -> Vec<String> {
            let sql = format!(
                "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = '{state}' ORDER BY number LIMIT 5"
            );
            database.query(&sql).lines().map(str::to_owned).collect()
        };
        let (free, bound) = (numbers("free"), numbers("bound").remove(0));
        Self { database, store, free, bound }
    }

    fn run(&self, mode: BatchMode, items: Vec<BatchItem>) -> BatchReport {
        self.store.write(by("B"), move |tx| batch::run(tx, &ccc(), &items, mode)).unwrap()
    }

    fn holders(&self, number: &str) -> Vec<String> {
        let found = self.store.read(|tx| holders::of_number(tx, &ccc(), number)).unwrap();
        found.into_iter().map(|holder| holder.id).collect()
    }
}

#[test]
fn all_or_nothing_reports_every_refusal_at_once_and_changes_nothing() {
    let at = Fixture::new();
    let before = present(&at.database);
    let log = at.database.query("SELECT count(*) FROM change");
    let [one, two, ..] = at.free.as_slice() else { panic!() };
    let items = vec![
        assign(one, USER),
        assign(one, USER),
        assign(one, OTHER),
        assign(&at.bound, USER),
        assign("0999", USER),
        assign(two, "nobody@ccc-test"),
        bind(one, "night@ccc-test"),
        bind(two, "nobody@ccc-test"),
        bind("0999", "night@ccc-test"),
        release("0999", None),
        transfer(one, Some(OTHER), USER),
    ];
    let report = at.run(BatchMode::AllOrNothing, items.clone());
    assert!(!report.applied);
    assert_eq!((report.done, report.unchanged, report.refused), (1, 1, 9));
    assert_eq!(
        lines(&report),
        [
            format!("{one} assign Done"),
            format!("{one} assign Unchanged"),
            format!("{one} assign Refused number-held-by-user {USER}"),
            format!("{} assign Refused number-held-by-skill-group sales@ccc-test", at.bound),
            "0999 assign Refused number-not-found".to_owned(),
            format!("{two} assign Refused user-not-found"),
            format!("{one} bind Refused number-held-by-user {USER}"),
            format!("{two} bind Refused skill-group-not-found"),
            "0999 bind Refused number-not-found".to_owned(),
            "0999 release Refused number-not-found".to_owned(),
            format!("{one} transfer Refused number-not-held {USER}"),
        ]
    );
    assert_eq!(present(&at.database), before);
    assert_eq!(at.database.query("SELECT count(*) FROM change"), log);

    let report = at.run(BatchMode::BestEffort, items);
    assert!(report.applied);
    assert_eq!(at.holders(one), [USER]);
    assert_ne!(present(&at.database), before);
}

#[test]
fn a_rehearsal_says_the_same_and_changes_nothing() {
    let at = Fixture::new();
    let before = present(&at.database);
    let items = vec![assign(&at.free[0], USER), unbind(&at.bound, None), assign(&at.bound, USER)];
    let again = items.clone();
    let rehearsed = at
        .store
        .rehearse(by("B"), move |tx| batch::run(tx, &ccc(), &items, BatchMode::AllOrNothing))
        .unwrap();
    assert_eq!(present(&at.database), before);
    let done = at.run(BatchMode::AllOrNothing, again);
    assert_eq!((lines(&done), done.applied), (lines(&rehearsed), rehearsed.applied));
}

#[test]
fn a_transfer_moves_the_number_and_a_refused_one_leaves_it_where_it_was() {
    let at = Fixture::new();
    let number = at.free[0].as_str();
    let all = BatchMode::BestEffort;
    at.run(all, vec![assign(number, USER)]);
    let report = at.run(
        all,
        vec![
            transfer(number, None, "nobody@ccc-test"),
            transfer(number, Some("nobody@ccc-test"), OTHER),
        ],
    );
    assert_eq!((report.refused, at.holders(number)), (2, vec![USER.to_owned()]));
    let report = at.run(
        all,
        vec![
            transfer(number, Some(USER), OTHER),
            transfer(number, None, OTHER),
            transfer(&at.bound, None, OTHER),
        ],
    );
    assert_eq!(
        lines(&report),
        [
            format!("{number} transfer Done"),
            format!("{number} transfer Unchanged"),
            format!("{} transfer Refused number-held-by-skill-group sales@ccc-test", at.bound),
        ]
    );
    assert_eq!(at.holders(number), [OTHER]);
}

#[test]
fn repeating_what_is_so_already_changes_nothing() {
    let at = Fixture::new();
    let [one, two, ..] = at.free.as_slice() else { panic!() };
    let first = vec![assign(one, USER), bind(two, "night@ccc-test")];
    at.run(BatchMode::AllOrNothing, first.clone());
    assert_eq!(at.run(BatchMode::AllOrNothing, first).unchanged, 2);
    let last = vec![
        release(one, Some(OTHER)),
        release(one, None),
        release(one, None),
        unbind(two, Some("test@ccc-test")),
        unbind(two, None),
        unbind(two, None),
    ];
    let report = at.run(BatchMode::AllOrNothing, last);
    assert_eq!((report.done, report.unchanged), (2, 4), "{:?}", lines(&report));
}

#[test]
fn a_leavers_numbers_are_handed_over_and_those_of_others_stay() {
    let at = Fixture::new();
    at.run(BatchMode::AllOrNothing, vec![assign(&at.free[0], OTHER)]);
    let of = |user: &str| {
        at.database.query(&format!("SELECT number FROM personal_assignment WHERE user_id = '{user}' AND released_at IS NULL ORDER BY 1"))
    };
    let mut expected: BTreeSet<String> =
        of(USER).lines().chain(of(OTHER).lines()).map(str::to_owned).collect();
    let (from, to) = (UserId::new(USER), UserId::new(OTHER));
    let report = at
        .store
        .write(by("H"), move |tx| hand_over(tx, &ccc(), &from, &to, BatchMode::AllOrNothing))
        .unwrap();
    assert!(report.done > 0 && report.refused == 0);
    assert_eq!(of(USER), "");
    for number in of(OTHER).lines() {
        assert!(expected.remove(number), "{number}");
    }
    assert!(expected.is_empty(), "{expected:?}");
    for (from, to) in
        [("nobody@ccc-test", OTHER), (USER, "nobody@ccc-test"), ("annakowalska@vcc-test", OTHER)]
    {
        let (from, to) = (UserId::new(from), UserId::new(to));
        let refused = at
            .store
            .write(by("H"), move |tx| hand_over(tx, &ccc(), &from, &to, BatchMode::AllOrNothing));
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    }
}

#[test]
fn in_a_shared_instance_a_hand_over_keeps_the_other_holders_and_never_doubles_one() {
    let at = Fixture::new();
    let users: Vec<String> = at
        .database
        .query(
            "SELECT user_id FROM user WHERE instance_id = 'vcc-test' AND active ORDER BY 1 LIMIT 3",
        )
        .lines()
        .map(str::to_owned)
        .collect();
    let number = at.database.query(
        "SELECT number FROM phone_number WHERE instance_id = 'vcc-test' AND state = 'free' LIMIT 1",
    );
    let items: Vec<BatchItem> = users.iter().map(|user| assign(&number, user)).collect();
    let report = at
        .store
        .write(by("S"), move |tx| batch::run(tx, &vcc(), &items, BatchMode::AllOrNothing))
        .unwrap();
    assert_eq!(report.done, 3, "{:?}", lines(&report));
    let (from, to) = (UserId::new(users[0].as_str()), UserId::new(users[1].as_str()));
    let report = at
        .store
        .write(by("H"), move |tx| hand_over(tx, &vcc(), &from, &to, BatchMode::AllOrNothing))
        .unwrap();
    assert!(report.done > 0 && report.refused == 0);
    let now = at.store.read(|tx| holders::of_number(tx, &vcc(), &number)).unwrap();
    assert_eq!(
        now.iter().map(|holder| holder.id.as_str()).collect::<Vec<_>>(),
        [users[1].as_str(), users[2].as_str()]
    );
}

#[test]
fn two_numbers_exchange_their_holders_whatever_they_are() {
    let at = Fixture::new();
    let [one, two, ..] = at.free.as_slice() else { panic!() };
    at.run(BatchMode::AllOrNothing, vec![assign(one, USER), assign(two, OTHER)]);
    let swap = |a: &str, b: &str| {
        let (a, b) = (a.to_owned(), b.to_owned());
        at.store.write(by("W"), move |tx| batch::swap(tx, &ccc(), &a, &b))
    };
    assert_eq!(swap(one, two).unwrap().done, 2);
    assert_eq!((at.holders(one), at.holders(two)), (vec![OTHER.to_owned()], vec![USER.to_owned()]));
    swap(one, &at.bound).unwrap();
    assert_eq!(
        (at.holders(one), at.holders(&at.bound)),
        (vec!["sales@ccc-test".to_owned()], vec![OTHER.to_owned()])
    );
    swap(one, &at.free[2]).unwrap();
    assert_eq!(
        (at.holders(one), at.holders(&at.free[2])),
        (Vec::<String>::new(), vec!["sales@ccc-test".to_owned()])
    );
    let spelled = format!("+86{one}");
    for same in [one, &spelled] {
        let refused = swap(one, same);
        assert!(matches!(&refused, Err(Error::SameNumber(number)) if number == one), "{refused:?}");
    }
    assert!(matches!(swap(one, "0999"), Err(Error::NotFound(_))));
}

#[test]
fn numbers_are_added_once_and_those_of_elsewhere_are_refused() {
    let at = Fixture::new();
    let pool = at
        .database
        .query("SELECT number FROM phone_number WHERE instance_id IS NULL ORDER BY number LIMIT 1");
    let elsewhere =
        at.database.query("SELECT number FROM phone_number WHERE instance_id = 'vcc-test' LIMIT 1");
    let add = |mode: BatchMode, usage: Option<Usage>, numbers: &[&str]| {
        let numbers: Vec<Number> = numbers.iter().map(|text| text.parse().unwrap()).collect();
        at.store
            .write(by("A"), move |tx| {
                let new = NewNumbers { usage, ..NewNumbers::default() };
                batch::add_numbers(tx, &ccc(), &numbers, &new, mode)
            })
            .unwrap()
    };
    let numbers = ["0990001", "0990001", pool.as_str(), elsewhere.as_str(), "4001234567"];
    let report = add(BatchMode::AllOrNothing, None, &numbers);
    assert!(!report.applied);
    assert_eq!(
        lines(&report),
        [
            "0990001 add Done".to_owned(),
            "0990001 add Unchanged".to_owned(),
            format!("{pool} add Done"),
            format!("{elsewhere} add Refused number-taken"),
            "4001234567 add Done".to_owned(),
        ]
    );
    assert_eq!(add(BatchMode::BestEffort, None, &numbers).done, 3);
    let refused = add(BatchMode::BestEffort, Some(Usage::Outbound), &["4001234568"]);
    assert_eq!(lines(&refused), ["4001234568 add Refused service-number-is-inbound"]);
    assert_eq!(
        at.database.query("SELECT count(*) FROM phone_number WHERE number = '4001234568'"),
        "0",
        "a refused item leaves nothing in the pool"
    );

    let remove = |force: bool, numbers: &[&str]| {
        let numbers: Vec<String> = numbers.iter().map(|number| (*number).to_owned()).collect();
        at.store
            .write(by("R"), move |tx| {
                batch::remove_numbers(tx, &ccc(), &numbers, force, BatchMode::BestEffort)
            })
            .unwrap()
    };
    let flow = at.database.query("SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' AND contact_flow_id IS NOT NULL LIMIT 1");
    let report = remove(false, &["0990001", "0990001", &at.bound, &flow]);
    assert_eq!(
        lines(&report),
        [
            "0990001 remove Done".to_owned(),
            "0990001 remove Refused number-not-found".to_owned(),
            format!("{} remove Refused number-held-by-skill-group sales@ccc-test", at.bound),
            format!("{flow} remove Refused number-has-contact-flow"),
        ]
    );
    assert_eq!(remove(true, &[&at.bound, &flow]).done, 2);
}

#[test]
fn every_rule_has_a_code_and_every_code_is_spelt_once() {
    let codes = BTreeSet::from(RefusalCode::NAMES);
    assert_eq!(codes.len(), RefusalCode::ALL.len());
    for rule in Rule::ALL {
        assert!(codes.contains(RefusalCode::from(rule).name()));
    }
    for code in RefusalCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.name());
    }
}
