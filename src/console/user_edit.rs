//! Changing a person's data, and setting a new password for them.

use super::form::form;
use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::words::{Deed, newest};
use crate::domain::history::{ChangeFilter, Entity};
use crate::domain::text::{
    LONGEST_MOBILE, LONGEST_NOTE, LONGEST_PERSON_NAME, LONGEST_REASON, name_or,
};
use crate::domain::{Role, UserEdit, UserId, WorkMode};
use crate::http::Answer;
use crate::ops::{passwords, users as acts};
use crate::store::{ReadTx, users};
use askama::Template;
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct UserForm {
    version: u64,
    display_name: String,
    role: String,
    nickname: String,
    mobile: String,
    display_id: String,
    note: String,
    work_mode: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "user_edit.html")]
struct UserEditPage<'a> {
    chrome: &'a Chrome,
    user_id: &'a str,
    form: UserForm,
    roles: [&'static str; 3],
    work_modes: [&'static str; 3],
    /// What somebody else changed since the form was opened.
    newer: Vec<Deed>,
    faults: Vec<FormFault>,
    password_done: bool,
    /// Why no password was set.
    password_faults: Vec<FormFault>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EditQuery {
    password: String,
}

/// Answers `GET users/{user}/edit`.
pub(super) fn edit(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    unchanged(tx, visit, Vec::new())
}

/// The form as what is kept of the person.
fn unchanged(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    password_faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let row = users::get(tx, visit.instance_id(), &UserId::new(visit.parameter.as_str()))?;
    let form = UserForm {
        version: row.version,
        display_name: name_or(row.display_name, row.login_name.as_str()),
        role: row.role.to_string(),
        nickname: row.nickname,
        mobile: row.mobile,
        display_id: row.display_id,
        note: row.note,
        work_mode: row.work_mode.to_string(),
        reason: String::new(),
    };
    page(visit, form, Vec::new(), Vec::new(), password_faults)
}

fn page(
    visit: &Visit<'_>,
    form: UserForm,
    newer: Vec<Deed>,
    faults: Vec<FormFault>,
    password_faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let query: EditQuery = visit.query()?;
    reply::page(&UserEditPage {
        chrome: &visit.chrome,
        user_id: visit.parameter.as_str(),
        form,
        roles: ["Agent", "Manager", "Admin"],
        work_modes: WorkMode::NAMES,
        newer,
        faults,
        password_done: query.password == "done" && password_faults.is_empty(),
        password_faults,
    })
}

/// Answers `POST users/{user}/edit`.
pub(super) fn save(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: UserForm = visit.form()?;
    let (user_id, seen) = (UserId::new(visit.parameter.as_str()), form.version);
    let refused = visit.save(&form.reason, form.edit(visit), move |tx, access, edit| {
        let row = users::get(tx, &access.instance_id, &user_id)?;
        if row.version != seen {
            return Ok(false);
        }
        acts::edit(tx, &access.instance_id, &user_id, &edit)?;
        Ok(true)
    })?;
    match refused {
        None => Ok(reply::see(visit.chrome.user(visit.parameter.as_str()))),
        Some((412, _)) => stale(visit, form),
        Some((status, faults)) => {
            Ok(Answer { status, ..page(visit, form, Vec::new(), faults, Vec::new())? })
        }
    }
}

impl UserForm {
    fn edit(&self, visit: &Visit<'_>) -> Result<UserEdit, Failure> {
        let mut faults = FormFaults::new(visit.chrome.t);
        faults.name("display_name", "name", &self.display_name, LONGEST_PERSON_NAME);
        for (field, key, text) in [
            ("nickname", "nickname", &self.nickname),
            ("display_id", "display-id", &self.display_id),
        ] {
            faults.name_or_nothing(field, key, text, LONGEST_PERSON_NAME);
        }
        faults.texts(&[
            ("mobile", "mobile", &self.mobile, LONGEST_MOBILE),
            ("note", "note", &self.note, LONGEST_NOTE),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let (role, work_mode) =
            (Role::of_instance(&self.role), WorkMode::from_name(&self.work_mode));
        faults.known_word("role", &self.role, role.is_some());
        faults.known_word("work_mode", &self.work_mode, work_mode.is_some());
        faults.unless_any(Some(UserEdit {
            work_mode,
            role,
            display_name: Some(self.display_name.trim().to_owned()),
            mobile: Some(self.mobile.trim().to_owned()),
            nickname: Some(self.nickname.trim().to_owned()),
            display_id: Some(self.display_id.trim().to_owned()),
            note: Some(self.note.trim().to_owned()),
            ..UserEdit::default()
        }))
    }
}

fn stale(visit: &Visit<'_>, mut form: UserForm) -> Result<Answer, Failure> {
    let user_id = UserId::new(visit.parameter.as_str());
    let filter = ChangeFilter {
        user_id: Some(user_id.to_string()),
        entity: Some(Entity::User),
        ..ChangeFilter::default()
    };
    let newer = visit.face.store.read(|tx| {
        // Saved again, it is saved over what is shown now.
        form.version = users::get(tx, visit.instance_id(), &user_id)?.version;
        newest(tx, &visit.chrome, filter, 3)
    })?;
    Ok(Answer { status: 412, ..page(visit, form, newer, Vec::new(), Vec::new())? })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    password: String,
}

/// Answers `POST users/{user}/password`: the person's sessions end.
pub(super) fn reset_password(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: PasswordForm = form(visit.chrome.t, visit.request)?;
    let user_id = UserId::new(visit.parameter.as_str());
    let set = hashed(visit, &form.password).and_then(|hashed| {
        visit.write("", move |tx, access| acts::reset_password(tx, access, &user_id, &hashed))
    });
    let Err(failure) = set else {
        let page = visit.chrome.user(visit.parameter.as_str());
        return Ok(reply::see(format!("{page}/edit?password=done")));
    };
    let (status, faults) = failure.faults_of(&visit.chrome, "password")?;
    visit.again(status, |tx| unchanged(tx, visit, faults))
}

fn hashed(visit: &Visit<'_>, password: &str) -> Result<passwords::HashedPassword, Failure> {
    if !passwords::has_length(password) {
        return Err(Failure::BadForm(visit.chrome.t.say("password-length").to_string()));
    }
    Ok(passwords::hash(password)?)
}
