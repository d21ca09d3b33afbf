//! `numberd swap`

use super::as_csv::AsCsv;
use super::{Failure, Options, report};
use crate::domain::run::InSlices;
use crate::ops::batch;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Swap {
    /// One number.
    one: String,
    /// The other.
    other: String,
    #[command(flatten)]
    csv: AsCsv,
}

impl Swap {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        report::run(
            &options.place()?,
            self.csv,
            |_| None,
            move |tx, of| batch::swap(tx, of, &self.one, &self.other).map(InSlices::AtOnce),
        )
    }
}
