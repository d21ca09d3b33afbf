//! `numberd undo`

use super::report::Mode;
use super::write::WithRequestId;
use super::{Failure, Options, hint, output, report, run};
use crate::console;
use crate::domain::Error;
use crate::domain::batch::Refusal;
use crate::domain::run::InSlices;
use crate::domain::undo::{UndoReport, UndoTarget, UndoneChange};
use crate::ops::runs;
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
        let author = options.author();
        let begin = move |tx: &WriteTx<'_>| runs::undo(tx, None, &target, mode);
        let written = options.write_as(&store, author.clone(), begin)?;
        let (InSlices::AtOnce(report), request_id) = written.into_parts() else {
            return run::drive(options, self.mode.csv, &store, &author);
        };
        let undo = request_id.as_deref().filter(|_| report.applied).map(hint::undo);
        let undo = undo.map(|undo| format!("\n{undo}")).unwrap_or_default();
        let said = |_: &_| (table(&store, &report), end(&report) + &undo);
        let value = WithRequestId { value: &report, request_id: request_id.as_deref() };
        self.mode.csv.print_report(options, &value, &report.changes, said)?;
        let refusals: Vec<&Refusal> =
            report.changes.iter().filter_map(|change| change.refusal.as_ref()).collect();
        report::outcome(&refusals, report.changes.len(), report.applied)
    }
}

fn table(store: &Store, done: &UndoReport) -> String {
    let sentence =
        |tx: &ReadTx<'_>, undone: &UndoneChange| match changes::get(tx, undone.change_id)? {
            Some(change) => console::in_english(tx, &change),
            None => Ok(undone.subject.clone()),
        };
    let said = store.read(|tx| {
        done.changes.iter().map(|undone| sentence(tx, undone)).collect::<Result<Vec<_>, Error>>()
    });
    // What is done is told, even if the file can't be read just now.
    let subjects = || done.changes.iter().map(|undone| undone.subject.clone()).collect();
    let said: Vec<String> = said.unwrap_or_else(|_| subjects());
    let rows = done.changes.iter().zip(said).map(|(undone, what)| {
        let became = report::became(undone.outcome, done.applied);
        vec![undone.change_id.to_string(), what, became, report::why(undone.refusal.as_ref())]
    });
    output::filled(&["CHANGE", "WHAT", "UNDOING", "WHY"], rows.collect())
}

/// What is said below the table.
fn end(done: &UndoReport) -> String {
    let untried = done.untried.map(|untried| format!(" {untried} older ones were not tried."));
    let untried = untried.unwrap_or_default();
    let did = if done.dry_run || !done.applied { "would be undone" } else { "undone" };
    let kept = match (done.dry_run, done.applied) {
        (true, _) => "\nThis was a dry run: nothing was changed.",
        (false, false) if done.done > 0 => "\nNothing was changed: it was to be all or nothing.",
        _ => "",
    };
    format!("{} {did}, {} refused.{untried}{kept}", done.done, done.refused)
}
