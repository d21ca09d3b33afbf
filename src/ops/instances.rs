//! Making instances, changing them, and giving them up.

use super::users;
use crate::domain::error::USE_FORCE;
use crate::domain::instance::{InstanceEdit, NewInstance};
use crate::domain::run::AT_ONCE;
use crate::domain::{Error, Existing, InstanceId, Missing, NewUser, Role, Rule, WorkMode};
use crate::store::{WriteTx, changes, instances, spellings};

/// Makes an instance with its administrators, its numbers and an empty skill group `default`: all
/// of it or nothing.
///
/// # Errors
/// [`Error::AlreadyExists`] for an id that is taken, by a released instance too;
/// [`Error::NotFound`] for a RAM user, or a number that is not in the pool.
pub fn create(tx: &WriteTx<'_>, new: &NewInstance) -> Result<(), Error> {
    let NewInstance { instance_id: id, name, description, personal_numbers, country_code, .. } =
        new;
    instances::insert(tx, id, name, description, *personal_numbers, *country_code).map_err(
        |error| match error {
            Error::Rule { rule: Rule::RowKeepsItsKey, .. } => {
                taken(tx, id).unwrap_or_else(|error| error)
            }
            error => error,
        },
    )?;
    instances::insert_default_skill_group(tx, id)?;
    users::assign(
        tx,
        id,
        &new.admins,
        &NewUser::new(Role::Admin, WorkMode::default(), Vec::new()),
    )?;
    for number in spellings::distinct(tx, id, &new.numbers)? {
        if !instances::take_from_pool(tx, id, number)? {
            return Err(Error::NotFound(Missing::Number(number.to_owned(), id.clone())));
        }
    }
    Ok(())
}

/// Why an id can't be that of a new instance.
fn taken(tx: &WriteTx<'_>, id: &InstanceId) -> Result<Error, Error> {
    let by = match instances::is_given_up(tx, id)? {
        true => changes::last_request_for_instance(tx, id)?,
        false => None,
    };
    let id = id.to_string();
    Ok(Error::AlreadyExists(match by {
        Some(request_id) => Existing::GivenUp(id, request_id),
        None => Existing::Instance(id),
    }))
}

/// The most numbers that a refusal names.
const MAX_NAMED: u64 = 20;

/// Changes an instance. Its id stays, and no numbers are ever merged.
///
/// # Errors
/// [`Error::Rule`] when it is to be exclusive and several users hold one number, and for a country
/// code with which two of its numbers are one or a 400 number is not Inbound. It names them.
pub fn modify(tx: &WriteTx<'_>, id: &InstanceId, edit: &InstanceEdit) -> Result<(), Error> {
    if edit == &InstanceEdit::default() {
        return Ok(());
    }
    let Err(error) = instances::update(tx, id, edit) else { return Ok(()) };
    let Error::Rule { rule, .. } = error else { return Err(error) };
    let named = |numbers: Vec<String>| {
        let more = numbers.len() as u64 > MAX_NAMED;
        let others = if more { ", and others" } else { "" };
        let first: Vec<String> = numbers.into_iter().take(MAX_NAMED as usize).collect();
        format!("{}{others}", first.join(", "))
    };
    let country_code = edit.country_code.unwrap_or_default();
    let (numbers, advice) = match rule {
        Rule::PersonalNumberHasOneHolder => (
            instances::shared_numbers(tx, id, MAX_NAMED + 1)?,
            "held by several users; an exclusive instance has one holder of a number".to_owned(),
        ),
        Rule::NumberExistsOnce => (
            spellings::clashes(tx, id, MAX_NAMED + 1)?,
            format!(
                "one number with country code {country_code}; remove the other spelling of each first"
            ),
        ),
        Rule::ServiceNumberIsInbound => (
            spellings::service_numbers_to_be(tx, id, MAX_NAMED + 1)?,
            format!("400 numbers with country code {country_code}; make their usage Inbound first"),
        ),
        _ => return Err(error),
    };
    Err(Error::Rule { rule, subject: named(numbers), advice })
}

/// Gives up an instance: its numbers return to the account's pool, its users are removed, the
/// history stays. Its id is not given to another.
///
/// # Errors
/// [`Error::Rule`] when it has users or numbers, unless it is forced and one transaction can take
/// them away.
pub fn release(tx: &WriteTx<'_>, instance_id: &InstanceId, force: bool) -> Result<(), Error> {
    let held = instances::contents(tx, instance_id)?;
    if !force && held.total() > 0 {
        let advice = format!("it still has {held}; {USE_FORCE} to give it up all the same");
        return Err(Error::still_needed(instance_id, advice));
    }
    if held.total() > AT_ONCE as u64 {
        let advice = format!(
            "its {held} are more than the {AT_ONCE} that go together with it; take the numbers out first"
        );
        return Err(Error::still_needed(instance_id, advice));
    }
    instances::release(tx, instance_id)
}
