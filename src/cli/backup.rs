//! `numberd backup`

use super::{Failure, Options, output};
use crate::store::backup::{BackupError, Progress};
use crate::store::{FileError, Migrate};
use clap::Args;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// A backup.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The new file, or the directory in which it gets a name made of the time.
    #[arg(long, value_name = "FILE|DIR")]
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        if options.dry_run {
            let (from, to) = (options.database(), self.to.display());
            return output::dry_run(
                options.json,
                &format!("Would copy {} to {to}.", from.display()),
            );
        }
        let mut meter = Meter::new();
        let made = store.backup(&self.to, |progress| meter.show(progress))?;
        drop(meter);
        output::value(options.json, &made, |made| made.path.display().to_string())
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let text = error.to_string();
        let text = if text.ends_with('.') { text } else { format!("{text}.") };
        match error {
            BackupError::Exists(_) | BackupError::InUse(_) => Self::Conflict(text),
            BackupError::Unsound(..) | BackupError::File(_) | BackupError::Store(_) => {
                Self::Database(text)
            }
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let text = format!("{error}.");
        match error {
            FileError::Exists(_) => Self::Conflict(text),
            FileError::Unusable(_) | FileError::Store(_) => Self::Database(text),
        }
    }
}

/// A percentage on standard error, when that is a terminal; it goes away when the work is done.
pub(super) struct Meter {
    shown: Option<u64>,
    terminal: bool,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self { shown: None, terminal: std::io::stderr().is_terminal() }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        self.tell(progress.done, progress.total, "copied");
    }

    pub(super) fn tell(&mut self, done: u64, total: u64, what: &str) {
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
        if self.terminal && self.shown != Some(percent) {
            self.shown = Some(percent);
            let _ = write!(std::io::stderr().lock(), "\r{percent:3} % {what}");
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.shown.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r            \r");
        }
    }
}
