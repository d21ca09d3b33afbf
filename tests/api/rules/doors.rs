//! What must be refused through every door: the rules between numbers, users and skill groups, and
//! the history.

use super::{Case, assert_refused, case};
use crate::support::SeededDatabase;

#[test]
fn a_number_that_a_skill_group_holds_is_not_personal() {
    assert_refused(&SeededDatabase::new(), BOUND_NUMBER_IS_NOT_PERSONAL);
}

#[rustfmt::skip]
pub(super) const BOUND_NUMBER_IS_NOT_PERSONAL: &[Case] = &[
    case("give a user a bound number", "rule:bound_number_is_not_personal",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500001', 'lina@ccc-test')"),
    case("give a user a bound number, dated back to before it was bound", "rule:bound_number_is_not_personal",
        "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500001', 'lina@ccc-test', 0)"),
    case("give a user a bound number of a shared instance", "rule:bound_number_is_not_personal",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('vcc-test', '+442079460002', 'annakowalska@vcc-test')"),
    case("give a user a free and a bound number at once", "rule:bound_number_is_not_personal",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'lina@ccc-test'), ('ccc-test', '02855500001', 'lina@ccc-test')"),
    case("bind a personal number", "rule:bound_number_is_not_personal",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('sales@ccc-test', '02855500002', 'ccc-test')"),
    case("bind a personal number of a shared instance", "rule:bound_number_is_not_personal",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('support@vcc-test', '+442079460001', 'vcc-test')"),
    case("bind a free and a personal number at once", "rule:bound_number_is_not_personal",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('sales@ccc-test', '02855500018', 'ccc-test'), ('sales@ccc-test', '02855500002', 'ccc-test')"),
    case("change a binding to a personal number", "rule:row_keeps_its_key",
        "UPDATE skill_group_number SET number = '02855500002' WHERE number = '02855500001'"),
    case("change an assignment to a bound number", "rule:history_is_kept",
        "UPDATE personal_assignment SET number = '02855500001' WHERE number = '02855500002'"),
];

#[test]
fn a_personal_number_has_one_holder() {
    assert_refused(&SeededDatabase::new(), PERSONAL_NUMBER_HAS_ONE_HOLDER);
}

#[rustfmt::skip]
pub(super) const PERSONAL_NUMBER_HAS_ONE_HOLDER: &[Case] = &[
    case("give a personal number to a second user", "rule:personal_number_has_one_holder",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500002', 'lina@ccc-test')"),
    case("give a user their own number again", "rule:personal_number_has_one_holder",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500002', 'zhangwei@ccc-test')"),
    case("give a user their own number of a shared instance again", "rule:personal_number_has_one_holder",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('vcc-test', '+48600000000', 'annakowalska@vcc-test')"),
    case("give a free number to two users at once", "rule:personal_number_has_one_holder",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'lina@ccc-test'), ('ccc-test', '02855500018', 'wangfang@ccc-test')"),
    case("replace the open assignment of a number", "rule:history_is_kept",
        "INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id) VALUES (10, 'ccc-test', '02855500002', 'lina@ccc-test')"),
    case("hand an assignment over to another user", "rule:history_is_kept",
        "UPDATE personal_assignment SET user_id = 'lina@ccc-test' WHERE number = '02855500002'"),
    case("make an instance exclusive while two users hold one number", "rule:personal_number_has_one_holder",
        "UPDATE instance SET personal_numbers = 'exclusive' WHERE instance_id = 'vcc-test'"),
    case("let REPLACE make it exclusive, by the column's default", "rule:personal_number_has_one_holder",
        "UPDATE instance SET personal_numbers = NULL WHERE instance_id = 'vcc-test'"),
];

#[test]
fn the_sides_of_a_relation_are_of_one_instance() {
    assert_refused(&SeededDatabase::new(), SAME_INSTANCE);
}

#[rustfmt::skip]
const SAME_INSTANCE: &[Case] = &[
    case("give a user a number of another instance", "rule:same_instance",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '+12025550102', 'lina@ccc-test')"),
    case("give a number to a user of another instance", "rule:same_instance",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'marysmith@vcc-test')"),
    case("give a user a number of the pool", "rule:same_instance",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02555500001', 'lina@ccc-test')"),
    case("give a user a number that nobody has", "rule:same_instance",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855509999', 'lina@ccc-test')"),
    case("give a number to nobody", "rule:same_instance",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'maqiang@ccc-test')"),
    case("give a number in no instance", "rule:same_instance",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('none-test', '02855500018', 'lina@ccc-test')"),
    case("move an assignment to another instance", "rule:history_is_kept",
        "UPDATE personal_assignment SET instance_id = 'vcc-test' WHERE number = '02855500002'"),
    case("bind a number of another instance", "rule:same_instance",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('test@ccc-test', '+12025550102', 'ccc-test')"),
    case("bind a number to a skill group of another instance", "rule:same_instance",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('support@vcc-test', '02855500018', 'ccc-test')"),
    case("bind a number of the pool", "rule:same_instance",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('test@ccc-test', '02555500001', 'ccc-test')"),
    case("move a binding to another instance", "rule:row_keeps_its_key",
        "UPDATE skill_group_number SET instance_id = 'vcc-test' WHERE number = '02855500001'"),
    case("make a user of another instance a member", "rule:same_instance",
        "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id) VALUES ('test@ccc-test', 'marysmith@vcc-test', 'ccc-test')"),
    case("make a user a member of another instance's skill group", "rule:same_instance",
        "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id) VALUES ('support@vcc-test', 'lina@ccc-test', 'ccc-test')"),
    case("move a membership to another instance", "rule:row_keeps_its_key",
        "UPDATE skill_group_member SET instance_id = 'vcc-test'"),
    case("use another instance's contact flow", "rule:same_instance",
        "UPDATE phone_number SET contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek' WHERE number = '+12025550102'"),
    case("add a number with another instance's contact flow", "rule:same_instance",
        "INSERT INTO phone_number (instance_id, number, contact_flow_id) VALUES ('vcc-test', '+12025550104', 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek')"),
    case("use a contact flow that is not there", "rule:same_instance",
        "UPDATE phone_number SET contact_flow_id = 'none' WHERE number = '02855500018'"),
    case("give a number of the pool a contact flow", "rule:same_instance",
        "UPDATE phone_number SET contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek' WHERE number = '02555500001'"),
    case("put a number with its contact flow into the pool", "rule:same_instance",
        "UPDATE phone_number SET instance_id = NULL WHERE number = '02855500008'"),
    case("move a number with its contact flow to another instance", "rule:same_instance",
        "UPDATE phone_number SET instance_id = 'vcc-test' WHERE number = '02855500008'"),
    case("put a personal number into the pool", "rule:same_instance",
        "UPDATE phone_number SET instance_id = NULL WHERE number = '02855500002'"),
    case("move a bound number to another instance, and call it free", "rule:same_instance",
        "UPDATE phone_number SET instance_id = 'vcc-test', state = 'free' WHERE number = '01055500002'"),
    case("move a number to no instance", "rule:same_instance",
        "UPDATE phone_number SET instance_id = 'none-test' WHERE number = '02855500018'"),
    case("add a number to no instance", "rule:same_instance",
        "INSERT INTO phone_number (instance_id, number) VALUES ('none-test', '02855509999')"),
    case("add a user to no instance", "rule:same_instance",
        "INSERT INTO user (user_id, instance_id, ram_id) VALUES ('xufei@none-test', 'none-test', '4000000000000001')"),
    case("add a skill group to no instance", "rule:same_instance",
        "INSERT INTO skill_group (skill_group_id, instance_id, name) VALUES ('new@none-test', 'none-test', 'new')"),
    case("add a contact flow to no instance", "rule:same_instance",
        "INSERT INTO contact_flow (contact_flow_id, instance_id, name) VALUES ('new', 'none-test', 'new')"),
];

#[test]
fn a_number_exists_once_in_an_instance_and_in_the_pool() {
    let database = SeededDatabase::new();
    super::read(
        &database,
        "INSERT INTO phone_number (number) VALUES ('+862855500019');
         INSERT INTO phone_number (instance_id, number) VALUES ('vcc-test', '02855500019'), ('vcc-test', '+862855500019');",
    );
    assert_refused(&database, NUMBER_EXISTS_ONCE);
    assert_refused(&database, AFTER_THAT);
}

#[rustfmt::skip]
pub(super) const NUMBER_EXISTS_ONCE: &[Case] = &[
    case("add the international spelling of a national number", "rule:number_exists_once",
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '+862855500018')"),
    case("add it with 0086 and separators", "rule:number_exists_once",
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '0086-28-5550-0018')"),
    case("add a new number in two spellings at once", "rule:number_exists_once",
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '13899990000'), ('ccc-test', '+8613899990000')"),
    case("add another spelling of a number of the pool", "rule:number_exists_once",
        "INSERT INTO phone_number (number) VALUES ('025-5550-0001')"),
    case("add another spelling to an instance without a country code", "rule:number_exists_once",
        "INSERT INTO phone_number (instance_id, number) VALUES ('vcc-test', '0048-600-000-000')"),
    case("rewrite a number", "rule:row_keeps_its_key",
        "UPDATE phone_number SET number = '+862855500018' WHERE number = '02855500018'"),
    case("rewrite a spelling", "rule:row_keeps_its_key",
        "UPDATE spelling SET number = '1' WHERE number = '02855500018'"),
    case("forget a spelling", "rule:referenced_row_is_kept",
        "DELETE FROM spelling WHERE number = '02855500018'"),
];

#[rustfmt::skip]
const AFTER_THAT: &[Case] = &[
    case("move another spelling in from the pool", "rule:number_exists_once",
        "UPDATE phone_number SET instance_id = 'ccc-test' WHERE instance_id IS NULL AND number = '+862855500019'"),
    case("move another spelling in from an instance", "rule:number_exists_once",
        "UPDATE phone_number SET instance_id = 'ccc-test' WHERE instance_id = 'vcc-test' AND number = '+862855500019'"),
    case("set a country code with which two numbers are one", "rule:number_exists_once",
        "UPDATE instance SET country_code = '86' WHERE instance_id = 'vcc-test'"),
];

#[test]
fn a_number_has_a_digit_a_service_number_is_inbound_and_a_contact_flow_needs_inbound() {
    assert_refused(&SeededDatabase::new(), USAGE);
}

#[rustfmt::skip]
const USAGE: &[Case] = &[
    case("add a service number of no usage, whose default is Bidirection", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '4005550099')"),
    // By REPLACE the rule refuses it; by any other way the column does.
    case("let REPLACE choose the usage, by the column's default", "usage",
        "INSERT INTO phone_number (instance_id, number, usage) VALUES ('ccc-test', '4005550099', NULL)"),
    case("add a service number for outbound calls", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (instance_id, number, usage) VALUES ('ccc-test', '4005550099', 'Outbound')"),
    case("add a service number as an integer", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (instance_id, number, usage) VALUES ('ccc-test', 4005550099, 'Outbound')"),
    case("add a masked service number", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (instance_id, number, usage) VALUES ('ccc-test', '400xxxx0099', 'Inbound'), ('ccc-test', '400xxx0099', 'Outbound')"),
    case("add a service number to the pool", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (number, usage) VALUES ('4005550099', 'Bidirection')"),
    case("add a service number in its international spelling", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '+864005550099')"),
    case("add it with separators", "rule:service_number_is_inbound",
        "INSERT INTO phone_number (instance_id, number) VALUES ('vcc-test', '400-555-0099')"),
    case("change a service number to Bidirection", "rule:service_number_is_inbound",
        "UPDATE phone_number SET usage = 'Bidirection' WHERE number = '4005550006'"),
    case("let REPLACE change the usage, by the column's default", "usage",
        "UPDATE phone_number SET usage = NULL WHERE number = '4005550006'"),
    case("change every number to Bidirection", "rule:service_number_is_inbound",
        "UPDATE phone_number SET usage = 'Bidirection'"),
    case("make a number of another usage a service number", "rule:row_keeps_its_key",
        "UPDATE phone_number SET number = '4005550099' WHERE number = '02855500018'"),
    case("add an outbound number with a contact flow", "rule:contact_flow_needs_inbound",
        "INSERT INTO phone_number (instance_id, number, usage, contact_flow_id) VALUES ('ccc-test', '02855509999', 'Outbound', 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek')"),
    case("give an outbound number a contact flow", "rule:contact_flow_needs_inbound",
        "UPDATE phone_number SET contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek' WHERE number = '02855500017'"),
    case("make a number with a contact flow outbound", "rule:contact_flow_needs_inbound",
        "UPDATE phone_number SET usage = 'Outbound' WHERE number = '083xxxx0011'"),
    case("add a number without a digit", "rule:number_has_a_digit",
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '--')"),
    case("add one to the pool", "rule:number_has_a_digit",
        "INSERT INTO phone_number (number) VALUES ('+*#')"),
    case("make a number one", "rule:row_keeps_its_key",
        "UPDATE phone_number SET number = '##' WHERE number = '02855500018'"),
    case("do both at once", "rule:contact_flow_needs_inbound",
        "UPDATE phone_number SET usage = 'Outbound', contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek' WHERE number = '02855500018'"),
];

#[test]
fn the_history_is_kept() {
    assert_refused(&SeededDatabase::new(), HISTORY_IS_KEPT);
}

#[rustfmt::skip]
const HISTORY_IS_KEPT: &[Case] = &[
    case("delete the past", "rule:history_is_kept", "DELETE FROM personal_assignment WHERE assignment_id = 1"),
    case("delete the present", "rule:history_is_kept", "DELETE FROM personal_assignment WHERE number = '02855500002'"),
    case("delete all of it", "rule:history_is_kept", "DELETE FROM personal_assignment"),
    case("reopen an assignment", "rule:history_is_kept", "UPDATE personal_assignment SET released_at = NULL WHERE assignment_id = 3"),
    case("change when a number was released", "rule:history_is_kept", "UPDATE personal_assignment SET released_at = released_at + 1 WHERE assignment_id = 1"),
    case("change when a number was given", "rule:history_is_kept", "UPDATE personal_assignment SET assigned_at = assigned_at - 1 WHERE assignment_id = 1"),
    case("change who had a number", "rule:history_is_kept", "UPDATE personal_assignment SET user_id = 'lina@ccc-test' WHERE assignment_id = 1"),
    case("change which number it was", "rule:history_is_kept", "UPDATE personal_assignment SET number = '02855500018' WHERE assignment_id = 1"),
    case("change an open assignment while closing it", "rule:history_is_kept",
        "UPDATE personal_assignment SET user_id = 'lina@ccc-test', released_at = 1800000000000 WHERE number = '02855500002'"),
    case("let REPLACE change when it was given, by the column's default", "rule:history_is_kept",
        "UPDATE personal_assignment SET assigned_at = NULL, released_at = 1900000000000 WHERE number = '02855500002'"),
    case("number an assignment anew", "rule:history_is_kept", "UPDATE personal_assignment SET assignment_id = 2 WHERE assignment_id = 1"),
    case("number an assignment anew by its rowid", "rule:history_is_kept", "UPDATE personal_assignment SET rowid = 2 WHERE assignment_id = 1"),
    case("replace a closed assignment", "rule:history_is_kept",
        "INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id, assigned_at, released_at) VALUES (1, 'ccc-test', '083xxxx0011', 'lina@ccc-test', 1, 2)"),
    case("use up the ids, so that nothing can be assigned any more", "rule:history_is_kept",
        "INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id) VALUES (9223372036854775807, 'ccc-test', '02855500018', 'lina@ccc-test')"),
    case("take the id that means none", "CHECK constraint failed: assignment_id > 0",
        "INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id) VALUES (-1, 'ccc-test', '02855500018', 'lina@ccc-test')"),
    case("delete a change", "rule:history_is_kept", "DELETE FROM change WHERE change_id = 1"),
    case("delete the change log", "rule:history_is_kept", "DELETE FROM change"),
    case("delete the blocks of it", "rule:history_is_kept", "DELETE FROM change_block"),
    case("change the change log", "rule:history_is_kept", "UPDATE change SET reason = 'because' WHERE change_id = 1"),
    case("number a change anew by its rowid", "rule:history_is_kept", "UPDATE change SET rowid = 2 WHERE change_id = 1"),
    case("replace a change", "rule:history_is_kept",
        "INSERT INTO change (change_id, changed_at, actor, via, request_id, reason, entity, action) VALUES (1, 0, '', 'sql', '', '', 'user', 'insert')"),
    case("use up the change log's ids", "rule:history_is_kept",
        "INSERT INTO change (change_id, changed_at, actor, via, request_id, reason, entity, action) VALUES (9223372036854775807, 0, '', 'sql', '', '', 'user', 'insert')"),
    case("take the change id that means none", "rule:history_is_kept",
        "INSERT INTO change (change_id, changed_at, actor, via, request_id, reason, entity, action) VALUES (-1, 0, '', 'sql', '', '', 'user', 'insert')"),
    case("write a change in another's name", "rule:history_is_kept",
        "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES (0, 'user-test', 'ccc', '', '', 'user', 'insert')"),
];
