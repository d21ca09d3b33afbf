//! Every error of the User Admin API: one row each of HTTP status and message, in the body's three
//! fields.
//!
//! Sources: the vendor's pages on versioning and responses, read 2026-11-21; where they are silent,
//! what they say for their sibling APIs.

use super::reply;
use crate::domain::Error;
use crate::http::{self, Answer, BodyError};
use actix_web::http::StatusCode;
use serde::Serialize;
use std::time::Duration;

/// What a step on the way to an answer comes to.
pub(super) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a request is not answered with success.
#[derive(Debug)]
pub(super) enum Failure {
    /// `Accept` names no version.
    VersionMissing,
    /// `Accept` names other versions only.
    VersionInvalid,
    /// There is nothing at this path.
    NoRoute,
    /// There is, but not for this method; those that are offered.
    Method(String),
    /// No token, or one that can't be used.
    Unauthorized,
    /// Too many guesses; when to come back.
    Throttled(Duration),
    /// More requests than the client may make; when to come back.
    RateLimited(Duration),
    /// The body is not JSON by its `Content-Type`.
    MediaType(String),
    /// The body can't be read.
    Body(BodyError),
    /// A parameter or the body can't be meant: a sentence.
    Invalid(String),
    /// What the request names does not exist: what it is, and its id.
    NoSuch(&'static str, String),
    /// What was asked contradicts what is there: a sentence.
    Conflict(String),
    Refused(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A row of the table: status and message, and headers of its own.
pub(super) struct Row {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) headers: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a> {
    status_code: u16,
    error: &'a str,
    message: &'a str,
}

impl Failure {
    /// The same of what a body names rather than the path.
    pub(super) fn in_body(self) -> Self {
        match self {
            Self::NoSuch(what, id) => Self::Invalid(format!("There is no {what} {id}.")),
            other => other,
        }
    }

    pub(super) fn answer(&self) -> Answer {
        let Row { status, message, headers } = self.row();
        let body = ErrorBody { status_code: status, error: reason(status), message: &message };
        // Two strings and a number can always be written.
        let body = reply::json(&body).unwrap_or_default();
        let mut answer = reply::answer(status, body);
        answer.headers.extend(headers);
        Answer { code: reason(status).to_owned(), fault: self.fault(), ..answer }
    }

    /// The full error for the log, where the caller sees a summary.
    pub(super) fn fault(&self) -> Option<String> {
        if let Self::Refused(error) = self { error.fault() } else { None }
    }

    #[rustfmt::skip]
    pub(super) fn row(&self) -> Row {
        match self {
            Self::VersionMissing => row(400, "Version missing from Accept header!"),
            Self::VersionInvalid => row(400, "Invalid api-version! Valid values: 4"),
            Self::NoRoute => row(404, "There is nothing at this path."),
            Self::Method(offered) => row(405, format!("This path offers only {offered}.")).with("allow", offered.clone()),
            Self::Unauthorized => row(401, "Authorization has been denied for this request.").with("www-authenticate", "Bearer".to_owned()),
            Self::Throttled(wait) => row(429, "Too many attempts with wrong credentials; try again later.").retry_after(*wait),
            Self::RateLimited(wait) => row(429, "The client has made more requests than it may in a minute; try again later.").retry_after(*wait),
            Self::MediaType(given) => row(415, format!("The body must be application/json, but its Content-Type is {given}.")),
            Self::Body(BodyError::TooLarge) => row(413, format!("The body is larger than {} bytes.", http::BODY_LIMIT)),
            Self::Body(BodyError::TooSlow) => row(408, "The body did not arrive in time."),
            Self::Body(BodyError::Encoded) => row(415, "The body is compressed; send it as it is, without Content-Encoding."),
            Self::Body(BodyError::Broken) => row(400, "The body can't be read."),
            Self::Invalid(sentence) => row(400, sentence.as_str()),
            Self::NoSuch(what, id) => row(404, format!("There is no {what} {id}.")),
            Self::Conflict(sentence) => row(409, sentence.as_str()),
            Self::Refused(error) => refused(error),
        }
    }
}

#[rustfmt::skip]
fn refused(error: &Error) -> Row {
    match error {
        Error::NotFound(missing) => row(404, format!("{missing}.")),
        Error::AlreadyExists(existing) => row(409, format!("{existing}.")),
        Error::SkillGroupInUse(..) | Error::LastAdmin(_) | Error::OwnUser(_) => row(409, format!("{error}.")),
        Error::Rule { subject, advice, .. } => row(409, format!("{subject}: {advice}.")),
        Error::Forbidden(_) => row(403, "Insufficient scope"),
        // No request of this face swaps numbers, carries a nonce, or is asked for a reason.
        Error::SameNumber(_) | Error::NonceUsed | Error::ReasonRequired => row(400, format!("{error}.")),
        Error::Unavailable(_) => row(503, "The service is unavailable just now; try again.").retry_after(http::RETRY_AFTER),
        Error::Internal(_) => row(500, "An internal server error occurred"),
    }
}

fn row(status: u16, message: impl Into<String>) -> Row {
    Row { status, message: message.into(), headers: Vec::new() }
}

impl Row {
    fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    fn retry_after(self, wait: Duration) -> Self {
        self.with("retry-after", http::whole_seconds(wait))
    }
}

/// The words that HTTP has for a status.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|it| it.canonical_reason()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::domain::{Error, Existing, InstanceId, Missing, Rule, Unavailable, UserId};
    use std::time::Duration;

    /// Status and body of a failure.
    fn sent(failure: Failure) -> (u16, String) {
        let answer = failure.answer();
        (answer.status, String::from_utf8(answer.body).unwrap())
    }

    #[test]
    fn what_goes_wrong_inside_is_told_to_the_log_and_not_to_the_caller() {
        let failure = Failure::Refused(Error::Internal("no such table: user".to_owned()));
        assert_eq!(failure.answer().fault.as_deref(), Some("no such table: user"));
        assert_eq!(sent(failure), (500, r#"{"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"}"#.to_owned()));
    }

    #[test]
    fn every_error_of_the_domain_has_an_answer_of_its_kind() {
        let rule = |rule| Error::Rule {
            rule,
            subject: "123".to_owned(),
            advice: "release it first".to_owned(),
        };
        for (error, status, message) in [
            (Error::NotFound(Missing::Instance("x".to_owned())), 404, "instance x does not exist."),
            (
                Error::AlreadyExists(Existing::Instance("x".to_owned())),
                409,
                "instance x exists already.",
            ),
            (
                Error::SkillGroupInUse("x".to_owned(), "has 1 member".to_owned()),
                409,
                "skill group x has 1 member; take them out first.",
            ),
            (
                Error::LastAdmin(InstanceId::new("x")),
                409,
                "instance x would be left without an Admin; make another user Admin first.",
            ),
            (
                Error::OwnUser(UserId::new("a@x")),
                409,
                "nobody can remove themselves; another Admin can remove a@x.",
            ),
            (rule(Rule::SameInstance), 409, "123: release it first."),
            (Error::Forbidden("x".to_owned()), 403, "Insufficient scope"),
            (Error::NonceUsed, 400, "the nonce was used before."),
            (
                Error::Unavailable(Unavailable::DiskFull),
                503,
                "The service is unavailable just now; try again.",
            ),
        ] {
            let (sent_status, body) = sent(Failure::Refused(error));
            assert_eq!(sent_status, status, "{body}");
            assert!(body.ends_with(&format!("\"message\":\"{message}\"}}")), "{body}");
        }
    }

    #[test]
    fn a_wait_is_given_in_whole_seconds_rounded_up() {
        for (millis, seconds) in [(1, "1"), (1000, "1"), (1001, "2")] {
            let answer = Failure::Throttled(Duration::from_millis(millis)).answer();
            assert_eq!(answer.header("retry-after"), Some(seconds));
        }
    }
}
