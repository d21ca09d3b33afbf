//! Runs: how far one has got, continuing it, and stopping it.

use super::etag::Unguarded;
use super::fields::{Nothing, fields};
use super::path::RequestId;
use super::problem::Result;
use super::reply::{OfDryRun, Plain};
use super::request::Write;
use super::scope::InInstance;
use crate::domain::batch::BatchMode;
use crate::domain::run::{ASKED_TO_STOP, InSlices, Run};
use crate::ops::{access, runs};
use crate::store::{ReadTx, WriteTx};

fields! {
    /// How a run goes on.
    RunToContinue = r#"{"mode": "best_effort"}"# {
        /// What happens from now on when an item is refused: it stops there, or goes on with the
        /// others; by default, what the run was started with.
        mode: Option<BatchMode> = optional(one_of::<BatchMode>()),
    }
}

pub(super) fn get(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (id,): (RequestId,),
    _: Nothing,
) -> Result<Plain<Run>> {
    Ok(Plain(runs::require(tx, Some(&entry.instance_id), &id.0)?))
}

/// The run, for somebody who may do what it does.
fn require(tx: &ReadTx<'_>, entry: &InInstance, id: &RequestId) -> Result<Run> {
    let run = runs::require(tx, Some(&entry.instance_id), &id.0)?;
    let needed = run.act.needs();
    if entry.may(needed) { Ok(run) } else { Err(access::forbidden(entry.role, needed).into()) }
}

impl OfDryRun for Run {
    fn of_dry_run(self) -> Self {
        self
    }
}

/// Lets a run go on where it stopped.
pub(super) fn go_on(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    (id,): (RequestId,),
    write: Write<RunToContinue, Unguarded>,
) -> Result<InSlices<Run>> {
    require(tx, entry, &id)?;
    let run = runs::go_on(tx, Some(&entry.instance_id), &id.0, write.fields.mode)?;
    Ok(if write.dry_run { InSlices::AtOnce(run) } else { InSlices::Run(Box::new(run)) })
}

pub(super) fn stop(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    (id,): (RequestId,),
    _: Write<Nothing, Unguarded>,
) -> Result<Plain<Run>> {
    require(tx, entry, &id)?;
    let why = ASKED_TO_STOP.to_owned();
    Ok(Plain(runs::stop(tx, Some(&entry.instance_id), &id.0, why)?))
}
