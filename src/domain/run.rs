//! A write that is too large for one transaction, done in slices: what it does, and how far it is.

use super::batch::{BatchItem, BatchMode, Refusal};
use super::import::ImportAct;
use super::phone_number::NewNumbers;
use super::word::words;
use super::{Act, InstanceId, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// Up to this number of items are done in one transaction, all or nothing.
pub const AT_ONCE: usize = 1000;

/// The most items of a run.
pub const MOST: usize = 100_000;

/// Says that somebody stopped the run.
pub const ASKED_TO_STOP: &str = "It was asked to stop.";

/// Says that no process works on the run any more.
pub const CUT_OFF: &str = "It was cut off.";

/// Says that what was to be undone can't be any more.
pub const ARCHIVED: &str =
    "What it was to undo has been archived: it is no longer in the change log.";

/// Says, followed by the error, that a run stopped because its caller lost the right to do it.
pub const MAY_NO_LONGER: &str = "The person who started or continued it may no longer do it";

/// After this time a slice takes no further item.
pub const SLICE: Duration = Duration::from_millis(60);

/// What a run does with its items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "run", rename_all = "lowercase")]
pub enum RunAct {
    /// One thing with each number. An item is a number and the version that was selected.
    Numbers {
        /// What is done; the number in it is not looked at.
        each: BatchItem,
    },
    /// One thing after the other, some of which may bind. An item is a [`BatchItem`].
    Items,
    /// Adds each number to the instance. An item is a number.
    Add {
        /// What is said of all of them.
        new: NewNumbers,
    },
    /// Takes each number out of the instance. An item is a number and the version that was
    /// selected.
    Remove {
        /// Whether whoever holds it loses it first.
        force: bool,
    },
    /// Imports lines of a file. An item is an [`ImportItem`](super::import::ImportItem).
    Import(ImportAct),
    /// Takes over what a vendor says. An item is an [`AdoptItem`](super::adopt::AdoptItem).
    Adopt {
        /// How its tables are read.
        tables: Vec<ImportAct>,
    },
    /// Takes back what a request changed. An item is a list of changes, newest first.
    Undo {
        /// The request.
        of: String,
        /// Whether the instance must keep an Admin: the root and the machine's owner can manage it
        /// without one.
        #[serde(default)]
        keeps_admin: bool,
        /// Whether only changes of the run's instance are taken back. Those of a request that was
        /// itself a run belong together, such as users with their logins.
        #[serde(default)]
        only_own: bool,
        /// The changes from this one on are among the items; the older ones are still to be listed.
        /// None: all are listed.
        #[serde(default)]
        listed: Option<i64>,
    },
}

impl RunAct {
    /// What the role of whoever lets it go on must allow.
    pub const fn needs(&self) -> Act {
        match self {
            Self::Numbers { each: BatchItem::Bind { .. } | BatchItem::Unbind { .. } }
            | Self::Items => Act::BindNumbers,
            Self::Numbers { .. } => Act::ManagePersonalNumbers,
            Self::Add { .. } | Self::Remove { .. } => Act::ManageNumbers,
            Self::Import(act) => act.what.needs(),
            Self::Adopt { .. } | Self::Undo { .. } => Act::ManageInstance,
        }
    }

    /// What is done, in a word.
    pub const fn action(&self) -> RunAction {
        match self {
            Self::Numbers { each } => match each {
                BatchItem::Assign { .. } => RunAction::Assign,
                BatchItem::Release { .. } => RunAction::Release,
                BatchItem::Transfer { .. } => RunAction::Transfer,
                BatchItem::Bind { .. } => RunAction::Bind,
                BatchItem::Unbind { .. } => RunAction::Unbind,
                BatchItem::Hold { .. } => RunAction::Hold,
                BatchItem::EndReservation { .. } => RunAction::EndReservation,
            },
            Self::Items => RunAction::Batch,
            Self::Add { .. } => RunAction::Add,
            Self::Remove { .. } => RunAction::Remove,
            Self::Import(_) => RunAction::Import,
            Self::Adopt { .. } => RunAction::Adopt,
            Self::Undo { .. } => RunAction::Undo,
        }
    }
}

words! {
    /// What a run does.
    RunAction {
        /// It gives each number to a user.
        Assign = "assign",
        /// It takes each number back.
        Release = "release",
        /// It transfers each number to a user.
        Transfer = "transfer",
        /// It binds each number to a skill group.
        Bind = "bind",
        /// It unbinds each number.
        Unbind = "unbind",
        /// It keeps each number for a user, or from everybody.
        Hold = "hold",
        /// It ends what keeps each number.
        EndReservation = "end-reservation",
        /// It adds each number to the instance.
        Add = "add",
        /// It takes each number out of the instance.
        Remove = "remove",
        /// It does the items of a batch.
        Batch = "batch",
        /// It imports the lines of a spreadsheet.
        Import = "import",
        /// It takes over what a vendor has.
        Adopt = "adopt",
        /// It undoes what a request changed.
        Undo = "undo",
    }
}

words! {
    /// How far a run is.
    RunState {
        /// It is being done.
        Running = "running",
        /// It stopped, was refused or was cut off. It resumes only when somebody continues it.
        Stopped = "stopped",
        /// There is nothing left to do.
        Ended = "ended",
    }
}

/// A run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Run {
    /// The id of its request, which all its changes have in the log.
    pub request_id: String,
    /// What it does with each item.
    pub action: RunAction,
    /// How far it is.
    pub state: RunState,
    /// What happens when an item is refused: it stops there, or goes on with the others.
    pub mode: BatchMode,
    /// The number of items; while `listing`, of those that are listed so far.
    pub total: u64,
    /// Whether what an undo has to take back is still being listed; nothing is done before it is.
    pub listing: bool,
    /// The number of items that were done.
    pub done: u64,
    /// The number of items for which nothing had to be done.
    pub unchanged: u64,
    /// The number of items that were refused.
    pub refused: u64,
    /// The number of items that were not tried yet.
    pub left: u64,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended; null before.
    #[schema(required = true)]
    pub ended_at: Option<Timestamp>,
    /// The request that undid it; null for one of which anything is not undone.
    #[schema(required = true)]
    pub undone_by: Option<String>,
    /// Why it went no further, as a sentence; null unless it has stopped.
    #[schema(required = true)]
    pub stopped: Option<String>,
    /// What it could not do: the first 1,000 items.
    pub refusals: Vec<RunRefusal>,
    /// Who started it.
    #[serde(skip)]
    pub actor: String,
    /// Why they did, or whoever continued it last and gave another reason.
    #[serde(skip)]
    pub reason: String,
    /// Its instance; none for the whole account.
    #[serde(skip)]
    pub instance_id: Option<InstanceId>,
    /// What it does.
    #[serde(skip)]
    pub act: RunAct,
}

