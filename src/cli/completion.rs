//! `numberd completion`

use super::{Cli, Failure, output};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

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
        output::raw(&script)
    }
}
