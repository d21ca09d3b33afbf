//! Logging in and out.
//!
//! A form that was sent when its session had ended is not lost: the login page carries it along,
//! and shows it afterwards with a button that sends it again.

use super::Face;
use super::address::{is_inside, root};
use super::form::form;
use super::guard::header;
use super::reply::{self, Failure};
use super::session::{self, Person};
use super::texts::Texts;
use crate::domain::{Error, PageRequest};
use crate::http::{self, Answer, Request};
use crate::ops::{console_sessions, passwords};
use crate::store::{Store, instances, ram_users};
use askama::Template;
use serde::Deserialize;

/// A hash that costs what any other does, of a password that nobody has.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bnVtYmVyZC1ub2JvZHk$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(Default, Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    t: Texts,
    root: &'a str,
    login: &'a str,
    next: &'a str,
    /// The form that was sent without a session, to be sent again.
    pending: &'a str,
    /// What to say above the form: the key of a message.
    notice: &'a str,
    host: &'a str,
}

/// The page that offers to send a form again.
#[derive(Template)]
#[template(path = "resend.html")]
struct ResendPage<'a> {
    t: Texts,
    root: &'a str,
    action: &'a str,
    fields: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginForm {
    login: String,
    password: String,
    next: String,
    pending: String,
}

/// What the login page's address says.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginQuery {
    next: String,
    /// Set once a password was right: the browser ought to have the cookie.
    kept: bool,
}

/// Answers `/console/login`.
pub(super) fn answer(face: &Face, request: &Request, t: Texts) -> Result<Answer, Failure> {
    if request.method == "POST" {
        return enter(face, request, t);
    }
    let query: LoginQuery = serde_html_form::from_str(&request.query).unwrap_or_default();
    if face.store.read(|tx| session::find(tx, request))?.is_some() {
        return Ok(reply::see(inside(&root(request), &query.next)));
    }
    let notice = if query.kept { "login-cookie-lost" } else { "" };
    reply::page(&LoginPage {
        t,
        root: &root(request),
        next: &query.next,
        notice,
        host: &request.host,
        ..LoginPage::default()
    })
}

/// The login page instead of the one that was asked for.
pub(super) fn first(request: &Request, path: &str, t: Texts) -> Answer {
    let query = if request.query.is_empty() { "" } else { "?" };
    let root = root(request);
    let next = format!("{root}{path}{query}{}", request.query);
    // A file can't be carried along.
    if request.method != "POST" || <Face as http::Face>::takes_file(request) {
        let to = serde_html_form::to_string([("next", &next)]).unwrap_or_default();
        return reply::see(format!("{root}/login?{to}"));
    }
    let pending = match &request.body {
        Ok(body) => String::from_utf8_lossy(body).into_owned(),
        Err(_) => String::new(),
    };
    let page = LoginPage {
        t,
        root: &root,
        next: &next,
        pending: &pending,
        notice: "login-session-ended",
        host: &request.host,
        ..LoginPage::default()
    };
    match page.render() {
        Ok(body) => reply::html(401, body),
        Err(error) => Failure::Template(error).reply(t, request),
    }
}

fn enter(face: &Face, request: &Request, t: Texts) -> Result<Answer, Failure> {
    let given: LoginForm = form(t, request)?;
    let store = &face.store;
    if let Err(wait) = face.attempts.admit(request.client, Some(&given.login)) {
        let page = refuse(&given, request, t, "login-too-often")?;
        return Ok(Answer { status: 429, ..page }.retry_after(wait));
    }
    let kept = store.read(|tx| ram_users::password_of(tx, &given.login))?;
    let (ram_id, hash) = kept.unzip();
    let hash = hash.flatten();
    // A login that does not exist costs the same time as a wrong password.
    let right = passwords::verify(&given.password, hash.as_deref().unwrap_or(NOBODY));
    let (true, Some(ram_id), Some(_)) = (right, ram_id, hash) else {
        let _ = face.attempts.failed(request.client, Some(&given.login));
        return refuse(&given, request, t, "login-refused");
    };
    let author = crate::domain::Author::new(
        given.login.clone(),
        crate::domain::Origin::Console,
        request.request_id.clone(),
    );
    let token: String = store
        .write(author, move |tx| console_sessions::begin(tx, &ram_id))
        .map_err(|error: Error| Failure::from(error))?;
    let root = root(request);
    let next = inside(&root, &given.next);
    let answer = if given.pending.is_empty() {
        let to = serde_html_form::to_string([("next", next.as_str()), ("kept", "true")]);
        reply::see(format!("{root}/login?{}", to.unwrap_or_default()))
    } else {
        let fields = serde_html_form::from_str(&given.pending).unwrap_or_default();
        reply::page(&ResendPage { t, root: &root, action: &next, fields })?
    };
    Ok(session::opened(answer, &request.base_path, &token))
}

fn refuse(given: &LoginForm, request: &Request, t: Texts, notice: &str) -> Result<Answer, Failure> {
    let page = LoginPage {
        t,
        root: &root(request),
        login: &given.login,
        next: &given.next,
        pending: &given.pending,
        notice,
        host: &request.host,
    };
    Ok(Answer { status: 403, ..reply::page(&page)? })
}

/// Answers `POST /console/logout`.
pub(super) fn leave(store: &Store, request: &Request) -> Result<Answer, Failure> {
    if let Some(person) = store.read(|tx| session::find(tx, request))? {
        let (author, token) = (person.author(&request.request_id, ""), person.token);
        store
            .write(author, move |tx| console_sessions::end(tx, &token))
            .map_err(|error: Error| Failure::from(error))?;
    }
    let login = reply::see(format!("{}/login", root(request)));
    Ok(session::ended(login, &request.base_path))
}

/// Leads a person from `/console/` to their call centre.
pub(super) fn start(store: &Store, person: &Person, request: &Request) -> Result<Answer, Failure> {
    let page = PageRequest::first(1);
    let caller = &person.caller;
    let found = store.read(|tx| instances::list_of_caller(tx, caller, page))?;
    match found.rows.first() {
        Some(instance) => Ok(reply::see(format!("{}/{}/", root(request), instance.instance_id))),
        None => Err(Failure::NoInstance),
    }
}

/// An address of the console, whatever was given: a login never leads elsewhere.
fn inside(root: &str, next: &str) -> String {
    if is_inside(root, next) { next.to_owned() } else { format!("{root}/") }
}

/// The language that the browser asks for.
pub(super) fn of_browser(request: &Request) -> Texts {
    let accepted = header(request, "accept-language").unwrap_or_default();
    Texts { language: super::texts::Language::negotiated(accepted) }
}
