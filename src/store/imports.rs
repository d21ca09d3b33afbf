//! Spreadsheets that were previewed: what was shown, and what is to be done.

use super::{ReadTx, WriteTx};
use crate::domain::import::{Preview, Steps, Why};
use crate::domain::previewed_import::{Applied, Import};
use crate::domain::{Error, InstanceId, Timestamp};
use crate::store::engine::{Row, from_json, of_row, require_patience, to_json};
use crate::store::runs;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a preview is kept.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many are kept of one person; one more takes the place of the oldest.
const MOST: u64 = 10;

/// A preview as it is kept: the reasons of its faults are types beside their sentences.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    preview: Preview,
    /// Those of the faults, in their order; earlier releases have kept none.
    #[serde(default)]
    whys: Vec<Option<Why>>,
}

impl Kept {
    fn of(preview: &Preview) -> Self {
        let whys = preview.faults.iter().map(|fault| fault.why.clone()).collect();
        Self { preview: preview.clone(), whys }
    }

    fn preview(self) -> Preview {
        let mut preview = self.preview;
        for (fault, why) in preview.faults.iter_mut().zip(self.whys) {
            fault.why = why;
        }
        preview
    }
}

/// Keeps a preview under the request of the transaction, and forgets those of long ago.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    preview: &Preview,
    steps: &Steps,
    bad_lines: &str,
) -> Result<String, Error> {
    delete_expired(tx)?;
    let sql = "INSERT INTO import (import_id, instance_id, made_by, preview, steps, bad_lines,
                                   created_at, expires_at)
               SELECT request_id, ?1, actor, ?2, ?3, ?4, ?5, ?6 FROM write_context";
    let (preview, steps) = (to_json(&Kept::of(preview))?, to_json(steps)?);
    let until = tx.expiry_now().after(LIFE);
    tx.execute("", sql, params![instance_id, preview, steps, bad_lines, tx.now(), until])?;
    let sql = "DELETE FROM import WHERE import_id IN (
                   SELECT import_id FROM import
                    WHERE made_by = (SELECT actor FROM write_context)
                      AND import_id <> (SELECT request_id FROM write_context)
                    ORDER BY created_at DESC, import_id LIMIT -1 OFFSET ?1)";
    tx.execute("", sql, [MOST - 1])?;
    runs::request_id(tx)
}

/// Forgets those whose day is over.
pub fn delete_expired(tx: &WriteTx<'_>) -> Result<(), Error> {
    let sql = "DELETE FROM import WHERE expires_at <= ?1";
    tx.run("", sql, [tx.expiry_now()])
}

/// A preview that is still kept.
pub fn find(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    import_id: &str,
) -> Result<Option<Import>, Error> {
    // A preview of 10 MiB is one step of SQLite.
    require_patience()?;
    let sql = "SELECT import_id, instance_id, made_by, preview, created_at, expires_at,
                      applied_by, applied_at
                 FROM import WHERE import_id = ?1 AND instance_id = ?2 AND expires_at > ?3";
    let found = tx.row(sql, params![import_id, instance_id, tx.expiry_now()], read)?;
    let Some(mut import) = found else { return Ok(None) };
    if let Some(applied) = &mut import.applied {
        applied.run = runs::find(tx, &applied.request_id)?;
    }
    Ok(Some(import))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Import> {
    let applied_by: Option<String> = row.get("applied_by")?;
    let applied_at: Option<Timestamp> = row.get("applied_at")?;
    let applied = |(request_id, applied_at)| Applied { request_id, applied_at, run: None };
    of_row! { row => Import {
        import_id, instance_id, made_by, created_at, expires_at;
        applied: applied_by.zip(applied_at).map(applied),
        preview: from_json::<Kept>(row, "preview")?.preview()
    } }
}

/// What is to be done; `None` once it was.
pub fn steps(tx: &ReadTx<'_>, import_id: &str) -> Result<Option<Steps>, Error> {
    let sql = "SELECT steps FROM import WHERE import_id = ?1 AND steps IS NOT NULL";
    tx.row(sql, [import_id], |row| from_json(row, "steps"))
}

/// The lines that can't be imported, as a file.
pub fn bad_lines(tx: &ReadTx<'_>, import_id: &str) -> Result<String, Error> {
    require_patience()?;
    let sql = "SELECT bad_lines FROM import WHERE import_id = ?1";
    let found = tx.value(sql, [import_id])?;
    Ok(found.unwrap_or_default())
}

/// Notes that the request of the transaction has done it.
pub fn note_applied(tx: &WriteTx<'_>, import_id: &str) -> Result<(), Error> {
    let sql = "UPDATE import SET steps = NULL, applied_at = ?2,
                                 applied_by = (SELECT request_id FROM write_context)
                WHERE import_id = ?1";
    tx.run("", sql, params![import_id, tx.now()])
}
