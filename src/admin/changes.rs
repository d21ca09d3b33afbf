//! The change log of an instance, and undoing what stands in it.

use super::etag::Unguarded;
use super::fields::{Nothing, fields};
use super::path::ChangeId;
use super::problem::{Failure, ProblemType};
use super::reply::Plain;
use super::report::Blocker;
use super::report::{outcome_word, refusal_parts};
use super::request::Write;
use super::scope::InInstance;
use crate::domain::InstanceId;
use crate::domain::batch::{self, UndoTarget};
use crate::domain::history::{self, ChangeFilter};
use crate::ops;
use crate::store::{ReadTx, WriteTx, changes};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a change can come from.
const VIAS: &[&str] = &["ccc", "vcc", "admin", "console", "cli", "sql"];

/// A line of the change log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Change {
    /// Grows with time.
    change_id: i64,
    /// When.
    changed_at: String,
    /// The login name, OAuth client or operating system's user; empty for a hand edit.
    actor: String,
    /// `ccc`, `vcc`, `admin`, `console`, `cli`, or `sql` for a hand edit.
    via: String,
    /// What one request changed shares it; empty for a hand edit.
    request_id: String,
    /// Why; empty when it was not said.
    reason: String,
    /// The kind of row.
    entity: String,
    /// `insert`, `update` or `delete`.
    action: String,
    /// The number, if it is about one.
    #[schema(required = true)]
    number: Option<String>,
    /// The user, if it is about one.
    #[schema(required = true)]
    user_id: Option<String>,
    /// The skill group, if it is about one.
    #[schema(required = true)]
    skill_group_id: Option<String>,
    /// The row before; null for an insert.
    #[schema(required = true)]
    old: Option<serde_json::Value>,
    /// The row after; null for a delete.
    #[schema(required = true)]
    new: Option<serde_json::Value>,
}

/// A part of the change log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changes {
    /// The newest first; with `after`, the oldest first.
    items: Vec<Change>,
    /// The greatest change_id of these: the next `after`; null when there are none.
    #[schema(required = true)]
    last: Option<i64>,
}

/// A row that is to be set back, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UndoneChange {
    /// The change.
    change_id: i64,
    /// The kind of row.
    entity: String,
    /// What it had done with the row.
    action: String,
    /// Which row, for people.
    subject: String,
    /// `done`, `unchanged` or `refused`.
    outcome: &'static str,
    /// Why it was refused, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// Why it was refused, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Who stands in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    blocked_by: Vec<Blocker>,
}

/// What became of undoing a change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UndoReport {
    /// Whether it was only a rehearsal.
    dry_run: bool,
    /// How many rows were set back.
    done: usize,
    /// How many were refused.
    refused: usize,
    /// All of them, the newest first.
    changes: Vec<UndoneChange>,
}

fields! {
    /// Which changes are listed.
    ListChanges {
        /// Only changes after this one, the oldest first: 0 from the beginning. Without it, the
        /// newest first.
        after: Option<u64> = optional(integer(0, 9_007_199_254_740_991)),
        /// How many at most.
        limit: u64 = default(integer(1, 500), 50),
        /// Only of this number.
        number: Option<String> = optional(phone_number()),
        /// Only of this user.
        user_id: Option<String> = optional(id()),
        /// Only of this skill group.
        skill_group_id: Option<String> = optional(id()),
        /// Only of this request.
        request_id: Option<String> = optional(id()),
        /// Only of this kind of row.
        entity: Option<String> = optional(text(1, 64)),
        /// Only by this actor.
        actor: Option<String> = optional(id()),
        /// Only from there.
        via: Option<&'static str> = optional(choice(VIAS)),
    }
    /// How a change is undone.
    UndoToMake {
        /// With everything else that its request changed.
        whole_request: bool = default(flag(), false),
        /// Only show what would be done.
        dry_run: bool = default(flag(), false),
    }
}

fn shown(change: history::Change) -> Change {
    Change {
        change_id: change.change_id,
        changed_at: change.changed_at.to_string(),
        actor: change.actor,
        via: change.via,
        request_id: change.request_id,
        reason: change.reason,
        entity: change.entity,
        action: change.action,
        number: change.number,
        user_id: change.user_id,
        skill_group_id: change.skill_group_id,
        old: change.old,
        new: change.new,
    }
}

/// The change log of an instance.
pub(super) fn list(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (): (),
    query: ListChanges,
) -> Result<Plain<Changes>, Failure> {
    let filter = ChangeFilter {
        instance_id: Some(entry.instance_id.clone()),
        number: query.number,
        user_id: query.user_id,
        skill_group_id: query.skill_group_id,
        request_id: query.request_id,
        entity: query.entity,
        actor: query.actor,
        via: query.via.map(str::to_owned),
    };
    let found = match query.after {
        Some(after) => {
            changes::after(tx, &filter, i64::try_from(after).unwrap_or(i64::MAX), query.limit)?
        }
        None => changes::newest(tx, &filter, query.limit)?,
    };
    let last = found.iter().map(|change| change.change_id).max();
    Ok(Plain(Changes { items: found.into_iter().map(shown).collect(), last }))
}

/// A change of this instance; one of another is as if it were not there.
fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, id: i64) -> Result<history::Change, Failure> {
    let found = changes::get(tx, id)?
        .filter(|change| change.instance_id.as_deref() == Some(instance_id.as_str()));
    found.ok_or_else(|| {
        Failure::NotRelated(
            ProblemType::ChangeNotFound,
            format!("Change {id} does not exist in instance {instance_id}."),
        )
    })
}

fn id_of(id: &ChangeId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// A line of the change log.
pub(super) fn get(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (id,): (ChangeId,),
    _: Nothing,
) -> Result<Plain<Change>, Failure> {
    Ok(Plain(shown(find(tx, &entry.instance_id, id_of(&id))?)))
}

/// Undoes a change, or all that its request changed.
pub(super) fn undo(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    (id,): (ChangeId,),
    write: Write<UndoToMake, Unguarded>,
) -> Result<Plain<UndoReport>, Failure> {
    let change = find(tx, &entry.instance_id, id_of(&id))?;
    let UndoToMake { whole_request, dry_run } = write.fields;
    // A hand edit has no request, so it stands for itself.
    let target = if whole_request && !change.request_id.is_empty() {
        UndoTarget::Request(change.request_id)
    } else {
        UndoTarget::Change(change.change_id)
    };
    let report = ops::undo::undo(tx, Some(&entry.instance_id), &target)?;
    let undone = |row: batch::UndoneChange| {
        let (code, detail, blocked_by) = refusal_parts(row.refusal);
        let outcome = outcome_word(row.outcome);
        UndoneChange {
            change_id: row.change_id,
            entity: row.entity,
            action: row.action,
            subject: row.subject,
            outcome,
            code,
            detail,
            blocked_by,
        }
    };
    let report = UndoReport {
        dry_run,
        done: report.done,
        refused: report.refused,
        changes: report.changes.into_iter().map(undone).collect(),
    };
    if dry_run { Err(Failure::taken_back(Plain(report))) } else { Ok(Plain(report)) }
}
