//! What one request did, and undoing it.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::words::{Deed, Line, Piece, deeds, line, pieces};
use crate::domain::batch::{BatchItem, BatchMode, Outcome};
use crate::domain::history::Change;
use crate::domain::run::InSlices;
use crate::domain::run::{
    ARCHIVED, ASKED_TO_STOP, CUT_OFF, MAY_NO_LONGER, Run, RunAct, RunRefusal, RunState,
};
use crate::domain::undo::{UndoReport, UndoTarget, UndoneChange};
use crate::domain::{Error, Missing};
use crate::http::Answer;
use crate::ops::access;
use crate::ops::runs;
use crate::store::{self, ReadTx, change_archives, changes, suggestions};
use askama::Template;
use serde::Deserialize;

/// How many lines of one request its page shows.
const OF_REQUEST: u64 = 500;

/// What a request's page is called with after an action.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RequestQuery {
    done: Option<usize>,
    unchanged: usize,
    refused: usize,
    back: String,
}

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage<'a> {
    chrome: &'a Chrome,
    request_id: &'a str,
    query: RequestQuery,
    title: Vec<Piece>,
    deed: Option<Deed>,
    lines: Vec<Line>,
    hidden: usize,
    run: Option<Run>,
}

/// Answers `GET requests/{request}`: what one request did. It is where an action ends.
pub(super) fn request(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, request_id) = (&visit.chrome, visit.parameter.as_str());
    let query: RequestQuery = visit.query()?;
    let run = match runs::require(tx, Some(visit.instance_id()), request_id) {
        Err(Error::NotFound(_)) => None,
        run => Some(run?),
    };
    // There may be so many that the others are only counted.
    let within = Some(visit.instance_id());
    let mut found = changes::of_request(tx, within, request_id, OF_REQUEST)?;
    if found.is_empty() && query.done.is_none() && run.is_none() {
        let missing = Missing::Change(request_id.to_owned());
        return Err(change_archives::not_found(tx, missing)?.into());
    }
    let all = match &run {
        Some(run) => run.done,
        None => changes::count_of_request(tx, within, request_id)?,
    };
    let hidden = (all as usize).saturating_sub(found.len());
    let lines =
        found.iter().map(|change| line(tx, chrome, change)).collect::<Result<Vec<_>, _>>()?;
    let title = match &run {
        Some(run) => title_of_run(tx, chrome, run)?,
        None => title_of(chrome, &lines, hidden),
    };
    found.truncate(1);
    let deed = deeds(tx, chrome, found)?.pop();
    let follows = run.as_ref().is_some_and(|run| run.state == RunState::Running);
    let title = pieces(&title);
    let page = RequestPage { chrome, request_id, query, title, deed, lines, hidden, run };
    let answer = reply::page(&page)?;
    // Without a script too.
    Ok(if follows { answer.with("refresh", "1") } else { answer })
}

/// What a request did, in a line.
fn title_of(chrome: &Chrome, lines: &[Line], hidden: usize) -> String {
    match lines {
        [] => chrome.t.say("request-nothing").to_string(),
        [line] if hidden == 0 => line.sentence.clone(),
        [line, others @ ..] => {
            let more = chrome.t.say("deed-more").count(others.len() + hidden);
            format!("{} {more}", line.sentence)
        }
    }
}

/// What a run does, in a line.
fn title_of_run(tx: &ReadTx<'_>, chrome: &Chrome, run: &Run) -> Result<String, Error> {
    let mut target = String::new();
    let said = match &run.act {
        RunAct::Numbers { each } => {
            let word = match each {
                BatchItem::Hold { user_id: None, .. } => "hold-from-all",
                each => each.action().name(),
            };
            match each {
                BatchItem::Assign { user_id, .. }
                | BatchItem::Transfer { user_id, .. }
                | BatchItem::Hold { user_id: Some(user_id), .. } => {
                    target = suggestions::name_of_user(tx, user_id.as_str())?;
                }
                BatchItem::Bind { skill_group_id, .. } => {
                    target = suggestions::name_of_skill_group(tx, skill_group_id.as_str())?;
                }
                _ => {}
            }
            chrome.t.name("preview", word)
        }
        RunAct::Items => chrome.t.say("run-batch"),
        RunAct::Add { .. } => chrome.t.say("run-add"),
        RunAct::Remove { .. } => chrome.t.say("run-remove"),
        RunAct::Import(_) => chrome.t.say("run-import"),
        RunAct::Adopt { .. } => chrome.t.say("run-adopt"),
        RunAct::Undo { .. } => chrome.t.say("run-undo"),
    };
    Ok(said.count(run.total).with("target", target).to_string())
}

