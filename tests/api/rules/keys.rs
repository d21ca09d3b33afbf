//! What must be refused through every door: keys, rows that others refer to, and what follows from
//! other rows.

use super::{Case, assert_refused, case, read};
use crate::support::SeededDatabase;

#[test]
fn a_row_keeps_its_key() {
    let database = SeededDatabase::new();
    // The same number may wait in the pool, but it can't follow into the instance.
    read(
        &database,
        "INSERT INTO phone_number (number, city) VALUES ('02855500018', 'pool');
         INSERT INTO low_water_mark (instance_id, city, least) VALUES ('ccc-test', '成都', 5), ('vcc-test', '', 2);",
    );
    assert_refused(&database, ROW_KEEPS_ITS_KEY);
}

#[rustfmt::skip]
const ROW_KEEPS_ITS_KEY: &[Case] = &[
    case("add a number again", "rule:row_keeps_its_key", "INSERT INTO phone_number (instance_id, number, city) VALUES ('ccc-test', '02855500002', 'again')"),
    case("add a number of the pool again", "rule:row_keeps_its_key", "INSERT INTO phone_number (number) VALUES ('02555500001')"),
    case("add a number under a taken id", "rule:row_keeps_its_key", "INSERT INTO phone_number (phone_number_id, instance_id, number) VALUES (1, 'ccc-test', '02855509999')"),
    case("add a number under the id that means none", "CHECK constraint failed: phone_number_id > 0",
        "INSERT INTO phone_number (phone_number_id, instance_id, number) VALUES (-1, 'ccc-test', '02855509999')"),
    case("add a number under a taken GUID", "rule:row_keeps_its_key",
        "INSERT INTO phone_number (instance_id, number, callback_number_id) VALUES ('vcc-test', '+12025550109', '3be4802b-d8ec-4620-a4da-924d96dea63e')"),
    case("move a number from the pool to where it is already", "rule:row_keeps_its_key",
        "UPDATE phone_number SET instance_id = 'ccc-test' WHERE number = '02855500018' AND instance_id IS NULL"),
    case("move a number into the pool where it is already", "rule:row_keeps_its_key",
        "UPDATE phone_number SET instance_id = NULL WHERE number = '02855500018' AND instance_id = 'ccc-test'"),
    case("change a number", "rule:row_keeps_its_key", "UPDATE phone_number SET number = '02855500003' WHERE number = '02855500018' AND instance_id = 'ccc-test'"),
    case("change a number's id", "rule:row_keeps_its_key", "UPDATE phone_number SET phone_number_id = 2 WHERE phone_number_id = 1"),
    case("change a number's id by its rowid", "rule:row_keeps_its_key", "UPDATE phone_number SET rowid = 2 WHERE phone_number_id = 1"),
    case("change a number's id by its other names", "rule:row_keeps_its_key", "UPDATE phone_number SET oid = 2, _rowid_ = 2 WHERE phone_number_id = 1"),
    case("change a number's GUID", "rule:row_keeps_its_key",
        "UPDATE phone_number SET callback_number_id = '3be4802b-d8ec-4620-a4da-924d96dea63e' WHERE number = '+12025550102'"),
    case("let REPLACE change a number's GUID, by the column's default", "rule:row_keeps_its_key", "UPDATE phone_number SET callback_number_id = NULL WHERE number = '+12025550102'"),
    case("bind a number again", "rule:row_keeps_its_key", "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('test@ccc-test', '02855500001', 'ccc-test')"),
    case("change which group holds a number", "rule:row_keeps_its_key", "UPDATE skill_group_number SET skill_group_id = 'support@ccc-test' WHERE number = '02155500001'"),
    case("add a member again", "rule:row_keeps_its_key", "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id) VALUES ('test@ccc-test', 'wangfang@ccc-test', 'ccc-test')"),
    case("change a member", "rule:row_keeps_its_key", "UPDATE skill_group_member SET user_id = 'liuyang@ccc-test' WHERE user_id = 'wangfang@ccc-test'"),
    case("add an instance again", "rule:row_keeps_its_key", "INSERT INTO instance (instance_id, name) VALUES ('ccc-test', 'again')"),
    case("change an instance's id", "rule:row_keeps_its_key", "UPDATE instance SET instance_id = 'vcc-test' WHERE instance_id = 'ccc-test'"),
    case("add a login's id again", "rule:row_keeps_its_key", "INSERT INTO ram_user (ram_id, login_name) VALUES ('1571234567890123', 'again')"),
    case("add a login name again", "rule:row_keeps_its_key", "INSERT INTO ram_user (ram_id, login_name) VALUES ('9', 'user-test')"),
    case("change a login's id", "rule:row_keeps_its_key", "UPDATE ram_user SET ram_id = '1571234567890123' WHERE login_name = 'lina'"),
    case("change a login name", "rule:row_keeps_its_key", "UPDATE ram_user SET login_name = 'user-test' WHERE login_name = 'lina'"),
    case("take the root away", "rule:row_keeps_its_key", "UPDATE ram_user SET is_root = 0"),
    case("let REPLACE take the root away, by the column's default", "rule:row_keeps_its_key", "UPDATE ram_user SET is_root = NULL"),
    case("make another the root", "rule:row_keeps_its_key", "UPDATE ram_user SET is_root = 1 WHERE login_name = 'lina'"),
    case("add a user again", "rule:row_keeps_its_key", "INSERT INTO user (user_id, instance_id, ram_id) VALUES ('lina@ccc-test', 'ccc-test', '2000000000000002')"),
    case("add a login to an instance twice", "rule:row_keeps_its_key", "INSERT INTO user (user_id, instance_id, ram_id) VALUES ('lina2@ccc-test', 'ccc-test', '2000000000000002')"),
    case("add a user under a taken GUID", "rule:row_keeps_its_key",
        "INSERT INTO user (user_id, instance_id, ram_id, user_guid) VALUES ('xufei@ccc-test', 'ccc-test', '4000000000000001', '2f9207ca-8922-4245-bfc5-d8f42939e29a')"),
    case("change a user's id", "rule:row_keeps_its_key", "UPDATE user SET user_id = 'lina@ccc-test' WHERE user_id = 'zhangwei@ccc-test'"),
    case("change a user's login", "rule:row_keeps_its_key", "UPDATE user SET ram_id = '2000000000000002' WHERE user_id = 'zhangwei@ccc-test'"),
    case("change a user's GUID", "rule:row_keeps_its_key", "UPDATE user SET user_guid = '2f9207ca-8922-4245-bfc5-d8f42939e29a' WHERE user_id = 'zhangwei@ccc-test'"),
    case("let REPLACE change a user's GUID, by the column's default", "rule:row_keeps_its_key", "UPDATE user SET user_guid = NULL WHERE user_id = 'zhangwei@ccc-test'"),
    case("add a skill group again", "rule:row_keeps_its_key", "INSERT INTO skill_group (skill_group_id, instance_id, name) VALUES ('test@ccc-test', 'ccc-test', 'test')"),
    case("add a skill group under a taken GUID", "rule:row_keeps_its_key",
        "INSERT INTO skill_group (skill_group_id, instance_id, name, skill_group_guid) VALUES ('new@ccc-test', 'ccc-test', 'new', 'f0000000-0000-4000-a000-000000000001')"),
    case("rename a skill group", "rule:row_keeps_its_key", "UPDATE skill_group SET skill_group_id = 'test@ccc-test', name = 'test' WHERE name = 'night'"),
    case("let REPLACE change a skill group's GUID, by the column's default", "rule:row_keeps_its_key", "UPDATE skill_group SET skill_group_guid = NULL WHERE name = 'night'"),
    case("add a contact flow again", "rule:row_keeps_its_key",
        "INSERT INTO contact_flow (contact_flow_id, instance_id, name) VALUES ('a3fb6c62-9b49-4942-ae5b-cf2abd4123ek', 'vcc-test', 'again')"),
    case("move a contact flow", "rule:row_keeps_its_key", "UPDATE contact_flow SET instance_id = 'vcc-test'"),
    case("set a mark again", "rule:row_keeps_its_key", "INSERT INTO low_water_mark (instance_id, city, least) VALUES ('ccc-test', '成都', 6)"),
    case("move a mark to another city", "rule:row_keeps_its_key", "UPDATE low_water_mark SET city = '西安' WHERE city = '成都'"),
    case("move a mark to another instance", "rule:row_keeps_its_key", "UPDATE low_water_mark SET instance_id = 'ccc-test' WHERE instance_id = 'vcc-test'"),
    case("set a mark of no instance", "rule:same_instance", "INSERT INTO low_water_mark (instance_id, least) VALUES ('no-such', 6)"),
    case("set a mark of nothing", "CHECK constraint failed: least BETWEEN 1 AND 1000000", "INSERT INTO low_water_mark (instance_id, least) VALUES ('ccc-test', 0)"),
    case("rename a role", "rule:row_keeps_its_key", "UPDATE role SET name = 'Admin' WHERE name = 'Agent'"),
];

