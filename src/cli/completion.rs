//! `numberd completion`

use super::{Cli, Failure};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;

/// Completions for a shell.
#[derive(Debug, Args)]
pub(super) struct Completion {
    /// The shell.
    shell: Shell,
}

impl Completion {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "numberd", &mut script);
        // A reader that went away is no error.
        let _ = std::io::stdout().lock().write_all(&script);
        Ok(())
    }
}
