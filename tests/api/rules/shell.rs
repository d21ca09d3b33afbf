//! The real `sqlite3` shell, which is older than the SQLite of this program, reads the schema and
//! keeps its rules.

use super::doors::{
    BOUND_NUMBER_IS_NOT_PERSONAL, NUMBER_EXISTS_ONCE, PERSONAL_NUMBER_HAS_ONE_HOLDER,
};
use super::doors_of;
use crate::support::SeededDatabase;

#[test]
#[ignore = "needs the sqlite3 shell"]
fn the_sqlite3_shell_refuses_what_breaks_a_rule_and_allows_what_does_not() {
    let database = SeededDatabase::new();
    let rules = [BOUND_NUMBER_IS_NOT_PERSONAL, PERSONAL_NUMBER_HAS_ONE_HOLDER, NUMBER_EXISTS_ONCE];
    for case in rules.into_iter().flatten() {
        for door in doors_of(case) {
            let output = database.shell(&format!("{door};"));
            let message = String::from_utf8_lossy(&output.stderr);
            assert!(
                !output.status.success() && message.contains(case.refusal),
                "{door}: {message}"
            );
        }
    }
    let output = database.shell(
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'lina@ccc-test');
         SELECT holder FROM v_phone_number WHERE number = '02855500018';
         SELECT count(*) FROM v_rule_violation;",
    );
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed, "lina@ccc-test\n0\n", "{}", String::from_utf8_lossy(&output.stderr));
}
