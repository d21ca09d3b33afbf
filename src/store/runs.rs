//! Runs: what each is to do, and how far it has got.

use super::{ReadTx, WriteTx, changes};
use crate::domain::batch::BatchMode;
use crate::domain::run::{self, Run, RunAct, RunRefusal, RunState};
use crate::domain::{Error, InstanceId, Timestamp, Unavailable};
use crate::store::engine::{Row, from_json, of_row, to_json};
use rusqlite::params;
use serde_json::Value;
use std::time::Duration;

/// How many items are stored, and read again, together.
const PART: usize = 500;

/// How many refusals of a run are kept.
const REFUSALS: u64 = 1000;

/// How long a run is known that has ended. What is not done yet is kept however old it seems: the
/// clock may have been set ahead.
const LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How many runs of an instance may be under way at once.
const MOST_UNDER_WAY: u64 = 20;

/// How many of an instance that have not ended are kept; each holds what is still to be done.
const MOST_KEPT: u64 = 100;

/// A run without a slice for this long has been cut off: nobody works at it any more. So has one
/// whose slice is this far ahead: that was done before the clock was set back.
const CUT_OFF: Duration = Duration::from_secs(10);

/// Stores what is to be done under the request of the transaction. Forgets old runs, and the oldest
/// of those that have not ended if there are too many.
///
/// # Errors
/// [`Unavailable::Busy`] while too many of the instance are under way.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: Option<&InstanceId>,
    act: &RunAct,
    mode: BatchMode,
    items: &[Value],
) -> Result<String, Error> {
    let long_ago = tx.now().millis() - LIFE.as_millis() as i64;
    tx.execute("", "DELETE FROM run WHERE ended_at < ?1", [long_ago])?;
    let sql = "SELECT count(*) FROM run WHERE instance_id IS ?1 AND ended_at IS NULL
                  AND stopped IS NULL AND abs(slice_at - ?2) <= ?3";
    let values = params![instance_id, tx.now(), CUT_OFF.as_millis() as i64];
    let under_way: Option<u64> = tx.value(sql, values)?;
    if under_way >= Some(MOST_UNDER_WAY) {
        return Err(Error::Unavailable(Unavailable::Busy));
    }
    let sql = "DELETE FROM run WHERE request_id IN
                  (SELECT request_id FROM run WHERE instance_id IS ?1 AND ended_at IS NULL
                    ORDER BY slice_at DESC LIMIT -1 OFFSET ?2)";
    tx.execute("", sql, params![instance_id, MOST_KEPT - 1])?;
    let request_id = request_id(tx)?;
    let sql = "INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total,
                                started_at, slice_at)
               SELECT ?1, actor, reason, ?2, ?3, ?4, ?5, ?6, ?6 FROM write_context";
    let values =
        params![request_id, instance_id, to_json(act)?, mode, items.len() as u64, tx.now()];
    tx.execute("", sql, values)?;
    insert_parts(tx, &request_id, 0, items)?;
    Ok(request_id)
}

/// Appends to what a run has to do, and stores how far its changes are listed.
pub fn append(tx: &WriteTx<'_>, run: &mut Run, items: &[Value]) -> Result<(), Error> {
    insert_parts(tx, &run.request_id, run.total, items)?;
    run.total += items.len() as u64;
    let sql = "UPDATE run SET total = ?2, act = ?3 WHERE request_id = ?1";
    tx.run("", sql, params![run.request_id, run.total, to_json(&run.act)?])
}

fn insert_parts(
    tx: &WriteTx<'_>,
    request_id: &str,
    first: u64,
    items: &[Value],
) -> Result<(), Error> {
    let sql = "INSERT INTO run_part (request_id, first, items) VALUES (?1, ?2, ?3)";
    for (index, part) in items.chunks(PART).enumerate() {
        let first = first + (index * PART) as u64;
        tx.execute("", sql, params![request_id, first, to_json(part)?])?;
    }
    Ok(())
}

pub(super) fn request_id(tx: &WriteTx<'_>) -> Result<String, Error> {
    let found = tx.value("SELECT request_id FROM write_context", [])?;
    Ok(found.unwrap_or_default())
}

/// All runs, the newest first.
pub fn newest(tx: &ReadTx<'_>) -> Result<Vec<Run>, Error> {
    let sql = "SELECT request_id FROM run ORDER BY started_at DESC, request_id";
    let ids: Vec<String> = tx.column(sql, [])?;
    ids.iter().filter_map(|id| find(tx, id).transpose()).collect()
}

/// A run, with its refusals.
pub fn find(tx: &ReadTx<'_>, request_id: &str) -> Result<Option<Run>, Error> {
    let sql = "SELECT * FROM run WHERE request_id = ?1";
    let Some((mut run, slice_at)) = tx.row(sql, [request_id], read)? else { return Ok(None) };
    let idle = tx.now().millis() - slice_at.millis();
    if run.ended_at.is_some() {
        run.state = RunState::Ended;
        run.undone_by = undone_by(tx, request_id)?;
    } else if run.stopped.is_none() && idle.abs() > CUT_OFF.as_millis() as i64 {
        (run.state, run.stopped) = (RunState::Stopped, Some(run::CUT_OFF.to_owned()));
    }
    // Of a request, all changes are archived together.
    if run.ended_at.is_none()
        && (run.listing || run.left > 0)
        && let RunAct::Undo { of, .. } = &run.act
        && !changes::are_of_request(tx, of)?
    {
        (run.state, run.stopped) = (RunState::Stopped, Some(run::ARCHIVED.to_owned()));
    }
    let sql =
        "SELECT position AS \"index\", subject, refusal FROM run_refusal WHERE request_id = ?1
                ORDER BY position";
    run.refusals = tx.rows(sql, [request_id], |row| {
        of_row! { row => RunRefusal { index, subject; refusal: from_json(row, "refusal")? } }
    })?;
    Ok(Some(run))
}

