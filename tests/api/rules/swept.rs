//! Hostile statements made from the schema itself: every column of every table, with values that it
//! should not take, in every way to say it; and scripts that go round the rules. What came of each
//! is judged by the tables alone, compared with those of before: what breaks a rule has to be
//! noticed by `numberd check`.

use super::hostile::findings;
use super::swept_statements::{LOGGED, QUIET, RULES, SCRIPTS, UNTRACED, VALUES};
use super::{read, shell};
use crate::support::{SeededDatabase, figure, times};
use rusqlite::Connection;
use std::path::Path;
use std::sync::OnceLock;

/// The rules that what is in the database contradicts.
fn broken(connection: &Connection) -> Vec<String> {
    let contradicted = |sql: &str| {
        let found = connection.prepare(sql).and_then(|mut statement| statement.exists([]));
        // What can't be asked any more, because a table has gone, is broken too.
        found.unwrap_or(true)
    };
    let rules = RULES.iter().filter(|(_, sql)| contradicted(sql)).map(|(rule, _)| *rule);
    let mut broken: Vec<String> = rules.map(str::to_owned).collect();
    for (table, apart) in LOGGED {
        let columns = columns(connection, table);
        let columns = columns.iter().filter(|column| !apart.contains(&column.as_str()));
        let columns: Vec<String> = columns.map(|column| format!("\"{column}\"")).collect();
        let columns = columns.join(", ");
        let rows = |one: &str, other: &str| {
            format!(
                "SELECT {columns} FROM {one}.{table} EXCEPT SELECT {columns} FROM {other}.{table}"
            )
        };
        let sql = format!(
            "SELECT 1 WHERE (EXISTS ({}) OR EXISTS ({})) AND NOT EXISTS
                (SELECT 1 FROM main.change WHERE entity = '{table}'
                    AND change_id > (SELECT max(change_id) FROM was.change))",
            rows("main", "was"),
            rows("was", "main")
        );
        if contradicted(&sql) {
            broken.push(format!("{table} is not logged"));
        }
    }
    broken
}

fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0")
        .expect("columns");
    let names = statement.query_map([table], |row| row.get(0)).expect("columns");
    names.map(|name| name.expect("a name")).collect()
}

/// The sample, with something in every table that is asked about; the same each time.
fn database() -> SeededDatabase {
    static PREPARED: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = PREPARED.get_or_init(|| std::fs::read(prepared().path()).expect("readable"));
    let database = SeededDatabase::new();
    std::fs::write(database.path(), bytes).expect("written");
    database
}

fn prepared() -> SeededDatabase {
    let database = SeededDatabase::new();
    read(
        &database,
        r#"INSERT INTO low_water_mark VALUES ('ccc-test', '成都', '', 5);
           INSERT INTO reservation (instance_id, number, kind, until_at) VALUES ('ccc-test', '02855500019', 'hold', 4102444800000);
           UPDATE phone_number SET note = 'kept', tags = '["a"]' WHERE number = '02855500018';
           INSERT INTO run (request_id, instance_id, actor, reason, act, mode, total, done, started_at, slice_at, stopped)
               VALUES ('r-1', 'ccc-test', 'lina', '', '{"run":"items"}', 'best_effort', 5, 2, 1795000000000, 1795000000000, 'It was asked to stop.');
           INSERT INTO run_part (request_id, first, items) VALUES ('r-1', 0, '[1,2,3,4,5]');
           INSERT INTO run_refusal VALUES ('r-1', 1, '02855500018', '{"code":"changed-since","detail":"y"}');
           INSERT INTO oauth_token VALUES (zeroblob(32), 'demo-client', 'users:read', 0, 4102444800000);
           INSERT INTO nonce VALUES ('demo-access-key', 'n', 4102444800000);
           INSERT INTO console_preference VALUES ('2000000000000002', 'en', 1);
           INSERT INTO console_session VALUES (zeroblob(32), '2000000000000002', 0, 0, 4102444800000);
           INSERT INTO idempotency_key VALUES ('2000000000000002', 'k', zeroblob(32), 200, NULL, x'7b7d', 0, 4102444800000);"#,
    );
    database
}

