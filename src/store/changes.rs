//! The change log.

use super::ReadTx;
use crate::domain::Error;
use crate::domain::history::{Change, ChangeFilter};

/// The changes that come after one, oldest first: the feed. `after` is the last change that was seen; 0 for none.
///
/// # Errors
/// Only those of the database.
pub fn after(tx: &ReadTx<'_>, filter: &ChangeFilter, after: i64, limit: u64) -> Result<Vec<Change>, Error> {
    let _ = (tx, filter, after, limit);
    Err(Error::Internal("not there yet".to_owned()))
}

/// The last changes, newest first.
///
/// # Errors
/// Only those of the database.
pub fn newest(tx: &ReadTx<'_>, filter: &ChangeFilter, limit: u64) -> Result<Vec<Change>, Error> {
    let _ = (tx, filter, limit);
    Err(Error::Internal("not there yet".to_owned()))
}

/// One change.
///
/// # Errors
/// Only those of the database.
pub fn get(tx: &ReadTx<'_>, change_id: i64) -> Result<Option<Change>, Error> {
    let _ = (tx, change_id);
    Err(Error::Internal("not there yet".to_owned()))
}

/// All changes of a request, newest first.
///
/// # Errors
/// Only those of the database.
pub fn of_request(tx: &ReadTx<'_>, request_id: &str) -> Result<Vec<Change>, Error> {
    let _ = (tx, request_id);
    Err(Error::Internal("not there yet".to_owned()))
}
