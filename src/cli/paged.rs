//! Pages of lists at the command line.

use super::{Failure, output};
use crate::domain::{Listing, Page, PageRequest, Paging};
use clap::Args;
use serde::Serialize;

/// Which page of a list.
#[derive(Debug, Args)]
pub(super) struct Paged {
    /// Which page; past the end it is the last.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    page: u64,
    /// Rows on a page.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=500))]
    per_page: u64,
}

impl Paged {
    pub(super) fn request(&self) -> PageRequest {
        PageRequest { number: self.page, size: self.per_page, paging: Paging::Clamp }
    }
}

/// A page as JSON, or as a table with a line that tells how much of the list it is.
pub(super) fn print<T: Serialize>(
    json: bool,
    page: Page<T>,
    heading: &[&str],
    row: impl Fn(&T) -> Vec<String>,
) -> Result<(), Failure> {
    let (first, total) = (page.shown.offset() + 1, page.total);
    let shown = Listing::from(page);
    output::value(json, &shown, |shown| {
        if shown.items.is_empty() {
            return "Nothing.".to_owned();
        }
        let rows: Vec<Vec<String>> = shown.items.iter().map(row).collect();
        let last = first + rows.len() as u64 - 1;
        let table = output::table(heading, &rows);
        if total > rows.len() as u64 {
            format!("{table}\n\n{first} to {last} of {total}; --page shows the others.")
        } else {
            table
        }
    })
}
