//! The page that says why something can't be shown or was not done.

use super::address::root;
use super::page::Chrome;
use super::reply::{Failure, FormFault, html, joined};
use super::texts::Texts;
use crate::domain::Error;
use crate::http::{Answer, RETRY_AFTER, Request};
use askama::Template;

/// An error inside the console's frame.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    chrome: &'a Chrome,
    title: String,
    detail: String,
    request_id: &'a str,
}

/// A form that was refused because it lacks a reason, to be sent again with one.
#[derive(Template)]
#[template(path = "reason.html")]
struct ReasonPage<'a> {
    chrome: &'a Chrome,
    detail: String,
    fields: Vec<(String, String)>,
}

/// An error before one knows who is there.
#[derive(Template)]
#[template(path = "error_single.html")]
struct SingleErrorPage<'a> {
    t: Texts,
    root: &'a str,
    title: String,
    detail: String,
    request_id: &'a str,
}

impl Failure {
    /// The answer to somebody who has not logged in.
    pub(super) fn reply(self, t: Texts, request: &Request) -> Answer {
        self.render(t, Err(&root(request)), &request.request_id)
    }

    /// The answer inside the console's frame. A form that only lacks a reason is kept.
    pub(super) fn answer(self, chrome: &Chrome, request: &Request) -> Result<Answer, Self> {
        match (&self, &request.body) {
            (Self::Domain(error @ Error::ReasonRequired), Ok(body)) if request.upload.is_none() => {
                let mut fields: Vec<(String, String)> =
                    serde_html_form::from_bytes(body).unwrap_or_default();
                fields.retain(|(name, _)| name != "reason");
                let detail = chrome.t.error(error);
                let body = ReasonPage { chrome, detail, fields }.render()?;
                Ok(Answer { code: "409".to_owned(), ..html(409, body) })
            }
            _ => Ok(self.render(chrome.t, Ok(chrome), &request.request_id)),
        }
    }

    /// What is wrong with a form that can be corrected, and with which status it is shown again.
    pub(super) fn faults(self, chrome: &Chrome) -> Result<(u16, Vec<FormFault>), Self> {
        let (status, _) = self.status();
        let whole = |said| vec![FormFault::of_all(said)];
        match self {
            Self::BadFields(faults) => Ok((status, faults)),
            Self::BadForm(said) => Ok((status, whole(said))),
            Self::Domain(error @ Error::ReasonRequired) => {
                let said = chrome.t.error(&error);
                Ok((status, vec![FormFault { field: "reason", said }]))
            }
            Self::Domain(error @ Error::SameNumber(_)) => {
                Ok((status, whole(chrome.t.error(&error))))
            }
            Self::Domain(error) if matches!(status, 404 | 409) => {
                Ok((409, whole(chrome.t.error(&error))))
            }
            failure => Err(failure),
        }
    }

    /// Like [`Self::faults`], where what names no field is about this one.
    pub(super) fn faults_of(
        self,
        chrome: &Chrome,
        field: &'static str,
    ) -> Result<(u16, Vec<FormFault>), Self> {
        let (status, mut faults) = self.faults(chrome)?;
        for fault in faults.iter_mut().filter(|fault| fault.field.is_empty()) {
            fault.field = field;
        }
        Ok((status, faults))
    }

    /// Inside the frame, or without one, with the address of the console.
    fn render(self, t: Texts, frame: Result<&Chrome, &str>, request_id: &str) -> Answer {
        let (status, key) = self.status();
        let fault = (status == 500).then(|| self.to_string());
        let detail = match (&self, status) {
            (_, 500) => t.say("error-500-detail").to_string(),
            (Self::Domain(error), _) => t.error(error),
            (Self::BadForm(reason), _) => reason.clone(),
            (Self::BadFields(faults), _) => joined(faults),
            (Self::NoInstance, _) => t.say("error-no-instance-detail").to_string(),
            (Self::NoSuchPage, _) => t.say("error-404-detail").to_string(),
            (Self::ForeignOrigin, _) => t.say("error-origin-detail").to_string(),
            (Self::Template(_), _) => String::new(),
        };
        let title = t.say(key).to_string();
        let body = match frame {
            Ok(chrome) => ErrorPage { chrome, title, detail, request_id }.render(),
            Err(root) => SingleErrorPage { t, root, title, detail, request_id }.render(),
        };
        let body = body.unwrap_or_else(|error| format!("{status}: {error}"));
        let answer = Answer { fault, code: status.to_string(), ..html(status, body) };
        if status == 503 { answer.retry_after(RETRY_AFTER) } else { answer }
    }

    /// The status, and the key of its title.
    const fn status(&self) -> (u16, &'static str) {
        match self {
            Self::NoSuchPage => (404, "error-404"),
            Self::ForeignOrigin => (403, "error-origin"),
            Self::NoInstance => (404, "error-no-instance"),
            Self::BadForm(_) | Self::BadFields(_) => (400, "error-400"),
            Self::Template(_) => (500, "error-500"),
            Self::Domain(error) => match error {
                Error::NotFound(_) => (404, "error-404"),
                Error::AlreadyExists(_)
                | Error::SkillGroupInUse(..)
                | Error::LastAdmin(_)
                | Error::OwnUser(_)
                | Error::ReasonRequired
                | Error::Rule { .. } => (409, "error-409"),
                Error::SameNumber(_) => (400, "error-400"),
                Error::Forbidden(_) => (403, "error-403"),
                Error::Unavailable(_) => (503, "error-503"),
                Error::NonceUsed | Error::Internal(_) => (500, "error-500"),
            },
        }
    }
}