impl RequestPage<'_> {
    /// What was refused, for people.
    fn subject(&self, refusal: &RunRefusal) -> String {
        let t = self.chrome.t;
        match refusal.subject.split_once(' ') {
            Some(("line", line)) => t.say("run-line").with("line", line).to_string(),
            Some(("change", change)) => t.say("run-change").with("change", change).to_string(),
            _ => refusal.subject.clone(),
        }
    }

    /// Why a run went no further, unless what was refused says it.
    fn stopped(&self, run: &Run) -> String {
        let t = self.chrome.t;
        match run.stopped.as_deref() {
            Some(ASKED_TO_STOP) => t.say("run-asked-to-stop").to_string(),
            Some(ARCHIVED) => t.say("run-archived").to_string(),
            Some(CUT_OFF) => t.say("run-cut-off").to_string(),
            Some(why) if why.starts_with(MAY_NO_LONGER) => t.say("run-may-no-longer").to_string(),
            Some(_) if run.refusals.is_empty() => t.say("run-failed").to_string(),
            _ => String::new(),
        }
    }
}

/// What the form says that lets a run go on or stops it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RunForm {
    act: String,
    reason: String,
    mode: Option<BatchMode>,
}

/// Answers `POST requests/{request}/run`: lets a run go on, or stops it.
pub(super) fn run(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: RunForm = visit.form()?;
    let (request_id, mode) = (visit.parameter.clone(), form.mode);
    let goes_on = form.act != "stop";
    let (id, why) = (request_id.clone(), ASKED_TO_STOP.to_owned());
    let run = visit.write(&form.reason, move |tx, access| {
        let within = Some(&access.instance_id);
        let needed = runs::require(tx, within, &id)?.act.needs();
        access::require(access, needed)?;
        if goes_on { runs::go_on(tx, within, &id, mode) } else { runs::stop(tx, within, &id, why) }
    })?;
    if goes_on && run.state == RunState::Running {
        return Ok(visit.drive(&run, &form.reason));
    }
    Ok(visit.see(&format!("requests/{request_id}")))
}

#[derive(Template)]
#[template(path = "undo.html")]
struct UndoPage<'a> {
    chrome: &'a Chrome,
    request_id: &'a str,
    report: UndoReport,
    /// What was done, and what would take it back; what can't be taken back has none.
    lines: Vec<(Line, Option<Line>)>,
    refused: usize,
    /// How many more of a run there are, which are undone too.
    untried: usize,
    reason: String,
    faults: Vec<FormFault>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UndoForm {
    reason: String,
    /// Best effort once the person has seen what can't be undone.
    mode: BatchMode,
}

/// Answers `GET requests/{request}/undo`: what would be undone and what can't be.
pub(super) fn preview(visit: &Visit<'_>) -> Result<Answer, Failure> {
    preview_of(visit, String::new(), Vec::new())
}

fn preview_of(
    visit: &Visit<'_>,
    reason: String,
    faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let request_id = visit.parameter.as_str();
    let target = UndoTarget::Request(request_id.to_owned());
    // Best effort, so that each row shows what would become of it alone.
    let mode = BatchMode::BestEffort;
    let (report, taken_back) = visit.rehearse(move |tx, access| {
        let within = Some(&access.instance_id);
        let InSlices::AtOnce(report) = runs::undo(tx, within, &target, mode)? else {
            return Err(Error::Internal("a dry run of an undo is not a run".to_owned()));
        };
        // What undoes each of them is in the log only here.
        let by = |change_id| -> Result<Option<Change>, Error> {
            let found = store::undo::undone_by(tx, change_id)?;
            found.map_or(Ok(None), |(by, _)| changes::get(tx, by))
        };
        let done = |row: &UndoneChange| row.outcome == Outcome::Done;
        let by =
            report.changes.iter().map(|row| if done(row) { by(row.change_id) } else { Ok(None) });
        let taken_back = by.collect::<Result<Vec<_>, _>>()?;
        Ok((report, taken_back))
    })?;
    let (refused, untried) = (report.refused, report.untried.unwrap_or_default() as usize);
    let chrome = &visit.chrome;
    let lines = visit.face.store.read(|tx| {
        let line = |change: &Change| line(tx, chrome, change);
        let both = report.changes.iter().zip(&taken_back).filter_map(|(undone, by)| {
            let was = changes::get(tx, undone.change_id).transpose()?;
            Some(was.and_then(|was| Ok((line(&was)?, by.as_ref().map(line).transpose()?))))
        });
        both.collect::<Result<_, Error>>()
    })?;
    let page = UndoPage { chrome, request_id, report, lines, refused, untried, reason, faults };
    reply::page(&page)
}

/// Answers `POST requests/{request}/undo`.
pub(super) fn undo_request(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: UndoForm = visit.form()?;
    let target = UndoTarget::Request(visit.parameter.clone());
    let begun = visit.write(&form.reason.clone(), move |tx, access| {
        runs::undo(tx, Some(&access.instance_id), &target, form.mode)
    });
    let report = match begun {
        Err(failure) => {
            let (status, faults) = failure.faults(&visit.chrome)?;
            return Ok(Answer { status, ..preview_of(visit, form.reason, faults)? });
        }
        Ok(InSlices::AtOnce(report)) => report,
        Ok(InSlices::Run(run)) => {
            return Ok(visit.drive(&run, &form.reason));
        }
    };
    if !report.applied {
        return Ok(Answer { status: 409, ..preview_of(visit, form.reason, Vec::new())? });
    }
    let (done, refused) = (report.done.to_string(), report.refused.to_string());
    Ok(visit.done(&[("done", done), ("refused", refused)]))
}
