//! What somebody with the file could try, past the program. A statement is refused, or `numberd
//! check` notices what it did, or it breaks no rule and leaves a line in the change log.
//!
//! What is noticed and not refused has a kind, and each kind is described in docs/schema.md.

use super::{data_version, read, shell};
use crate::support::SeededDatabase;
use numberd::domain::Clock;
use numberd::store::{Migrate, Store};

/// Statements that are refused: kind and SQL.
#[rustfmt::skip]
const REFUSED: &[(&str, &str)] = &[
    // Assignments in the future, of the past, and over others.
    ("future", "UPDATE personal_assignment SET released_at = 4102444800000 WHERE number = '02855500002' AND released_at IS NULL"),
    ("future", "UPDATE personal_assignment SET released_at = (SELECT now FROM v_now) + 61000 WHERE released_at IS NULL"),
    ("future", "UPDATE OR REPLACE personal_assignment SET released_at = 9223372036854775807 WHERE released_at IS NULL"),
    ("future", "UPDATE OR FAIL personal_assignment SET released_at = 4102444800000 WHERE released_at IS NULL"),
    ("future", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 4102444800000)"),
    ("future", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', (SELECT now FROM v_now) + 61000)"),
    ("future", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 0, 4102444800000)"),
    ("future", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 9223372036854775000, 9223372036854775807)"),
    ("future", "INSERT OR REPLACE INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('vcc-test', '+12025550102', 'marysmith@vcc-test', 4102444800000)"),
    ("future", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 'tomorrow')"),
    ("future", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 4102444800000.0)"),
    ("past", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', -1)"),
    ("past", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 5, 4)"),
    ("overlap", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '02855500002', 'lina@ccc-test', 0, (SELECT now FROM v_now))"),
    ("overlap", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '083xxxx0011', 'lina@ccc-test', 1770713999999, 1770714000002)"),
    ("overlap", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '083xxxx0011', 'lina@ccc-test', 0, 1767661200001)"),
    ("overlap", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '083xxxx0011', 'lina@ccc-test', 0, 1795000000000)"),
    ("overlap", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '083xxxx0011', 'nobody@ccc-test', 1774000000000, 1774000000001)"),
    ("overlap", "INSERT OR REPLACE INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '083xxxx0011', 'lina@ccc-test', 1768000000000, 1769000000000)"),
    ("overlap", "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) SELECT instance_id, number, 'lina@ccc-test', 0 FROM personal_assignment WHERE number = '051255500001'"),
    ("exclusive", "INSERT INTO personal_assignment (instance_id, number, user_id, exclusive) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 0)"),
    ("exclusive", "UPDATE personal_assignment SET exclusive = 0"),
    ("exclusive", "UPDATE personal_assignment SET exclusive = NULL"),
    ("exclusive", "UPDATE OR REPLACE personal_assignment SET exclusive = 1 - exclusive WHERE released_at IS NOT NULL"),
    ("history", "UPDATE personal_assignment SET released_at = NULL WHERE released_at IS NOT NULL"),
    ("history", "UPDATE personal_assignment SET released_at = released_at - 1 WHERE released_at IS NOT NULL"),
    ("history", "UPDATE personal_assignment SET assigned_at = 0"),
    ("history", "UPDATE personal_assignment SET rowid = rowid + 1000"),
    ("history", "UPDATE personal_assignment SET assignment_id = -assignment_id"),
    ("history", "DELETE FROM personal_assignment"),
    ("history", "INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id) VALUES (9000, 'ccc-test', '02855500018', 'lina@ccc-test')"),
    // One number in two spellings.
    ("spelling", "INSERT OR REPLACE INTO phone_number (instance_id, number) VALUES ('ccc-test', '+8628-5550-0018')"),
    ("spelling", "REPLACE INTO phone_number (phone_number_id, instance_id, number) VALUES (9000, 'ccc-test', '+862855500018')"),
    ("spelling", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '+862855500018') ON CONFLICT DO UPDATE SET city = 'x'"),
    ("spelling", "INSERT INTO spelling (number, comparable) VALUES ('+862855500018', 'x')"),
    ("spelling", "INSERT INTO spelling (number, comparable_86) VALUES ('+862855500018', 'x')"),
    ("spelling", "UPDATE OR REPLACE spelling SET number = '02855500018'"),
    ("spelling", "UPDATE spelling SET comparable_86 = number"),
    ("spelling", "DELETE FROM spelling"),
    ("spelling", "DELETE FROM spelling WHERE number NOT IN (SELECT number FROM personal_assignment)"),
    ("spelling", "UPDATE instance SET country_code = '1'"),
    ("spelling", "UPDATE OR REPLACE instance SET country_code = 'x' WHERE instance_id = 'ccc-test'"),
    // Archived and locked users.
    ("active", "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'wuxia@ccc-test')"),
    ("active", "INSERT OR IGNORE INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'wuxia@ccc-test')"),
    ("active", "REPLACE INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'wuxia@ccc-test', 0)"),
    ("active", "UPDATE user SET active = NULL WHERE user_id = 'wuxia@ccc-test'"),
    ("active", "UPDATE user SET active = 2 WHERE user_id = 'wuxia@ccc-test'"),
    // The log.
    ("log", "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES ((SELECT now FROM v_now), 'user-test', 'sql', '', '', 'user', 'update')"),
    ("log", "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES ((SELECT now FROM v_now), '', 'sql', 'r-1', '', 'user', 'update')"),
    ("log", "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES ((SELECT now FROM v_now), '', 'sql', '', 'because', 'user', 'update')"),
    ("log", "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES ((SELECT now FROM v_now), '', 'ccc', '', '', 'user', 'update')"),
    ("log", "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES (0, '', 'sql', '', '', 'user', 'update')"),
    ("log", "INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action) VALUES (4102444800000, '', 'sql', '', '', 'user', 'update')"),
    ("log", "INSERT INTO change (change_id, changed_at, actor, via, request_id, reason, entity, action) VALUES (1, (SELECT now FROM v_now), '', 'sql', '', '', 'user', 'update')"),
    ("log", "INSERT INTO change (change_id, changed_at, actor, via, request_id, reason, entity, action) VALUES (100000, (SELECT now FROM v_now), '', 'sql', '', '', 'user', 'update')"),
    ("log", "INSERT OR REPLACE INTO change SELECT * FROM change WHERE change_id = 1"),
    ("log", "UPDATE change SET actor = 'somebody'"),
    ("log", "UPDATE change SET rowid = rowid + 1000"),
    ("log", "UPDATE OR IGNORE change SET new = NULL WHERE change_id = 7"),
    ("log", "DELETE FROM change"),
    ("log", "DELETE FROM change WHERE change_id = (SELECT max(change_id) FROM change)"),
    ("log", "INSERT INTO undone (change_id, undone_by) VALUES (1, 2)"),
    ("log", "INSERT INTO change_archive VALUES (10, 1, 10, 4102444800000, 0, 'x', printf('%064d', 0), 0)"),
    ("log", "INSERT OR REPLACE INTO change_archive VALUES (10, 1, 10, 4102444800000, 0, 'x', printf('%064d', 0), 0)"),
    ("log", "INSERT INTO forgetting VALUES (1, 'forgotten-000000000000', 'gone')"),
    ("log", "INSERT INTO forgotten_person VALUES ('forgotten-000000000000', 0, 0, 0)"),
    ("log", "INSERT INTO write_context VALUES (1, 0, 'user-test', 'sql', '', '')"),
    ("log", "INSERT INTO write_context VALUES (1, 0, 'user-test', 'nowhere', '', '')"),
    ("log", "INSERT INTO write_context VALUES (2, 0, 'user-test', 'ccc', '', '')"),
    ("log", "DELETE FROM origin WHERE name = 'sql'"),
    ("log", "UPDATE origin SET name = 'me' WHERE name = 'sql'"),
    ("log", "REPLACE INTO origin VALUES ('sql')"),
    // Credentials take no other's place and change no owner.
    ("credentials", "UPDATE oauth_client SET instance_id = 'ccc-test' WHERE client_id = 'demo-client'"),
    ("credentials", "UPDATE oauth_client SET client_id = 'mine'"),
    ("credentials", "INSERT OR REPLACE INTO oauth_client (client_id, instance_id, secret_hash, scopes) VALUES ('demo-client', 'ccc-test', zeroblob(32), '')"),
    ("credentials", "UPDATE api_token SET ram_id = '2000000000000002'"),
    ("credentials", "UPDATE api_token SET token_id = 'mine'"),
    ("credentials", "INSERT OR REPLACE INTO api_token (token_id, ram_id, token_hash) VALUES ('demo', '2000000000000002', zeroblob(32))"),
    ("credentials", "INSERT OR REPLACE INTO api_token (token_id, ram_id, token_hash) SELECT 'mine', '2000000000000002', token_hash FROM api_token"),
    ("credentials", "INSERT INTO api_token (token_id, ram_id, token_hash) VALUES ('short', '2000000000000002', x'00')"),
    ("credentials", "UPDATE access_key SET ram_id = '2000000000000002'"),
    ("credentials", "UPDATE OR REPLACE access_key SET access_key_id = 'mine'"),
    ("credentials", "INSERT OR REPLACE INTO access_key SELECT * FROM access_key"),
    ("credentials", "UPDATE access_key SET secret_nonce = x'00'"),
    ("credentials", "UPDATE ram_user SET is_root = 1 WHERE login_name = 'lina'"),
    ("credentials", "INSERT OR REPLACE INTO ram_user (ram_id, login_name, is_root) VALUES ('1571234567890123', 'lina', 1)"),
    ("credentials", "DELETE FROM ram_user WHERE is_root = 1"),
    ("credentials", "UPDATE user SET role = 'Root' WHERE user_id = 'lina@ccc-test'"),
    ("credentials", "REPLACE INTO role VALUES ('Agent', 'everything')"),
    // Versions and counters.
    ("versions", "UPDATE user SET version = -5"),
    ("versions", "UPDATE user SET version = 0"),
    ("versions", "UPDATE OR REPLACE user SET version = NULL"),
    ("versions", "UPDATE phone_number SET version = version - 1"),
    ("versions", "UPDATE phone_number SET version = 9223372036854775807"),
    ("versions", "UPDATE instance SET version = 1000"),
    ("versions", "UPDATE skill_group SET version = version + 2"),
    ("versions", "UPDATE contact_flow SET version = -1"),
    ("versions", "INSERT INTO instance (instance_id, name, version) VALUES ('new-test', 'new', 0)"),
    ("versions", "INSERT INTO phone_number (instance_id, number, version) VALUES ('ccc-test', '02855509999', 7)"),
    ("versions", "UPDATE instance_counter SET version = version + 2"),
    ("versions", "UPDATE pool_counter SET numbers = 0"),
    ("versions", "UPDATE skill_group SET user_count = 0"),
    // Texts that are not numbers.
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', x'3031')"),
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', NULL)"),
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', 1.5)"),
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', ' 02855509999')"),
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '02855509999' || char(0) || '1')"),
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '０２８')"),
    ("number", "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', CAST(x'30B3' AS TEXT))"),
    ("number", "INSERT INTO phone_number (instance_id, number, tags) VALUES ('ccc-test', '02855509999', '{}')"),
    ("number", "INSERT INTO phone_number (instance_id, number, tags) VALUES ('ccc-test', '02855509999', '[')"),
    ("number", "UPDATE phone_number SET usage = 'Both' WHERE number = '02855500018'"),
    ("number", "UPDATE phone_number SET active = 'yes' WHERE number = '02855500018'"),
    ("number", "UPDATE phone_number SET number = number || '1'"),
    ("number", "UPDATE phone_number SET state = 'free'"),
    ("number", "UPDATE phone_number SET instance_id = 'vcc-test' WHERE state <> 'free'"),
    ("number", "DELETE FROM phone_number"),
    ("relations", "INSERT INTO skill_group_number (instance_id, skill_group_id, number) SELECT instance_id, 'test@ccc-test', number FROM personal_assignment WHERE released_at IS NULL"),
    ("relations", "INSERT INTO personal_assignment (instance_id, number, user_id) SELECT instance_id, number, 'lina@ccc-test' FROM skill_group_number"),
    ("relations", "UPDATE skill_group_number SET instance_id = 'vcc-test'"),
    ("relations", "UPDATE OR REPLACE skill_group_member SET user_id = 'lina@ccc-test'"),
    ("relations", "DELETE FROM instance"),
    ("relations", "DELETE FROM user"),
    ("relations", "DELETE FROM skill_group"),
    ("relations", "UPDATE instance SET personal_numbers = 'exclusive' WHERE instance_id = 'vcc-test'"),
    ("relations", "UPDATE user SET selected_callback_number_id = callback_number_id FROM phone_number WHERE number = '02855500001'"),
];

