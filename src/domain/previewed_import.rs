//! A spreadsheet that was previewed, and what became of it.

use super::import::Preview;
use super::run::Run;
use super::{InstanceId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A spreadsheet that was previewed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Import {
    /// Its id; null if it is not kept.
    #[schema(required = true)]
    pub import_id: Option<String>,
    /// Where it is imported.
    pub instance_id: InstanceId,
    /// Who sent the file.
    pub made_by: String,
    /// When it was previewed.
    pub created_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// What became of it; null as long as it was not applied.
    #[schema(required = true)]
    pub applied: Option<Applied>,
    #[serde(flatten)]
    /// What it would do.
    pub preview: Preview,
}

/// The request that applied a preview.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Applied {
    /// The request that did it, by which it is undone.
    pub request_id: String,
    /// When.
    pub applied_at: Timestamp,
    /// How far it is, if it is done in slices; else null, and all of it is done.
    #[schema(required = true)]
    pub run: Option<Run>,
}
