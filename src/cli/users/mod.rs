//! `numberd users …`

mod edit;
mod list;
mod make;

use super::history::print_page;
use super::paged::Paged;
use super::report::{self, Mode};
use super::{Failure, Options, moment, output};
use crate::domain::history::{HeldNumber, HoldingsAt};
use crate::domain::{Timestamp, UserId};
use crate::ops::batch;
use crate::store::{Migrate, history};
use clap::{Args, Subcommand};

/// Users.
#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// List the users of an instance.
    List(list::List),
    /// Create a user with a new login.
    Create(make::Create),
    /// Make people who have a login already users of the instance.
    Import(make::Import),
    /// Change what is kept of a user; what is not given stays as it is.
    Edit(edit::Edit),
    /// Remove users; their logins and their history stay.
    Remove(make::Remove),
    /// List the numbers that a user holds, or held at a moment.
    Numbers(Numbers),
    /// Show the history of a user: their numbers and skill groups, from when to when.
    History(History),
    /// Give all numbers of a user to another: a leaver's to their successor.
    HandOver(HandOver),
}

/// A user's numbers.
#[derive(Debug, Args)]
pub(super) struct Numbers {
    /// The user; one who was removed since, too.
    user: String,
    /// When: RFC 3339, or `YYYY-MM-DD HH:MM` in UTC [default: now].
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
}

/// The history of a user.
#[derive(Debug, Args)]
pub(super) struct History {
    /// The user; one who was removed since, too.
    user: String,
    #[command(flatten)]
    paged: Paged,
}

/// Handing over.
#[derive(Debug, Args)]
pub(super) struct HandOver {
    /// The user who holds the numbers.
    from: String,
    /// The user who gets them.
    #[arg(long, value_name = "USER")]
    to: String,
    #[command(flatten)]
    mode: Mode,
}

impl Users {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(options),
            Self::Create(command) => command.run(options),
            Self::Import(command) => command.run(options),
            Self::Edit(command) => command.run(options),
            Self::Remove(command) => command.run(options),
            Self::Numbers(command) => command.run(options),
            Self::History(History { user, paged }) => {
                let store = options.open(Migrate::Require)?;
                let instance_id = options.instance(&store)?;
                let page = store.read(|tx| {
                    history::of_user(tx, &instance_id, &UserId::new(user), paged.request())
                })?;
                print_page(options.json, page)
            }
            Self::HandOver(HandOver { from, to, mode }) => {
                report::run(options, move |tx, instance_id| {
                    batch::hand_over(
                        tx,
                        instance_id,
                        &UserId::new(from),
                        &UserId::new(to),
                        mode.mode(),
                    )
                })
            }
        }
    }
}

impl Numbers {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let user_id = UserId::new(self.user);
        let found = store.read(|tx| {
            let numbers = history::numbers_of_user_at(tx, &instance_id, &user_id, self.at)?;
            let at = self.at.unwrap_or_else(|| tx.now());
            Ok::<_, crate::domain::Error>(HoldingsAt { user_id, at, numbers })
        })?;
        output::value(options.json, &found, |HoldingsAt { user_id, at, numbers }| {
            if numbers.is_empty() {
                return format!("{user_id} held no number at {at}.");
            }
            let row = |held: &HeldNumber| {
                vec![
                    held.number.clone(),
                    held.since.to_string(),
                    output::moment(held.until.map(Timestamp::millis)),
                ]
            };
            output::table(
                &["NUMBER", "SINCE", "UNTIL"],
                &numbers.iter().map(row).collect::<Vec<_>>(),
            )
        })
    }
}
