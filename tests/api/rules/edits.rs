//! What a person at the shell may do, and what follows from it: states, counters, the change log,
//! the history.

use super::{SETTINGS, data_version, read, shell};
use crate::support::SeededDatabase;
use rusqlite::fallible_iterator::FallibleIterator;

/// An edit by hand, and what is to be read after it.
struct Edit {
    sql: &'static str,
    /// A query and its answer.
    then: (&'static str, &'static str),
    /// The lines that the edit adds to the change log, as `entity action`.
    logged: &'static str,
}

/// The number that is edited: free in the sample.
const STATE: &str = "SELECT state, holder FROM v_phone_number WHERE instance_id = 'ccc-test' AND number = '02855500018';";
const COUNTERS: &str = "SELECT free, bound, personal, (SELECT numbers FROM pool_counter) FROM instance_counter WHERE instance_id = 'ccc-test';";
const CITY: &str = "SELECT usage, active, city, contact_flow_name FROM v_phone_number WHERE number = '02855500018';";
const SKILL_GROUPS: &str = "SELECT skill_group_id, phone_number_count, user_count FROM skill_group WHERE skill_group_id IN ('night@ccc-test', 'test@ccc-test');";

#[rustfmt::skip]
const EDITS: &[Edit] = &[
    Edit { sql: "INSERT INTO phone_number (instance_id, number, city) VALUES ('ccc-test', '02855509999', '成都')",
        then: (COUNTERS, "122|35|49|12\n"), logged: "phone_number insert\n" },
    Edit { sql: "INSERT INTO phone_number (instance_id, number) VALUES ('vcc-test', '02855509999'), (NULL, '02855509999')",
        then: (COUNTERS, "122|35|49|13\n"), logged: "phone_number insert\nphone_number insert\n" },
    Edit { sql: "DELETE FROM phone_number WHERE number = '02855509999'",
        then: (COUNTERS, "121|35|49|12\n"), logged: "phone_number delete\nphone_number delete\nphone_number delete\n" },
    Edit { sql: "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('night@ccc-test', '02855500018', 'ccc-test')",
        then: (STATE, "bound|night@ccc-test\n"), logged: "skill_group_number insert\n" },
    Edit { sql: "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('test@ccc-test', '02855500018', 'ccc-test')",
        then: (STATE, "bound|night@ccc-test test@ccc-test\n"), logged: "skill_group_number insert\n" },
    Edit { sql: "UPDATE phone_number SET state = 'bound', phone_number_id = phone_number_id, number = number WHERE number = '02855500018'",
        then: (SKILL_GROUPS, "night@ccc-test|1|1\ntest@ccc-test|2|2\n"), logged: "" },
    Edit { sql: "DELETE FROM skill_group_number WHERE number = '02855500018' AND skill_group_id = 'night@ccc-test'",
        then: (STATE, "bound|test@ccc-test\n"), logged: "skill_group_number delete\n" },
    Edit { sql: "DELETE FROM skill_group_number WHERE number = '02855500018'",
        then: (STATE, "free|\n"), logged: "skill_group_number delete\n" },
    Edit { sql: "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id) VALUES ('night@ccc-test', 'wuxia@ccc-test', 'ccc-test')",
        then: (SKILL_GROUPS, "night@ccc-test|0|2\ntest@ccc-test|1|2\n"), logged: "skill_group_member insert\n" },
    Edit { sql: "UPDATE skill_group_member SET skill_level = 9 WHERE user_id = 'wuxia@ccc-test'",
        then: (SKILL_GROUPS, "night@ccc-test|0|2\ntest@ccc-test|1|2\n"), logged: "skill_group_member update\n" },
    Edit { sql: "DELETE FROM skill_group_member WHERE user_id = 'wuxia@ccc-test'",
        then: (SKILL_GROUPS, "night@ccc-test|0|1\ntest@ccc-test|1|2\n"), logged: "skill_group_member delete\n" },
    Edit { sql: "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'lina@ccc-test')",
        then: (STATE, "personal|lina@ccc-test\n"), logged: "personal_assignment insert\n" },
    Edit { sql: "UPDATE user SET selected_callback_number_id = 'c0000000-0000-4000-a000-002855500018' WHERE user_id = 'lina@ccc-test'",
        then: (COUNTERS, "120|35|50|12\n"), logged: "user update\n" },
    // The default of its holder goes with the number.
    Edit { sql: "UPDATE personal_assignment SET released_at = assigned_at + 1 WHERE number = '02855500018' AND released_at IS NULL",
        then: ("SELECT count(*) FROM user WHERE selected_callback_number_id IS NOT NULL;", "0\n"), logged: "personal_assignment update\nuser update\n" },
    Edit { sql: "UPDATE phone_number SET city = city WHERE number = '02855500018'",
        then: (STATE, "free|\n"), logged: "" },
    Edit { sql: "UPDATE phone_number SET usage = 'Inbound', active = 0, city = '绵阳', contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek' WHERE number = '02855500018'",
        then: (CITY, "Inbound|0|绵阳|主流程\n"), logged: "phone_number update\n" },
    Edit { sql: "UPDATE phone_number SET instance_id = NULL, contact_flow_id = NULL WHERE number = '02855500018'",
        then: (COUNTERS, "120|35|49|13\n"), logged: "phone_number update\n" },
    Edit { sql: "UPDATE phone_number SET instance_id = 'ccc-test' WHERE number = '02855500018'",
        then: (COUNTERS, "121|35|49|12\n"), logged: "phone_number update\n" },
    // A shared instance: a second holder, and the number is free only when both have released it.
    Edit { sql: "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('vcc-test', '+48600000000', 'marysmith@vcc-test')",
        then: ("SELECT state, holder FROM v_phone_number WHERE number = '+48600000000';", "personal|annakowalska@vcc-test marysmith@vcc-test\n"),
        logged: "personal_assignment insert\n" },
    Edit { sql: "UPDATE personal_assignment SET released_at = assigned_at WHERE number = '+48600000000' AND user_id = 'annakowalska@vcc-test'",
        then: ("SELECT state, holder FROM v_phone_number WHERE number = '+48600000000';", "personal|marysmith@vcc-test\n"),
        logged: "personal_assignment update\n" },
    Edit { sql: "UPDATE personal_assignment SET released_at = assigned_at WHERE number IN ('+48600000000', '+442079460001') AND released_at IS NULL",
        then: ("SELECT free, bound, personal FROM instance_counter WHERE instance_id = 'vcc-test';", "6|1|3\n"),
        logged: "personal_assignment update\npersonal_assignment update\npersonal_assignment update\n" },
    Edit { sql: "UPDATE instance SET personal_numbers = 'exclusive' WHERE instance_id = 'vcc-test'",
        then: ("SELECT count(*) FROM v_assignable WHERE user_id = 'annakowalska@vcc-test';", "6\n"), logged: "instance update\n" },
    Edit { sql: "UPDATE instance SET personal_numbers = 'shared' WHERE instance_id = 'vcc-test'",
        then: ("SELECT count(*) FROM v_assignable WHERE user_id = 'annakowalska@vcc-test';", "7\n"), logged: "instance update\n" },
    // An instance comes and goes with its counters, a user, whose history stays.
    Edit { sql: "INSERT INTO instance (instance_id, name) VALUES ('new-test', 'new')",
        then: ("SELECT free, bound, personal FROM instance_counter WHERE instance_id = 'new-test';", "0|0|0\n"), logged: "instance insert\n" },
    Edit { sql: "DELETE FROM instance WHERE instance_id = 'new-test'",
        then: ("SELECT count(*) FROM instance_counter;", "2\n"), logged: "instance delete\n" },
    Edit { sql: "DELETE FROM user WHERE user_id = 'wuxia@ccc-test'",
        then: ("SELECT count(*) FROM v_assignment_history WHERE user_id = 'wuxia@ccc-test';", "2\n"), logged: "user delete\n" },
];