impl Run {
    /// The position of the next item.
    pub const fn position(&self) -> u64 {
        self.done + self.unchanged + self.refused
    }

    /// Whether somebody can continue it, now or when it has stopped.
    pub fn can_be_continued(&self) -> bool {
        self.ended_at.is_none() && self.stopped.as_deref() != Some(ARCHIVED)
    }

    /// Whether it takes further slices: it has neither ended nor been stopped. One that seems to be
    /// cut off may only have waited long for its next slice.
    pub fn takes_slices(&self) -> bool {
        self.ended_at.is_none() && self.stopped.as_deref().is_none_or(|why| why == CUT_OFF)
    }
}

/// The result of a write that may be too large for one transaction.
#[derive(Debug)]
pub enum InSlices<T> {
    /// What became of it.
    AtOnce(T),
    /// It is too much for one transaction and is done in slices: a run that is still to be driven.
    Run(Box<Run>),
}

/// An item that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunRefusal {
    /// The position of the item, counted from 0.
    pub index: u64,
    /// The number, or what else the item is about.
    pub subject: String,
    /// Why it was refused, and who stands in the way.
    #[serde(flatten)]
    pub refusal: Refusal,
}

#[cfg(test)]
mod tests {
    use super::RunAct;
    use crate::domain::batch::BatchItem;
    use crate::domain::{Act, Allowed, Role, SkillGroupId};

    #[test]
    fn whoever_lets_a_run_go_on_may_do_whatever_its_items_do() {
        let number = || "0571100".to_owned();
        let skill_group_id = SkillGroupId::new("test@ccc-test");
        let bind = BatchItem::Bind { number: number(), skill_group_id };
        let unbind = BatchItem::Unbind { number: number(), skill_group_id: None };
        let release = BatchItem::Release { number: number(), user_id: None, cool_down_days: None };
        for each in [bind, unbind] {
            assert_eq!(RunAct::Numbers { each }.needs(), Act::BindNumbers);
        }
        assert_eq!(RunAct::Numbers { each: release }.needs(), Act::ManagePersonalNumbers);
        let needed = RunAct::Items.needs();
        for role in [Role::Agent, Role::Manager, Role::Admin, Role::Root] {
            if needed.allowed(role) == Allowed::Yes {
                for act in [Act::BindNumbers, Act::ManagePersonalNumbers] {
                    assert_eq!(act.allowed(role), Allowed::Yes, "{role}: {act:?}");
                }
            }
        }
        assert_eq!(needed, Act::BindNumbers);
    }
}
