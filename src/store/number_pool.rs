//! The account's pool of numbers, and their way into an instance and back.

use super::engine::{Row, like_pattern, new_guid, of_row};
use super::{ReadTx, WriteTx, spellings};
use crate::domain::instance::CountryCode;
use crate::domain::location::{self, Location};
use crate::domain::phone_number::{NewNumbers, UnassignedNumber, Usage};
use crate::domain::{ContactFlowId, Error, InstanceId, Page, PageRequest, SearchWords};
use rusqlite::params;

/// The numbers that are in no instance.
pub fn list(
    tx: &ReadTx<'_>,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<UnassignedNumber>, Error> {
    let like = search_pattern.map(like_pattern);
    let total = match &like {
        None => tx.count("SELECT numbers FROM pool_counter", [])?,
        Some(like) => tx.count(
            r"SELECT count(*) FROM phone_number
                                  WHERE instance_id IS NULL AND number LIKE ?1 ESCAPE '\'",
            [like],
        )?,
    };
    tx.page(
        page,
        total,
        r"SELECT number, province, city FROM phone_number
           WHERE instance_id IS NULL AND (?1 IS NULL OR number LIKE ?1 ESCAPE '\')
           ORDER BY number LIMIT ?2 OFFSET ?3",
        params![like],
        unassigned,
    )
}

macro_rules! with_words {
    () => {
        " FROM phone_number
          WHERE instance_id IS NULL AND has_words(?1, number, tags, city, province, provider, note) "
    };
}

/// Like [`list`], but found by words, as in the list of an instance's numbers.
pub fn search(
    tx: &ReadTx<'_>,
    words: &SearchWords,
    page: PageRequest,
) -> Result<Page<UnassignedNumber>, Error> {
    if words.is_empty() {
        return list(tx, None, page);
    }
    let words = words.text();
    let total = tx.count(concat!("SELECT count(*)", with_words!()), [words])?;
    let sql = concat!(
        "SELECT number, province, city",
        with_words!(),
        "ORDER BY number LIMIT ?2 OFFSET ?3"
    );
    tx.page(page, total, sql, params![words], unassigned)
}

fn unassigned(row: &Row<'_>) -> rusqlite::Result<UnassignedNumber> {
    of_row! { row => UnassignedNumber { number, province, city } }
}

/// Adds a number to the pool. Without a city or province given, those of its area code or mobile
/// prefix are kept.
///
/// # Errors
/// [`Error::Rule`] when it is in the pool already.
pub fn insert(tx: &WriteTx<'_>, number: &str, new: &NewNumbers) -> Result<(), Error> {
    insert_at(tx, None, number, new, Usage::usual(number, CountryCode::None), None)
}

/// Adds a number that the account does not have to an instance, without a stay in the pool: one
/// row, and one change.
///
/// # Errors
/// [`Error::Rule`] for a usage or contact flow that the number can't have, or when the instance has
/// such a number.
pub fn insert_into(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    new: &NewNumbers,
    usage: Usage,
    flow: Option<&ContactFlowId>,
) -> Result<(), Error> {
    insert_at(tx, Some(instance_id), number, new, usage, flow)
}

fn insert_at(
    tx: &WriteTx<'_>,
    instance_id: Option<&InstanceId>,
    number: &str,
    new: &NewNumbers,
    usage: Usage,
    flow: Option<&ContactFlowId>,
) -> Result<(), Error> {
    let Location { province, city } =
        location::of(number).unwrap_or(Location { province: "", city: "" });
    let given =
        |text: &Option<String>, known: &str| text.clone().unwrap_or_else(|| known.to_owned());
    let sql = "INSERT INTO phone_number (instance_id, number, usage, contact_flow_id, province,
                                         city, provider, corp_name, tags, note, created_at,
                                         callback_number_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let values = params![
        instance_id,
        number,
        usage,
        flow,
        given(&new.province, province),
        given(&new.city, city),
        new.provider,
        new.corp_name,
        serde_json::Value::from(new.tags.clone()).to_string(),
        new.note,
        tx.now(),
        new.callback_number_id.clone().unwrap_or_else(new_guid)
    ];
    tx.run(number, sql, values)
}

/// Moves a number, in whatever spelling, from the pool into an instance; `false` when the pool does
/// not hold it. A number that came into the pool without a city gets that of its area code or
/// mobile prefix.
///
/// # Errors
/// [`Error::Rule`] for a usage or contact flow that the number can't have, or when the instance has
/// such a number.
pub fn move_into(
    tx: &WriteTx<'_>,
    number: &str,
    instance_id: &InstanceId,
    usage: Usage,
    flow: Option<&ContactFlowId>,
) -> Result<bool, Error> {
    let country_code = spellings::country_code(tx, instance_id)?;
    let Some(stored) = spellings::find_in_pool(tx, country_code, number)? else {
        return Ok(false);
    };
    let Location { province, city } =
        location::of(number).unwrap_or(Location { province: "", city: "" });
    let sql = "UPDATE phone_number SET instance_id = ?2, usage = ?3, contact_flow_id = ?4,
                      province = CASE province WHEN '' THEN ?5 ELSE province END, city = CASE city
                        WHEN '' THEN ?6 ELSE city END
                WHERE instance_id IS NULL AND number = ?1";
    let values = params![stored, instance_id, usage, flow, province, city];
    tx.changed(number, sql, values)
}

/// Moves a free number, named as it is stored, from an instance back into the pool, without the
/// contact flow and the name it had there; `false` when the instance does not have it, or it has a
/// contact flow and `force` is not set.
///
/// # Errors
/// [`Error::Rule`] when the number is held.
pub fn move_back(
    tx: &WriteTx<'_>,
    number: &str,
    instance_id: &InstanceId,
    force: bool,
) -> Result<bool, Error> {
    // Two instances may each have had such a number; the pool has room for one.
    let twin = spellings::find_in_pool(tx, CountryCode::None, number)?;
    let sql = if twin.is_some() {
        "DELETE FROM phone_number WHERE number = ?1 AND instance_id = ?2
            AND (?3 OR contact_flow_id IS NULL)"
    } else {
        "UPDATE phone_number SET instance_id = NULL, contact_flow_id = NULL,
            callback_number_name = NULL
          WHERE number = ?1 AND instance_id = ?2 AND (?3 OR contact_flow_id IS NULL)"
    };
    tx.changed(number, sql, params![number, instance_id, force])
}
