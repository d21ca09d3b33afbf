//! What the schema says by hand in several places is the same in all of them, and no column of a
//! logged table is left out of the log or the version. Undo sets back what the log has.

#![allow(clippy::expect_used, reason = "a test that can't go on fails")]

mod texts;

use super::engine::schema::fresh;
use super::undo;
use crate::domain::Origin;
use crate::domain::history::Entity;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Tables that leave no lines in the change log, and why.
const UNLOGGED: &[(&str, &str)] = &[
    ("change", "the log itself"),
    ("undone", "part of the log"),
    ("origin", "the faces of the program"),
    ("role", "the three roles of the program"),
    ("write_context", "who is writing: empty outside of a transaction"),
    ("counting", "whether a trigger counts: empty outside of a statement"),
    ("forgetting", "whether somebody is erased: empty outside of a transaction"),
    ("instance_counter", "follows from other rows"),
    ("pool_counter", "follows from other rows"),
    ("spelling", "follows from the numbers"),
    ("key_file_check", "says nothing about the call centre"),
    ("oauth_token", "made with every sign-in, and short-lived"),
    ("nonce", "made with every request, and short-lived"),
    ("console_session", "made with every sign-in, and short-lived"),
    ("console_preference", "how somebody likes the console, no fact of the call centre"),
    ("idempotency_key", "a copy of a response, and short-lived"),
    ("change_block", "follows from the log"),
    ("import", "a preview, and short-lived"),
    ("run", "counts what the log says"),
    ("run_part", "what a run still has to do"),
    ("run_refusal", "what a run could not do"),
    ("refinery_schema_history", "the migrations"),
];

/// Columns that are not in the JSON of the log, and why. `*` is any table.
const NOT_IN_THE_LOG: &[(&str, &str, &str)] = &[
    ("*", "version", "follows from other columns"),
    ("*", "last_used_at", "changes with every use"),
    ("user", "instance_id", "a column of the log"),
    ("skill_group", "instance_id", "a column of the log"),
    ("skill_group_member", "instance_id", "a column of the log"),
    ("skill_group_number", "instance_id", "a column of the log"),
    ("contact_flow", "instance_id", "a column of the log"),
    ("personal_assignment", "instance_id", "a column of the log"),
    ("personal_assignment", "assignment_id", "a column of the log"),
    ("reservation", "instance_id", "a column of the log"),
    ("low_water_mark", "instance_id", "a column of the log"),
    ("oauth_client", "instance_id", "a column of the log"),
    ("phone_number", "phone_number_id", "never shown"),
    ("phone_number", "state", "follows from other rows"),
    ("phone_number", "last_picked_at", "changes with every outbound call"),
    ("skill_group", "phone_number_count", "follows from other rows"),
    ("skill_group", "user_count", "follows from other rows"),
    ("user", "last_login_at", "changes with every sign-in"),
    ("personal_assignment", "exclusive", "follows from the instance"),
    ("ram_user", "password_hash", "a secret: a mark of it is logged"),
    ("access_key", "secret_nonce", "a secret: a mark of it is logged"),
    ("access_key", "secret_ciphertext", "a secret: a mark of it is logged"),
    ("api_token", "token_hash", "a secret: a mark of it is logged"),
    ("oauth_client", "secret_hash", "a secret: a mark of it is logged"),
];

/// Columns of tables with a version that don't raise it, and why.
const NOT_IN_THE_VERSION: &[(&str, &str, &str)] = &[
    ("*", "version", "the version itself"),
    ("*", "created_at", "set once"),
    ("instance", "instance_id", "never changes"),
    ("user", "user_id", "never changes"),
    ("user", "instance_id", "never changes"),
    ("user", "ram_id", "never changes"),
    ("user", "user_guid", "never changes"),
    ("user", "last_login_at", "changes with every sign-in"),
    ("skill_group", "skill_group_id", "never changes"),
    ("skill_group", "instance_id", "never changes"),
    ("skill_group", "name", "never changes"),
    ("skill_group", "skill_group_guid", "never changes"),
    ("skill_group", "phone_number_count", "nobody edits it"),
    ("skill_group", "user_count", "nobody edits it"),
    ("contact_flow", "contact_flow_id", "never changes"),
    ("contact_flow", "instance_id", "never changes"),
    ("contact_flow", "updated_at", "changes with the others"),
    ("phone_number", "phone_number_id", "never changes"),
    ("phone_number", "number", "never changes"),
    ("phone_number", "callback_number_id", "never changes"),
    ("phone_number", "state", "the triggers of the relations raise it"),
    ("phone_number", "last_picked_at", "changes with every outbound call"),
];

