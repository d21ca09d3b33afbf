//! Importing what a spreadsheet says.
//!
//! A line is done by the same functions as everything else, inside a savepoint. A preview does
//! every line in transactions that are taken back, and keeps of each what it did and the version
//! that it found. The import itself does a line only where it finds that version again.

mod apply;
mod groups;
mod numbers;
mod plan;
mod users;

pub(super) use apply::line;
pub use apply::{BadLine, all, changed, steps};
pub use plan::{Failed, Plan, plan};

use super::stop::Stop;
use crate::domain::batch::RefusalCode;
use crate::domain::csv;
use crate::domain::import::{
    CellChange, Duplicates, Entry, ImportLine, ImportSettings, Importable, LineOutcome,
    PlannedLine, Take, Why,
};
use crate::domain::{Error, InstanceId};
use crate::store::{ReadTx, WriteTx};

/// A kind of row that is imported.
trait Imported: Importable + Sized {
    /// The row that a key means, if the instance has it.
    fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, key: &str) -> Result<Option<Self>, Error>;

    /// Its version.
    fn version(&self) -> u64;

    /// The version of the row that a key means, if the instance has it.
    fn version_of(
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        key: &str,
    ) -> Result<Option<u64>, Error> {
        Ok(Self::find(tx, instance_id, key)?.as_ref().map(Self::version))
    }

    /// Makes the row that a line is about.
    fn create(tx: &WriteTx<'_>, instance_id: &InstanceId, line: &Self::Line) -> Result<(), Stop>;

    /// Changes the row to what a line says.
    fn change(
        &self,
        tx: &WriteTx<'_>,
        instance_id: &InstanceId,
        line: &Self::Line,
    ) -> Result<(), Stop>;

    /// The column that a refusal is about; empty when it can't be told.
    fn column_of(code: RefusalCode, is_filled: impl Fn(&str) -> bool) -> &'static str;
}

/// The version that a line must find, where a preview has found it: `Some(None)` for no such row.
type Expected = Option<Option<u64>>;

/// Does a line.
fn perform<T: Imported>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    settings: ImportSettings,
    entry: &Entry<T::Line>,
    expected: Expected,
) -> Result<PlannedLine, Stop> {
    let (says, key) = (&entry.says, entry.says.key());
    let before = T::find(tx, instance_id, key)?;
    let version = before.as_ref().map(T::version);
    if let Some(expected) = expected.filter(|expected| *expected != version) {
        let why = Why::SincePreview(key.to_owned(), expected, version);
        return Err(Stop::because(RefusalCode::ChangedSince, why));
    }
    let planned = |outcome, changes| {
        Ok(PlannedLine { line: entry.line, key: key.to_owned(), outcome, version, changes })
    };
    match (&before, settings.duplicates) {
        (Some(_), Duplicates::Skip) => return planned(LineOutcome::Skipped, Vec::new()),
        (Some(_), Duplicates::Fail) => {
            return Err(Stop::because(RefusalCode::AlreadyExists, Why::Again(key.to_owned())));
        }
        _ => {}
    }
    if let Some(wanted) = says.version().filter(|wanted| Some(*wanted) != version) {
        let why = Why::Stale(key.to_owned(), wanted, version);
        return Err(Stop::because(RefusalCode::ChangedSince, why));
    }
    let Some(before) = before else {
        T::create(tx, instance_id, says)?;
        return planned(LineOutcome::New, Vec::new());
    };
    require_not_emptied(&before, entry)?;
    before.change(tx, instance_id, says)?;
    let after = T::find(tx, instance_id, key)?
        .ok_or_else(|| Error::Internal(format!("{key} is gone after it was changed")))?;
    if Some(after.version()) == version {
        return planned(LineOutcome::Same, Vec::new());
    }
    planned(LineOutcome::Changed, differences(&before, &after)?)
}

/// Checks that the VCC id of a row is the wanted one, if any is wanted: it never changes.
fn require_same_id(key: &str, wanted: Option<&String>, there: &str) -> Result<(), Stop> {
    match wanted.filter(|wanted| *wanted != there) {
        Some(wanted) => Err(Stop::refused(
            RefusalCode::RuleBroken,
            format!("{key} is here with the VCC id {there}, not {wanted}, and keeps it"),
        )),
        None => Ok(()),
    }
}

/// The texts of a row's cells, with the names of the columns that are imported.
fn taken_cells<T: Imported>(row: &T) -> Result<Vec<(&'static str, String)>, Error> {
    let cells = csv::cells(row).map_err(|error| Error::Internal(error.to_string()))?;
    let columns = T::TABLE.iter().zip(cells);
    let taken =
        columns.filter(|(column, _)| column.is_taken() && !matches!(column.take, Take::Version(_)));
    Ok(taken.map(|(column, cell)| (column.path, cell)).collect())
}

/// Checks that an empty cell of a column that can't be emptied finds nothing there either.
fn require_not_emptied<T: Imported>(row: &T, entry: &Entry<T::Line>) -> Result<(), Stop> {
    if entry.emptied.is_empty() {
        return Ok(());
    }
    let mut held = taken_cells(row)?;
    held.retain(|(path, cell)| entry.emptied.contains(path) && !cell.is_empty());
    let held: Vec<(String, String)> =
        held.into_iter().map(|(path, cell)| (csv::name(path), cell)).collect();
    if held.is_empty() {
        return Ok(());
    }
    Err(Stop::because(RefusalCode::RuleBroken, Why::Emptied(held)))
}

fn differences<T: Imported>(before: &T, after: &T) -> Result<Vec<CellChange>, Error> {
    let cells = taken_cells(before)?.into_iter().zip(taken_cells(after)?);
    let changed = cells.filter(|((_, from), (_, to))| from != to);
    let change = |((path, from), (_, to)): ((&'static str, _), (_, _))| CellChange {
        column: csv::name(path),
        from,
        to,
    };
    Ok(changed.map(change).collect())
}
