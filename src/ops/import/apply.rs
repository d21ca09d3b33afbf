//! Doing what a preview has shown.

use super::{Expected, Imported, Plan, perform};
use crate::domain::batch::RefusalCode;
use crate::domain::import::titles::column_of;
use crate::domain::import::{
    Fault, ImportAct, ImportItem, ImportKind, ImportSettings, Layout, PlannedLine, Steps, Why,
};
use crate::domain::phone_number::NumberDetails;
use crate::domain::sheet::Sheet;
use crate::domain::{Error, InstanceId, SkillGroup, User};
use crate::ops::stop::{Stop, all_or_none};
use crate::store::{ReadTx, WriteTx};

/// The steps that carry out a plan.
pub fn steps(plan: &Plan, sheet: &Sheet) -> Steps {
    let ImportSettings { mode, duplicates } = plan.settings;
    let act = ImportAct {
        what: plan.kind,
        mode,
        duplicates,
        columns: plan.columns.clone(),
        unsaid_stays: false,
    };
    let place = |name: &String| sheet.header.iter().position(|other| column_of(other) == *name);
    let places: Vec<usize> = plan.columns.iter().filter_map(place).collect();
    let item = |planned: &PlannedLine| {
        let line = sheet.line(planned.line)?;
        let cells = places.iter().map(|at| line.cell(*at).to_owned()).collect();
        Some(ImportItem { line: planned.line, version: planned.version, cells })
    };
    let (changing, others): (Vec<_>, Vec<_>) =
        plan.lines.iter().partition(|line| line.outcome.is_change());
    let other = |planned: &PlannedLine| (planned.key.clone(), planned.version);
    Steps {
        act,
        items: changing.into_iter().filter_map(item).collect(),
        others: others.into_iter().map(other).collect(),
    }
}

/// What has changed since the preview among the lines that change nothing. (The other lines
/// are checked as they are done.)
pub fn changed(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    steps: &Steps,
) -> Result<Option<Why>, Error> {
    match steps.act.what {
        ImportKind::Numbers => changed_of::<NumberDetails>(tx, instance_id, steps),
        ImportKind::Users => changed_of::<User>(tx, instance_id, steps),
        ImportKind::Groups => changed_of::<SkillGroup>(tx, instance_id, steps),
    }
}

fn changed_of<T: Imported>(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    steps: &Steps,
) -> Result<Option<Why>, Error> {
    for (key, expected) in &steps.others {
        let version = T::version_of(tx, instance_id, key)?;
        if version != *expected {
            return Ok(Some(Why::SincePreview(key.clone(), *expected, version)));
        }
    }
    Ok(None)
}

/// The line of the file that can't be done, and why.
pub type BadLine = (u64, Why);

/// Does the lines of an import, all of them or none; the first that can't be done any more, and
/// why.
pub fn all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    act: &ImportAct,
    items: &[ImportItem],
) -> Result<Result<(), BadLine>, Error> {
    let one = |item: &ImportItem| line(tx, instance_id, act, item, Some(item.version));
    all_or_none(tx, items, one, |item, refusal| (item.line, refusal.into()))
}

/// Does one line, if everything is still as the preview found it; the preview itself expects
/// nothing.
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

/// What is wrong with a cell, and what is in it.
fn with_value(fault: &Fault) -> String {
    match fault.reason.contains(&format!("\"{}\"", fault.value)) {
        true => fault.sentence(),
        false => format!("{} ({})", fault.sentence(), fault.value),
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
    let (mut entry, faults) = layout.read(item.line, cell);
    if act.unsaid_stays {
        entry.emptied.clear();
    }
    if !faults.is_empty() {
        let sentences: Vec<String> = faults.iter().map(with_value).collect();
        return Err(Stop::refused(RefusalCode::RuleBroken, sentences.join("; ")));
    }
    perform::<T>(tx, instance_id, settings, &entry, expected)
}
