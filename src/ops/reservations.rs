//! Keeping numbers: cool-downs after a release, and holds.

use crate::domain::reservation::{self, Reservation, ReservationKind};
use crate::domain::{Error, InstanceId, Rule, Timestamp, UserId};
use crate::store::{WriteTx, holders, instances, personal_assignments, phone_numbers};
use crate::store::{reservations, users};

/// Takes a number back from a user, or from all users who hold it; `false` when nobody did. A
/// number that is free then cools down: for the days given, or as long as the instance says. Its
/// last holder may have it back meanwhile.
pub fn release(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    from: Option<&UserId>,
    days: Option<u32>,
) -> Result<bool, Error> {
    let last_holder = match from {
        Some(user_id) => Some(user_id.clone()),
        None => only_holder(tx, instance_id, number)?,
    };
    let closed = match from {
        Some(user_id) => personal_assignments::close(tx, user_id, number)?,
        None => personal_assignments::close_all_but(tx, instance_id, number, None)? > 0,
    };
    if closed {
        cool_down(tx, instance_id, number, last_holder.as_ref(), days)?;
    }
    Ok(closed)
}

/// Takes all numbers back from a user.
pub fn release_all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
) -> Result<(), Error> {
    for number in personal_assignments::list_held(tx, user_id)? {
        release(tx, instance_id, &number, Some(user_id), None)?;
    }
    Ok(())
}

/// The last holder; none if several release it at once.
fn only_holder(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Option<UserId>, Error> {
    let holders = holders::users(tx, instance_id, number)?;
    Ok(match holders.as_slice() {
        [holder] => Some(UserId::new(holder.id.as_str())),
        _ => None,
    })
}

/// Keeps a number that nobody holds any more for its last holder: for the days given, or as long as
/// the instance says.
pub(super) fn cool_down(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    last_holder: Option<&UserId>,
    days: Option<u32>,
) -> Result<(), Error> {
    let days = match days {
        Some(days) => days,
        None => instances::cool_down_days(tx, instance_id)?,
    };
    // In a shared instance others may hold it still.
    if days == 0 || !phone_numbers::is_free(tx, instance_id, number)? {
        return Ok(());
    }
    let until = tx.now().after(reservation::days(days));
    let kind = ReservationKind::CoolDown;
    reservations::insert(tx, instance_id, number, kind, last_holder, until)
}

/// Keeps a free number for a user, or without one from everybody, until a moment. The hold of the
/// same user gets the new end; `false` when it has that already.
///
/// # Errors
/// [`Error::NotFound`] for the number or the user, and [`Error::Rule`] for a number that somebody
/// holds or that is reserved otherwise, and for a moment that has passed.
pub fn hold(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    user_id: Option<&UserId>,
    until: Timestamp,
) -> Result<bool, Error> {
    let number = &phone_numbers::require(tx, instance_id, number)?;
    if let Some(user_id) = user_id {
        users::require(tx, instance_id, user_id)?;
    }
    if until <= tx.now() {
        return Err(Error::Rule {
            rule: Rule::NumberIsReserved,
            subject: number.to_owned(),
            advice: format!("a hold ends in the future, and {until} has passed"),
        });
    }
    let kind = ReservationKind::Hold;
    let is_same = |found: &Reservation| found.kind == kind && found.user_id.as_ref() == user_id;
    let same = reservations::of_number(tx, instance_id, number)?.filter(is_same);
    if same.as_ref().is_some_and(|found| found.since < until) {
        return reservations::extend(tx, instance_id, number, until);
    }
    // It was made before the clock was set back, and would end before it began.
    if same.is_some() {
        reservations::end(tx, instance_id, number)?;
    }
    reservations::insert(tx, instance_id, number, kind, user_id, until).map(|()| true)
}

/// Ends what keeps a number, a hold or a cool-down; `false` when nothing does.
pub fn end(tx: &WriteTx<'_>, instance_id: &InstanceId, number: &str) -> Result<bool, Error> {
    let number = &phone_numbers::require(tx, instance_id, number)?;
    reservations::end(tx, instance_id, number)
}
