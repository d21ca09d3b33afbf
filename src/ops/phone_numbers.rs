//! Giving numbers to users and taking them back.

use crate::domain::{Error, InstanceId, UserId};
use crate::store::{WriteTx, personal_assignments, users};

/// Gives numbers to a user; each for itself. Returns those that he could not be given: unknown, bound, another's.
/// One that he holds already stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for the user.
pub fn assign_personal(tx: &WriteTx<'_>, instance_id: &InstanceId, user_id: &UserId, numbers: &[String]) -> Result<Vec<String>, Error> {
    users::require(tx, instance_id, user_id)?;
    let mut refused = Vec::new();
    for number in numbers {
        match personal_assignments::open(tx, instance_id, user_id, number) {
            Ok(()) => {}
            Err(Error::Rule { .. }) if personal_assignments::is_held(tx, user_id, number)? => {}
            Err(Error::Rule { .. }) => refused.push(number.clone()),
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// Takes numbers back from a user; those that he does not hold are left alone.
///
/// # Errors
/// [`Error::NotFound`] for the user.
pub fn release_personal(tx: &WriteTx<'_>, instance_id: &InstanceId, user_id: &UserId, numbers: &[String]) -> Result<(), Error> {
    users::require(tx, instance_id, user_id)?;
    for number in numbers {
        personal_assignments::close(tx, user_id, number)?;
    }
    Ok(())
}
