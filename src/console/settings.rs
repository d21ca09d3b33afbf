//! The call centre itself: what it is called, and how its numbers are held.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use crate::domain::{Act, Instance};
use crate::http::Answer;
use crate::ops::instances as acts;
use crate::store::instances::InstanceEdit;
use crate::store::{ReadTx, instances};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage<'a> {
    chrome: &'a Chrome,
    instance: Instance,
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
    reply::page(&SettingsPage {
        chrome: &visit.chrome,
        instance: instances::find(tx, visit.instance_id())?,
        may_edit: visit.chrome.access.may(Act::ManageInstance),
        saved: query.saved,
    })
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct SettingsForm {
    name: String,
    description: String,
    reason: String,
}

/// Answers `POST settings`.
pub(super) fn save(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: SettingsForm = visit.form()?;
    visit.free_text("name", &form.name, 64)?;
    visit.free_text("description", &form.description, 200)?;
    let wanted = form.clone();
    visit.write(&form.reason, move |tx, access| {
        let edit = InstanceEdit {
            name: Some(wanted.name.trim().to_owned()),
            description: Some(wanted.description.trim().to_owned()),
            sharing: None,
        };
        acts::modify(tx, &access.instance_id, &edit)
    })?;
    Ok(visit.see("settings?saved=true"))
}
