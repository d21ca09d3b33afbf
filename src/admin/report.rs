//! What became of a batch, and who stands in the way.

use crate::domain::batch::{self, Outcome, RefusalCode};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::{Error, InstanceId};
use crate::store::{ReadTx, holders};
use serde::Serialize;
use utoipa::ToSchema;

/// Who holds what is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Blocker {
    /// `user` or `skill_group`.
    pub(super) kind: &'static str,
    /// The id.
    pub(super) id: String,
    /// What people call it; empty when it is gone.
    pub(super) display_name: String,
    /// Since when.
    pub(super) since: String,
}

impl From<Holder> for Blocker {
    fn from(holder: Holder) -> Self {
        let kind = match holder.kind {
            HolderKind::SkillGroup => "skill_group",
            HolderKind::User => "user",
        };
        Self {
            kind,
            id: holder.id,
            display_name: holder.display_name,
            since: holder.since.to_string(),
        }
    }
}

/// Who holds a number now.
pub(super) fn blockers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<Blocker>, Error> {
    Ok(holders::of_number(tx, instance_id, number)?.into_iter().map(Blocker::from).collect())
}

/// One item of a batch and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ItemOutcome {
    /// The item's place, counted from 0.
    index: usize,
    /// What was to be done.
    action: &'static str,
    /// The number that it is about.
    number: String,
    /// `done`, `unchanged` (it was so already) or `refused`.
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

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct BatchReport {
    /// Whether it was only a rehearsal.
    pub(super) dry_run: bool,
    /// Whether what is `done` was kept, or in a rehearsal would have been.
    pub(super) applied: bool,
    /// How many were done.
    pub(super) done: usize,
    /// How many were so already.
    pub(super) unchanged: usize,
    /// How many were refused.
    pub(super) refused: usize,
    /// All of them, in the order of the request.
    pub(super) items: Vec<ItemOutcome>,
}

impl BatchReport {
    /// How many were refused.
    pub(super) fn refused(&self) -> usize {
        self.refused
    }

    /// How many there are.
    pub(super) fn total(&self) -> usize {
        self.items.len()
    }
}

/// The word for an outcome.
pub(super) fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Unchanged => "unchanged",
        Outcome::Refused => "refused",
    }
}

pub(super) fn shown(report: batch::BatchReport, dry_run: bool) -> BatchReport {
    let items = report.items.into_iter().map(|item| {
        let (code, detail, blocked_by) = refusal_parts(item.refusal);
        ItemOutcome {
            index: item.index,
            action: item.action,
            number: item.number,
            outcome: outcome_word(item.outcome),
            code,
            detail,
            blocked_by,
        }
    });
    BatchReport {
        dry_run,
        applied: report.applied,
        done: report.done,
        unchanged: report.unchanged,
        refused: report.refused,
        items: items.collect(),
    }
}

/// Code, sentence and holders of a refusal.
pub(super) fn refusal_parts(
    refusal: Option<batch::Refusal>,
) -> (Option<&'static str>, Option<String>, Vec<Blocker>) {
    match refusal {
        None => (None, None, Vec::new()),
        Some(refusal) => (
            Some(RefusalCode::as_str(refusal.code)),
            Some(refusal.detail),
            refusal.blocked_by.into_iter().map(Blocker::from).collect(),
        ),
    }
}
