//! The open database: its pooled readers, its one writer, and the clock they read.

use super::backup::{self, Backup, BackupError, Progress};
use super::backups::{self, Listed};
use super::brief::{self, require_patience};
use super::error::{OpenError, from_sqlite};
use super::file::DatabaseFile;
use super::integrity::{self, Examination};
use super::new_file::FileError;
use super::open::{self, Access, Migrate};
use super::shares::Shares;
use super::tx::{Beside, Commit, ReadTx, WriteTx};
use super::writer::Writer;
use crate::domain::{Author, Clock, Error, Unavailable};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How many lists are answered at the same time; each reader keeps a page cache of 2 MiB at most.
const READERS: u32 = 8;

/// How many of them may answer what may read a whole instance.
const READERS_OF_WHOLE: usize = 4;

/// How long such a read waits for its turn: there may be some before it that take a second each.
const TURN_PATIENCE: Duration = Duration::from_secs(10);

/// How long a read waits for a free reader.
const READER_PATIENCE: Duration = Duration::from_secs(2);

/// How long to wait for the file before it is rewritten.
const COMPACTING_PATIENCE: Duration = Duration::from_secs(10);

/// An open database.
pub struct Store {
    // The readers close first, so that the writer is the last and leaves no WAL behind.
    readers: r2d2::Pool<r2d2_sqlite::SqliteConnectionManager>,
    shares: Shares,
    /// `None`: the file can only be read.
    writer: Option<Writer>,
    clock: Clock,
    file: Arc<DatabaseFile>,
    beside: OnceLock<Arc<Beside>>,
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
    /// program may use it. With [`Migrate::Require`] a file or file system that can only be read is
    /// opened for reading; its writes are refused.
    ///
    /// # Errors
    /// A sentence for the operator: the file is missing, locked, not writable, newer than the
    /// program, ….
    pub fn open(path: &Path, migrate: Migrate, clock: Clock) -> Result<Self, OpenError> {
        let file = Arc::new(DatabaseFile::at(path)?);
        let path = file.path();
        let connection = match open::access(path, migrate)? {
            Access::Write => Some(open::writer(path, migrate)?),
            Access::Read => None,
        };
        let readers = readers(&file, connection.is_some());
        {
            let first = readers.get().map_err(|error| {
                OpenError::new(format!("{} can't be opened for reading: {error}.", path.display()))
            })?;
            if connection.is_none() {
                open::refuse_foreign(path, &first)?;
                super::migrations::require_newest(&first)?;
            }
        }
        let start = |connection| {
            file.watch_log();
            Writer::start(connection, clock, Arc::clone(&file)).map_err(|error| {
                OpenError::new(format!("The writer thread can't be started: {error}."))
            })
        };
        let writer = connection.map(start).transpose()?;
        let shares = Shares::new(READERS_OF_WHOLE);
        Ok(Self { readers, shares, writer, clock, file, beside: OnceLock::new() })
    }

    /// Keeps something in memory for the transactions that read; the first time only.
    pub(in crate::store) fn keep_beside(&self, beside: Arc<Beside>) {
        let _ = self.beside.set(beside);
    }

    /// Whether the file and its write-ahead log are still the ones that were opened.
    pub fn require_in_place(&self) -> Result<(), String> {
        self.file.require_in_place()
    }

    /// Runs `act` in one read transaction: everything it sees belongs together.
    ///
    /// # Errors
    /// Those of `act`, and [`Error::Unavailable`] when no reader is free in time.
    pub fn read<T, E: From<Error>>(
        &self,
        act: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.reader()?;
        let transaction = connection.unchecked_transaction().map_err(from_sqlite)?;
        let beside = self.beside.get().map(|beside| &**beside);
        let outcome = act(&ReadTx::new(&transaction, self.clock).with(beside));
        if brief::is_given_up() {
            Err(Error::Unavailable(Unavailable::Busy).into())
        } else {
            outcome
        }
    }

    /// Like [`Self::read`], for what may read a whole instance: it waits for one of the readers for
    /// such reads, which the callers share evenly.
    pub fn read_whole<T, E: From<Error>>(
        &self,
        caller: &str,
        act: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        require_patience()?;
        let share = self.shares.take(caller, TURN_PATIENCE);
        let _share = share.ok_or(Error::Unavailable(Unavailable::Busy))?;
        self.read(act)
    }

