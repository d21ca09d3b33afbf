//! `numberd changes archive`

use super::super::{Failure, Options, moment, output};
use crate::domain::Timestamp;
use crate::domain::text::counted;
use crate::ops;
use crate::store::change_archives::{self, Lines};
use crate::store::{self, Migrate, Store};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The most changes of one archive, so that the server's own changes wait a moment at most.
const MOST: usize = 50_000;

/// Writes the oldest changes to a file, and removes them once it is safe there.
#[derive(Debug, Args)]
pub(super) struct Archive {
    /// Changes that were made before this moment: a day, `YYYY-MM-DD HH:MM` in local time, or RFC
    /// 3339.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    before: Timestamp,
    /// The new file, or the directory in which it gets a name made of its first and last change
    /// [default: the database's directory]. More than 50,000 changes become several files.
    #[arg(long, value_name = "FILE|DIR")]
    to: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    file: PathBuf,
    first_change_id: i64,
    last_change_id: i64,
    lines: u64,
    sha256: String,
    request_id: String,
}

impl std::fmt::Display for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = counted(self.lines, "change", "changes");
        let (last, file) = (self.last_change_id, self.file.display());
        write!(f, "Archived {count}, up to change {last}, in {file}.")
    }
}

/// The archives that were made.
#[derive(Default, Serialize)]
struct Archives {
    archives: Vec<Made>,
}

impl Archive {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let parts = self.parts(&store)?;
        let files = self.files(options, &parts)?;
        if options.dry_run {
            return output::dry_run(options.json, &self.would(&parts, &files));
        }
        if parts.is_empty() {
            return output::value(options.json, &Archives::default(), |_| self.nothing());
        }
        let mut done = Archives::default();
        for (lines, file) in parts.into_iter().zip(files) {
            let made = archive(options, &store, lines, file)?;
            if !options.json {
                output::line(&made.to_string())?;
            }
            done.archives.push(made);
        }
        if options.json { output::value(true, &done, |_| String::new()) } else { Ok(()) }
    }

    fn parts(&self, store: &Store) -> Result<Vec<Lines>, Failure> {
        store.read(|tx| {
            if self.before > tx.now() {
                let sentence = format!("--before {} is in the future.", self.before.local());
                return Err(Failure::usage(sentence));
            }
            let oldest = change_archives::oldest(tx, self.before)?;
            Ok(oldest.into_iter().flat_map(|lines| lines.parts(MOST)).collect())
        })
    }

    fn nothing(&self) -> String {
        format!("No change in the log was made before {}.", self.before.local())
    }

    fn would(&self, parts: &[Lines], files: &[PathBuf]) -> String {
        let (Some(last), Some(file)) = (parts.last(), files.first()) else {
            return self.nothing();
        };
        let count = parts.iter().map(Lines::count).sum();
        let count = counted(count, "change", "changes");
        let more = match files.len() {
            1 => String::new(),
            files => format!(" and {} more", files - 1),
        };
        format!("Would archive {count}, up to change {}, in {}{more}.", last.last, file.display())
    }

    fn files(&self, options: &Options, parts: &[Lines]) -> Result<Vec<PathBuf>, Failure> {
        let beside = || store::directory_of(&options.database());
        let to = self.to.clone().unwrap_or_else(beside);
        let file = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if to.is_dir() {
            let name = |lines: &Lines| format!("changes-{}-{}.jsonl", lines.first, lines.last);
            return Ok(parts.iter().map(|lines| file(&to.join(name(lines)))).collect());
        }
        store::require_place(&to)?;
        match parts {
            [] | [_] => Ok(vec![file(&to)]),
            several => Err(Failure::usage(format!(
                "There are more than {MOST} changes, which make {} files; name a directory with --to.",
                several.len()
            ))),
        }
    }
}

/// Makes one archive. A file that was left by a run that was killed is used, if it holds the same.
fn archive(options: &Options, store: &Store, lines: Lines, file: PathBuf) -> Result<Made, Failure> {
    if file.symlink_metadata().is_err() {
        store.read(|tx| change_archives::write(tx, lines, &file))?;
    }
    let (author, path) = (options.author(), file.clone());
    let request_id = author.request_id.clone();
    let sha256 = store.write(author, move |tx| ops::change_archives::archive(tx, lines, &path))?;
    output::is_done_by(&request_id);
    Ok(Made {
        file,
        first_change_id: lines.first,
        last_change_id: lines.last,
        lines: lines.count(),
        sha256,
        request_id,
    })
}
