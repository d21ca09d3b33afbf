//! Doing something with many numbers: a preview of every outcome, and then exactly that.
//!
//! The preview carries what was selected (the numbers, or the filter that selects all matching),
//! and a hash of each number with its version. Applying selects again inside the write transaction
//! and compares: what changed meanwhile is shown in a new preview, never done unseen.

use super::actions::ActionForm;
use super::corrections;
use super::moves::Moves;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::batch::{BatchItem, BatchMode, BatchReport};
use crate::domain::run::{Run, RunAct};
use crate::domain::{Error, InstanceId, SkillGroupId, Timestamp, UserId};
use crate::http::Answer;
use crate::ops::batch::{self, Selection};
use crate::ops::runs;
use crate::store::phone_numbers::NumberQuery;
use crate::store::{ReadTx, changes, suggestions};
use askama::Template;
use std::collections::BTreeSet;

/// The most numbers of one action.
const MOST: usize = runs::MOST;

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage<'a> {
    chrome: &'a Chrome,
    form: &'a ActionForm,
    title: String,
    moves: Moves,
    changed: Option<usize>,
    faults: Vec<FormFault>,
    hash: String,
    seen: i64,
    untried: usize,
}

struct Preview {
    moves: Moves,
    hash: String,
    seen: i64,
    /// Who or what the numbers go to, as people call it.
    target: String,
    /// How many numbers are too many to be tried.
    untried: usize,
}

/// What became of an action.
enum Applied {
    /// In slices, which are still to be done.
    Begun(Box<Run>),
    Done(BatchReport),
    /// How many of the selected numbers changed since the preview.
    Stale(usize),
}

/// Answers `POST numbers/preview`, and GET for one number that a link frees.
pub(super) fn preview(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let mut form: ActionForm = visit.fields()?;
    if let Err(failure) = corrections::check(visit, &mut form) {
        return corrections::page(visit, &form, failure);
    }
    show(visit, &form, None, Vec::new())
}

fn show(
    visit: &Visit<'_>,
    form: &ActionForm,
    changed: Option<usize>,
    faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let chrome = &visit.chrome;
    let (instance_id, wanted) = (visit.instance_id().clone(), form.clone());
    let query = visit.face.store.read(|tx| form.query(tx, chrome))?;
    let Preview { moves, hash, seen, target, untried } = visit.rehearse(move |tx, _| {
        // Before the rehearsal adds lines of its own.
        let seen = changes::last_id(tx)?;
        let selected = select(tx, &instance_id, &wanted, query.as_ref())?;
        let tried = selected.first(runs::AT_ONCE);
        let (each, target) = each(tx, &instance_id, &wanted)?;
        let items = tried.items(&each);
        // Best effort, so that each number shows what would become of it alone.
        let moves =
            Moves::rehearsed(tx, &instance_id, items.iter().map(BatchItem::number), || {
                batch::run(tx, &instance_id, &items, BatchMode::BestEffort)
            })?;
        let untried = selected.count() - tried.count();
        Ok(Preview { moves, hash: selected.hash(), seen, target, untried })
    })?;
    let word = match form.action.as_str() {
        "hold" if target.is_empty() => "hold-from-all",
        word => word,
    };
    let title = chrome
        .t
        .name("preview", word)
        .count(moves.count + untried)
        .with("target", target)
        .to_string();
    reply::page(&PreviewPage { chrome, form, title, moves, changed, faults, hash, seen, untried })
}

