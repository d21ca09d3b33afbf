//! `numberd numbers assign`, `release`, `transfer`, `bind`, `unbind`

use super::Given;
use crate::cli::{Failure, Options, report};
use crate::domain::batch::BatchItem;
use crate::domain::{SkillGroupId, UserId};
use clap::Args;

/// Giving numbers.
#[derive(Debug, Args)]
pub(in crate::cli) struct Assign {
    #[command(flatten)]
    given: Given,
    /// The user who gets them.
    #[arg(long, value_name = "USER")]
    to: String,
}

/// Taking numbers back.
#[derive(Debug, Args)]
pub(in crate::cli) struct Release {
    #[command(flatten)]
    given: Given,
    /// From this user only.
    #[arg(long, value_name = "USER")]
    from: Option<String>,
}

/// Taking numbers and giving them to another.
#[derive(Debug, Args)]
pub(in crate::cli) struct Transfer {
    #[command(flatten)]
    given: Given,
    /// The user who gets them.
    #[arg(long, value_name = "USER")]
    to: String,
    /// The user who has to hold them now.
    #[arg(long, value_name = "USER")]
    from: Option<String>,
}

/// Binding numbers.
#[derive(Debug, Args)]
pub(in crate::cli) struct Bind {
    #[command(flatten)]
    given: Given,
    /// The skill group.
    #[arg(long, value_name = "GROUP")]
    to: String,
}

/// Unbinding numbers.
#[derive(Debug, Args)]
pub(in crate::cli) struct Unbind {
    #[command(flatten)]
    given: Given,
    /// From this skill group only.
    #[arg(long, value_name = "GROUP")]
    from: Option<String>,
}

impl Given {
    fn run(self, options: &Options, item: impl Fn(String) -> BatchItem) -> Result<(), Failure> {
        let mode = self.mode.mode();
        report::run_items(options, mode, self.numbers.into_iter().map(item).collect())
    }
}

impl Assign {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let user_id = UserId::new(self.to);
        self.given.run(options, |number| BatchItem::Assign { number, user_id: user_id.clone() })
    }
}

impl Release {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let user_id = self.from.map(UserId::new);
        self.given.run(options, |number| BatchItem::Release { number, user_id: user_id.clone() })
    }
}

impl Transfer {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let (user_id, from) = (UserId::new(self.to), self.from.map(UserId::new));
        self.given.run(options, |number| BatchItem::Transfer {
            number,
            from: from.clone(),
            user_id: user_id.clone(),
        })
    }
}

impl Bind {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let skill_group_id = SkillGroupId::new(self.to);
        self.given.run(options, |number| BatchItem::Bind {
            number,
            skill_group_id: skill_group_id.clone(),
        })
    }
}

impl Unbind {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let skill_group_id = self.from.map(SkillGroupId::new);
        self.given.run(options, |number| BatchItem::Unbind {
            number,
            skill_group_id: skill_group_id.clone(),
        })
    }
}
