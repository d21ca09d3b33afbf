//! Numbers that are kept for somebody, or from everybody, until a moment.
//!
//! A reservation is in force until its end has come: each query compares that with the moment of
//! its transaction, so that nothing has to happen when it comes. Only free numbers are reserved,
//! which lets a list of candidates subtract them from the counter of free numbers.

use super::engine::{Row, of_row};
use super::{ReadTx, WriteTx};
use crate::domain::reservation::{Reservation, ReservationKind};
use crate::domain::{Error, InstanceId, Page, PageRequest, Rule, Timestamp, UserId};
use rusqlite::params;

/// The reservations of an instance that are in force; `?1` is the instance, `?2` now.
macro_rules! in_force {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM reservation AS r LEFT JOIN user AS u ON u.user_id = r.for_user_id
              WHERE r.instance_id = ?1 AND r.ended_at IS NULL AND r.until_at > ?2 ",
            $tail
        )
    };
}

/// The columns of a [`Reservation`].
macro_rules! reservations {
    ($tail:literal) => {
        in_force!(
            "SELECT r.number, r.kind, r.for_user_id, coalesce(u.display_name, '') AS display_name,
                    r.reserved_at, r.until_at, r.made_by, r.reason",
            $tail
        )
    };
}

/// The reservation of a number that is in force.
pub fn of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Option<Reservation>, Error> {
    tx.row(reservations!("AND r.number = ?3"), params![instance_id, tx.now(), number], reservation)
}

/// The reservations in force of an instance, or of one user: those that end first come first.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: Option<&str>,
    page: PageRequest,
) -> Result<Page<Reservation>, Error> {
    let total = tx.count(
        in_force!("SELECT count(*)", "AND (?3 IS NULL OR r.for_user_id = ?3)"),
        params![instance_id, tx.now(), user_id],
    )?;
    tx.page(
        page,
        total,
        reservations!(
            "AND (?3 IS NULL OR r.for_user_id = ?3)
              ORDER BY r.until_at, r.number LIMIT ?4 OFFSET ?5"
        ),
        params![instance_id, tx.now(), user_id],
        reservation,
    )
}

/// How many numbers of an instance are reserved for others than this user; all of them without one.
pub(super) fn count_for_others(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: Option<&UserId>,
) -> Result<u64, Error> {
    let sql = "SELECT count(*) FROM reservation
                WHERE instance_id = ?1 AND ended_at IS NULL AND until_at > ?2
                  AND (?3 IS NULL OR for_user_id IS NOT ?3)";
    tx.count(sql, params![instance_id, tx.now(), user_id])
}

/// The numbers that are reserved for others than this user.
pub(super) fn numbers_for_others(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: Option<&UserId>,
) -> Result<Vec<String>, Error> {
    let sql = "SELECT number FROM reservation
                WHERE instance_id = ?1 AND ended_at IS NULL AND until_at > ?2
                  AND (?3 IS NULL OR for_user_id IS NOT ?3)";
    tx.column(sql, params![instance_id, tx.now(), user_id])
}

/// Keeps a number that is free. The reason and who does it are those of the transaction.
///
/// # Errors
/// [`Error::Rule`]: the number is held or reserved already, or the user is not of the instance.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    kind: ReservationKind,
    user_id: Option<&UserId>,
    until: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO reservation (instance_id, number, kind, for_user_id, reserved_at,
                                        until_at, made_by, reason)
               SELECT ?1, ?2, ?3, ?4, ?5, ?6, actor, reason FROM write_context";
    tx.run(number, sql, params![instance_id, number, kind, user_id, tx.now(), until])
        .map_err(|error| explained(tx, instance_id, number, error))
}

/// Moves the end of the reservation in force, and if the transaction has a reason, changes that;
/// `false` when nothing had to be changed.
pub fn extend(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    until: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE reservation AS r
                SET until_at = ?4, reason = coalesce(nullif(c.reason, ''), r.reason)
                 FROM write_context AS c
                WHERE instance_id = ?1 AND number = ?2 AND ended_at IS NULL AND until_at > ?3
                  AND (until_at <> ?4 OR c.reason NOT IN ('', r.reason))";
    tx.changed(number, sql, params![instance_id, number, tx.now(), until])
}

/// Ends the reservation in force; `false` when there is none. Should the clock have gone back since
/// it was made, it ends when it began.
pub fn end(tx: &WriteTx<'_>, instance_id: &InstanceId, number: &str) -> Result<bool, Error> {
    let sql = "UPDATE reservation SET ended_at = max(reserved_at, ?3)
                WHERE instance_id = ?1 AND number = ?2 AND ended_at IS NULL AND until_at > ?3";
    tx.changed(number, sql, params![instance_id, number, tx.now()])
}

/// Ends the holds for a user.
pub fn end_holds_for(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
) -> Result<(), Error> {
    let sql = "UPDATE reservation SET ended_at = max(reserved_at, ?3)
                WHERE instance_id = ?1 AND for_user_id = ?2 AND kind = 'hold'
                  AND ended_at IS NULL AND until_at > ?3";
    tx.run(user_id, sql, params![instance_id, user_id, tx.now()])
}

/// Ends one reservation, also one that has passed, so that a clock that is set back does not find
/// it again: undoing a new reservation uses it. One that was ended stays as it is.
pub fn end_one(tx: &WriteTx<'_>, number: &str, reservation_id: i64) -> Result<(), Error> {
    let sql = "UPDATE reservation SET ended_at = max(reserved_at, min(until_at, ?2))
                WHERE reservation_id = ?1 AND ended_at IS NULL";
    tx.run(number, sql, params![reservation_id, tx.now()])
}

/// An error that says for whom, until when and why, if a number can't be given or bound because it
/// is reserved.
pub(super) fn explained(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    error: Error,
) -> Error {
    match error {
        Error::Rule { rule: rule @ Rule::NumberIsReserved, subject, advice } => {
            match of_number(tx, instance_id, number) {
                Ok(Some(found)) => Error::Rule { rule, subject, advice: format!("it is {found}") },
                Ok(None) => Error::Rule { rule, subject, advice },
                Err(failed) => failed,
            }
        }
        error => error,
    }
}

/// The sentence for a number that is reserved.
pub fn sentence(number: &str, reservation: &Reservation) -> String {
    format!("{number} is {reservation}")
}

fn reservation(row: &Row<'_>) -> rusqlite::Result<Reservation> {
    of_row! { row => Reservation {
        number, kind, display_name, made_by, reason; user_id: row.get("for_user_id")?,
        since: row.get("reserved_at")?, until: row.get("until_at")?
    } }
}
