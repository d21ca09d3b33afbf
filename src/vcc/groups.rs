//! Groups: skill groups, without the levels of their members.

use super::error::{Failure, Result};
use super::memberships;
use super::params::{Body, FIRST_PAGE, Guid, Object, Whole};
use super::reply::{Listing, MemberRow, Owner};
use super::users;
use crate::domain::{NamedSkillGroup, PageRequest, User};
use crate::ops;
use crate::store::{ReadTx, memberships as stored, skill_groups};
use crate::vcc::{Reading, Writing};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    group_id: String,
    group_display_id: String,
    group_name: String,
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

pub(super) fn create(at: Writing<'_>, Body(new): Body<NewGroup>) -> Result<Group> {
    let NewGroup { group_name, group_display_id } = new;
    memberships::create(at.tx, at.instance_id(), ("groupName", &group_name), group_display_id)
        .map(group)
}

pub(super) fn list(at: Reading<'_>, page: PageRequest) -> Result<Listing<Group>> {
    Ok(Listing::new("groups", skill_groups::list_by_name(at.tx, at.instance_id(), page)?, group))
}

pub(super) fn get(at: Reading<'_>, id: Guid) -> Result<Group> {
    memberships::find(at.tx, at.instance_id(), "group", &id).map(group)
}

pub(super) fn list_of_user(
    at: Reading<'_>,
    (id, page): (Guid, PageRequest),
) -> Result<Listing<Group>> {
    of_user(at.tx, users::find(at.tx, at.instance_id(), &id)?, page)
}

/// Replaces all groups of a user; they keep their level where they stay. Answers what the list then
/// shows.
pub(super) fn replace_of_user(
    at: Writing<'_>,
    (id, Whole(wanted)): (Guid, Whole<Replacement>),
) -> Result<Listing<Group>> {
    let user = users::find(at.tx, at.instance_id(), &id)?;
    let mut groups = Vec::with_capacity(wanted.agent_groups.len());
    for Object(Named { group_id }) in wanted.agent_groups {
        let group = memberships::find(at.tx, at.instance_id(), "group", &group_id)
            .map_err(Failure::in_body)?;
        groups.push((group.skill_group_id, None));
    }
    ops::memberships::replace_of_user(at.tx, at.instance_id(), &user.user_id, groups)?;
    of_user(at.tx, user, FIRST_PAGE)
}

pub(super) fn list_users(
    at: Reading<'_>,
    (id, page): (Guid, PageRequest),
) -> Result<Listing<MemberRow>> {
    let group = memberships::find(at.tx, at.instance_id(), "group", &id)?;
    let page = stored::list_members(at.tx, &group.skill_group_id, page)?;
    Ok(Listing::new("users", page, |row| MemberRow::new(row, None)).of(Owner::group(group)))
}

fn of_user(tx: &ReadTx<'_>, user: User, page: PageRequest) -> Result<Listing<Group>> {
    let page = stored::list_named_of_user(tx, &user.user_id, page)?;
    let row = |row: stored::GroupOfUser| group(row.skill_group);
    Ok(Listing::new("agentGroups", page, row).of(Owner::user(user)))
}

fn group(row: NamedSkillGroup) -> Group {
    Group {
        group_id: row.skill_group_guid,
        group_display_id: row.name,
        group_name: row.display_name,
    }
}
