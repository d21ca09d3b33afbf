//! Adding numbers to an instance and removing them, each with its outcome.

use super::{Did, in_order};
use crate::domain::batch::{BatchMode, BatchReport, RefusalCode};
use crate::domain::phone_number::{NewNumbers, Usage, is_service_number};
use crate::domain::{ContactFlowId, Error, InstanceId, Number};
use crate::ops::stop::{Stop, held, stop};
use crate::store::{
    WriteTx, bindings, contact_flows, number_pool, personal_assignments, phone_numbers,
};

/// Adds numbers to an instance, out of the account's pool or as new ones. One that the instance has
/// is left as it is. Without a usage, a service number is Inbound and any other Bidirection.
///
/// # Errors
/// [`Error::NotFound`] for the contact flow.
pub fn add_numbers(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[Number],
    new: &NewNumbers,
    usage: Option<Usage>,
    flow: Option<&ContactFlowId>,
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    if let Some(flow) = flow {
        contact_flows::require(tx, instance_id, flow)?;
    }
    let numbers = numbers.iter().map(Number::as_str);
    in_order(tx, mode, numbers.map(|number| ("add", number, number)), |number| {
        let standard = if is_service_number(number) { Usage::Inbound } else { Usage::Bidirection };
        add(tx, instance_id, number, new, usage.unwrap_or(standard), flow)
    })
}

fn add(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    new: &NewNumbers,
    usage: Usage,
    flow: Option<&ContactFlowId>,
) -> Result<Did, Stop> {
    match phone_numbers::require(tx, instance_id, number) {
        Ok(()) => return Ok(Did::Nothing),
        Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let refused = |error| stop(tx, instance_id, number, error);
    if number_pool::move_into(tx, number, instance_id, usage, flow).map_err(refused)? {
        return Ok(Did::Something);
    }
    if number_pool::is_owned(tx, number)? {
        return Err(Stop::refused(
            RefusalCode::NumberTaken,
            format!("the account has {number} elsewhere"),
        ));
    }
    number_pool::insert_into(tx, instance_id, number, new, usage, flow).map_err(refused)?;
    Ok(Did::Something)
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
    in_order(tx, mode, numbers.iter().map(|number| ("remove", number.as_str(), number)), |number| {
        match phone_numbers::require(tx, instance_id, number) {
            Ok(()) => {}
            Err(error) => return Err(stop(tx, instance_id, number, error)),
        }
        if force {
            personal_assignments::close_all_but(tx, instance_id, number, None)?;
            bindings::unbind_from_all(tx, instance_id, number)?;
        }
        match number_pool::move_back(tx, number, instance_id, force) {
            Ok(true) => Ok(Did::Something),
            Ok(false) => match held(tx, instance_id, number)? {
                Some(refusal) => Err(Stop::Refused(refusal)),
                None => Err(Stop::refused(
                    RefusalCode::NumberHasContactFlow,
                    format!("{number} has a contact flow"),
                )),
            },
            Err(error) => Err(stop(tx, instance_id, number, error)),
        }
    })
}
