//! Making instances, changing them, and giving them up.

use super::users;
use crate::domain::user::WORK_MODES;
use crate::domain::{Error, Existing, InstanceId, Missing, NewUser, RamId, Role, Rule};
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
    /// How many users may hold a number there: one of
    /// [`PERSONAL_NUMBERS`](crate::domain::instance::PERSONAL_NUMBERS).
    pub personal_numbers: &'static str,
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
    instances::insert(tx, id, &new.name, &new.description, new.personal_numbers).map_err(
        |error| match error {
            Error::Rule { rule: Rule::RowKeepsItsKey, .. } => {
                Error::AlreadyExists(Existing::Instance(id.to_string()))
            }
            error => error,
        },
    )?;
    instances::insert_default_skill_group(tx, id)?;
    users::assign(tx, id, &new.admins, &NewUser::new(Role::Admin, WORK_MODES[0], Vec::new()))?;
    for number in &new.numbers {
        if !instances::take_from_pool(tx, id, number)? {
            return Err(Error::NotFound(Missing::Number(number.clone(), id.clone())));
        }
    }
    Ok(())
}

/// Changes what people call an instance and what it is for; `None` leaves it as it is. Its id
/// stays.
///
/// # Errors
/// Those of the database.
pub fn modify(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    name: Option<&str>,
    description: Option<&str>,
) -> Result<(), Error> {
    if name.or(description).is_some() {
        instances::update(tx, instance_id, name, description)
    } else {
        Ok(())
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
