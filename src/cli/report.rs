//! What became of a batch, for people and for programs.

use super::as_csv::AsCsv;
use super::place::Place;
use super::write::WithRequestId;
use super::{Failure, hint, output, run};
use crate::domain::batch::{
    BatchItem, BatchMode, BatchReport, ItemAction, ItemOutcome, Outcome, Refusal, RefusalCode,
};
use crate::domain::history::Holder;
use crate::domain::run::InSlices;
use crate::domain::{Error, InstanceId, UserId};
use crate::ops::batch;
use crate::store::WriteTx;
use clap::Args;

/// Said instead of "done" where nothing was changed: in a dry run, and where it was to be all or
/// nothing and one was refused.
const WOULD_BE_DONE: &str = "would be done";

/// What happens to the others when one is refused, and how that is printed.
#[derive(Debug, Args)]
pub(super) struct Mode {
    /// When one is refused, do the others all the same.
    #[arg(long)]
    best_effort: bool,
    #[command(flatten)]
    pub(super) csv: AsCsv,
}

impl Mode {
    pub(super) fn mode(&self) -> BatchMode {
        if self.best_effort { BatchMode::BestEffort } else { BatchMode::AllOrNothing }
    }
}

/// Does something with numbers of the instance, at once or in slices, and reports what became of
/// each and what `hint` adds.
pub(super) fn run<F>(
    place: &Place<'_>,
    csv: AsCsv,
    hint: impl Fn(&BatchReport) -> Option<String>,
    act: F,
) -> Result<(), Failure>
where
    F: FnOnce(&WriteTx<'_>, &InstanceId) -> Result<InSlices<BatchReport>, Error> + Send + 'static,
{
    let Place { options, store, instance_id } = place;
    let (instance_id, author) = (instance_id.clone(), options.author());
    let written = options.write_as(store, author.clone(), move |tx| act(tx, &instance_id))?;
    let (InSlices::AtOnce(report), request_id) = written.into_parts() else {
        return run::drive(options, csv, store, &author);
    };
    let undo = request_id.as_deref().filter(|_| report.applied && report.done > 0).map(hint::undo);
    let undo = undo.map(|undo| format!("\n{undo}")).unwrap_or_default();
    let end = format!("{}{}{undo}", end(&report), hint(&report).unwrap_or_default());
    let value = WithRequestId { value: &report, request_id: request_id.as_deref() };
    csv.print_report(options, &value, &report.items, |_| (table(&report), end))?;
    let refusals: Vec<&Refusal> =
        report.items.iter().filter_map(|item| item.refusal.as_ref()).collect();
    outcome(&refusals, report.items.len(), report.would_apply.unwrap_or(report.applied))
}

/// Does a list of items, and says how to find out more of the first that can't be given.
pub(super) fn run_items(
    place: &Place<'_>,
    csv: AsCsv,
    mode: BatchMode,
    items: Vec<BatchItem>,
) -> Result<(), Failure> {
    let users: Vec<Option<UserId>> = items
        .iter()
        .map(|item| match item {
            BatchItem::Assign { user_id, .. } | BatchItem::Transfer { user_id, .. } => {
                Some(user_id.clone())
            }
            _ => None,
        })
        .collect();
    let hint = move |report: &BatchReport| {
        let is_explained = |refusal: &Refusal| {
            !matches!(refusal.code, RefusalCode::NumberNotFound | RefusalCode::UserNotFound)
        };
        let mut refused =
            report.items.iter().filter(|item| item.refusal.as_ref().is_some_and(is_explained));
        let (number, user) =
            refused.find_map(|item| Some((&item.number, users.get(item.index)?.as_ref()?)))?;
        let why = hint::command(&format!("why {} --user {user}", hint::quoted(number)));
        Some(format!("\n`{why}` says what would free it."))
    };
    run(place, csv, hint, move |tx, of| batch::run(tx, of, &items, mode).map(InSlices::AtOnce))
}

fn table(report: &BatchReport) -> String {
    let kept = |item: &ItemOutcome| item.passage.kept.as_ref().map(ToString::to_string);
    let cells = |item: &ItemOutcome| {
        vec![
            item.number.clone(),
            item.action.to_string(),
            ids(&item.passage.from),
            ids(&item.passage.to),
            kept(item).unwrap_or_default(),
            became(item.outcome, report.applied),
            why_not(item),
        ]
    };
    output::filled(
        &["NUMBER", "WHAT", "FROM", "TO", "KEPT", "OUTCOME", "WHY"],
        report.items.iter().map(cells).collect(),
    )
}

/// What became of one thing, or would have where nothing was changed.
pub(super) fn became(outcome: Outcome, applied: bool) -> String {
    match outcome {
        Outcome::Done if !applied => WOULD_BE_DONE.to_owned(),
        outcome => outcome.to_string(),
    }
}

/// Why an item was refused, or who holds a number that stays where it is.
fn why_not(item: &ItemOutcome) -> String {
    match item.passage.held_by.as_slice() {
        [] => match (item.outcome, item.action) {
            (Outcome::Unchanged, ItemAction::Add) => {
                let show = hint::command(&format!("numbers show {}", hint::quoted(&item.number)));
                format!("is there already; `{show}` shows it")
            }
            (Outcome::Unchanged, ItemAction::Release | ItemAction::Unbind) => {
                "nobody holds it".to_owned()
            }
            _ => why(item.refusal.as_ref()),
        },
        holders => format!("held by {}", ids(holders)),
    }
}

/// What is said below the table.
fn end(report: &BatchReport) -> String {
    if report.items.is_empty() {
        return "There was nothing to do.".to_owned();
    }
    let end = match (report.dry_run, report.applied) {
        (true, _) => "\nThis was a dry run: nothing was changed.",
        (false, false) if report.done > 0 => "\nNothing was changed: it was to be all or nothing.",
        (false, _) => "",
    };
    let untried = report.untried.map(|untried| format!(" {untried} others were not tried."));
    let done = if report.applied || report.done == 0 { "done" } else { WOULD_BE_DONE };
    format!(
        "{} {done}, {} unchanged, {} refused.{}{end}",
        report.done,
        report.unchanged,
        report.refused,
        untried.unwrap_or_default()
    )
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
    let failure = if all(&[NotFound, NumberNotFound, SkillGroupNotFound, UserNotFound]) {
        Failure::not_found(sentence)
    } else if all(&[AlreadyExists, ChangedSince, NumberTaken]) {
        Failure::conflict(sentence)
    } else {
        Failure::refused(sentence)
    };
    Err(failure
        .of_unknown(refusals.iter().filter_map(|refusal| refusal.unknown_number()).collect()))
}
