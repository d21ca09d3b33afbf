//! `numberd candidates`

use super::paged::{self, Paged};
use super::{Failure, Options, output};
use crate::domain::SearchWords;
use crate::domain::candidate::{CandidateFilter, NoDialling};
use crate::store::{candidates, users};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Candidates {
    /// The user who should get a number.
    #[arg(long, value_name = "ID")]
    user: String,
    /// Show numbers that can't be given to the user too, and what stands in the way.
    #[arg(long)]
    blocked: bool,
    /// Those first that suit the user best: in a city or province of the numbers that they and
    /// their skill groups hold, and of these the ones that nobody has held for longest.
    #[arg(long, conflicts_with = "blocked")]
    suggest: bool,
    /// Only numbers with all of these words, as in `numbers list`.
    #[arg(short, long, value_name = "WORDS", value_parser = paged::words)]
    query: Option<SearchWords>,
    #[command(flatten)]
    paged: Paged,
}

impl Candidates {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let user_id = place.user(&self.user)?;
        let filter = CandidateFilter {
            words: self.query.unwrap_or_default(),
            include_blocked: self.blocked,
            suggested: self.suggest,
        };
        let user = place.read(|tx, of| users::get(tx, of, &user_id))?;
        if !user.active || user.locked {
            let state = if user.active { "locked" } else { "archived" };
            output::error(&format!("{user_id} is {state} and can't be given numbers."));
        }
        place.list(
            &self.paged,
            |tx, of, page| candidates::page(tx, of, &user_id, &filter, page),
            &[
                "NUMBER",
                "ASSIGNABLE",
                "USAGE",
                "PROVINCE",
                "CITY",
                if self.suggest { "NEAR" } else { "WHY NOT, AND WARNINGS" },
            ],
            |candidate| {
                let number = &candidate.phone_number;
                let holders = candidate.reasons.iter().flat_map(|reason| &reason.blocked_by);
                let reasons = holders.map(|holder| format!("held by {holder}"));
                let suits = candidate.suggestion.iter().map(|suggestion| {
                    format!("{}, idle since {}", suggestion.near, suggestion.idle_since.local())
                });
                let warning = candidate.warning.iter().map(|warning| match warning.code {
                    NoDialling::Inactive => "inactive, so nobody can dial out with it",
                    NoDialling::InboundOnly => "for incoming calls only",
                });
                let warning = warning.map(str::to_owned);
                let reasons: Vec<String> = reasons.chain(suits).chain(warning).collect();
                let assignable = if candidate.assignable { "yes" } else { "no" };
                let cells = [
                    &number.number,
                    assignable,
                    number.usage.name(),
                    &number.province,
                    &number.city,
                    &reasons.join("; "),
                ];
                cells.into_iter().map(str::to_owned).collect()
            },
        )
    }
}
