//! The rules that the schema keeps, tried as a person at the `sqlite3` shell would: with SQL alone
//! and the shell's settings, past all code of this program.
//!
//! - `doors`: what must be refused, through every door.
//! - `keys`: the same for the keys of rows, and for rows that others refer to.
//! - `edits`: what a person at the shell may do, and what follows from it.
//! - `controls`: without its trigger each rule breaks, so the tests above can fail.
//! - `forgetting`: that erasing somebody lets nothing but their name be replaced.
//! - `hostile`: what somebody with the file could try; each is refused, noticed by `numberd check`,
//!   or breaks nothing.
//! - `reservations`: numbers that are kept, until the moment comes.
//! - `faces`: what the program and its faces make of all this.
//! - `spelling_faces`: what the faces make of other spellings.
//! - `names`: what can be seen, dialled and found on every face.
//! - `shell`: that the real shell refuses too.
//! - `spellings`: one number in several spellings is one row.
//! - `swept`: hostile statements made from the schema itself, and others, `swept_statements`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod controls;
mod doors;
mod edits;
mod faces;
mod forgetting;
mod hostile;
mod keys;
mod names;
mod reservations;
mod shell;
mod spelling_faces;
pub(crate) mod spellings;
mod swept;
mod swept_statements;

use crate::support::{SeededDatabase, printable};
use rusqlite::Connection;
use rusqlite::fallible_iterator::FallibleIterator;

/// A statement that must be refused.
struct Case {
    /// What somebody tries to do.
    attempt: &'static str,
    /// The statement in its plain form, without a semicolon; `doors_of` makes the others from it.
    sql: &'static str,
    /// What the message has to contain.
    refusal: &'static str,
}

/// A case in one line.
const fn case(attempt: &'static str, refusal: &'static str, sql: &'static str) -> Case {
    Case { attempt, sql, refusal }
}

/// Whether foreign keys are checked, and whether REPLACE fires delete triggers. The shell begins
/// with both off.
const SETTINGS: [&str; 4] = [
    "PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF;",
    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = OFF;",
    "PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON;",
    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;",
];

/// The ways to say one statement: with each conflict policy, and an insert as an upsert too.
fn doors_of(case: &Case) -> Vec<String> {
    // A CHECK, unlike a trigger, is silent under OR IGNORE: the row is left out, and nothing says
    // so.
    let policies = ["OR ABORT", "OR FAIL", "OR ROLLBACK", "OR REPLACE", "OR IGNORE"];
    let policies = policies
        .iter()
        .filter(|policy| case.refusal.starts_with("rule:") || **policy != "OR IGNORE");
    let mut doors = vec![case.sql.to_owned()];
    if let Some(rest) = case.sql.strip_prefix("INSERT INTO ") {
        doors.extend(policies.map(|policy| format!("INSERT {policy} INTO {rest}")));
        doors.push(format!("REPLACE INTO {rest}"));
        doors.push(format!("{} ON CONFLICT DO NOTHING", case.sql));
        doors.push(format!("{} ON CONFLICT DO UPDATE SET {}", case.sql, upsert_of(rest)));
    } else if let Some(rest) = case.sql.strip_prefix("UPDATE ") {
        doors.extend(policies.map(|policy| format!("UPDATE {policy} {rest}")));
    } else {
        assert!(
            case.sql.starts_with("DELETE "),
            "{}: not an INSERT, UPDATE or DELETE",
            case.attempt
        );
    }
    doors
}

/// What an upsert of a table would most likely change.
fn upsert_of(insert: &str) -> &'static str {
    match insert.split([' ', '(']).next() {
        Some("personal_assignment") => "user_id = excluded.user_id, released_at = NULL",
        Some("reservation") => "for_user_id = excluded.for_user_id, ended_at = NULL",
        Some("phone_number") => {
            "usage = excluded.usage, contact_flow_id = excluded.contact_flow_id"
        }
        Some("skill_group_number") => "number = excluded.number",
        Some("skill_group_member") => "user_id = excluded.user_id",
        Some("user") => "extension = excluded.extension, role = excluded.role",
        Some("ram_user") => "is_root = excluded.is_root",
        Some("skill_group") => "phone_number_count = excluded.phone_number_count",
        Some("pool_counter") => "numbers = excluded.numbers",
        Some("instance_counter") => "free = excluded.free",
        Some("low_water_mark") => "least = excluded.least",
        Some("instance" | "contact_flow") => "name = excluded.name",
        Some("role") => "description = excluded.description",
        Some("change") => "reason = excluded.reason",
        table => panic!("no upsert is known for {table:?}"),
    }
}

/// Tries each case through every door under every setting. Each time it has to be refused for the
/// right reason and must leave the file as it was; at the end no rule may be broken.
fn assert_refused(database: &SeededDatabase, cases: &[Case]) {
    assert!(!cases.is_empty());
    let by_hand = shell(database);
    let watcher = shell(database);
    let untouched = data_version(&watcher);
    for case in cases {
        for settings in SETTINGS {
            by_hand.execute_batch(settings).expect("settings");
            for door in doors_of(case) {
                let refused = by_hand.execute_batch(&door).expect_err(&door).to_string();
                assert!(
                    refused.contains(case.refusal),
                    "{}: {settings} {door}\nrefused, but by {refused}",
                    case.attempt
                );
                assert!(by_hand.is_autocommit(), "{door} leaves a transaction open");
                assert_eq!(
                    data_version(&watcher),
                    untouched,
                    "{}: something has changed after {settings} {door}",
                    case.attempt
                );
            }
        }
    }
    database.assert_no_rule_violation();
}

/// A connection with the settings that the `sqlite3` shell begins with.
#[expect(clippy::disallowed_methods, reason = "past the program's own store")]
fn shell(database: &SeededDatabase) -> Connection {
    let connection = Connection::open(database.path()).expect("the database opens");
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF")
        .expect("settings");
    connection
}

/// Changes whenever another connection changes the file.
fn data_version(connection: &Connection) -> i64 {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).expect("a number")
}

/// Runs SQL that has to succeed, and returns its rows as the shell prints them.
fn read(database: &SeededDatabase, sql: &str) -> String {
    run(&shell(database), sql).unwrap_or_else(|error| panic!("{sql}\n{error}"))
}

/// Runs SQL that has to be refused, and returns the message.
fn refusal(database: &SeededDatabase, sql: &str) -> String {
    run(&shell(database), sql).expect_err(sql).to_string()
}

/// Runs statements up to the first that fails; values are separated by `|`, rows by line ends.
fn run(connection: &Connection, sql: &str) -> rusqlite::Result<String> {
    let mut printed = String::new();
    let mut statements = rusqlite::Batch::new(connection, sql);
    while let Some(mut statement) = statements.next()? {
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: Result<Vec<String>, _> =
                (0..columns).map(|column| row.get_ref(column).map(printable)).collect();
            printed.push_str(&values?.join("|"));
            printed.push('\n');
        }
    }
    Ok(printed)
}
