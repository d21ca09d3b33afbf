//! `numberd backup`

use super::as_csv::AsCsv;
use super::{Failure, Options, output};
use crate::domain::text::counted;
use crate::store::backup::{self, BackupError, Progress};
use crate::store::backups::{self, Keep, Listed, Name};
use crate::store::{self, FileError, Migrate};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Backup {
    /// The new file, or the directory in which it gets a name made of the time.
    #[arg(long, value_name = "FILE|DIR", required = true)]
    to: Option<PathBuf>,
    /// What the backup is called, in a directory; one with a name is never removed by --keep.
    #[arg(long, value_name = "NAME")]
    name: Option<Name>,
    /// Then remove what the directory need not keep: all but a number of backups (14), those of a
    /// time (30d), or both (30d,14).
    #[arg(long, value_name = "LIMITS")]
    keep: Option<Keep>,
    #[command(subcommand)]
    command: Option<BackupCommand>,
}

#[derive(Debug, Subcommand)]
enum BackupCommand {
    /// List the backups in a directory, newest first.
    List {
        /// The directory [default: backups, beside the database].
        directory: Option<PathBuf>,
        #[command(flatten)]
        csv: AsCsv,
    },
}

#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    made: backup::Backup,
    removed: Vec<Listed>,
}

impl Backup {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match (self.command, self.to) {
            (Some(BackupCommand::List { directory: Some(directory), .. }), _)
                if !directory.is_dir() =>
            {
                let sentence = format!("{} is not a directory.", directory.display());
                Err(Failure::not_found(sentence))
            }
            (Some(BackupCommand::List { directory, csv }), _) => list(
                options,
                csv,
                &directory.unwrap_or_else(|| options.database().with_file_name("backups")),
            ),
            (None, Some(to)) => make(options, &to, self.name.as_ref(), self.keep),
            (None, None) => Err(Failure::usage("--to names the file or directory.")),
        }
    }
}

fn make(
    options: &Options,
    to: &Path,
    name: Option<&Name>,
    keep: Option<Keep>,
) -> Result<(), Failure> {
    let store = options.open(Migrate::Require)?;
    if !to.is_dir() && (name.is_some() || keep.is_some()) {
        return Err(Failure::usage(format!(
            "{} is not a directory: --name and --keep are about the backups in one.",
            to.display()
        )));
    }
    let now = store.clock().now();
    // The new backup counts among those that are kept, unless it has a name.
    let superfluous = |to_come| match keep {
        Some(keep) => store
            .backups_in(to)
            .map(|own| backups::superfluous(own, keep, store.clock().now(), to_come)),
        None => Ok(Vec::new()),
    };
    if !to.is_dir() {
        store::require_new(to)?;
    }
    if options.dry_run {
        let removed = match superfluous(usize::from(name.is_none()))?.len() {
            0 => String::new(),
            count => {
                let older = counted(count as u64, "older one", "older ones");
                format!(" Would remove {older}.")
            }
        };
        let (from, to) = (options.database(), to.display());
        let would = format!("Would copy {} to {to}.{removed}", from.display());
        return output::dry_run(options.json, &would);
    }
    let target = match name {
        Some(name) => to.join(backups::file_name(now, Some(name))),
        None => to.to_owned(),
    };
    let mut meter = Meter::new();
    let made = store.backup(&target, |progress| meter.show(progress))?;
    drop(meter);
    output::is_done(format!("The backup is made all the same: {}.", made.path.display()));
    let removed = superfluous(0)?;
    backups::remove(&removed)?;
    output::value(options.json, &Done { made, removed }, |done| {
        let removed = done.removed.iter();
        let removed = removed.map(|old| format!("\nremoved {}", old.path.display()));
        format!("{}{}", done.made.path.display(), removed.collect::<String>())
    })
}

fn list(options: &Options, csv: AsCsv, directory: &Path) -> Result<(), Failure> {
    let found = backups::list(directory)?;
    csv.print(options, &found, &found, |found| {
        if found.is_empty() {
            return format!("There is no backup in {}.", directory.display());
        }
        let row = |backup: &Listed| {
            let name = backup.name.as_ref().map(Name::as_str).unwrap_or_default();
            vec![
                backup.begun_at.local(),
                backup.bytes.to_string(),
                name.to_owned(),
                backup.path.display().to_string(),
            ]
        };
        output::table(&["BEGUN", "BYTES", "NAME", "FILE"], found.iter().map(row))
    })
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let text = error.to_string();
        let text = if text.ends_with('.') { text } else { format!("{text}.") };
        match error {
            BackupError::Exists(_) | BackupError::InUse(_) => Self::conflict(text),
            BackupError::Unsound(..) | BackupError::File(_) | BackupError::Store(_) => {
                Self::database(text)
            }
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let text = format!("{error}.");
        match error {
            FileError::Exists(_) => Self::conflict(text),
            FileError::Unusable(_) | FileError::Store(_) => Self::database(text),
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
