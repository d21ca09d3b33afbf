//! Who had which number when, by whom and why; and the feed of changes.

use super::{assign, bind, ccc, release, unbind};
use crate::support::SeededDatabase;
use numberd::domain::batch::{BatchItem, BatchMode};
use numberd::domain::history::{ChangeFilter, Entity, Relation};
use numberd::domain::{
    Author, Clock, Error, InstanceId, Origin, PageRequest, Paging, Timestamp, UserId,
};
use numberd::ops::batch;
use numberd::store::{Migrate, Store, changes, history};

const WHOLE: PageRequest = PageRequest { number: 1, size: 500, paging: Paging::Clamp };

/// Does things at a moment of the test's choosing.
fn at(database: &SeededDatabase, millis: i64, reason: &str, items: Vec<BatchItem>) {
    let store = Store::open(
        database.path(),
        Migrate::Require,
        Clock::Fixed(Timestamp::from_millis(millis)),
    )
    .unwrap();
    let author = Author {
        actor: "zhao".to_owned(),
        via: Origin::Console,
        request_id: format!("at {millis}"),
        reason: reason.to_owned(),
    };
    let report = store
        .write(author, move |tx| batch::run(tx, &ccc(), &items, BatchMode::AllOrNothing))
        .unwrap();
    assert!(report.applied && report.done > 0, "{report:#?}");
}

const T: i64 = 1_795_000_000_000;

