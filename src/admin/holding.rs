//! Changing who holds one number, and who holds it now.

use super::etag::{self, Guarded};
use super::problem::Failure;
use super::reply::Done;
use crate::domain::batch::{BatchReport, Outcome};
use crate::domain::history::Holder;
use crate::domain::{Error, InstanceId};
use crate::store::{ReadTx, WriteTx, holders, phone_numbers};

/// Who holds a number now.
pub(super) fn blockers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<Holder>, Error> {
    holders::of_number(tx, instance_id, number)
}

/// Changes who holds a number, once the request's guard is passed. What a rule refuses is answered
/// with the holders that block it.
pub(super) fn change_holder(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    guard: &Guarded,
    act: impl FnOnce() -> Result<(), Error>,
) -> Result<Done, Failure> {
    let number = &phone_numbers::require(tx, instance_id, number)?;
    guard.check(|| etag::of_number(tx, instance_id, number))?;
    match act() {
        Ok(()) => Ok(Done),
        Err(error @ Error::Rule { .. }) => {
            Err(Failure::Held(error, blockers(tx, instance_id, number)?))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn only(report: BatchReport) -> Result<Outcome, Failure> {
    let item = report.items.into_iter().next().map(|item| (item.outcome, item.refusal));
    match item {
        Some((outcome, None)) => Ok(outcome),
        Some((_, Some(refusal))) => Err(Failure::ItemRefused(refusal)),
        None => Err(Failure::Refused(Error::Internal("a batch of one without an item".to_owned()))),
    }
}
