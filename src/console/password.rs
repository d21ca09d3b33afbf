//! Each person changes their own password.

use super::form::form;
use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::session;
use crate::http::Answer;
use crate::ops::{console_sessions, credentials, passwords};
use crate::store::{ReadTx, ram_users};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage<'a> {
    chrome: &'a Chrome,
    faults: Vec<FormFault>,
    done: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    present: String,
    new: String,
    again: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordQuery {
    done: bool,
}

/// Answers `GET password`.
pub(super) fn show(_: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let query: PasswordQuery = visit.query()?;
    reply::page(&PasswordPage { chrome: &visit.chrome, faults: Vec::new(), done: query.done })
}

/// Answers `POST password`: every session of the person ends, and this one begins again.
pub(super) fn change(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: PasswordForm = form(visit.chrome.t, visit.request)?;
    let login_name = visit.person.caller.login_name.clone();
    let refused = |status, faults| -> Result<Answer, Failure> {
        let page = PasswordPage { chrome: &visit.chrome, faults, done: false };
        Ok(Answer { status, ..reply::page(&page)? })
    };
    // Whoever finds an open console may not guess either.
    let (attempts, client) = (&visit.face.attempts, visit.request.client);
    if let Err(wait) = attempts.admit(client, Some(&login_name)) {
        let said = FormFault::of_all(visit.chrome.t.say("login-too-often"));
        return Ok(refused(429, vec![said])?.retry_after(wait));
    }
    let kept = visit.face.store.read(|tx| ram_users::password_of(tx, &login_name))?;
    let hash = kept.and_then(|(_, hash)| hash);
    let right = hash.is_some_and(|hash| passwords::verify(&form.present, &hash));
    let t = visit.chrome.t;
    let mut faults = FormFaults::new(t);
    if !right {
        let _ = attempts.failed(client, Some(&login_name));
        faults.add("present", t.say("password-wrong"));
    }
    if !passwords::has_length(&form.new) {
        faults.add("new", t.say("password-length"));
    } else if form.new != form.again {
        faults.add("again", t.say("password-differs"));
    }
    if let Err(Failure::BadFields(faults)) = faults.unless_any(Some(())) {
        return refused(422, faults);
    }
    let hashed = passwords::hash(&form.new)?;
    let ram_id = visit.person.caller.ram_id.clone();
    let token = visit.write("", move |tx, _| {
        credentials::set_password(tx, &ram_id, &hashed)?;
        console_sessions::begin(tx, &ram_id)
    })?;
    let back = visit.see("password?done=true");
    Ok(session::opened(back, &visit.request.base_path, &token))
}
