//! Callback numbers: those of the account, which no skill group holds, and those of a user, which
//! are personal to them.

use super::error::Failure;
use super::params::{FIRST_PAGE, Guid, Object, Whole};
use super::reply::{Meta, given};
use super::users;
use crate::domain::phone_number::CallbackNumber;
use crate::domain::{Error, InstanceId, PageRequest, Rule, User};
use crate::ops;
use crate::store::{ReadTx, WriteTx, callback_numbers};
use serde::{Deserialize, Serialize};

/// A page of the account's callback numbers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallbackNumbers {
    meta: Meta,
    callback_numbers: Vec<CallbackNumber>,
}

/// A page of a user's callback numbers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallbackNumbersOfUser {
    meta: Meta,
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    callback_numbers: Vec<CallbackNumber>,
}

/// What a user's callback numbers become.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    callback_numbers: Vec<Object<Named>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    callback_number_id: Guid,
}

pub(super) fn list(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    page: PageRequest,
) -> Result<CallbackNumbers, Failure> {
    let page = callback_numbers::list(tx, account, page)?;
    Ok(CallbackNumbers { meta: Meta::of(&page), callback_numbers: page.rows })
}

pub(super) fn list_of_user(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    (id, page): (Guid, PageRequest),
) -> Result<CallbackNumbersOfUser, Failure> {
    let user = users::find(tx, account, &id)?;
    of_user(tx, user, page)
}

/// Replaces the whole set; answers what the list then shows.
pub(super) fn replace_of_user(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    (id, Whole(wanted)): (Guid, Whole<Replacement>),
) -> Result<CallbackNumbersOfUser, Failure> {
    let user = users::find(tx, account, &id)?;
    if !user.is_agent() && !wanted.callback_numbers.is_empty() {
        return Err(Failure::Invalid(format!(
            "User {} has no agent configuration, so they can't have callback numbers.",
            user.user_guid
        )));
    }
    let mut numbers = Vec::with_capacity(wanted.callback_numbers.len());
    for Object(named) in &wanted.callback_numbers {
        let id = named.callback_number_id.as_str();
        numbers.push(
            callback_numbers::number_of(tx, account, id)?
                .ok_or_else(|| Failure::Invalid(format!("There is no callback number {id}.")))?,
        );
    }
    ops::phone_numbers::replace_personal(tx, account, &user.user_id, &numbers)
        .map_err(|error| held(tx, account, error))?;
    of_user(tx, user, FIRST_PAGE)
}

fn of_user(
    tx: &ReadTx<'_>,
    user: User,
    page: PageRequest,
) -> Result<CallbackNumbersOfUser, Failure> {
    let page = callback_numbers::list_of_user(tx, &user.user_id, page)?;
    Ok(CallbackNumbersOfUser {
        meta: Meta::of(&page),
        user_id: user.user_guid,
        agent_display_id: given(&user.display_id),
        callback_numbers: page.rows,
    })
}

/// After a refusal: says who holds the number.
fn held(tx: &ReadTx<'_>, account: &InstanceId, error: Error) -> Failure {
    let Error::Rule {
        rule: Rule::BoundNumberIsNotPersonal | Rule::PersonalNumberHasOneHolder,
        subject: number,
        ..
    } = &error
    else {
        return error.into();
    };
    callback_numbers::holders(tx, account, number).map_or_else(Failure::from, |holders| {
        Failure::Conflict(format!(
            "{number} is held by {}; nothing was changed.",
            holders.join(", ")
        ))
    })
}
