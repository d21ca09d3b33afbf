//! Skills: skill groups, with the level that each member has. A level is text in replies and an
//! integer in bodies.

use super::error::Failure;
use super::memberships;
use super::params::{Body, FIRST_PAGE, Guid, Object, SkillLevel, Whole};
use super::reply::{Meta, given};
use super::users;
use crate::domain::{InstanceId, NamedSkillGroup, PageRequest, User};
use crate::ops;
use crate::store::{ReadTx, WriteTx, memberships as stored, skill_groups};
use serde::{Deserialize, Serialize};

/// A page of the account's skills.
#[derive(Serialize)]
pub(super) struct Skills {
    meta: Meta,
    skills: Vec<Skill>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Skill {
    skill_id: String,
    skill_name: String,
    skill_display_id: String,
}

/// A page of a user's skills.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SkillsOfUser {
    meta: Meta,
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    agent_skills: Vec<AgentSkill>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentSkill {
    skill_id: String,
    skill_display_id: String,
    skill_name: String,
    agent_skill_level: String,
}

/// A page of a skill's users.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsersOfSkill {
    meta: Meta,
    skill_id: String,
    users: Vec<SkilledUser>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SkilledUser {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    name: String,
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

pub(super) fn create(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    Body(new): Body<NewSkill>,
) -> Result<Skill, Failure> {
    memberships::create(tx, account, ("skillName", &new.skill_name), None).map(skill)
}

pub(super) fn list(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    page: PageRequest,
) -> Result<Skills, Failure> {
    let page = skill_groups::list_by_name(tx, account, page)?;
    let meta = Meta::of(&page);
    Ok(Skills { meta, skills: page.rows.into_iter().map(skill).collect() })
}

fn skill(row: NamedSkillGroup) -> Skill {
    Skill {
        skill_id: row.skill_group_guid,
        skill_name: row.display_name,
        skill_display_id: row.name,
    }
}

pub(super) fn list_of_user(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    (id, page): (Guid, PageRequest),
) -> Result<SkillsOfUser, Failure> {
    let user = users::find(tx, account, &id)?;
    of_user(tx, user, page)
}

/// Replaces all skills of a user; answers what the list then shows.
pub(super) fn replace_of_user(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    (id, Whole(wanted)): (Guid, Whole<SkillsReplacement>),
) -> Result<SkillsOfUser, Failure> {
    let user = users::find(tx, account, &id)?;
    let mut levels = Vec::with_capacity(wanted.agent_skills.len());
    for Object(LevelOfSkill { skill_id, agent_skill_level }) in wanted.agent_skills {
        levels.push((
            memberships::named_skill_group(tx, account, "skill", &skill_id)?,
            Some(agent_skill_level.0),
        ));
    }
    ops::memberships::replace_of_user(tx, account, &user.user_id, levels)?;
    of_user(tx, user, FIRST_PAGE)
}

pub(super) fn list_users(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    (id, page): (Guid, PageRequest),
) -> Result<UsersOfSkill, Failure> {
    let skill = memberships::find(tx, account, "skill", &id)?;
    of_skill(tx, skill, page)
}

/// Replaces all users of a skill; answers what the list then shows.
pub(super) fn replace_users(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    (id, Whole(wanted)): (Guid, Whole<UsersReplacement>),
) -> Result<UsersOfSkill, Failure> {
    let skill = memberships::find(tx, account, "skill", &id)?;
    let mut levels = Vec::with_capacity(wanted.users.len());
    for Object(LevelOfUser { user_id, agent_skill_level }) in wanted.users {
        levels.push((memberships::named_user(tx, account, &user_id)?, Some(agent_skill_level.0)));
    }
    ops::memberships::replace_of_skill_group(tx, account, &skill.skill_group_id, levels)?;
    of_skill(tx, skill, FIRST_PAGE)
}

fn of_user(tx: &ReadTx<'_>, user: User, page: PageRequest) -> Result<SkillsOfUser, Failure> {
    let page = stored::list_named_of_user(tx, &user.user_id, page)?;
    let meta = Meta::of(&page);
    let row = |row: stored::GroupOfUser| AgentSkill {
        skill_id: row.skill_group.skill_group_guid,
        skill_display_id: row.skill_group.name,
        skill_name: row.skill_group.display_name,
        agent_skill_level: row.skill_level.to_string(),
    };
    let agent_skills = page.rows.into_iter().map(row).collect();
    Ok(SkillsOfUser {
        meta,
        user_id: user.user_guid,
        agent_display_id: given(&user.display_id),
        agent_skills,
    })
}

fn of_skill(
    tx: &ReadTx<'_>,
    skill: NamedSkillGroup,
    page: PageRequest,
) -> Result<UsersOfSkill, Failure> {
    let page = stored::list_members(tx, &skill.skill_group_id, page)?;
    let meta = Meta::of(&page);
    let row = |row: stored::Member| SkilledUser {
        user_id: row.user_guid,
        agent_display_id: given(&row.display_id),
        name: row.name,
        agent_skill_level: row.skill_level.to_string(),
    };
    Ok(UsersOfSkill {
        meta,
        skill_id: skill.skill_group_guid,
        users: page.rows.into_iter().map(row).collect(),
    })
}
