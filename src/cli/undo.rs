//! `numberd undo`

use super::report::Mode;
use super::write::Written;
use super::{Failure, Options, output, report, run};
use crate::console;
use crate::domain::Error;
use crate::domain::batch::Refusal;
use crate::domain::undo::{UndoReport, UndoTarget, UndoneChange};
use crate::ops::runs::{self, Undoing};
use crate::store::{Migrate, ReadTx, Store, WriteTx, changes};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Undo {
    /// The change, as `changes` shows it: its number for one row, or its request id for all rows of
    /// the request.
    #[arg(value_name = "CHANGE|REQUEST-ID")]
    change: String,
    #[command(flatten)]
    mode: Mode,
}

impl Undo {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let target = match self.change.parse() {
            Ok(change_id) => UndoTarget::Change(change_id),
            Err(_) => UndoTarget::Request(self.change),
        };
        let mode = self.mode.mode();
        let dry_run = options.dry_run;
        let author = options.author();
        let begin = move |tx: &WriteTx<'_>| runs::undo(tx, None, &target, mode, dry_run);
        let written = options.write_as(&store, author.clone(), begin)?;
        let report = match &written {
            Written::Did(done) => {
                let report = match &done.made {
                    Undoing::Run(_) => return run::drive(options, &store, &author),
                    Undoing::AtOnce(report) => report,
                };
                let again =
                    if report.applied { format!("\n{}", done.undo()) } else { String::new() };
                let text = text(&store, report)?;
                output::value(options.json, &done.with_request_id(report), |_| text + &again)?;
                report
            }
            Written::Would(report) => {
                let text = text(&store, report)?;
                output::value(options.json, report, |_| text)?;
                report
            }
        };
        let refusals: Vec<&Refusal> =
            report.changes.iter().filter_map(|change| change.refusal.as_ref()).collect();
        report::outcome(&refusals, report.changes.len(), report.applied)
    }
}

fn text(store: &Store, done: &UndoReport) -> Result<String, Failure> {
    let row = |tx: &ReadTx<'_>, undone: &UndoneChange| {
        let UndoneChange { change_id, outcome, refusal, .. } = undone;
        let what = match changes::get(tx, *change_id)? {
            Some(change) => console::in_english(tx, &change)?,
            None => undone.subject.clone(),
        };
        let (outcome, why) = (outcome.to_string(), report::why(refusal.as_ref()));
        Ok::<_, Error>(vec![change_id.to_string(), what, outcome, why])
    };
    let rows = store.read(|tx| {
        done.changes.iter().map(|undone| row(tx, undone)).collect::<Result<Vec<_>, _>>()
    })?;
    let untried = done.untried.map(|untried| format!(" {untried} older ones were not tried."));
    let untried = untried.unwrap_or_default();
    let did = if done.dry_run || !done.applied { "would be undone" } else { "undone" };
    let kept = match (done.dry_run, done.applied) {
        (true, _) => "\nThis was a dry run: nothing was changed.",
        (false, false) => "\nNothing was changed: it was to be all or nothing.",
        (false, true) => "",
    };
    Ok(format!(
        "{}\n\n{} {did}, {} refused.{untried}{kept}",
        output::filled(&["CHANGE", "WHAT", "UNDOING", "WHY"], rows),
        done.done,
        done.refused
    ))
}
