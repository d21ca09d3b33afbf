//! Backup and restore.
//!
//! A backup is SQLite's own copy of one read transaction: others write meanwhile, and the copy
//! holds what was committed when it began. A file appears under its name only when it is whole,
//! checked, and safe on the disk. The live database is opened by SQLite only: closing any other
//! handle on it would drop the locks that this process holds.

use super::backups::{self, begins_as_a_database, stamp};
use super::error::{OpenError, from_sqlite};
use super::integrity::{self, Finding};
use super::migrations;
use super::new_file::{
    FileError, Unpublished, appended, directory_of, give_to_owner_of, publish, refuse_existing,
    sync, temporary_file, unusable,
};
use super::open::{self, ExclusiveLock, Migrate};
pub use super::returning::{Returning, returning};
use super::tx::ReadTx;
use crate::domain::{Clock, Error, Timestamp};
use rusqlite::Connection;
use rusqlite::backup::StepResult;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pages copied between two looks at the progress: 1 MiB.
const STEP: i32 = 256;

/// How far a backup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pages copied.
    pub done: u64,
    /// Pages in all.
    pub total: u64,
}

/// A backup that was made, checked, and is safe on the disk.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was begun: it holds everything that was acknowledged before.
    pub begun_at: Timestamp,
}

/// What is in a backup.
#[derive(Clone, Debug, serde::Serialize)]
#[expect(missing_docs, reason = "the names say what is counted")]
pub struct Contents {
    /// The schema's version that it has.
    pub schema: i32,
    pub instances: u64,
    pub users: u64,
    pub skill_groups: u64,
    pub free_numbers: u64,
    pub bound_numbers: u64,
    pub personal_numbers: u64,
    /// Numbers in the account's pool.
    pub pool_numbers: u64,
    pub changes: u64,
    pub last_change_at: Option<Timestamp>,
}

/// Why there is no backup, or no restored database.
#[derive(Debug)]
pub enum BackupError {
    /// There is a file of that name; nothing is overwritten.
    Exists(PathBuf),
    /// A program has the database open.
    InUse(PathBuf),
    /// What was read or written is not a sound database.
    Unsound(PathBuf, Vec<Finding>),
    /// A file or directory can't be read or written: a sentence.
    File(String),
    /// The database failed.
    Store(Error),
}

impl std::fmt::Display for BackupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exists(path) => FileError::Exists(path.clone()).fmt(f),
            Self::InUse(path) => {
                write!(f, "{} is open in another program; stop the server first", path.display())
            }
            Self::Unsound(path, findings) => {
                let first = findings
                    .first()
                    .map(|finding| {
                        format!("{} {}: {}", finding.check, finding.subject, finding.detail)
                    })
                    .unwrap_or_default();
                write!(
                    f,
                    "{} is not sound: {} things are wrong, the first is {first}",
                    path.display(),
                    findings.len()
                )
            }
            Self::File(sentence) => f.write_str(sentence),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BackupError {}

impl From<Error> for BackupError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<FileError> for BackupError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Exists(path) => Self::Exists(path),
            FileError::Unusable(sentence) => Self::File(sentence),
            FileError::Store(error) => Self::Store(error),
        }
    }
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> Self {
        Self::File(error.to_string())
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(from_sqlite(error))
    }
}

/// A database that was put back.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Restored {
    /// Where it is.
    pub database: PathBuf,
    /// Where the one that was there is kept, or the log that was there without one.
    pub replaced: Option<PathBuf>,
    /// What is in it.
    pub contents: Contents,
    /// Who was forgotten since the backup was made, and is in it.
    pub returning: Vec<Returning>,
}

/// Copies what a reader sees into a new file; see [`Store::backup`](super::Store::backup).
pub(super) fn create(
    reader: &Connection,
    now: Timestamp,
    target: &Path,
    progress: impl FnMut(Progress),
) -> Result<Backup, BackupError> {
    let path = if target.is_dir() {
        target.join(backups::file_name(now, None))
    } else {
        target.to_owned()
    };
    refuse_existing(&path)?;
    let directory = directory_of(&path);
    let copy = temporary_file(&directory)?;
    let snapshot = reader.unchecked_transaction()?;
    copy_pages(&snapshot, &copy, progress)?;
    drop(snapshot);
    let connection = open::finished_copy(&copy)?;
    refuse_unsound(&connection, now, &path)?;
    drop(connection);
    if let Some(database) = reader.path() {
        give_to_owner_of(&copy, Path::new(database))?;
    }
    let bytes = sync(&copy)?;
    publish(copy, &path, &directory)?;
    Ok(Backup { path, bytes, begun_at: now })
}

/// A drill: whether a backup can be restored, and what is in it. It is copied to a temporary file,
/// brought up to date and checked there; the backup itself is only read. The file is made beside
/// the database that it would be restored to, or else where temporary files are.
pub fn verify(
    backup: &Path,
    database: &Path,
    clock: Clock,
    progress: impl FnMut(Progress),
) -> Result<Contents, BackupError> {
    let beside = directory_of(database);
    let directory = match temporary_file(&beside) {
        Ok(_) => beside,
        Err(_) => std::env::temp_dir(),
    };
    rehearse(backup, &directory, clock, progress).map(|(_, contents)| contents)
}

