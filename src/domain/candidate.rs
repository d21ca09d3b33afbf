//! Numbers as seen for one user: which could be given to them, and what stands in the way of the
//! others.

use super::batch::{BatchItem, RefusalCode};
use super::history::Holder;
use super::phone_number::PhoneNumber;
use super::reservation::Reservation;
use super::search_words::SearchWords;
use serde::Serialize;
use utoipa::ToSchema;

/// A number as seen for one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidate {
    /// The number.
    #[serde(flatten)]
    pub phone_number: PhoneNumber,
    /// Whether it could be given to the user now.
    pub assignable: bool,
    /// Why not; empty if it could.
    pub reasons: Vec<Blocked>,
}

/// Why a number can't be given to a user, and what would free it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Blocked {
    /// `number-held-by-skill-group`, `number-held-by-user`, `number-held-already` if the user
    /// already holds it, `number-is-reserved`, or `holder-not-active`.
    pub code: RefusalCode,
    /// A sentence that names the holders, or says until when it is reserved.
    pub detail: String,
    /// Who holds it, since when.
    pub blocked_by: Vec<Holder>,
    /// What keeps it: a hold or a cool-down; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reservation: Option<Reservation>,
    /// Items of a batch that would take this reason away.
    pub freed_by: Vec<BatchItem>,
}

/// Which candidates are listed.
#[derive(Clone, Debug, Default)]
pub struct CandidateFilter {
    /// What all of them have; none lets every number through.
    pub words: SearchWords,
    /// The blocked ones too, each with its reasons.
    pub include_blocked: bool,
}
