//! `numberd whois`

use super::as_csv::AsCsv;
use super::{Failure, Options, output, past_moment};
use crate::domain::Timestamp;
use crate::domain::history::{Holder, HolderKind, HoldersAt};
use crate::store::history;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Whois {
    /// The number; one that was removed since, too.
    number: String,
    /// When: a day, `YYYY-MM-DD HH:MM` in local time, or RFC 3339 [default: now].
    #[arg(long, value_name = "TIME", value_parser = past_moment)]
    at: Option<Timestamp>,
    #[command(flatten)]
    csv: AsCsv,
}

impl Whois {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { number, at, csv } = self;
        let found = options.place()?.read(|tx, of| history::holders_at(tx, of, number, at))?;
        csv.print(options, &found, &found.holders, |HoldersAt { number, at, holders, archived }| {
            let archived = output::archived(archived.as_ref());
            if holders.is_empty() {
                return format!("Nobody held {number} at {}.{archived}", at.local());
            }
            let row = |holder: &Holder| {
                let kind = match holder.kind {
                    HolderKind::User => "user",
                    HolderKind::SkillGroup => "skill group",
                };
                vec![
                    kind.to_owned(),
                    holder.id.clone(),
                    holder.display_name.clone(),
                    holder.since.local(),
                ]
            };
            output::table(&["KIND", "HOLDER", "NAME", "SINCE"], holders.iter().map(row)) + &archived
        })
    }
}
