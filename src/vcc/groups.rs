//! Groups: skill groups, without the levels of their members.

use super::error::Failure;
use super::memberships;
use super::params::{Body, FIRST_PAGE, Guid, Object, Whole};
use super::reply::{Meta, given};
use super::users;
use crate::domain::{InstanceId, NamedSkillGroup, PageRequest, User};
use crate::ops;
use crate::store::{ReadTx, WriteTx, memberships as stored, skill_groups};
use serde::{Deserialize, Serialize};

/// A page of the account's groups.
#[derive(Serialize)]
pub(super) struct Groups {
    meta: Meta,
    groups: Vec<Group>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    group_id: String,
    group_display_id: String,
    group_name: String,
}

/// A page of a user's groups.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupsOfUser {
    meta: Meta,
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    agent_groups: Vec<Group>,
}

/// A page of a group's users.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsersOfGroup {
    meta: Meta,
    group_id: String,
    users: Vec<GroupedUser>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupedUser {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    name: String,
}

/// What a user's groups become.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    agent_groups: Vec<Object<Named>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    group_id: Guid,
}

/// A new group. Its timers mean nothing here and are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewGroup {
    group_name: String,
    #[serde(default)]
    group_display_id: Option<String>,
}

pub(super) fn create(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    Body(new): Body<NewGroup>,
) -> Result<Group, Failure> {
    let NewGroup { group_name, group_display_id } = new;
    memberships::create(tx, account, ("groupName", &group_name), group_display_id).map(group)
}

pub(super) fn list(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    page: PageRequest,
) -> Result<Groups, Failure> {
    let page = skill_groups::list_by_name(tx, account, page)?;
    Ok(Groups { meta: Meta::of(&page), groups: page.rows.into_iter().map(group).collect() })
}

pub(super) fn get(tx: &ReadTx<'_>, account: &InstanceId, id: Guid) -> Result<Group, Failure> {
    memberships::find(tx, account, "group", &id).map(group)
}

pub(super) fn list_of_user(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    (id, page): (Guid, PageRequest),
) -> Result<GroupsOfUser, Failure> {
    let user = users::find(tx, account, &id)?;
    of_user(tx, user, page)
}

/// Replaces all groups of a user; they keep their level where they stay. Answers what the list then
/// shows.
pub(super) fn replace_of_user(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    (id, Whole(wanted)): (Guid, Whole<Replacement>),
) -> Result<GroupsOfUser, Failure> {
    let user = users::find(tx, account, &id)?;
    let mut groups = Vec::with_capacity(wanted.agent_groups.len());
    for Object(Named { group_id }) in wanted.agent_groups {
        groups.push((memberships::named_skill_group(tx, account, "group", &group_id)?, None));
    }
    ops::memberships::replace_of_user(tx, account, &user.user_id, groups)?;
    of_user(tx, user, FIRST_PAGE)
}

pub(super) fn list_users(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    (id, page): (Guid, PageRequest),
) -> Result<UsersOfGroup, Failure> {
    let group = memberships::find(tx, account, "group", &id)?;
    let page = stored::list_members(tx, &group.skill_group_id, page)?;
    let meta = Meta::of(&page);
    let row = |row: stored::Member| GroupedUser {
        user_id: row.user_guid,
        agent_display_id: given(&row.display_id),
        name: row.name,
    };
    Ok(UsersOfGroup {
        meta,
        group_id: group.skill_group_guid,
        users: page.rows.into_iter().map(row).collect(),
    })
}

fn of_user(tx: &ReadTx<'_>, user: User, page: PageRequest) -> Result<GroupsOfUser, Failure> {
    let page = stored::list_named_of_user(tx, &user.user_id, page)?;
    let meta = Meta::of(&page);
    let agent_groups = page.rows.into_iter().map(|row| group(row.skill_group)).collect();
    Ok(GroupsOfUser {
        meta,
        user_id: user.user_guid,
        agent_display_id: given(&user.display_id),
        agent_groups,
    })
}

fn group(row: NamedSkillGroup) -> Group {
    Group {
        group_id: row.skill_group_guid,
        group_display_id: row.name,
        group_name: row.display_name,
    }
}
