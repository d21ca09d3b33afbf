//! Batches: lists of assign, release, transfer, bind, unbind, hold and end-reservation, the numbers
//! of a leaver handed over, the holders of two numbers exchanged, ranges added and removed.
//!
//! Every item is tried, so that every failure is reported at once; each in a savepoint, so that a
//! refused one leaves nothing behind. When it is to be all or nothing and one was refused,
//! everything is taken back to a savepoint before the first: the transaction goes on and may keep
//! whatever else its caller wrote.

mod items;
mod numbers;
mod selection;
mod swap;

pub(super) use items::apply;
pub(super) use numbers::{add, remove};
pub use numbers::{add_numbers, remove_numbers};
pub use selection::{Selection, changed_since};
pub use swap::swap;

use super::stop::{Stop, attempt, kept_if};
use crate::domain::batch::{
    BatchItem, BatchMode, BatchReport, ItemAction, ItemOutcome, Outcome, Passage,
};
use crate::domain::history::Holder;
use crate::domain::{Error, InstanceId};
use crate::store::{WriteTx, holders, reservations, spellings};

const fn outcome(changed: bool) -> Outcome {
    if changed { Outcome::Done } else { Outcome::Unchanged }
}

/// Does every item, in order. What is refused because of another item of the same batch (a number
/// given twice) is refused as if that had been done before.
///
/// # Errors
/// Only those of the database; whatever an item meets is in the report.
pub fn run(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    items: &[BatchItem],
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    in_order(tx, mode, items.iter().map(|item| (item.action(), item.number(), item)), |item| {
        let number = spellings::stored_or_given(tx, instance_id, item.number())?;
        passing(tx, instance_id, &number, || apply(tx, instance_id, item))
    })
}

/// Does something with a number, and finds out from whom to whom it went.
fn passing(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    act: impl FnOnce() -> Result<bool, Stop>,
) -> Result<(bool, Passage), Stop> {
    let before = holders::of_number(tx, instance_id, number)?;
    let changed = act()?;
    Ok((changed, passage(tx, instance_id, number, changed, before)?))
}

/// From whom to whom a number went, of those who held it before.
fn passage(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    changed: bool,
    before: Vec<Holder>,
) -> Result<Passage, Error> {
    let after = holders::of_number(tx, instance_id, number)?;
    let kept = reservations::of_number(tx, instance_id, number)?;
    Ok(match changed {
        true => Passage::between(before, after, kept),
        false => Passage::none(after, kept),
    })
}

/// Does one thing with all of these numbers, and finds out from whom to whom each of them went.
/// `act` says whether it changed anything.
pub fn reported<E: From<Error>>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    action: ItemAction,
    numbers: &[String],
    act: impl FnOnce() -> Result<bool, E>,
) -> Result<Vec<ItemOutcome>, E> {
    let held = |number: &String| holders::of_number(tx, instance_id, number);
    let before = numbers.iter().map(held).collect::<Result<Vec<_>, Error>>()?;
    let changed = act()?;
    let outcomes = numbers.iter().zip(before).enumerate().map(|(index, (number, before))| {
        let passage = passage(tx, instance_id, number, changed, before)?;
        let (number, outcome) = (number.clone(), outcome(changed));
        Ok(ItemOutcome { index, action, number, outcome, passage, refusal: None })
    });
    Ok(outcomes.collect::<Result<Vec<_>, Error>>()?)
}

/// Tries one thing after the other and reports on all of them; `act` says whether it changed
/// anything.
fn in_order<'a, T>(
    tx: &WriteTx<'_>,
    mode: BatchMode,
    items: impl Iterator<Item = (ItemAction, &'a str, T)>,
    act: impl Fn(T) -> Result<(bool, Passage), Stop>,
) -> Result<BatchReport, Error> {
    kept_if(
        tx,
        |report: &BatchReport| report.applied,
        || {
            let mut outcomes = Vec::new();
            for (index, (action, number, item)) in items.enumerate() {
                let (outcome, passage, refusal) = match attempt(tx, || act(item))? {
                    Ok((changed, passage)) => (outcome(changed), passage, None),
                    Err(refusal) => (Outcome::Refused, Passage::default(), Some(refusal)),
                };
                let number = number.to_owned();
                outcomes.push(ItemOutcome { index, action, number, outcome, passage, refusal });
            }
            Ok(BatchReport::new(mode, outcomes))
        },
    )
}
