//! Numbers that are kept: holds, and cool-downs after a release.

use super::etag::{self, Guarded};
use super::fields::{FaultCode, Nothing, Paged, fields};
use super::holding::change_holder;
use super::problem::{Failure, ProblemType, Result};
use super::reply::{Done, Tagged};
use super::request::Write;
use crate::domain::batch::ItemAction;
use crate::domain::reservation::Reservation;
use crate::domain::{Listing, Number, Timestamp, UserId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{phone_numbers, reservations, users};

fields! {
    /// Which reservations are listed.
    ListReservations {
        /// Only numbers that are kept for this user.
        user_id: Option<String> = optional(id()),
    }
    /// A hold.
    HoldToMake = r#"{"user_id": "lina@ccc-test", "until": "2099-01-01T09:00:00Z"}"# {
        /// The user whom the number is kept for; without one, nobody is given it.
        user_id: Option<String> = optional(id()),
        /// Until when.
        until: Timestamp = required(moment()),
    }
}

pub(super) fn list(
    at: Reading<'_>,
    (): (),
    list: Paged<ListReservations>,
) -> Result<Listing<Reservation>> {
    Ok(reservations::list(at.tx, at.instance_id(), list.filters.user_id.as_deref(), list.page)?
        .into())
}

/// What keeps a number. Its ETag is the number's.
pub(super) fn get(
    at: Reading<'_>,
    (number,): (Number,),
    _: Nothing,
) -> Result<Tagged<Reservation>> {
    let instance_id = at.instance_id();
    let number = phone_numbers::require(at.tx, instance_id, &number)?;
    let Some(found) = reservations::of_number(at.tx, instance_id, &number)? else {
        let sentence = format!("{number} is not reserved.");
        return Err(Failure::NotRelated(ProblemType::ReservationNotFound, sentence));
    };
    Ok(Tagged(found, etag::of_number(at.tx, instance_id, &number)?))
}

/// Keeps a free number, or moves the end of the same user's hold.
pub(super) fn put(
    at: Writing<'_>,
    (number,): (Number,),
    write: Write<HoldToMake, Guarded>,
) -> Result<Done> {
    let (until, now) = (write.fields.until, at.tx.now());
    if until <= now {
        let detail = format!("until must be in the future; {until} is not later than {now}.");
        return Err(Failure::invalid("/until", FaultCode::Past, detail));
    }
    let user_id = write.fields.user_id.as_deref().map(UserId::new);
    if let Some(user_id) = &user_id {
        users::require(at.tx, at.instance_id(), user_id)?;
    }
    change_holder(&at, (ItemAction::Hold, &number), &write.guard, || {
        ops::reservations::hold(at.tx, at.instance_id(), &number, user_id.as_ref(), until)
    })
}

/// Ends what keeps a number; one that nothing keeps is left alone.
pub(super) fn delete(
    at: Writing<'_>,
    (number,): (Number,),
    write: Write<Nothing, Guarded>,
) -> Result<Done> {
    change_holder(&at, (ItemAction::EndReservation, &number), &write.guard, || {
        ops::reservations::end(at.tx, at.instance_id(), &number)
    })
}
