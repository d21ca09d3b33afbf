//! Operations on numbers, and on the numbers of a user.

use super::error::Result;
use super::number::{ListedNumber, ShownNumber};
use super::params::request;
use super::reply::{Paged, Reply};
use crate::domain::phone_number::{NumberFilter, Usage};
use crate::domain::{Act, PageRequest, UserId};
use crate::ops::access::{Reading, Writing};
use crate::ops::{self, access};
use crate::store::{phone_numbers, users};

request! {
    ListPhoneNumbers {
        active: Option<bool> = optional_flag("Active"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        usage: Option<Usage> = optional_word("Usage"),
    }
    ListPersonalNumbersOfUser {
        is_member: bool = flag("IsMember"),
        page: PageRequest = page(),
        user_id: UserId = id("UserId"),
        search_pattern: Option<String> = search_pattern(),
    }
    AddPersonalNumbersToUser {
        numbers: Vec<String> = list("NumberList"),
        user_id: UserId = id("UserId"),
    }
    RemovePersonalNumbersFromUser {
        numbers: Vec<String> = list("NumberList"),
        user_id: UserId = id("UserId"),
    }
}

/// The numbers of the instance, with who holds them.
pub(super) fn list(
    at: Reading<'_>,
    request: ListPhoneNumbers,
) -> Result<Reply<Paged<ListedNumber>>> {
    let filter = NumberFilter {
        search_pattern: request.search_pattern,
        usage: request.usage,
        active: request.active,
    };
    let page = phone_numbers::list(at.tx, at.instance_id(), &filter, request.page)?;
    let page = page.try_map(|row| ListedNumber::whole(at.tx, at.instance_id(), row))?;
    Ok(Reply::data(page.into()))
}

/// The numbers that are personal to a user, or with `IsMember=false` those that could be given to
/// them.
pub(super) fn list_personal(
    at: Reading<'_>,
    request: ListPersonalNumbersOfUser,
) -> Result<Reply<Paged<ShownNumber>>> {
    if !request.is_member && !at.place.may(Act::ReadInstance) {
        // What could be given to a user is not their own yet.
        return Err(access::forbidden(at.place.role, Act::ReadInstance).into());
    }
    users::require(at.tx, at.instance_id(), &request.user_id)?;
    let pattern = request.search_pattern.as_deref();
    let page = if request.is_member {
        phone_numbers::list_personal(at.tx, &request.user_id, pattern, request.page)?
    } else {
        let (instance_id, user_id) = (at.instance_id(), &request.user_id);
        phone_numbers::list_assignable(
            at.tx,
            instance_id,
            at.place.shared,
            user_id,
            pattern,
            request.page,
        )?
    };
    Ok(Reply::data(Paged::of(page, |row| ShownNumber::personal(at.instance_id(), row))))
}

/// Gives numbers to a user; `Data` lists those that could not be given.
pub(super) fn add_personal(
    at: Writing<'_>,
    request: AddPersonalNumbersToUser,
) -> Result<Reply<Vec<String>>> {
    let refused = ops::phone_numbers::assign_personal(
        at.tx,
        at.instance_id(),
        &request.user_id,
        &request.numbers,
    )?;
    Ok(Reply::data(refused))
}

/// Takes numbers back from a user.
pub(super) fn remove_personal(
    at: Writing<'_>,
    request: RemovePersonalNumbersFromUser,
) -> Result<Reply<()>> {
    ops::phone_numbers::release_personal(
        at.tx,
        at.instance_id(),
        &request.user_id,
        &request.numbers,
    )?;
    Ok(Reply::done())
}