#[test]
fn whois_answers_for_every_moment_of_a_numbers_life() {
    let database = SeededDatabase::new();
    let number = database.query(
        "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' LIMIT 1",
    );
    let n = number.as_str();
    at(&database, T + 10, "joins", vec![assign(n, "lina@ccc-test")]);
    at(&database, T + 20, "leaves", vec![release(n, None)]);
    at(&database, T + 30, "", vec![bind(n, "night@ccc-test"), bind(n, "sales@ccc-test")]);
    at(&database, T + 40, "", vec![unbind(n, Some("night@ccc-test"))]);
    at(&database, T + 50, "", vec![unbind(n, None)]);
    at(&database, T + 60, "", vec![bind(n, "night@ccc-test")]);
    let store = database.store(Clock::System);
    let who = |millis: i64| -> Vec<String> {
        let holders = store
            .read(|tx| history::whois(tx, &ccc(), n, Some(Timestamp::from_millis(millis))))
            .unwrap();
        holders.into_iter().map(|holder| holder.id).collect()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(who(T + 9), none);
    assert_eq!(who(T + 10), ["lina@ccc-test"], "from the moment on");
    assert_eq!(who(T + 19), ["lina@ccc-test"]);
    assert_eq!(who(T + 20), none, "until the moment");
    assert_eq!(who(T + 30), ["night@ccc-test", "sales@ccc-test"]);
    assert_eq!(who(T + 40), ["sales@ccc-test"]);
    assert_eq!(who(T + 55), none);
    assert_eq!(who(T + 60), ["night@ccc-test"]);

    let told = store.read(|tx| history::of_number(tx, &ccc(), n, WHOLE)).unwrap();
    let lines: Vec<(i64, Option<i64>, Relation)> = told
        .rows
        .iter()
        .map(|entry| (entry.from.millis() - T, entry.to.map(|to| to.millis() - T), entry.relation))
        .collect();
    assert_eq!(
        lines,
        [
            (60, None, Relation::Bound),
            (30, Some(50), Relation::Bound),
            (30, Some(40), Relation::Bound),
            (10, Some(20), Relation::Personal)
        ]
    );
    let first = told.rows.last().unwrap();
    let (begun, ended) = (first.begun.as_ref().unwrap(), first.ended.as_ref().unwrap());
    assert_eq!(
        (begun.by.as_str(), begun.via.name(), begun.reason.as_str(), begun.request_id.as_str()),
        ("zhao", "console", "joins", "at 1795000000010")
    );
    assert_eq!(ended.reason, "leaves");

    let held = |millis: i64| {
        store
            .read(|tx| {
                history::numbers_of_user_at(
                    tx,
                    &ccc(),
                    &UserId::new("lina@ccc-test"),
                    Some(Timestamp::from_millis(millis)),
                )
            })
            .unwrap()
    };
    assert!(
        held(T + 15)
            .iter()
            .any(|held| held.number == n && held.until == Some(Timestamp::from_millis(T + 20)))
    );
    assert!(!held(T + 25).iter().any(|held| held.number == n));
    assert!(held(0).is_empty());
    let user = store
        .read(|tx| history::of_user(tx, &ccc(), &UserId::new("lina@ccc-test"), WHOLE))
        .unwrap();
    assert!(user.rows.iter().any(|entry| entry.relation == Relation::Member && entry.to.is_none()));
    assert_eq!(user.rows[0].number.as_deref(), Some(n));
}

#[test]
fn a_number_that_was_removed_can_still_be_asked_for_and_one_that_never_was_can_not() {
    let database = SeededDatabase::new();
    let number = database.query(
        "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' LIMIT 1",
    );
    at(&database, T + 10, "", vec![assign(&number, "lina@ccc-test")]);
    let gone = number.clone();
    database
        .write(move |tx| batch::remove_numbers(tx, &ccc(), &[gone], true, BatchMode::AllOrNothing));
    let store = database.store(Clock::System);
    let who = |instance: &str, number: &str| {
        store.read(|tx| {
            history::whois(
                tx,
                &InstanceId::new(instance),
                number,
                Some(Timestamp::from_millis(T + 10)),
            )
        })
    };
    assert_eq!(who("ccc-test", &number).unwrap()[0].id, "lina@ccc-test");
    for (instance, number) in
        [("ccc-test", "0999"), ("vcc-test", "083xxxx0011"), ("no-such", "083xxxx0011")]
    {
        assert!(matches!(who(instance, number), Err(Error::NotFound(_))), "{instance} {number}");
    }
    let stranger = store.read(|tx| {
        history::of_user(tx, &ccc(), &UserId::new("annakowalska@vcc-test"), WHOLE).map(|_| ())
    });
    assert!(matches!(stranger, Err(Error::NotFound(_))));
}

#[test]
fn the_feed_yields_every_change_once_and_in_order_whatever_the_filter() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let feed = |filter: &ChangeFilter, limit: u64| -> Vec<i64> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = store.read(|tx| changes::after(tx, filter, after, limit)).unwrap();
            let Some(last) = page.last() else { return all };
            after = last.change_id;
            all.extend(page.iter().map(|change| change.change_id));
        }
    };
    let by_sql = |condition: &str| -> Vec<i64> {
        let ids = database
            .query(&format!("SELECT change_id FROM change WHERE {condition} ORDER BY change_id"));
        ids.lines().map(|id| id.parse().unwrap()).collect()
    };
    let text = |text: &str| Some(text.to_owned());
    let ccc_only = ChangeFilter { instance_id: Some(ccc()), ..ChangeFilter::default() };
    let cases = [
        (ChangeFilter::default(), "1"),
        (ccc_only.clone(), "instance_id = 'ccc-test'"),
        (
            ChangeFilter { number: text("083xxxx0011"), ..ccc_only.clone() },
            "instance_id = 'ccc-test' AND number = '083xxxx0011'",
        ),
        (
            ChangeFilter { number: text("083xxxx0011"), ..ChangeFilter::default() },
            "number = '083xxxx0011'",
        ),
        (
            ChangeFilter { user_id: text("lina@ccc-test"), ..ccc_only.clone() },
            "user_id = 'lina@ccc-test'",
        ),
        (
            ChangeFilter {
                skill_group_id: text("sales@ccc-test"),
                entity: Some(Entity::SkillGroupMember),
                ..ccc_only
            },
            "skill_group_id = 'sales@ccc-test' AND entity = 'skill_group_member'",
        ),
        (
            ChangeFilter {
                request_id: text("TEST"),
                via: Some(Origin::Cli),
                actor: text("test"),
                ..ChangeFilter::default()
            },
            "request_id = 'TEST'",
        ),
        (ChangeFilter { via: Some(Origin::Sql), ..ChangeFilter::default() }, "0"),
    ];
    for (filter, condition) in cases {
        let expected = by_sql(condition);
        assert_eq!(feed(&filter, 7), expected, "{condition}");
        let newest = store.read(|tx| changes::newest(tx, &filter, 5)).unwrap();
        assert_eq!(
            newest.iter().map(|change| change.change_id).collect::<Vec<_>>(),
            expected.iter().rev().take(5).copied().collect::<Vec<_>>()
        );
    }
    let none =
        ChangeFilter { instance_id: Some(InstanceId::new("no-such")), ..ChangeFilter::default() };
    assert!(feed(&none, 7).is_empty());
}
