//! `seed`, `migrate` and `check`.

use super::{Place, assert_done, assert_refused, json, stderr, stdout};

#[test]
fn the_sample_is_loaded_into_an_empty_database_only() {
    let place = Place::seeded();
    let before = place.digest();
    assert_refused(&place.run(&["seed"]), 4, "holds something already");
    assert_eq!(place.digest(), before);
    assert_refused(&Place::initialized().run(&["seed"]), 4, "holds something already");
    place.assert_sound();
}

#[test]
fn a_dry_run_of_the_sample_changes_nothing() {
    let place = Place::new();
    numberd::store::create(&place.database()).unwrap();
    assert_refused(&place.run(&["seed", "--dry-run"]), 5, "run `numberd migrate --database ");
    assert_done(&place.run(&["migrate"]));
    let before = place.digest();
    assert_eq!(json(&place.run(&["seed", "--dry-run", "--json"]))["dry_run"], true);
    assert_eq!(place.digest(), before);
    assert_done(&place.run(&["seed"]));
    assert_ne!(place.digest(), before);
}

#[test]
fn a_dry_run_of_migrate_changes_nothing() {
    let place = Place::new();
    numberd::store::create(&place.database()).unwrap();
    let output = place.run(&["migrate", "--dry-run"]);
    assert_done(&output);
    assert!(
        stdout(&output).starts_with("Would bring the schema from 0 to "),
        "{}",
        stdout(&output)
    );
    assert_eq!(std::fs::metadata(place.database()).unwrap().len(), 0);
    assert_eq!(place.files(), ["numberd.db"]);
    assert_done(&place.run(&["migrate"]));
    assert!(stdout(&place.run(&["migrate", "--dry-run"])).contains("there is nothing to do"));
    assert_done(&place.run(&["migrate"]));
}

#[test]
fn a_database_that_is_not_migrated_is_not_checked() {
    let place = Place::new();
    numberd::store::create(&place.database()).unwrap();
    assert_refused(&place.run(&["check"]), 5, "run `numberd migrate --database ");
}

#[test]
fn check_finds_nothing_wrong_with_the_sample() {
    let place = Place::seeded();
    let output = place.run(&["check"]);
    assert_done(&output);
    assert!(stdout(&output).starts_with("All is well"), "{}", stdout(&output));
    assert_eq!(json(&place.run(&["check", "--json"]))["findings"], serde_json::json!([]));
}

/// What `check` says of a sample that was damaged so.
#[track_caller]
fn assert_found(damage: &str, finding: &str) {
    let place = Place::seeded();
    place.edit(damage);
    let output = place.run(&["check"]);
    assert_refused(&output, 5, "wrong in");
    assert!(stdout(&output).contains(finding), "{}", stdout(&output));
    let output = place.run(&["check", "--json"]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    let findings: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert!(
        findings["findings"].as_array().unwrap().iter().any(|one| one["check"] == finding),
        "{findings}"
    );
}

#[test]
fn check_finds_a_rule_that_was_broken_without_its_trigger() {
    assert_found(
        "DROP TRIGGER skill_group_number_insert;
         INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('test@ccc-test', '083xxxx0011', 'ccc-test')",
        "bound_number_is_not_personal",
    );
}

#[test]
fn check_says_of_a_table_that_is_gone_that_it_is_gone_and_no_more() {
    let place = Place::seeded();
    place.edit("DROP TABLE low_water_mark");
    let output = place.run(&["check"]);
    assert_refused(&output, 5, "wrong in");
    let said = stdout(&output);
    assert!(said.contains("low_water_mark") && !said.contains("syntax error"), "{said}");
}

#[test]
fn check_finds_a_counter_that_is_wrong() {
    let place = Place::seeded();
    let connection = rusqlite::Connection::open(place.database()).unwrap();
    for (table, wrong) in [
        ("instance_counter", "free = free + 1"),
        ("pool_counter", "numbers = numbers + 1"),
        ("skill_group", "user_count = user_count + 1"),
    ] {
        let triggers = "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1";
        let drop: String = connection.query_row(triggers, [table], |row| row.get(0)).unwrap();
        assert_found(&format!("{drop}; UPDATE {table} SET {wrong}"), "counters_follow_rows");
    }
}

#[test]
fn check_finds_a_row_that_refers_to_nothing() {
    assert_found(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER skill_group_member_insert;
         INSERT INTO skill_group_member (skill_group_id, user_id, instance_id, skill_level) VALUES ('test@ccc-test', 'nobody@ccc-test', 'ccc-test', 1)",
        "foreign keys",
    );
}

#[test]
fn check_finds_an_index_that_lacks_a_row() {
    let place = Place::seeded();
    // The index is told to forget its rows: the schema says it is partial, and then not any more.
    place.edit(
        "DELETE FROM nonce; INSERT INTO nonce VALUES ('key', 'nonce', 1);
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = sql || ' WHERE expires_at > 5' WHERE name = 'nonce_by_expiry';
         PRAGMA writable_schema = RESET;
         REINDEX nonce_by_expiry;
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, ' WHERE expires_at > 5', '') WHERE name = 'nonce_by_expiry';
         PRAGMA writable_schema = RESET",
    );
    let output = place.run(&["check"]);
    assert_refused(&output, 5, "wrong in");
    assert!(
        stdout(&output).contains("integrity") && stdout(&output).contains("nonce_by_expiry"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn check_works_beside_a_running_server() {
    let place = Place::initialized();
    let server = crate::support::Program::start(&[
        "serve",
        "--database",
        place.database().to_str().unwrap(),
    ]);
    assert_done(&place.run(&["check"]));
    assert_done(&place.run(&["token", "create", "root"]));
    drop(server);
}