#[test]
fn allowed_edits_keep_states_counters_and_the_change_log_right() {
    for settings in SETTINGS {
        let database = SeededDatabase::new();
        for edit in EDITS {
            let log = "SELECT count(*) FROM change;";
            let before = read(&database, log);
            read(&database, &format!("{settings}\n{};", edit.sql));
            let (query, answer) = edit.then;
            assert_eq!(read(&database, query), answer, "{settings} {}", edit.sql);
            let added = format!(
                "SELECT entity || ' ' || action FROM change WHERE change_id > {} ORDER BY change_id;",
                before.trim()
            );
            assert_eq!(read(&database, &added), edit.logged, "{settings} {}", edit.sql);
            // By hand: nobody is named, no request, no reason.
            let by_hand = format!(
                "SELECT count(*) FROM change WHERE change_id > {} AND (via, actor, request_id, reason) <> ('sql', '', '', '');",
                before.trim()
            );
            assert_eq!(read(&database, &by_hand), "0\n", "{settings} {}", edit.sql);
            database.assert_no_rule_violation();
        }
    }
}

#[test]
fn every_change_of_a_number_raises_its_instances_version() {
    let database = SeededDatabase::new();
    let version = "SELECT version FROM instance_counter WHERE instance_id = 'ccc-test';";
    // What has a value of its own kind; any other column is a text.
    let change = |column: &str| match column {
        "usage" => "'Inbound'",
        "active" => "0",
        "contact_flow_id" => "(SELECT min(contact_flow_id) FROM contact_flow)",
        "tags" => "'[]'",
        _ => "'x'",
    };
    let columns = "SELECT name FROM pragma_table_info('phone_number')
                    WHERE name NOT IN ('phone_number_id', 'instance_id', 'number', 'state', 'version',
                                       'callback_number_id', 'created_at', 'last_picked_at');";
    let columns = read(&database, columns);
    assert!(columns.lines().count() >= 10, "{columns}");
    for column in columns.lines() {
        let before: i64 = read(&database, version).trim().parse().expect("a version");
        read(
            &database,
            &format!(
                "UPDATE phone_number SET {column} = {} WHERE instance_id = 'ccc-test' AND number = '02855500018';",
                change(column)
            ),
        );
        let after: i64 = read(&database, version).trim().parse().expect("a version");
        assert_eq!(after, before + 1, "{column}");
    }
    database.assert_no_rule_violation();
}

