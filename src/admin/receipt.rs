//! What the response to a write says besides its outcome: the request id, and how to undo it.

use super::ROOT;
use crate::domain::Act;
use crate::domain::batch::{ItemOutcome, Outcome};
use crate::http::BasePath;
use serde::Serialize;
use utoipa::ToSchema;

/// The request of a write.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Receipt {
    /// The id of the request, which all its changes have in the log; absent in a dry run.
    #[schema(required = false)]
    request_id: String,
    /// The address whose `POST` takes back what was changed; absent if nothing was, if it can't be
    /// undone, or if the caller's role doesn't allow undoing.
    #[serde(skip_serializing_if = "Option::is_none")]
    undo: Option<String>,
    /// Whether anything was changed.
    #[serde(skip)]
    changed: bool,
}

impl Receipt {
    /// Of a request in an instance, or in the account if managing that is what it needs.
    pub(super) fn new(
        request_id: String,
        instance_id: Option<&str>,
        act: Act,
        base_path: &BasePath,
    ) -> Self {
        let place = match instance_id {
            Some(id) if act != Act::ManageAccount => format!("{ROOT}/instances/{id}"),
            _ => ROOT.to_owned(),
        };
        let undo = base_path.of_clients(&format!("{place}/requests/{request_id}:undo"));
        Self { request_id, undo: Some(undo), changed: true }
    }

    /// With a way back only if something was changed that the caller may undo.
    #[must_use]
    pub(super) fn with_outcome(self, changed: bool, may_undo: bool) -> Self {
        Self { undo: self.undo.filter(|_| changed && may_undo), changed, ..self }
    }
}

/// A report with its receipt, unless it is of a dry run.
#[derive(Serialize)]
pub(super) struct Written<T> {
    #[serde(flatten)]
    pub(super) report: T,
    #[serde(flatten)]
    pub(super) receipt: Option<Receipt>,
}

/// What became of a request that has nothing of its own to show.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deed {
    /// Whether anything was changed; repeating the request is harmless.
    outcome: Outcome,
    /// What became of each number whose holder or contact flow it concerned, at most 1,000;
    /// absent if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    items: Vec<ItemOutcome>,
}

impl Deed {
    pub(super) fn new(items: Vec<ItemOutcome>, receipt: &Receipt) -> Self {
        Self { outcome: if receipt.changed { Outcome::Done } else { Outcome::Unchanged }, items }
    }
}
