//! The numbers of an instance as seen for one user: which could be given to him, and what stands in the way of the others.

use super::ReadTx;
use crate::domain::candidate::{Candidate, CandidateFilter};
use crate::domain::{Error, InstanceId, Page, PageRequest, UserId};

/// A page of candidates, by number.
///
/// # Errors
/// [`Error::NotFound`] for the instance or the user.
pub fn page(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId, filter: &CandidateFilter, page: PageRequest) -> Result<Page<Candidate>, Error> {
    let _ = (tx, instance_id, user_id, filter, page);
    Err(Error::Internal("not there yet".to_owned()))
}

/// Why a number can't be given to a user, or that it can.
///
/// # Errors
/// [`Error::NotFound`] for the instance, the user or the number.
pub fn why(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId, number: &str) -> Result<Candidate, Error> {
    let _ = (tx, instance_id, user_id, number);
    Err(Error::Internal("not there yet".to_owned()))
}
