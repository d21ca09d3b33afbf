//! `numberd numbers assign`, `release`, `transfer`, `bind`, `unbind`, `hold`, `end-reservation`

use super::Given;
use crate::cli::place::Place;
use crate::cli::{Failure, Options, moment, names, report};
use crate::domain::batch::BatchItem;
use crate::domain::{SkillGroupId, Timestamp, UserId};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Give {
    /// Give numbers to a user.
    Assign {
        #[command(flatten)]
        given: Given,
        /// The user who gets them.
        #[arg(long, alias = "user", value_name = "USER")]
        to: String,
    },
    /// Take numbers back, from one user or from everyone who holds them.
    Release {
        #[command(flatten)]
        given: Given,
        /// From this user only.
        #[arg(long, alias = "user", value_name = "USER")]
        from: Option<String>,
        /// For how many days a number is kept for its last holder [default: what the instance
        /// says].
        #[arg(long, value_name = "DAYS", value_parser = names::cool_down_days())]
        cool_down: Option<u32>,
    },
    /// Take numbers from the users who hold them and give them to another.
    Transfer {
        #[command(flatten)]
        given: Given,
        /// The user who gets them.
        #[arg(long, alias = "user", value_name = "USER")]
        to: String,
        /// The user who has to hold them now.
        #[arg(long, value_name = "USER")]
        from: Option<String>,
    },
    /// Bind numbers to a skill group.
    Bind {
        #[command(flatten)]
        given: Given,
        /// The skill group.
        #[arg(long, alias = "group", value_name = "GROUP")]
        to: String,
    },
    /// Unbind numbers from a skill group, or from all that hold them.
    Unbind {
        #[command(flatten)]
        given: Given,
        /// From this skill group only.
        #[arg(long, alias = "group", value_name = "GROUP")]
        from: Option<String>,
    },
    /// Keep free numbers for a user, or from everybody, until a moment.
    Hold {
        #[command(flatten)]
        given: Given,
        /// The user whom they are kept for [default: nobody is given them].
        #[arg(long = "for", alias = "user", value_name = "USER")]
        user: Option<String>,
        /// Until when: a day, `YYYY-MM-DD HH:MM` in local time, or RFC 3339.
        #[arg(long, value_name = "TIME", value_parser = moment)]
        until: Timestamp,
    },
    /// End what keeps numbers before its time: a hold, or a cool-down after a release.
    EndReservation {
        #[command(flatten)]
        given: Given,
    },
}

impl Give {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        // What is done with each number has the number filled in.
        let number = String::new();
        let (given, each) = match self {
            Self::Assign { given, to } => {
                (given, BatchItem::Assign { number, user_id: place.user(&to)? })
            }
            Self::Release { given, from, cool_down: cool_down_days } => {
                let user_id = user(&place, from)?;
                (given, BatchItem::Release { number, user_id, cool_down_days })
            }
            Self::Transfer { given, to, from } => {
                let (user_id, from) = (place.user(&to)?, user(&place, from)?);
                (given, BatchItem::Transfer { number, from, user_id })
            }
            Self::Bind { given, to } => {
                (given, BatchItem::Bind { number, skill_group_id: place.group(&to)? })
            }
            Self::Unbind { given, from } => {
                let group = |from: String| place.group(&from);
                let skill_group_id: Option<SkillGroupId> = from.map(group).transpose()?;
                (given, BatchItem::Unbind { number, skill_group_id })
            }
            Self::Hold { given, user: whom, until } => {
                (given, BatchItem::Hold { number, user_id: user(&place, whom)?, until })
            }
            Self::EndReservation { given } => (given, BatchItem::EndReservation { number }),
        };
        let items = given.numbers.into_iter().map(|number| each.of(number)).collect();
        report::run_items(&place, given.mode.csv, given.mode.mode(), items)
    }
}

fn user(place: &Place<'_>, named: Option<String>) -> Result<Option<UserId>, Failure> {
    named.map(|named| place.user(&named)).transpose()
}
