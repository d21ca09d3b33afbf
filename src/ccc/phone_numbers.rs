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
    let ListPersonalNumbersOfUser { is_member, page, user_id, search_pattern } = request;
    if !is_member {
        // What could be given to a user is not their own yet.
        access::require(at.place, Act::ReadInstance)?;
    }
    let (id, shared, pattern) = (at.instance_id(), at.place.shared, search_pattern.as_deref());
    users::require(at.tx, id, &user_id)?;
    let page = if is_member {
        phone_numbers::list_personal(at.tx, &user_id, pattern, page)?
    } else {
        phone_numbers::list_assignable(at.tx, id, shared, &user_id, pattern, page)?
    };
    Ok(Reply::data(Paged::of(page, |row| ShownNumber::personal(id, row))))
}

/// Gives numbers to a user; `Data` lists those that could not be given.
pub(super) fn add_personal(
    at: Writing<'_>,
    request: AddPersonalNumbersToUser,
) -> Result<Reply<Vec<String>>> {
    let (id, AddPersonalNumbersToUser { numbers, user_id }) = (at.instance_id(), request);
    let refused = ops::phone_numbers::assign_personal(at.tx, id, &user_id, &numbers)?;
    Ok(Reply::data(refused))
}

/// Takes numbers back from a user.
pub(super) fn remove_personal(
    at: Writing<'_>,
    request: RemovePersonalNumbersFromUser,
) -> Result<Reply<()>> {
    let (id, RemovePersonalNumbersFromUser { numbers, user_id }) = (at.instance_id(), request);
    ops::phone_numbers::release_personal(at.tx, id, &user_id, &numbers)?;
    Ok(Reply::done())
}
