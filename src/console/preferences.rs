//! What a person chooses for themselves: the language, and whether single letters are commands.

use super::page::Visit;
use super::reply::{self, Failure};
use super::texts::Language;
use crate::http::Answer;
use crate::ops::console_sessions;
use serde::Deserialize;

/// What the form says; what is absent stays as it is.
#[derive(Deserialize)]
struct PreferencesForm {
    language: Option<String>,
    shortcuts: Option<bool>,
    #[serde(default)]
    back: String,
}

/// Answers `POST preferences`.
pub(super) fn change(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: PreferencesForm = visit.form()?;
    let language = match &form.language {
        None => visit.person.chosen_language(),
        Some(tag) => Language::of_tag(tag).map_or("", Language::tag),
    };
    let shortcuts = form.shortcuts.unwrap_or(visit.person.shortcuts);
    let ram_id = visit.person.caller.ram_id.clone();
    visit.write("", move |tx, _| {
        console_sessions::set_preference(tx, &ram_id, language, shortcuts)
    })?;
    let own = visit.chrome.is_inside(&form.back);
    Ok(if own { reply::see(form.back) } else { visit.see("") })
}
