//! Numbers as seen for one user: which could be given to him, and what stands in the way of the
//! others.

use super::batch::{BatchItem, RefusalCode};
use super::history::Holder;
use super::phone_number::PhoneNumber;
use serde::Serialize;

/// A number as seen for one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The number.
    #[serde(flatten)]
    pub phone_number: PhoneNumber,
    /// Whether it could be given to him now.
    pub assignable: bool,
    /// Why not; empty when it could.
    pub reasons: Vec<Blocked>,
}

/// Why a number can't be given to a user, and what would free it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocked {
    /// [`RefusalCode::NumberHeldBySkillGroup`], [`RefusalCode::NumberHeldByUser`], or
    /// [`RefusalCode::NumberHeldAlready`] when it is he who holds it.
    pub code: RefusalCode,
    /// A sentence that names the holders.
    pub detail: String,
    /// Who holds it, since when.
    pub blocked_by: Vec<Holder>,
    /// What would take this reason away, as items of a batch.
    pub freed_by: Vec<BatchItem>,
}

/// Which candidates are listed.
#[derive(Clone, Debug, Default)]
pub struct CandidateFilter {
    /// Part of the number.
    pub search_pattern: Option<String>,
    /// The blocked ones too, each with its reasons.
    pub include_blocked: bool,
}
