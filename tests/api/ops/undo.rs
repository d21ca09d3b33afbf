//! Undoing one change: what comes back, what is refused and why.

use super::{assign, bind, by, ccc, hand_over, lines, release};
use crate::support::SeededDatabase;
use numberd::domain::batch::{BatchItem, BatchMode, Outcome, RefusalCode};
use numberd::domain::phone_number::{NumberEdit, Usage};
use numberd::domain::undo::{UndoReport, UndoTarget};
use numberd::domain::{Clock, Error, InstanceId, UserId};
use numberd::ops::{batch, phone_numbers, undo};
use numberd::store::{Store, changes, history};

const FREE: &str = "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' ORDER BY number LIMIT 1 OFFSET ";

fn free(database: &SeededDatabase, nth: usize) -> String {
    database.query(&format!("{FREE}{nth}"))
}

fn run(store: &Store, request: &str, items: Vec<BatchItem>) {
    let report = store
        .write(by(request), move |tx| batch::run(tx, &ccc(), &items, BatchMode::AllOrNothing))
        .unwrap();
    assert!(report.applied, "{:?}", lines(&report));
}

fn undo_request(store: &Store, request: &str) -> UndoReport {
    let target = UndoTarget::Request(request.to_owned());
    store
        .write(by(&format!("undo of {request}")), move |tx| {
            undo::undo(tx, None, &target, BatchMode::BestEffort)
        })
        .unwrap()
}

fn refusals(report: &UndoReport) -> Vec<(RefusalCode, String)> {
    report
        .changes
        .iter()
        .filter_map(|change| change.refusal.as_ref())
        .map(|refusal| (refusal.code, refusal.detail.clone()))
        .collect()
}

#[test]
fn what_somebody_else_got_since_is_refused_and_the_other_items_are_undone() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let (one, other) = (free(&database, 0), free(&database, 1));
    run(&store, "give", vec![assign(&one, "lina@ccc-test"), assign(&other, "lina@ccc-test")]);
    run(&store, "move", vec![release(&one, None), assign(&one, "zhangwei@ccc-test")]);
    let report = undo_request(&store, "give");
    assert_eq!((report.done, report.refused), (1, 1));
    let refused = report.changes.iter().find(|change| change.outcome == Outcome::Refused).unwrap();
    let refusal = refused.refusal.as_ref().unwrap();
    assert_eq!(refusal.code, RefusalCode::ChangedSince);
    assert_eq!(refusal.blocked_by[0].id, "zhangwei@ccc-test");
    assert!(refusal.detail.contains("zhangwei@ccc-test"), "{}", refusal.detail);
    let now = |number: &str| store.read(|tx| history::whois(tx, &ccc(), number, None)).unwrap();
    assert_eq!(now(&one)[0].id, "zhangwei@ccc-test");
    assert!(now(&other).is_empty());
}

#[test]
fn a_number_given_anew_by_hand_is_newer_but_one_given_back_by_undoing_its_release_is_not() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let number = free(&database, 0);
    run(&store, "give", vec![assign(&number, "lina@ccc-test")]);
    run(&store, "release", vec![release(&number, None)]);
    run(&store, "give anew", vec![assign(&number, "lina@ccc-test")]);
    assert_eq!(refusals(&undo_request(&store, "give"))[0].0, RefusalCode::ChangedSince);
    assert_eq!(undo_request(&store, "give anew").done, 1);
    assert_eq!(undo_request(&store, "release").done, 1);
    assert_eq!(undo_request(&store, "give").done, 1);
    assert_eq!(
        undo_request(&store, "undo of give").done,
        1,
        "an undo is a change, and can be undone"
    );
    let held = store.read(|tx| history::whois(tx, &ccc(), &number, None)).unwrap();
    assert_eq!(held[0].id, "lina@ccc-test");
    let twice = undo_request(&store, "give anew");
    assert!(refusals(&twice)[0].1.contains("undid it at"), "{twice:#?}");
}

#[test]
fn a_release_is_not_undone_while_a_skill_group_or_another_user_holds_the_number() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let number = free(&database, 0);
    run(&store, "give", vec![assign(&number, "lina@ccc-test")]);
    run(&store, "release", vec![release(&number, None)]);
    run(&store, "bind", vec![bind(&number, "night@ccc-test")]);
    let report = undo_request(&store, "release");
    let refusal = report.changes[0].refusal.clone().unwrap();
    assert_eq!(
        (refusal.code, refusal.blocked_by[0].id.as_str()),
        (RefusalCode::NumberHeldBySkillGroup, "night@ccc-test")
    );
    assert_eq!(undo_request(&store, "bind").done, 1);
    run(&store, "other", vec![assign(&number, "zhangwei@ccc-test")]);
    let refusal = undo_request(&store, "release").changes[0].refusal.clone().unwrap();
    assert_eq!(
        (refusal.code, refusal.blocked_by[0].id.as_str()),
        (RefusalCode::NumberHeldByUser, "zhangwei@ccc-test")
    );
}

