//! Giving numbers to users and taking them back. A number may be spelled as the caller likes.

use super::reservations;
use crate::domain::phone_number::{NumberEdit, Usage};
use crate::domain::{Error, InstanceId, Rule, UserId};
use crate::store::{WriteTx, contact_flows, personal_assignments, phone_numbers, spellings, users};
use std::collections::BTreeSet;

/// Gives numbers to a user, each on its own. Returns those that could not be given: unknown, bound,
/// another's. One that the user holds already stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for the user, and [`Error::Rule`] for one that is archived or locked.
pub fn assign_personal(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    numbers: &[impl AsRef<str>],
) -> Result<Vec<String>, Error> {
    users::require(tx, instance_id, user_id)?;
    let mut refused = Vec::new();
    for text in numbers.iter().map(AsRef::as_ref) {
        let number = spellings::stored_or_given(tx, instance_id, text)?;
        match give(tx, instance_id, user_id, &number) {
            Ok(_) => {}
            // This one is about the user and not about the number.
            Err(error @ Error::Rule { rule: Rule::HolderIsActive, .. }) => return Err(error),
            Err(Error::Rule { .. }) => refused.push(text.to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// Gives one number to a user; `false` when the user holds it already.
///
/// # Errors
/// [`Error::NotFound`] for the user or the number, and [`Error::Rule`] when somebody else holds it.
pub fn assign(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<bool, Error> {
    users::require(tx, instance_id, user_id)?;
    let number = phone_numbers::require(tx, instance_id, number)?;
    give(tx, instance_id, user_id, &number)
}

/// Gives a number to a user who is there; `false` when the user holds it already.
pub(super) fn give(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<bool, Error> {
    match personal_assignments::open(tx, instance_id, user_id, number) {
        Err(Error::Rule { .. }) if personal_assignments::is_held(tx, user_id, number)? => Ok(false),
        opened => opened.map(|()| true),
    }
}

/// Takes numbers back from a user; those that the user does not hold are left alone. They cool down
/// as long as the instance says.
pub fn release_personal(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    numbers: &[impl AsRef<str>],
) -> Result<(), Error> {
    users::require(tx, instance_id, user_id)?;
    for text in numbers.iter().map(AsRef::as_ref) {
        let number = spellings::stored_or_given(tx, instance_id, text)?;
        reservations::release(tx, instance_id, &number, Some(user_id), None)?;
    }
    Ok(())
}

/// Makes these numbers, and no others, the user's: those that they hold and that are not among them
/// are taken back, the missing ones given. All or nothing; a number that is given twice counts
/// once.
///
/// # Errors
/// [`Error::NotFound`] for the user, and [`Error::Rule`] for a number that they can't be given:
/// bound, another's, unknown.
pub fn replace_personal(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    numbers: &[impl AsRef<str>],
) -> Result<(), Error> {
    users::require(tx, instance_id, user_id)?;
    let mut settled: BTreeSet<String> =
        personal_assignments::list_held(tx, user_id)?.into_iter().collect();
    let wanted = numbers
        .iter()
        .map(|text| spellings::stored_or_given(tx, instance_id, text.as_ref()))
        .collect::<Result<Vec<String>, Error>>()?;
    for number in settled.iter().filter(|number| !wanted.contains(number)) {
        reservations::release(tx, instance_id, number, Some(user_id), None)?;
    }
    for number in wanted {
        if !settled.contains(&number) {
            personal_assignments::open(tx, instance_id, user_id, &number)?;
            settled.insert(number);
        }
    }
    Ok(())
}

/// Changes what is kept of a number.
///
/// # Errors
/// [`Error::Rule`]. A 400 number that is to dial out gets the rule of 400 numbers even where it has
/// a contact flow, since removing that would not help.
pub fn edit(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    edit: &NumberEdit,
) -> Result<(), Error> {
    if let Some(Some(flow)) = &edit.contact_flow_id {
        contact_flows::require(tx, instance_id, flow)?;
    }
    let number = &phone_numbers::require(tx, instance_id, number)?;
    phone_numbers::update(tx, instance_id, number, edit).or_else(|error| match error {
        Error::Rule { rule: Rule::ContactFlowNeedsInbound, subject, .. }
            if edit.usage.is_some_and(|usage| usage != Usage::Inbound)
                && Usage::usual(number, spellings::country_code(tx, instance_id)?)
                    == Usage::Inbound =>
        {
            let advice = "a 400 number of ten digits has usage Inbound".to_owned();
            Err(Error::Rule { rule: Rule::ServiceNumberIsInbound, subject, advice })
        }
        error => Err(error),
    })
}
