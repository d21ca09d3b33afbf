//! Pages of lists at the command line.

use super::as_csv::AsCsv;
use super::{Failure, Options, names, output};
use crate::domain::csv::CsvRow;
use crate::domain::search_words::{MOST_WORDS, TooManyWords};
use crate::domain::{Listing, Order, Page, PageRequest, Paging, SearchWords, Word};
use clap::Args;
use serde::Serialize;

/// More rows than a list has.
const WHOLE: u64 = u32::MAX as u64;

/// Which page of a list.
#[derive(Debug, Args)]
pub(super) struct Paged {
    /// Which page; past the end it is the last [default: 1].
    #[arg(
        long,
        allow_negative_numbers = true,
        value_parser = names::between(1..=1_000_000_000_u64)
    )]
    page: Option<u64>,
    /// Rows on a page [default: 100; with --csv, the whole list].
    #[arg(long, allow_negative_numbers = true, value_parser = names::between(1..=500_u64))]
    per_page: Option<u64>,
    /// The whole list.
    #[arg(long, conflicts_with_all = ["page", "per_page"])]
    all: bool,
    #[command(flatten)]
    pub(super) csv: AsCsv,
}

pub(super) fn words(text: &str) -> Result<SearchWords, String> {
    SearchWords::parse(text).map_err(|TooManyWords(count)| {
        format!("the search must have at most {MOST_WORDS} words, not {count}")
    })
}

impl Paged {
    pub(super) fn request(&self) -> PageRequest {
        let is_part = self.page.is_some() || self.per_page.is_some();
        let usual = if self.all || self.csv.is_wanted() && !is_part { WHOLE } else { 100 };
        let (number, size) = (self.page.unwrap_or(1), self.per_page.unwrap_or(usual));
        PageRequest { number, size, paging: Paging::Clamp }
    }

    /// A page as JSON or CSV, or as a table with a line that says how much of the list it is.
    pub(super) fn print<T: Serialize + CsvRow>(
        &self,
        options: &Options,
        page: Page<T>,
        heading: &[&str],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), Failure> {
        let listing = Listing::from(page);
        self.csv.print(options, &listing, &listing.items, |shown| text(shown, heading, row))
    }
}

/// A page as a table, with a line that says how much of the list it is.
pub(super) fn text<T>(
    shown: &Listing<T>,
    heading: &[&str],
    row: impl Fn(&T) -> Vec<String>,
) -> String {
    if shown.items.is_empty() {
        return "Nothing.".to_owned();
    }
    let (first, total) = ((shown.page - 1).saturating_mul(shown.per_page) + 1, shown.total);
    let count = shown.items.len() as u64;
    let last = first + count - 1;
    let table = output::table(heading, shown.items.iter().map(row));
    if total > count {
        format!(
            "{table}\n\n{first} to {last} of {total}; --page shows the others, --all all of them."
        )
    } else {
        table
    }
}

/// Reads what a list is sorted by: one of the keys, or one with `-` in front.
pub(super) fn order<K: Word>(text: &str) -> Result<Order<K>, String> {
    Order::parse(text).ok_or_else(|| format!("it must be one of {}", K::NAMES.join(", ")))
}
