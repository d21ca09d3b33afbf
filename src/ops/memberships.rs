//! Putting users into skill groups, changing their levels, and taking them out: all or nothing, in
//! either direction.

use crate::domain::skill_group::DEFAULT_SKILL_LEVEL;
use crate::domain::{Error, InstanceId, Membership, Missing, SkillGroupId, UserId};
use crate::store::{WriteTx, memberships, skill_groups, users};
use std::collections::BTreeMap;

/// Puts users into skill groups; a user who is in one already gets the given level.
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
pub fn modify(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    changed: &[Membership],
) -> Result<(), Error> {
    for membership in changed {
        require(tx, instance_id, &membership.skill_group_id, &membership.user_id)?;
        if !memberships::set_level(tx, membership)? {
            return Err(Error::NotFound(Missing::Membership(
                membership.user_id.to_string(),
                membership.skill_group_id.to_string(),
            )));
        }
    }
    Ok(())
}

/// Takes every user out of every skill group; who is not in one is left alone.
pub fn remove(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    group_ids: &[SkillGroupId],
    user_ids: &[UserId],
) -> Result<(), Error> {
    for group_id in group_ids {
        for user_id in user_ids {
            require(tx, instance_id, group_id, user_id)?;
            memberships::delete(tx, group_id, user_id)?;
        }
    }
    Ok(())
}

/// Takes members out of a skill group: all of them or none.
///
/// # Errors
/// [`Error::NotFound`] for the skill group, a user, or a user who is not a member of it.
pub fn remove_members(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    user_ids: &[UserId],
) -> Result<(), Error> {
    let members = memberships::levels_of_skill_group(tx, id)?;
    for user_id in user_ids {
        require(tx, instance_id, id, user_id)?;
        if !members.iter().any(|(member, _)| member == user_id) {
            return Err(Error::NotFound(Missing::Membership(user_id.to_string(), id.to_string())));
        }
        memberships::delete(tx, id, user_id)?;
    }
    Ok(())
}

fn require(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    group_id: &SkillGroupId,
    user_id: &UserId,
) -> Result<(), Error> {
    skill_groups::require(tx, instance_id, group_id)?;
    users::require(tx, instance_id, user_id)
}

/// A level to have from now on; `None` keeps the one that is there, and is the default one for a
/// new membership.
pub type WantedLevel = Option<u8>;

/// Makes a user a member of these skill groups and of no others. A skill group that is given twice
/// has its last level.
///
/// # Errors
/// [`Error::Rule`]: not all are of one instance.
pub fn replace_of_user(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    wanted: Vec<(SkillGroupId, WantedLevel)>,
) -> Result<(), Error> {
    let present = memberships::levels_of_user(tx, user_id)?;
    replace(tx, instance_id, present, wanted, |skill_group_id, skill_level| Membership {
        skill_group_id,
        user_id: user_id.clone(),
        skill_level,
    })
}

/// Gives a skill group these members and no others. If a user is given more than once, the last
/// level wins.
///
/// # Errors
/// [`Error::Rule`]: not all are of one instance.
pub fn replace_of_skill_group(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    wanted: Vec<(UserId, WantedLevel)>,
) -> Result<(), Error> {
    let present = memberships::levels_of_skill_group(tx, id)?;
    replace(tx, instance_id, present, wanted, |user_id, skill_level| Membership {
        skill_group_id: id.clone(),
        user_id,
        skill_level,
    })
}

/// Gets from the present members to the wanted ones. Nothing is done, and so nothing logged, for
/// what stays as it is.
fn replace<K: Ord>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    present: Vec<(K, u8)>,
    wanted: Vec<(K, WantedLevel)>,
    member: impl Fn(K, u8) -> Membership,
) -> Result<(), Error> {
    let mut wanted: BTreeMap<K, WantedLevel> = wanted.into_iter().collect();
    let (stay, go): (Vec<_>, Vec<_>) =
        present.into_iter().partition(|(key, _)| wanted.contains_key(key));
    for (key, level) in go {
        let gone = member(key, level);
        memberships::delete(tx, &gone.skill_group_id, &gone.user_id)?;
    }
    for (key, level) in stay {
        if let Some(other) = wanted.remove(&key).flatten().filter(|other| *other != level) {
            memberships::set_level(tx, &member(key, other))?;
        }
    }
    for (key, level) in wanted {
        let level = level.unwrap_or(DEFAULT_SKILL_LEVEL);
        memberships::insert(tx, instance_id, &member(key, level))?;
    }
    Ok(())
}
