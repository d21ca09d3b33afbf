//! What a request carries beside its address: the body, its reason, `If-Match`, `Idempotency-Key`.

use super::fields::{FieldError, Fields, Input, ObjectReader, Source};
use super::problem::Failure;
use crate::domain::text::{TextFault, check};
use crate::http::{self, BodyError, Headers, form};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The longest reason, in characters.
pub(super) const LONGEST_REASON: usize = 500;

/// The longest Idempotency-Key, in characters.
pub(super) const LONGEST_KEY: usize = 128;

/// A request, read whole and free of the web framework.
pub(super) struct Request {
    /// Upper-case.
    pub(super) method: String,
    /// The address below `/api/v1`, not decoded.
    pub(super) path: String,
    query: String,
    headers: Headers,
    body: Result<Vec<u8>, BodyError>,
}

impl Request {
    /// Takes what came over the wire.
    pub(super) fn new(request: http::Request) -> Self {
        let http::Request { method, path, query, headers, body, .. } = request;
        let path = path.strip_prefix(super::ROOT).map(str::to_owned).unwrap_or(path);
        Self { method, path, query, headers, body }
    }

    /// The bearer token, if there is one.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.headers.bearer()
    }

    /// A header's value, trimmed; repeated ones joined by commas. `None` when it is not there.
    ///
    /// # Errors
    /// A value that is not UTF-8.
    pub(super) fn header(&self, name: &str) -> Result<Option<String>, Failure> {
        let values = self
            .headers
            .values(name)
            .map_err(|_| malformed(Source::Header, name, "encoding", "It is not UTF-8."))?;
        Ok((!values.is_empty()).then(|| values.join(", ")))
    }

    /// The query's pairs, decoded; `+` and `%20` are both a space.
    ///
    /// # Errors
    /// What is not UTF-8.
    pub(super) fn query(&self) -> Result<Vec<(String, String)>, Failure> {
        form::decode(self.query.as_bytes()).map_err(|form::Undecodable(name)| {
            let name = name.unwrap_or_default();
            malformed(Source::Query, &name, "encoding", "It is not UTF-8.")
        })
    }

    /// The body's object; an empty body is one without fields.
    ///
    /// # Errors
    /// It broke a bound, is not labelled as JSON, is none, or no object.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Failure> {
        let body = self.body.as_ref().map_err(|fault| Failure::Body(*fault))?;
        if body.is_empty() {
            return Ok(Map::new());
        }
        let label = self.headers.media_type();
        if label != "application/json" && !label.ends_with("+json") {
            return Err(Failure::NotJson);
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(Failure::Invalid(vec![FieldError {
                source: Source::Body,
                pointer: String::new(),
                code: "type",
                detail: "It must be an object.".to_owned(),
            }])),
            Err(error) => {
                Err(malformed(Source::Body, "", "json", &format!("It is no JSON: {error}.")))
            }
        }
    }

    /// What tells whether two requests are the same: method, address, query and body.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [
            self.method.as_bytes(),
            self.path.as_bytes(),
            self.query.as_bytes(),
            self.body.as_deref().unwrap_or_default(),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// The Idempotency-Key, if there is one. The draft writes it in quotes, most clients don't;
    /// both are the same key.
    ///
    /// # Errors
    /// It is empty, too long, or holds what no key does.
    pub(super) fn idempotency_key(&self) -> Result<Option<String>, Failure> {
        let Some(text) = self.header("idempotency-key")? else { return Ok(None) };
        let key = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&text);
        let fits = (1..=LONGEST_KEY).contains(&key.len())
            && key.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        let detail = format!("It must be 1 to {LONGEST_KEY} visible characters of ASCII.");
        if fits {
            Ok(Some(key.to_owned()))
        } else {
            Err(malformed(Source::Header, "Idempotency-Key", "characters", &detail))
        }
    }

    /// Why something is changed: the header `X-Change-Reason`, percent-encoded if need be, or the
    /// body's `reason`, which is taken out of it, and wins when both are there.
    ///
    /// # Errors
    /// One of them can't be used.
    pub(super) fn reason(&self, body: &mut Map<String, Value>) -> Result<String, Failure> {
        let header = match self.header("x-change-reason")? {
            None => None,
            Some(text) => {
                if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    return Err(malformed(
                        Source::Header,
                        "X-Change-Reason",
                        "encoding",
                        "It must be visible ASCII; write other characters percent-encoded.",
                    ));
                }
                let wrong = |(code, detail): (&'static str, String)| {
                    malformed(Source::Header, "X-Change-Reason", code, &detail)
                };
                // A percent sign may also stand for itself, as in "100% sure".
                let decoded =
                    percent_encoding::percent_decode_str(&text).decode_utf8().map_err(|_| {
                        let rule = "Decoded, it is not UTF-8; write a % itself as %25.";
                        wrong(("encoding", rule.to_owned()))
                    })?;
                Some(reason(&decoded).map_err(wrong)?)
            }
        };
        let invalid = |code, detail| {
            Failure::Invalid(vec![FieldError {
                source: Source::Body,
                pointer: "/reason".to_owned(),
                code,
                detail,
            }])
        };
        let field = match body.remove("reason") {
            None => None,
            Some(Value::String(text)) => {
                Some(reason(&text).map_err(|(code, detail)| invalid(code, detail))?)
            }
            Some(_) => return Err(invalid("type", "It must be a string.".to_owned())),
        };
        Ok(field.or(header).unwrap_or_default())
    }
}

fn reason(text: &str) -> Result<String, (&'static str, String)> {
    match check(text, 0, LONGEST_REASON) {
        Ok(()) => Ok(text.to_owned()),
        Err(fault @ TextFault::Character(_)) => Err(("characters", format!("{fault}."))),
        Err(fault @ TextFault::Length(..)) => Err(("length", format!("{fault}."))),
    }
}

fn malformed(place: Source, name: &str, code: &'static str, detail: &str) -> Failure {
    let pointer = if name.is_empty() { String::new() } else { format!("/{name}") };
    Failure::Malformed(vec![FieldError { source: place, pointer, code, detail: detail.to_owned() }])
}

/// Reads the fields of a query.
///
/// # Errors
/// Everything that is wrong with them.
pub(super) fn from_query<F: Fields>(
    pairs: &[(String, String)],
    faults: &mut Vec<FieldError>,
) -> Option<F> {
    F::read(ObjectReader::new(Input::Query(pairs), faults))
}

/// Reads the fields of a body.
pub(super) fn from_body<F: Fields>(
    object: &Map<String, Value>,
    faults: &mut Vec<FieldError>,
) -> Option<F> {
    F::read(ObjectReader::new(Input::Body(object), faults))
}

/// What an operation that writes is called with.
pub(super) struct Write<B, G> {
    /// The fields.
    pub(super) fields: B,
    /// `If-Match`.
    pub(super) guard: G,
    /// Whether it is a dry run: the transaction is taken back.
    pub(super) dry_run: bool,
}
