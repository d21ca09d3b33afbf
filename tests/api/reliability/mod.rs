//! The real program under kills, power cuts, locks, disks that are full or fail, slow and hostile
//! clients.
//!
//! What each file's tests say is what an operator is promised; where a checker decides, a
//! control shows that it would notice the opposite.

mod connections;
mod disks;
mod failing;
mod files;
mod group_commit;
mod guessing;
mod headers;
mod kills;
mod linear;
mod locks;
mod logs;
mod memory;
mod migrations;
mod mixed_pages;
mod model;
mod power;
mod record;
mod requests;
mod restricted;
mod runs;
mod second_machine;
mod shares;
mod slow;
mod soak;
mod stops;
mod tls;
mod torn;
mod written;

use crate::support::{Client, Program};
use numberd::domain::Clock;
use numberd::store::{Migrate, Store, integrity};
use std::path::{Path, PathBuf};

/// A demo with a database of its own, which outlives the server.
struct Demo {
    /// The server.
    program: Program,
    directory: PathBuf,
    /// Removes the directory, unless it is somebody else's.
    _owned: Option<tempfile::TempDir>,
}

impl Demo {
    fn start() -> Self {
        let owned = tempfile::tempdir().unwrap();
        let mut demo = Self::start_in(owned.path());
        demo._owned = Some(owned);
        demo
    }

    fn start_in(directory: &Path) -> Self {
        let database = directory.join("demo.db");
        Self {
            program: Program::start(&["demo", "--database", database.to_str().unwrap()]),
            directory: directory.to_owned(),
            _owned: None,
        }
    }

    fn database(&self) -> PathBuf {
        self.directory.join("demo.db")
    }

    fn client(&self) -> Client {
        Client::new(self.program.address)
    }

    /// Starts again after the server has gone.
    fn restart(&mut self) {
        self.program = Program::start(&["demo", "--database", self.database().to_str().unwrap()]);
    }

    /// A connection of another program, as the `sqlite3` shell would have it.
    fn other_program(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        connection
    }

    fn assert_sound(&self) {
        assert_sound(&self.database());
    }
}

/// That `check` would find nothing wrong.
fn assert_sound(database: &Path) {
    let store = Store::open(database, Migrate::Require, Clock::System).unwrap();
    let findings = store.read(integrity::check).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_bundled_sqlite_has_the_fix_of_the_wal_reset_bug() {
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}
