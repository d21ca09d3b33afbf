//! The beginning of an undo that is a run, and what keeps a second one from beginning.

use super::{AT_ONCE, LISTED, require};
use crate::domain::batch::BatchMode;
use crate::domain::run::{Run, RunAct};
use crate::domain::{Error, Existing, InstanceId, Optional};
use crate::ops::undo;
use crate::store::{ReadTx, WriteTx, changes, runs};

/// Begins to undo a run, or a request that changed more than one transaction can set back. The undo
/// is itself a run, with the id of the transaction's request, and the run that it undoes ends.
/// `None` for any other request, and for one of which nothing is left to undo.
pub(super) fn start(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
    mode: BatchMode,
) -> Result<Option<Run>, Error> {
    let run = require(tx, within, request_id).optional()?;
    let own = within.filter(|_| run.is_none());
    if run.is_none() && changes::count_of_request(tx, own, request_id)? <= AT_ONCE as u64 {
        return Ok(None);
    }
    let (items, listed) = undo::next_lists(tx, own, request_id, i64::MAX, LISTED)?;
    if items.is_empty() && run.as_ref().is_none_or(|run| run.done > 0) {
        return Ok(None);
    }
    let instance_id = match run {
        Some(mut run) => {
            if run.ended_at.is_none() {
                run.ended_at = Some(tx.now());
                runs::keep(tx, &run)?;
            }
            run.instance_id
        }
        None if within.is_some() => within.cloned(),
        None => changes::instance_of_request(tx, request_id)?,
    };
    let (keeps_admin, only_own) = (within.is_some(), own.is_some());
    let act = RunAct::Undo { of: request_id.to_owned(), keeps_admin, only_own, listed };
    super::start(tx, instance_id.as_ref(), &act, mode, &items).map(Some)
}

/// Checks that no undo of a request is under way, which whoever asks would share with it. One who
/// sees nothing of the request isn't told.
pub(super) fn require_none(
    tx: &ReadTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
) -> Result<(), Error> {
    let run = require(tx, within, request_id).optional()?;
    let own = within.filter(|_| run.is_none());
    if run.is_none() && changes::count_of_request(tx, own, request_id)? == 0 {
        return Ok(());
    }
    none_but(tx, own, request_id, None)
}

/// Checks that no other undo of the same request is under way, before one goes on.
pub(super) fn require_only_one(tx: &ReadTx<'_>, run: &Run) -> Result<(), Error> {
    let RunAct::Undo { of, only_own, .. } = &run.act else { return Ok(()) };
    let own = run.instance_id.as_ref().filter(|_| *only_own);
    none_but(tx, own, of, Some(&run.request_id))
}

/// Instances that each take back only their own part of a request don't meet.
fn none_but(
    tx: &ReadTx<'_>,
    own: Option<&InstanceId>,
    of: &str,
    but: Option<&str>,
) -> Result<(), Error> {
    let meets = |run: &Run| match (&run.act, own, &run.instance_id) {
        (RunAct::Undo { only_own: true, .. }, Some(own), Some(whose)) => own == whose,
        _ => true,
    };
    let under_way = runs::undos_under_way(tx, of)?;
    match under_way.iter().find(|run| Some(run.request_id.as_str()) != but && meets(run)) {
        Some(run) => {
            Err(Error::AlreadyExists(Existing::Undo(of.to_owned(), run.request_id.clone())))
        }
        None => Ok(()),
    }
}
