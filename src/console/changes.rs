//! The change log, what one request did, and undoing it.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use super::words::{Deed, Line, deeds, line};
use crate::domain::batch::BatchMode;
use crate::domain::history::{Archived, ChangeFilter};
use crate::domain::run::{Run, RunState};
use crate::domain::undo::{UndoReport, UndoTarget};
use crate::domain::{Error, Missing, Origin};
use crate::http::Answer;
use crate::ops::runs::{self, Undoing};
use crate::ops::{access, undo};
use crate::store::{ReadTx, change_archives, changes};
use askama::Template;
use serde::{Deserialize, Serialize};

/// How many lines of the log a page is made from.
const LINES: u64 = 200;

/// How many lines of one request its page shows.
const OF_REQUEST: usize = 500;

/// What the list's address says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct ChangesFilter {
    number: String,
    user: String,
    group: String,
    actor: String,
    via: String,
}

impl ChangesFilter {
    fn store(&self, visit: &Visit<'_>) -> ChangeFilter {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        ChangeFilter {
            instance_id: Some(visit.instance_id().clone()),
            number: said(&self.number),
            user_id: said(&self.user).map(|id| visit.chrome.whole_id(&id)),
            skill_group_id: said(&self.group).map(|id| visit.chrome.whole_id(&id)),
            actor: said(&self.actor),
            via: Origin::from_name(&self.via),
            ..ChangeFilter::default()
        }
    }
}

#[derive(Template)]
#[template(path = "changes.html", blocks = ["region"])]
struct ChangesPage<'a> {
    chrome: &'a Chrome,
    filter: &'a ChangesFilter,
    deeds: Vec<Deed>,
    archived: Option<Archived>,
    faces: [&'static str; 6],
}

/// Answers `GET changes`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: ChangesFilter = visit.query()?;
    let found = changes::list(tx, &filter.store(visit), None, LINES)?;
    let template = ChangesPage {
        chrome: &visit.chrome,
        filter: &filter,
        deeds: deeds(tx, &visit.chrome, found.items)?,
        archived: found.archived,
        faces: ["console", "cli", "admin", "ccc", "vcc", "sql"],
    };
    if visit.chrome.fragment {
        return Ok(reply::html(200, template.as_region().render()?));
    }
    reply::page(&template)
}

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
    deed: Option<Deed>,
    lines: Vec<Line>,
    hidden: usize,
    run: Option<Run>,
}

/// Answers `GET requests/{request}`: what one request did. It is where an action ends.
pub(super) fn request(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, request_id) = (&visit.chrome, visit.parameter(0));
    let query: RequestQuery = visit.query()?;
    let run = match runs::require(tx, Some(visit.instance_id()), request_id) {
        Err(Error::NotFound(_)) => None,
        run => Some(run?),
    };
    // A run has so many changes that they are only counted.
    let most = if run.is_some() { OF_REQUEST as u64 } else { u64::from(u32::MAX) };
    let mut found = changes::of_request(tx, request_id, most)?;
    found.retain(|change| change.instance_id.as_deref() == Some(visit.instance_id().as_str()));
    if found.is_empty() && query.done.is_none() && run.is_none() {
        let missing = Missing::Change(request_id.to_owned());
        return Err(change_archives::not_found(tx, missing)?.into());
    }
    let hidden = match &run {
        Some(run) => (run.done as usize).saturating_sub(found.len()),
        None => found.len().saturating_sub(OF_REQUEST),
    };
    let lines = found
        .iter()
        .take(OF_REQUEST)
        .map(|change| line(tx, chrome, change))
        .collect::<Result<_, _>>()?;
    found.truncate(1);
    let deed = deeds(tx, chrome, found)?.pop();
    let follows = run.as_ref().is_some_and(|run| run.state == RunState::Running);
    let page = RequestPage { chrome, request_id, query, deed, lines, hidden, run };
    let answer = reply::page(&page)?;
    // Without a script too.
    Ok(if follows { answer.with("refresh", "1") } else { answer })
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
    let (request_id, mode) = (visit.parameter(0).to_owned(), form.mode);
    let goes_on = form.act != "stop";
    let (id, why) = (request_id.clone(), visit.chrome.t.say("run-asked-to-stop").to_string());
    let run = visit.write(&form.reason, move |tx, access| {
        let scope = Some(&access.instance_id);
        let needed = runs::require(tx, scope, &id)?.act.needs();
        if !access.may(needed) {
            return Err(access::forbidden(access.role, needed));
        }
        if goes_on { runs::go_on(tx, scope, &id, mode) } else { runs::stop(tx, scope, &id, why) }
    })?;
    if goes_on && run.state == RunState::Running {
        visit.drive(&run, &form.reason);
    }
    Ok(visit.see(&format!("requests/{request_id}")))
}

#[derive(Template)]
#[template(path = "undo.html")]
struct UndoPage<'a> {
    chrome: &'a Chrome,
    request_id: &'a str,
    report: UndoReport,
    refused: usize,
    /// How many more of a run there are, which are undone too.
    untried: usize,
}

/// What the form that undoes says.
#[derive(Default, Deserialize)]
#[serde(default)]
struct UndoForm {
    reason: String,
    /// Best effort once the person has seen what can't be undone.
    mode: BatchMode,
}

/// Answers `GET requests/{request}/undo`: what would be undone and what can't be.
pub(super) fn preview(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let request_id = visit.parameter(0);
    let target = UndoTarget::Request(request_id.to_owned());
    // Best effort, so that each row shows what would become of it alone.
    let mode = BatchMode::BestEffort;
    let report = visit
        .rehearse(move |tx, access| undo::undo(tx, Some(&access.instance_id), &target, mode))?;
    let (refused, untried) = (report.refused, report.untried.unwrap_or_default() as usize);
    reply::page(&UndoPage { chrome: &visit.chrome, request_id, report, refused, untried })
}

/// Answers `POST requests/{request}/undo`.
pub(super) fn undo_request(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: UndoForm = visit.form()?;
    let target = UndoTarget::Request(visit.parameter(0).to_owned());
    let begun = visit.write(&form.reason.clone(), move |tx, access| {
        runs::undo(tx, Some(&access.instance_id), &target, form.mode, false)
    })?;
    let report = match begun {
        Undoing::AtOnce(report) => report,
        Undoing::Run(run) => {
            visit.drive(&run, &form.reason);
            return Ok(visit.see(&format!("requests/{}", run.request_id)));
        }
    };
    if !report.applied {
        return Ok(Answer { status: 409, ..preview(visit)? });
    }
    let query = [("done", report.done.to_string()), ("refused", report.refused.to_string())];
    let page = visit.chrome.to(&format!("requests/{}", visit.request.request_id));
    let query = serde_html_form::to_string(query).unwrap_or_default();
    Ok(reply::see(format!("{page}?{query}")))
}
