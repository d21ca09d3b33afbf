//! `numberd export`

use super::{Failure, Options, names, output};
use crate::domain::csv::CsvRow;
use crate::domain::import::ImportKind;
use crate::domain::sheet::FileFormat;
use crate::domain::{Error, InstanceId, Page, PageRequest, Paging};
use crate::http::ListFile;
use crate::store::phone_numbers::{self, NumberQuery};
use crate::store::skill_groups::{self, SkillGroupQuery};
use crate::store::users::{self, UserQuery};
use crate::store::{self, ReadTx};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// How many rows are read at once.
const AT_ONCE: u64 = 10_000;

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
        let place = options.place()?;
        if !self.is_standard_output() {
            store::require_new(&self.file)?;
        }
        let format = self.format.map_or_else(|| self.by_name(), Ok)?;
        let (count, bytes) = place.store.read(|tx| {
            let file = File { tx, instance_id: &place.instance_id, format };
            match self.what {
                ImportKind::Numbers => file.write(|tx, instance_id, page| {
                    phone_numbers::search(tx, instance_id, &NumberQuery::default(), page)
                }),
                ImportKind::Users => file.write(|tx, instance_id, page| {
                    users::search(tx, instance_id, &UserQuery::default(), page)
                }),
                ImportKind::Groups => file.write(|tx, instance_id, page| {
                    skill_groups::search(tx, instance_id, &SkillGroupQuery::default(), page)
                }),
            }
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
        output::value(options.json, &json!({ "path": path, "what": what, "count": count }), |_| {
            format!("{count} {what} are in {path}.")
        })
    }

    fn is_standard_output(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// The format that the file's name ends with; another ending promises what is not written.
    fn by_name(&self) -> Result<FileFormat, Failure> {
        let Some(end) = self.file.extension() else { return Ok(FileFormat::Csv) };
        let end = end.to_string_lossy().to_ascii_lowercase();
        FileFormat::from_name(&end).ok_or_else(|| {
            Failure::Usage(format!(
                "{}: a file ending in .{end} can't be written; end it in .csv or .xlsx, or choose one of the two with --format.",
                self.file.display()
            ))
        })
    }
}

/// A list that becomes a file.
struct File<'a> {
    tx: &'a ReadTx<'a>,
    instance_id: &'a InstanceId,
    format: FileFormat,
}

impl File<'_> {
    /// How many rows there are, and the file.
    fn write<T: CsvRow>(
        &self,
        rows: impl Fn(&ReadTx<'_>, &InstanceId, PageRequest) -> Result<Page<T>, Error>,
    ) -> Result<(u64, Vec<u8>), Error> {
        let mut file = ListFile::new(self.format, self.tx.directory());
        let mut number = 1;
        loop {
            let request = PageRequest { number, size: AT_ONCE, paging: Paging::Clamp };
            let page = rows(self.tx, self.instance_id, request)?;
            file.push(&page.rows)?;
            if number * AT_ONCE >= page.total {
                return Ok((page.total, file.finish()?.bytes()?));
            }
            number += 1;
        }
    }
}
