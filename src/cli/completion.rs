//! `numberd completion`

use super::{Failure, command, output};
use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(super) struct Completion {
    /// The shell.
    shell: Shell,
}

impl Completion {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "numberd", &mut script);
        output::raw(&script)
    }
}
