//! Runs: how far one has got, continuing it, and stopping it.

use super::fields::{Nothing, fields};
use super::path::RequestId;
use super::problem::Result;
use super::reply::{OfDryRun, Plain};
use super::request::Write;
use super::scope::InInstance;
use crate::domain::batch::BatchMode;
use crate::domain::run::{ASKED_TO_STOP, InSlices, Run};
use crate::ops::access::{Reading, Writing};
use crate::ops::{access, runs};
use crate::store::ReadTx;

fields! {
    /// How a run goes on.
    RunToContinue = r#"{"mode": "best_effort"}"# {
        /// What happens from now on when an item is refused: it stops there, or goes on with the
        /// others; by default, what the run was started with.
        mode: Option<BatchMode> = optional(one_of::<BatchMode>()),
    }
}

pub(super) fn get(at: Reading<'_>, (id,): (RequestId,), _: Nothing) -> Result<Plain<Run>> {
    Ok(Plain(runs::require(at.tx, Some(at.instance_id()), &id.0)?))
}

/// The run, for somebody who may do what it does.
fn require(tx: &ReadTx<'_>, entry: &InInstance, id: &RequestId) -> Result<Run> {
    let run = runs::require(tx, Some(&entry.instance_id), &id.0)?;
    access::require(entry, run.act.needs())?;
    Ok(run)
}

impl OfDryRun for Run {
    fn of_dry_run(self) -> Self {
        self
    }
}

/// Lets a run go on where it stopped.
pub(super) fn go_on(
    at: Writing<'_>,
    (id,): (RequestId,),
    write: Write<RunToContinue>,
) -> Result<InSlices<Run>> {
    require(at.tx, at.place, &id)?;
    let run = runs::go_on(at.tx, Some(at.instance_id()), &id.0, write.fields.mode)?;
    Ok(if write.dry_run { InSlices::AtOnce(run) } else { InSlices::Run(Box::new(run)) })
}

pub(super) fn stop(at: Writing<'_>, (id,): (RequestId,), _: Write<Nothing>) -> Result<Plain<Run>> {
    require(at.tx, at.place, &id)?;
    let why = ASKED_TO_STOP.to_owned();
    Ok(Plain(runs::stop(at.tx, Some(at.instance_id()), &id.0, why)?))
}