/// Statements that are done, and noticed by `numberd check`: the kind that docs/schema.md has, and
/// SQL.
#[rustfmt::skip]
const NOTICED: &[(&str, &str)] = &[
    ("schema", "CREATE TRIGGER evil BEFORE INSERT ON change BEGIN SELECT RAISE(IGNORE); END"),
    ("schema", "CREATE TRIGGER evil AFTER INSERT ON nonce BEGIN UPDATE user SET role = 'Admin'; END"),
    ("schema", "DROP VIEW v_rule_violation; CREATE VIEW v_rule_violation AS SELECT '' AS rule, '' AS instance_id, '' AS subject, '' AS detail WHERE 0"),
    ("schema", "DROP VIEW v_now; CREATE VIEW v_now AS SELECT 0 AS now"),
    ("schema", "DROP TABLE nonce"),
    ("schema", "DROP TABLE undone"),
    ("schema", "ALTER TABLE user ADD COLUMN mine TEXT"),
    ("schema", "ALTER TABLE phone_number RENAME COLUMN city TO town"),
    ("schema", "DROP INDEX phone_number_in_instance"),
    ("schema", "DROP INDEX user_by_extension; CREATE INDEX user_by_extension ON user (instance_id, extension)"),
    ("schema", "DROP TRIGGER personal_assignment_delete; DELETE FROM personal_assignment WHERE released_at IS NOT NULL"),
    ("schema", "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'change_update'; PRAGMA writable_schema = OFF"),
    ("schema", "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'IS NOT ''Inbound''', 'IS ''x''') WHERE name = 'phone_number_inserted'; PRAGMA writable_schema = OFF"),
    ("schema", "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (length(ram_id) BETWEEN', 'CHECK (1 OR length(ram_id) BETWEEN') WHERE name = 'ram_user'; PRAGMA writable_schema = OFF"),
    ("log", "CREATE TEMP TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = 'change_delete'; DROP TRIGGER change_delete; DELETE FROM change WHERE change_id = 5; PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT 'trigger', 'change_delete', 'change', 0, sql FROM kept; PRAGMA writable_schema = OFF"),
    ("log", "INSERT INTO write_context VALUES (1, 4102444800000, 'user-test', 'ccc', 'r-1', '')"),
    ("log", "INSERT INTO write_context VALUES (1, 4102444800000, 'user-test', 'ccc', 'r-1', ''); UPDATE personal_assignment SET released_at = 4102444800000 WHERE number = '02855500002' AND released_at IS NULL; DELETE FROM write_context"),
    ("log", "INSERT INTO write_context VALUES (1, 4102444800000, 'user-test', 'ccc', 'r-1', ''); INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', 4102444800000); DELETE FROM write_context"),
    ("log", "INSERT INTO change_entry (entity, action, assignment_id, new) VALUES ('personal_assignment', 'insert', 77777, '{}')"),
    ("log", "INSERT INTO change_entry (entity, action, assignment_id, new) VALUES ('personal_assignment', 'update', 1, '{}')"),
    ("sequence", "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'change'"),
    ("sequence", "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'change'"),
    ("sequence", "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'personal_assignment'"),
    ("sequence", "DELETE FROM sqlite_sequence"),
    ("scratch", "INSERT INTO counting VALUES (1)"),
    ("scratch", "INSERT INTO counting VALUES (1); UPDATE pool_counter SET numbers = 0; DELETE FROM counting"),
    ("scratch", "INSERT INTO counting VALUES (1); UPDATE skill_group SET user_count = 9; DELETE FROM counting"),
    ("scratch", "INSERT INTO counting VALUES (1); UPDATE instance_counter SET free = 0, version = version + 1; DELETE FROM counting"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', 'hello 1')"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE user SET role = 'Root' WHERE user_id = 'lina@ccc-test'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE user SET work_mode = 'SLEEPING'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE instance SET status = 'GONE'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE skill_group SET media_type = 'SMOKE'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE skill_group_member SET skill_level = 99"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE contact_flow SET type = 'NONE'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE access_key SET secret_nonce = x'00'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE api_token SET token_hash = x'00'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE oauth_client SET secret_hash = x'00' WHERE client_id = 'demo-client'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE key_file_check SET nonce = x'00'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; INSERT INTO ram_user (ram_id, login_name) VALUES ('x', 'a b')"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE phone_number SET usage = 'Both' WHERE number = '02855500018'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; UPDATE phone_number SET active = 7 WHERE number = '02855500018'"),
    ("constraints", "PRAGMA ignore_check_constraints = ON; INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'lina@ccc-test', -5)"),
    ("run", "INSERT INTO run (request_id, actor, reason, act, mode, total, started_at, slice_at) VALUES ('r-1', 'lina', '', '{}', 'best_effort', 1, 0, 0)"),
    ("run", "INSERT INTO run (request_id, actor, reason, act, mode, total, started_at, slice_at) VALUES ('r-1', 'lina', '', '{\"run\":\"nothing\"}', 'best_effort', 1, 0, 0)"),
    ("run", "INSERT INTO run (request_id, actor, reason, act, mode, total, started_at, slice_at) VALUES ('r-1', 'lina', '', '{\"run\":\"items\"}', 'best_effort', 1, 0, 0); INSERT INTO run_refusal VALUES ('r-1', 0, '02855500018', '{\"code\":\"no-such-code\",\"detail\":\"\"}')"),
    ("run", "INSERT INTO run (request_id, actor, reason, act, mode, total, started_at, slice_at) VALUES ('r-1', 'lina', '', '{\"run\":\"items\"}', 'best_effort', 1, 0, 0); INSERT INTO run_part (request_id, first, items) VALUES ('r-1', 0, '{}')"),
    ("log", "CREATE TEMP TRIGGER t BEFORE INSERT ON main.change BEGIN SELECT RAISE(IGNORE); END; UPDATE main.user SET role = 'Admin' WHERE user_id = 'lina@ccc-test'"),
    ("log", "INSERT INTO change_entry (entity, action, user_id, old) VALUES ('user', 'delete', 'lina@ccc-test', '{\"user_id\":\"lina@ccc-test\"}')"),
    ("text", "UPDATE phone_number SET city = CAST(x'B3C9B6BC' AS TEXT) WHERE number = '02855500018'"),
    ("text", "UPDATE user SET display_name = CAST(x'FF' AS TEXT) WHERE user_id = 'lina@ccc-test'"),
    ("text", "UPDATE ram_user SET email = CAST(x'C328' AS TEXT) WHERE login_name = 'lina'"),
    ("text", "UPDATE skill_group SET description = CAST(x'E28228' AS TEXT) WHERE name = 'test'"),
    ("text", "UPDATE contact_flow SET definition = CAST(x'EDA080' AS TEXT)"),
    ("text", "UPDATE instance SET name = CAST(x'F8A1A1A1A1' AS TEXT)"),
    ("text", "UPDATE role SET description = CAST(x'80' AS TEXT)"),
    ("text", "UPDATE api_token SET name = CAST(x'FE' AS TEXT)"),
];

/// What is done, breaks nothing, and is in the change log.
#[rustfmt::skip]
const LOGGED: &[&str] = &[
    "UPDATE api_token SET token_hash = zeroblob(32)",
    // With the same mark, too.
    "UPDATE api_token SET token_hash = unhex(hex(zeroblob(24)) || substr(hex(token_hash), -16))",
    "UPDATE oauth_client SET secret_hash = unhex(hex(zeroblob(24)) || substr(hex(secret_hash), -16)) WHERE client_id = 'demo-client'",
    "UPDATE ram_user SET password_hash = '$argon2id$abcdef' WHERE login_name = 'lina'; UPDATE ram_user SET password_hash = 'another-abcdef' WHERE login_name = 'lina'",
    "UPDATE access_key SET secret_ciphertext = unhex('00' || hex(secret_ciphertext))",
    "UPDATE api_token SET expires_at = 4102444800000",
    "UPDATE api_token SET created_at = 0",
    "UPDATE oauth_client SET secret_hash = zeroblob(32) WHERE client_id = 'demo-client'",
    "UPDATE oauth_client SET scopes = '' WHERE client_id = 'demo-client'",
    "UPDATE access_key SET revoked_at = 1",
    "UPDATE access_key SET created_at = 0",
    "UPDATE ram_user SET password_hash = 'x' WHERE login_name = 'lina'",
    "UPDATE ram_user SET mobile = '1' WHERE login_name = 'lina'",
    "DELETE FROM api_token",
    "DELETE FROM oauth_client WHERE client_id = 'demo-client'",
    "INSERT INTO api_token (token_id, ram_id, token_hash) VALUES ('mine', '1571234567890123', zeroblob(32))",
    "INSERT INTO oauth_client (client_id, instance_id, secret_hash, scopes) VALUES ('mine', 'ccc-test', zeroblob(32), 'useradmin-service-read')",
    "INSERT INTO oauth_token VALUES (zeroblob(32), 'demo-client', 'useradmin-service-read', 0, 4102444800000)",
    "UPDATE user SET role = 'Admin' WHERE user_id = 'lina@ccc-test'",
    "UPDATE user SET locked = 1 WHERE user_id = 'lina@ccc-test'",
    "UPDATE user SET active = 0 WHERE user_id = 'user-test@ccc-test'",
    "UPDATE instance SET status = 'RELEASED' WHERE instance_id = 'ccc-test'",
    "UPDATE phone_number SET created_at = 0 WHERE number = '02855500018'",
    "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', 2855509999)",
    "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '02855500018', 'gone@ccc-test', 0, 1)",
    "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at, released_at) VALUES ('ccc-test', '083xxxx0011', 'gone@ccc-test', 0, 1767661200000)",
    "INSERT INTO change_entry (entity, action, new) VALUES ('user', 'insert', '{}')",
];

pub(super) fn findings(database: &SeededDatabase) -> Vec<String> {
    match Store::open(database.path(), Migrate::Require, Clock::System) {
        Ok(store) => match store.examine() {
            Ok(found) => found
                .findings
                .into_iter()
                .map(|finding| format!("{} {}: {}", finding.check, finding.subject, finding.detail))
                .collect(),
            Err(error) => vec![error.to_string()],
        },
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn what_breaks_a_rule_is_refused() {
    let database = SeededDatabase::new();
    let by_hand = shell(&database);
    let watcher = shell(&database);
    let mut done = Vec::new();
    for (kind, sql) in REFUSED {
        for setting in ["OFF", "ON"] {
            let settings = format!("PRAGMA recursive_triggers = {setting}");
            by_hand.execute_batch(&settings).expect("settings");
            let untouched = data_version(&watcher);
            if by_hand.execute_batch(sql).is_ok() || data_version(&watcher) != untouched {
                done.push(format!("{kind}: {sql}"));
            }
        }
    }
    assert!(done.is_empty(), "not refused: {done:#?}");
    database.assert_no_rule_violation();
}

#[test]
fn what_is_not_refused_is_noticed_by_check() {
    let page = include_str!("../../../docs/schema.md");
    let mut wrong = Vec::new();
    for (kind, sql) in NOTICED {
        let database = SeededDatabase::new();
        if let Err(error) = shell(&database).execute_batch(sql) {
            wrong.push(format!("{sql}: refused, {error}"));
        }
        if findings(&database).is_empty() {
            wrong.push(format!("{sql}: unnoticed"));
        }
        database.discard_at_the_end();
        if !page.contains(&format!("| {kind} |")) {
            wrong.push(format!("docs/schema.md does not say that {kind} is only noticed"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_breaks_no_rule_is_in_the_change_log() {
    let mut wrong = Vec::new();
    for sql in LOGGED {
        let database = SeededDatabase::new();
        let lines = || read(&database, "SELECT count(*) FROM change;");
        let before = lines();
        read(&database, sql);
        if lines() == before {
            wrong.push(format!("{sql}: no line in the change log"));
        }
        let logged =
            read(&database, "SELECT via, actor, new FROM change ORDER BY change_id DESC LIMIT 1;");
        if !logged.starts_with("sql||") {
            wrong.push(format!("{sql}: {logged}"));
        }
        let found = findings(&database);
        if !found.is_empty() {
            wrong.push(format!("{sql}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_object_of_the_schema_that_is_dropped_is_missed() {
    let database = SeededDatabase::new();
    let objects = read(
        &database,
        "SELECT type, name FROM sqlite_schema
          WHERE sql IS NOT NULL AND type IN ('trigger', 'view', 'index');",
    );
    let store = database.store(Clock::System);
    let mut unnoticed = Vec::new();
    for object in objects.lines() {
        let (kind, name) = object.split_once('|').expect("two columns");
        let sql = format!("SELECT sql FROM sqlite_schema WHERE name = '{name}';");
        let again = read(&database, &sql);
        // The triggers of a view go with it.
        let triggers = read(
            &database,
            &format!(
                "SELECT group_concat(sql, '; ') FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '{name}' AND '{kind}' = 'view';"
            ),
        );
        read(&database, &format!("DROP {kind} {name};"));
        let missed = format!("the {kind} {name} is missing");
        if !store.examine().expect("readable").findings.iter().any(|found| found.detail == missed) {
            unnoticed.push(name.to_owned());
        }
        read(&database, &format!("{again}; {triggers};"));
    }
    assert!(objects.lines().count() > 150, "{objects}");
    assert!(unnoticed.is_empty(), "{unnoticed:?}");
    database.assert_no_rule_violation();
}
