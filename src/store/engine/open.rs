//! Creating and opening the file; whatever is wrong with it becomes one sentence.

use super::error::OpenError;
use super::new_file::appended;
use super::{brief, migrations, network, schema};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

/// The bundled SQLite must not be older: 3.51.2 and before can lose a commit when two connections
/// checkpoint at once.
const OLDEST_SQLITE: i32 = 3_051_003;

/// How large the pages of a new file are. A change writes some twenty pages here and there into the
/// write-ahead log, so that it is half as much as with SQLite's usual 4096 bytes; look-ups cost the
/// same, and what reads a whole index costs up to a sixth more.
const PAGE_SIZE: u32 = 2048;

/// How long opening waits for another process's lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Whether opening may change the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrate {
    /// Bring it up to date.
    Apply,
    /// Refuse a database that is not up to date.
    Require,
}

/// Makes an empty file that only its owner may read; SQLite gives its WAL the same mode.
pub fn create(path: &Path) -> Result<(), OpenError> {
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map(|_| ())
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => OpenError::new(format!(
                "{} exists already; choose another file with --database.",
                path.display()
            )),
            _ => OpenError::new(format!("{} can't be created: {error}.", path.display())),
        })
}

/// What this process may do with a file.
pub(super) enum Access {
    /// Read and write it.
    Write,
    /// Read it.
    Read,
}

/// Looks at a file before it is opened. Read-only access is enough unless the file has to be
/// migrated.
pub(super) fn access(path: &Path, migrate: Migrate) -> Result<Access, OpenError> {
    refuse_unfit_file(path)?;
    let may_write = |path: &Path| rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok();
    let directory = path.parent().unwrap_or(Path::new("/"));
    if may_write(path) && may_write(directory) {
        return Ok(Access::Write);
    }
    if rustix::fs::access(path, rustix::fs::Access::READ_OK).is_err() {
        return Err(not_permitted(path));
    }
    match migrate {
        Migrate::Require => Ok(Access::Read),
        Migrate::Apply => Err(not_writable(path)),
    }
}

/// Opens a file; `named` is what it is called in an error.
#[expect(clippy::disallowed_methods, reason = "the one place that opens the database")]
fn opened(path: impl AsRef<Path>, named: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    Connection::open_with_flags(path, flags).map_err(|error| sentence(named, &error))
}

/// How a connection for one thread is opened.
const WRITING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Opens the connection that writes.
pub(super) fn writer(path: &Path, migrate: Migrate) -> Result<Connection, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::new(format!(
            "This build has SQLite {}, which can lose commits; build it with 3.51.3 or newer.",
            rusqlite::version()
        )));
    }
    let failed = |error: rusqlite::Error| sentence(path, &error);
    let mut connection = opened(path, path, WRITING)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    refuse_foreign(path, &connection)?;
    // Only a file that is empty still has no size of its pages.
    connection.pragma_update(None, "page_size", PAGE_SIZE).map_err(failed)?;
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(failed)?;
    if mode != "wal" {
        return Err(OpenError::new(format!(
            "{} can't use a write-ahead log (journal mode {mode}); its file system must be a local one.",
            path.display()
        )));
    }
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys =
                           ON; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY")
        .map_err(failed)?;
    // SQLite opens a file that it may not write for reading, and says so only at the first change.
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(failed)? {
        return Err(not_writable(path));
    }
    match migrate {
        Migrate::Apply => {
            // A write lock taken and given back: another program's is waited for now, not at the
            // first change. Whoever may only want to read needs none.
            connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK").map_err(failed)?;
            migrations::apply(&mut connection)?;
            schema::require_intact(&connection)?;
        }
        Migrate::Require => migrations::require_current(&mut connection)?,
    }
    keep_statements(&connection).map_err(failed)?;
    Ok(connection)
}

/// Opens a database to examine it: for writing, so that SQLite knows its CHECK constraints, but
/// without changing anything.
pub(super) fn examiner(path: &Path) -> Result<Connection, OpenError> {
    let mut connection = opened(path, path, WRITING)?;
    prepare_reader(&mut connection).map_err(|error| sentence(path, &error))?;
    Ok(connection)
}

