//! Users who join, change and leave.
//!
//! Sources: the vendor's pages "Create user", "Update user by user ID" and "Delete user by user
//! ID", read 2026-11-25. A body is a user object; members that say nothing about what is kept here
//! (`webrtc`, `capacity`, …) are ignored, and those that would be half understood are refused.

use super::{UserObject, find, user};
use crate::domain::characters::composed;
use crate::domain::text::{self, LONGEST_PERSON_NAME, Parsed};
use crate::domain::{
    Email, Extension, InstanceId, LoginName, NewLogin, NewUser, Role, User, UserEdit, WorkMode,
};
use crate::ops;
use crate::ops::users::Removal;
use crate::store::{WriteTx, users};
use crate::vcc::Writing;
use crate::vcc::error::{Failure, Result};
use crate::vcc::params::{Body, FromRequest, Guid, Object, Request, shown};
use serde::{Deserialize, Serialize};

/// A user object in a body. What is absent or `null` stays as it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::vcc) struct Wanted {
    username: Option<String>,
    name: Option<String>,
    email: Option<String>,
    active: Option<bool>,
    locked: Option<bool>,
    user_account_configuration: Option<Object<Configuration>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Configuration {
    role: Option<String>,
    act_as_agent: Option<bool>,
    agent_configuration: Option<Object<Agent>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Agent {
    agent_display_id: Option<String>,
    telephony_address: Option<Object<Telephony>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Telephony {
    telephone_address: Option<String>,
    prevent_auto_callback_number: Option<bool>,
    selected_callback_number_id: Option<String>,
}

/// `allowOverages`: there are no licences here, so it makes no difference.
pub(in crate::vcc) struct AllowOverages;

impl FromRequest for AllowOverages {
    fn read(request: &Request<'_>) -> Result<Self> {
        request.flag("allowOverages").map(|_| Self)
    }
}

/// `acceptArchiveInMultipleAccounts`: whether a user of other accounts may be archived in this one.
pub(in crate::vcc) struct AcceptArchive(bool);

impl FromRequest for AcceptArchive {
    fn read(request: &Request<'_>) -> Result<Self> {
        request.flag("acceptArchiveInMultipleAccounts").map(Self)
    }
}

/// An answer without content.
#[derive(Serialize)]
pub(in crate::vcc) struct Nothing {}

/// Makes a user, and a login of that name without a password.
pub(in crate::vcc) fn create(
    at: Writing<'_>,
    (_, Body(wanted)): (AllowOverages, Body<Wanted>),
) -> Result<UserObject> {
    let username = required(wanted.username.as_deref(), "username")?;
    let name = required(wanted.name.as_deref(), "name")?;
    let email = required(wanted.email.as_deref(), "email")?;
    let asked = wanted.user_account_configuration.as_ref().map(|Object(asked)| asked);
    let role = asked.and_then(|asked| asked.role.as_deref());
    let role = role_of(required(role, "userAccountConfiguration.role")?)?;
    let login = NewLogin {
        ram_id: ops::users::new_ram_id()?,
        login_name: parsed::<LoginName>("username", username)?,
        display_name: short("name", name)?,
        email: Some(parsed::<Email>("email", email)?),
        mobile: String::new(),
    };
    let new = NewUser::new(role, WorkMode::default(), Vec::new());
    let made = ops::users::create(at.tx, at.instance_id(), &login, &new)?;
    let profile = users::get(at.tx, at.instance_id(), &made.user_id)?;
    change(at.tx, at.instance_id(), profile, &wanted)
}

/// Changes a user; `active` archives and brings back.
pub(in crate::vcc) fn update(
    at: Writing<'_>,
    (id, ((AcceptArchive(accepted), _), Body(wanted))): (
        Guid,
        ((AcceptArchive, AllowOverages), Body<Wanted>),
    ),
) -> Result<UserObject> {
    let profile = find(at.tx, at.instance_id(), &id)?;
    if wanted.username.as_ref().is_some_and(|username| *username != profile.login_name) {
        return Err(Failure::Invalid(format!(
            "username: it is {} and can't be changed.",
            shown(&profile.login_name)
        )));
    }
    let archives = wanted.active == Some(false) && profile.active;
    if archives && !accepted && users::is_elsewhere(at.tx, at.instance_id(), &profile.ram_id)? {
        return Err(Failure::Invalid(format!(
            "User {} belongs to other accounts too; send acceptArchiveInMultipleAccounts=true to archive them in this one.",
            profile.user_guid
        )));
    }
    change(at.tx, at.instance_id(), profile, &wanted)
}

/// Removes an archived user; their numbers, skills and groups are released.
pub(in crate::vcc) fn delete(at: Writing<'_>, id: Guid) -> Result<Nothing> {
    let profile = find(at.tx, at.instance_id(), &id)?;
    if profile.active {
        return Err(Failure::Conflict(format!(
            "User {} is active; archive them first (PATCH with \"active\": false).",
            profile.user_guid
        )));
    }
    let removal = Removal { force: true, caller: None, last_admin: false };
    ops::users::remove(at.tx, at.instance_id(), &[profile.user_id], removal)?;
    Ok(Nothing {})
}

/// Writes what a user object says, and shows the user as they are then.
fn change(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    profile: User,
    wanted: &Wanted,
) -> Result<UserObject> {
    let edit = edit(&profile, wanted)?;
    ops::users::edit(tx, account, &profile.user_id, &edit)?;
    let changed = users::get(tx, account, &profile.user_id)?;
    let asked = wanted.user_account_configuration.as_ref().map(|Object(asked)| asked);
    if let Some(act) = asked.and_then(|asked| asked.act_as_agent)
        && act != changed.is_agent()
    {
        return Err(Failure::Invalid(
            "userAccountConfiguration.actAsAgent: an Agent acts as one, and of the others those with an agentDisplayId.".to_owned(),
        ));
    }
    Ok(user(changed))
}

fn edit(profile: &User, wanted: &Wanted) -> Result<UserEdit> {
    let none = (Configuration::default(), Agent::default(), Telephony::default());
    let asked = wanted.user_account_configuration.as_ref().map_or(&none.0, |Object(asked)| asked);
    let agent = asked.agent_configuration.as_ref().map_or(&none.1, |Object(agent)| agent);
    let telephony = agent.telephony_address.as_ref().map_or(&none.2, |Object(address)| address);
    let is_other = |id: &&str| composed(id) != composed(&profile.display_id);
    let display_id = agent.agent_display_id.as_deref().filter(is_other);
    if display_id.is_some() && !profile.display_id.is_empty() {
        return Err(Failure::Invalid(format!(
            "agentDisplayId: it is {} and can't be changed.",
            shown(&profile.display_id)
        )));
    }
    Ok(UserEdit {
        role: asked.role.as_deref().map(role_of).transpose()?,
        display_name: wanted.name.as_deref().map(|name| short("name", name)).transpose()?,
        email: wanted.email.as_deref().map(|email| parsed::<Email>("email", email)).transpose()?,
        extension: telephony.telephone_address.as_deref().map(digits).transpose()?,
        display_id: display_id.map(|id| short("agentDisplayId", id)).transpose()?,
        active: wanted.active,
        locked: wanted.locked,
        selected_callback_number_id: telephony
            .selected_callback_number_id
            .as_ref()
            .map(|id| (!id.is_empty()).then(|| id.to_ascii_lowercase())),
        prevent_auto_callback_number: telephony.prevent_auto_callback_number,
        ..UserEdit::default()
    })
}

fn required<'a>(value: Option<&'a str>, name: &str) -> Result<&'a str> {
    value.ok_or_else(|| Failure::Invalid(format!("{name} is required.")))
}

fn role_of(name: &str) -> Result<Role> {
    match name {
        "Admin" => Ok(Role::Admin),
        "Supervisor" => Ok(Role::Manager),
        "Agent" => Ok(Role::Agent),
        _ => Err(Failure::Invalid(format!(
            "userAccountConfiguration.role must be Admin, Supervisor or Agent, but is {}.",
            shown(name)
        ))),
    }
}

fn short(name: &str, text: &str) -> Result<String> {
    text::name(text, LONGEST_PERSON_NAME)
        .map_err(|fault| Failure::Invalid(format!("{name}: {fault}.")))
}

/// Reads a text of a kind that the domain knows.
fn parsed<T: Parsed>(name: &str, text: &str) -> Result<T> {
    T::parse(text).map_err(|malformed| Failure::Invalid(format!("{name}: {malformed}.")))
}

fn digits(text: &str) -> Result<String> {
    Extension::parse(text).map(String::from).map_err(|_| {
        let shown = shown(text);
        Failure::Invalid(format!("telephoneAddress must have at most 32 digits, but is {shown}."))
    })
}
