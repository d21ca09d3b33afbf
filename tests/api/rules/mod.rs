//! The rules that the schema keeps, tried by hand: with the `sqlite3` shell, which knows nothing of
//! this program.
//!
//! - `doors`: what must be refused, through every door.
//! - `keys`: the same for the keys of rows, and for rows that others refer to.
//! - `edits`: what a person at the shell may do, and what follows from it.
//! - `controls`: without its trigger each rule breaks, so the tests above can fail.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod controls;
mod doors;
mod edits;
mod keys;

use crate::support::SeededDatabase;
use std::process::Output;

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
        Some("instance" | "contact_flow") => "name = excluded.name",
        Some("role") => "description = excluded.description",
        Some("change") => "reason = excluded.reason",
        table => panic!("no upsert is known for {table:?}"),
    }
}

/// Tries each case through every door under every setting. Each time it has to be refused for the
/// right reason, every row has to stay as it was, and no rule may be broken.
fn assert_refused(database: &SeededDatabase, cases: &[Case]) {
    assert!(!cases.is_empty());
    let untouched = read(database, LOOK);
    assert_eq!(
        untouched.lines().count(),
        2,
        "a digest and the sequences, and no violation: {untouched}"
    );
    for case in cases {
        // A script of its own for each case: the shell goes on after a refusal, and looks at
        // everything after each door.
        let mut script = String::from(".bail off\n");
        let mut doors = Vec::new();
        for settings in SETTINGS {
            for door in doors_of(case) {
                script.push_str(&format!("{settings}\n{door};\n{LOOK}.print --\n"));
                doors.push(format!("{settings} {door}"));
            }
        }
        let output = database.shell(&script);
        let (stdout, stderr) = texts(&output);
        let refusals = stderr.lines().filter(|line| line.contains("rror near line ")).count();
        let as_expected = stderr.lines().filter(|line| line.contains(case.refusal)).count();
        assert_eq!(
            (refusals, as_expected),
            (doors.len(), doors.len()),
            "{}: not refused by {} through every door\n{stderr}",
            case.attempt,
            case.refusal
        );
        let looks: Vec<&str> = stdout.split("--\n").filter(|look| !look.is_empty()).collect();
        assert_eq!(looks.len(), doors.len(), "{}: {stdout}", case.attempt);
        for (door, look) in doors.iter().zip(looks) {
            assert_eq!(look, untouched, "{}: something has changed after {door}", case.attempt);
        }
    }
    database.assert_no_rule_violation();
}

/// Prints a digest of every table, AUTOINCREMENT's sequences, and whatever breaks a rule.
const LOOK: &str = ".sha3sum\nSELECT group_concat(name || seq) FROM sqlite_sequence;\nSELECT * FROM v_rule_violation;\n";

/// Runs SQL that has to succeed, and gives what it prints.
fn read(database: &SeededDatabase, sql: &str) -> String {
    let output = database.shell(sql);
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success() && stderr.is_empty(), "{sql}\n{stderr}");
    stdout
}

/// Runs SQL that has to be refused, and gives the message.
fn refusal(database: &SeededDatabase, sql: &str) -> String {
    let output = database.shell(sql);
    let (_, stderr) = texts(&output);
    assert!(!output.status.success(), "not refused: {sql}");
    stderr
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the shell prints UTF-8");
    (text(&output.stdout), text(&output.stderr))
}
