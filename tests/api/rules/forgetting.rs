//! What somebody with the file could try while a person is erased: then the history can be changed.

use super::shell;
use crate::support::SeededDatabase;

/// What is refused even in a transaction of the program's that erases somebody: only their name is
/// replaced, in the lines and rows that have it, and one person at a time is erased.
#[rustfmt::skip]
const WHILE_FORGETTING: &[&str] = &[
    "UPDATE change SET new = '{}' WHERE new IS NOT NULL",
    "UPDATE change SET new = json_set(new, '$.more', 'forgotten-000000000000') WHERE new IS NOT NULL",
    "UPDATE change SET new = json_set(new, '$.user_id', 'lina@ccc-test') WHERE entity = 'personal_assignment' AND user_id <> 'lina@ccc-test'",
    "UPDATE change SET new = json_set(new, '$.user_id', '') WHERE entity = 'personal_assignment'",
    "UPDATE change SET new = json_set(new, '$.assigned_at', 'forgotten-000000000000') WHERE entity = 'personal_assignment'",
    "UPDATE change SET new = json_set(new, '$.assigned_at', 5) WHERE entity = 'personal_assignment'",
    "UPDATE change SET reason = 'rewritten'",
    "UPDATE change SET reason = '' WHERE reason <> ''",
    "UPDATE change SET actor = 'forgotten-000000000000' WHERE actor <> 'gone'",
    "UPDATE change SET user_id = 'forgotten-000000000000@' || instance_id WHERE user_id = 'lina@ccc-test'",
    "UPDATE change_block SET value = 'forgotten-000000000000' WHERE kind = 'actor'",
    "UPDATE personal_assignment SET user_id = 'forgotten-000000000000@' || instance_id WHERE released_at IS NOT NULL",
    "UPDATE reservation SET for_user_id = 'forgotten-000000000000@ccc-test', ended_at = ended_at WHERE number = '02855500018'",
    "UPDATE reservation SET made_by = 'forgotten-000000000000'",
    "UPDATE reservation SET reason = 'rewritten'",
    "INSERT OR REPLACE INTO forgetting VALUES (1, 'forgotten-000000000001', 'another')",
    "UPDATE forgetting SET login_name = 'lina'",
    "DELETE FROM forgetting",
    "DELETE FROM forgetting; INSERT INTO forgetting VALUES (1, 'forgotten', 'gone')",
];

/// Who can't be put into `forgetting`: a name of another form, and somebody who has a login.
const NEVER_FORGOTTEN: &[&str] = &["'bob', 'gone'", "'forgotten-000000000000', 'lina'"];

#[test]
fn while_somebody_is_forgotten_nothing_but_their_name_is_replaced() {
    const BEGIN: &str = "BEGIN; INSERT INTO write_context
                         VALUES (1, unixepoch() * 1000, 'user-test', 'ccc', 'r', '')";
    let database = SeededDatabase::new();
    let by_hand = shell(&database);
    let ended = "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at, reason)
                 VALUES ('ccc-test', '02855500018', 'hold', 'lina@ccc-test', 4070908800000, 'x');
                 UPDATE reservation SET ended_at = reserved_at WHERE number = '02855500018'";
    by_hand.execute_batch(ended).expect("a reservation that was ended");
    let mut done = Vec::new();
    for who in NEVER_FORGOTTEN {
        by_hand.execute_batch(BEGIN).expect("a transaction");
        let sql = format!("INSERT INTO forgetting VALUES (1, {who})");
        if by_hand.execute_batch(&sql).is_ok() {
            done.push(sql);
        }
        by_hand.execute_batch("ROLLBACK").expect("nothing is kept");
    }
    let forgetting = "INSERT INTO forgetting VALUES (1, 'forgotten-000000000000', 'gone')";
    for sql in WHILE_FORGETTING {
        by_hand.execute_batch(&format!("{BEGIN}; {forgetting}")).expect("as the program does");
        if by_hand.execute_batch(sql).is_ok() {
            done.push((*sql).to_owned());
        }
        by_hand.execute_batch("ROLLBACK").expect("nothing is kept");
    }
    assert!(done.is_empty(), "not refused: {done:#?}");
    database.assert_no_rule_violation();
}
