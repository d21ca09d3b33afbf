//! Every result says from whom to whom a number went, and what keeps it since.

use super::{assign, bind, by, ccc, hand_over, release, transfer, unbind, vcc};
use crate::admin::{CCC, Caller};
use crate::support::{App, Program, SeededDatabase};
use numberd::domain::batch::{BatchItem, BatchMode, BatchReport, Passage};
use numberd::domain::history::Holder;
use numberd::domain::instance::InstanceEdit;
use numberd::domain::{Clock, InstanceId, UserId};
use numberd::ops::{batch, instances};
use numberd::store::{Store, WriteTx};
use serde_json::json;

const FREE: &str = "02855500007";
const LINA: &str = "lina@ccc-test";
const OTHER: &str = "zhangwei@ccc-test";

/// `lina@ccc-test > zhangwei@ccc-test`, and who keeps it.
fn told(passage: &Passage) -> String {
    let ids = |all: &[Holder]| all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join("+");
    let kept = passage.kept.as_ref().map(|kept| {
        let whom = kept.user_id.as_ref().map_or("nobody", |user_id| user_id.as_str());
        format!(", {} for {whom}", kept.kind)
    });
    let whole = format!("{} > {}", ids(&passage.from), ids(&passage.to));
    whole.trim().to_owned() + &kept.unwrap_or_default()
}

fn run(store: &Store, instance_id: InstanceId, items: Vec<BatchItem>) -> Vec<String> {
    let act = move |tx: &WriteTx<'_>| batch::run(tx, &instance_id, &items, BatchMode::AllOrNothing);
    let report = store.write(by("P"), act).unwrap();
    report.items.iter().map(|item| told(&item.passage)).collect()
}

fn swap(store: &Store, one: &'static str, other: &'static str) -> BatchReport {
    store.write(by("S"), move |tx| batch::swap(tx, &ccc(), one, other)).unwrap()
}

fn cool_down(store: &Store, days: u32) {
    let edit = InstanceEdit { cool_down_days: Some(days), ..InstanceEdit::default() };
    store.write(by("I"), move |tx| instances::modify(tx, &ccc(), &edit)).unwrap();
}

#[test]
fn each_outcome_says_from_whom_to_whom() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let cooling =
        BatchItem::Release { number: FREE.to_owned(), user_id: None, cool_down_days: Some(7) };
    let end = BatchItem::EndReservation { number: FREE.to_owned() };
    let items = vec![
        assign(FREE, LINA),
        assign(FREE, LINA),
        transfer(FREE, None, OTHER),
        cooling,
        end,
        bind(FREE, "sales@ccc-test"),
        bind(FREE, "night@ccc-test"),
        unbind(FREE, Some("sales@ccc-test")),
        unbind(FREE, None),
    ];
    assert_eq!(
        run(&store, ccc(), items),
        [
            "> lina@ccc-test",
            ">",
            "lina@ccc-test > zhangwei@ccc-test",
            "zhangwei@ccc-test >, cool-down for zhangwei@ccc-test",
            ">",
            "> sales@ccc-test",
            "> night@ccc-test",
            "sales@ccc-test >",
            "night@ccc-test >",
        ]
    );
    // Several hold one number here, and only one of them gives it back.
    let shared = "+12025550101";
    let first = run(&store, vcc(), vec![assign(shared, "annakowalska@vcc-test")]);
    assert_eq!(first, ["> annakowalska@vcc-test"]);
    let back = run(&store, vcc(), vec![release(shared, Some("annakowalska@vcc-test"))]);
    assert_eq!(back, ["annakowalska@vcc-test >"]);
}

#[test]
fn a_swap_tells_both_and_what_was_given_for_a_free_number_cools_down() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    cool_down(&store, 30);
    let told_of = |report: BatchReport| -> Vec<String> {
        assert!(report.applied, "{report:?}");
        report.items.iter().map(|item| told(&item.passage)).collect()
    };
    let between_two = swap(&store, "02855500002", "02855500005");
    assert_eq!(
        told_of(between_two),
        ["zhangwei@ccc-test > lina@ccc-test", "lina@ccc-test > zhangwei@ccc-test"]
    );
    let for_a_free_one = swap(&store, "02855500002", FREE);
    assert_eq!(
        told_of(for_a_free_one),
        ["lina@ccc-test >, cool-down for lina@ccc-test", "> lina@ccc-test"]
    );
    let others = run_refused(&store, assign("02855500002", OTHER));
    assert_eq!(others, "number-is-reserved");
    let back = swap(&store, "02855500002", FREE);
    assert!(back.applied, "the last holder can have it back: {back:?}");
    database.assert_no_rule_violation();
}

fn run_refused(store: &Store, item: BatchItem) -> &'static str {
    let act = move |tx: &WriteTx<'_>| batch::run(tx, &ccc(), &[item], BatchMode::AllOrNothing);
    let report = store.write(by("R"), act).unwrap();
    report.items[0].refusal.as_ref().unwrap().code.name()
}

#[test]
fn handing_over_makes_nothing_cool_down() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    cool_down(&store, 30);
    let all = |tx: &WriteTx<'_>| {
        let [from, to] = [LINA, OTHER].map(UserId::new);
        hand_over(tx, &ccc(), &from, &to, BatchMode::AllOrNothing)
    };
    let report = store.write(by("H"), all).unwrap();
    assert!(report.items.len() > 1);
    for item in &report.items {
        assert_eq!(told(&item.passage), "lina@ccc-test > zhangwei@ccc-test");
    }
}

#[test]
fn both_doors_show_it_in_a_dry_run_too() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/users/lina@ccc-test:hand-over");
    let tried = root.post(&path, json!({ "to": OTHER, "dry_run": true })).json();
    let item = &tried["items"][0];
    assert_eq!((&item["from"][0]["id"], &item["to"][0]["id"]), (&json!(LINA), &json!(OTHER)));
    assert_eq!(item["from"][0]["display_name"], "李娜");

    let database = app.database.path().to_str().unwrap();
    let more = ["--dry-run", "--instance", "ccc-test", "--database", database];
    let line = ["users", "hand-over", "lina", "--to", "zhangwei"];
    let output = Program::run(&[line.as_slice(), &more].concat(), "");
    let said = String::from_utf8(output.stdout).unwrap();
    let words: Vec<&str> = said.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(words[1..], ["transfer", LINA, OTHER, "would", "be", "done"], "{said}");
    let heading: Vec<&str> = said.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(heading, ["NUMBER", "WHAT", "FROM", "TO", "OUTCOME"]);
}
