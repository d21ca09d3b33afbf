//! What is left behind, what is called oddly, and what others are called too.

use super::{done, found, run, said};
use crate::support::SeededDatabase;
use serde_json::Value;

fn by_hand(database: &SeededDatabase, sql: &str) {
    rusqlite::Connection::open(database.path()).unwrap().execute_batch(sql).unwrap();
}

/// Their users may be gone long before the login is.
#[test]
fn who_left_a_cool_down_and_a_hold_behind_is_forgotten() {
    let database = &SeededDatabase::new();
    done(database, &["users", "create", "leaver", "--instance", "ccc-test"]);
    by_hand(
        database,
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at) VALUES
             ('ccc-test', '02855500009', 'hold', 'leaver@ccc-test', 4070908800000),
             ('ccc-test', '02855500018', 'cool-down', 'leaver@ccc-test', 4070908800000);
         DELETE FROM user WHERE user_id = 'leaver@ccc-test'",
    );
    let told = done(database, &["users", "forget", "leaver", "--force", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["reservations"], 2, "{told}");
    let left = "SELECT count(*) FROM reservation WHERE for_user_id LIKE 'leaver%'
                    OR (for_user_id LIKE 'forgotten-%' AND ended_at IS NULL)";
    assert_eq!(database.query(left), "0");
    assert_eq!(found(database, &["leaver".to_owned()]), Vec::<String>::new());
    database.assert_no_rule_violation();
}

