//! A problem as it is sent.

use super::failure::{Failure, MOST_ERRORS};
use super::table::ProblemType;
use crate::admin::fields::FieldError;
use crate::domain::batch::BatchReport;
use crate::domain::history::Holder;
use crate::domain::undo::UndoReport;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem as in RFC 9457, with the holders that block the request and the values that are wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::admin) struct Problem {
    /// The address that explains this type of problem.
    #[serde(rename = "type")]
    pub(in crate::admin) kind: String,
    /// The last part of that address, for programs.
    pub(in crate::admin) code: ProblemType,
    /// The type in words.
    pub(in crate::admin) title: &'static str,
    /// The HTTP status.
    pub(in crate::admin) status: u16,
    /// What happened here.
    pub(in crate::admin) detail: String,
    /// The request's id.
    pub(in crate::admin) instance: String,
    /// What is wrong with the request; at most 100 things.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(in crate::admin) errors: Vec<FieldError>,
    /// Who holds what was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(in crate::admin) blocked_by: Vec<Holder>,
    /// The outcome of each item of a batch, or of each row of an undo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::admin) report: Option<RefusedReport>,
}

/// The report on what was refused as a whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::admin) enum RefusedReport {
    /// On a batch.
    Batch(Box<BatchReport>),
    /// On an undo.
    Undo(Box<UndoReport>),
}

/// The longest sentence and the longest pointer, in characters. They repeat what a request says.
const LONGEST_DETAIL: usize = 2000;
const LONGEST_POINTER: usize = 200;

fn bounded(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.truncate(MOST_ERRORS);
    for error in &mut errors {
        error.detail = shortened(std::mem::take(&mut error.detail), LONGEST_DETAIL);
        error.pointer = shortened(std::mem::take(&mut error.pointer), LONGEST_POINTER);
    }
    errors
}

fn shortened(mut text: String, longest: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(longest) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl Failure {
    pub(in crate::admin) fn problem(self, request_id: &str) -> (ProblemType, Problem) {
        let (kind, detail) = self.row();
        let mut errors = Vec::new();
        let mut blocked_by = Vec::new();
        let mut report = None;
        if let Self::Malformed(faults) | Self::Invalid(faults) = self {
            errors = bounded(faults);
        } else if let Self::Held(_, blockers) = self {
            blocked_by = blockers;
        } else if let Self::ItemRefused(refusal) = self {
            blocked_by = refusal.blocked_by;
        } else if let Self::BatchRefused(refused) = self {
            report = Some(RefusedReport::Batch(refused));
        } else if let Self::UndoRefused(refused) = self {
            report = Some(RefusedReport::Undo(refused));
        }
        let address = format!("/problems/{}", kind.name());
        (
            kind,
            Problem {
                kind: address,
                code: kind,
                title: kind.title(),
                status: kind.status(),
                detail: shortened(detail, LONGEST_DETAIL),
                instance: request_id.to_owned(),
                errors,
                blocked_by,
                report,
            },
        )
    }
}
