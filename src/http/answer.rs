//! What a face answers.

use super::download::{Download, InFile};
use super::log::Outcome;
use crate::domain::Error;
use crate::domain::sheet::FileFormat;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use std::time::Duration;

/// When to come back after a 503: everything that causes one is over in a moment, or needs a
/// person.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);

/// A wait as `Retry-After` says it: in whole seconds, rounded up and never zero.
pub fn whole_seconds(wait: Duration) -> String {
    wait.as_millis().div_ceil(1000).max(1).to_string()
}

/// An answer that is a sentence, outside of the faces.
pub fn plain_text(status: StatusCode, sentence: &'static str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(sentence)
}

/// An answer, ready to be sent.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type of the body; not sent without a body.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// The body instead, if it is long.
    pub file: Option<InFile>,
    /// Headers beside the content type; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The operation that was asked for, if it is known: for the log.
    pub operation: Option<&'static str>,
    /// `OK` or the face's code of the error: for the log.
    pub code: String,
    /// The full error for the log, where the caller sees a summary.
    pub fault: Option<String>,
}

impl Answer {
    /// A success.
    pub fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type,
            body,
            file: None,
            headers: Vec::new(),
            operation: None,
            code: "OK".to_owned(),
            fault: None,
        }
    }

    /// A success whose body, if it has one, is JSON.
    pub fn json(status: u16, body: Vec<u8>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// A file to save, with the name that is offered for it.
    pub fn download(format: FileFormat, name: &str, body: Download) -> Result<Self, Error> {
        let (body, file) = body.finish()?;
        let answer = Self { file, ..Self::new(200, format.content_type(), body) };
        let name = format!("attachment; filename=\"{name}.{format}\"");
        Ok(answer.with("content-disposition", name))
    }

    /// This answer with one header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// This answer with `Retry-After`.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with("retry-after", whole_seconds(wait))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// How long a client or a proxy may keep the answer: with an ETag as long as they ask each time
    /// whether it still holds, otherwise not at all.
    fn caching(&self) -> &'static str {
        if self.header("etag").is_some() && self.status < 400 {
            "private, no-cache"
        } else {
            "no-store"
        }
    }

    /// Hands the answer to the web framework, and its outcome to the log.
    pub(super) fn send(self, request: &HttpRequest, face: &'static str) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        response.insert_header((CACHE_CONTROL, self.caching()));
        if !self.body.is_empty() || self.file.is_some() {
            response.insert_header((CONTENT_TYPE, self.content_type));
        }
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        request.extensions_mut().insert(Outcome {
            face,
            operation: self.operation,
            code: self.code,
            fault: self.fault,
        });
        match self.file {
            Some(file) => response.body(file.body()),
            None => response.body(self.body),
        }
    }
}