/// A login name that is a word of the program, a name in quotation marks, one that is a number, and
/// a note that is full.
#[test]
fn odd_names_are_erased_and_what_the_program_reads_stays_readable() {
    let database = &SeededDatabase::new();
    let create = ["users", "create", "undo", "--instance", "ccc-test", "--display-name", "阿\"娜"];
    done(database, &create);
    let note = format!("阿旎{}", "x".repeat(498));
    let edit = format!(
        r#"UPDATE user SET nickname = '1001' WHERE user_id = 'undo@ccc-test';
           UPDATE user SET nickname = '阿旎' WHERE user_id = 'undo@ccc-test';
           UPDATE phone_number SET tags = '["阿\"娜","1001"]', note = '{note}'
            WHERE number = '02855500010';
           INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total, started_at,
                            slice_at)
           VALUES ('a-run', 'lina', '', 'ccc-test',
                   '{{"run":"undo","of":"x","keeps_admin":false}}', 'best_effort', 1, 0, 0);
           INSERT INTO run_part (request_id, first, items) VALUES ('a-run', 0, '[[1001]]')"#
    );
    by_hand(database, &edit);
    let told = done(database, &["users", "forget", "undo", "--force", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let pseudonym = told["pseudonym"].as_str().unwrap();
    let tags = "SELECT tags FROM phone_number WHERE number = '02855500010'";
    assert_eq!(database.query(tags), format!(r#"["{pseudonym}","{pseudonym}"]"#));
    let noted = "SELECT note FROM phone_number WHERE number = '02855500010'";
    assert_eq!(database.query(noted), format!("{pseudonym}{}", "x".repeat(478)));
    let run_of = "SELECT act || (SELECT items FROM run_part) FROM run WHERE request_id = 'a-run'";
    assert_eq!(database.query(run_of), r#"{"run":"undo","of":"x","keeps_admin":false}[[1001]]"#);
    done(database, &["check"]);
}

#[test]
fn a_run_that_cannot_be_read_stops_no_backup() {
    let database = &SeededDatabase::new();
    by_hand(
        database,
        "INSERT INTO run (request_id, actor, reason, act, mode, total, started_at, slice_at)
         VALUES ('a-run', 'lina', '', '{}', 'best_effort', 1, 0, 0)",
    );
    let to = database.path().with_file_name("copy.db");
    done(database, &["backup", "--to", to.to_str().unwrap()]);
    assert!(said(&run(database, &["check"])).contains("a-run"));
    database.discard_at_the_end();
}

/// As Litestream reads it all the time.
#[test]
fn somebody_who_reads_the_file_does_not_make_forgetting_fail() {
    let database = &SeededDatabase::new();
    done(database, &["users", "create", "leaver", "--instance", "ccc-test"]);
    let reader = rusqlite::Connection::open(database.path()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM user").unwrap();
    let told = done(database, &["users", "forget", "leaver", "--force"]);
    assert!(told.contains("something else reads the file"), "{told}");
    drop(reader);
    let pseudonym = database.query("SELECT pseudonym FROM forgotten_person");
    let again = done(database, &["users", "forget", &pseudonym]);
    assert!(!again.contains("something else"), "{again}");
    assert_eq!(found(database, &["leaver".to_owned()]), Vec::<String>::new());
}

#[test]
fn what_others_are_called_too_is_left_and_told() {
    let database = &SeededDatabase::new();
    let create = ["users", "create", "leaver", "--instance", "ccc-test", "--display-name", "客服"];
    done(database, &create);
    by_hand(
        database,
        "UPDATE user SET nickname = '文静' WHERE user_id = 'lina@ccc-test';
         UPDATE user SET nickname = '文静' WHERE user_id = 'leaver@ccc-test';
         UPDATE skill_group SET display_name = '客服一组' WHERE name = 'sales';
         UPDATE contact_flow SET definition = 'goto leaver';
         UPDATE phone_number SET note = '客服 文静 leaver' WHERE number = '02855500010'",
    );
    let would = done(database, &["users", "forget", "leaver", "--dry-run"]);
    assert!(would.contains("something else may be meant: 客服, 文静."), "{would}");
    let told = done(database, &["users", "forget", "leaver", "--force", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let pseudonym = told["pseudonym"].as_str().unwrap();
    let kept = "SELECT display_name, (SELECT min(definition) FROM contact_flow)
                  FROM skill_group WHERE name = 'sales'";
    assert_eq!(database.query(kept), "客服一组|goto leaver");
    let note = "SELECT note FROM phone_number WHERE number = '02855500010'";
    assert_eq!(database.query(note), format!("客服 文静 {pseudonym}"));
    database.assert_no_rule_violation();
}

/// A line whose texts were all erased shows no change any more.
#[test]
fn a_change_of_nothing_but_what_was_erased_says_so() {
    let database = &SeededDatabase::new();
    let here = ["--instance", "ccc-test"];
    done(database, &[&["users", "create", "leaver", "--display-name", "Lee"], &here[..]].concat());
    done(database, &[&["users", "edit", "leaver", "--display-name", "Leo"], &here[..]].concat());
    done(database, &[&["users", "edit", "leaver", "--mobile", "13999990002"], &here[..]].concat());
    done(database, &["users", "forget", "leaver", "--force"]);
    let told = done(database, &["changes", "--limit", "20"]);
    assert_eq!(told.matches("personal data that was erased since").count(), 2, "{told}");
    for line in told.lines() {
        assert!(!line.trim_end().ends_with(':'), "{line}");
    }
}

/// A single character is a word of its own in Chinese; a telephone number of the call centre's is
/// not only theirs; another is written in many ways.
#[test]
fn one_character_is_left_and_told_and_a_mobile_number_is_found_however_it_is_written() {
    let database = &SeededDatabase::new();
    let create = ["users", "create", "leaver", "--instance", "ccc-test", "--display-name", "娜"];
    done(database, &[create.as_slice(), &["--mobile", "13911112222"]].concat());
    by_hand(
        database,
        "UPDATE user SET mobile = '028-5550-0010' WHERE user_id = 'leaver@ccc-test';
         UPDATE user SET mobile = '139-1111-2222' WHERE user_id = 'leaver@ccc-test';
         UPDATE phone_number SET note = '娜: +86 139 1111 2222, 02855500010', provider = 'leaver'
          WHERE number = '02855500010';
         UPDATE skill_group SET description = 'call 008613911112222' WHERE name = 'sales'",
    );
    let would = done(database, &["users", "forget", "leaver", "--dry-run"]);
    assert!(would.contains("something else may be meant: 028-5550-0010, 娜."), "{would}");
    let told = done(database, &["users", "forget", "leaver", "--force", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let pseudonym = told["pseudonym"].as_str().unwrap();
    let note = "SELECT note FROM phone_number WHERE number = '02855500010'";
    assert_eq!(database.query(note), format!("娜: {pseudonym}, 02855500010"));
    let described = "SELECT description FROM skill_group WHERE name = 'sales'";
    assert_eq!(database.query(described), format!("call {pseudonym}"));
    // Where they were is told, row by row.
    assert_eq!(
        told["places"],
        serde_json::json!([
            { "table": "phone_number", "key": "02855500010", "columns": ["provider", "note"] },
            { "table": "skill_group", "key": "sales@ccc-test", "columns": ["description"] },
        ])
    );
    assert_eq!(told["texts"], 2);
    database.assert_no_rule_violation();
}

#[test]
fn a_key_for_repeating_a_request_that_names_them_is_gone_too() {
    let database = &SeededDatabase::new();
    done(database, &["users", "create", "leaver", "--instance", "ccc-test"]);
    by_hand(
        database,
        "INSERT INTO idempotency_key (ram_id, idempotency_key, fingerprint, status, body,
                                      created_at, expires_at)
         SELECT ram_id, key, zeroblob(32), 200, CAST('{}' AS BLOB), 0, 4070908800000
           FROM ram_user, (SELECT 'onboard-LEAVER-1' AS key UNION SELECT 'another' UNION SELECT 'cleaver' UNION SELECT 'leavers')
          WHERE login_name = 'lina'",
    );
    done(database, &["users", "forget", "leaver", "--force"]);
    let keys = "SELECT group_concat(idempotency_key) FROM idempotency_key";
    assert_eq!(database.query(keys), "another,cleaver,leavers", "others' keys stay");
}