#[test]
fn a_row_that_others_refer_to_is_kept() {
    let database = SeededDatabase::new();
    // An instance of which nothing is left but a client, and two logins that are nobody's but have
    // credentials.
    read(
        &database,
        "INSERT INTO instance (instance_id, name) VALUES ('left-test', 'left');
         INSERT INTO oauth_client (client_id, instance_id, secret_hash, scopes) VALUES ('left', 'left-test', zeroblob(32), '');
         INSERT INTO ram_user (ram_id, login_name) VALUES ('1', 'token'), ('2', 'key');
         INSERT INTO api_token (token_id, ram_id, token_hash) VALUES ('left', '1', zeroblob(32));
         INSERT INTO access_key (access_key_id, ram_id, secret_nonce, secret_ciphertext) VALUES ('left', '2', zeroblob(24), x'');",
    );
    assert_refused(&database, REFERENCED_ROW_IS_KEPT);
}

#[rustfmt::skip]
const REFERENCED_ROW_IS_KEPT: &[Case] = &[
    case("remove a bound number", "rule:referenced_row_is_kept", "DELETE FROM phone_number WHERE number = '02855500001'"),
    case("remove a personal number", "rule:referenced_row_is_kept", "DELETE FROM phone_number WHERE number = '02855500002'"),
    case("remove every number", "rule:referenced_row_is_kept", "DELETE FROM phone_number"),
    case("remove an instance in use", "rule:referenced_row_is_kept", "DELETE FROM instance WHERE instance_id = 'ccc-test'"),
    case("remove an instance that has a client", "rule:referenced_row_is_kept", "DELETE FROM instance WHERE instance_id = 'left-test'"),
    case("remove a login that is a user", "rule:referenced_row_is_kept", "DELETE FROM ram_user WHERE login_name = 'lina'"),
    case("remove the root", "rule:referenced_row_is_kept", "DELETE FROM ram_user WHERE is_root = 1"),
    case("remove a login that has a token", "rule:referenced_row_is_kept", "DELETE FROM ram_user WHERE login_name = 'token'"),
    case("remove a login that has an AccessKey", "rule:referenced_row_is_kept", "DELETE FROM ram_user WHERE login_name = 'key'"),
    case("remove a user who holds a number", "rule:referenced_row_is_kept", "DELETE FROM user WHERE user_id = 'user-test@ccc-test'"),
    case("remove a user who is a member", "rule:referenced_row_is_kept", "DELETE FROM user WHERE user_id = 'marysmith@vcc-test'"),
    case("remove a skill group that holds numbers", "rule:referenced_row_is_kept", "DELETE FROM skill_group WHERE skill_group_id = 'test@ccc-test'"),
    case("remove a skill group that has members", "rule:referenced_row_is_kept", "DELETE FROM skill_group WHERE skill_group_id = 'night@ccc-test'"),
    case("remove a contact flow in use", "rule:referenced_row_is_kept", "DELETE FROM contact_flow WHERE name = '主流程'"),
    case("remove a role", "rule:referenced_row_is_kept", "DELETE FROM role WHERE name = 'Agent'"),
];

