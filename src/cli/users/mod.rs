//! `numberd users …`

mod edit;
mod forget;
mod list;
mod make;
mod show;

use super::as_csv::AsCsv;
use super::paged::Paged;
use super::report::{self, Mode};
use super::{Failure, Options, output, past_moment};
use crate::domain::Timestamp;
use crate::domain::history::{HeldNumber, HoldingsAt};
use crate::ops::runs;
use crate::store::history;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// List the users of an instance, with how many numbers each holds.
    List(list::List),
    /// Show a user: what is kept of them, their numbers and their skill groups.
    Show {
        /// The user.
        user: String,
    },
    /// Create a user with a new login.
    Create(make::Create),
    /// Make people who have a login already users of the instance.
    Import(make::Import),
    /// Change what is kept of a user; what is not given stays as it is.
    Edit(edit::Edit),
    /// Remove users; their logins and their history stay.
    Remove(make::Remove),
    /// Erase a person's data everywhere, the change log included; the numbers' history stays.
    Forget(forget::Forget),
    /// List the numbers that a user holds, or held at a moment.
    Numbers {
        /// The user; one who was removed since, too.
        user: String,
        /// When: a day, `YYYY-MM-DD HH:MM` in local time, or RFC 3339 [default: now].
        #[arg(long, value_name = "TIME", value_parser = past_moment)]
        at: Option<Timestamp>,
        #[command(flatten)]
        csv: AsCsv,
    },
    /// Show the history of a user: their numbers and skill groups, from when to when.
    History {
        /// The user; one who was removed since, too.
        user: String,
        #[command(flatten)]
        paged: Paged,
    },
    /// Give all numbers of a user to another: a leaver's to their successor.
    HandOver {
        /// The user who holds the numbers.
        from: String,
        /// The user who gets them.
        #[arg(long, alias = "user", value_name = "USER")]
        to: String,
        #[command(flatten)]
        mode: Mode,
    },
}

impl Users {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(options),
            Self::Show { user } => show::run(options, &user),
            Self::Create(command) => command.run(options),
            Self::Import(command) => command.run(options),
            Self::Edit(command) => command.run(options),
            Self::Remove(command) => command.run(options),
            Self::Forget(command) => command.run(options),
            Self::Numbers { user, at, csv } => numbers(options, csv, &user, at),
            Self::History { user, paged } => {
                let place = options.place()?;
                let user_id = place.user_id(&user);
                let found = place.read(|tx, of| {
                    let page = history::of_user(tx, of, &user_id, paged.request())?;
                    history::with_archived(tx, page)
                })?;
                super::history::print(options, paged.csv, &found)
            }
            Self::HandOver { from, to, mode } => {
                let place = options.place()?;
                let (from, to) = (place.user(&from)?, place.user(&to)?);
                if from == to {
                    return Err(Failure::usage(format!("{from} can't hand over to themselves.")));
                }
                report::run(
                    &place,
                    mode.csv,
                    |_| None,
                    move |tx, of| runs::hand_over(tx, of, &from, &to, mode.mode()),
                )
            }
        }
    }
}

fn numbers(
    options: &Options,
    csv: AsCsv,
    user: &str,
    at: Option<Timestamp>,
) -> Result<(), Failure> {
    let place = options.place()?;
    let user_id = place.user_id(user);
    let found = place.read(|tx, of| {
        let numbers = history::numbers_of_user_at(tx, of, &user_id, at)?;
        Ok(HoldingsAt { user_id, at: at.unwrap_or_else(|| tx.now()), numbers })
    })?;
    csv.print(options, &found, &found.numbers, |HoldingsAt { user_id, at, numbers }| {
        if numbers.is_empty() {
            return format!("{user_id} held no number at {}.", at.local());
        }
        let row = |held: &HeldNumber| {
            vec![held.number.clone(), held.since.local(), output::local(held.until)]
        };
        output::table(&["NUMBER", "SINCE", "UNTIL"], numbers.iter().map(row))
    })
}
