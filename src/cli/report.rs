//! What became of a batch, for people and for programs.

use super::write::Written;
use super::{Failure, Options, output};
use crate::domain::batch::{BatchMode, BatchReport, ItemOutcome, Outcome, Refusal, RefusalCode};
use crate::domain::history::Holder;
use crate::ops::batch;
use crate::store::{Migrate, Store, WriteTx};
use clap::Args;

/// What happens to the others when one is refused.
#[derive(Debug, Args)]
pub(super) struct Mode {
    /// When one is refused, do the others all the same.
    #[arg(long)]
    best_effort: bool,
}

impl Mode {
    pub(super) fn mode(&self) -> BatchMode {
        if self.best_effort { BatchMode::BestEffort } else { BatchMode::AllOrNothing }
    }
}

/// Does something with numbers of the instance that is meant, and reports what became of each.
pub(super) fn run(
    options: &Options,
    act: impl FnOnce(
        &WriteTx<'_>,
        &crate::domain::InstanceId,
    ) -> Result<BatchReport, crate::domain::Error>
    + Send
    + 'static,
) -> Result<(), Failure> {
    let store = options.open(Migrate::Require)?;
    run_in(options, &store, act)
}

/// The same, where the database is open already.
pub(super) fn run_in(
    options: &Options,
    store: &Store,
    act: impl FnOnce(
        &WriteTx<'_>,
        &crate::domain::InstanceId,
    ) -> Result<BatchReport, crate::domain::Error>
    + Send
    + 'static,
) -> Result<(), Failure> {
    let instance_id = options.instance(store)?;
    let written = options.write(store, move |tx| act(tx, &instance_id))?;
    let report = match &written {
        Written::Did(done) => {
            let undo = if done.made.applied && done.made.done > 0 {
                format!("\n{}", done.undo())
            } else {
                String::new()
            };
            output::value(options.json, &done.with_request_id(&done.made), |_| {
                format!("{}{undo}", text(&done.made))
            })?;
            &done.made
        }
        Written::Would(report) => {
            output::value(options.json, report, text)?;
            report
        }
    };
    let refusals: Vec<&Refusal> =
        report.items.iter().filter_map(|item| item.refusal.as_ref()).collect();
    outcome(&refusals, report.items.len(), report.would_apply.unwrap_or(report.applied))
}

/// Does a list of items.
pub(super) fn run_items(
    options: &Options,
    mode: BatchMode,
    items: Vec<crate::domain::batch::BatchItem>,
) -> Result<(), Failure> {
    run(options, move |tx, instance_id| batch::run(tx, instance_id, &items, mode))
}

fn text(report: &BatchReport) -> String {
    if report.items.is_empty() {
        return "There was nothing to do.".to_owned();
    }
    let kept = |item: &ItemOutcome| item.passage.kept.as_ref().map(ToString::to_string);
    let cells = |item: &ItemOutcome| {
        vec![
            item.number.clone(),
            item.action.to_owned(),
            ids(&item.passage.from),
            ids(&item.passage.to),
            kept(item).unwrap_or_default(),
            item.outcome.to_string(),
            match item.outcome {
                Outcome::Unchanged if item.action == "add" => {
                    "is there already; `numberd numbers edit` changes it".to_owned()
                }
                _ => why(item.refusal.as_ref()),
            },
        ]
    };
    let table = output::filled(
        &["NUMBER", "WHAT", "FROM", "TO", "KEPT", "OUTCOME", "WHY"],
        report.items.iter().map(cells).collect(),
    );
    let end = match (report.dry_run, report.applied) {
        (true, _) => "\nThis was a dry run: nothing was changed.",
        (false, false) => "\nNothing was changed: it was to be all or nothing.",
        (false, true) => "",
    };
    let counts = format!(
        "{} done, {} unchanged, {} refused.",
        report.done, report.unchanged, report.refused
    );
    format!("{table}\n\n{counts}{end}")
}

/// Who it was taken from, or who has it now.
fn ids(holders: &[Holder]) -> String {
    holders.iter().map(|holder| holder.id.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn why(refusal: Option<&Refusal>) -> String {
    refusal
        .map(|refusal| format!("{}: {}", refusal.code.name(), refusal.detail))
        .unwrap_or_default()
}

/// The exit code for refusals: 3 when only missing things were named, 4 when only something newer
/// stands in the way or something exists already, else 1.
pub(super) fn outcome(refusals: &[&Refusal], items: usize, applied: bool) -> Result<(), Failure> {
    use RefusalCode::{
        AlreadyExists, ChangedSince, NotFound, NumberNotFound, NumberTaken, SkillGroupNotFound,
        UserNotFound,
    };
    if refusals.is_empty() {
        return Ok(());
    }
    let end = if applied { "" } else { " Nothing was changed." };
    let sentence = match refusals {
        [only] if items == 1 => format!("{}.{end}", only.detail),
        several => format!("{} of {items} were refused.{end}", several.len()),
    };
    let all = |codes: &[RefusalCode]| refusals.iter().all(|refusal| codes.contains(&refusal.code));
    Err(if all(&[NotFound, NumberNotFound, SkillGroupNotFound, UserNotFound]) {
        Failure::NotFound(sentence)
    } else if all(&[AlreadyExists, ChangedSince, NumberTaken]) {
        Failure::Conflict(sentence)
    } else {
        Failure::Refused(sentence)
    })
}