#[test]
fn the_state_of_a_number_and_the_counters_follow_from_other_rows() {
    assert_refused(&SeededDatabase::new(), DERIVED);
}

#[rustfmt::skip]
const DERIVED: &[Case] = &[
    case("call a free number bound", "rule:state_follows_relations", "UPDATE phone_number SET state = 'bound' WHERE number = '02855500018'"),
    case("call a free number personal", "rule:state_follows_relations", "UPDATE phone_number SET state = 'personal' WHERE number = '02855500018'"),
    case("call a bound number free", "rule:state_follows_relations", "UPDATE phone_number SET state = 'free' WHERE number = '02855500001'"),
    case("call a personal number free", "rule:state_follows_relations", "UPDATE phone_number SET state = 'free' WHERE number = '02855500002'"),
    case("call every number free", "rule:state_follows_relations", "UPDATE phone_number SET state = 'free'"),
    case("let REPLACE make a bound number free, by the column's default", "rule:state_follows_relations", "UPDATE phone_number SET state = NULL WHERE number = '02855500001'"),
    case("add a bound number", "rule:state_follows_relations", "INSERT INTO phone_number (instance_id, number, state) VALUES ('ccc-test', '02855509999', 'bound')"),
    case("count free numbers by hand", "rule:counters_follow_rows", "UPDATE instance_counter SET free = free + 1, version = version + 1"),
    case("count other numbers by hand", "rule:counters_follow_rows", "UPDATE instance_counter SET bound = 0, personal = 0, version = version + 1"),
    case("let REPLACE count, by the column's default", "rule:counters_follow_rows", "UPDATE instance_counter SET free = NULL"),
    case("set the version back", "rule:counters_follow_rows", "UPDATE instance_counter SET version = 0"),
    case("give the counters to another instance", "rule:counters_follow_rows", "UPDATE instance_counter SET instance_id = 'vcc-test' WHERE instance_id = 'ccc-test'"),
    case("remove the counters", "rule:counters_follow_rows", "DELETE FROM instance_counter"),
    case("replace the counters", "rule:counters_follow_rows", "INSERT INTO instance_counter (instance_id) VALUES ('ccc-test')"),
    case("count for no instance", "rule:counters_follow_rows", "INSERT INTO instance_counter (instance_id, free) VALUES ('none-test', 3)"),
    case("count the pool by hand", "rule:counters_follow_rows", "UPDATE pool_counter SET numbers = numbers + 1"),
    case("let REPLACE count the pool", "rule:counters_follow_rows", "UPDATE pool_counter SET numbers = NULL"),
    case("give the pool another counter", "rule:counters_follow_rows", "INSERT INTO pool_counter VALUES (2, 0)"),
    case("replace the counter of the pool", "rule:counters_follow_rows", "INSERT INTO pool_counter VALUES (1, 7)"),
    case("remove the counter of the pool", "rule:counters_follow_rows", "DELETE FROM pool_counter"),
    case("count a skill group's numbers by hand", "rule:counters_follow_rows", "UPDATE skill_group SET phone_number_count = 7"),
    case("count a skill group's users by hand", "rule:counters_follow_rows", "UPDATE skill_group SET user_count = user_count + 1 WHERE name = 'test'"),
    case("let REPLACE count a skill group's numbers", "rule:counters_follow_rows", "UPDATE skill_group SET phone_number_count = NULL WHERE name = 'test'"),
    case("add a skill group with a count", "rule:counters_follow_rows",
        "INSERT INTO skill_group (skill_group_id, instance_id, name, user_count) VALUES ('new@ccc-test', 'ccc-test', 'new', 2)"),
];

