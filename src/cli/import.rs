//! `numberd import`

use super::as_csv::AsCsv;
use super::run::begins;
use super::{Failure, Options, hint, names, open, output};
use crate::domain::csv::CsvRow;
use crate::domain::import::{
    Duplicates, Fault, ImportAct, ImportItem, ImportKind, ImportMode, ImportSettings, LineOutcome,
    Steps, WrongHeader, bad_lines,
};
use crate::domain::run::InSlices;
use crate::domain::sheet::{LARGEST, Sheet};
use crate::domain::text::counted;
use crate::domain::{Author, InstanceId};
use crate::ops::import::{self, Failed, Plan};
use crate::ops::runs;
use crate::store::{self, Migrate, Store};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Read;
use std::path::PathBuf;

/// How many lines of each kind are shown.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
#[command(
    after_help = "The columns are those of `numberd export`; docs/importing.md says what is read from each.\n\
    Try it with --dry-run first: it prints a plan, and --plan imports exactly that."
)]
pub(super) struct Import {
    /// The file, CSV or XLSX, or - for standard input.
    file: PathBuf,
    /// What is in it.
    #[arg(
        long,
        value_name = "KIND",
        default_value = "numbers",
        value_parser = names::word_of::<ImportKind>()
    )]
    what: ImportKind,
    /// What an empty cell means: merge leaves the value as it is, overwrite empties it.
    #[arg(long, default_value = "merge", value_parser = names::word_of::<ImportMode>())]
    mode: ImportMode,
    /// What is done with what is there already.
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "update",
        value_parser = names::word_of::<Duplicates>()
    )]
    duplicates: Duplicates,
    /// The new file for the lines that can't be imported, with what is wrong with each.
    #[arg(long, value_name = "FILE")]
    bad_lines: Option<PathBuf>,
    /// Import the other lines when some can't be.
    #[arg(long)]
    best_effort: bool,
    /// Only import what a dry run has shown: the plan that it printed.
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    #[command(flatten)]
    csv: AsCsv,
}

/// A line of the file as CSV: what it does, or a fault of it.
#[derive(Serialize)]
struct Row<'a> {
    line: u64,
    key: &'a str,
    outcome: &'static str,
    changes: Vec<String>,
    column: &'a str,
    value: &'a str,
    reason: &'a str,
}

impl CsvRow for Row<'_> {
    const COLUMNS: &'static [&'static str] =
        &["line", "key", "outcome", "changes", "column", "value", "reason"];
}

/// What became of a plan.
pub(super) enum Applied {
    /// Nothing was to be done, or nothing could.
    Nothing,
    Done(String),
    /// A line could not be done any more. So many were done before, by this request.
    Stopped(u64, String, String),
}

impl Applied {
    pub(super) fn tell(&self, report: &mut Value) {
        report["applied"] = json!(matches!(self, Self::Done(_)));
        match self {
            Self::Nothing => {}
            Self::Done(request_id) => report["request_id"] = json!(request_id),
            Self::Stopped(done, request_id, why) => {
                report["request_id"] = json!(request_id);
                report["stopped"] = json!({ "done": done, "why": why });
            }
        }
    }
}

