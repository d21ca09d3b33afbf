//! `numberd man`

use super::{Failure, command, output};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Man {
    /// Write one page for each command into this directory, instead of printing the first.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self) -> Result<(), Failure> {
        if let Some(directory) = self.to {
            return clap_mangen::generate_to(command(), &directory).map_err(|error| {
                Failure::usage(format!("{} can't be written: {error}.", directory.display()))
            });
        }
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command()).render(&mut page);
        rendered.map_err(|error| Failure::usage(format!("The page can't be made: {error}.")))?;
        output::raw(&page)
    }
}
