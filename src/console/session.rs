//! Who is logged in: the session's cookie and what it leads to.

use super::texts::{Language, Texts};
use crate::domain::{Caller, Error, Timestamp};
use crate::http::{Answer, BasePath, Headers, Request};
use crate::store::{ReadTx, console_sessions};
use actix_web::cookie::{Cookie, SameSite, time::Duration};

/// The prefix makes browsers keep the cookie to this host, this path and HTTPS; they count
/// `http://127.0.0.1` and `http://localhost` as safe too, but no other plain HTTP.
const COOKIE: &str = "__Host-numberd-session";

/// The cookie where others share the host: kept to the path that is numberd's.
const COOKIE_BELOW_A_PATH: &str = "__Secure-numberd-session";

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) caller: Caller,
    pub(super) display_name: String,
    pub(super) last_seen_at: Timestamp,
    pub(super) shortcuts: bool,
    pub(super) token: String,
    language: Option<Language>,
}

impl Person {
    /// The messages in the language that they chose, or else in the browser's.
    pub(super) fn texts(&self, of_browser: Texts) -> Texts {
        self.language.map_or(of_browser, |language| Texts { language })
    }

    /// The tag of the language that they chose; empty: none.
    pub(super) fn chosen_language(&self) -> &'static str {
        self.language.map_or("", Language::tag)
    }
}

/// Who sent this request, if they are logged in.
pub(super) fn find(tx: &ReadTx<'_>, request: &Request) -> Result<Option<Person>, Error> {
    of_token(tx, token(&request.headers, &request.base_path).as_deref())
}

pub(super) fn of_token(tx: &ReadTx<'_>, token: Option<&str>) -> Result<Option<Person>, Error> {
    let Some(token) = token else { return Ok(None) };
    let session = console_sessions::find(tx, token)?;
    Ok(session.map(|session| Person {
        caller: session.caller,
        display_name: session.display_name,
        last_seen_at: session.last_seen_at,
        shortcuts: session.shortcuts,
        language: Language::of_tag(&session.language),
        token: token.to_owned(),
    }))
}

/// The token in a request's cookie.
pub(super) fn token(headers: &Headers, base_path: &BasePath) -> Option<String> {
    let (own, _) = cookie_name(base_path);
    let cookies = headers.values("cookie").ok()?.join(";");
    let of_session = |part: &str| {
        let (name, value) = part.trim().split_once('=')?;
        (name == own && !value.is_empty()).then(|| value.to_owned())
    };
    cookies.split(';').find_map(of_session)
}

/// An answer with the cookie that keeps a person logged in until they close the browser or are
/// idle too long.
pub(super) fn opened(answer: Answer, base_path: &BasePath, token: &str) -> Answer {
    answer.with("set-cookie", cookie(base_path, token).to_string())
}

/// An answer that takes the session's cookie away.
pub(super) fn ended(answer: Answer, base_path: &BasePath) -> Answer {
    let mut cookie = cookie(base_path, "");
    cookie.set_max_age(Duration::ZERO);
    answer.with("set-cookie", cookie.to_string())
}

fn cookie_name(base_path: &BasePath) -> (&'static str, String) {
    if base_path.is_shared() {
        (COOKIE_BELOW_A_PATH, base_path.to_string())
    } else {
        (COOKIE, "/".to_owned())
    }
}

fn cookie(base_path: &BasePath, token: &str) -> Cookie<'static> {
    let (name, path) = cookie_name(base_path);
    Cookie::build(name, token.to_owned())
        .path(path)
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}
