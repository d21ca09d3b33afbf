//! Batches: many items in one request, and what became of each.

pub use super::refusal::{Refusal, RefusalCode};

use super::history::Holder;
use super::reservation::Reservation;
use super::word::words;
use super::{SkillGroupId, Timestamp, UserId};
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

    /// This item with another number.
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

    /// What is done.
    pub const fn action(&self) -> ItemAction {
        match self {
            Self::Assign { .. } => ItemAction::Assign,
            Self::Release { .. } => ItemAction::Release,
            Self::Transfer { .. } => ItemAction::Transfer,
            Self::Bind { .. } => ItemAction::Bind,
            Self::Unbind { .. } => ItemAction::Unbind,
            Self::Hold { .. } => ItemAction::Hold,
            Self::EndReservation { .. } => ItemAction::EndReservation,
        }
    }
}

words! {
    /// What is done with a number.
    ItemAction {
        /// It is given to a user.
        Assign = "assign",
        /// It is taken back from a user, or from all who hold it.
        Release = "release",
        /// It goes from its users to another.
        Transfer = "transfer",
        /// It is bound to a skill group.
        Bind = "bind",
        /// It is unbound from a skill group, or from all that hold it.
        Unbind = "unbind",
        /// It is kept for a user, or from everybody.
        Hold = "hold",
        /// What keeps it is ended.
        EndReservation = "end-reservation",
        /// It is added to the instance.
        Add = "add",
        /// It is taken out of the instance.
        Remove = "remove",
        /// It loses its contact flow.
        Edit = "edit",
        /// It is exchanged for another.
        Swap = "swap",
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

/// From whom to whom a number went, or who holds it still.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Passage {
    /// Who held the number before, and no longer does; absent if there is nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub from: Vec<Holder>,
    /// Who holds it since; absent if there is nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub to: Vec<Holder>,
    /// Who holds it, of a number for which nothing had to be done; absent if there is nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub held_by: Vec<Holder>,
    /// What keeps it since, a hold or a cool-down; absent if nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub kept: Option<Box<Reservation>>,
}

impl Passage {
    /// From those who held it before to those who do after.
    pub fn between(before: Vec<Holder>, after: Vec<Holder>, kept: Option<Reservation>) -> Self {
        let without = |all: &[Holder], others: &[Holder]| {
            let among = |holder: &Holder| others.iter().any(|other| other.is_same(holder));
            all.iter().filter(|holder| !among(holder)).cloned().collect()
        };
        let (from, to) = (without(&before, &after), without(&after, &before));
        Self { from, to, kept: kept.map(Box::new), ..Self::default() }
    }

    /// Of a number that stays where it is.
    pub fn none(held_by: Vec<Holder>, kept: Option<Reservation>) -> Self {
        Self { held_by, kept: kept.map(Box::new), ..Self::default() }
    }
}

/// One item of a batch and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemOutcome {
    /// The position of the item, counted from 0.
    pub index: usize,
    /// What is done with the number.
    pub action: ItemAction,
    /// The number.
    pub number: String,
    /// The outcome.
    pub outcome: Outcome,
    /// From whom to whom it went, or would have.
    #[serde(flatten)]
    pub passage: Passage,
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
    /// In the dry run of what would be done in slices: the number of items that were not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untried: Option<u64>,
    /// All items that were tried, in the order of the request.
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
            untried: None,
            items,
        }
    }

    /// The report on the same items when the transaction is taken back.
    #[must_use]
    pub fn of_dry_run(self) -> Self {
        Self { dry_run: true, would_apply: Some(self.applied), applied: false, ..self }
    }
}
