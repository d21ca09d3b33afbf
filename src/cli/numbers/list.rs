//! `numberd numbers list` and `unassigned`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options};
use crate::domain::phone_number::{NumberDetails, NumberFilter, Usage};
use crate::store::phone_numbers;
use crate::store::{Migrate, number_pool};
use clap::Args;
use clap::builder::PossibleValuesParser;

/// Listing numbers.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only numbers that contain this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    /// Only numbers of this usage.
    #[arg(long, value_parser = PossibleValuesParser::new(Usage::NAMES))]
    usage: Option<String>,
    /// Only numbers that can (true) or can't (false) be used.
    #[arg(long)]
    active: Option<bool>,
    #[command(flatten)]
    paged: Paged,
}

/// Listing the account's pool.
#[derive(Debug, Args)]
pub(in crate::cli) struct Unassigned {
    /// Only numbers that contain this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    #[command(flatten)]
    paged: Paged,
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let filter = NumberFilter {
            search_pattern: self.query,
            usage: self.usage.as_deref().and_then(Usage::from_name),
            active: self.active,
        };
        let page = store
            .read(|tx| phone_numbers::list(tx, &instance_id, &filter, self.paged.request()))?;
        paged::print(
            options.json,
            page,
            &["NUMBER", "STATE", "HOLDER", "USAGE", "ACTIVE", "PROVINCE", "CITY"],
            row,
        )
    }
}

impl Unassigned {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let page =
            store.read(|tx| number_pool::list(tx, self.query.as_deref(), self.paged.request()))?;
        paged::print(options.json, page, &["NUMBER", "PROVINCE", "CITY"], |row| {
            vec![row.number.clone(), row.province.clone(), row.city.clone()]
        })
    }
}

fn row(number: &NumberDetails) -> Vec<String> {
    let holders: Vec<&str> = number.holders.iter().map(|holder| holder.id.as_str()).collect();
    let active = if number.active { "yes" } else { "no" };
    vec![
        number.number.clone(),
        number.state.name().to_owned(),
        holders.join(" "),
        number.usage.name().to_owned(),
        active.to_owned(),
        number.province.clone(),
        number.city.clone(),
    ]
}
