//! Operations on the account's logins: listing them, and making them users of an instance.

use super::error::Result;
use super::params::request;
use super::reply::{Paged, Reply};
use crate::domain::WorkMode;
use crate::domain::{NewUser, PageRequest, RamId, Role, SkillGroupId, User};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::ram_users::{self, Viewer};
use serde::Serialize;

request! {
    ListRamUsers {
        page: PageRequest = page_of(1000),
        search_pattern: Option<String> = search_pattern(),
    }
    ImportAdmins { ram_ids: Vec<RamId> = ids("RamIdList"), }
    ImportRamUsers {
        ram_ids: Vec<RamId> = ids("RamIdList"),
        role_id: String = text_of("RoleId", 1, 128),
        skill_levels: Vec<(SkillGroupId, u8)> = skill_levels(),
        work_mode: WorkMode = word("WorkMode"),
    }
}

/// A login of the account.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedRamUser {
    login_name: String,
    email: String,
    display_name: String,
    mobile: String,
    primary: bool,
    ram_id: String,
    aliyun_uid: u128,
}

/// A login that is an administrator now.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ImportedAdmin {
    extension: String,
    instance_id: String,
    ram_id: String,
    role_id: String,
    user_id: String,
}

/// The logins of the account, those too that are in no instance: who can be made a user.
pub(super) fn list(at: Reading<'_>, request: ListRamUsers) -> Result<Reply<Paged<ListedRamUser>>> {
    let viewer = match &at.place.user_id {
        _ if at.place.role == Role::Root => Viewer::Root,
        Some(user_id) if !at.place.only_here => Viewer::User(user_id),
        _ => Viewer::Instance(&at.place.instance_id),
    };
    let page = ram_users::list(at.tx, request.search_pattern.as_deref(), viewer, request.page)?;
    let aliyun_uid = ram_users::root(at.tx)?.as_ref().map_or(0, RamId::as_integer);
    let paged = Paged::of(page, |row| ListedRamUser {
        login_name: row.login_name,
        email: row.email,
        display_name: row.display_name,
        mobile: row.mobile,
        primary: row.is_root,
        ram_id: row.ram_id.to_string(),
        aliyun_uid,
    });
    Ok(Reply::data(paged).with_params())
}

/// Makes logins administrators of the instance; somebody who is a user already becomes Admin.
pub(super) fn import_admins(
    at: Writing<'_>,
    request: ImportAdmins,
) -> Result<Reply<Vec<ImportedAdmin>>> {
    let admins = ops::users::import_admins(at.tx, at.instance_id(), &request.ram_ids)?;
    let imported = |user: User| ImportedAdmin {
        role_id: user.role_id(),
        extension: user.extension,
        ram_id: user.ram_id.to_string(),
        user_id: user.user_id.to_string(),
        instance_id: user.instance_id.to_string(),
    };
    Ok(Reply::data(admins.into_iter().map(imported).collect()))
}

/// Makes logins users of the instance: all of them or none.
pub(super) fn import(at: Writing<'_>, request: ImportRamUsers) -> Result<Reply<String>> {
    let role = Role::of_role_id(&request.role_id, at.instance_id())?;
    let new = NewUser::new(role, request.work_mode, request.skill_levels);
    ops::users::assign(at.tx, at.instance_id(), &request.ram_ids, &new)?;
    Ok(Reply::workflow())
}