/// The version of the file's schema, without changing anything.
///
/// # Errors
/// The file can't be used, or is newer than this program.
pub fn schema_version(path: &Path) -> Result<i32, OpenError> {
    refuse_unfit_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = opened(path, path, flags)?;
    connection.busy_timeout(PATIENCE).map_err(|error| sentence(path, &error))?;
    refuse_foreign(path, &connection)?;
    migrations::known(&connection)
}

/// Opens the empty file that a copy is written into. Nobody else knows it and it is synced at the
/// end, so it needs no journal.
pub(super) fn empty_file(path: &Path) -> Result<Connection, OpenError> {
    let connection = opened(path, path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        .map_err(|error| sentence(path, &error))?;
    Ok(connection)
}

/// Opens a copy, out of the write-ahead log: all of it is in the one file.
pub(super) fn finished_copy(path: &Path) -> Result<Connection, OpenError> {
    let connection = opened(path, path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection
        .execute_batch("PRAGMA journal_mode = DELETE; PRAGMA trusted_schema = OFF")
        .map_err(|error| sentence(path, &error))?;
    Ok(connection)
}

/// Empties the log of a database that nobody has open: closing it leaves there what finds no room.
pub fn finish(path: &Path) -> Result<(), OpenError> {
    let file = opened(path, path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(|error| sentence(path, &error))
}

/// Opens a file for reading without touching it or anything beside it; with its write-ahead log, if
/// there is one.
pub(super) fn read_only(path: &Path) -> Result<Connection, OpenError> {
    if !path.is_file() {
        return Err(OpenError::new(format!(
            "{} does not exist, or is not a file.",
            path.display()
        )));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    opened(read_only_uri(path), path, flags)
}

/// A path as SQLite takes it in a URI, with a query.
pub(super) fn uri(path: &Path, query: &str) -> String {
    let escaped = percent_encoding::percent_encode(path.as_os_str().as_encoded_bytes(), URI_PATH);
    format!("file:{escaped}{query}")
}

/// The URI to read a file by without writing anything beside it. With a write-ahead log SQLite has
/// to read that too; a file without one is read as it is.
pub(super) fn read_only_uri(path: &Path) -> String {
    uri(path, if appended(path, "-wal").exists() { "" } else { "?immutable=1" })
}

/// What has to be escaped in the path of an SQLite URI.
const URI_PATH: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b'%').add(b'?').add(b'#');

/// Whether a database can be moved away.
pub(super) enum ExclusiveLock {
    /// No other connection, of this process or of another, has it open, and all of it is in the one
    /// file, for as long as this connection lives.
    Held(#[expect(dead_code, reason = "held for its lock")] Connection),
    /// It is damaged beyond opening, so nobody can have it in use.
    Damaged,
    /// Somebody has it open.
    InUse,
}

/// Locks a database against everybody else.
pub(super) fn lock_exclusively(path: &Path) -> Result<ExclusiveLock, OpenError> {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseCorrupt, DatabaseLocked, NotADatabase};
    let connection = opened(path, path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Leaving the write-ahead log needs every other connection gone.
    let taken = connection.busy_timeout(Duration::from_millis(500)).and_then(|()| {
        connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE",
        )
    });
    let Err(error) = taken else { return Ok(ExclusiveLock::Held(connection)) };
    match error.sqlite_error_code() {
        Some(DatabaseBusy | DatabaseLocked) => Ok(ExclusiveLock::InUse),
        Some(NotADatabase | DatabaseCorrupt) => Ok(ExclusiveLock::Damaged),
        _ => Err(sentence(path, &error)),
    }
}

/// What every pooled reader is set to.
pub(super) fn prepare_reader(connection: &mut Connection) -> rusqlite::Result<()> {
    keep_statements(connection)?;
    connection.busy_handler(Some(wait_for_lock))?;
    connection.progress_handler(brief::STRIDE, Some(brief::stops))?;
    connection.execute_batch(
        "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY",
    )
}

/// Waits for a lock for a second, where waiting is allowed. A reader meets one only while another
/// process repairs the write-ahead log, or has the file to itself.
fn wait_for_lock(times: i32) -> bool {
    let waits = times < 100 && brief::may_wait();
    if waits {
        std::thread::sleep(Duration::from_millis(10));
    }
    waits
}

/// Statements are prepared once. Without the stability guarantee SQLite prepares each statement
/// that has `LIKE ?` again whenever a parameter is bound, which costs more than a page of numbers
/// does.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    super::functions::register(connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(|_| ())
}

fn refuse_unfit_file(path: &Path) -> Result<(), OpenError> {
    let metadata = std::fs::metadata(path).map_err(|error| unreachable(path, &error))?;
    if !metadata.is_file() {
        return Err(OpenError::new(format!("{} is not a file.", path.display())));
    }
    if metadata.permissions().mode() & 0o007 != 0 {
        return Err(OpenError::new(format!(
            "{} can be read or written by everyone on this machine; `chmod o-rwx` it.",
            path.display()
        )));
    }
    if let Some(directory) = super::new_file::open_directory_of(path) {
        return Err(OpenError::new(format!(
            "{} can be written by everyone on this machine, who could replace the database; `chmod o-w` it.",
            directory.display()
        )));
    }
    network::refuse(path)
}

/// Another program's database is left as it is: neither filled nor given a write-ahead log.
pub(super) fn refuse_foreign(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let tables = migrations::foreign_tables(connection).map_err(|error| sentence(path, &error))?;
    tables.map_or(Ok(()), |tables| {
        let path = path.display();
        Err(OpenError::new(format!(
            "{path} is not a database of numberd: it has other tables ({tables}). Name another file with --database."
        )))
    })
}

/// Why a file can't be reached.
pub(super) fn unreachable(path: &Path, error: &std::io::Error) -> OpenError {
    match error.kind() {
        std::io::ErrorKind::NotFound => OpenError::new(format!(
            "{} does not exist; `numberd init` makes a database.",
            path.display()
        )),
        std::io::ErrorKind::PermissionDenied => not_permitted(path),
        _ => OpenError::new(format!("{} can't be opened: {error}.", path.display())),
    }
}

/// This process may not read a file: who it runs as, and whose the file is.
fn not_permitted(path: &Path) -> OpenError {
    let user = rustix::process::geteuid().as_raw();
    let owner = std::fs::metadata(path).map(|file| {
        format!("it belongs to user id {} and has mode {:03o}", file.uid(), file.mode() & 0o777)
    });
    OpenError::new(format!(
        "{} can't be opened: user id {user} may not read it; {}.",
        path.display(),
        owner.unwrap_or_else(|_| "a directory above it can't be entered".to_owned())
    ))
}

/// A file can be read only: what is in the way.
fn not_writable(path: &Path) -> OpenError {
    let user = rustix::process::geteuid().as_raw();
    let directory = path.parent().unwrap_or(Path::new("/"));
    for (name, what) in [(path, "the file"), (directory, "its directory")] {
        let denied = rustix::fs::access(name, rustix::fs::Access::WRITE_OK)
            == Err(rustix::io::Errno::ACCESS);
        let Some(file) = std::fs::metadata(name).ok().filter(|_| denied) else { continue };
        return OpenError::new(format!(
            "{} can't be written: user id {user} may not write {what}, which belongs to user id {} and has mode {:03o}.",
            path.display(),
            file.uid(),
            file.mode() & 0o777
        ));
    }
    OpenError::new(format!(
        "{} can't be written: the file, its directory or its file system is read-only.",
        path.display()
    ))
}

fn sentence(path: &Path, error: &rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, NotADatabase, ReadOnly};
    if error.sqlite_error_code() == Some(ReadOnly) {
        return not_writable(path);
    }
    let path = path.display();
    OpenError::new(match error.sqlite_error_code() {
        Some(DatabaseBusy | DatabaseLocked) => {
            format!("{path} is locked by another program; close it and try again.")
        }
        Some(CannotOpen) => format!(
            "{path} can't be opened: its directory and file system must be writable too, for the write-ahead log."
        ),
        Some(rusqlite::ErrorCode::DiskFull) => "the disk is full.".to_owned(),
        Some(NotADatabase) => format!("{path} is not an SQLite database."),
        _ => format!("{path} can't be used: {error}."),
    })
}
