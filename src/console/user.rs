//! One person: their numbers, what could be given to them and why the rest can't, their groups,
//! and their history.

use super::filter::words;
use super::form_faults::FormFaults;
use super::lists::{Pager, address, asked, nothing, page_request, status};
use super::page::{Chrome, Visit};
use super::pictures::{Span, Timeline};
use super::reply::{self, Failure, FormFault};
use crate::domain::candidate::{Candidate, CandidateFilter};
use crate::domain::history::{Archived, HeldNumber, HistoryEntry};
use crate::domain::{Allowed, Error, Page, PageRequest, SearchWords, Timestamp, User, UserId};
use crate::http::Answer;
use crate::ops::access;
use crate::store::users;
use crate::store::{
    ReadTx, candidates, change_archives, history, holders, memberships, suggestions,
};
use askama::Template;
use serde::{Deserialize, Serialize};

const WHOLE: PageRequest = PageRequest::first(500);

/// How many of their numbers, and of the lines of their history, the page shows.
pub(super) const SHOWN: PageRequest = PageRequest::first(100);

/// What the page's address says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct UserFilter {
    q: String,
    blocked: bool,
    page: u64,
}

/// A number that could be given, or why not and what would free it.
#[derive(Debug)]
struct CandidateLine {
    candidate: Candidate,
    reason: String,
    /// What frees the number: the action, the number's present holder.
    frees: Option<(&'static str, String)>,
}

/// A line of their history.
#[derive(Debug)]
struct Entry {
    line: HistoryEntry,
    /// What the group is called.
    group: String,
}

#[derive(Template)]
#[template(path = "user.html", blocks = ["region"])]
struct UserPage<'a> {
    chrome: &'a Chrome,
    row: User,
    filter: &'a UserFilter,
    /// The first of their numbers; the list of numbers shows all.
    numbers: Page<HeldNumber>,
    /// Name, id and level.
    groups: Vec<(String, String, u8)>,
    lines: Vec<CandidateLine>,
    pager: Pager,
    timeline: Timeline,
    entries: Page<Entry>,
    archived: Option<Archived>,
    may_see_others: bool,
    faults: Vec<FormFault>,
}

/// Answers `GET users/{user}`. An agent sees their own page, without what could be given to them.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    let user_id = UserId::new(visit.parameter.as_str());
    if !chrome.access.reaches(&user_id) {
        return Err(access::forbidden(chrome.access.role, visit.route.act).into());
    }
    let may_see_others = chrome.access.allowed == Allowed::Yes;
    let row = match users::get(tx, instance_id, &user_id) {
        // Someone who has left no longer has a page, but lists of the past name them.
        Err(Error::NotFound(_))
            if may_see_others && history::require_user_ever(tx, instance_id, &user_id).is_ok() =>
        {
            let changes = address(&chrome.to("changes"), &[("user", user_id.as_str())]);
            return Ok(reply::see(changes));
        }
        found => found?,
    };
    let filter: UserFilter = visit.query()?;
    let (words, faults) = asked(words_of(chrome, &filter.q))?;
    let page = match words.filter(|_| may_see_others) {
        Some(words) => {
            let suggested = !filter.blocked && words.is_empty();
            let wanted = CandidateFilter { words, include_blocked: filter.blocked, suggested };
            candidates::page(tx, instance_id, &user_id, &wanted, page_request(filter.page))?
        }
        None => nothing(),
    };
    let base = chrome.user(row.user_id.as_str());
    let pager =
        Pager::new(&page, |number| address(&base, &UserFilter { page: number, ..filter.clone() }));
    let lines = page.rows.into_iter().map(|candidate| line(chrome, candidate)).collect();
    let entries = history::of_user(tx, instance_id, &user_id, SHOWN)?;
    let spans: Vec<Span> = entries
        .rows
        .iter()
        .filter_map(|entry| Some((entry.number.clone()?, entry)))
        .map(|(label, entry)| Span { label, from: entry.from, to: entry.to })
        .collect();
    let groups = memberships::list_named_of_user(tx, &user_id, WHOLE)?
        .rows
        .into_iter()
        .map(|group| {
            let id = group.skill_group.skill_group_id.to_string();
            Ok((suggestions::name_of_skill_group(tx, &id)?, id, group.skill_level))
        })
        .collect::<Result<_, Error>>()?;
    let template = UserPage {
        chrome,
        filter: &filter,
        numbers: holders::of_user(tx, instance_id, &user_id, SHOWN)?,
        groups,
        lines,
        pager,
        timeline: Timeline::new(&spans, tx.now()),
        entries: named(tx, entries)?,
        archived: change_archives::archived(tx)?,
        may_see_others,
        row,
        faults,
    };
    let status = status(&template.faults);
    Ok(Answer { status, ..chrome.page_or_region(&template, &template.as_region())? })
}

fn words_of(chrome: &Chrome, text: &str) -> Result<SearchWords, Failure> {
    let mut faults = FormFaults::new(chrome.t);
    let words = words(&mut faults, chrome, text);
    faults.unless_any(words)
}

impl UserPage<'_> {
    /// The list of all their numbers.
    fn all_numbers(&self) -> String {
        self.chrome.numbers_of("personal", self.row.user_id.as_str())
    }
}

/// The lines of a history, with what people call the groups.
fn named(tx: &ReadTx<'_>, page: Page<HistoryEntry>) -> Result<Page<Entry>, Error> {
    page.try_map(|line| {
        let group = line.skill_group_id.as_deref();
        let group = group.map(|id| suggestions::name_of_skill_group(tx, id)).transpose()?;
        Ok(Entry { line, group: group.unwrap_or_default() })
    })
}

fn line(chrome: &Chrome, candidate: Candidate) -> CandidateLine {
    let blocked = candidate.reasons.first();
    let reason = blocked.map(|reason| chrome.blocked(reason)).unwrap_or_default();
    let frees = blocked.filter(|reason| reason.freed_by.len() == 1).and_then(|reason| {
        let holder = reason.blocked_by.first().map(|holder| holder.id.clone());
        Some((reason.freed_by.first()?.action().name(), holder.unwrap_or_default()))
    });
    CandidateLine { candidate, reason, frees }
}

impl CandidateLine {
    /// Until when it is kept for somebody else.
    fn until(&self) -> Option<Timestamp> {
        let reservation = self.candidate.reasons.first()?.reservation.as_ref();
        reservation.map(|reservation| reservation.until)
    }

    fn number(&self) -> &str {
        &self.candidate.phone_number.number
    }
}
