//! Instances.

use super::ReadTx;
use crate::domain::{Error, Instance, InstanceId, Page, PageRequest, RamId};
use rusqlite::{Row, params};

/// Whether several users of the instance may hold one number; `None` when there is no such instance.
///
/// # Errors
/// Only those of the database.
pub fn is_shared(tx: &ReadTx<'_>, id: &str) -> Result<Option<bool>, Error> {
    let sql = "SELECT personal_numbers = 'shared' FROM instance WHERE instance_id = ?1 AND status <> 'RELEASED'";
    tx.row(sql, [id], |row| row.get(0))
}

/// The instances that a RAM user belongs to; the root belongs to all. By id.
///
/// # Errors
/// Only those of the database.
pub fn list_of_ram_user(tx: &ReadTx<'_>, ram_id: &RamId, is_root: bool, page: PageRequest) -> Result<Page<Instance>, Error> {
    let total = tx.count(
        "SELECT count(*) FROM instance AS i
          WHERE i.status <> 'RELEASED' AND (?2 OR EXISTS (SELECT 1 FROM user AS u WHERE u.instance_id = i.instance_id AND u.ram_id = ?1 AND u.active))",
        params![ram_id.as_str(), is_root],
    )?;
    let shown = page.within(total);
    let rows = tx.rows(
        "SELECT i.instance_id, i.name, i.description, i.status, i.created_at FROM instance AS i
          WHERE i.status <> 'RELEASED' AND (?2 OR EXISTS (SELECT 1 FROM user AS u WHERE u.instance_id = i.instance_id AND u.ram_id = ?1 AND u.active))
          ORDER BY i.instance_id LIMIT ?3 OFFSET ?4",
        params![ram_id.as_str(), is_root, shown.size, shown.offset()],
        instance,
    )?;
    Ok(Page { rows, shown, total })
}

/// How many numbers of the instance are free, bound and personal.
pub(super) struct Counter {
    pub(super) free: u64,
    pub(super) bound: u64,
    pub(super) personal: u64,
}

pub(super) fn counter(tx: &ReadTx<'_>, id: &InstanceId) -> Result<Counter, Error> {
    let sql = "SELECT free, bound, personal FROM instance_counter WHERE instance_id = ?1";
    let found = tx.row(sql, [id.as_str()], |row| Ok(Counter { free: row.get(0)?, bound: row.get(1)?, personal: row.get(2)? }))?;
    Ok(found.unwrap_or(Counter { free: 0, bound: 0, personal: 0 }))
}

fn instance(row: &Row<'_>) -> rusqlite::Result<Instance> {
    Ok(Instance {
        instance_id: InstanceId::new(row.get::<_, String>(0)?),
        name: row.get(1)?,
        description: row.get(2)?,
        status: row.get(3)?,
        created_at: row.get(4)?,
    })
}
