//! Changes that are undone: what is asked, and what became of each.

use super::batch::{BatchMode, Outcome, Refusal};
use super::history::{Action, Entity};
use serde::Serialize;
use utoipa::ToSchema;

/// A change that was to be undone, and the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UndoneChange {
    /// The change.
    pub change_id: i64,
    /// The table whose row it changed: `personal_assignment`, `phone_number`, …
    pub entity: Entity,
    /// What it did with the row.
    pub action: Action,
    /// The row, for people: a number, a user, `number → skill group`, …
    pub subject: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it was refused.
    #[serde(flatten)]
    pub refusal: Option<Refusal>,
}

/// The outcome of undoing a change with all its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UndoReport {
    /// Whether it was a dry run: nothing was changed.
    pub dry_run: bool,
    /// What happens to the other rows when one is refused.
    pub mode: BatchMode,
    /// Whether what is `done` was kept: not in a dry run, and not when a row was refused and it
    /// was `all_or_nothing`.
    pub applied: bool,
    /// Only in a dry run: whether what is `done` would have been kept without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_apply: Option<bool>,
    /// The number of rows that were set back.
    pub done: usize,
    /// The number of rows that were refused.
    pub refused: usize,
    /// In the dry run of what was done in slices: the number of older rows that were not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untried: Option<u64>,
    /// All rows, newest first.
    pub changes: Vec<UndoneChange>,
}

impl UndoReport {
    /// The report on these rows.
    pub fn new(mode: BatchMode, changes: Vec<UndoneChange>) -> Self {
        let refused = changes.iter().filter(|row| row.outcome == Outcome::Refused).count();
        Self {
            dry_run: false,
            mode,
            applied: refused == 0 || mode == BatchMode::BestEffort,
            would_apply: None,
            done: changes.len() - refused,
            refused,
            untried: None,
            changes,
        }
    }

    /// This report when the transaction is taken back.
    #[must_use]
    pub fn of_dry_run(self) -> Self {
        Self { dry_run: true, would_apply: Some(self.applied), applied: false, ..self }
    }
}

/// Which change is to be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndoTarget {
    /// One row of the change log.
    Change(i64),
    /// All rows of one request.
    Request(String),
}
