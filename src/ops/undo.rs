//! Undoing a change, with all its rows, as one new change.

use crate::domain::batch::{UndoReport, UndoTarget};
use crate::domain::{Error, InstanceId};
use crate::store::WriteTx;

/// Undoes one row of the change log, or all rows of a request, the newest first. Each is set back for itself, and refused
/// when something newer stands in the way. `scope`: only changes of this instance are seen; the account's root gives none.
///
/// # Errors
/// [`Error::NotFound`] for the change.
pub fn undo(tx: &WriteTx<'_>, scope: Option<&InstanceId>, target: &UndoTarget) -> Result<UndoReport, Error> {
    let _ = (tx, scope, target);
    Err(Error::Internal("not there yet".to_owned()))
}
