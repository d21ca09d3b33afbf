//! SQLite: the file, its transactions, its rows, and its rules turned into errors.
//!
//! # Transactions
//! [`Store::read`] and [`Store::write`] run a closure inside one transaction; a write commits only
//! on `Ok`. [`ReadTx`] and [`WriteTx`] are different types, so a function that takes a `ReadTx`
//! can't write. Both carry one `now` for all that happens in them.
//!
//! # Locking
//! One thread owns the only connection that writes, behind a bounded queue; it begins every
//! transaction IMMEDIATE. Writes that wait together share its commit, each inside its own
//! savepoint. Readers are pooled, opened read-only, and never wait for the writer (WAL). A write
//! that can't begin within [`WRITE_DEADLINE`] of its arrival is refused, however many wait before
//! it.
//!
//! # Durability
//! `journal_mode=WAL` with `synchronous=FULL`: what was answered with success survives a power cut.
//! When a commit fails in `fsync`, nobody knows whether it happened; the process exits rather than
//! go on from a guess.
//!
//! # Architecture Invariant
//! Blocking, and without knowledge of HTTP. All SQL of the program is in this folder, as literals
//! with bound parameters.

pub mod access_keys;
pub mod api_tokens;
pub mod backup;
pub mod callback_numbers;
pub mod candidates;
pub mod changes;
pub mod contact_flows;
mod error;
pub mod history;
pub mod holders;
pub mod idempotency;
pub mod instances;
pub mod integrity;
pub mod key_file;
pub mod memberships;
pub mod migrations;
pub mod nonces;
pub mod number_pool;
pub mod oauth_clients;
pub mod oauth_tokens;
mod open;
pub mod outbound_numbers;
pub mod personal_assignments;
pub mod phone_numbers;
pub mod ram_users;
pub mod seed;
pub mod skill_groups;
mod tx;
pub mod undo;
pub mod users;
pub mod versioned;
mod writer;

pub use key_file::KeyFile;
pub use open::{Migrate, OpenError, create, schema};
pub use tx::{ReadTx, WriteTx};
pub use writer::WRITE_DEADLINE;

use crate::domain::{Author, Clock, Error, Unavailable};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How many lists are answered at the same time; each reader keeps a page cache of 2 MiB at most.
const READERS: u32 = 8;

/// How long a read waits for a free reader.
const READER_PATIENCE: Duration = Duration::from_secs(2);

/// An open database.
pub struct Store {
    // The readers close first, so that the writer is the last and leaves no WAL behind.
    readers: r2d2::Pool<r2d2_sqlite::SqliteConnectionManager>,
    writer: writer::Writer,
    clock: Clock,
    wal: PathBuf,
}

/// How the database is doing.
#[derive(Clone, Copy, Debug)]
pub struct Vitals {
    /// Writes that wait, or are being done.
    pub writes_waiting: u64,
    /// Readers that are reading.
    pub readers_busy: u64,
    /// Readers that are open and wait for work.
    pub readers_idle: u64,
    /// Size of the write-ahead log's file.
    pub wal_bytes: u64,
}

impl Store {
    /// Opens an existing database, brings its schema up to date if asked to, and checks that this
    /// program may use it.
    ///
    /// # Errors
    /// A sentence for the operator: the file is missing, locked, not writable, newer than the
    /// program, ….
    pub fn open(path: &Path, migrate: Migrate, clock: Clock) -> Result<Self, OpenError> {
        let connection = open::writer(path, migrate)?;
        let manager = r2d2_sqlite::SqliteConnectionManager::file(path)
            .with_flags(
                rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY
                    | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )
            .with_init(open::prepare_reader);
        let readers = r2d2::Pool::builder()
            .max_size(READERS)
            // A reader that is opened ahead of its use might still be opening while the program
            // ends, and keep the WAL there.
            .min_idle(Some(0))
            .idle_timeout(None)
            .max_lifetime(None)
            .connection_timeout(open::PATIENCE)
            .test_on_check_out(false)
            .build_unchecked(manager);
        readers.get().map_err(|error| {
            OpenError::new(format!("{} can't be opened for reading: {error}.", path.display()))
        })?;
        let writer = writer::Writer::start(connection, clock).map_err(|error| {
            OpenError::new(format!("The writer thread can't be started: {error}."))
        })?;
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        Ok(Self { readers, writer, clock, wal: PathBuf::from(wal) })
    }

    /// Runs `act` in one read transaction: everything it sees belongs together.
    ///
    /// # Errors
    /// Those of `act`, and [`Error::Unavailable`] when no reader is free in time.
    pub fn read<T, E: From<Error>>(
        &self,
        act: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self
            .readers
            .get_timeout(READER_PATIENCE)
            .map_err(|_| Error::Unavailable(Unavailable::Busy))?;
        let transaction = connection.unchecked_transaction().map_err(error::from_sqlite)?;
        act(&ReadTx::new(&transaction, self.clock.now()))
    }

    /// Runs `act` in one write transaction, alone; what it did is durable when this returns `Ok`,
    /// and gone otherwise.
    ///
    /// # Errors
    /// Those of `act`, and [`Error::Unavailable`] when the database can't be written in time.
    pub fn write<T, E>(
        &self,
        author: Author,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.run(author, writer::Ending::Commit, act)
    }

    /// As [`Self::write`], but everything is taken back at the end: what a `--dry-run` shows.
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub fn rehearse<T, E>(
        &self,
        author: Author,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.run(author, writer::Ending::TakeBack, act)
    }

    /// How the database is doing.
    pub fn vitals(&self) -> Vitals {
        let readers = self.readers.state();
        let (open, idle) = (u64::from(readers.connections), u64::from(readers.idle_connections));
        // Only its size is asked for: a file of SQLite's that is opened and closed loses the locks
        // of this process.
        let wal_bytes = std::fs::metadata(&self.wal).map(|file| file.len()).unwrap_or_default();
        Vitals {
            writes_waiting: self.writer.waiting(),
            readers_busy: open.saturating_sub(idle),
            readers_idle: idle,
            wal_bytes,
        }
    }

    /// The clock that the transactions read.
    pub fn clock(&self) -> Clock {
        self.clock
    }
}