/// Columns of a number that people at the shell don't see in `v_phone_number`, and why.
const NOT_IN_THE_VIEW: &[(&str, &str, &str)] = &[
    ("phone_number", "phone_number_id", "never shown"),
    ("phone_number", "version", "for programs"),
    ("phone_number", "last_picked_at", "changes with every outbound call"),
];

/// Logged tables whose rows undo does not set back as they are, and why.
const TABLES_NOT_UNDONE: &[(&str, &str)] = &[
    ("personal_assignment", "history: undo closes and opens rows"),
    ("access_key", "credentials are made again"),
    ("api_token", "credentials are made again"),
    ("oauth_client", "credentials are made again"),
    ("change_archive", "what was archived stays archived"),
    ("forgotten_person", "who was forgotten stays forgotten"),
];

fn names(schema: &Connection, sql: &str, of: &str) -> Vec<String> {
    let mut statement = schema.prepare(sql).expect("a query");
    let params: &[&dyn rusqlite::ToSql] = if sql.contains("?1") { &[&of] } else { &[] };
    statement.query_map(params, |row| row.get(0)).and_then(Iterator::collect).expect("its rows")
}

fn tables(schema: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'";
    names(schema, sql, "")
}

fn columns(schema: &Connection, table: &str) -> Vec<String> {
    names(schema, "SELECT name FROM pragma_table_info(?1)", table)
}

/// The text of a trigger with single blanks; empty when there is none.
fn trigger(schema: &Connection, name: &str) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1";
    let text = names(schema, sql, name).pop().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn excepted(exceptions: &[(&str, &str, &str)], table: &str, column: &str) -> bool {
    exceptions.iter().any(|(of, name, _)| (*of == "*" || *of == table) && *name == column)
}

/// Whether a trigger fires on a column: `AFTER UPDATE OF a, b ON …`.
fn fires_on(trigger: &str, column: &str) -> bool {
    let list = trigger.split_once(" UPDATE OF ").and_then(|(_, rest)| rest.split_once(" ON "));
    list.is_some_and(|(columns, _)| columns.split(", ").any(|name| name == column))
}

/// Whether the trigger of a table's version compares the columns that it fires on, all of them, and
/// raises the version of the row.
fn raises(trigger: &str, table: &str) -> bool {
    let list = trigger.split_once(" UPDATE OF ").and_then(|(_, rest)| rest.split_once(" ON "));
    let Some((columns, _)) = list else { return false };
    let row = |side: &str| {
        let values: Vec<String> =
            columns.split(", ").map(|column| format!("{side}.{column}")).collect();
        values.join(", ")
    };
    trigger.contains(&format!(
        " WHEN ({}) IS NOT ({}) BEGIN UPDATE {table} SET version = version + 1 WHERE ",
        row("OLD"),
        row("NEW")
    ))
}

/// Whether a trigger puts a column of a row into the JSON of the log.
fn writes(trigger: &str, side: &str, column: &str) -> bool {
    [format!("'{column}', {side}.{column}"), format!("'{column}', json({side}.{column})")]
        .iter()
        .any(|member| {
            trigger
                .match_indices(member.as_str())
                .any(|(at, _)| trigger[at + member.len()..].starts_with([',', ')']))
        })
}

/// What is missing in the log's triggers of a column.
fn missing_in_the_log(schema: &Connection, table: &str, column: &str) -> Vec<String> {
    let mut missing = Vec::new();
    for (action, sides) in
        [("insert", ["NEW", ""]), ("update", ["OLD", "NEW"]), ("delete", ["OLD", ""])]
    {
        let name = format!("{table}_{action}_logged");
        let text = trigger(schema, &name);
        // Rows that are never updated or never deleted.
        if text.is_empty() && action != "insert" {
            continue;
        }
        for side in sides.iter().filter(|side| !side.is_empty()) {
            if !writes(&text, side, column) {
                missing.push(format!("{name} does not write {side}.{column}"));
            }
        }
        if action == "update" && !fires_on(&text, column) {
            missing.push(format!("{name} does not fire on {column}"));
        }
    }
    missing
}

#[test]
fn every_table_is_logged_or_listed_as_not_logged() {
    let schema = fresh().expect("a migrated database");
    for table in tables(&schema) {
        let logged = !trigger(&schema, &format!("{table}_insert_logged")).is_empty();
        let listed = UNLOGGED.iter().any(|(name, _)| *name == table);
        assert!(logged != listed, "{table}: logged {logged}, listed as not logged {listed}");
    }
}