/// Every way to bring a value into a column of a row that is there, or into one like it.
fn statements(connection: &Connection) -> Vec<String> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'
                     AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'refinery*'";
    let mut tables = connection.prepare(tables).expect("tables");
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("tables");
    let mut made = Vec::new();
    for table in tables.flatten() {
        let columns = columns(connection, &table);
        let all = columns.join(", ");
        let first = format!("SELECT {all} FROM {table} WHERE true LIMIT 1");
        made.extend([
            format!("DELETE FROM {table}"),
            format!("REPLACE INTO {table} ({all}) {first}"),
            format!("INSERT OR IGNORE INTO {table} ({all}) {first}"),
        ]);
        for column in &columns {
            let instead = |value: &str| {
                let cells = columns.iter().map(|name| if name == column { value } else { name });
                let cells: Vec<&str> = cells.collect();
                format!("SELECT {} FROM {table} WHERE true LIMIT 1", cells.join(", "))
            };
            for value in VALUES {
                made.extend([
                    format!("UPDATE {table} SET {column} = {value}"),
                    format!("UPDATE OR REPLACE {table} SET {column} = {value}"),
                    format!("REPLACE INTO {table} ({all}) {}", instead(value)),
                    format!("INSERT INTO {table} ({all}) {first} ON CONFLICT DO UPDATE SET {column} = {value}"),
                ]);
            }
        }
    }
    made
}

#[derive(Default)]
struct Tally {
    refused: usize,
    harmless: usize,
    noticed: usize,
    unnoticed: Vec<String>,
}

impl Tally {
    /// Tries a statement and takes it back; what breaks a rule is done to a database of its own,
    /// and has to be noticed there.
    fn attempt(&mut self, connection: &Connection, settings: &str, sql: &str, sees_checks: bool) {
        connection.execute_batch(&format!("{settings} BEGIN")).expect("a transaction");
        let done = connection.execute_batch(sql);
        let mut wrong = if done.is_ok() { broken(connection) } else { Vec::new() };
        if done.is_ok() && !sees_checks {
            connection.execute_batch("PRAGMA ignore_check_constraints = OFF").expect("settings");
            let found = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0));
            wrong.extend(found.ok().filter(|found: &String| found != "ok"));
        }
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").expect("taken back");
        }
        match (done, wrong.is_empty()) {
            (Err(_), _) => self.refused += 1,
            (Ok(()), true) => self.harmless += 1,
            (Ok(()), false) => self.judge(&format!("{settings} {sql}"), &wrong),
        }
    }

    /// Whether what a script does to a database is noticed.
    fn judge(&mut self, script: &str, wrong: &[String]) {
        let database = database();
        database.discard_at_the_end();
        let by_hand = shell(&database);
        let _ = by_hand.execute_batch(script);
        drop(by_hand);
        if findings(&database).is_empty() {
            self.unnoticed.push(format!("{script}: {wrong:?}"));
        } else {
            self.noticed += 1;
        }
    }

    fn tried(&self) -> usize {
        self.refused + self.harmless + self.noticed + self.unnoticed.len()
    }
}

/// Makes the database of before readable beside a connection.
fn beside(connection: &Connection, was: &Path) {
    connection.execute("ATTACH ?1 AS was", [was.to_str()]).expect("attached");
}