/// The undos of a request that are under way.
pub fn undos_under_way(tx: &ReadTx<'_>, of: &str) -> Result<Vec<Run>, Error> {
    let sql = "SELECT request_id FROM run
                WHERE act ->> '$.of' = ?1 AND ended_at IS NULL AND stopped IS NULL
                ORDER BY started_at, request_id";
    let ids: Vec<String> = tx.column(sql, [of])?;
    let found = ids.iter().filter_map(|id| find(tx, id).transpose());
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.retain(|run| run.state == RunState::Running);
    Ok(found)
}

/// The request that undid a run, if nothing of it is left: another run, which refused nothing and
/// is not undone itself, or whichever set the oldest change back when none of the few others is
/// left.
fn undone_by(tx: &ReadTx<'_>, request_id: &str) -> Result<Option<String>, Error> {
    let Some(by) = changes::ends_undone_by(tx, request_id)? else { return Ok(None) };
    let sql = "SELECT request_id FROM run
                WHERE act ->> '$.of' = ?1 AND ended_at IS NOT NULL AND refused = 0
                ORDER BY started_at DESC LIMIT 1";
    let whole: Option<String> = tx.value(sql, [request_id])?;
    if let Some(whole) = whole
        && undone_by(tx, &whole)?.is_none()
    {
        return Ok(Some(whole));
    }
    let is_whole = changes::count_of_request(tx, None, request_id)? <= run::AT_ONCE as u64
        && changes::are_undone(tx, request_id)?;
    Ok(Some(by).filter(|_| is_whole))
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Run, Timestamp)> {
    let act: RunAct = from_json(row, "act")?;
    let stopped: Option<String> = row.get("stopped")?;
    let state = if stopped.is_some() { RunState::Stopped } else { RunState::Running };
    let mut run = of_row! { row => Run {
        request_id, mode, total, done, unchanged, refused, started_at, ended_at, actor, reason,
        instance_id; action: act.action(), state, stopped, left: 0, undone_by: None,
        listing: matches!(act, RunAct::Undo { listed: Some(_), .. }), refusals: Vec::new(), act
    } }?;
    run.left = run.total.saturating_sub(run.position());
    Ok((run, row.get("slice_at")?))
}

/// The next items of a run, at most those that are stored together; empty at its end.
pub fn next_items(tx: &ReadTx<'_>, run: &Run) -> Result<Vec<Value>, Error> {
    let sql = "SELECT first, items FROM run_part WHERE request_id = ?1 AND first <= ?2
                ORDER BY first DESC LIMIT 1";
    let found: Option<(u64, Vec<Value>)> =
        tx.row(sql, params![run.request_id, run.position()], |row| {
            Ok((row.get("first")?, from_json(row, "items")?))
        })?;
    let Some((first, mut items)) = found else { return Ok(Vec::new()) };
    let before = (run.position() - first) as usize;
    Ok(items.split_off(before.min(items.len())))
}

/// Keeps how far a run is. One that has ended has nothing left to do.
pub fn keep(tx: &WriteTx<'_>, run: &Run) -> Result<(), Error> {
    let sql = "UPDATE run SET mode = ?2, done = ?3, unchanged = ?4, refused = ?5, slice_at = ?6,
                              ended_at = ?7, stopped = ?8
                WHERE request_id = ?1";
    let values = params![
        run.request_id,
        run.mode,
        run.done,
        run.unchanged,
        run.refused,
        tx.now(),
        run.ended_at,
        run.stopped
    ];
    tx.execute("", sql, values)?;
    if run.ended_at.is_some() {
        tx.execute("", "DELETE FROM run_part WHERE request_id = ?1", [&run.request_id])?;
    }
    Ok(())
}

/// Keeps what a run does, and the reason of the transaction if it has one.
pub fn take_over(tx: &WriteTx<'_>, run: &Run) -> Result<(), Error> {
    let sql = "UPDATE run SET act = ?2, reason = coalesce(
                   (SELECT nullif(reason, '') FROM write_context), reason)
                WHERE request_id = ?1";
    tx.run("", sql, params![run.request_id, to_json(&run.act)?])
}

/// Gives the transaction the reason of a run: that in its row, from which forgotten people are
/// erased.
pub fn say_reason(tx: &WriteTx<'_>, request_id: &str) -> Result<(), Error> {
    let sql = "UPDATE write_context SET reason = (SELECT reason FROM run WHERE request_id = ?1)";
    tx.run("", sql, [request_id])
}

/// Keeps what could not be done; only the first thousand.
pub fn refuse(tx: &WriteTx<'_>, run: &Run, refusal: &RunRefusal) -> Result<(), Error> {
    if run.refused >= REFUSALS {
        return Ok(());
    }
    let sql = "INSERT INTO run_refusal (request_id, position, subject, refusal)
               VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO UPDATE SET refusal = excluded.refusal";
    let RunRefusal { index, subject, refusal } = refusal;
    tx.run("", sql, params![run.request_id, index, subject, to_json(refusal)?])
}

/// Forgets what could not be done at a position, because it is tried again.
pub fn try_again(tx: &WriteTx<'_>, run: &Run) -> Result<(), Error> {
    let sql = "DELETE FROM run_refusal WHERE request_id = ?1 AND position >= ?2";
    tx.run("", sql, params![run.request_id, run.position()])
}
