//! Binding numbers to skill groups and unbinding them: all or nothing.

use crate::domain::{Error, InstanceId, SkillGroupId};
use crate::store::{WriteTx, phone_numbers, skill_groups};

/// Binds every number to every skill group; what is bound already stays so.
///
/// # Errors
/// [`Error::NotFound`] for a skill group or a number, and [`Error::Rule`] for a number that is personal.
pub fn bind(tx: &WriteTx<'_>, instance_id: &InstanceId, ids: &[SkillGroupId], numbers: &[String]) -> Result<(), Error> {
    for id in ids {
        skill_groups::require(tx, instance_id, id)?;
    }
    for number in numbers {
        phone_numbers::require(tx, instance_id, number)?;
        for id in ids {
            skill_groups::bind(tx, instance_id, id, number)?;
        }
    }
    Ok(())
}

/// Unbinds every number from every skill group; what is not bound is left alone.
///
/// # Errors
/// [`Error::NotFound`] for a skill group.
pub fn unbind(tx: &WriteTx<'_>, instance_id: &InstanceId, ids: &[SkillGroupId], numbers: &[String]) -> Result<(), Error> {
    for id in ids {
        skill_groups::require(tx, instance_id, id)?;
        for number in numbers {
            skill_groups::unbind(tx, id, number)?;
        }
    }
    Ok(())
}