impl Import {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        if let Some(path) = &self.bad_lines {
            store::require_new(path)?;
        }
        let sheet = self.read()?;
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let settings = ImportSettings { mode: self.mode, duplicates: self.duplicates };
        let author = options.author();
        let plan = import::plan(&store, &author, &instance_id, self.what, settings, &sheet);
        let plan = plan.map_err(|failed| match failed {
            Failed::Header(faults) => {
                Failure::usage(format!("{}.", WrongHeader::new(&sheet, faults)))
            }
            Failed::Store(error) => error.into(),
        })?;
        self.require_plan(&plan)?;
        if let Some(path) = self.bad_lines.as_ref().filter(|_| !plan.faults.is_empty()) {
            store::write_new(path, bad_lines(&sheet, &plan.faults, Fault::sentence).as_bytes())?;
        }
        let refused = !plan.faults.is_empty() && !self.best_effort;
        let Steps { act, items, .. } = import::steps(&plan, &sheet);
        let ending = if options.dry_run || refused || items.is_empty() {
            Applied::Nothing
        } else {
            apply(options, &store, &instance_id, act, items)?
        };
        let report = report(options, &sheet, &plan, &ending);
        self.csv.print_report(options, &report, &rows(&plan), |_| {
            (tables(&sheet, &plan), end(options, &plan, &ending))
        })?;
        match ending {
            Applied::Stopped(_, _, why) => Err(Failure::conflict(why)),
            Applied::Nothing | Applied::Done(_) if !plan.faults.is_empty() => {
                let end = if self.best_effort { "" } else { " Nothing was changed." };
                let (bad, all) = (plan.refused(), plan.refused() + plan.lines.len());
                Err(Failure::refused(format!("{bad} of {all} lines can't be imported.{end}")))
            }
            Applied::Nothing | Applied::Done(_) => Ok(()),
        }
    }

    fn read(&self) -> Result<Sheet, Failure> {
        let mut bytes = Vec::new();
        let most = LARGEST as u64 + 1;
        let read = open(&self.file).and_then(|file| file.take(most).read_to_end(&mut bytes));
        let file = self.file.display();
        read.map_err(|error| Failure::usage(format!("{file} can't be read: {error}.")))?;
        Sheet::read(&bytes).map_err(|error| Failure::usage(format!("{file}: {error}.")))
    }

    fn require_plan(&self, plan: &Plan) -> Result<(), Failure> {
        match &self.plan {
            Some(shown) if *shown != plan.hash => Err(Failure::conflict(
                "The file or the database has changed since that plan was shown; see what --dry-run shows now. Nothing was changed.",
            )),
            _ => Ok(()),
        }
    }
}

/// Does what was planned: in one transaction, or in slices when it is much.
fn apply(
    options: &Options,
    store: &Store,
    instance_id: &InstanceId,
    act: ImportAct,
    items: Vec<ImportItem>,
) -> Result<Applied, Failure> {
    let (author, instance_id) = (options.author(), instance_id.clone());
    let done =
        store.write(author.clone(), move |tx| runs::import(tx, &instance_id, act, &items))?;
    ended(store, &author, done, |(line, why)| format!("Line {line}: {why}"))
}

/// Drives what is too much for one transaction, and says how it ended.
pub(super) fn ended<F>(
    store: &Store,
    author: &Author,
    done: InSlices<Result<(), F>>,
    why: impl Fn(F) -> String,
) -> Result<Applied, Failure> {
    let request_id = author.request_id.clone();
    match done {
        InSlices::AtOnce(Ok(())) => {
            output::is_done_by(&request_id);
            return Ok(Applied::Done(request_id));
        }
        InSlices::AtOnce(Err(fault)) => {
            let why = format!("{}. Nothing was changed.", why(fault));
            return Ok(Applied::Stopped(0, request_id, why));
        }
        InSlices::Run(_) => {}
    }
    begins(&request_id);
    let run = runs::drive(store, author, |_| ())?;
    if run.done > 0 {
        output::is_done_by(&request_id);
    }
    Ok(match run.stopped {
        None => Applied::Done(request_id),
        Some(why) => Applied::Stopped(run.done, request_id, why),
    })
}

fn report(options: &Options, sheet: &Sheet, plan: &Plan, ending: &Applied) -> Value {
    let mut report = json!(plan.preview(sheet));
    report["dry_run"] = json!(options.dry_run);
    ending.tell(&mut report);
    report
}

