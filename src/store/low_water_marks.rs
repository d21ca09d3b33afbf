//! How many numbers should be free at least. In a row, '' means all cities or usages.

use super::engine::Row;
use super::{ReadTx, WriteTx, places};
use crate::domain::capacity::{LowWaterMark, PlaceCount};
use crate::domain::phone_number::Usage;
use crate::domain::{Error, InstanceId};
use rusqlite::params;

/// The marks of an instance and how its places compare with them, by city and usage; those for all
/// come first.
pub fn list(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<LowWaterMark>, Error> {
    of_places(tx, instance_id, &places::counts(tx, instance_id)?)
}

/// Like [`list`], for places that were counted already.
pub fn of_places(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    places: &[PlaceCount],
) -> Result<Vec<LowWaterMark>, Error> {
    let sql = "SELECT city, usage, least FROM low_water_mark WHERE instance_id = ?1
                ORDER BY city, usage";
    let rows = tx.rows(sql, [instance_id], mark)?;
    let set = |(city, usage, least): (String, String, u32)| {
        let city = Some(city).filter(|city| !city.is_empty());
        LowWaterMark::new(city, Usage::from_name(&usage), least, places)
    };
    Ok(rows.into_iter().map(set).collect())
}

/// For how many marks of each instance too few numbers are free, for the instances that have any.
pub fn passed(tx: &ReadTx<'_>) -> Result<Vec<(InstanceId, u64)>, Error> {
    let sql = "SELECT DISTINCT instance_id FROM low_water_mark ORDER BY instance_id";
    let marked = tx.column(sql, [])?;
    let count = |instance_id: InstanceId| {
        let passed = list(tx, &instance_id)?.iter().filter(|mark| mark.too_few).count();
        Ok((instance_id, passed as u64))
    };
    marked.into_iter().map(count).collect()
}

fn mark(row: &Row<'_>) -> rusqlite::Result<(String, String, u32)> {
    Ok((row.get("city")?, row.get("usage")?, row.get("least")?))
}

/// Sets a mark; `false` when nothing had to be changed.
pub fn set(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    city: &str,
    usage: Option<Usage>,
    least: u32,
) -> Result<bool, Error> {
    let usage = usage.map_or("", Usage::name);
    let values = params![instance_id, city, usage, least];
    let add = "INSERT INTO low_water_mark (instance_id, city, usage, least)
               SELECT ?1, ?2, ?3, ?4
                WHERE NOT EXISTS (SELECT 1 FROM low_water_mark
                                   WHERE instance_id = ?1 AND city = ?2 AND usage = ?3)";
    if tx.execute(city, add, values)? > 0 {
        return Ok(true);
    }
    let change = "UPDATE low_water_mark SET least = ?4
                   WHERE instance_id = ?1 AND city = ?2 AND usage = ?3 AND least <> ?4";
    tx.changed(city, change, values)
}

/// Takes a mark away; `false` when there is none.
pub fn delete(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    city: &str,
    usage: Option<Usage>,
) -> Result<bool, Error> {
    let sql = "DELETE FROM low_water_mark WHERE instance_id = ?1 AND city = ?2 AND usage = ?3";
    let usage = usage.map_or("", Usage::name);
    tx.changed(city, sql, params![instance_id, city, usage])
}