#[test]
fn a_change_of_a_row_that_was_changed_again_is_refused_and_nothing_of_it_is_set_back() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let number = free(&database, 0);
    let modify = |request: &str, usage: Usage| {
        let number = number.clone();
        store
            .write(by(request), move |tx| {
                let edit = NumberEdit { usage: Some(usage), ..NumberEdit::default() };
                phone_numbers::edit(tx, &ccc(), &number, &edit)
            })
            .unwrap();
    };
    modify("first", Usage::Inbound);
    modify("second", Usage::Outbound);
    let report = undo_request(&store, "first");
    assert_eq!(
        refusals(&report),
        [(RefusalCode::ChangedSince, format!("{number} is no longer as this change left it"))]
    );
    assert_eq!(
        database.query(&format!("SELECT usage FROM phone_number WHERE number = '{number}'")),
        "Outbound"
    );
}

#[test]
fn a_hand_edit_is_undone_by_its_change() {
    let database = SeededDatabase::new();
    let before = super::present(&database);
    let edit = rusqlite::Connection::open(database.path()).unwrap();
    edit.execute_batch(
        "UPDATE contact_flow SET name = 'by hand', updated_at = 1 WHERE contact_flow_id = (SELECT max(contact_flow_id) FROM contact_flow WHERE contact_flow_id NOT IN (SELECT contact_flow_id FROM phone_number WHERE contact_flow_id IS NOT NULL));
         DELETE FROM contact_flow WHERE name = 'by hand';
         INSERT INTO instance (instance_id, name) VALUES ('new-one', 'New');
         UPDATE instance SET description = 'changed' WHERE instance_id = 'new-one';
         INSERT INTO ram_user (ram_id, login_name) VALUES ('77', 'newcomer');
         UPDATE ram_user SET email = 'n@example.com', password_hash = '$argon2id$', password_changed_at = 5 WHERE ram_id = '77';
         INSERT INTO user (user_id, instance_id, ram_id, extension) VALUES ('newcomer@new-one', 'new-one', '77', '1');
         UPDATE user SET nickname = 'Newt', locked = 1, extension = '2' WHERE user_id = 'newcomer@new-one';
         DELETE FROM user WHERE user_id = 'newcomer@new-one';",
    )
    .unwrap();
    drop(edit);
    let store = database.store(Clock::System);
    let filter = numberd::domain::history::ChangeFilter {
        via: Some(numberd::domain::Origin::Sql),
        ..Default::default()
    };
    let edits = store.read(|tx| changes::newest(tx, &filter, 100)).unwrap();
    assert_eq!(edits.len(), 9);
    for edit in edits {
        let target = UndoTarget::Change(edit.change_id);
        let report = store
            .write(by("U"), move |tx| undo::undo(tx, None, &target, BatchMode::BestEffort))
            .unwrap();
        assert_eq!(report.refused, 0, "{report:#?}");
    }
    assert_eq!(super::present(&database), before);
}

/// The text of a trigger with a column more, where it logs the last one.
fn with_colour(database: &SeededDatabase, name: &str) -> String {
    let sql = database.query(&format!("SELECT sql FROM sqlite_schema WHERE name = '{name}'"));
    let logs = sql
        .replace("'note', NEW.note", "'note', NEW.note, 'colour', NEW.colour")
        .replace("'note', OLD.note", "'note', OLD.note, 'colour', OLD.colour")
        .replace("tags, note,", "tags, note, colour,");
    assert_ne!(logs, sql);
    format!("DROP TRIGGER {name}; {logs};")
}

