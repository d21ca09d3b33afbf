//! Putting users into skill groups, changing their levels, and taking them out: all or nothing, in either direction.

use crate::domain::{Error, InstanceId, Membership, Missing, SkillGroupId, UserId};
use crate::store::{WriteTx, memberships, skill_groups, users};

/// Puts users into skill groups; who is in one already gets the level given.
///
/// # Errors
/// [`Error::NotFound`] for a skill group or a user.
pub fn add(tx: &WriteTx<'_>, instance_id: &InstanceId, added: &[Membership]) -> Result<(), Error> {
    for membership in added {
        require(tx, instance_id, &membership.skill_group_id, &membership.user_id)?;
        if !memberships::set_level(tx, membership)? {
            memberships::insert(tx, instance_id, membership)?;
        }
    }
    Ok(())
}

/// Changes the levels of members.
///
/// # Errors
/// [`Error::NotFound`] for a skill group, a user, or a user who is not in the group.
pub fn modify(tx: &WriteTx<'_>, instance_id: &InstanceId, changed: &[Membership]) -> Result<(), Error> {
    for membership in changed {
        require(tx, instance_id, &membership.skill_group_id, &membership.user_id)?;
        if !memberships::set_level(tx, membership)? {
            return Err(Error::NotFound(Missing::Membership(membership.user_id.to_string(), membership.skill_group_id.to_string())));
        }
    }
    Ok(())
}

/// Takes every user out of every skill group; who is not in one is left alone.
///
/// # Errors
/// [`Error::NotFound`] for a skill group or a user.
pub fn remove(tx: &WriteTx<'_>, instance_id: &InstanceId, group_ids: &[SkillGroupId], user_ids: &[UserId]) -> Result<(), Error> {
    for group_id in group_ids {
        for user_id in user_ids {
            require(tx, instance_id, group_id, user_id)?;
            memberships::delete(tx, group_id, user_id)?;
        }
    }
    Ok(())
}

fn require(tx: &WriteTx<'_>, instance_id: &InstanceId, group_id: &SkillGroupId, user_id: &UserId) -> Result<(), Error> {
    skill_groups::require(tx, instance_id, group_id)?;
    users::require(tx, instance_id, user_id)
}
