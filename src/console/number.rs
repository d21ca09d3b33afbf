//! One number: who has it and since when, what can be done with it, and all that happened to it.

use super::actions::ActionChoice;
use super::form::said;
use super::form_faults::FormFaults;
use super::moments;
use super::page::{Chrome, Visit};
use super::pictures::{Span, Timeline};
use super::reply::{self, Failure, FormFault};
use super::words::{Deed, newest};
use crate::domain::contact_flow::ContactFlowFilter;
use crate::domain::history::{Archived, ChangeFilter, HistoryEntry, Holder};
use crate::domain::phone_number::{NumberDetails, NumberEdit, Usage};
use crate::domain::text::{LONGEST_COMPANY, LONGEST_NOTE, LONGEST_REASON, LONGEST_WORD};
use crate::domain::{ContactFlowId, Error, PageRequest};
use crate::http::Answer;
use crate::ops::phone_numbers as acts;
use crate::store::phone_numbers;
use crate::store::{ReadTx, change_archives, contact_flows, history, suggestions};
use askama::Template;
use serde::{Deserialize, Serialize};

/// How many changes the page shows.
const CHANGES: u64 = 60;

/// How many holders the timeline goes back.
const PERIODS: PageRequest = PageRequest::first(200);

/// A period of the number's history.
#[derive(Debug)]
struct Period {
    entry: HistoryEntry,
    holder: String,
    address: String,
}

/// What the form that edits a number says, and what it shows again.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct NumberForm {
    version: u64,
    usage: String,
    active: bool,
    province: String,
    city: String,
    contact_flow_id: String,
    provider: String,
    tags: String,
    /// The tags as the form showed them at first.
    tags_shown: String,
    note: String,
    callback_number_name: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "number.html", blocks = ["region"])]
struct NumberPage<'a> {
    chrome: &'a Chrome,
    row: NumberDetails,
    actions: Vec<ActionChoice>,
    periods: Vec<Period>,
    timeline: Timeline,
    deeds: Vec<Deed>,
    at: String,
    then: Option<Vec<Holder>>,
    at_error: bool,
    archived: Option<Archived>,
}

#[derive(Template)]
#[template(path = "number_edit.html")]
struct EditPage<'a> {
    chrome: &'a Chrome,
    number: &'a str,
    form: NumberForm,
    flows: Vec<(String, String)>,
    usages: [&'static str; 3],
    /// What somebody else changed since the form was opened.
    newer: Vec<Deed>,
    faults: Vec<FormFault>,
}

/// What the page's address says: the moment that is asked for, in the reader's own time.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NumberQuery {
    at: String,
    /// The reader's offset from UTC in minutes.
    offset: i64,
}

/// Answers `GET numbers/{number}`.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, instance_id, number) =
        (&visit.chrome, visit.instance_id(), visit.parameter.as_str());
    let row = phone_numbers::get(tx, instance_id, number)?;
    let query: NumberQuery = visit.query()?;
    // Nobody knows yet who will have it.
    let moment = moments::local(&query.at, query.offset).filter(|at| *at <= tx.now());
    let then = moment.map(|at| history::whois(tx, instance_id, number, Some(at))).transpose()?;
    let entries = history::of_number(tx, instance_id, number, PERIODS)?.rows;
    let periods = entries
        .into_iter()
        .map(|entry| period(tx, chrome, entry))
        .collect::<Result<Vec<_>, Error>>()?;
    let spans = periods.iter().map(|period| Span {
        label: period.holder.clone(),
        from: period.entry.from,
        to: period.entry.to,
    });
    let of_number = ChangeFilter { number: Some(number.to_owned()), ..ChangeFilter::default() };
    let template = NumberPage {
        chrome,
        actions: ActionChoice::offered(chrome)
            .into_iter()
            .filter(|action| action.fits(row.state, row.reservation.is_some()))
            .collect(),
        timeline: Timeline::new(&spans.collect::<Vec<_>>(), tx.now()),
        periods,
        deeds: newest(tx, chrome, of_number, CHANGES)?,
        archived: change_archives::archived(tx)?,
        at_error: moment.is_none() && !query.at.is_empty(),
        at: query.at,
        then,
        row,
    };
    chrome.page_or_region(&template, &template.as_region())
}

fn period(tx: &ReadTx<'_>, chrome: &Chrome, entry: HistoryEntry) -> Result<Period, Error> {
    let (holder, address) = match (&entry.user_id, &entry.skill_group_id) {
        (Some(id), _) => (suggestions::name_of_user(tx, id)?, chrome.user(id)),
        (None, Some(id)) => (suggestions::name_of_skill_group(tx, id)?, chrome.group(id)),
        (None, None) => (String::new(), String::new()),
    };
    Ok(Period { entry, holder, address })
}

