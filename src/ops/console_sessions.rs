//! Logging in to the web console and out of it.

use super::credentials;
use crate::domain::{Error, RamId};
use crate::store::{WriteTx, console_sessions};
use std::time::Duration;

/// How long a session lasts without a request.
pub const IDLE: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a request is not noted after the one before: a page must not cost a write.
pub const NOTED_EVERY: Duration = Duration::from_secs(10 * 60);

/// Opens a session for a person whose password was right, and returns its token: 256 random bits.
pub fn begin(tx: &WriteTx<'_>, ram_id: &RamId) -> Result<String, Error> {
    let token = credentials::secret()?;
    console_sessions::insert(tx, &token, ram_id, tx.expiry_now().after(IDLE))?;
    Ok(token)
}

/// Lets a session that is in use last longer.
pub fn prolong(tx: &WriteTx<'_>, token: &str) -> Result<(), Error> {
    console_sessions::touch(tx, token, tx.expiry_now().after(IDLE))
}

/// Ends a session.
pub fn end(tx: &WriteTx<'_>, token: &str) -> Result<(), Error> {
    console_sessions::delete(tx, token)
}

/// Keeps the language that a person chose (a tag; empty: as the browser asks) and whether single
/// letters are keyboard commands.
pub fn set_preference(
    tx: &WriteTx<'_>,
    ram_id: &RamId,
    language: &str,
    shortcuts: bool,
) -> Result<(), Error> {
    console_sessions::set_preference(tx, ram_id, language, shortcuts)
}
