//! Adding numbers: a list, one to a line, or ranges; previewed first.

use super::form::said;
use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::batch::{BatchMode, BatchReport};
use crate::domain::number_range::numbers_between;
use crate::domain::phone_number::{NewNumbers, Number, Usage};
use crate::domain::run::InSlices;
use crate::domain::text::{LONGEST_REASON, LONGEST_WORD, Parsed, hex};
use crate::domain::{Error, InstanceAccess};
use crate::http::Answer;
use crate::ops::runs;
use crate::store::WriteTx;
use askama::Template;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The most numbers that are added at once.
const MOST: usize = 10_000;

/// The fewest digits of a number that is not a part of one.
const SHORTEST: usize = 7;

/// How many lines that are wrong are named.
const SHOWN: usize = 10;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct AddForm {
    /// One number to a line, or `first..last`; see [`ends`].
    numbers: String,
    usage: String,
    /// Empty: what the area code says.
    province: String,
    city: String,
    provider: String,
    tags: String,
    reason: String,
    apply: bool,
    /// What the form said when it was previewed.
    hash: String,
}

#[derive(Template)]
#[template(path = "add_numbers.html")]
struct AddPage<'a> {
    chrome: &'a Chrome,
    form: &'a AddForm,
    usages: [&'static str; 3],
    report: Option<BatchReport>,
    /// How many numbers the preview has not tried.
    untried: usize,
    /// What the preview has seen of the form.
    hash: String,
    faults: Vec<FormFault>,
}

/// Answers `GET numbers/add`.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, &AddForm::default(), None, Vec::new())
}

fn page(
    visit: &Visit<'_>,
    form: &AddForm,
    report: Option<BatchReport>,
    faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let (usages, hash) = (Usage::NAMES, form.hash());
    let untried = report.as_ref().and_then(|report| report.untried).unwrap_or_default() as usize;
    reply::page(&AddPage { chrome: &visit.chrome, form, usages, report, untried, hash, faults })
}

/// Answers `POST numbers/add`: first what would become of each, then all or nothing.
pub(super) fn add(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: AddForm = visit.form()?;
    let refused = |failure: Failure, report| {
        let (status, faults) = failure.faults(&visit.chrome)?;
        Ok(Answer { status, ..page(visit, &form, report, faults)? })
    };
    let (numbers, new) = match form.parsed(&visit.chrome) {
        Ok(parsed) => parsed,
        Err(failure) => return refused(failure, None),
    };
    let act = || {
        let (numbers, new) = (numbers.clone(), new.clone());
        move |tx: &WriteTx<'_>, access: &InstanceAccess| {
            let mode = BatchMode::AllOrNothing;
            runs::add_numbers(tx, &access.instance_id, &numbers, &new, mode)
        }
    };
    let tried = || match visit.rehearse(act()) {
        Ok(InSlices::AtOnce(report)) => Ok(report),
        Ok(InSlices::Run(_)) => Err(Error::Internal("a preview began a run".to_owned()).into()),
        Err(failure) => Err(failure),
    };
    if !form.apply {
        return page(visit, &form, Some(tried()?), Vec::new());
    }
    if form.hash != form.hash() {
        let stale = FormFault::of_all(visit.chrome.t.say("add-stale"));
        return Ok(Answer { status: 412, ..page(visit, &form, Some(tried()?), vec![stale])? });
    }
    let report = match visit.write(&form.reason, act()) {
        Ok(InSlices::AtOnce(report)) => report,
        Ok(InSlices::Run(run)) => {
            return Ok(visit.drive(&run, &form.reason));
        }
        Err(failure) => return refused(failure, Some(tried()?)),
    };
    if !report.applied {
        return Ok(Answer { status: 409, ..page(visit, &form, Some(report), Vec::new())? });
    }
    let (done, unchanged) = (report.done.to_string(), report.unchanged.to_string());
    Ok(visit.done(&[("done", done), ("unchanged", unchanged)]))
}

/// The first and the last number of a range, however people write one. A dash is also part of
/// numbers: it is between two only where both are whole.
fn ends(line: &str) -> Option<(&str, &str)> {
    let between = ["..", "…", "~", "～", "–", "—", "至"].into_iter();
    between.filter_map(|mark| line.split_once(mark)).next().or_else(|| {
        let (first, last) = line.split_once('-').map(|(one, other)| (one.trim(), other.trim()))?;
        let whole = |text: &str| text.len() >= SHORTEST && text.bytes().all(|b| b.is_ascii_digit());
        (whole(first) && first.len() == last.len() && whole(last)).then_some((first, last))
    })
}

impl AddForm {
    /// The same as long as the form says the same; its reason may differ.
    fn hash(&self) -> String {
        let Self { numbers, usage, province, city, provider, tags, .. } = self;
        let said = [numbers, usage, province, city, provider, tags];
        let hash =
            Sha256::digest(serde_html_form::to_string(said.map(|s| ("", s))).unwrap_or_default());
        hex(&hash)
    }

    /// The numbers, and what is kept of them.
    fn parsed(&self, chrome: &Chrome) -> Result<(Vec<Number>, NewNumbers), Failure> {
        let mut faults = FormFaults::new(chrome.t);
        let numbers = self.numbers(chrome, &mut faults);
        faults.known_word("usage", &self.usage, Usage::from_name(&self.usage).is_some());
        faults.texts(&[
            ("city", "city", &self.city, LONGEST_WORD),
            ("province", "province", &self.province, LONGEST_WORD),
            ("provider", "provider", &self.provider, LONGEST_WORD),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let tags = faults.tags(&self.tags);
        let provider = self.provider.trim().to_owned();
        let usage = Usage::from_name(&self.usage);
        let (province, city) = (said(&self.province), said(&self.city));
        let new = NewNumbers { provider, tags, usage, province, city, ..NewNumbers::default() };
        faults.unless_any(Some((numbers, new)))
    }

    /// The numbers of all lines; what is wrong with a line is said with its place.
    fn numbers(&self, chrome: &Chrome, faults: &mut FormFaults) -> Vec<Number> {
        let t = chrome.t;
        let (mut numbers, mut wrong) = (Vec::new(), Vec::new());
        for (at, line) in self.numbers.lines().map(str::trim).enumerate() {
            let read = match ends(line) {
                _ if line.is_empty() => continue,
                Some((first, last)) => {
                    numbers_between(first.trim(), last.trim()).map_err(|e| t.range(&e))
                }
                None => Number::parse(line).map(|one| vec![one]).map_err(|e| t.malformed(&e)),
            };
            match read {
                Ok(read) => numbers.extend(read),
                Err(said) => wrong.push(t.about(t.say("run-line").with("line", at + 1), said)),
            }
        }
        let hidden = wrong.len().saturating_sub(SHOWN);
        wrong.truncate(SHOWN);
        if hidden > 0 {
            wrong.push(t.say("preview-hidden").count(hidden).to_string());
        }
        if !wrong.is_empty() {
            faults.add("numbers", wrong.join("\n"));
        } else if numbers.is_empty() {
            faults.add("numbers", t.say("add-none"));
        } else if numbers.len() > MOST {
            let too_many = t.say("add-too-many").with("most", MOST);
            faults.add("numbers", too_many.count(numbers.len()));
        }
        numbers
    }
}
