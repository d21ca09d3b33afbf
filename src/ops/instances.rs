//! Making instances, changing them, and giving them up.

use super::users;
use crate::domain::instance::Sharing;
use crate::domain::{Error, Existing, InstanceId, Missing, NewUser, RamId, Role, Rule, WorkMode};
use crate::store::instances::InstanceEdit;
use crate::store::{WriteTx, instances};

/// An instance that is to be made.
#[derive(Clone, Debug)]
pub struct NewInstance {
    /// Its id, which is its domain name too.
    pub instance_id: InstanceId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How many users may hold a number there.
    pub sharing: Sharing,
    /// The logins that become its administrators.
    pub admins: Vec<RamId>,
    /// Numbers of the account's pool that it gets.
    pub numbers: Vec<String>,
}

/// Makes an instance with its administrators, its numbers and an empty skill group `default`: all
/// of it or nothing.
///
/// # Errors
/// [`Error::AlreadyExists`] for an id that is taken, by a released instance too;
/// [`Error::NotFound`] for a RAM user, or a number that is not in the pool.
pub fn create(tx: &WriteTx<'_>, new: &NewInstance) -> Result<(), Error> {
    let id = &new.instance_id;
    instances::insert(tx, id, &new.name, &new.description, new.sharing).map_err(
        |error| match error {
            Error::Rule { rule: Rule::RowKeepsItsKey, .. } => {
                Error::AlreadyExists(Existing::Instance(id.to_string()))
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
    for number in &new.numbers {
        if !instances::take_from_pool(tx, id, number)? {
            return Err(Error::NotFound(Missing::Number(number.clone(), id.clone())));
        }
    }
    Ok(())
}

/// The most numbers that a refusal names.
const MAX_NAMED: u64 = 5;

/// Changes an instance. Its id stays.
///
/// # Errors
/// [`Error::Rule`] when it is to be exclusive and several users hold one number.
pub fn modify(tx: &WriteTx<'_>, id: &InstanceId, edit: &InstanceEdit) -> Result<(), Error> {
    match instances::update(tx, id, edit) {
        Err(Error::Rule { rule: rule @ Rule::PersonalNumberHasOneHolder, subject, .. }) => {
            let mut numbers = instances::shared_numbers(tx, id, MAX_NAMED + 1)?;
            if numbers.len() as u64 > MAX_NAMED {
                numbers.truncate(MAX_NAMED as usize);
                numbers.push("others".to_owned());
            }
            let advice = format!(
                "several users hold {}; an exclusive instance has one holder of a number",
                numbers.join(", ")
            );
            Err(Error::Rule { rule, subject, advice })
        }
        updated => updated,
    }
}

/// Gives up an instance: its numbers return to the account's pool, its users are removed, the
/// history stays. Its id is not given to another.
///
/// # Errors
/// [`Error::Rule`] when it has users or numbers, unless it is forced.
pub fn release(tx: &WriteTx<'_>, instance_id: &InstanceId, force: bool) -> Result<(), Error> {
    let held = instances::contents(tx, instance_id)?;
    if !force && !held.is_empty() {
        return Err(Error::Rule {
            rule: Rule::ReferencedRowIsKept,
            subject: instance_id.to_string(),
            advice: format!("it still has {held}; use force to give it up all the same"),
        });
    }
    instances::release(tx, instance_id)
}
