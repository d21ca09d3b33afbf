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
    /// Why nobody can dial out with it, whoever is given it; absent if they can.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub warning: Option<Warning>,
    /// How well it suits the user, if suggestions were asked for; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub suggestion: Option<Suggestion>,
}

impl Candidate {
    /// A number with what stands in the way of giving it to the user.
    pub fn new(
        phone_number: PhoneNumber,
        reasons: Vec<Blocked>,
        suggestion: Option<Suggestion>,
    ) -> Self {
        let warning = Warning::of(&phone_number);
        Self { phone_number, assignable: reasons.is_empty(), reasons, warning, suggestion }
    }
}

/// Why nobody can dial out with a number, although it can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Why.
    pub code: NoDialling,
    /// The code as a sentence.
    pub detail: String,
}

words! {
    /// Why nobody can dial out with a number.
    NoDialling {
        /// It is not in use.
        Inactive = "inactive",
        /// It is for incoming calls only.
        InboundOnly = "inbound-only",
    }
}

impl Warning {
    fn of(phone_number: &PhoneNumber) -> Option<Self> {
        let (code, why) = match (phone_number.active, phone_number.usage.dials_out()) {
            (false, _) => (NoDialling::Inactive, "is inactive"),
            (true, false) => (NoDialling::InboundOnly, "is for incoming calls only"),
            (true, true) => return None,
        };
        let detail = format!("{} {why}, so nobody can dial out with it", phone_number.number);
        Some(Self { code, detail })
    }
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
