//! Skills: skill groups, with the level that each member has. A level is text in replies and an
//! integer in bodies.

use super::error::{Failure, Result};
use super::memberships;
use super::params::{Body, FIRST_PAGE, Guid, Object, SkillLevel, Whole};
use super::reply::{Listing, MemberRow, Owner};
use super::users;
use crate::domain::{NamedSkillGroup, PageRequest, User};
use crate::ops;
use crate::store::{ReadTx, memberships as stored, skill_groups};
use crate::vcc::{Reading, Writing};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Skill {
    skill_id: String,
    skill_name: String,
    skill_display_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentSkill {
    skill_id: String,
    skill_display_id: String,
    skill_name: String,
    agent_skill_level: String,
}

/// What a user's skills become.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SkillsReplacement {
    agent_skills: Vec<Object<LevelOfSkill>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LevelOfSkill {
    skill_id: Guid,
    agent_skill_level: SkillLevel,
}

/// What a skill's users become.
#[derive(Deserialize)]
pub(super) struct UsersReplacement {
    users: Vec<Object<LevelOfUser>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LevelOfUser {
    user_id: Guid,
    agent_skill_level: SkillLevel,
}

/// A new skill.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSkill {
    skill_name: String,
}

pub(super) fn create(at: Writing<'_>, Body(new): Body<NewSkill>) -> Result<Skill> {
    memberships::create(at.tx, at.instance_id(), ("skillName", &new.skill_name), None).map(skill)
}

pub(super) fn list(at: Reading<'_>, page: PageRequest) -> Result<Listing<Skill>> {
    Ok(Listing::new("skills", skill_groups::list_by_name(at.tx, at.instance_id(), page)?, skill))
}

fn skill(row: NamedSkillGroup) -> Skill {
    Skill {
        skill_id: row.skill_group_guid,
        skill_name: row.display_name,
        skill_display_id: row.name,
    }
}

pub(super) fn list_of_user(
    at: Reading<'_>,
    (id, page): (Guid, PageRequest),
) -> Result<Listing<AgentSkill>> {
    of_user(at.tx, users::find(at.tx, at.instance_id(), &id)?, page)
}

/// Replaces all skills of a user; answers what the list then shows.
pub(super) fn replace_of_user(
    at: Writing<'_>,
    (id, Whole(wanted)): (Guid, Whole<SkillsReplacement>),
) -> Result<Listing<AgentSkill>> {
    let user = users::find(at.tx, at.instance_id(), &id)?;
    let mut levels = Vec::with_capacity(wanted.agent_skills.len());
    for Object(LevelOfSkill { skill_id, agent_skill_level }) in wanted.agent_skills {
        let skill = memberships::find(at.tx, at.instance_id(), "skill", &skill_id)
            .map_err(Failure::in_body)?;
        levels.push((skill.skill_group_id, Some(agent_skill_level.0)));
    }
    ops::memberships::replace_of_user(at.tx, at.instance_id(), &user.user_id, levels)?;
    of_user(at.tx, user, FIRST_PAGE)
}

pub(super) fn list_users(
    at: Reading<'_>,
    (id, page): (Guid, PageRequest),
) -> Result<Listing<MemberRow>> {
    of_skill(at.tx, memberships::find(at.tx, at.instance_id(), "skill", &id)?, page)
}

/// Replaces all users of a skill; answers what the list then shows.
pub(super) fn replace_users(
    at: Writing<'_>,
    (id, Whole(wanted)): (Guid, Whole<UsersReplacement>),
) -> Result<Listing<MemberRow>> {
    let account = at.instance_id();
    let skill = memberships::find(at.tx, account, "skill", &id)?;
    let mut levels = Vec::with_capacity(wanted.users.len());
    for Object(LevelOfUser { user_id, agent_skill_level }) in wanted.users {
        let user = users::find(at.tx, account, &user_id).map_err(Failure::in_body)?;
        levels.push((user.user_id, Some(agent_skill_level.0)));
    }
    ops::memberships::replace_of_skill_group(at.tx, account, &skill.skill_group_id, levels)?;
    of_skill(at.tx, skill, FIRST_PAGE)
}

fn of_user(tx: &ReadTx<'_>, user: User, page: PageRequest) -> Result<Listing<AgentSkill>> {
    let page = stored::list_named_of_user(tx, &user.user_id, page)?;
    let row = |row: stored::GroupOfUser| AgentSkill {
        skill_id: row.skill_group.skill_group_guid,
        skill_display_id: row.skill_group.name,
        skill_name: row.skill_group.display_name,
        agent_skill_level: row.skill_level.to_string(),
    };
    Ok(Listing::new("agentSkills", page, row).of(Owner::user(user)))
}

fn of_skill(
    tx: &ReadTx<'_>,
    skill: NamedSkillGroup,
    page: PageRequest,
) -> Result<Listing<MemberRow>> {
    let page = stored::list_members(tx, &skill.skill_group_id, page)?;
    let row = |row: stored::Member| {
        let level = row.skill_level;
        MemberRow::new(row, Some(level))
    };
    Ok(Listing::new("users", page, row).of(Owner::skill(skill)))
}