/// Every line, by its place in the file.
fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let (column, value, reason) = ("", "", "");
    let planned = plan.lines.iter().map(|line| Row {
        line: line.line,
        key: &line.key,
        outcome: line.outcome.name(),
        changes: line.changes.iter().map(ToString::to_string).collect(),
        column,
        value,
        reason,
    });
    let refused = plan.faults.iter().map(|fault| Row {
        line: fault.line,
        key: "",
        outcome: "refused",
        changes: Vec::new(),
        column: &fault.column,
        value: &fault.value,
        reason: &fault.reason,
    });
    let mut rows: Vec<Row<'_>> = planned.chain(refused).collect();
    rows.sort_by_key(|row| row.line);
    rows
}

/// How the file was read, and the first lines that change something or can't be imported.
fn tables(sheet: &Sheet, plan: &Plan) -> String {
    let parts = [Some(read_as(sheet, plan)), changes(plan), faults(plan)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// What is said below them.
fn end(options: &Options, plan: &Plan, ending: &Applied) -> String {
    let count = |outcome| plan.count(outcome);
    let counts = format!(
        "{} new, {} changed, {} same, {} skipped, {} refused.",
        count(LineOutcome::New),
        count(LineOutcome::Changed),
        count(LineOutcome::Same),
        count(LineOutcome::Skipped),
        plan.refused()
    );
    let best_effort = if plan.faults.is_empty() { "" } else { "--best-effort " };
    let end = match ending {
        Applied::Nothing if options.dry_run => {
            format!(
                "\nThis was a dry run: nothing was changed.\n{best_effort}--plan {} imports exactly this.",
                plan.hash
            )
        }
        Applied::Nothing if plan.faults.is_empty() => "\nThere was nothing to do.".to_owned(),
        Applied::Nothing => {
            "\nNothing was changed; --best-effort imports the other lines.".to_owned()
        }
        Applied::Done(request_id) => format!("\n{}", hint::undo(request_id)),
        Applied::Stopped(0, ..) => String::new(),
        Applied::Stopped(done, request_id, _) => {
            format!(
                "\n{done} lines are in. {}\n`{}` goes on, and so does importing the file again.",
                hint::undo(request_id),
                hint::command(&format!("run {request_id} --continue"))
            )
        }
    };
    format!("{counts}{end}")
}

/// What the file turned out to be.
fn read_as(sheet: &Sheet, plan: &Plan) -> String {
    let ignored = match plan.ignored.as_slice() {
        [] => String::new(),
        names => format!("\nNot imported: {}", names.join(", ")),
    };
    let lines = counted(sheet.lines.len() as u64, "line", "lines");
    format!("{}, {lines}\nColumns: {}{ignored}", sheet.format, plan.columns.join(", "))
}

/// The first lines that change anything.
fn changes(plan: &Plan) -> Option<String> {
    let changing = plan.lines.iter().filter(|line| line.outcome.is_change());
    let rows = changing.map(|line| {
        let changes: Vec<String> = line.changes.iter().map(ToString::to_string).collect();
        let outcome = line.outcome.name().to_owned();
        vec![line.line.to_string(), line.key.clone(), outcome, changes.join(", ")]
    });
    part(&["LINE", "WHICH", "WHAT", "CHANGES"], rows)
}

fn faults(plan: &Plan) -> Option<String> {
    let rows = plan.faults.iter().map(|fault| {
        let Fault { line, column, value, reason, .. } = fault.clone();
        vec![line.to_string(), column, value, reason]
    });
    part(&["LINE", "COLUMN", "VALUE", "WHY NOT"], rows)
}

/// The first rows of a list, under a heading; nothing for none.
pub(super) fn part(heading: &[&str], mut all: impl Iterator<Item = Vec<String>>) -> Option<String> {
    let rows: Vec<Vec<String>> = all.by_ref().take(SHOWN).collect();
    let more = match all.count() {
        0 => String::new(),
        more => format!("\n… and {more} more"),
    };
    (!rows.is_empty()).then(|| format!("{}{more}", output::table(heading, rows)))
}
