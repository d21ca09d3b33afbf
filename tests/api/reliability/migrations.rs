//! kill -9 amid `migrate`: the file has either the old schema or the new one.

use super::assert_sound;
use crate::support::{Program, figure, times};
use std::process::Stdio;
use std::time::Duration;

/// The tables that a person at the shell would see.
fn tables(database: &std::path::Path) -> i64 {
    let connection = rusqlite::Connection::open(database).unwrap();
    // The table of the history itself may be there, empty: it says that nothing was applied.
    connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'refinery_schema_history'",
            [],
            |row| row.get(0),
        )
        .unwrap()
}

#[test]
fn a_migration_that_is_killed_leaves_the_old_schema_or_the_new_one() {
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole.db");
    numberd::store::create(&whole).unwrap();
    let began = std::time::Instant::now();
    assert!(Program::run(&["migrate", "--database", whole.to_str().unwrap()], "").status.success());
    let mut usual = began.elapsed();
    let all = tables(&whole);
    let (mut old, mut new) = (0, 0);
    let kills = times(40, 200) as u32;
    for step in 0..kills {
        let database = directory.path().join(format!("{step}.db"));
        numberd::store::create(&database).unwrap();
        let mut migrate = Program::command(&["migrate", "--database", database.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // From the very beginning to a little past the usual end.
        let moment = usual * step / (kills * 3 / 4);
        std::thread::sleep(moment);
        migrate.kill().unwrap();
        migrate.wait().unwrap();
        match tables(&database) {
            0 => old += 1,
            count if count == all => new += 1,
            count => panic!("after {moment:?} there are {count} of {all} parts of the schema"),
        }
        let began = std::time::Instant::now();
        assert!(
            Program::run(&["migrate", "--database", database.to_str().unwrap()], "")
                .status
                .success()
        );
        // A machine that has become busier needs longer.
        usual = usual.max(began.elapsed());
        assert_eq!(tables(&database), all);
        if step % 10 == 0 {
            assert_sound(&database);
        }
    }
    assert!(old > 0, "no kill came before the end");
    assert!(new > 0 || Duration::ZERO == usual, "every kill came before the end");
    figure(
        "kill -9 amid migrate",
        0,
        kills as usize,
        &format!("{old} left the old schema, {new} the new one, and each was migrated afterwards"),
        "a missing part of the schema changes the count",
    );
}
