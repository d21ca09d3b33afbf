//! Several things done with numbers at once: what is asked, and what became of each.

use super::history::Holder;
use super::import::Why;
use super::reservation::Reservation;
use super::word::words;
use super::{Rule, SkillGroupId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing to do with one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "lowercase", deny_unknown_fields)]
pub enum BatchItem {
    /// Gives the number to a user. One that the user already holds stays as it is.
    Assign {
        /// The number.
        number: String,
        /// The user who gets it.
        user_id: UserId,
    },
    /// Takes the number back, from one user or from all users who hold it.
    Release {
        /// The number.
        number: String,
        /// The user it is taken from; absent: all who hold it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<UserId>,
        /// For how many days it cools down; absent: as long as the instance says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cool_down_days: Option<u32>,
    },
    /// Takes the number from the users who hold it, or from one of them, and gives it to another
    /// user. A number that nobody holds is simply given, unless `from` is set.
    Transfer {
        /// The number.
        number: String,
        /// The user who must hold it now; absent: whoever does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<UserId>,
        /// The user who gets it.
        user_id: UserId,
    },
    /// Binds the number to a skill group.
    Bind {
        /// The number.
        number: String,
        /// The skill group.
        skill_group_id: SkillGroupId,
    },
    /// Unbinds the number from a skill group, or from all that hold it.
    Unbind {
        /// The number.
        number: String,
        /// The skill group it is unbound from; absent: all that hold it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skill_group_id: Option<SkillGroupId>,
    },
    /// Keeps a free number.
    Hold {
        /// The number.
        number: String,
        /// The user it is kept for; absent: nobody is given it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<UserId>,
        /// Until when.
        until: Timestamp,
    },
    /// Ends what keeps the number: a hold or a cool-down.
    #[serde(rename = "end-reservation")]
    EndReservation {
        /// The number.
        number: String,
    },
}

impl BatchItem {
    /// The number that it is about.
    pub fn number(&self) -> &str {
        match self {
            Self::Assign { number, .. }
            | Self::Release { number, .. }
            | Self::Transfer { number, .. }
            | Self::Bind { number, .. }
            | Self::Unbind { number, .. }
            | Self::Hold { number, .. }
            | Self::EndReservation { number } => number,
        }
    }

    /// The same with another number.
    #[must_use]
    pub fn of(&self, another: String) -> Self {
        let mut item = self.clone();
        match &mut item {
            Self::Assign { number, .. }
            | Self::Release { number, .. }
            | Self::Transfer { number, .. }
            | Self::Bind { number, .. }
            | Self::Unbind { number, .. }
            | Self::Hold { number, .. }
            | Self::EndReservation { number } => *number = another,
        }
        item
    }

    /// The word for what is done.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Assign { .. } => "assign",
            Self::Release { .. } => "release",
            Self::Transfer { .. } => "transfer",
            Self::Bind { .. } => "bind",
            Self::Unbind { .. } => "unbind",
            Self::Hold { .. } => "hold",
            Self::EndReservation { .. } => "end-reservation",
        }
    }
}

words! {
    /// What happens to the other items when one is refused.
    #[derive(Default, Deserialize, clap::ValueEnum)]
    BatchMode {
        /// Nothing is done, and every refusal is reported.
        #[default]
        #[value(name = "all_or_nothing", alias = "all-or-nothing")]
        AllOrNothing = "all_or_nothing",
        /// The others are done.
        #[value(name = "best_effort", alias = "best-effort")]
        BestEffort = "best_effort",
    }
}

words! {
    /// What became of an item.
    Outcome {
        /// It was done; in a batch that was not applied, it would have been.
        Done = "done",
        /// Nothing had to be done.
        Unchanged = "unchanged",
        /// It could not be done.
        Refused = "refused",
    }
}

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
        /// The user is archived or locked, and given no numbers.
        HolderNotActive = "holder-not-active",
        /// The user who should hold the number does not.
        NumberNotHeld = "number-not-held",
        /// The account has the number elsewhere, or here in another spelling.
        NumberTaken = "number-taken",
        /// The number has a contact flow, and was not to be removed by force.
        NumberHasContactFlow = "number-has-contact-flow",
        /// It is no longer as the change left it: something newer stands in the way of undoing it.
        ChangedSince = "changed-since",
        /// What is refused because others refer to it.
        StillInUse = "still-in-use",
        /// There is such a row already.
        AlreadyExists = "already-exists",
        /// The two sides don't belong to one instance.
        NotInInstance = "not-in-instance",
        /// Another user of the instance has the extension.
        ExtensionTaken = "extension-taken",
        /// A 400 number has usage Inbound.
        ServiceNumberIsInbound = "service-number-is-inbound",
        /// Only an Inbound or Bidirection number has a contact flow.
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
    /// What a code alone does not say, for the faces' own sentences.
    #[serde(skip)]
    pub why: Option<Box<Why>>,
}

/// One item of a batch and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemOutcome {
    /// The position of the item, counted from 0.
    pub index: usize,
    /// The action: `assign`, `release`, …
    pub action: &'static str,
    /// The number.
    pub number: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it was refused.
    #[serde(flatten)]
    pub refusal: Option<Refusal>,
}

/// The outcome of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BatchReport {
    /// Whether it was a dry run: nothing was changed.
    pub dry_run: bool,
    /// What happens to the others when an item is refused.
    pub mode: BatchMode,
    /// Whether what is `done` was kept: not in a dry run, and not when an item of an
    /// `all_or_nothing` batch was refused.
    pub applied: bool,
    /// Only in a dry run: whether what is `done` would have been kept without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_apply: Option<bool>,
    /// The number of items that were done.
    pub done: usize,
    /// The number of items for which nothing had to be done.
    pub unchanged: usize,
    /// The number of items that were refused.
    pub refused: usize,
    /// All items, in the order of the request.
    pub items: Vec<ItemOutcome>,
}

impl BatchReport {
    /// The report on these items.
    pub fn new(mode: BatchMode, items: Vec<ItemOutcome>) -> Self {
        let count = |outcome| items.iter().filter(|item| item.outcome == outcome).count();
        let refused = count(Outcome::Refused);
        Self {
            dry_run: false,
            mode,
            applied: refused == 0 || mode == BatchMode::BestEffort,
            would_apply: None,
            done: count(Outcome::Done),
            unchanged: count(Outcome::Unchanged),
            refused,
            items,
        }
    }

    /// The report on the same items when the transaction is taken back.
    #[must_use]
    pub fn of_dry_run(self) -> Self {
        Self { dry_run: true, would_apply: Some(self.applied), applied: false, ..self }
    }
}
