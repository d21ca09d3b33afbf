//! Who holds which number as personal: rows from–to, of which the open ones are the present.

use super::{ReadTx, WriteTx};
use crate::domain::{Error, InstanceId, UserId};
use rusqlite::params;

/// Gives a number to a user from now on.
///
/// # Errors
/// [`Error::Rule`]: the number is bound, or held already, or not in the instance.
pub fn open(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<(), Error> {
    let sql = "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES (?1, ?2, ?3, ?4)";
    tx.execute(number, sql, params![instance_id, number, user_id, tx.now()]).map(|_| ())
}

/// Takes a number back from a user; `false` when he did not hold it.
/// Should the clock have gone back since, the row ends when it began rather than before.
///
/// # Errors
/// Only those of the database.
pub fn close(tx: &WriteTx<'_>, user_id: &UserId, number: &str) -> Result<bool, Error> {
    let sql = "UPDATE personal_assignment SET released_at = max(assigned_at, ?3) WHERE user_id = ?1 AND number = ?2 AND released_at IS NULL";
    tx.execute(number, sql, params![user_id, number, tx.now()]).map(|rows| rows > 0)
}

/// Takes a number back from everyone who holds it.
///
/// # Errors
/// Only those of the database.
pub fn close_all_of_number(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<(), Error> {
    let sql = "UPDATE personal_assignment SET released_at = max(assigned_at, ?3) WHERE instance_id = ?1 AND number = ?2 AND released_at IS NULL";
    tx.execute(number, sql, params![instance_id, number, tx.now()]).map(|_| ())
}

/// Whether a user holds a number now.
///
/// # Errors
/// Only those of the database.
pub fn is_held(tx: &ReadTx<'_>, user_id: &UserId, number: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM personal_assignment WHERE user_id = ?1 AND number = ?2 AND released_at IS NULL";
    tx.count(sql, params![user_id, number]).map(|count| count > 0)
}

/// Takes a number back from everyone who holds it, but for one user; tells how many held it.
///
/// # Errors
/// Only those of the database.
pub fn close_all_but(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    but: Option<&UserId>,
) -> Result<usize, Error> {
    let sql = "UPDATE personal_assignment SET released_at = max(assigned_at, ?3)
                WHERE instance_id = ?1 AND number = ?2 AND released_at IS NULL AND user_id IS NOT ?4";
    tx.execute(number, sql, params![instance_id, number, tx.now(), but])
}

/// The numbers that a user holds, by number.
///
/// # Errors
/// Only those of the database.
pub fn numbers_of_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
) -> Result<Vec<String>, Error> {
    let sql = "SELECT number FROM personal_assignment WHERE user_id = ?2 AND released_at IS NULL AND instance_id = ?1 ORDER BY number";
    tx.rows(sql, params![instance_id, user_id], |row| row.get(0))
}

/// Takes all his numbers back from a user.
///
/// # Errors
/// Only those of the database.
pub fn close_all_of_user(tx: &WriteTx<'_>, user_id: &UserId) -> Result<(), Error> {
    let sql = "UPDATE personal_assignment SET released_at = max(assigned_at, ?2) WHERE user_id = ?1 AND released_at IS NULL";
    tx.execute(user_id, sql, params![user_id, tx.now()]).map(|_| ())
}

/// How many numbers a user holds now.
///
/// # Errors
/// Only those of the database.
pub fn count_held(tx: &ReadTx<'_>, user_id: &UserId) -> Result<u64, Error> {
    tx.count(
        "SELECT count(*) FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL",
        [user_id],
    )
}

/// The numbers that a user holds now, in order.
///
/// # Errors
/// Only those of the database.
pub fn list_held(tx: &ReadTx<'_>, user_id: &UserId) -> Result<Vec<String>, Error> {
    let sql = "SELECT number FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL ORDER BY number";
    tx.rows(sql, [user_id], |row| row.get(0))
}
