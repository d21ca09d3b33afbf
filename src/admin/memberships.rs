//! Users in skill groups.

use super::etag::Guarded;
use super::fields::{Nothing, Paged, fields};
use super::problem::{Failure, ProblemType, Result};
use super::reply::{Done, Plain};
use super::request::Write;
use super::skill_groups::tag;
use crate::domain::membership::DatedMembership;
use crate::domain::skill_group::{DEFAULT_SKILL_LEVEL, SKILL_LEVELS};
use crate::domain::{Listing, Membership, SkillGroupId, UserId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{memberships, skill_groups, users};

fields! {
    /// Which members are listed.
    ListMembers {
        /// Part of the user's id.
        q: Option<String> = optional(pattern()),
    }
    /// How well a user serves a skill group.
    MembershipToPut = r#"{"skill_level": 3}"# {
        /// From 1, the strongest, to 10.
        skill_level: u8 = default(integer(SKILL_LEVELS), DEFAULT_SKILL_LEVEL),
    }
}

/// The members of a skill group.
pub(super) fn list(
    at: Reading<'_>,
    (id,): (SkillGroupId,),
    list: Paged<ListMembers>,
) -> Result<Listing<DatedMembership>> {
    skill_groups::require(at.tx, at.instance_id(), &id)?;
    let found =
        memberships::list(at.tx, at.instance_id(), &id, list.filters.q.as_deref(), list.page)?;
    Ok(found.into())
}

/// A user's place in a skill group. It has no ETag: no version covers the level.
pub(super) fn get(
    at: Reading<'_>,
    (id, user_id): (SkillGroupId, UserId),
    _: Nothing,
) -> Result<Plain<DatedMembership>> {
    skill_groups::require(at.tx, at.instance_id(), &id)?;
    users::require(at.tx, at.instance_id(), &user_id)?;
    let none = || {
        Failure::NotRelated(ProblemType::MembershipNotFound, format!("{user_id} is not in {id}."))
    };
    memberships::get(at.tx, at.instance_id(), &id, &user_id)?.map(Plain).ok_or_else(none)
}

/// Puts a user into a skill group, or changes the user's level.
pub(super) fn put(
    at: Writing<'_>,
    (skill_group_id, user_id): (SkillGroupId, UserId),
    write: Write<MembershipToPut, Guarded>,
) -> Result<Done> {
    skill_groups::require(at.tx, at.instance_id(), &skill_group_id)?;
    write.guard.check(|| tag(at.tx, at.instance_id(), &skill_group_id))?;
    let skill_level = write.fields.skill_level;
    let membership = Membership { skill_group_id, user_id, skill_level };
    ops::memberships::add(at.tx, at.instance_id(), &[membership])?;
    Ok(Done::default())
}

/// Takes a user out of a skill group; one who is not in it is left alone.
pub(super) fn delete(
    at: Writing<'_>,
    (id, user_id): (SkillGroupId, UserId),
    write: Write<Nothing, Guarded>,
) -> Result<Done> {
    skill_groups::require(at.tx, at.instance_id(), &id)?;
    write.guard.check(|| tag(at.tx, at.instance_id(), &id))?;
    ops::memberships::remove(at.tx, at.instance_id(), &[id], &[user_id])?;
    Ok(Done::default())
}
