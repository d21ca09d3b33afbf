//! What a dry run shows.

use crate::domain::Error;
use crate::domain::history::{Action, Change, ChangeFilter, Entity};
use crate::store::{ReadTx, changes};
use serde::Serialize;
use utoipa::ToSchema;

/// The most changes that are shown.
const MAX_SHOWN: u64 = 1000;

/// A change that a dry run found. It has no id and no time: it was not made.
#[derive(Debug, Serialize, ToSchema)]
struct PlannedChange {
    /// The table whose row would be changed.
    entity: Entity,
    /// What would be done with the row.
    action: Action,
    /// The number, if it concerns one.
    #[schema(required = true)]
    number: Option<String>,
    /// The user, if it concerns one.
    #[schema(required = true)]
    user_id: Option<String>,
    /// The skill group, if it concerns one.
    #[schema(required = true)]
    skill_group_id: Option<String>,
    /// The row as it is; null for an insert.
    #[schema(required = true)]
    old: Option<serde_json::Value>,
    /// The row as it would be; null for a delete.
    #[schema(required = true)]
    new: Option<serde_json::Value>,
}

/// The response to a dry run: nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DryRun {
    /// Always true.
    dry_run: bool,
    /// The status that the request would get without `dry_run`.
    would_answer: u16,
    /// The number of changes that it would make.
    change_count: u64,
    /// The changes as the change log would have them, oldest first; the first 1,000 of them.
    changes: Vec<PlannedChange>,
}

impl DryRun {
    /// A dry run of something that changes no row.
    pub(super) fn without_changes(would_answer: u16) -> Self {
        Self { dry_run: true, would_answer, change_count: 0, changes: Vec::new() }
    }

    /// What the transaction has changed since the change `before`.
    pub(super) fn since(tx: &ReadTx<'_>, before: i64, would_answer: u16) -> Result<Self, Error> {
        let change_count = u64::try_from(changes::last_id(tx)? - before).unwrap_or_default();
        let found = changes::after(tx, &ChangeFilter::default(), before, MAX_SHOWN)?;
        let changes = found.into_iter().map(PlannedChange::from).collect();
        Ok(Self { change_count, changes, ..Self::without_changes(would_answer) })
    }
}

impl From<Change> for PlannedChange {
    fn from(change: Change) -> Self {
        let Change { entity, action, number, user_id, skill_group_id, old, new, .. } = change;
        Self { entity, action, number, user_id, skill_group_id, old, new }
    }
}
