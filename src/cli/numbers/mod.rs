//! `numberd numbers …`

mod add;
mod edit;
mod give;
mod list;
pub(in crate::cli) mod reservations;
mod show;

use super::paged::Paged;
use super::report::{self, Mode};
use super::{Failure, Options};
use crate::ops::runs;
use crate::store::history;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Numbers {
    /// List the numbers of an instance, with who holds them.
    List(list::List),
    /// Show a number: what is kept of it, and who holds it.
    Show {
        /// The number.
        number: String,
    },
    /// List the account's numbers that are in no instance.
    Unassigned(list::Unassigned),
    /// Add numbers to an instance, out of the account's pool or as new ones.
    Add(add::Add),
    /// Add a range of numbers: from one to another, or a count from one on.
    AddRange(add::AddRange),
    /// Change what is kept of numbers; what is not given stays as it is.
    Edit(edit::Edit),
    /// Take numbers out of an instance, back into the account's pool.
    Remove {
        #[command(flatten)]
        given: Given,
        /// Take them back and unbind them first, and end their contact flows.
        #[arg(long)]
        force: bool,
    },
    #[command(flatten)]
    Give(give::Give),
    /// List the numbers that are cooling down or on hold, the next to be free first.
    Reservations(reservations::List),
    /// Show the history of a number: who held it from when to when, and by whom and why it was
    /// given and taken back.
    History {
        /// The number; one that was removed since, too.
        number: String,
        #[command(flatten)]
        paged: Paged,
    },
}

/// The numbers that something is done with.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// The numbers.
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<String>,
    #[command(flatten)]
    mode: Mode,
}

impl Numbers {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(options),
            Self::Show { number } => show::run(options, &number),
            Self::Unassigned(command) => command.run(options),
            Self::Add(command) => command.run(options),
            Self::AddRange(command) => command.run(options),
            Self::Edit(command) => command.run(options),
            Self::Remove { given, force } => {
                let (csv, mode) = (given.mode.csv, given.mode.mode());
                report::run(
                    &options.place()?,
                    csv,
                    |_| None,
                    move |tx, of| runs::remove_numbers(tx, of, &given.numbers, force, mode),
                )
            }
            Self::Give(command) => command.run(options),
            Self::Reservations(command) => command.run(options),
            Self::History { number, paged } => {
                let found = options.place()?.read(|tx, of| {
                    let page = history::of_number(tx, of, &number, paged.request())?;
                    history::with_archived(tx, page)
                })?;
                super::history::print(options, paged.csv, &found)
            }
        }
    }
}
