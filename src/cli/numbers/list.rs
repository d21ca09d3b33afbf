//! `numberd numbers list` and `unassigned`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options};
use crate::domain::Page;
use crate::domain::phone_number::{NumberFilter, PhoneNumber, Usage};
use crate::store::phone_numbers::{self, NumberRow};
use crate::store::{Migrate, number_pool};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

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

/// A number with its holder.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    phone_number: PhoneNumber,
    state: &'static str,
    user_id: Option<String>,
    skill_group_ids: Vec<String>,
    provider: String,
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
        let page = Page {
            rows: page.rows.into_iter().map(Listed::from).collect(),
            shown: page.shown,
            total: page.total,
        };
        paged::print(
            options.json,
            page,
            &["NUMBER", "STATE", "HOLDER", "USAGE", "ACTIVE", "PROVINCE", "CITY"],
            Listed::row,
        );
        Ok(())
    }
}

impl Unassigned {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let page =
            store.read(|tx| number_pool::list(tx, self.query.as_deref(), self.paged.request()))?;
        paged::print(options.json, page, &["NUMBER", "PROVINCE", "CITY"], |row| {
            vec![row.number.clone(), row.province.clone(), row.city.clone()]
        });
        Ok(())
    }
}

impl From<NumberRow> for Listed {
    fn from(row: NumberRow) -> Self {
        Self {
            phone_number: PhoneNumber {
                number: row.number,
                usage: row.usage,
                active: row.active,
                province: row.province,
                city: row.city,
                contact_flow_id: row.contact_flow_id,
            },
            state: row.state.name(),
            user_id: row.user_ids.into_iter().next(),
            skill_group_ids: row.skill_group_ids,
            provider: row.provider,
        }
    }
}

impl Listed {
    fn row(&self) -> Vec<String> {
        let number = &self.phone_number;
        let holder = self.user_id.clone().unwrap_or_else(|| self.skill_group_ids.join(" "));
        let active = if number.active { "yes" } else { "no" };
        vec![
            number.number.clone(),
            self.state.to_owned(),
            holder,
            number.usage.name().to_owned(),
            active.to_owned(),
            number.province.clone(),
            number.city.clone(),
        ]
    }
}
