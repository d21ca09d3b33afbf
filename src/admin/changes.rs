//! The change log of an instance, and undoing changes.

use super::fields::{Nothing, fields};
use super::path::{ChangeId, RequestId};
use super::problem::{Failure, ProblemType, Result};
use super::reply::Plain;
use super::request::Write;
use super::scope::InAccount;
use crate::domain::batch::BatchMode;
use crate::domain::history::{Change, ChangeFilter, Changes, Entity, LAST_CHANGE};
use crate::domain::run::InSlices;
use crate::domain::undo::{UndoReport, UndoTarget};
use crate::domain::{InstanceId, Number, Origin, Timestamp};
use crate::ops::access::{Reading, Writing};
use crate::ops::runs;
use crate::store::{ReadTx, WriteTx, change_archives, changes};

fields! {
    /// Which changes are listed.
    ListChanges {
        /// Only changes after this one, oldest first; 0 for all. By default, the newest come first.
        after: Option<u64> = optional(integer(0..=LAST_CHANGE)),
        /// The most changes to return.
        limit: u64 = default(integer(1..=500_u64), 50),
        /// Only changes of this number.
        number: Option<Number> = optional(phone_number()),
        /// Only changes of this user.
        user_id: Option<String> = optional(id()),
        /// Only changes of this skill group.
        skill_group_id: Option<String> = optional(id()),
        /// Only changes of this request.
        request_id: Option<String> = optional(id()),
        /// Only changes of this table.
        entity: Option<Entity> = optional(one_of::<Entity>()),
        /// Only changes by this actor.
        actor: Option<String> = optional(id()),
        /// Only changes made through this interface.
        via: Option<Origin> = optional(one_of::<Origin>()),
        /// Only changes made at this moment or later.
        since: Option<Timestamp> = optional(moment()),
        /// Only changes made before this moment.
        until: Option<Timestamp> = optional(moment()),
    }
    /// How a change is undone.
    UndoToMake = r#"{"whole_request": true}"# {
        /// Also undo everything else that its request changed.
        whole_request: bool = default(flag(), false),
        /// What happens to the other rows when one is refused: nothing is undone, or they are.
        mode: BatchMode = default(one_of::<BatchMode>(), BatchMode::default()),
    }
    /// How all changes of a request are undone.
    RequestToUndo = r#"{"mode": "all_or_nothing"}"# {
        /// What happens to the other rows when one is refused: nothing is undone, or they are.
        mode: BatchMode = default(one_of::<BatchMode>(), BatchMode::default()),
    }
}

/// The change log of an instance.
pub(super) fn list(at: Reading<'_>, (): (), query: ListChanges) -> Result<Changes> {
    let filter = ChangeFilter {
        instance_id: Some(at.instance_id().clone()),
        number: query.number.map(String::from),
        user_id: query.user_id,
        skill_group_id: query.skill_group_id,
        request_id: query.request_id,
        entity: query.entity,
        actor: query.actor,
        via: query.via,
        since: query.since,
        until: query.until,
        ..ChangeFilter::default()
    };
    let after = query.after.map(|after| i64::try_from(after).unwrap_or(i64::MAX));
    Ok(changes::list(at.tx, &filter, after, query.limit)?)
}

/// A change of this instance; one of another is as if it were not there.
fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, id: i64) -> Result<Change> {
    let found = changes::get(tx, id)?
        .filter(|change| change.instance_id.as_deref() == Some(instance_id.as_str()));
    let Some(change) = found else {
        let archived =
            change_archives::archived(tx)?.filter(|archived| id <= archived.last_change_id);
        let detail = match archived {
            Some(archived) => format!("Change {id} is no longer in the log: {archived}."),
            None => format!("Change {id} does not exist in instance {instance_id}."),
        };
        return Err(Failure::NotRelated(ProblemType::ChangeNotFound, detail));
    };
    Ok(change)
}

fn id_of(id: &ChangeId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

pub(super) fn get(at: Reading<'_>, (id,): (ChangeId,), _: Nothing) -> Result<Plain<Change>> {
    Ok(Plain(find(at.tx, at.instance_id(), id_of(&id))?))
}

pub(super) fn undo(
    at: Writing<'_>,
    (id,): (ChangeId,),
    write: Write<UndoToMake>,
) -> Result<InSlices<UndoReport>> {
    let change = find(at.tx, at.instance_id(), id_of(&id))?;
    // A hand edit has no request, so it is undone alone.
    let target = if write.fields.whole_request && !change.request_id.is_empty() {
        UndoTarget::Request(change.request_id)
    } else {
        UndoTarget::Change(change.change_id)
    };
    begin(at.tx, Some(at.instance_id()), &target, write.fields.mode, write.dry_run)
}

pub(super) fn undo_request(
    at: Writing<'_>,
    (id,): (RequestId,),
    write: Write<RequestToUndo>,
) -> Result<InSlices<UndoReport>> {
    let target = UndoTarget::Request(id.0);
    begin(at.tx, Some(at.instance_id()), &target, write.fields.mode, write.dry_run)
}

/// Undoes all that a request changed in the account, such as giving up an instance.
pub(super) fn undo_request_of_account(
    at: Writing<'_, InAccount>,
    (id,): (RequestId,),
    write: Write<RequestToUndo>,
) -> Result<InSlices<UndoReport>> {
    begin(at.tx, None, &UndoTarget::Request(id.0), write.fields.mode, write.dry_run)
}

/// An undo that was to be all or nothing and is not applied is refused, unless it was a dry run.
fn begin(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    target: &UndoTarget,
    mode: BatchMode,
    dry_run: bool,
) -> Result<InSlices<UndoReport>> {
    match runs::undo(tx, within, target, mode)? {
        InSlices::Run(run) => Ok(InSlices::Run(run)),
        InSlices::AtOnce(report) if report.applied || dry_run => Ok(InSlices::AtOnce(report)),
        InSlices::AtOnce(report) => Err(Failure::UndoRefused(Box::new(report))),
    }
}
