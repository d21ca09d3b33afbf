//! Two numbers change hands: each goes to whoever has the other, as one previewed step.

use super::moves::{Moves, Preview};
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::{Act, Error, InstanceId};
use crate::http::Answer;
use crate::ops::access;
use crate::ops::batch::{self, Selection};
use crate::store::{ReadTx, phone_numbers};
use askama::Template;
use serde::Deserialize;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct SwapForm {
    /// The other number.
    with: String,
    /// What the preview has seen of the two.
    hash: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "swap.html")]
struct SwapPage<'a> {
    chrome: &'a Chrome,
    number: &'a str,
    form: SwapForm,
    preview: Option<Preview>,
    faults: Vec<FormFault>,
}

/// Answers `GET numbers/{number}/swap`.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, visit.query()?, Vec::new())
}

fn page(visit: &Visit<'_>, form: SwapForm, mut faults: Vec<FormFault>) -> Result<Answer, Failure> {
    let (chrome, number) = (&visit.chrome, visit.parameter.as_str());
    // A skill group may hold one of the two.
    access::require(&chrome.access, Act::BindNumbers)?;
    visit.face.store.read(|tx| phone_numbers::version(tx, visit.instance_id(), number))?;
    let mut preview = None;
    if !form.with.trim().is_empty() {
        let (one, other) = (number.to_owned(), form.with.trim().to_owned());
        let found = visit.rehearse(move |tx, access| {
            let hash = hash(tx, &access.instance_id, &one, &other)?;
            let both = [one.as_str(), other.as_str()].into_iter();
            let swapped = || batch::swap(tx, &access.instance_id, &one, &other);
            let moves = Moves::rehearsed(tx, &access.instance_id, both, swapped)?;
            Ok(Preview { moves, hash })
        });
        match found {
            Ok(found) => preview = Some(found),
            // The number of the address is there, so it is the other one.
            Err(failure) => faults = failure.faults_of(chrome, "with")?.1,
        }
    }
    reply::page(&SwapPage { chrome, number, form, preview, faults })
}

fn hash(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    one: &String,
    other: &String,
) -> Result<String, Error> {
    Ok(Selection::of_numbers(tx, instance_id, [one, other].into_iter())?.hash())
}

/// Answers `POST numbers/{number}/swap`.
pub(super) fn swap(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: SwapForm = visit.form()?;
    let (one, other) = (visit.parameter.clone(), form.with.trim().to_owned());
    let seen = form.hash.clone();
    let done = visit.write(&form.reason, move |tx, access| {
        access::require(access, Act::BindNumbers)?;
        if hash(tx, &access.instance_id, &one, &other)? != seen {
            return Ok(None);
        }
        batch::swap(tx, &access.instance_id, &one, &other).map(Some)
    });
    let (status, faults) = match done {
        Ok(Some(report)) if report.applied => {
            let back = visit.chrome.number(visit.parameter.as_str());
            return Ok(visit.done(&[("done", report.done.to_string()), ("back", back)]));
        }
        Ok(Some(_)) => (409, Vec::new()),
        Ok(None) => (412, vec![FormFault::of_all(visit.chrome.t.say("swap-stale"))]),
        Err(failure) => failure.faults(&visit.chrome)?,
    };
    Ok(Answer { status, ..page(visit, form, faults)? })
}
