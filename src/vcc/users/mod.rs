//! Users: the user object, and the lists of users.

mod changes;

pub(super) use changes::{create, delete, update};

use super::error::{Failure, Result};
use super::params::{Guid, Include};
use super::reply::{Listing, given};
use crate::domain::{InstanceId, PageRequest, Role, User};
use crate::store::{ReadTx, users};
use crate::vcc::Reading;
use serde::Serialize;

/// A user. What is not known of them is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserObject {
    user_id: String,
    username: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_time: Option<String>,
    active: bool,
    locked: bool,
    user_account_configuration: UserAccountConfiguration,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserAccountConfiguration {
    role: &'static str,
    act_as_agent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_configuration: Option<AgentConfiguration>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    telephony_address: TelephonyAddress,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TelephonyAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    telephone_address: Option<String>,
    prevent_auto_callback_number: bool,
    selected_callback_number_id: String,
}

pub(super) fn list(
    at: Reading<'_>,
    (include, page): (Include, PageRequest),
) -> Result<Listing<UserObject>> {
    let active = match include {
        Include::Active => Some(true),
        Include::Archived => Some(false),
        Include::All => None,
    };
    Ok(Listing::new(
        "users",
        users::list_by_login_name(at.tx, at.instance_id(), active, page)?,
        user,
    ))
}

pub(super) fn get(at: Reading<'_>, id: Guid) -> Result<UserObject> {
    find(at.tx, at.instance_id(), &id).map(user)
}

/// The user of the account that a request names.
pub(super) fn find(tx: &ReadTx<'_>, account: &InstanceId, id: &Guid) -> Result<User> {
    users::find_by_guid(tx, account, id.as_str())?
        .ok_or_else(|| Failure::NoSuch("user", id.as_str().to_owned()))
}

fn user(profile: User) -> UserObject {
    let act_as_agent = profile.is_agent();
    let telephony_address = TelephonyAddress {
        telephone_address: given(&profile.extension),
        prevent_auto_callback_number: profile.prevent_auto_callback_number,
        selected_callback_number_id: profile.selected_callback_number_id.unwrap_or_default(),
    };
    let agent_configuration =
        AgentConfiguration { agent_display_id: given(&profile.display_id), telephony_address };
    UserObject {
        user_id: profile.user_guid,
        name: if profile.display_name.is_empty() {
            profile.login_name.clone()
        } else {
            profile.display_name
        },
        username: profile.login_name,
        email: given(&profile.email),
        last_login_time: profile.last_login_at.map(|moment| moment.to_string()),
        active: profile.active,
        locked: profile.locked,
        user_account_configuration: UserAccountConfiguration {
            role: role(profile.role),
            act_as_agent,
            agent_configuration: act_as_agent.then_some(agent_configuration),
        },
    }
}

/// The vendor's name of a role.
fn role(role: Role) -> &'static str {
    match role {
        Role::Admin | Role::Root => "Admin",
        Role::Manager => "Supervisor",
        Role::Agent => "Agent",
    }
}