#[test]
fn a_release_closes_a_row_of_the_history() {
    let database = SeededDatabase::new();
    read(
        &database,
        "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 1772550600000);",
    );
    read(
        &database,
        "UPDATE personal_assignment SET released_at = 1772550660000 WHERE number = '02855500018' AND released_at IS NULL;",
    );
    assert_eq!(
        read(&database, "SELECT * FROM v_assignment_history WHERE number = '02855500018';"),
        "ccc-test|02855500018|lina@ccc-test|2026-03-03 15:10:00.000|2026-03-03 15:11:00.000||sql|||sql|\n"
    );
    assert_eq!(
        read(
            &database,
            "SELECT json_extract(old, '$.released_at'), json_extract(new, '$.released_at') FROM change WHERE number = '02855500018' AND action = 'update';"
        ),
        "|1772550660000\n"
    );
    database.assert_no_rule_violation();
}

/// The question in the comment of `v_assignment_history`.
fn who_had(database: &SeededDatabase, number: &str, at: &str) -> String {
    read(
        database,
        &format!(
            "SELECT user_id FROM v_assignment_history WHERE number = '{number}' AND assigned_at <= '{at}' AND coalesce(released_at, '9') > '{at}';"
        ),
    )
}

#[test]
fn who_had_a_number_at_a_time_is_one_select() {
    let database = SeededDatabase::new();
    assert_eq!(who_had(&database, "083xxxx0011", "2026-03-03 15:10:00.000"), "liuyang@ccc-test\n");
    assert_eq!(
        who_had(&database, "083xxxx0011", "2026-02-10 09:02:00.000"),
        "",
        "nobody had it between two users"
    );
    assert_eq!(
        who_had(&database, "083xxxx0011", "2026-11-01 00:00:00.000"),
        "user-test@ccc-test\n"
    );
    // It changed hands at 15:10: until then the one had it, from then on the other.
    assert_eq!(who_had(&database, "02155500020", "2026-03-03 15:09:59.999"), "chenjing@ccc-test\n");
    assert_eq!(who_had(&database, "02155500020", "2026-03-03 15:10:00.000"), "yangmin@ccc-test\n");
    // The user and the number are gone.
    assert_eq!(who_had(&database, "051255500001", "2026-03-03 15:10:00.000"), "maqiang@ccc-test\n");
}

#[test]
fn a_change_says_who_made_it_from_where_and_why() {
    let database = SeededDatabase::new();
    read(
        &database,
        "BEGIN IMMEDIATE;
         INSERT INTO write_context (only_row, now, actor, via, request_id, reason) VALUES (1, 1772550600000, 'user-test', 'cli', 'r-1', 'moved');
         UPDATE phone_number SET city = 'x' WHERE instance_id = 'ccc-test' AND number = '02855500018';
         DELETE FROM write_context;
         COMMIT;",
    );
    assert_eq!(
        read(
            &database,
            "SELECT changed_at, actor, via, reason, instance_id, entity, action, number FROM v_change WHERE request_id = 'r-1';"
        ),
        "2026-03-03 15:10:00.000|user-test|cli|moved|ccc-test|phone_number|update|02855500018\n"
    );
    database.assert_no_rule_violation();
}

#[test]
fn the_sample_is_refused_a_second_time() {
    let database = SeededDatabase::new();
    let by_hand = shell(&database);
    let watcher = shell(&database);
    let before = data_version(&watcher);
    let seed = include_str!("../../../seed.sql");
    let mut refused = 0;
    // Without stopping at the first refusal.
    let mut statements = rusqlite::Batch::new(&by_hand, seed);
    while let Some(mut statement) = statements.next().expect("the sample is SQL") {
        refused += usize::from(statement.execute([]).is_err());
    }
    let inserts = seed.lines().filter(|line| line.starts_with("INSERT INTO ")).count();
    assert_eq!(refused, inserts);
    assert_eq!(data_version(&watcher), before);
}
