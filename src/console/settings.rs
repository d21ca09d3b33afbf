//! The call centre itself: what it is called, and how its numbers are held.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use super::words;
use crate::domain::capacity::{LowWaterMark, MOST_MARKED};
use crate::domain::instance::{CountryCode, Sharing};
use crate::domain::phone_number::Usage;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::text::quoted;
use crate::domain::{Act, Instance};
use crate::http::Answer;
use crate::ops::instances as acts;
use crate::ops::low_water_marks::set as set_mark;
use crate::store::instances::InstanceEdit;
use crate::store::{ReadTx, instances, low_water_marks, places};
use askama::Template;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage<'a> {
    chrome: &'a Chrome,
    instance: Instance,
    sharings: [Sharing; 2],
    country_codes: [CountryCode; 2],
    marks: Vec<LowWaterMark>,
    cities: Vec<String>,
    usages: [Usage; 3],
    may_edit: bool,
    saved: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SettingsQuery {
    saved: bool,
}

/// Answers `GET settings`.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let query: SettingsQuery = visit.query()?;
    let places = places::counts(tx, visit.instance_id())?;
    let cities: BTreeSet<String> = places.iter().map(|place| place.city.clone()).collect();
    reply::page(&SettingsPage {
        chrome: &visit.chrome,
        instance: instances::find(tx, visit.instance_id())?,
        sharings: [Sharing::Exclusive, Sharing::Shared],
        country_codes: [CountryCode::None, CountryCode::China],
        marks: low_water_marks::of_places(tx, visit.instance_id(), &places)?,
        cities: cities.into_iter().filter(|city| !city.is_empty()).collect(),
        usages: Usage::ALL,
        may_edit: visit.chrome.access.may(Act::ManageInstance),
        saved: query.saved,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SettingsForm {
    name: String,
    description: String,
    personal_numbers: Option<String>,
    country_code: Option<String>,
    cool_down_days: String,
    reason_required: Option<bool>,
    reason: String,
}

/// Answers `POST settings`.
pub(super) fn save(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: SettingsForm = visit.form()?;
    visit.free_text("name", &form.name, 64)?;
    visit.free_text("description", &form.description, 200)?;
    let days = form.cool_down_days.trim();
    let cool_down_days = match days.parse() {
        Ok(days) if days <= MAX_COOL_DOWN_DAYS => Some(days),
        _ if days.is_empty() => None,
        _ => {
            let said = visit.chrome.t.say("days-wrong").with("value", days);
            return Err(Failure::BadForm(said.with("most", MAX_COOL_DOWN_DAYS).to_string()));
        }
    };
    let edit = InstanceEdit {
        name: Some(form.name.trim().to_owned()),
        description: Some(form.description.trim().to_owned()),
        sharing: chosen("personal_numbers", form.personal_numbers, Sharing::from_name)?,
        country_code: chosen("country_code", form.country_code, CountryCode::from_name)?,
        cool_down_days,
        reason_required: form.reason_required,
    };
    visit.write(&form.reason, move |tx, access| acts::modify(tx, &access.instance_id, &edit))?;
    Ok(visit.see("settings?saved=true"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MarkForm {
    city: String,
    usage: String,
    least: String,
    reason: String,
}

/// Answers `POST settings/marks`.
pub(super) fn mark(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: MarkForm = visit.form()?;
    visit.free_text("city", &form.city, 64)?;
    let least = form.least.trim();
    let Some(least) = least.parse().ok().filter(|least| u64::from(*least) <= MOST_MARKED) else {
        let said = visit.chrome.t.say("mark-wrong").with("value", least);
        return Err(Failure::BadForm(said.with("most", MOST_MARKED).to_string()));
    };
    let usage = Some(form.usage).filter(|usage| !usage.is_empty());
    let usage = chosen("usage", usage, Usage::from_name)?;
    let city = form.city.trim().to_owned();
    visit.write(&form.reason, move |tx, access| {
        set_mark(tx, &access.instance_id, &city, usage, least)
    })?;
    Ok(visit.see("settings?saved=true"))
}

impl SettingsPage<'_> {
    fn mark(&self, mark: &LowWaterMark) -> String {
        words::mark(self.chrome.t, mark)
    }
}

/// The choice of a form's field; a field that is not there changes nothing.
fn chosen<T>(
    name: &str,
    word: Option<String>,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Failure> {
    let Some(word) = word else { return Ok(None) };
    let unknown = || Failure::BadForm(format!("{name}: {} is not a choice", quoted(&word)));
    from_name(&word).map(Some).ok_or_else(unknown)
}
