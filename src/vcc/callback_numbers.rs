//! Callback numbers: those of the account, which no skill group holds, and those of a user, which
//! are personal to them.

use super::error::{Failure, Result};
use super::params::{FIRST_PAGE, Guid, Object, Whole};
use super::reply::{Listing, Owner};
use super::users;
use crate::domain::phone_number::CallbackNumber;
use crate::domain::{Error, InstanceId, PageRequest, Rule, User};
use crate::ops;
use crate::store::{ReadTx, callback_numbers};
use crate::vcc::{Reading, Writing};
use serde::Deserialize;
use std::convert::identity;

/// What a list calls its rows.
const ROWS: &str = "callbackNumbers";

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

pub(super) fn list(at: Reading<'_>, page: PageRequest) -> Result<Listing<CallbackNumber>> {
    Ok(Listing::new(ROWS, callback_numbers::list(at.tx, at.instance_id(), page)?, identity))
}

pub(super) fn list_of_user(
    at: Reading<'_>,
    (id, page): (Guid, PageRequest),
) -> Result<Listing<CallbackNumber>> {
    of_user(at.tx, users::find(at.tx, at.instance_id(), &id)?, page)
}

/// Replaces the whole set; answers what the list then shows.
pub(super) fn replace_of_user(
    at: Writing<'_>,
    (id, Whole(wanted)): (Guid, Whole<Replacement>),
) -> Result<Listing<CallbackNumber>> {
    let user = users::find(at.tx, at.instance_id(), &id)?;
    if !user.is_agent() && !wanted.callback_numbers.is_empty() {
        return Err(Failure::Invalid(format!(
            "User {} has no agent configuration, so they can't have callback numbers.",
            user.user_guid
        )));
    }
    let mut numbers = Vec::with_capacity(wanted.callback_numbers.len());
    for Object(named) in &wanted.callback_numbers {
        let id = named.callback_number_id.as_str();
        let unknown = || Failure::Invalid(format!("There is no callback number {id}."));
        numbers
            .push(callback_numbers::number_of(at.tx, at.instance_id(), id)?.ok_or_else(unknown)?);
    }
    ops::phone_numbers::replace_personal(at.tx, at.instance_id(), &user.user_id, &numbers)
        .map_err(|error| held(at.tx, at.instance_id(), error))?;
    of_user(at.tx, user, FIRST_PAGE)
}

fn of_user(tx: &ReadTx<'_>, user: User, page: PageRequest) -> Result<Listing<CallbackNumber>> {
    let page = callback_numbers::list_of_user(tx, &user.user_id, page)?;
    Ok(Listing::new(ROWS, page, identity).of(Owner::user(user)))
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