/// Puts a backup in the place of a database, after the same drill. The database that is there is
/// kept beside it, and nothing is done while a program has it open. What root restores belongs to
/// the owner of that database, or else of the directory.
pub fn restore(
    backup: &Path,
    database: &Path,
    clock: Clock,
    progress: impl FnMut(Progress),
) -> Result<Restored, BackupError> {
    if same_file(backup, database) {
        return Err(BackupError::File(format!("{} is the database itself", backup.display())));
    }
    let directory = directory_of(database);
    let (copy, contents) = rehearse(backup, &directory, clock, progress)?;
    give_to_owner_of(&copy, if database.exists() { database } else { &directory })?;
    sync(&copy)?;
    let returning = returning(database, &copy);
    let replaced = set_aside(database, &stamp(clock.now()))?;
    publish(copy, database, &directory)?;
    Ok(Restored { database: database.to_owned(), replaced, contents, returning })
}

/// Copies a backup into a directory, brings the copy up to date and checks it.
fn rehearse(
    backup: &Path,
    directory: &Path,
    clock: Clock,
    progress: impl FnMut(Progress),
) -> Result<(Unpublished, Contents), BackupError> {
    if backup.is_file() && !begins_as_a_database(backup) {
        return Err(BackupError::File(format!("{} is not a numberd database", backup.display())));
    }
    let name = backup.display().to_string();
    drill(backup, directory, clock, progress).map_err(|error| match error {
        // SQLite does not say of which file.
        BackupError::File(why) | BackupError::Store(Error::Internal(why))
            if !why.contains(&name) =>
        {
            BackupError::File(format!("{name} can't be restored: {}", why.trim_end_matches('.')))
        }
        error => error,
    })
}

fn drill(
    backup: &Path,
    directory: &Path,
    clock: Clock,
    progress: impl FnMut(Progress),
) -> Result<(Unpublished, Contents), BackupError> {
    let copy = temporary_file(directory)?;
    copy_pages(&open::read_only(backup)?, &copy, progress)?;
    let connection = open::finished_copy(&copy)?;
    let schema = migrations::current(&connection)?;
    if schema == 0 || migrations::foreign_tables(&connection)?.is_some() {
        return Err(BackupError::File(format!("{} is not a numberd database", backup.display())));
    }
    drop(connection);
    drop(open::writer(&copy, Migrate::Apply)?);
    // Out of the write-ahead log again, so that one file is all of it.
    let connection = open::finished_copy(&copy)?;
    refuse_unsound(&connection, clock.now(), backup)?;
    let contents = contents(&ReadTx::new(&connection, clock), schema)?;
    Ok((copy, contents))
}

/// Copies what one connection sees, as one transaction of it, into an empty file.
fn copy_pages(
    from: &Connection,
    to: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<(), BackupError> {
    // The transaction begins with its first read, and what is copied is what it sees.
    from.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut destination = open::empty_file(to)?;
    let copying = rusqlite::backup::Backup::new(from, &mut destination)?;
    loop {
        let step = copying.step(STEP)?;
        let pages = copying.progress();
        let (total, left) = (
            u64::try_from(pages.pagecount).unwrap_or(0),
            u64::try_from(pages.remaining).unwrap_or(0),
        );
        progress(Progress { done: total.saturating_sub(left), total });
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn refuse_unsound(
    connection: &Connection,
    now: Timestamp,
    named: &Path,
) -> Result<(), BackupError> {
    match integrity::soundness(&ReadTx::new(connection, Clock::Fixed(now)))?.findings {
        findings if findings.is_empty() => Ok(()),
        findings => Err(BackupError::Unsound(named.to_owned(), findings)),
    }
}

fn contents(tx: &ReadTx<'_>, schema: i32) -> Result<Contents, Error> {
    let last: Option<Option<i64>> = tx.value("SELECT max(changed_at) FROM change", [])?;
    Ok(Contents {
        schema,
        instances: tx.count("SELECT count(*) FROM instance WHERE status <> 'RELEASED'", [])?,
        users: tx.count("SELECT count(*) FROM user", [])?,
        skill_groups: tx.count("SELECT count(*) FROM skill_group", [])?,
        free_numbers: tx.count(
            "SELECT count(*) FROM phone_number WHERE instance_id IS NOT NULL AND state = 'free'",
            [],
        )?,
        bound_numbers: tx.count("SELECT count(*) FROM phone_number WHERE state = 'bound'", [])?,
        personal_numbers: tx
            .count("SELECT count(*) FROM phone_number WHERE state = 'personal'", [])?,
        pool_numbers: tx
            .count("SELECT count(*) FROM phone_number WHERE instance_id IS NULL", [])?,
        changes: tx.count("SELECT count(*) FROM change", [])?,
        last_change_at: last.flatten().map(Timestamp::from_millis),
    })
}

/// Moves a database with what belongs to it out of the way, unless a program has it open. A log
/// that is there without its database, or belongs to one that is damaged, goes too: SQLite would
/// take it for that of the next one. Once the database is locked, all of it is in the one file.
fn set_aside(database: &Path, stamp: &str) -> Result<Option<PathBuf>, BackupError> {
    // Held until the file has its other name, so that no program opens it meanwhile.
    let lock = database.exists().then(|| open::lock_exclusively(database)).transpose()?;
    if matches!(lock, Some(ExclusiveLock::InUse)) {
        return Err(BackupError::InUse(database.to_owned()));
    }
    let kept = appended(database, &format!(".replaced-{stamp}"));
    refuse_existing(&kept)?;
    let is_whole = matches!(lock, Some(ExclusiveLock::Held(_)));
    let mut moved = None;
    for part in ["-shm", "-journal", "-wal", ""] {
        let (from, to) = (appended(database, part), appended(&kept, part));
        if !from.exists() {
            continue;
        }
        if is_whole && !part.is_empty() {
            std::fs::remove_file(&from).map_err(|error| unusable(&from, "removed", &error))?;
        } else {
            std::fs::rename(&from, &to).map_err(|error| unusable(&from, "renamed", &error))?;
            moved = Some(to);
        }
    }
    drop(lock);
    Ok(moved)
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
