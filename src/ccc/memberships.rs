//! Operations on who is in which skill group and at which level, seen from the group and from the
//! user.
//!
//! A user who is not in a group has no level there; the lists of groups and users that could still
//! be added show the level 0, which no member has.

use super::error::{Failure, Result};
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::OfUser;
use crate::domain::skill_group::MediaType;
use crate::domain::{Act, Membership, PageRequest, SkillGroup, SkillGroupId, User, UserId};
use crate::ops::access::{Reading, Writing};
use crate::ops::{self, access};
use crate::store::{memberships, skill_groups};
use serde::Serialize;

/// The level of who is not in the group.
const NO_LEVEL: u8 = 0;

request! {
    AddUsersToSkillGroup {
        skill_group_id: SkillGroupId = id("SkillGroupId"),
        levels: Vec<(String, u8)> = levels("UserSkillLevelList", "userId"),
    }
    RemoveUsersFromSkillGroup {
        skill_group_id: SkillGroupId = id("SkillGroupId"),
        user_ids: Vec<UserId> = ids("UserIdList"),
    }
    AddSkillGroupsToUser {
        levels: Vec<(String, u8)> = levels("SkillLevelList", "skillGroupId"),
        user_id: UserId = id("UserId"),
    }
    RemoveSkillGroupsFromUser {
        skill_group_ids: Vec<SkillGroupId> = ids("SkillGroupIdList"),
        user_id: UserId = id("UserId"),
    }
    ListSkillLevelsOfUser {
        is_member: bool = flag_or("IsMember", true),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
    }
    ModifySkillLevelsOfUser {
        levels: Vec<(String, u8)> = levels("SkillLevelList", "skillGroupId"),
        user_id: UserId = id("UserId"),
    }
    ListUserLevelsOfSkillGroup {
        is_member: bool = flag("IsMember"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    ModifyUserLevelsOfSkillGroup {
        skill_group_id: SkillGroupId = id("SkillGroupId"),
        levels: Vec<(String, u8)> = levels("UserLevelList", "userId"),
    }
}

/// A skill group with a user's level in it, which is text here.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SkillLevel {
    media_type: MediaType,
    skill_group_id: String,
    skill_group_name: String,
    skill_level: String,
}

/// A user with their level in a skill group, which is an integer here.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserLevel {
    display_name: String,
    login_name: String,
    ram_id: String,
    role_id: String,
    role_name: &'static str,
    skill_group_id: String,
    skill_group_name: String,
    skill_level: u8,
    user_id: String,
}

/// Puts users into a skill group: all of them or none. A user who is in it already gets the given
/// level.
pub(super) fn add_users(at: Writing<'_>, request: AddUsersToSkillGroup) -> Result<Reply<()>> {
    let members = of_skill_group(&request.skill_group_id, request.levels);
    ops::memberships::add(at.tx, at.instance_id(), &members)?;
    Ok(Reply::done())
}

/// Takes users out of a skill group; those who are not in it are left alone.
pub(super) fn remove_users(
    at: Writing<'_>,
    request: RemoveUsersFromSkillGroup,
) -> Result<Reply<()>> {
    let RemoveUsersFromSkillGroup { skill_group_id, user_ids } = request;
    ops::memberships::remove(at.tx, at.instance_id(), &[skill_group_id], &user_ids)?;
    Ok(Reply::done())
}

/// Puts a user into skill groups: into all of them or into none. In a group that they are in
/// already, they get the given level.
pub(super) fn add_skill_groups(
    at: Writing<'_>,
    request: AddSkillGroupsToUser,
) -> Result<Reply<()>> {
    ops::memberships::add(at.tx, at.instance_id(), &of_user(&request.user_id, request.levels))?;
    Ok(Reply::done())
}

/// Takes a user out of skill groups; those that they are not in are left alone.
pub(super) fn remove_skill_groups(
    at: Writing<'_>,
    request: RemoveSkillGroupsFromUser,
) -> Result<Reply<&'static str>> {
    let RemoveSkillGroupsFromUser { skill_group_ids, user_id } = request;
    ops::memberships::remove(at.tx, at.instance_id(), &skill_group_ids, &[user_id])?;
    Ok(Reply::data(""))
}

