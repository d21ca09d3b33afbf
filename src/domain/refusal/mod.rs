//! Why something is refused: a code for programs, a sentence for people, who stands in the way, and
//! as a type ([`Why`]) what a face needs in order to say it in its own words.

mod why;

pub use why::Why;

use super::history::Holder;
use super::reservation::Reservation;
use super::word::words;
use super::{Missing, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// Why an item was refused; stable, for programs.
    #[derive(Deserialize)]
    RefusalCode {
        /// The instance does not have the number.
        NumberNotFound = "number-not-found",
        /// The instance does not have the user.
        UserNotFound = "user-not-found",
        /// The instance does not have the skill group.
        SkillGroupNotFound = "skill-group-not-found",
        /// Something else that was named does not exist.
        NotFound = "not-found",
        /// A skill group holds the number.
        NumberHeldBySkillGroup = "number-held-by-skill-group",
        /// A user holds the number.
        NumberHeldByUser = "number-held-by-user",
        /// The user holds the number already.
        NumberHeldAlready = "number-held-already",
        /// The number is cooling down or on hold for somebody else.
        NumberIsReserved = "number-is-reserved",
        /// The user is archived or locked, and can't be given numbers.
        HolderNotActive = "holder-not-active",
        /// The user who should hold the number does not.
        NumberNotHeld = "number-not-held",
        /// The account has the number in another place, or the instance has it in another spelling.
        NumberTaken = "number-taken",
        /// The number has a contact flow, and was not to be removed by force.
        NumberHasContactFlow = "number-has-contact-flow",
        /// It is no longer as the change left it: something newer stands in the way of undoing it.
        ChangedSince = "changed-since",
        /// Something else still refers to it.
        StillInUse = "still-in-use",
        /// The row exists already.
        AlreadyExists = "already-exists",
        /// The two sides don't belong to one instance.
        NotInInstance = "not-in-instance",
        /// Another user of the instance has the extension.
        ExtensionTaken = "extension-taken",
        /// A 400 number must have usage Inbound.
        ServiceNumberIsInbound = "service-number-is-inbound",
        /// Only an Inbound or Bidirection number can have a contact flow.
        ContactFlowNeedsInbound = "contact-flow-needs-inbound",
        /// The default callback number has to be the user's own.
        SelectedNumberNotHeld = "selected-number-not-held",
        /// History is added to, never changed.
        HistoryIsKept = "history-is-kept",
        /// Credentials and passwords are not undone.
        CredentialNotUndone = "credential-not-undone",
        /// Changes of this kind can't be undone.
        NotUndoable = "not-undoable",
        /// Another rule of the schema.
        RuleBroken = "rule-broken",
    }
}

impl From<Rule> for RefusalCode {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::BoundNumberIsNotPersonal => Self::NumberHeldBySkillGroup,
            Rule::PersonalNumberHasOneHolder => Self::NumberHeldByUser,
            Rule::NumberIsReserved => Self::NumberIsReserved,
            Rule::HolderIsActive => Self::HolderNotActive,
            Rule::SameInstance => Self::NotInInstance,
            Rule::ServiceNumberIsInbound => Self::ServiceNumberIsInbound,
            Rule::ContactFlowNeedsInbound => Self::ContactFlowNeedsInbound,
            Rule::HistoryIsKept => Self::HistoryIsKept,
            Rule::NumberExistsOnce => Self::NumberTaken,
            Rule::RowKeepsItsKey => Self::AlreadyExists,
            Rule::ReferencedRowIsKept => Self::StillInUse,
            Rule::ExtensionIsUnique => Self::ExtensionTaken,
            Rule::SelectedCallbackNumberIsPersonal => Self::SelectedNumberNotHeld,
            Rule::StateFollowsRelations
            | Rule::CountersFollowRows
            | Rule::UserIsARamUser
            | Rule::NumberHasADigit
            | Rule::ReasonIsRequired
            | Rule::OneRoot => Self::RuleBroken,
        }
    }
}

/// Why an item was refused, and who stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// Why it was refused, for programs; only of what was refused.
    #[schema(required = false)]
    pub code: RefusalCode,
    /// Why it was refused, as a sentence for people; only of what was refused.
    #[schema(required = false)]
    pub detail: String,
    /// The holders that block it; absent if no holder does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub blocked_by: Vec<Holder>,
    /// What keeps the number: a hold or a cool-down; absent if nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reservation: Option<Box<Reservation>>,
    /// The details, for a face that says it in its own words.
    #[serde(skip)]
    pub why: Option<Box<Why>>,
}

impl Refusal {
    /// The number that the instance doesn't have, if it is refused for that.
    pub fn unknown_number(&self) -> Option<Missing> {
        match self.why.as_deref() {
            Some(Why::Missing(missing @ Missing::Number(..))) => Some(missing.clone()),
            _ => None,
        }
    }
}