    /// Like [`Self::read`], for what may be short or long: what exceeds the budget of a short read
    /// is begun again as [`Self::read_whole`], so that it never keeps a reader from short reads.
    pub fn read_fairly<T, E: From<Error>>(
        &self,
        caller: &str,
        act: impl Fn(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if brief::is_brief() {
            return self.read(act);
        }
        brief::shortly(|| self.read(&act)).unwrap_or_else(|| self.read_whole(caller, act))
    }

    /// Looks for all that is wrong with the file, on a connection that could write but does not:
    /// one that is opened for reading does not know the CHECK constraints.
    pub fn examine(&self) -> Result<Examination, Error> {
        require_patience()?;
        if self.writer.is_none() {
            let mut found = self.read(integrity::examine)?;
            found.notes.push(
                "the file can only be read, so its CHECK constraints were not looked at".to_owned(),
            );
            return Ok(found);
        }
        let connection =
            open::examiner(self.file.path()).map_err(|error| Error::Internal(error.to_string()))?;
        let transaction = connection.unchecked_transaction().map_err(from_sqlite)?;
        integrity::examine(&ReadTx::new(&transaction, self.clock))
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
        self.writer()?.run(author, Commit::Keep, act)
    }

    /// Like [`Self::write`], but everything is taken back at the end: what a `--dry-run` shows.
    pub fn rehearse<T, E>(
        &self,
        author: Author,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer()?.run(author, Commit::TakeBack, act)
    }

    /// How the database is doing.
    pub fn vitals(&self) -> Vitals {
        let readers = self.readers.state();
        let (open, idle) = (u64::from(readers.connections), u64::from(readers.idle_connections));
        // Only its size is asked for: a file of SQLite's that is opened and closed loses the locks
        // of this process.
        let wal_bytes =
            std::fs::metadata(self.file.log_path()).map(|file| file.len()).unwrap_or_default();
        Vitals {
            writes_waiting: self.writer.as_ref().map_or(0, Writer::waiting),
            readers_busy: open.saturating_sub(idle),
            readers_idle: idle,
            wal_bytes,
        }
    }

    /// The clock that the transactions read.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Copies the database as it is at this moment into a new file, while others read and write: to
    /// `target`, or into it under a name made of the time when it is a directory. The file appears
    /// under its name only when it is whole, checked and safe on the disk, and only its owner can
    /// read it.
    pub fn backup(
        &self,
        target: &Path,
        progress: impl FnMut(Progress),
    ) -> Result<Backup, BackupError> {
        backup::create(&*self.reader()?, self.clock.now(), target, progress)
    }

    /// Rewrites the file, so that nothing is left in it of what was removed, and empties the
    /// write-ahead log. Writes wait until that is done, reads do not. Returns whether the log could
    /// be emptied: a transaction that goes on reading, such as Litestream's, keeps it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while somebody else writes for long.
    pub fn compact(&self) -> Result<bool, Error> {
        self.writer()?;
        let connection =
            open::examiner(self.file.path()).map_err(|error| Error::Internal(error.to_string()))?;
        // VACUUM may need as much room again as the file takes, so not in memory.
        let settings = "PRAGMA query_only = OFF; PRAGMA temp_store = FILE; VACUUM";
        let done = connection.busy_timeout(COMPACTING_PATIENCE).and_then(|()| {
            connection.execute_batch(settings)?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        });
        done.map(|busy: i64| busy == 0).map_err(from_sqlite)
    }

    /// The backups of this database in a directory, newest first.
    pub fn backups_in(&self, directory: &Path) -> Result<Vec<Listed>, FileError> {
        // It opens each of them.
        require_patience()?;
        let mut found = backups::list(directory)?;
        if !found.is_empty() {
            let own = self.read(|tx| backups::identity(tx.connection()).map_err(from_sqlite))?;
            found.retain(|backup| backup.is_of(&own));
        }
        Ok(found)
    }

    fn writer(&self) -> Result<&Writer, Error> {
        require_patience()?;
        self.writer.as_ref().ok_or(Error::Unavailable(Unavailable::ReadOnly))
    }

    fn reader(
        &self,
    ) -> Result<r2d2::PooledConnection<r2d2_sqlite::SqliteConnectionManager>, Error> {
        if let Some(reader) = self.readers.try_get() {
            return Ok(reader);
        }
        if !brief::may_wait() {
            return Err(Error::Unavailable(Unavailable::Busy));
        }
        let free = self.readers.get_timeout(READER_PATIENCE);
        free.map_err(|_| Error::Unavailable(Unavailable::Busy))
    }
}

/// The pool of readers. A file that nobody here can write, and that has no write-ahead log, is read
/// as one that doesn't change: SQLite would need to write beside it otherwise.
fn readers(
    file: &Arc<DatabaseFile>,
    writable: bool,
) -> r2d2::Pool<r2d2_sqlite::SqliteConnectionManager> {
    let name = if writable { open::uri(file.path(), "") } else { open::read_only_uri(file.path()) };
    let opened = Arc::clone(file);
    let manager = r2d2_sqlite::SqliteConnectionManager::file(name)
        .with_flags(
            rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY
                | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX
                | rusqlite::OpenFlags::SQLITE_OPEN_URI,
        )
        // A reader that is opened later must not read the file that was put in the place of this.
        .with_init(move |connection| match opened.require_in_place() {
            Ok(()) => open::prepare_reader(connection),
            Err(_) => Err(rusqlite::Error::InvalidPath(opened.path().to_owned())),
        });
    r2d2::Pool::builder()
        .max_size(READERS)
        // A reader that is opened ahead of its use might still be opening while the program ends,
        // and keep the WAL there.
        .min_idle(Some(0))
        .idle_timeout(None)
        .max_lifetime(None)
        .connection_timeout(open::PATIENCE)
        .test_on_check_out(false)
        .build_unchecked(manager)
}