/// The skill groups that a user is in, or with `IsMember=false` those that they are not in.
pub(super) fn list_levels_of_user(
    at: Reading<'_, OfUser>,
    request: ListSkillLevelsOfUser,
) -> Result<Reply<Paged<SkillLevel>>> {
    let OfUser { entry, user_id } = at.place;
    if !request.is_member {
        // An Agent sees only what is their own.
        access::require(entry, Act::ReadInstance)?;
    }
    let (id, pattern, page) = (&entry.instance_id, request.search_pattern.as_deref(), request.page);
    let list = if request.is_member {
        let page = memberships::list_of_user(at.tx, user_id, pattern, page)?;
        Paged::of(page, |(group, level)| skill_level(group, level))
    } else {
        let page = memberships::list_without_user(at.tx, id, user_id, pattern, page)?;
        Paged::of(page, |group| skill_level(group, NO_LEVEL))
    };
    Ok(Reply::data(list))
}

/// Changes the levels of a user in skill groups that they are in: all of them or none.
pub(super) fn modify_levels_of_user(
    at: Writing<'_>,
    request: ModifySkillLevelsOfUser,
) -> Result<Reply<&'static str>> {
    let changed = of_user(&request.user_id, request.levels);
    ops::memberships::modify(at.tx, at.instance_id(), &changed)
        .map_err(Failure::of("SkillLevelList"))?;
    Ok(Reply::data(""))
}

/// The users who are in a skill group, or with `IsMember=false` those who are not.
pub(super) fn list_levels_of_skill_group(
    at: Reading<'_>,
    request: ListUserLevelsOfSkillGroup,
) -> Result<Reply<Paged<UserLevel>>> {
    let group = skill_groups::get(at.tx, at.instance_id(), &request.skill_group_id)?;
    let pattern = request.search_pattern.as_deref();
    let list = if request.is_member {
        let page = memberships::list_of_skill_group(at.tx, &group, pattern, request.page)?;
        Paged::of(page, |(user, level)| user_level(&group, user, level))
    } else {
        let page = memberships::list_outside_skill_group(at.tx, &group, pattern, request.page)?;
        Paged::of(page, |user| user_level(&group, user, NO_LEVEL))
    };
    Ok(Reply::data(list))
}

/// Changes the levels of members of a skill group: of all of them or of none.
pub(super) fn modify_levels_of_skill_group(
    at: Writing<'_>,
    request: ModifyUserLevelsOfSkillGroup,
) -> Result<Reply<&'static str>> {
    let changed = of_skill_group(&request.skill_group_id, request.levels);
    ops::memberships::modify(at.tx, at.instance_id(), &changed)
        .map_err(Failure::of("UserLevelList"))?;
    Ok(Reply::data(""))
}

fn of_skill_group(skill_group_id: &SkillGroupId, levels: Vec<(String, u8)>) -> Vec<Membership> {
    let membership = |(user_id, skill_level): (String, u8)| Membership {
        skill_group_id: skill_group_id.clone(),
        user_id: UserId::new(user_id),
        skill_level,
    };
    levels.into_iter().map(membership).collect()
}

fn of_user(user_id: &UserId, levels: Vec<(String, u8)>) -> Vec<Membership> {
    let membership = |(group_id, skill_level): (String, u8)| Membership {
        skill_group_id: SkillGroupId::new(group_id),
        user_id: user_id.clone(),
        skill_level,
    };
    levels.into_iter().map(membership).collect()
}

fn skill_level(group: SkillGroup, level: u8) -> SkillLevel {
    SkillLevel {
        media_type: group.media_type,
        skill_group_id: group.skill_group_id.to_string(),
        skill_group_name: group.name,
        skill_level: level.to_string(),
    }
}

fn user_level(group: &SkillGroup, user: User, level: u8) -> UserLevel {
    UserLevel {
        role_id: user.role_id(),
        display_name: user.display_name,
        login_name: user.login_name,
        ram_id: user.ram_id.to_string(),
        role_name: user.role.name(),
        skill_group_id: group.skill_group_id.to_string(),
        skill_group_name: group.name.clone(),
        skill_level: level,
        user_id: user.user_id.to_string(),
    }
}
