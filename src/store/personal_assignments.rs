//! Who holds which number as personal: rows from–to, of which the open ones are the present.

use super::engine::{Row, of_row, to_json};
use super::number_index::{self, InstanceIndex};
use super::phone_numbers::in_order;
use super::{ReadTx, WriteTx, instances, phone_numbers, reservations};
use crate::domain::phone_number::{Assignment, Filters, Property};
use crate::domain::{Error, InstanceId, Page, PageRequest, SearchWords, Timestamp, UserId};
use rusqlite::params;

/// Gives a number to a user from now on; in an exclusive instance not before its last holder gave
/// it back, which is later than now when the clock was set back since.
///
/// # Errors
/// [`Error::Rule`]: the number is bound, held already, reserved for others, or not in the instance.
pub fn open(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<(), Error> {
    let sql = "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at)
               SELECT ?1, ?2, ?3, max(?4, coalesce((
                   SELECT a.released_at FROM personal_assignment AS a
                    WHERE a.instance_id = ?1 AND a.number = ?2 AND a.exclusive = 1
                      AND EXISTS (SELECT 1 FROM instance
                                   WHERE instance_id = ?1 AND personal_numbers = 'exclusive')
                    ORDER BY a.assigned_at DESC, a.assignment_id DESC LIMIT 1), ?4))";
    tx.run(number, sql, params![instance_id, number, user_id, tx.now()])
        .map_err(|error| reservations::explained(tx, instance_id, number, error))
}

/// Takes a number back from a user; `false` when the user did not hold it.
/// Should the clock have gone back since, the row ends when it began rather than before.
pub fn close(tx: &WriteTx<'_>, user_id: &UserId, number: &str) -> Result<bool, Error> {
    let sql = "UPDATE personal_assignment SET released_at = max(assigned_at, ?3)
                WHERE user_id = ?1 AND number = ?2 AND released_at IS NULL";
    tx.changed(number, sql, params![user_id, number, tx.now()])
}

/// Whether a user holds a number now.
pub fn is_held(tx: &ReadTx<'_>, user_id: &UserId, number: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM personal_assignment
                WHERE user_id = ?1 AND number = ?2 AND released_at IS NULL";
    tx.exists(sql, params![user_id, number])
}

/// Takes a number back from everyone who holds it, except `but`; returns how many held it.
pub fn close_all_but(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    but: Option<&UserId>,
) -> Result<usize, Error> {
    let sql = "UPDATE personal_assignment SET released_at = max(assigned_at, ?3)
                WHERE instance_id = ?1 AND number = ?2 AND released_at IS NULL
                  AND user_id IS NOT ?4";
    tx.execute(number, sql, params![instance_id, number, tx.now(), but])
}

/// How many numbers a user holds now.
pub fn count_held(tx: &ReadTx<'_>, user_id: &UserId) -> Result<u64, Error> {
    tx.count(
        "SELECT count(*) FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL",
        [user_id],
    )
}

/// The numbers that a user holds now, in order.
pub fn list_held(tx: &ReadTx<'_>, user_id: &UserId) -> Result<Vec<String>, Error> {
    let sql = "SELECT number FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL
                ORDER BY number";
    tx.column(sql, [user_id])
}

/// The numbers that a user of the instance holds.
macro_rules! of_user {
    () => {
        r" FROM personal_assignment INDEXED BY personal_assignment_open_by_user
           WHERE user_id = ?2 AND released_at IS NULL
             AND EXISTS (SELECT 1 FROM user WHERE instance_id = ?1 AND user_id = ?2)
             AND (?3 IS NULL OR number IN (SELECT value FROM json_each(?3))) "
    };
}

/// The page by the index in memory, if that knows it.
fn list_from_index(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: Option<&str>,
    words: &SearchWords,
    page: PageRequest,
) -> Result<Option<Page<Assignment>>, Error> {
    if words.is_empty() {
        return Ok(None);
    }
    let shared = instances::is_shared(tx, instance_id.as_str())? == Some(true);
    let held = |index: &InstanceIndex| {
        let held = match user_id {
            Some(user_id) => index.held_by(user_id),
            None if shared => return None,
            None => index.having(Property::State, "personal"),
        };
        Some(held & &*index.matching(words, &Filters::default()))
    };
    let Some(found) = number_index::page_if(tx, instance_id, page, held) else { return Ok(None) };
    let sql = "SELECT a.number, a.user_id, a.assigned_at AS since FROM json_each(?2) AS w
                CROSS JOIN personal_assignment AS a
                   INDEXED BY personal_assignment_open_by_number
                   ON a.instance_id = ?1 AND a.number = w.value AND a.released_at IS NULL
                WHERE ?3 IS NULL OR a.user_id = ?3";
    let rows = |numbers: Vec<String>| {
        let values = params![instance_id, to_json(&numbers)?, user_id];
        in_order(tx.rows(sql, values, assignment)?, &numbers, |row| &row.number)
    };
    found.try_rows(rows).map(Some)
}

/// The personal numbers of the instance, or of one user, that have all words, by number.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: Option<&str>,
    words: &SearchWords,
    page: PageRequest,
) -> Result<Page<Assignment>, Error> {
    if let Some(found) = list_from_index(tx, instance_id, user_id, words, page)? {
        return Ok(found);
    }
    let found = phone_numbers::with_words(tx, instance_id, words)?;
    let Some(user_id) = user_id else {
        let total = if found.is_none() {
            count_assigned(tx, instance_id)?
        } else {
            count_assigned_of(tx, instance_id, found.as_deref())?
        };
        let sql = r"SELECT number, user_id, assigned_at AS since FROM personal_assignment
                     WHERE instance_id = ?1 AND released_at IS NULL
                       AND (?2 IS NULL OR number IN (SELECT value FROM json_each(?2)))
                       ORDER BY number, user_id LIMIT ?3 OFFSET ?4";
        return tx.page(page, total, sql, params![instance_id, found], assignment);
    };
    let values = params![instance_id, user_id, found];
    let total = tx.count(concat!("SELECT count(*)", of_user!()), values)?;
    let sql = concat!(
        "SELECT number, user_id, assigned_at AS since",
        of_user!(),
        "ORDER BY number LIMIT ?4 OFFSET ?5"
    );
    tx.page(page, total, sql, values, assignment)
}

fn assignment(row: &Row<'_>) -> rusqlite::Result<Assignment> {
    of_row! { row => Assignment { number, user_id, since } }
}

/// In an exclusive instance each personal number has one holder; in a shared one the holders are
/// counted along an index.
fn count_assigned(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<u64, Error> {
    if instances::is_shared(tx, instance_id.as_str())? == Some(true) {
        return count_assigned_of(tx, instance_id, None);
    }
    Ok(instances::counter(tx, instance_id)?.personal)
}

fn count_assigned_of(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    numbers: Option<&str>,
) -> Result<u64, Error> {
    let sql = r"SELECT count(*) FROM personal_assignment INDEXED BY personal_assignment_open_by_number WHERE instance_id = ?1 AND released_at IS NULL
                   AND (?2 IS NULL OR number IN (SELECT value FROM json_each(?2)))";
    tx.count(sql, params![instance_id, numbers])
}

/// Since when a user holds a number; `None` when they do not.
pub fn since(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT assigned_at FROM personal_assignment
                WHERE instance_id = ?1 AND user_id = ?2 AND number = ?3 AND released_at IS NULL";
    tx.value(sql, params![instance_id, user_id, number])
}
