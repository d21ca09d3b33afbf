//! The account's numbers: getting them, moving them into an instance and back, changing them there.

use crate::domain::phone_number::{NewNumbers, Usage};
use crate::domain::{ContactFlowId, Error, Existing, InstanceId, Number, Rule};
use crate::store::outbound_numbers::{self, OutboundNumber};
use crate::store::{
    WriteTx, bindings, contact_flows, number_pool, personal_assignments, spellings,
};

/// Adds numbers to the account's pool: all of them or none.
///
/// # Errors
/// [`Error::AlreadyExists`] for a number that the account has, in an instance too.
pub fn import(tx: &WriteTx<'_>, numbers: &[Number], new: &NewNumbers) -> Result<(), Error> {
    for number in numbers {
        match spellings::find_anywhere(tx, number)? {
            None => {}
            Some(there) if there == number.as_str() => {
                return Err(Error::AlreadyExists(Existing::PhoneNumber(there)));
            }
            Some(there) => {
                return Err(Error::AlreadyExists(Existing::Spelling(number.to_string(), there)));
            }
        }
        number_pool::insert(tx, number.as_str(), new)?;
    }
    Ok(())
}

/// Moves numbers from the pool into an instance, each on its own. Returns those that could not be:
/// not in the pool, in the instance already, or a service number that is to be anything but
/// Inbound.
///
/// # Errors
/// [`Error::NotFound`] for the contact flow, and [`Error::Rule`] when numbers of this usage have
/// none.
pub fn add_to_instance(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[impl AsRef<str>],
    usage: Usage,
    flow: Option<&ContactFlowId>,
) -> Result<Vec<String>, Error> {
    if let Some(flow) = flow {
        contact_flows::require(tx, instance_id, flow)?;
    }
    let mut refused = Vec::new();
    for number in spellings::distinct(tx, instance_id, numbers)? {
        match number_pool::move_into(tx, number, instance_id, usage, flow) {
            Ok(true) => {}
            Ok(false) => refused.push(number.to_owned()),
            Err(Error::Rule {
                rule: Rule::RowKeepsItsKey | Rule::NumberExistsOnce | Rule::ServiceNumberIsInbound,
                ..
            }) => refused.push(number.to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// Takes numbers out of an instance, back into the pool, each on its own. One that is held or has a
/// contact flow stays unless `force` is set, which ends that first. Returns those that stayed, or
/// were not there.
pub fn remove_from_instance(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    numbers: &[impl AsRef<str>],
    force: bool,
) -> Result<Vec<String>, Error> {
    let mut refused = Vec::new();
    for text in spellings::distinct(tx, instance_id, numbers)? {
        let number = spellings::stored_or_given(tx, instance_id, text)?;
        match take_out(tx, instance_id, &number, force) {
            Ok(true) => {}
            Ok(false) | Err(Error::Rule { .. }) => refused.push(text.to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// Takes a number, named as it is stored, out of an instance; by force, from whoever holds it.
/// `false` when the instance does not have it, or it has a contact flow.
///
/// # Errors
/// [`Error::Rule`] when it is held.
pub(super) fn take_out(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    force: bool,
) -> Result<bool, Error> {
    if force {
        personal_assignments::close_all_but(tx, instance_id, number, None)?;
        bindings::unbind_from_all(tx, instance_id, number)?;
    }
    number_pool::move_back(tx, number, instance_id, force)
}

/// Picks numbers of skill groups (a JSON array of ids) for calling a place, the best first, and
/// notes that they were picked.
pub fn pick_outbound(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    skill_groups: &str,
    province: &str,
    city: &str,
    count: u64,
) -> Result<Vec<OutboundNumber>, Error> {
    let picked = outbound_numbers::best(tx, instance_id, skill_groups, province, city, count)?;
    for number in &picked {
        outbound_numbers::mark_picked(tx, instance_id, &number.number)?;
    }
    Ok(picked)
}