#[test]
fn every_column_of_a_logged_table_is_in_the_log_and_in_the_version() {
    let schema = fresh().expect("a migrated database");
    let mut missing = Vec::new();
    for table in tables(&schema) {
        if UNLOGGED.iter().any(|(name, _)| *name == table) {
            continue;
        }
        let columns = columns(&schema, &table);
        let versioned = columns.iter().any(|column| column == "version");
        let version = trigger(&schema, &format!("{table}_version"));
        if versioned && !raises(&version, &table) {
            missing.push(format!("{table}_version does not compare what it fires on"));
        }
        for column in columns {
            let logged = !excepted(NOT_IN_THE_LOG, &table, &column);
            if logged {
                missing.extend(missing_in_the_log(&schema, &table, &column));
            }
            if versioned
                && fires_on(&version, &column) == excepted(NOT_IN_THE_VERSION, &table, &column)
            {
                missing.push(format!("{table}.{column}: in the version or listed as not in it"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_logged_table_is_undone_or_listed_as_not_undone() {
    let schema = fresh().expect("a migrated database");
    for table in tables(&schema) {
        if UNLOGGED.iter().any(|(name, _)| *name == table) {
            continue;
        }
        let undone = undo::TABLES.iter().find(|undone| undone.name == table);
        let listed = TABLES_NOT_UNDONE.iter().any(|(name, _)| *name == table);
        assert!(undone.is_some() != listed, "{table}");
        let columns = columns(&schema, &table);
        for named in undone.iter().flat_map(|undone| undone.key.iter().chain(undone.fixed)) {
            assert!(columns.iter().any(|column| column == named), "{table} has no {named}");
        }
    }
}

#[test]
fn the_view_of_numbers_shows_every_column() {
    let schema = fresh().expect("a migrated database");
    let shown = columns(&schema, "v_phone_number");
    for column in columns(&schema, "phone_number") {
        let listed = excepted(NOT_IN_THE_VIEW, "phone_number", &column);
        assert!(shown.contains(&column) != listed, "{column}: shown or listed as not shown");
    }
}

/// A column that is added and nothing else would be missed at each place.
#[test]
fn a_forgotten_column_is_noticed() {
    let schema = fresh().expect("a migrated database");
    assert_eq!(missing_in_the_log(&schema, "phone_number", "forgotten").len(), 5);
    assert!(missing_in_the_log(&schema, "phone_number", "tags").is_empty());
    assert!(!fires_on(&trigger(&schema, "phone_number_version"), "forgotten"));
    let version = trigger(&schema, "phone_number_version");
    assert!(fires_on(&version, "city") && raises(&version, "phone_number"));
    for forgotten in ["OLD.note, ", "NEW.note, "] {
        assert!(!raises(&version.replace(forgotten, ""), "phone_number"));
    }
    assert!(!raises(&version.replace(", note", ""), "phone_number"));
}

/// The defaults of all columns that have the same kind of default.
fn defaults(schema: &Connection, word: &str) -> (usize, BTreeSet<String>) {
    let all: Vec<String> = tables(schema)
        .iter()
        .flat_map(|table| {
            let sql = "SELECT dflt_value FROM pragma_table_info(?1) WHERE dflt_value IS NOT NULL";
            names(schema, sql, table)
        })
        .filter(|default| default.contains(word))
        .map(|default| default.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    (all.len(), all.into_iter().collect())
}

#[test]
fn now_and_a_new_guid_are_written_in_one_way() {
    let schema = fresh().expect("a migrated database");
    let (clocks, spellings) = defaults(&schema, "julianday");
    assert!(clocks >= 11, "{clocks}");
    assert_eq!(spellings.len(), 1, "{spellings:#?}");
    let clock = spellings.first().expect("one spelling");
    let (guids, spellings) = defaults(&schema, "randomblob");
    assert_eq!((guids, spellings.len()), (3, 1), "{spellings:#?}");
    let triggers = names(&schema, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", "");
    for sql in triggers.iter().filter(|sql| sql.contains("julianday")) {
        let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(sql.matches("julianday").count(), sql.matches(clock.as_str()).count(), "{sql}");
    }
}

/// The tables that the triggers of the log name.
#[test]
fn every_table_of_the_log_has_a_word() {
    let schema = fresh().expect("a migrated database");
    let triggers = names(&schema, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", "");
    let logged: BTreeSet<String> = triggers
        .iter()
        .filter(|sql| sql.contains("INSERT INTO change_entry"))
        .filter_map(|sql| sql.split_once("VALUES ('")?.1.split_once('\'').map(|(word, _)| word))
        .map(str::to_owned)
        .collect();
    assert_eq!(logged, Entity::NAMES.map(str::to_owned).into());
}

#[test]
fn every_face_is_an_origin_of_changes() {
    let schema = fresh().expect("a migrated database");
    let origins: BTreeSet<String> =
        names(&schema, "SELECT name FROM origin", "").into_iter().collect();
    assert_eq!(origins, Origin::NAMES.map(str::to_owned).into());
}
