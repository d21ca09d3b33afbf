//! Spreadsheets that are previewed first and applied later, in another request.

use super::access;
use super::import::{self, Failed};
use super::runs;
use crate::domain::import::{
    Fault, ImportKind, ImportSettings, Preview, Steps, Why, WrongHeader, bad_lines,
};
use crate::domain::previewed_import::Import;
use crate::domain::run::InSlices;
use crate::domain::sheet::{self, Sheet};
use crate::domain::{Author, Error, InstanceAccess, Missing};
use crate::store::{ReadTx, Store, WriteTx, imports};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// One file is looked at after the other: each may take as much memory as everything else.
static TURN: Mutex<()> = Mutex::new(());

/// What was found in a file.
pub struct Found {
    preview: Preview,
    steps: Steps,
    bad_lines: String,
}

/// Why there is no preview.
#[derive(Debug)]
pub enum Unreadable {
    /// The file can't be read.
    File(sheet::Unreadable),
    /// Its first line is not the header of such a list.
    Header(WrongHeader),
    /// The database fails.
    Store(Error),
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Finds out what a file would do; nothing of it stays. What is wrong with a line is written into
/// the file of bad lines as `say` says it.
pub fn preview(
    store: &Store,
    author: &Author,
    access: &InstanceAccess,
    kind: ImportKind,
    settings: ImportSettings,
    file: impl FnOnce() -> std::io::Result<Vec<u8>>,
    say: impl Fn(&Fault) -> String,
) -> Result<Found, Unreadable> {
    access::require(access, kind.needs())?;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let bytes =
        file().map_err(|error| Error::Internal(format!("a file can't be read: {error}")))?;
    let sheet = Sheet::read(&bytes).map_err(Unreadable::File)?;
    drop(bytes);
    // The reason is asked for when it is applied.
    let author = Author { reason: "preview".to_owned(), ..author.clone() };
    let plan = import::plan(store, &author, &access.instance_id, kind, settings, &sheet);
    let plan = plan.map_err(|failed| match failed {
        Failed::Header(faults) => Unreadable::Header(WrongHeader::new(&sheet, faults)),
        Failed::Store(error) => Unreadable::Store(error),
    })?;
    let bad_lines =
        if plan.faults.is_empty() { String::new() } else { bad_lines(&sheet, &plan.faults, say) };
    let steps = import::steps(&plan, &sheet);
    Ok(Found { preview: plan.preview(&sheet).cut(), steps, bad_lines })
}

/// Keeps what was found, for a day.
pub fn keep(tx: &WriteTx<'_>, access: &InstanceAccess, found: &Found) -> Result<Import, Error> {
    let Found { preview, steps, bad_lines } = found;
    let import_id = imports::insert(tx, &access.instance_id, preview, steps, bad_lines)?;
    require(tx, access, &import_id)
}

/// A preview, for somebody who may do what it does.
pub fn require(tx: &ReadTx<'_>, access: &InstanceAccess, import_id: &str) -> Result<Import, Error> {
    let import = imports::find(tx, &access.instance_id, import_id)?
        .ok_or_else(|| Error::NotFound(Missing::Import(import_id.to_owned())))?;
    access::require(access, import.preview.what.needs())?;
    Ok(import)
}

/// Why a preview is not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotApplied {
    /// It was applied already, by this request.
    Already(String),
    /// Some lines can't be imported, and it was not asked to import only the others: how many of
    /// how many.
    HasFaults(usize, usize),
    /// The plan is not the one that was shown.
    OtherPlan,
    /// Something is no longer as the preview found it: the line, if one was tried, and why.
    Changed(Option<u64>, Why),
}

impl fmt::Display for NotApplied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Already(request_id) => {
                write!(f, "It was applied already, by the request {request_id}.")
            }
            Self::HasFaults(refused, all) => write!(
                f,
                "{refused} of {all} lines can't be imported; best_effort imports the others. Nothing was changed."
            ),
            Self::OtherPlan => {
                f.write_str("The plan is not that of this preview. Nothing was changed.")
            }
            Self::Changed(line, why) => write!(
                f,
                "{}{why}. Nothing was changed; send the file again to see what it would do now.",
                line.map(|line| format!("Line {line}: ")).unwrap_or_default()
            ),
        }
    }
}

/// Does what a preview has shown: exactly that, or nothing. Returns how many lines are done.
pub fn apply(
    tx: &WriteTx<'_>,
    access: &InstanceAccess,
    import_id: &str,
    plan: &str,
    best_effort: bool,
) -> Result<InSlices<Result<u64, NotApplied>>, Error> {
    let (import, instance_id) = (require(tx, access, import_id)?, &access.instance_id);
    let (refused, shown) = (|why| Ok(InSlices::AtOnce(Err(why))), &import.preview);
    if let Some(applied) = import.applied {
        return refused(NotApplied::Already(applied.request_id));
    }
    if shown.plan != plan {
        return refused(NotApplied::OtherPlan);
    }
    if shown.refused > 0 && !best_effort {
        let lines = shown.new + shown.changed + shown.same + shown.skipped + shown.refused;
        return refused(NotApplied::HasFaults(shown.refused, lines));
    }
    let steps = imports::steps(tx, import_id)?
        .ok_or_else(|| Error::Internal(format!("the import {import_id} has lost its lines")))?;
    if let Some(changed) = import::changed(tx, instance_id, &steps)? {
        return refused(NotApplied::Changed(None, changed));
    }
    let applying = match runs::import(tx, instance_id, steps.act, &steps.items)? {
        InSlices::AtOnce(Ok(())) => InSlices::AtOnce(Ok(steps.items.len() as u64)),
        InSlices::AtOnce(Err((line, why))) => {
            return refused(NotApplied::Changed(Some(line), why));
        }
        InSlices::Run(run) => InSlices::Run(run),
    };
    imports::note_applied(tx, import_id)?;
    Ok(applying)
}
