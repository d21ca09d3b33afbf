//! Backup and restore.

use super::Store;
use super::integrity::Finding;
use crate::domain::{Error, Timestamp};
use std::path::{Path, PathBuf};

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
pub struct Contents {
    /// The schema's version that it has.
    pub schema: i32,
    /// Instances.
    pub instances: u64,
    /// Users of instances.
    pub users: u64,
    /// Skill groups.
    pub skill_groups: u64,
    /// Numbers that are in no one's hands, in instances.
    pub free_numbers: u64,
    /// Numbers bound to skill groups.
    pub bound_numbers: u64,
    /// Numbers personal to users.
    pub personal_numbers: u64,
    /// Numbers in the account's pool.
    pub pool_numbers: u64,
    /// Rows of the change log.
    pub changes: u64,
    /// When the last change was made.
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
            Self::Exists(path) => write!(f, "{} exists already; nothing is overwritten", path.display()),
            Self::InUse(path) => write!(f, "{} is open in another program; stop the server first", path.display()),
            Self::Unsound(path, findings) => {
                let first = findings.first().map(|finding| format!("{} {}: {}", finding.check, finding.subject, finding.detail)).unwrap_or_default();
                write!(f, "{} is not sound: {} things are wrong, the first is {first}", path.display(), findings.len())
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

impl Store {
    /// Copies the database as it is at this moment into a new file, while others read and write: to `target`, or into it
    /// under a name made of the time when it is a directory. The file appears under its name only when it is whole,
    /// checked and safe on the disk, and only its owner can read it.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn backup(&self, target: &Path, progress: impl FnMut(Progress)) -> Result<Backup, BackupError> {
        let _ = (target, progress);
        Err(BackupError::Store(Error::Internal("not there yet".to_owned())))
    }
}
