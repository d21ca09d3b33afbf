//! The preview of a file: what it would do.

use super::{Imported, perform};
use crate::domain::batch::Refusal;
use crate::domain::import::titles::column_of;
use crate::domain::import::{
    Entry, Fault, ImportKind, ImportSettings, LineOutcome, PlannedLine, Preview, read,
};
use crate::domain::phone_number::NumberDetails;
use crate::domain::run::{AT_ONCE, SLICE};
use crate::domain::sheet::Sheet;
use crate::domain::text::hex;
use crate::domain::{Author, Error, InstanceId, SkillGroup, User};
use crate::ops::patience::patiently;
use crate::ops::stop::attempt;
use crate::store::{Store, WriteTx, spellings};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Instant;

/// What a file would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is in the file.
    pub kind: ImportKind,
    /// How it is read.
    pub settings: ImportSettings,
    /// The columns that are imported.
    pub columns: Vec<String>,
    /// The columns that are only shown, and not imported.
    pub ignored: Vec<String>,
    /// The lines that can be imported.
    pub lines: Vec<PlannedLine>,
    /// What is wrong with the others, by line.
    pub faults: Vec<Fault>,
    /// Equal for the same file with the same effect.
    pub hash: String,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum Failed {
    /// What is wrong with the header.
    Header(Vec<Fault>),
    /// The database fails.
    Store(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl Plan {
    /// How many lines have an outcome.
    pub fn count(&self, outcome: LineOutcome) -> usize {
        self.lines.iter().filter(|line| line.outcome == outcome).count()
    }

    /// The plan as it is shown.
    pub fn preview(&self, sheet: &Sheet) -> Preview {
        let count = |outcome| self.count(outcome);
        Preview {
            what: self.kind,
            mode: self.settings.mode,
            duplicates: self.settings.duplicates,
            format: sheet.format.to_string(),
            columns: self.columns.clone(),
            ignored: self.ignored.clone(),
            plan: self.hash.clone(),
            new: count(LineOutcome::New),
            changed: count(LineOutcome::Changed),
            same: count(LineOutcome::Same),
            skipped: count(LineOutcome::Skipped),
            refused: self.refused(),
            fault_count: self.faults.len(),
            lines: self.lines.clone(),
            faults: self.faults.clone(),
        }
    }

    /// How many lines can't be imported.
    pub fn refused(&self) -> usize {
        let mut lines: Vec<u64> = self.faults.iter().map(|fault| fault.line).collect();
        lines.dedup();
        lines.len()
    }
}

/// Finds out what a file would do; nothing of it stays.
pub fn plan(
    store: &Store,
    author: &Author,
    instance_id: &InstanceId,
    kind: ImportKind,
    settings: ImportSettings,
    sheet: &Sheet,
) -> Result<Plan, Failed> {
    match kind {
        ImportKind::Numbers => {
            plan_of::<NumberDetails>(store, author, instance_id, settings, sheet)
        }
        ImportKind::Users => plan_of::<User>(store, author, instance_id, settings, sheet),
        ImportKind::Groups => plan_of::<SkillGroup>(store, author, instance_id, settings, sheet),
    }
}

fn plan_of<T: Imported>(
    store: &Store,
    author: &Author,
    instance_id: &InstanceId,
    settings: ImportSettings,
    sheet: &Sheet,
) -> Result<Plan, Failed> {
    let country_code = store.read(|tx| spellings::country_code(tx, instance_id))?;
    let reading = read::<T>(sheet, settings, country_code).map_err(Failed::Header)?;
    let (entries, mut faults, mut lines) = (Arc::new(reading.entries), reading.faults, Vec::new());
    let mut at = 0;
    while at < entries.len() {
        let done = patiently(|| {
            let (shared, instance_id) = (Arc::clone(&entries), instance_id.clone());
            store.rehearse(author.clone(), move |tx| {
                slice::<T>(tx, &instance_id, settings, &shared, at)
            })
        })?;
        let tried = &entries[at..at + done.len()];
        at += done.len();
        for (entry, outcome) in tried.iter().zip(done) {
            match outcome {
                Ok(line) if entry.is_sound => lines.push(line),
                Ok(_) => {}
                Err((line, refusal)) => faults.push(fault::<T>(sheet, line, refusal)),
            }
        }
    }
    faults.sort_by_key(|fault| fault.line);
    let mut plan = Plan {
        kind: T::KIND,
        settings,
        columns: reading.columns,
        ignored: reading.ignored,
        lines,
        faults,
        hash: String::new(),
    };
    plan.hash = hash(instance_id, &plan, sheet);
    Ok(plan)
}

/// A line that was tried: what it does, or why it can't.
type Tried = Result<PlannedLine, (u64, Refusal)>;

/// Does the lines of a file from a position on, as many as there is time for.
fn slice<T: Imported>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    settings: ImportSettings,
    entries: &[Entry<T::Line>],
    at: usize,
) -> Result<Vec<Tried>, Error> {
    let began = Instant::now();
    let mut done = Vec::new();
    for entry in &entries[at..] {
        let tried = attempt(tx, || perform::<T>(tx, instance_id, settings, entry, None))?;
        done.push(tried.map_err(|refusal| (entry.line, refusal)));
        if entries.len() > AT_ONCE && began.elapsed() > SLICE {
            break;
        }
    }
    Ok(done)
}

/// What a refusal says of a line.
fn fault<T: Imported>(sheet: &Sheet, line: u64, refusal: Refusal) -> Fault {
    let cell = |column: &str| {
        let at = sheet.header.iter().position(|name| column_of(name) == column);
        at.and_then(|at| Some(sheet.line(line)?.cell(at))).unwrap_or_default()
    };
    let column = T::column_of(refusal.code, |column| !cell(column).is_empty());
    Fault::new(line, column.to_owned(), cell(column), refusal.into())
}

fn hash(instance_id: &InstanceId, plan: &Plan, sheet: &Sheet) -> String {
    let ImportSettings { mode, duplicates } = plan.settings;
    let mut hash = Sha256::new();
    hash.update(format!("{instance_id}\n{} {mode} {duplicates}\n{}\n", plan.kind, sheet.digest));
    for PlannedLine { line, outcome, version, .. } in &plan.lines {
        hash.update(format!("{line} {outcome} {version:?}\n"));
    }
    for fault in &plan.faults {
        hash.update(format!("{} {}\n", fault.line, fault.reason));
    }
    hex(&hash.finalize())
}
