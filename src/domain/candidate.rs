//! Numbers as seen for one user: which could be given to them, and what stands in the way of the
//! others.

use super::Timestamp;
use super::batch::{BatchItem, RefusalCode};
use super::history::Holder;
use super::phone_number::PhoneNumber;
use super::reservation::Reservation;
use super::search_words::SearchWords;
use super::word::words;
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
    /// How well it suits the user, if suggestions were asked for; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub suggestion: Option<Suggestion>,
}

/// How well a number suits a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestion {
    /// Where it is, seen from the user.
    pub near: Nearness,
    /// Since when nobody has held it.
    pub idle_since: Timestamp,
}

words! {
    /// Where a number is, seen from the numbers that a user and their skill groups hold; the best
    /// comes first.
    Nearness {
        /// It is kept for the user.
        Kept = "kept",
        /// In the city of one of them.
        City = "city",
        /// In the province of one of them.
        Province = "province",
        /// Anywhere else.
        Elsewhere = "elsewhere",
        /// It is inactive or can't dial out, wherever it is.
        Unusable = "unusable",
    }
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
    /// The numbers that suit the user best come first, and of those the ones that nobody has held
    /// for longest. Not together with the blocked ones.
    pub suggested: bool,
}
