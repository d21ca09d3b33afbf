//! Spreadsheets: sent and previewed first, applied in another request exactly as previewed.

use super::call::{Resources, Then};
use super::fields::{Nothing, fields};
use super::path::ImportId;
use super::problem::{Failure, Result};
use super::reply::{self, File, OfDryRun, Plain, Respond, Schemas};
use super::request::Write;
use super::scope::InInstance;
use crate::domain::import::{Duplicates, Fault, ImportKind, ImportMode, ImportSettings};
use crate::domain::previewed_import::Import;
use crate::domain::run::InSlices;
use crate::domain::{Author, Error};
use crate::http::{Answer, Upload};
use crate::ops::access::{Reading, Writing};
use crate::ops::imports::{self, Unreadable};
use crate::store::imports as stored;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Response;

fields! {
    /// How a file is read.
    FileToImport {
        /// What is in it.
        what: ImportKind = default(one_of::<ImportKind>(), ImportKind::default()),
        /// What an empty cell means: `merge` leaves the value as it is, `overwrite` empties it.
        mode: ImportMode = default(one_of::<ImportMode>(), ImportMode::default()),
        /// What is done with what is there already.
        duplicates: Duplicates = default(one_of::<Duplicates>(), Duplicates::default()),
    }
    /// Which preview is applied, and how.
    ImportToApply = r#"{"plan": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "best_effort": true, "reason": "the list of the new office"}"# {
        /// The `plan` of the preview.
        plan: String = required(text(64, 64)),
        /// Whether the other lines are imported when some can't be.
        best_effort: bool = default(flag(), false),
    }
}

pub(super) struct Previewed(Import);

impl Respond for Previewed {
    const STATUS: u16 = 201;
    const REPORTS_DRY_RUN: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        let id = self.0.import_id.as_deref().unwrap_or_default();
        let location = format!("{}/instances/{}/imports/{id}", super::ROOT, self.0.instance_id);
        Ok(reply::json(201, &self.0)?.with("location", location))
    }

    fn answer_dry_run(self, _: super::dry_run::DryRun) -> Result<Answer, Error> {
        Plain(Import { import_id: None, ..self.0 }).answer()
    }

    fn describe(schemas: &mut Schemas) -> Response {
        reply::described::<Import>("What the file would do; it is kept for a day.", schemas)
            .header("Location", reply::header("Where it is kept."))
            .build()
    }

    fn describe_other(schemas: &mut Schemas) -> Option<(u16, Response)> {
        let text = "The same for a dry run, but it is not kept.";
        Some((200, reply::described::<Import>(text, schemas).build()))
    }
}

/// Previews a file.
pub(super) fn create(
    resources: &Resources,
    author: &Author,
    entry: &InInstance,
    (): (),
    FileToImport { what, mode, duplicates }: FileToImport,
    file: &Upload,
) -> Result<Then<InInstance, Previewed>> {
    let (settings, store) = (ImportSettings { mode, duplicates }, &resources.store);
    let bytes = || file.bytes();
    let found = imports::preview(store, author, entry, what, settings, bytes, Fault::sentence);
    let found = found.map_err(|why| match why {
        Unreadable::File(why) => Failure::FileUnreadable(format!("{why}.")),
        Unreadable::Header(header) => Failure::FileUnreadable(format!("{header}.")),
        Unreadable::Store(error) => error.into(),
    })?;
    Ok(Box::new(move |tx, entry| Ok(Previewed(imports::keep(tx, entry, &found)?))))
}

/// A preview, and what became of it.
pub(super) fn get(at: Reading<'_>, (id,): (ImportId,), _: Nothing) -> Result<Plain<Import>> {
    Ok(Plain(imports::require(at.tx, at.place, &id.0)?))
}

/// The lines that can't be imported.
pub(super) fn bad_lines(at: Reading<'_>, (id,): (ImportId,), _: Nothing) -> Result<File> {
    imports::require(at.tx, at.place, &id.0)?;
    let text = stored::bad_lines(at.tx, &id.0)?;
    Ok(File { name: "bad-lines", text })
}

/// What was applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ImportReport {
    /// Whether nothing was kept.
    dry_run: bool,
    /// Whether the lines are in.
    applied: bool,
    /// The number of lines that were done.
    done: u64,
    /// The number of lines that can't be imported, and were left out.
    refused: usize,
}

impl OfDryRun for ImportReport {
    fn of_dry_run(self) -> Self {
        Self { dry_run: true, applied: false, ..self }
    }
}

/// Does what a preview has shown.
pub(super) fn apply(
    at: Writing<'_>,
    (id,): (ImportId,),
    write: Write<ImportToApply>,
) -> Result<InSlices<ImportReport>> {
    let refused = imports::require(at.tx, at.place, &id.0)?.preview.refused;
    let ImportToApply { plan, best_effort } = write.fields;
    match imports::apply(at.tx, at.place, &id.0, &plan, best_effort)? {
        InSlices::AtOnce(Ok(done)) => {
            let report = ImportReport { dry_run: false, applied: true, done, refused };
            Ok(InSlices::AtOnce(report))
        }
        InSlices::Run(run) if write.dry_run => Ok(InSlices::AtOnce(ImportReport {
            dry_run: true,
            applied: false,
            done: run.total,
            refused,
        })),
        InSlices::Run(run) => Ok(InSlices::Run(run)),
        InSlices::AtOnce(Err(why)) => Err(Failure::NotApplied(why)),
    }
}
