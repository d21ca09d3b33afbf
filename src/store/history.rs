//! Who held what from when to when.

use super::ReadTx;
use crate::domain::history::{HeldNumber, HistoryEntry, Holder};
use crate::domain::{Error, InstanceId, Page, PageRequest, Timestamp, UserId};

/// Who held a number at a moment: users and skill groups. A number that was removed since can be asked for, too.
///
/// # Errors
/// [`Error::NotFound`] for a number that the instance never had.
pub fn whois(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str, at: Timestamp) -> Result<Vec<Holder>, Error> {
    let _ = (tx, instance_id, number, at);
    Err(Error::Internal("not there yet".to_owned()))
}

/// The numbers that a user held at a moment, by number. A user who was removed since can be asked for, too.
///
/// # Errors
/// [`Error::NotFound`] for a user whom the instance never had.
pub fn numbers_of_user_at(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId, at: Timestamp) -> Result<Vec<HeldNumber>, Error> {
    let _ = (tx, instance_id, user_id, at);
    Err(Error::Internal("not there yet".to_owned()))
}

/// The history of a number, the newest first: whom it was personal to, and what it was bound to.
///
/// # Errors
/// [`Error::NotFound`] for a number that the instance never had.
pub fn of_number(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str, page: PageRequest) -> Result<Page<HistoryEntry>, Error> {
    let _ = (tx, instance_id, number, page);
    Err(Error::Internal("not there yet".to_owned()))
}

/// The history of a user, the newest first: his numbers, and the skill groups that he was in.
///
/// # Errors
/// [`Error::NotFound`] for a user whom the instance never had.
pub fn of_user(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId, page: PageRequest) -> Result<Page<HistoryEntry>, Error> {
    let _ = (tx, instance_id, user_id, page);
    Err(Error::Internal("not there yet".to_owned()))
}
