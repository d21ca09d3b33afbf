//! Which skill group holds which number.

use super::engine::{Row, of_row, to_json};
use super::number_index::{self, InstanceIndex};
use super::phone_numbers::in_order;
use super::{ReadTx, WriteTx, phone_numbers, reservations};
use crate::domain::phone_number::{Binding, Filters, Property};
use crate::domain::{Error, InstanceId, Page, PageRequest, SearchWords, SkillGroupId, Timestamp};
use rusqlite::params;

/// The page by the index in memory, if that knows it.
fn list_from_index(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    skill_group_id: Option<&str>,
    words: &SearchWords,
    page: PageRequest,
) -> Result<Option<Page<Binding>>, Error> {
    if words.is_empty() {
        return Ok(None);
    }
    let bound = |index: &InstanceIndex| {
        let bound = match skill_group_id {
            Some(id) => index.having(Property::SkillGroup, id),
            None => index.bound_once()?,
        };
        Some(bound & &*index.matching(words, &Filters::default()))
    };
    let Some(found) = number_index::page_if(tx, instance_id, page, bound) else { return Ok(None) };
    let sql = "SELECT b.number, b.skill_group_id, b.bound_at AS since FROM json_each(?2) AS w
                CROSS JOIN skill_group_number AS b
                   ON b.instance_id = ?1 AND b.number = w.value
                WHERE ?3 IS NULL OR b.skill_group_id = ?3";
    let rows = |numbers: Vec<String>| {
        let values = params![instance_id, to_json(&numbers)?, skill_group_id];
        in_order(tx.rows(sql, values, binding)?, &numbers, |row| &row.number)
    };
    found.try_rows(rows).map(Some)
}

/// The bindings of the instance, or of one skill group, whose numbers have all words, by number.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    skill_group_id: Option<&str>,
    words: &SearchWords,
    page: PageRequest,
) -> Result<Page<Binding>, Error> {
    if let Some(found) = list_from_index(tx, instance_id, skill_group_id, words, page)? {
        return Ok(found);
    }
    let found = phone_numbers::with_words(tx, instance_id, words)?;
    let total = match &found {
        None => tx.count(
            "SELECT coalesce(sum(phone_number_count), 0) FROM skill_group
              WHERE instance_id = ?1 AND (?2 IS NULL OR skill_group_id = ?2)",
            params![instance_id, skill_group_id],
        )?,
        Some(found) => tx.count(
            r"SELECT count(*) FROM skill_group_number
               WHERE instance_id = ?1 AND (?2 IS NULL OR skill_group_id = ?2)
                 AND number IN (SELECT value FROM json_each(?3))",
            params![instance_id, skill_group_id, found],
        )?,
    };
    let sql = match skill_group_id {
        None => {
            r"SELECT number, skill_group_id, bound_at AS since FROM skill_group_number
               WHERE instance_id = ?1 AND ?2 IS NULL
                 AND (?3 IS NULL OR number IN (SELECT value FROM json_each(?3)))
               ORDER BY number, skill_group_id LIMIT ?4 OFFSET ?5"
        }
        Some(_) => {
            r"SELECT number, skill_group_id, bound_at AS since FROM skill_group_number
               WHERE instance_id = ?1 AND skill_group_id = ?2
                 AND (?3 IS NULL OR number IN (SELECT value FROM json_each(?3)))
               ORDER BY number LIMIT ?4 OFFSET ?5"
        }
    };
    tx.page(page, total, sql, params![instance_id, skill_group_id, found], binding)
}

fn binding(row: &Row<'_>) -> rusqlite::Result<Binding> {
    of_row! { row => Binding { number, skill_group_id, since } }
}

/// Since when a skill group holds a number; `None` when it does not.
pub fn since(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    number: &str,
) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT bound_at FROM skill_group_number
                WHERE instance_id = ?1 AND skill_group_id = ?2 AND number = ?3";
    tx.value(sql, params![instance_id, id, number])
}

/// Binds a number to a skill group; `false` when it was bound to it already.
///
/// # Errors
/// [`Error::Rule`]: the number is personal, reserved, or not in the instance.
pub fn bind(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    number: &str,
) -> Result<bool, Error> {
    let sql = "INSERT INTO skill_group_number (instance_id, skill_group_id, number, bound_at)
                SELECT ?1, ?2, ?3, ?4
                WHERE NOT EXISTS (SELECT 1 FROM skill_group_number
                                  WHERE skill_group_id = ?2 AND number = ?3)";
    tx.changed(number, sql, params![instance_id, id, number, tx.now()])
        .map_err(|error| reservations::explained(tx, instance_id, number, error))
}

/// Unbinds a number from a skill group; `false` when it was not bound to it.
pub fn unbind(tx: &WriteTx<'_>, id: &SkillGroupId, number: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group_number WHERE skill_group_id = ?1 AND number = ?2";
    tx.changed(number, sql, params![id, number])
}

/// Unbinds a number from every skill group.
pub fn unbind_from_all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<(), Error> {
    tx.run(
        number,
        "DELETE FROM skill_group_number WHERE instance_id = ?1 AND number = ?2",
        params![instance_id, number],
    )
}

/// Unbinds every number from a skill group.
pub fn unbind_all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<(), Error> {
    let sql = "DELETE FROM skill_group_number WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.run(id, sql, params![instance_id, id])
}
