//! Rows as whoever edits them sees them: whole, with the version that tells two editors of each
//! other, in lists that are searched, filtered and sorted.
//!
//! # Performance
//! A list without a filter takes its total from a counter and its page from an index, in each of
//! its orders; numbers of one state too. A search or a filter scans an index that has all it looks
//! at, once for the total and, when another order than the natural one is asked for, once for the
//! page. A page's keys come out of the index alone, and whole rows are fetched for these only.

pub mod phone_numbers;
pub mod relations;
pub mod skill_groups;
pub mod users;

#[cfg(test)]
pub(super) mod plans;

use super::ReadTx;
use crate::domain::{ContactFlowId, Error, InstanceId};
use rusqlite::params;

/// The version of an instance, and when it was made.
///
/// # Errors
/// Only those of the database.
pub fn of_instance(tx: &ReadTx<'_>, id: &InstanceId) -> Result<(u64, String), Error> {
    let sql = "SELECT version, personal_numbers FROM instance WHERE instance_id = ?1";
    let found = tx.row(sql, [id], |row| Ok((row.get("version")?, row.get("personal_numbers")?)))?;
    Ok(found.unwrap_or_default())
}

/// The version of a contact flow.
///
/// # Errors
/// Only those of the database.
pub fn of_contact_flow(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
) -> Result<u64, Error> {
    let sql = "SELECT version FROM contact_flow WHERE instance_id = ?1 AND contact_flow_id = ?2";
    tx.count(sql, params![instance_id, id])
}

/// What a list is sorted by: the position of the key in the list's own `CASE`, and whether the last
/// comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// 0 is the natural order.
    pub key: u8,
    /// The last first.
    pub backward: bool,
}