/// Answers `GET numbers/{number}/edit`.
pub(super) fn edit(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let row = phone_numbers::get(tx, visit.instance_id(), visit.parameter.as_str())?;
    let form = NumberForm {
        version: row.version,
        usage: row.usage.to_string(),
        active: row.active,
        province: row.province,
        city: row.city,
        contact_flow_id: row.contact_flow_id.unwrap_or_default(),
        provider: row.provider,
        tags: shown_tags(&row.tags),
        tags_shown: shown_tags(&row.tags),
        note: row.note,
        callback_number_name: row.callback_number_name.unwrap_or_default(),
        reason: String::new(),
    };
    edit_page(tx, visit, form, Vec::new(), Vec::new())
}

fn shown_tags(tags: &[String]) -> String {
    tags.join(" ")
}

fn edit_page(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    form: NumberForm,
    newer: Vec<Deed>,
    faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let all = PageRequest::first(500);
    let flows = contact_flows::list(tx, visit.instance_id(), &ContactFlowFilter::default(), all)?
        .rows
        .into_iter()
        .map(|flow| (flow.contact_flow_id.to_string(), flow.name))
        .collect();
    reply::page(&EditPage {
        chrome: &visit.chrome,
        number: visit.parameter.as_str(),
        form,
        flows,
        usages: Usage::NAMES,
        newer,
        faults,
    })
}

/// Answers `POST numbers/{number}/edit`. What somebody else changed meanwhile is shown beside what
/// was typed, and nothing is lost.
pub(super) fn save(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: NumberForm = visit.form()?;
    let (number, seen) = (visit.parameter.clone(), form.version);
    let edit = form.edit(visit);
    let refused = visit.save(&form.reason, edit, move |tx, access, edit| {
        let (version, _) = phone_numbers::version(tx, &access.instance_id, &number)?;
        if version != seen {
            return Ok(false);
        }
        acts::edit(tx, &access.instance_id, &number, &edit)?;
        Ok(true)
    })?;
    let (status, faults) = match refused {
        None => return Ok(reply::see(visit.chrome.number(visit.parameter.as_str()))),
        Some((412, _)) => return stale(visit, form),
        Some(refused) => refused,
    };
    visit.again(status, |tx| edit_page(tx, visit, form, Vec::new(), faults))
}

fn stale(visit: &Visit<'_>, mut form: NumberForm) -> Result<Answer, Failure> {
    visit.face.store.read(|tx| {
        let (instance_id, number) = (visit.instance_id(), visit.parameter.as_str());
        let of_number = ChangeFilter { number: Some(number.to_owned()), ..ChangeFilter::default() };
        let newer = newest(tx, &visit.chrome, of_number, 3)?;
        // Saved again, it is saved over what is shown now.
        form.version = phone_numbers::version(tx, instance_id, number)?.0;
        Ok(Answer { status: 412, ..edit_page(tx, visit, form, newer, Vec::new())? })
    })
}

impl NumberForm {
    fn edit(&self, visit: &Visit<'_>) -> Result<NumberEdit, Failure> {
        let mut faults = FormFaults::new(visit.chrome.t);
        faults.texts(&[
            ("city", "city", &self.city, LONGEST_WORD),
            ("province", "province", &self.province, LONGEST_WORD),
            ("provider", "provider", &self.provider, LONGEST_WORD),
            ("note", "note", &self.note, LONGEST_NOTE),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let (field, called) = ("callback_number_name", &self.callback_number_name);
        faults.name_or_nothing(field, "callback-name", called, LONGEST_COMPANY);
        let usage = Usage::from_name(&self.usage);
        faults.known_word("usage", &self.usage, usage.is_some());
        // A tag that another face gave may hold a space, which the form can't show.
        let tags = (self.tags != self.tags_shown).then(|| faults.tags(&self.tags));
        faults.unless_any(Some(NumberEdit {
            usage,
            active: Some(self.active),
            province: Some(self.province.trim().to_owned()),
            city: Some(self.city.trim().to_owned()),
            contact_flow_id: Some(said(&self.contact_flow_id).map(ContactFlowId::new)),
            provider: Some(self.provider.trim().to_owned()),
            note: Some(self.note.trim().to_owned()),
            tags,
            callback_number_name: Some(said(&self.callback_number_name)),
            ..NumberEdit::default()
        }))
    }
}
