//! What the operations on users answer.

use crate::ccc::error::Result;
use crate::ccc::number::ShownNumber;
use crate::domain::{PageRequest, SkillGroup, User, WorkMode};
use crate::store::{ReadTx, memberships, phone_numbers};
use serde::Serialize;

/// The state of a user's phone: none ever registers here.
const DEVICE_STATE: &str = "UNREGISTERED";

/// A user. What some operations show of them and others do not is absent there.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::ccc) struct ShownUser {
    extension: String,
    login_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<&'static str>,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_id: Option<String>,
    user_id: String,
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<String>,
    mobile: String,
    work_mode: WorkMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_ext: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_state: Option<&'static str>,
}

/// A user of the list, with their skill groups and numbers.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::ccc) struct UserDetail {
    extension: String,
    login_name: String,
    role_name: &'static str,
    email: String,
    user_id: String,
    display_name: String,
    display_id: String,
    role_id: String,
    mobile: String,
    work_mode: WorkMode,
    ram_id: u128,
    primary: bool,
    primary_account: bool,
    device_id: &'static str,
    device_ext: &'static str,
    device_state: &'static str,
    personal_outbound_number_list: Vec<ShownNumber>,
    skill_level_list: Vec<UserSkillLevel>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserSkillLevel {
    skill_level: u8,
    skill_group_name: String,
    skill_group_id: String,
}

/// Where a user works, and what they do there: nobody signs in here, so they are always offline.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::ccc) struct WorkState {
    extension: String,
    work_mode: WorkMode,
    device_id: &'static str,
    job_id: &'static str,
    user_id: String,
    break_code: &'static str,
    instance_id: String,
    outbound_scenario: bool,
    user_state: &'static str,
    signed_skill_group_id_list: [&'static str; 0],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::ccc) struct ListedRole {
    pub(super) role_id: String,
    pub(super) name: &'static str,
}

/// Something that the caller may do.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::ccc) struct Privilege {
    pub(super) scope: &'static str,
    pub(super) instance_id: String,
    pub(super) name: String,
}

impl ShownUser {
    /// A new user.
    pub(super) fn created(user: User) -> Self {
        Self {
            role_name: None,
            instance_id: None,
            display_id: None,
            role_id: None,
            device_id: None,
            device_ext: None,
            device_state: None,
            ..Self::single(user)
        }
    }

    /// An administrator of an instance.
    pub(in crate::ccc) fn admin(user: User) -> Self {
        Self {
            display_id: None,
            nickname: None,
            avatar_url: None,
            device_id: None,
            device_ext: None,
            device_state: None,
            ..Self::single(user)
        }
    }

    pub(super) fn single(user: User) -> Self {
        Self {
            role_id: Some(user.role_id()),
            extension: user.extension,
            login_name: user.login_name,
            role_name: Some(user.role.name()),
            email: user.email,
            instance_id: Some(user.instance_id.to_string()),
            user_id: user.user_id.to_string(),
            display_name: user.display_name,
            display_id: Some(user.display_id),
            nickname: Some(user.nickname),
            avatar_url: Some(user.avatar_url),
            mobile: user.mobile,
            work_mode: user.work_mode,
            device_id: Some(""),
            device_ext: Some(""),
            device_state: Some(DEVICE_STATE),
        }
    }
}

pub(super) fn work_state(user: User) -> WorkState {
    WorkState {
        extension: user.extension,
        work_mode: user.work_mode,
        device_id: "",
        job_id: "",
        user_id: user.user_id.to_string(),
        break_code: "",
        instance_id: user.instance_id.to_string(),
        outbound_scenario: false,
        user_state: "OFFLINE",
        signed_skill_group_id_list: [],
    }
}

pub(super) fn user_detail(tx: &ReadTx<'_>, user: User) -> Result<UserDetail> {
    let numbers = phone_numbers::list_personal(tx, &user.user_id, None, PageRequest::ALL)?.rows;
    let groups = memberships::list_of_user(tx, &user.user_id, None, PageRequest::ALL)?.rows;
    let level = |(group, skill_level): (SkillGroup, u8)| UserSkillLevel {
        skill_level,
        skill_group_name: group.name,
        skill_group_id: group.skill_group_id.to_string(),
    };
    Ok(UserDetail {
        role_id: user.role_id(),
        extension: user.extension,
        login_name: user.login_name,
        role_name: user.role.name(),
        email: user.email,
        user_id: user.user_id.to_string(),
        display_name: user.display_name,
        display_id: user.display_id,
        mobile: user.mobile,
        work_mode: user.work_mode,
        ram_id: user.ram_id.as_integer(),
        primary: user.is_root,
        primary_account: user.is_root,
        device_id: "",
        device_ext: "",
        device_state: DEVICE_STATE,
        personal_outbound_number_list: numbers
            .into_iter()
            .map(ShownNumber::of_listed_user)
            .collect(),
        skill_level_list: groups.into_iter().map(level).collect(),
    })
}
