//! One thing done with each of many numbers: at once, or as a run.

use super::{AT_ONCE, start};
use crate::domain::batch::{BatchItem, BatchMode, BatchReport};
use crate::domain::phone_number::NewNumbers;
use crate::domain::run::{InSlices, RunAct};
use crate::domain::{Error, InstanceId, Number, UserId};
use crate::ops::batch::{self, Selection};
use crate::store::{WriteTx, contact_flows, personal_assignments, users};
use serde_json::{Value, json};

/// Does one thing with each of these numbers, or begins to. A dry run tries the first thousand.
pub fn with_each(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    each: BatchItem,
    numbers: &[String],
    mode: BatchMode,
) -> Result<InSlices<BatchReport>, Error> {
    let at_once = |tried: &[String]| {
        let items: Vec<BatchItem> = tried.iter().map(|number| each.of(number.clone())).collect();
        batch::run(tx, instance_id, &items, mode)
    };
    let act = RunAct::Numbers { each: each.clone() };
    let items = || versions(tx, instance_id, numbers);
    at_once_or_begun(tx, instance_id, (&act, items), numbers, mode, at_once)
}

/// Adds numbers to an instance, as [`batch::add_numbers`] does, or begins to.
///
/// # Errors
/// [`Error::NotFound`] for the contact flow.
pub fn add_numbers(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[Number],
    new: &NewNumbers,
    mode: BatchMode,
) -> Result<InSlices<BatchReport>, Error> {
    if let Some(flow) = &new.contact_flow_id {
        contact_flows::require(tx, instance_id, flow)?;
    }
    let at_once = |tried: &[Number]| batch::add_numbers(tx, instance_id, tried, new, mode);
    let items = || Ok(numbers.iter().map(|number| json!(number)).collect());
    let act = RunAct::Add { new: new.clone() };
    at_once_or_begun(tx, instance_id, (&act, items), numbers, mode, at_once)
}

/// Takes numbers out of an instance, as [`batch::remove_numbers`] does, or begins to.
pub fn remove_numbers(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[String],
    force: bool,
    mode: BatchMode,
) -> Result<InSlices<BatchReport>, Error> {
    let at_once = |tried: &[String]| batch::remove_numbers(tx, instance_id, tried, force, mode);
    let act = RunAct::Remove { force };
    let items = || versions(tx, instance_id, numbers);
    at_once_or_begun(tx, instance_id, (&act, items), numbers, mode, at_once)
}

/// Numbers with the versions that they have now.
fn versions(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[String],
) -> Result<Vec<Value>, Error> {
    Ok(Selection::of_numbers(tx, instance_id, numbers.iter())?.run_items())
}

fn at_once_or_begun<T>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    (act, items): (&RunAct, impl FnOnce() -> Result<Vec<Value>, Error>),
    numbers: &[T],
    mode: BatchMode,
    at_once: impl FnOnce(&[T]) -> Result<BatchReport, Error>,
) -> Result<InSlices<BatchReport>, Error> {
    if numbers.len() > AT_ONCE && !tx.is_rehearsed() {
        let run = start(tx, Some(instance_id), act, mode, &items()?)?;
        return Ok(InSlices::Run(Box::new(run)));
    }
    let tried = &numbers[..numbers.len().min(AT_ONCE)];
    let untried = Some((numbers.len() - tried.len()) as u64).filter(|untried| *untried > 0);
    Ok(InSlices::AtOnce(BatchReport { untried, ..at_once(tried)? }))
}

/// Gives every number that a user holds to another, who keeps those that they hold already.
///
/// # Errors
/// [`Error::NotFound`] for one of the users.
pub fn hand_over(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    from: &UserId,
    to: &UserId,
    mode: BatchMode,
) -> Result<InSlices<BatchReport>, Error> {
    users::require(tx, instance_id, from)?;
    users::require(tx, instance_id, to)?;
    let numbers = if from == to { Vec::new() } else { personal_assignments::list_held(tx, from)? };
    let each = BatchItem::Transfer {
        number: String::new(),
        from: Some(from.clone()),
        user_id: to.clone(),
    };
    with_each(tx, instance_id, each, &numbers, mode)
}
