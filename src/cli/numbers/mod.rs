//! `numberd numbers …`

mod add;
mod edit;
mod give;
mod list;
pub(in crate::cli) mod reservations;
mod show;

use super::paged::Paged;
use super::place::Place;
use super::report::{self, Mode};
use super::{Failure, Options};
use crate::ops::runs;
use crate::store::{Migrate, history};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Numbers {
    /// List the numbers of an instance, with who holds them.
    List(list::List),
    /// Show a number: what is kept of it, and who holds it.
    Show(show::Show),
    /// List the account's numbers that are in no instance.
    Unassigned(list::Unassigned),
    /// Add numbers to an instance, out of the account's pool or as new ones.
    Add(add::Add),
    /// Add a range of numbers: from one to another, or a count from one on.
    AddRange(add::AddRange),
    /// Change what is kept of numbers; what is not given stays as it is.
    Edit(edit::Edit),
    /// Take numbers out of an instance, back into the account's pool.
    Remove(Remove),
    /// Give numbers to a user.
    Assign(give::Assign),
    /// Take numbers back, from one user or from everyone who holds them.
    Release(give::Release),
    /// Take numbers from the users who hold them and give them to another.
    Transfer(give::Transfer),
    /// Bind numbers to a skill group.
    Bind(give::Bind),
    /// Unbind numbers from a skill group, or from all that hold them.
    Unbind(give::Unbind),
    /// Keep free numbers for a user, or from everybody, until a moment.
    Hold(give::Hold),
    /// End what keeps numbers before its time: a hold, or a cool-down after a release.
    EndReservation(give::EndReservation),
    /// List the numbers that are cooling down or on hold, the next to be free first.
    Reservations(reservations::List),
    /// Show the history of a number: who held it from when to when, and by whom and why it was
    /// given and taken back.
    History(History),
}

/// The numbers that something is done with.
#[derive(Debug, Args)]
struct Given {
    /// The numbers.
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<String>,
    #[command(flatten)]
    mode: Mode,
}

#[derive(Debug, Args)]
pub(super) struct Remove {
    #[command(flatten)]
    given: Given,
    /// Take them back and unbind them first, and end their contact flows.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct History {
    /// The number; one that was removed since, too.
    number: String,
    #[command(flatten)]
    paged: Paged,
}

impl Numbers {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(options),
            Self::Show(command) => command.run(options),
            Self::Unassigned(command) => command.run(options),
            Self::Add(command) => command.run(options),
            Self::AddRange(command) => command.run(options),
            Self::Edit(command) => command.run(options),
            Self::Remove(Remove { given, force }) => {
                let store = options.open(Migrate::Require)?;
                let (csv, mode, dry_run) = (given.mode.csv, given.mode.mode(), options.dry_run);
                report::run_in_slices(options, csv, &store, move |tx, instance_id| {
                    runs::remove_numbers(tx, instance_id, &given.numbers, force, mode, dry_run)
                })
            }
            Self::Assign(command) => command.run(options),
            Self::Release(command) => command.run(options),
            Self::Transfer(command) => command.run(options),
            Self::Bind(command) => command.run(options),
            Self::Unbind(command) => command.run(options),
            Self::Hold(command) => command.run(options),
            Self::EndReservation(command) => command.run(options),
            Self::Reservations(command) => command.run(options),
            Self::History(History { number, paged }) => {
                let Place { store, instance_id } = options.place()?;
                let found = store.read(|tx| {
                    let page = history::of_number(tx, &instance_id, &number, paged.request())?;
                    history::with_archived(tx, page)
                })?;
                super::history::print(options, paged.csv, &found)
            }
        }
    }
}
