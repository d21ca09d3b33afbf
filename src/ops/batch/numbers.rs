//! Adding numbers to an instance and removing them, each with its outcome.

use super::{in_order, passing};
use crate::domain::batch::{BatchMode, BatchReport, ItemAction, Passage, RefusalCode};
use crate::domain::phone_number::{NewNumbers, Usage};
use crate::domain::{Error, Existing, InstanceId, Number};
use crate::ops::number_pool::take_out;
use crate::ops::stop::{Stop, held, stop};
use crate::store::{WriteTx, contact_flows, number_pool, phone_numbers, spellings};

/// Adds numbers to an instance, out of the account's pool or as new ones. One that the instance has
/// is left as it is, and refused in another spelling. Without a usage, a service number is Inbound
/// and any other Bidirection.
pub fn add_numbers(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[Number],
    new: &NewNumbers,
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    if let Some(flow) = &new.contact_flow_id {
        contact_flows::require(tx, instance_id, flow)?;
    }
    let numbers = numbers.iter().map(Number::as_str);
    in_order(tx, mode, numbers.map(|number| (ItemAction::Add, number, number)), |number| {
        add(tx, instance_id, number, new).map(|changed| (changed, Passage::default()))
    })
}

/// Adds one number to an instance; `false` when it has it already.
pub(in crate::ops) fn add(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    new: &NewNumbers,
) -> Result<bool, Stop> {
    let flow = new.contact_flow_id.as_ref();
    let usage = match new.usage {
        Some(usage) => usage,
        None => Usage::usual(number, spellings::country_code(tx, instance_id)?),
    };
    let refused = |error| stop(tx, instance_id, number, error);
    match spellings::find(tx, instance_id, number)? {
        Some(there) if there == number => return Ok(false),
        Some(there) => {
            let existing = Existing::Spelling(number.to_owned(), there);
            return Err(refused(Error::AlreadyExists(existing)));
        }
        None => {}
    }
    if number_pool::move_into(tx, number, instance_id, usage, flow).map_err(refused)? {
        return Ok(true);
    }
    if let Some(there) = spellings::find_anywhere(tx, number)? {
        let known = if there == number { String::new() } else { format!(", as {there}") };
        return Err(Stop::refused(
            RefusalCode::NumberTaken,
            format!("the account has {number} elsewhere{known}"),
        ));
    }
    number_pool::insert_into(tx, instance_id, number, new, usage, flow).map_err(refused)?;
    Ok(true)
}

/// Takes numbers out of an instance, back into the account's pool. One that is held or has a
/// contact flow is refused unless `force` is set, which ends that first.
pub fn remove_numbers(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[String],
    force: bool,
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    let each = numbers.iter().map(|number| (ItemAction::Remove, number.as_str(), number));
    in_order(tx, mode, each, |number| remove(tx, instance_id, number, force))
}

/// Takes one number out of an instance.
pub(in crate::ops) fn remove(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    force: bool,
) -> Result<(bool, Passage), Stop> {
    let refused = |error| stop(tx, instance_id, number, error);
    let number = &phone_numbers::require(tx, instance_id, number).map_err(refused)?;
    passing(tx, instance_id, number, || match take_out(tx, instance_id, number, force) {
        Ok(true) => Ok(true),
        Ok(false) => match held(tx, instance_id, number)? {
            Some(refusal) => Err(Stop::Refused(refusal)),
            None => Err(Stop::refused(
                RefusalCode::NumberHasContactFlow,
                format!("{number} has a contact flow"),
            )),
        },
        Err(error) => Err(refused(error)),
    })
}
