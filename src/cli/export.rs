//! `numberd export`

use super::{Failure, Options, names, output};
use crate::domain::Error;
use crate::domain::import::ImportKind;
use crate::domain::sheet::FileFormat;
use crate::http::ListFile;
use crate::store;
use crate::store::phone_numbers::{self, NumberQuery};
use crate::store::skill_groups::{self, SkillGroupQuery};
use crate::store::users::{self, UserQuery};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The new file, or - for standard output.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// What is exported.
    #[arg(
        long,
        value_name = "KIND",
        default_value = "numbers",
        value_parser = names::word_of::<ImportKind>()
    )]
    what: ImportKind,
    /// The format [default: the ending of the file's name, csv without one].
    #[arg(long, value_parser = names::word_of::<FileFormat>())]
    format: Option<FileFormat>,
}

impl Export {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        if options.json && self.is_standard_output() {
            return Err(Failure::usage(format!(
                "A spreadsheet is not JSON: leave --json out, or name a file; `numberd {} list --json` prints JSON.",
                self.what.name()
            )));
        }
        let place = options.place()?;
        if !self.is_standard_output() {
            store::require_new(&self.file)?;
        }
        let format = self.format.map_or_else(|| self.by_name(), Ok)?;
        let (count, bytes) = place.store.read(|tx| {
            let (id, mut file) = (&place.instance_id, ListFile::new(format, tx.directory()));
            let count = match self.what {
                ImportKind::Numbers => file
                    .push_all(|page| phone_numbers::search(tx, id, &NumberQuery::default(), page)),
                ImportKind::Users => {
                    file.push_all(|page| users::search(tx, id, &UserQuery::default(), page))
                }
                ImportKind::Groups => file.push_all(|page| {
                    skill_groups::search(tx, id, &SkillGroupQuery::default(), page)
                }),
            }?;
            Ok::<_, Error>((count, file.finish()?.bytes()?))
        })?;
        if self.is_standard_output() {
            return output::raw(&bytes);
        }
        let what = self.what.name();
        let path = self.file.display().to_string();
        if options.dry_run {
            return output::dry_run(
                options.json,
                &format!("Would write {count} {what} to {path}."),
            );
        }
        store::write_new(&self.file, &bytes)?;
        output::is_done(format!("{path} is written all the same."));
        output::value(options.json, &json!({ "path": path, "what": what, "count": count }), |_| {
            format!("{count} {what} are in {path}.")
        })
    }

    fn is_standard_output(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// The format that the file's name ends with. Any other ending would promise a format that
    /// isn't written.
    fn by_name(&self) -> Result<FileFormat, Failure> {
        let Some(end) = self.file.extension() else { return Ok(FileFormat::Csv) };
        let end = end.to_string_lossy().to_ascii_lowercase();
        FileFormat::from_name(&end).ok_or_else(|| {
            Failure::usage(format!(
                "{}: a file ending in .{end} can't be written; end it in .csv or .xlsx, or choose one of the two with --format.",
                self.file.display()
            ))
        })
    }
}