/// Answers `POST numbers/apply`.
pub(super) fn apply(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let mut form: ActionForm = visit.form()?;
    if let Err(failure) = corrections::check(visit, &mut form) {
        return corrections::page(visit, &form, failure);
    }
    let (instance_id, wanted) = (visit.instance_id().clone(), form.clone());
    let query = visit.face.store.read(|tx| form.query(tx, &visit.chrome))?;
    let applied = visit.write(&form.reason, move |tx, _| {
        let selected = select(tx, &instance_id, &wanted, query.as_ref())?;
        if selected.hash() != wanted.hash {
            return Ok(Applied::Stale(changed(tx, &instance_id, &selected, wanted.seen)?));
        }
        let (each, _) = each(tx, &instance_id, &wanted)?;
        if selected.count() > runs::AT_ONCE {
            let (act, all) = (RunAct::Numbers { each }, selected.run_items());
            let run = runs::start(tx, Some(&instance_id), &act, wanted.mode, &all)?;
            return Ok(Applied::Begun(Box::new(run)));
        }
        let items = selected.items(&each);
        Ok(Applied::Done(batch::run(tx, &instance_id, &items, wanted.mode)?))
    });
    let applied = match applied {
        Ok(applied) => applied,
        Err(failure) => {
            let (status, faults) = failure.faults(&visit.chrome)?;
            return Ok(Answer { status, ..show(visit, &form, None, faults)? });
        }
    };
    match applied {
        Applied::Begun(run) => Ok(visit.drive(&run, &form.reason)),
        Applied::Stale(changed) => {
            Ok(Answer { status: 412, ..show(visit, &form, Some(changed), Vec::new())? })
        }
        Applied::Done(report) if !report.applied => {
            Ok(Answer { status: 409, ..show(visit, &form, None, Vec::new())? })
        }
        Applied::Done(report) => Ok(visit.done(&[
            ("done", report.done.to_string()),
            ("unchanged", report.unchanged.to_string()),
            ("refused", report.refused.to_string()),
            ("back", form.back),
        ])),
    }
}

/// The numbers that a form selects, with their versions: those of the query, if there is one.
fn select(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    form: &ActionForm,
    query: Option<&NumberQuery>,
) -> Result<Selection, Error> {
    match query {
        Some(query) => Selection::of_query(tx, instance_id, query, MOST),
        None => {
            let numbers: BTreeSet<&String> = form.number.iter().collect();
            Selection::of_numbers(tx, instance_id, numbers.into_iter().take(MOST))
        }
    }
}

/// What is to be done with each number, and the name of whom or what they go to.
fn each(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    form: &ActionForm,
) -> Result<(BatchItem, String), Error> {
    let id = |text: &str| instance_id.qualify(text.trim());
    let (user_id, skill_group_id) =
        (UserId::new(id(&form.target)), SkillGroupId::new(id(&form.group)));
    let target = match form.action.as_str() {
        "hold" if form.target.trim().is_empty() => String::new(),
        "assign" | "transfer" | "hold" => suggestions::name_of_user(tx, user_id.as_str())?,
        "bind" => suggestions::name_of_skill_group(tx, skill_group_id.as_str())?,
        _ => String::new(),
    };
    let (number, holder) = (String::new(), Some(form.holder.clone()).filter(|id| !id.is_empty()));
    let from = holder.clone().map(UserId::new);
    let each = match form.action.as_str() {
        "assign" => BatchItem::Assign { number, user_id },
        "transfer" => BatchItem::Transfer { number, from, user_id },
        "bind" => BatchItem::Bind { number, skill_group_id },
        "hold" => BatchItem::Hold {
            number,
            user_id: Some(user_id).filter(|_| !form.target.trim().is_empty()),
            // Looked at before; the past is refused.
            until: form.until().unwrap_or(Timestamp::from_millis(0)),
        },
        "end-reservation" => BatchItem::EndReservation { number },
        "unbind" => BatchItem::Unbind { number, skill_group_id: holder.map(SkillGroupId::new) },
        _ => {
            let cool_down_days = form.cool_down_days();
            BatchItem::Release { number, user_id: from, cool_down_days }
        }
    };
    Ok((each, target))
}

/// How many of the selected numbers changed since the preview.
fn changed(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    selected: &Selection,
    seen: i64,
) -> Result<usize, Error> {
    let touched = batch::changed_since(tx, instance_id, seen, MOST as u64)?;
    Ok(selected.numbers().filter(|number| touched.contains(*number)).count())
}
