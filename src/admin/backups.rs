//! Backups, made on the server's disk: in the directory that was chosen at the start, never where a
//! caller says.

use super::call::Resources;
use super::fields::Nothing;
use super::problem::Failure;
use super::reply::Plain;
use super::scope::InAccount;
use crate::domain::Error;
use crate::store::backup::BackupError;
use serde::Serialize;
use std::os::unix::fs::DirBuilderExt;
use utoipa::ToSchema;

/// A backup that was made, checked, and is safe on the disk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Backup {
    /// Its file on the server.
    path: String,
    /// Its size.
    bytes: u64,
    /// When it was begun: it holds everything that was answered with success before.
    begun_at: String,
}

/// Makes a backup.
pub(super) fn create(
    resources: &Resources,
    _: &InAccount,
    (): (),
    _: Nothing,
) -> Result<Plain<Backup>, Failure> {
    let directory = &resources.backups;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.map_err(|error| {
        Failure::BackupFailed(format!("{} can't be made: {error}.", directory.display()))
    })?;
    let backup = resources.store.backup(directory, |_| {}).map_err(|error| match error {
        BackupError::Store(error @ (Error::Unavailable(_) | Error::Internal(_))) => {
            Failure::Refused(error)
        }
        error => Failure::BackupFailed(format!("{error}.")),
    })?;
    Ok(Plain(Backup {
        path: backup.path.display().to_string(),
        bytes: backup.bytes,
        begun_at: backup.begun_at.to_string(),
    }))
}