#[test]
fn whatever_is_written_by_hand_is_refused_or_noticed_or_breaks_no_rule() {
    let (database, was) = (database(), database());
    let mut tally = Tally::default();
    let by_hand = shell(&database);
    beside(&by_hand, was.path());
    assert!(broken(&by_hand).is_empty(), "{:?}", broken(&by_hand));
    let made = statements(&by_hand);
    let sees = "PRAGMA ignore_check_constraints = OFF;";
    for sql in &made {
        tally.attempt(&by_hand, sees, sql, true);
    }
    // The delete triggers of REPLACE.
    let recursive = format!("{sees} PRAGMA recursive_triggers = ON;");
    for sql in made.iter().filter(|sql| sql.contains("REPLACE")) {
        tally.attempt(&by_hand, &recursive, sql, true);
    }
    let blind = "PRAGMA recursive_triggers = OFF; PRAGMA ignore_check_constraints = ON;";
    let updates =
        made.iter().filter(|sql| sql.starts_with("UPDATE") && !sql.contains("OR REPLACE"));
    for sql in updates.step_by(times(17, 3)) {
        tally.attempt(&by_hand, blind, sql, false);
    }
    // Without the lines in the log.
    let quiet = format!("PRAGMA ignore_check_constraints = OFF; {QUIET}");
    let quietly = made.iter().filter(|sql| !sql.contains("REPLACE"));
    for sql in quietly.step_by(times(7, 1)) {
        tally.attempt(&by_hand, &quiet, sql, true);
    }
    for script in SCRIPTS.iter().chain(UNTRACED) {
        let at = self::database();
        at.discard_at_the_end();
        let by_hand = shell(&at);
        let done = by_hand.execute_batch(script);
        drop(by_hand);
        let judge = shell(&at);
        let attached = judge.execute("ATTACH ?1 AS was", [was.path().to_str()]);
        let wrong = match attached {
            Ok(_) => broken(&judge),
            Err(error) => vec![error.to_string()],
        };
        let unseen = findings(&at).is_empty();
        // A secret that could not be replaced would prove nothing.
        if script.contains("_hash =") && unseen {
            tally.unnoticed.push(format!("{script}: {done:?}"));
        }
        match (done.is_ok(), wrong, unseen) {
            (_, wrong, true) if !wrong.is_empty() => {
                tally.unnoticed.push(format!("{script}: {wrong:?}"))
            }
            (_, _, false) => tally.noticed += 1,
            (true, _, true) => tally.harmless += 1,
            (false, _, true) => tally.refused += 1,
        }
    }
    assert!(include_str!("../../../docs/schema.md").contains("CREATE TEMP TRIGGER"));
    let Tally { refused, harmless, noticed, unnoticed } = &tally;
    assert!(unnoticed.is_empty(), "{} break a rule unnoticed: {unnoticed:#?}", unnoticed.len());
    assert!(*refused > 400 && *noticed > 20, "{refused} refused, {noticed} noticed");
    figure(
        "hostile statements in the file",
        0,
        tally.tried(),
        &format!("{refused} refused, {noticed} noticed by check, {harmless} break no rule"),
        "without its trigger each of six rules is seen to break",
    );
}

/// The judge sees a rule break once its trigger is gone: without that it would prove nothing.
#[test]
fn without_a_rules_trigger_the_judge_sees_it_break() {
    for (rule, triggers, sql) in [
        (
            "personal_number_has_one_holder",
            &["personal_assignment_insert"][..],
            "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500002', 'lina@ccc-test')",
        ),
        (
            "bound_number_is_not_personal",
            &["skill_group_number_insert"],
            "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('sales@ccc-test', '02855500002', 'ccc-test')",
        ),
        ("history_is_kept", &["change_delete"], "DELETE FROM change WHERE change_id = 5"),
        (
            "history_is_kept",
            &["personal_assignment_update", "personal_assignment_update_logged"],
            "UPDATE personal_assignment SET user_id = 'x' WHERE assignment_id = 1",
        ),
        (
            "row_keeps_its_key",
            &["api_token_update_key"],
            "UPDATE api_token SET ram_id = '2000000000000002'",
        ),
        (
            "low_water_mark is not logged",
            &["low_water_mark_update_logged"],
            "UPDATE low_water_mark SET least = 99",
        ),
    ] {
        let (database, was) = (database(), database());
        database.discard_at_the_end();
        for trigger in triggers {
            read(&database, &format!("DROP TRIGGER {trigger};"));
        }
        let by_hand = shell(&database);
        beside(&by_hand, was.path());
        assert!(broken(&by_hand).is_empty(), "{rule}");
        by_hand.execute_batch(sql).expect(sql);
        assert!(broken(&by_hand).contains(&rule.to_owned()), "{rule}: {:?}", broken(&by_hand));
    }
}
