//! Backups on the server's disk, in the directory that was chosen at the start; a caller can't
//! choose it.

use super::call::Resources;
use super::fields::Nothing;
use super::problem::{Failure, Result};
use super::reply::Plain;
use super::scope::InAccount;
use crate::domain::Error;
use crate::store::backup::BackupError;
use crate::store::backups;
use serde::Serialize;
use utoipa::ToSchema;

/// A backup that was written, checked and synced to the disk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Backup {
    /// The file on the server.
    path: String,
    /// The size in bytes.
    bytes: u64,
    /// When it began. It holds everything that was answered with success before.
    begun_at: String,
}

pub(super) fn create(
    resources: &Resources,
    _: &InAccount,
    (): (),
    _: Nothing,
) -> Result<Plain<Backup>> {
    let directory = &resources.backups;
    backups::make_directory(directory)
        .map_err(|error| Failure::BackupFailed(format!("{error}.")))?;
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
