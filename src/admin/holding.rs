//! Changing who holds one number, and who holds it now.

use super::etag::{self, Guarded};
use super::fields::MAX_ITEMS;
use super::problem::{Failure, Result};
use super::reply::Done;
use crate::domain::batch::{BatchReport, ItemAction, ItemOutcome};
use crate::domain::{Error, Number};
use crate::ops::access::Writing;
use crate::ops::batch::reported;
use crate::store::{holders, phone_numbers};

/// Changes who holds a number, once the request's guard is passed. What a rule refuses is answered
/// with the holders that block it.
pub(super) fn change_holder(
    at: &Writing<'_>,
    (action, number): (ItemAction, &Number),
    guard: &Guarded,
    act: impl FnOnce() -> Result<bool, Error>,
) -> Result<Done> {
    let number = &phone_numbers::require(at.tx, at.instance_id(), number)?;
    guard.check(|| etag::of_number(at.tx, at.instance_id(), number))?;
    match reported(at.tx, at.instance_id(), action, std::slice::from_ref(number), act) {
        Ok(items) => Ok(Done(items)),
        Err(error @ Error::Rule { .. }) => {
            Err(Failure::Held(error, holders::of_number(at.tx, at.instance_id(), number)?))
        }
        Err(error) => Err(error.into()),
    }
}

/// Does away with something, and answers what became of the numbers that it had.
pub(super) fn do_away(
    at: &Writing<'_>,
    action: ItemAction,
    numbers: &[String],
    act: impl FnOnce() -> Result<(), Error>,
) -> Result<Done> {
    let shown = &numbers[..numbers.len().min(MAX_ITEMS)];
    let items = reported::<Error>(at.tx, at.instance_id(), action, shown, || act().map(|()| true))?;
    Ok(Done(items))
}

/// The item of a batch of one.
pub(super) fn only(report: BatchReport) -> Result<ItemOutcome> {
    match report.items.into_iter().next() {
        Some(ItemOutcome { refusal: Some(refusal), .. }) => Err(Failure::ItemRefused(refusal)),
        Some(item) => Ok(item),
        None => Err(Failure::Refused(Error::Internal("a batch of one without an item".to_owned()))),
    }
}