#[test]
fn a_column_that_a_later_program_adds_is_set_back_and_older_changes_are_undone_without_it() {
    let database = SeededDatabase::new();
    database.discard_at_the_end();
    let store = database.store(Clock::System);
    let later = rusqlite::Connection::open(database.path()).unwrap();
    let (edited, removed) = (free(&database, 0), "02855509999");
    let number = edited.clone();
    store
        .write(by("older edit"), move |tx| {
            let edit = NumberEdit { city: Some("Elsewhere".to_owned()), ..NumberEdit::default() };
            phone_numbers::edit(tx, &ccc(), &number, &edit)
        })
        .unwrap();
    let add = "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', ?1)";
    later.execute(add, [removed]).unwrap();
    later.execute("DELETE FROM phone_number WHERE number = ?1", [removed]).unwrap();
    let last = || database.query("SELECT max(change_id) FROM change").parse::<i64>().unwrap();
    let removal = last();

    let triggers: String = ["insert", "update", "delete"]
        .map(|action| with_colour(&database, &format!("phone_number_{action}_logged")))
        .concat();
    let column = "ALTER TABLE phone_number ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'";
    later.execute_batch(&format!("{column}; {triggers}")).unwrap();
    let colour = "UPDATE phone_number SET colour = 'red' WHERE number = ?1";
    later.execute(colour, [&edited]).unwrap();

    let undo = |change_id: i64| {
        let target = UndoTarget::Change(change_id);
        let report = store
            .write(by("U"), move |tx| undo::undo(tx, None, &target, BatchMode::BestEffort))
            .unwrap();
        assert_eq!(report.done, 1, "{report:#?}");
    };
    let row = |number: &str| {
        let columns = "SELECT city <> 'Elsewhere', colour FROM phone_number";
        database.query(&format!("{columns} WHERE number = '{number}'"))
    };
    assert_eq!(undo_request(&store, "older edit").done, 1);
    assert_eq!(row(&edited), "1|red");
    undo(removal);
    assert_eq!(row(removed), "1|grey");
    later.execute(colour, [removed]).unwrap();
    undo(last());
    assert_eq!(row(removed), "1|grey");
}

#[test]
fn credentials_passwords_and_history_itself_are_not_undone() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let edit = rusqlite::Connection::open(database.path()).unwrap();
    edit.execute_batch(
        "UPDATE ram_user SET password_hash = '$argon2id$', password_changed_at = 5 WHERE login_name = 'lina';
         INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '0999', 'x@ccc-test', 1, 2);
         UPDATE access_key SET revoked_at = 7 WHERE access_key_id = 'demo-access-key'",
    )
    .unwrap();
    drop(edit);
    let last = store.read(changes::last_id).unwrap();
    let codes: Vec<RefusalCode> = (last - 2..=last)
        .map(|change_id| {
            store
                .write(by("U"), move |tx| {
                    undo::undo(tx, None, &UndoTarget::Change(change_id), BatchMode::BestEffort)
                })
                .unwrap()
        })
        .map(|report| refusals(&report)[0].0)
        .collect();
    assert_eq!(
        codes,
        [
            RefusalCode::CredentialNotUndone,
            RefusalCode::HistoryIsKept,
            RefusalCode::CredentialNotUndone
        ]
    );
}

#[test]
fn a_change_of_another_instance_or_none_at_all_does_not_exist() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let number = free(&database, 0);
    run(&store, "give", vec![assign(&number, "lina@ccc-test")]);
    let last = store.read(changes::last_id).unwrap();
    for target in [UndoTarget::Change(last), UndoTarget::Request("give".to_owned())] {
        let foreign = store.write(by("U"), move |tx| {
            undo::undo(tx, Some(&InstanceId::new("vcc-test")), &target, BatchMode::BestEffort)
        });
        assert!(matches!(foreign, Err(Error::NotFound(_))), "{foreign:?}");
    }
    for target in [
        UndoTarget::Change(0),
        UndoTarget::Change(-1),
        UndoTarget::Change(i64::MAX),
        UndoTarget::Request(String::new()),
    ] {
        let unknown =
            store.write(by("U"), move |tx| undo::undo(tx, None, &target, BatchMode::BestEffort));
        assert!(matches!(unknown, Err(Error::NotFound(_))), "{unknown:?}");
    }
    assert!(
        store.read(|tx| history::whois(tx, &ccc(), &number, None)).unwrap()[0].id
            == "lina@ccc-test"
    );
}

#[test]
fn the_default_callback_number_that_a_release_ended_comes_back_with_it() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let number = free(&database, 0);
    run(&store, "give", vec![assign(&number, "lina@ccc-test")]);
    rusqlite::Connection::open(database.path())
        .unwrap()
        .execute(
            "UPDATE user SET selected_callback_number_id = (SELECT callback_number_id FROM phone_number WHERE number = ?1) WHERE user_id = 'lina@ccc-test'",
            [&number],
        )
        .unwrap();
    let before = super::present(&database);
    let from = UserId::new("lina@ccc-test");
    store
        .write(by("leave"), move |tx| {
            hand_over(tx, &ccc(), &from, &UserId::new("zhangwei@ccc-test"), BatchMode::AllOrNothing)
        })
        .unwrap();
    let report = undo_request(&store, "leave");
    assert_eq!(report.refused, 0, "{report:#?}");
    assert_eq!(super::present(&database), before);
}