#[test]
fn users_have_a_login_an_extension_and_a_default_of_their_own_and_the_account_one_root() {
    assert_refused(&SeededDatabase::new(), USERS);
}

#[rustfmt::skip]
const USERS: &[Case] = &[
    case("add a user with another's extension", "rule:extension_is_unique",
        "INSERT INTO user (user_id, instance_id, ram_id, extension) VALUES ('xufei@ccc-test', 'ccc-test', '4000000000000001', '80326034')"),
    case("take another's extension", "rule:extension_is_unique", "UPDATE user SET extension = '80326034' WHERE user_id = 'lina@ccc-test'"),
    case("take another's extension as an integer", "rule:extension_is_unique", "UPDATE user SET extension = 80326034 WHERE user_id = 'lina@ccc-test'"),
    case("give all users one extension", "rule:extension_is_unique", "UPDATE user SET extension = '1' WHERE instance_id = 'ccc-test'"),
    case("add a user under another name than their login's", "rule:user_is_a_ram_user",
        "INSERT INTO user (user_id, instance_id, ram_id) VALUES ('xu@ccc-test', 'ccc-test', '4000000000000001')"),
    case("add a user of another instance's name", "rule:user_is_a_ram_user",
        "INSERT INTO user (user_id, instance_id, ram_id) VALUES ('xufei@vcc-test', 'ccc-test', '4000000000000001')"),
    case("add a user without a login", "rule:user_is_a_ram_user",
        "INSERT INTO user (user_id, instance_id, ram_id) VALUES ('maqiang@ccc-test', 'ccc-test', '9')"),
    case("give a user a role that there is not", "CHECK constraint failed: role IN", "UPDATE user SET role = 'Root' WHERE user_id = 'lina@ccc-test'"),
    case("give a user a note of 501 characters", "CHECK constraint failed: length(note)",
        "UPDATE user SET note = printf('%501c', 'x') WHERE user_id = 'lina@ccc-test'"),
    case("give a user a note of two lines", "CHECK constraint failed: length(note)",
        "UPDATE user SET note = 'a' || char(10) || 'b' WHERE user_id = 'lina@ccc-test'"),
    case("give a number a note that moves the cursor", "CHECK constraint failed: length(note)",
        "UPDATE phone_number SET note = char(27) || '[2J' WHERE number = '083xxxx0011'"),
    case("add a user with a role that there is not", "CHECK constraint failed: role IN",
        "INSERT INTO user (user_id, instance_id, ram_id, role) VALUES ('xufei@ccc-test', 'ccc-test', '4000000000000001', 'Root')"),
    case("add a user with a default number", "rule:selected_callback_number_is_personal",
        "INSERT INTO user (user_id, instance_id, ram_id, selected_callback_number_id) VALUES ('xufei@ccc-test', 'ccc-test', '4000000000000001', 'c0000000-0000-4000-a000-083000000011')"),
    case("select another's number", "rule:selected_callback_number_is_personal",
        "UPDATE user SET selected_callback_number_id = '3be4802b-d8ec-4620-a4da-924d96dea63e' WHERE user_id = 'tomaszlis@vcc-test'"),
    case("select a free number", "rule:selected_callback_number_is_personal",
        "UPDATE user SET selected_callback_number_id = 'c0000000-0000-4000-a000-012025550102' WHERE user_id = 'annakowalska@vcc-test'"),
    case("select a number that the user had once", "rule:selected_callback_number_is_personal",
        "UPDATE user SET selected_callback_number_id = 'c0000000-0000-4000-a000-083000000011' WHERE user_id = 'wangfang@ccc-test'"),
    case("select a number that is not there", "rule:selected_callback_number_is_personal",
        "UPDATE user SET selected_callback_number_id = 'none' WHERE user_id = 'annakowalska@vcc-test'"),
    case("add a second root", "rule:one_root", "INSERT INTO ram_user (ram_id, login_name, is_root) VALUES ('9', 'maqiang', 1)"),
];
