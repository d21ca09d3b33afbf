//! Archiving the oldest changes.

use crate::store::change_archives::{self, Lines};
use crate::store::{FileError, WriteTx};
use std::path::Path;

/// Removes lines from the log that a file holds: it is read again and compared with them first.
/// Returns the file's SHA-256 in hexadecimal.
///
/// # Errors
/// [`FileError::Exists`] where the file holds something else.
pub fn archive(tx: &WriteTx<'_>, lines: Lines, file: &Path) -> Result<String, FileError> {
    let same = change_archives::compare(tx, lines, file)?;
    let sha256 = same.ok_or_else(|| FileError::Exists(file.to_owned()))?;
    change_archives::remove(tx, lines, file, &sha256)?;
    Ok(sha256)
}
