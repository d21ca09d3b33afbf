//! Adding numbers: a list, one to a line, or ranges with a dash between dots; previewed first.

use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use crate::domain::batch::{BatchMode, BatchReport};
use crate::domain::number_range::numbers_between;
use crate::domain::phone_number::{NewNumbers, Number, Usage};
use crate::domain::text::{LONGEST_WORD, Parsed};
use crate::http::Answer;
use crate::ops::batch;
use askama::Template;
use serde::Deserialize;

/// The most numbers that are added at once.
const MOST: usize = 10_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct AddForm {
    /// One number to a line, or `first..last`.
    numbers: String,
    usage: String,
    provider: String,
    tags: String,
    reason: String,
    apply: bool,
}

#[derive(Template)]
#[template(path = "add_numbers.html")]
struct AddPage<'a> {
    chrome: &'a Chrome,
    form: &'a AddForm,
    usages: [&'static str; 3],
    report: Option<BatchReport>,
    error: String,
}

/// Answers `GET numbers/add`.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, &AddForm::default(), None, String::new())
}

fn page(
    visit: &Visit<'_>,
    form: &AddForm,
    report: Option<BatchReport>,
    error: String,
) -> Result<Answer, Failure> {
    let usages = Usage::NAMES;
    reply::page(&AddPage { chrome: &visit.chrome, form, usages, report, error })
}

/// Answers `POST numbers/add`: first what would become of each, then all or nothing.
pub(super) fn add(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: AddForm = visit.form()?;
    let (numbers, new) = match form.parsed(&visit.chrome) {
        Ok(parsed) => parsed,
        Err(error) => return Ok(Answer { status: 422, ..page(visit, &form, None, error)? }),
    };
    let usage = Usage::from_name(&form.usage);
    let act = move |tx: &crate::store::WriteTx<'_>, access: &crate::domain::InstanceAccess| {
        let mode = BatchMode::AllOrNothing;
        batch::add_numbers(tx, &access.instance_id, &numbers, &new, usage, None, mode)
    };
    if !form.apply {
        let report = visit.rehearse(act)?;
        return page(visit, &form, Some(report), String::new());
    }
    let report = visit.write(&form.reason, act)?;
    if !report.applied {
        return Ok(Answer { status: 409, ..page(visit, &form, Some(report), String::new())? });
    }
    let request = &visit.request.request_id;
    let (done, unchanged) = (report.done, report.unchanged);
    Ok(visit.see(&format!("requests/{request}?done={done}&unchanged={unchanged}")))
}

impl AddForm {
    /// The numbers, and what is kept of them.
    fn parsed(&self, chrome: &Chrome) -> Result<(Vec<Number>, NewNumbers), String> {
        let numbers = self.numbers(chrome)?;
        let mut faults = FormFaults::new(chrome.t);
        faults.texts(&[("provider", "provider", &self.provider, LONGEST_WORD)]);
        let tags = faults.tags(&self.tags);
        let provider = self.provider.trim().to_owned();
        let new = NewNumbers { provider, tags, ..NewNumbers::default() };
        faults
            .unless_any(Some(new))
            .map(|new| (numbers, new))
            .map_err(|failure| failure.to_string())
    }

    fn numbers(&self, chrome: &Chrome) -> Result<Vec<Number>, String> {
        let mut numbers = Vec::new();
        for line in self.numbers.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.split_once("..") {
                Some((first, last)) => numbers.extend(
                    numbers_between(first.trim(), last.trim()).map_err(|e| chrome.t.range(&e))?,
                ),
                None => numbers.push(Number::parse(line).map_err(|e| chrome.t.malformed(&e))?),
            }
        }
        if numbers.is_empty() {
            return Err(chrome.t.say("add-none").to_string());
        }
        if numbers.len() > MOST {
            let too_many = chrome.t.say("add-too-many").with("most", MOST);
            return Err(too_many.count(numbers.len()).to_string());
        }
        Ok(numbers)
    }
}
