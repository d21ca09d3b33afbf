//! Doing what a preview has shown.

use super::{Expected, Imported, Plan, perform};
use crate::domain::batch::RefusalCode;
use crate::domain::import::{
    Fault, ImportAct, ImportItem, ImportKind, ImportSettings, Layout, LineOutcome, PlannedLine,
};
use crate::domain::phone_number::NumberDetails;
use crate::domain::sheet::Sheet;
use crate::domain::{Error, InstanceId, SkillGroup, User};
use crate::ops::stop::{Ending, Stop};
use crate::store::WriteTx;

/// The lines of a plan that change anything.
pub fn items(plan: &Plan, sheet: &Sheet) -> (ImportAct, Vec<ImportItem>) {
    let ImportSettings { mode, duplicates } = plan.settings;
    let act = ImportAct { what: plan.kind, mode, duplicates, columns: plan.columns.clone() };
    let place =
        |name: &String| sheet.header.iter().position(|other| other.eq_ignore_ascii_case(name));
    let places: Vec<usize> = plan.columns.iter().filter_map(place).collect();
    let changes = |outcome| matches!(outcome, LineOutcome::New | LineOutcome::Changed);
    let item = |planned: &PlannedLine| {
        let line = sheet.line(planned.line)?;
        let cells = places.iter().map(|at| line.cell(*at).to_owned()).collect();
        Some(ImportItem { line: planned.line, version: planned.version, cells })
    };
    let items = plan.lines.iter().filter(|line| changes(line.outcome)).filter_map(item).collect();
    (act, items)
}

/// Does the lines of an import, all of them or none; the fault of the first that can't be done any
/// more.
///
/// # Errors
/// Those of the database.
pub fn all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    act: &ImportAct,
    items: &[ImportItem],
) -> Result<Result<u64, Fault>, Error> {
    let done = tx.attempt(|| -> Result<(), Ending<Fault>> {
        for item in items {
            match tx.attempt(|| line(tx, instance_id, act, item, Some(item.version))) {
                Ok(_) => {}
                Err(Stop::Refused(refusal)) => {
                    let fault = Fault::new(item.line, String::new(), "", refusal.detail);
                    return Err(Ending::TakenBack(fault));
                }
                Err(Stop::Failed(error)) => return Err(Ending::Failed(error)),
            }
        }
        Ok(())
    });
    match done {
        Ok(()) => Ok(Ok(items.len() as u64)),
        Err(Ending::TakenBack(fault)) => Ok(Err(fault)),
        Err(Ending::Failed(error)) => Err(error),
    }
}

/// Does one line, if it still finds what the preview has found; a preview expects nothing.
pub(in crate::ops) fn line(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    act: &ImportAct,
    item: &ImportItem,
    expected: Expected,
) -> Result<PlannedLine, Stop> {
    match act.what {
        ImportKind::Numbers => line_of::<NumberDetails>(tx, instance_id, act, item, expected),
        ImportKind::Users => line_of::<User>(tx, instance_id, act, item, expected),
        ImportKind::Groups => line_of::<SkillGroup>(tx, instance_id, act, item, expected),
    }
}

fn line_of<T: Imported>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    act: &ImportAct,
    item: &ImportItem,
    expected: Expected,
) -> Result<PlannedLine, Stop> {
    let settings = ImportSettings { mode: act.mode, duplicates: act.duplicates };
    let layout = Layout::of::<T>(&act.columns, settings)
        .map_err(|name| Error::Internal(format!("line {} of an import: {name}", item.line)))?;
    let cell = |at: usize| (item.cells.get(at).map_or("", String::as_str), None);
    let (entry, faults) = layout.read(item.line, cell);
    if let Some(fault) = faults.into_iter().next() {
        let sentence = format!("{} ({})", fault.sentence(), fault.value);
        return Err(Stop::refused(RefusalCode::RuleBroken, sentence));
    }
    perform::<T>(tx, instance_id, settings, &entry, expected)
}
