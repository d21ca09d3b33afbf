//! The call centre itself: what it is called, and how its numbers are held.

use super::credentials::{self, Credential};
use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::texts::Message;
use super::words::{Deed, newest};
use crate::domain::capacity::{LowWaterMark, MOST_MARKED};
use crate::domain::history::{ChangeFilter, Entity};
use crate::domain::instance::{CountryCode, InstanceEdit, Sharing};
use crate::domain::phone_number::Usage;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_REASON, LONGEST_WORD};
use crate::domain::{Act, Instance, Role};
use crate::http::Answer;
use crate::ops::instances as acts;
use crate::ops::low_water_marks::set as set_mark;
use crate::store::{ReadTx, instances, low_water_marks, places};
use askama::Template;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage<'a> {
    chrome: &'a Chrome,
    instance: Instance,
    form: SettingsForm,
    sharings: [Sharing; 2],
    country_codes: [CountryCode; 2],
    marks: Vec<LowWaterMark>,
    cities: Vec<String>,
    usages: [Usage; 3],
    may_edit: bool,
    /// The credentials of programs; empty unless the person may change the settings.
    credentials: Vec<Credential>,
    /// Whether these are all that there are.
    sees_all: bool,
    /// What somebody else changed since the form was opened.
    newer: Vec<Deed>,
    faults: Vec<FormFault>,
    marking: Marking,
    saved: bool,
}

/// The form that sets a low-water mark, with what was typed and why it was not set, if it was not.
struct Marking {
    form: MarkForm,
    faults: Vec<FormFault>,
}

impl Default for Marking {
    fn default() -> Self {
        let form = MarkForm { least: "5".to_owned(), ..MarkForm::default() };
        Self { form, faults: Vec::new() }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SettingsQuery {
    saved: bool,
}

/// Answers `GET settings`.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let query: SettingsQuery = visit.query()?;
    page(tx, visit, query.saved, (None, Vec::new()), Marking::default())
}

/// The page, with what was typed and why it was not saved, if it was not.
fn page(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    saved: bool,
    (typed, faults): (Option<&SettingsForm>, Vec<FormFault>),
    marking: Marking,
) -> Result<Answer, Failure> {
    let chrome = &visit.chrome;
    let places = places::counts(tx, visit.instance_id())?;
    let cities = places.iter().map(|place| place.city.clone());
    let cities: BTreeSet<String> = cities.chain([marking.form.city.clone()]).collect();
    let instance = instances::find(tx, visit.instance_id())?;
    let stale = typed.is_some_and(|form| form.version.is_some_and(|seen| seen != instance.version));
    let changed = ChangeFilter { entity: Some(Entity::Instance), ..ChangeFilter::default() };
    let may_edit = chrome.access.may(Act::ManageInstance);
    reply::page(&SettingsPage {
        chrome,
        form: typed.cloned().unwrap_or_else(|| SettingsForm::of(&instance)),
        sharings: [Sharing::Exclusive, Sharing::Shared],
        country_codes: [CountryCode::None, CountryCode::China],
        marks: low_water_marks::of_places(tx, visit.instance_id(), &places)?,
        cities: cities.into_iter().filter(|city| !city.is_empty()).collect(),
        usages: Usage::ALL,
        may_edit,
        credentials: if may_edit { credentials::seen_by(tx, chrome)? } else { Vec::new() },
        sees_all: chrome.access.role == Role::Root,
        newer: if stale { newest(tx, chrome, changed, 1)? } else { Vec::new() },
        faults,
        marking,
        saved,
        instance,
    })
}

/// What the form says, and what it shows again.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct SettingsForm {
    /// The version that was shown; absent: whatever it is.
    version: Option<u64>,
    name: String,
    description: String,
    personal_numbers: Option<String>,
    country_code: Option<String>,
    cool_down_days: String,
    reason_required: Option<bool>,
    reason: String,
}

impl SettingsForm {
    fn of(instance: &Instance) -> Self {
        Self {
            version: Some(instance.version),
            name: instance.name.clone(),
            description: instance.description.clone(),
            personal_numbers: Some(instance.personal_numbers.to_string()),
            country_code: Some(instance.country_code.to_string()),
            cool_down_days: instance.cool_down_days.to_string(),
            reason_required: Some(instance.reason_required),
            reason: String::new(),
        }
    }

