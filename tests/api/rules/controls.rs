//! Without its trigger each rule breaks, and `v_rule_violation` shows it: a proof that the other
//! tests can fail.

use super::{read, refusal, run};
use crate::support::SeededDatabase;
use rusqlite::Connection;

/// Tries the statement with and without the triggers, the latter in a copy of the database.
#[expect(clippy::disallowed_methods, reason = "past the program's own store")]
fn assert_breaks_without(rule: &str, triggers: &[&str], sql: &str, found: &str) {
    let database = SeededDatabase::new();
    let message = refusal(&database, &format!("{sql};"));
    assert!(message.contains(&format!("rule:{rule}:")), "{message}");
    database.assert_no_rule_violation();

    let copy = database.path().with_extension(rule);
    read(&database, &format!("VACUUM INTO '{}';", copy.display()));
    let without = Connection::open(&copy).expect("the copy opens");
    let dropped: String =
        triggers.iter().map(|trigger| format!("DROP TRIGGER {trigger};\n")).collect();
    let sql = format!("{dropped}{sql};\nSELECT DISTINCT rule FROM v_rule_violation;");
    let broken = run(&without, &sql).expect("nothing stands in the way");
    drop(without);
    std::fs::remove_file(&copy).expect("the copy can be removed");
    assert!(broken.lines().any(|line| line == found), "{rule} is not missed: {broken}");
    database.assert_no_rule_violation();
}

#[test]
fn without_its_trigger_a_bound_number_becomes_personal() {
    assert_breaks_without(
        "bound_number_is_not_personal",
        // The state's trigger is behind it.
        &["personal_assignment_insert", "phone_number_update_state"],
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500001', 'lina@ccc-test')",
        "bound_number_is_not_personal",
    );
}

#[test]
fn without_its_trigger_a_personal_number_is_bound() {
    assert_breaks_without(
        "bound_number_is_not_personal",
        &["skill_group_number_insert"],
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('sales@ccc-test', '02855500002', 'ccc-test')",
        "bound_number_is_not_personal",
    );
}

#[test]
fn without_its_trigger_a_personal_number_has_two_holders() {
    assert_breaks_without(
        "personal_number_has_one_holder",
        &["personal_assignment_insert"],
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500002', 'lina@ccc-test')",
        "personal_number_has_one_holder",
    );
}

#[test]
fn without_its_trigger_a_user_of_another_instance_holds_a_number() {
    assert_breaks_without(
        "same_instance",
        &["personal_assignment_insert"],
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'marysmith@vcc-test')",
        "same_instance",
    );
}

#[test]
fn without_its_trigger_a_service_number_is_not_inbound() {
    assert_breaks_without(
        "service_number_is_inbound",
        &["phone_number_updated"],
        "UPDATE phone_number SET usage = 'Bidirection' WHERE number = '4005550006'",
        "service_number_is_inbound",
    );
}

#[test]
fn without_its_trigger_a_number_is_there_in_two_spellings() {
    assert_breaks_without(
        "number_exists_once",
        &["phone_number_inserted"],
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '+862855500018');
         INSERT INTO spelling (number) VALUES ('+862855500018')",
        "number_exists_once",
    );
}

#[test]
fn without_its_row_a_spelling_is_missed() {
    assert_breaks_without(
        "referenced_row_is_kept",
        &["spelling_delete"],
        "DELETE FROM spelling WHERE number = '02855500018'",
        "number_exists_once",
    );
}

#[test]
fn without_its_trigger_an_outbound_number_has_a_contact_flow() {
    assert_breaks_without(
        "contact_flow_needs_inbound",
        &["phone_number_update"],
        "UPDATE phone_number SET usage = 'Outbound' WHERE number = '083xxxx0011'",
        "contact_flow_needs_inbound",
    );
}

#[test]
fn without_its_trigger_the_present_is_deleted() {
    assert_breaks_without(
        "history_is_kept",
        &["personal_assignment_delete"],
        "DELETE FROM personal_assignment WHERE number = '02855500002'",
        "state_follows_relations",
    );
}

#[test]
fn without_its_trigger_the_past_is_rewritten() {
    assert_breaks_without(
        "history_is_kept",
        &["personal_assignment_update", "personal_assignment_update_logged"],
        "UPDATE personal_assignment SET user_id = 'lina@ccc-test' WHERE assignment_id = 1",
        "history_is_kept",
    );
}

#[test]
fn without_its_triggers_a_number_is_both_held_and_kept() {
    assert_breaks_without(
        "number_is_reserved",
        &["reservation_insert"],
        "INSERT INTO reservation (instance_id, number, kind, until_at) VALUES ('ccc-test', '02855500002', 'hold', 9999999999999)",
        "number_is_reserved",
    );
}
