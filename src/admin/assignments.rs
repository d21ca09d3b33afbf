//! Numbers that are personal to users.

use super::etag::{self, Guarded};
use super::fields::{Nothing, Paged, fields};
use super::holding::change_holder;
use super::problem::{Failure, ProblemType, Result};
use super::reply::{Done, Tagged};
use super::request::Write;
use crate::domain::batch::ItemAction;
use crate::domain::phone_number::Assignment;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::{Act, Listing, Number, SearchWords, UserId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{personal_assignments, phone_numbers, spellings, users};

fields! {
    /// Which numbers of a user are listed.
    ListOfUser {
        /// Words, all of which are found: as in the list of numbers.
        q: SearchWords = default(words(), SearchWords::default()),
    }
    /// How a number is taken back.
    Release {
        /// For how many days it is kept for its last holder; by default, as long as the instance
        /// says.
        cool_down_days: Option<u32> = optional(integer(0..=MAX_COOL_DOWN_DAYS)),
    }
    /// Which assignments are listed.
    ListAssignments {
        /// Words, all of which are found: as in the list of numbers.
        q: SearchWords = default(words(), SearchWords::default()),
        /// Only numbers of this user.
        user_id: Option<String> = optional(id()),
    }
}

pub(super) fn list_of_user(
    at: Reading<'_>,
    (user_id,): (UserId,),
    list: Paged<ListOfUser>,
) -> Result<Listing<Assignment>> {
    users::require(at.tx, at.instance_id(), &user_id)?;
    let (id, q) = (at.instance_id(), &list.filters.q);
    Ok(personal_assignments::list(at.tx, id, Some(user_id.as_str()), q, list.page)?.into())
}

/// Who holds which number.
pub(super) fn list(
    at: Reading<'_>,
    (): (),
    list: Paged<ListAssignments>,
) -> Result<Listing<Assignment>> {
    let (id, Paged { page, filters }) = (at.instance_id(), list);
    let (user_id, q) = (filters.user_id.as_deref(), &filters.q);
    Ok(personal_assignments::list(at.tx, id, user_id, q, page)?.into())
}

/// Since when a user holds a number. Its ETag is the number's.
pub(super) fn get(
    at: Reading<'_>,
    (user_id, number): (UserId, Number),
    _: Nothing,
) -> Result<Tagged<Assignment>> {
    let instance_id = at.instance_id();
    users::require(at.tx, instance_id, &user_id)?;
    let sentence = format!("{user_id} does not hold {number}.");
    let number = spellings::stored_or_given(at.tx, instance_id, &number)?;
    let Some(since) = personal_assignments::since(at.tx, instance_id, &user_id, &number)? else {
        // Who may see only their own numbers does not learn which others exist.
        if at.place.may(Act::ReadInstance) {
            phone_numbers::require(at.tx, instance_id, &number)?;
        }
        return Err(Failure::NotRelated(ProblemType::AssignmentNotFound, sentence));
    };
    let tag = etag::of_number(at.tx, instance_id, &number)?;
    Ok(Tagged(Assignment { number, user_id, since }, tag))
}

/// Gives a number to a user; one that the user already holds stays.
pub(super) fn put(
    at: Writing<'_>,
    (user_id, number): (UserId, Number),
    write: Write<Nothing, Guarded>,
) -> Result<Done> {
    users::require(at.tx, at.instance_id(), &user_id)?;
    change_holder(&at, (ItemAction::Assign, &number), &write.guard, || {
        ops::phone_numbers::assign(at.tx, at.instance_id(), &user_id, &number)
    })
}

/// Takes a number back from a user; one that the user does not hold is left alone.
pub(super) fn delete(
    at: Writing<'_>,
    (user_id, number): (UserId, Number),
    write: Write<Release, Guarded>,
) -> Result<Done> {
    users::require(at.tx, at.instance_id(), &user_id)?;
    let days = write.fields.cool_down_days;
    change_holder(&at, (ItemAction::Release, &number), &write.guard, || {
        let stored = spellings::stored_or_given(at.tx, at.instance_id(), &number)?;
        ops::reservations::release(at.tx, at.instance_id(), &stored, Some(&user_id), days)
    })
}
