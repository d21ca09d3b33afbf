//! What is wrong with the fields of an action, and the page that asks for them again: what was
//! selected and typed is kept.

use super::actions::{ActionChoice, ActionForm};
use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::history::HolderKind;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::{Error, Missing};
use crate::http::Answer;
use crate::store::suggestions;
use askama::Template;

/// How many of the selected numbers the page names.
const NAMED: usize = 20;

#[derive(Template)]
#[template(path = "correction.html")]
struct CorrectionPage<'a> {
    chrome: &'a Chrome,
    form: &'a ActionForm,
    faults: Vec<FormFault>,
}

impl CorrectionPage<'_> {
    /// Whether the action has a use for a field, of those that a list offers.
    fn wants(&self, actions: &str) -> bool {
        actions.split(' ').any(|word| word == self.form.action)
    }

    fn named(&self) -> &[String] {
        &self.form.number[..self.form.number.len().min(NAMED)]
    }
}

/// The form of an action again, with what is wrong with it.
pub(super) fn page(
    visit: &Visit<'_>,
    form: &ActionForm,
    failure: Failure,
) -> Result<Answer, Failure> {
    let Failure::BadFields(faults) = failure else { return Err(failure) };
    let chrome = &visit.chrome;
    Ok(Answer { status: 400, ..reply::page(&CorrectionPage { chrome, form, faults })? })
}

/// Checks that the fields of an action make sense; somebody who is named gets their id.
///
/// # Errors
/// [`Failure::BadFields`], which [`page`] shows.
pub(super) fn check(visit: &Visit<'_>, form: &mut ActionForm) -> Result<(), Failure> {
    let t = visit.chrome.t;
    if !visit.chrome.is_inside(&form.back) {
        form.back.clear();
    }
    if !ActionChoice::is_known(&form.action) {
        return Err(Failure::BadForm(t.wrong_word("action", &form.action)));
    }
    let mut faults = FormFaults::new(t);
    if !form.all && form.number.is_empty() {
        faults.add("", t.say("selection-none"));
    }
    let action = form.action.as_str();
    if matches!(action, "assign" | "transfer") || action == "hold" && !form.target.trim().is_empty()
    {
        match meant(visit, HolderKind::User, &form.target)? {
            Ok(id) => form.target = id,
            Err(said) => faults.add("target", said),
        }
    }
    if action == "bind" {
        match meant(visit, HolderKind::SkillGroup, &form.group)? {
            Ok(id) => form.group = id,
            Err(said) => faults.add("group", said),
        }
    }
    if form.action == "hold"
        && form.until().is_none_or(|until| until <= visit.face.store.clock().now())
    {
        let key = if form.until.is_empty() { "hold-until-none" } else { "hold-until-wrong" };
        faults.add("until", t.say(key).with("value", form.until.replace('T', " ")));
    }
    // Another action has no use for what was typed before.
    if form.action == "release"
        && !form.days.trim().is_empty()
        && form.cool_down_days().is_none_or(|days| days > MAX_COOL_DOWN_DAYS)
    {
        let said = t.say("days-wrong").with("value", &form.days).with("most", MAX_COOL_DOWN_DAYS);
        faults.add("days", said);
    }
    faults.unless_any(Some(()))
}

/// The id of whom or what a text names: an id, the part before its `@`, or a name that nobody else
/// has. Else what to say instead.
pub(super) fn meant(
    visit: &Visit<'_>,
    kind: HolderKind,
    text: &str,
) -> Result<Result<String, String>, Error> {
    let (t, instance_id, text) = (visit.chrome.t, visit.instance_id(), text.trim());
    if text.is_empty() {
        let key = if kind == HolderKind::User { "target-none" } else { "target-group-none" };
        return Ok(Err(t.say(key).to_string()));
    }
    let found = visit.face.store.read(|tx| suggestions::meant(tx, kind, instance_id, text))?;
    Ok(match found.as_slice() {
        [id] => Ok(id.clone()),
        [] => {
            let (id, of) = (text.to_owned(), instance_id.clone());
            Err(t.missing(&match kind {
                HolderKind::User => Missing::User(id, of),
                HolderKind::SkillGroup => Missing::SkillGroup(id, of),
            }))
        }
        _ => Err(t.say("target-several").with("name", text).to_string()),
    })
}