    fn edit(&self, visit: &Visit<'_>) -> Result<InstanceEdit, Failure> {
        let t = visit.chrome.t;
        let mut faults = FormFaults::new(t);
        faults.name("name", "name", &self.name, LONGEST_NAME);
        faults.texts(&[
            ("description", "description", &self.description, LONGEST_DESCRIPTION),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let days = self.cool_down_days.trim();
        let cool_down_days = days.parse().ok().filter(|days| *days <= MAX_COOL_DOWN_DAYS);
        if cool_down_days.is_none() && !days.is_empty() {
            let said = t.say("days-wrong").with("value", days);
            faults.add("cool_down_days", said.with("most", MAX_COOL_DOWN_DAYS));
        }
        let (sharing, code) = (self.personal_numbers.as_deref(), self.country_code.as_deref());
        let edit = InstanceEdit {
            name: Some(self.name.trim().to_owned()),
            description: Some(self.description.trim().to_owned()),
            personal_numbers: chosen(
                &mut faults,
                ("personal_numbers", t.say("sharing")),
                sharing,
                Sharing::from_name,
            ),
            country_code: chosen(
                &mut faults,
                ("country_code", t.say("country-code")),
                code,
                CountryCode::from_name,
            ),
            cool_down_days,
            reason_required: self.reason_required,
        };
        faults.unless_any(Some(edit))
    }
}

/// Answers `POST settings`.
pub(super) fn save(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: SettingsForm = visit.form()?;
    let seen = form.version;
    let refused = visit.save(&form.reason, form.edit(visit), move |tx, access, edit| {
        let version = instances::find(tx, &access.instance_id)?.version;
        if seen.is_some_and(|seen| seen != version) {
            return Ok(false);
        }
        acts::modify(tx, &access.instance_id, &edit)?;
        Ok(true)
    })?;
    let Some((status, faults)) = refused else { return Ok(visit.see("settings?saved=true")) };
    visit.again(status, |tx| page(tx, visit, false, (Some(&form), faults), Marking::default()))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MarkForm {
    city: String,
    usage: String,
    least: String,
    /// Of the form; beside each mark it is called `reason`.
    #[serde(alias = "mark_reason")]
    reason: String,
}

/// Answers `POST settings/marks`.
pub(super) fn mark(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: MarkForm = visit.form()?;
    let set = form.wanted(visit).and_then(|(city, usage, least)| {
        visit.write(&form.reason, move |tx, access| {
            set_mark(tx, &access.instance_id, &city, usage, least)
        })
    });
    let Err(failure) = set else { return Ok(visit.see("settings?saved=true")) };
    let (status, mut faults) = failure.faults(&visit.chrome)?;
    // The page's other form has a reason, too.
    let of_reason = faults.iter_mut().filter(|fault| fault.field == "reason");
    of_reason.for_each(|fault| fault.field = "mark_reason");
    let marking = Marking { form, faults };
    visit.again(status, |tx| page(tx, visit, false, (None, Vec::new()), marking))
}

impl MarkForm {
    /// The city, the usage and how many should be free at least.
    fn wanted(&self, visit: &Visit<'_>) -> Result<(String, Option<Usage>, u32), Failure> {
        let t = visit.chrome.t;
        let mut faults = FormFaults::new(t);
        faults.texts(&[
            ("city", "city", &self.city, LONGEST_WORD),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let least = self.least.trim();
        let wanted = least.parse().ok().filter(|least| *least <= MOST_MARKED);
        if wanted.is_none() {
            faults.add("least", t.say("mark-wrong").with("value", least).with("most", MOST_MARKED));
        }
        let usage = Some(self.usage.as_str()).filter(|usage| !usage.is_empty());
        let usage = chosen(&mut faults, ("usage", t.say("usage")), usage, Usage::from_name);
        let least = faults.unless_any(wanted)?;
        Ok((self.city.trim().to_owned(), usage, least))
    }
}

/// The choice of a form's field, by its name and what it is called; a field that is not there
/// changes nothing.
fn chosen<T>(
    faults: &mut FormFaults,
    (field, name): (&'static str, Message),
    word: Option<&str>,
    from_name: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let word = word?;
    let found = from_name(word);
    if found.is_none() {
        faults.wrong_word(field, name, word);
    }
    found
}
