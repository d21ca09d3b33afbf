//! That nothing was changed in a database.

use super::SeededDatabase;
use super::database::rows;
use std::cell::Cell;

/// What a database holds at one moment, to be compared with later ones.
pub struct Watch {
    connection: rusqlite::Connection,
    /// SQLite's own mark: as long as it is the same, nobody else has committed anything.
    data_version: Cell<i64>,
    before: String,
}

impl Watch {
    pub fn over(database: &SeededDatabase) -> Self {
        let connection = rusqlite::Connection::open(database.path()).unwrap();
        let data_version = Cell::new(data_version(&connection));
        let before = dump(&connection);
        Self { connection, data_version, before }
    }

    /// Compares every row of every table; shows the first that is not the same.
    #[track_caller]
    pub fn assert_unchanged(&self, what: &str) {
        let now = data_version(&self.connection);
        if now == self.data_version.replace(now) {
            return;
        }
        // A checkpoint can look like a commit, so the rows decide.
        let after = dump(&self.connection);
        if self.before != after {
            let mut lines = self.before.lines().zip(after.lines());
            panic!("{what} changed the database: {:?}", lines.find(|(a, b)| a != b));
        }
    }
}

fn data_version(connection: &rusqlite::Connection) -> i64 {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).unwrap()
}

/// Every row of every table, as text.
fn dump(connection: &rusqlite::Connection) -> String {
    let tables = rows(
        connection,
        "SELECT name FROM sqlite_schema
          WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    tables
        .lines()
        .map(|table| format!("{table}:\n{}\n", rows(connection, &format!("SELECT * FROM {table}"))))
        .collect()
}

#[test]
fn a_change_is_seen_and_a_look_at_the_rows_is_none() {
    let database = SeededDatabase::new();
    let watch = Watch::over(&database);
    database.query("SELECT count(*) FROM phone_number");
    watch.assert_unchanged("a query");
    database.query("UPDATE user SET nickname = 'x' WHERE user_id = 'lina@ccc-test'");
    let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        watch.assert_unchanged("an edit");
    }));
    assert!(seen.is_err(), "the edit is seen");
}
