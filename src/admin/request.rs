//! What a request carries beside its path: query, body, reason, `Idempotency-Key`.

use super::etag::Unguarded;
use super::fields::{FaultCode, FieldError, Fields, Input, NO_CONTROL_RULE, ObjectReader, Source};
use super::problem::{Failure, Result};
use crate::domain::json::{self, JsonError};
use crate::domain::sheet::FileFormat;
use crate::domain::text::{self, LONGEST_REASON, TextFault};
use crate::http::{self, BodyError, Headers, Upload, UploadError, form};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// The longest Idempotency-Key, in characters.
pub(super) const LONGEST_KEY: usize = 128;

/// A request, free of the web framework.
pub(super) struct Request<'a> {
    /// Upper-case.
    pub(super) method: &'a str,
    /// The address below `/api/v1`, not decoded.
    pub(super) path: &'a str,
    pub(super) client: IpAddr,
    query: &'a str,
    headers: &'a Headers,
    body: &'a Result<Vec<u8>, BodyError>,
    upload: Option<&'a Result<Upload, UploadError>>,
}

impl<'a> Request<'a> {
    /// Takes what came over the wire.
    pub(super) fn new(request: &'a http::Request) -> Self {
        let http::Request { method, path, query, headers, body, client, upload, .. } = request;
        let path = path.strip_prefix(super::ROOT).unwrap_or(path);
        Self { method, path, client: *client, query, headers, body, upload: upload.as_ref() }
    }

    /// Which file a list is asked for as, if any: by the ending of its address, or by `Accept`,
    /// which may prefer JSON.
    pub(super) fn file_format(&self) -> Result<Option<FileFormat>> {
        if let Some((_, format)) = FileFormat::behind(self.path) {
            return Ok(Some(format));
        }
        let accepts = self.header("accept")?.unwrap_or_default().to_ascii_lowercase();
        let named = |(name, weight): (&str, u16)| {
            let file = FileFormat::ALL.into_iter().find(|format| format.media_type() == name);
            (weight > 0 && (file.is_some() || name == "application/json")).then_some(file)
        };
        Ok(http::weighted(&accepts).into_iter().find_map(named).flatten())
    }

    /// The last part of the address, without the ending of a file.
    pub(super) fn last_segment(&self) -> &str {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        FileFormat::behind(last).map_or(last, |(name, _)| name)
    }

    /// The bearer token, if there is one.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.headers.bearer()
    }

    /// A header's value, trimmed; repeated ones joined by commas. `None` when it is not there.
    pub(super) fn header(&self, name: &str) -> Result<Option<String>> {
        let values = self.headers.values(name).map_err(|_| {
            let detail = format!("{name} must be UTF-8.");
            malformed(Source::Header, name, FaultCode::Encoding, detail)
        })?;
        Ok((!values.is_empty()).then(|| values.join(", ")))
    }

    /// The query's pairs, decoded; `+` and `%20` are both a space.
    pub(super) fn query(&self) -> Result<Vec<(String, String)>> {
        form::decode(self.query.as_bytes()).map_err(|form::Undecodable(name)| {
            let name = name.map_or_else(|| "the query".to_owned(), |name| shortened(&name));
            let detail = format!("{name} must be percent-encoded UTF-8.");
            malformed(Source::Query, &name, FaultCode::Encoding, detail)
        })
    }

    /// The body's object; an empty body is one without fields.
    pub(super) fn object(&self) -> Result<Map<String, Value>> {
        let body = self.body.as_ref().map_err(|fault| Failure::Body(*fault))?;
        if body.is_empty() {
            return Ok(Map::new());
        }
        let label = self.headers.media_type();
        if label != "application/json" && !label.ends_with("+json") {
            return Err(Failure::NotJson);
        }
        match json::read(body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(Failure::invalid("", FaultCode::Type, "The body must be a JSON object.")),
            Err(JsonError::Repeated(pointers)) => {
                let error = |pointer: String| {
                    let detail = format!("{} is given more than once.", &pointer[1..]);
                    FieldError::new(Source::Body, pointer, FaultCode::Repeated, detail)
                };
                Err(Failure::Invalid(pointers.into_iter().map(error).collect()))
            }
            Err(JsonError::Syntax(error)) => {
                let detail = format!("The body is not valid JSON: {error}.");
                Err(malformed(Source::Body, "", FaultCode::Json, detail))
            }
        }
    }

    /// The file that came with the request.
    pub(super) fn file(&self) -> Result<&Upload> {
        let file = match self.upload {
            Some(upload) => upload.as_ref().map_err(|error| Failure::Upload(error.clone()))?,
            None => return Err(Failure::NoSuchAddress),
        };
        let fields = self.body.as_deref().unwrap_or_default();
        if fields.is_empty() {
            return Ok(file);
        }
        let error = "The form has fields beside its file; they belong in the query.";
        Err(Failure::Upload(UploadError::Form(error.to_owned())))
    }

    /// Equal for equal requests: the hash of method, path, query and body or file.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [
            self.method.as_bytes(),
            self.path.as_bytes(),
            self.query.as_bytes(),
            self.body.as_deref().unwrap_or_default(),
            self.upload.and_then(|file| file.as_ref().ok()).map_or(&[], |f| &f.digest),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// The Idempotency-Key, if there is one. The draft writes it in quotes, most clients don't;
    /// both are the same key.
    pub(super) fn idempotency_key(&self) -> Result<Option<String>> {
        let Some(text) = self.header("idempotency-key")? else { return Ok(None) };
        let key = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&text);
        if (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Ok(Some(key.to_owned()));
        }
        let detail =
            format!("Idempotency-Key must be 1 to {LONGEST_KEY} visible ASCII characters.");
        Err(malformed(Source::Header, "Idempotency-Key", FaultCode::Characters, detail))
    }

    /// Why something is changed: the header `X-Change-Reason`, percent-encoded if need be.
    pub(super) fn reason(&self) -> Result<Option<String>> {
        const NAME: &str = "X-Change-Reason";
        let Some(text) = self.header("x-change-reason")? else { return Ok(None) };
        let wrong = |code, rule: &str| {
            malformed(Source::Header, NAME, code, format!("{NAME} must {rule}."))
        };
        if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            let rule = "be ASCII; percent-encode other characters as UTF-8";
            return Err(wrong(FaultCode::Encoding, rule));
        }
        // A % that no two hexadecimal digits follow is meant literally, as in "100% sure".
        let reason = percent_encoding::percent_decode_str(&text).decode_utf8().map_err(|_| {
            wrong(FaultCode::Encoding, "be UTF-8 once it is decoded; write a literal % as %25")
        })?;
        match text::free(&reason, 0, LONGEST_REASON) {
            Ok(reason) => Ok(Some(reason)),
            Err(TextFault::Character(_) | TextFault::Blank) => {
                Err(wrong(FaultCode::Characters, NO_CONTROL_RULE))
            }
            Err(TextFault::Length(_, most, length)) => {
                let rule = format!("have at most {most} characters, not {length}");
                Err(wrong(FaultCode::Length, &rule))
            }
        }
    }
}

/// The beginning of a name that may have no end.
fn shortened(name: &str) -> String {
    let mut characters = name.chars();
    let begin: String = characters.by_ref().take(LONGEST_KEY).collect();
    if characters.next().is_some() { begin + "…" } else { begin }
}

fn malformed(source: Source, name: &str, code: FaultCode, detail: String) -> Failure {
    let pointer = if name.is_empty() { String::new() } else { format!("/{name}") };
    Failure::malformed(source, &pointer, code, detail)
}

pub(super) fn from_query<F: Fields>(
    pairs: &[(String, String)],
    errors: &mut Vec<FieldError>,
) -> Option<F> {
    F::read_all(ObjectReader::new(Input::Query(pairs), errors))
}

pub(super) fn from_body<F: Fields>(
    object: &Map<String, Value>,
    errors: &mut Vec<FieldError>,
) -> Option<F> {
    F::read_all(ObjectReader::new(Input::Body(object), errors))
}

/// What an operation that writes is called with.
pub(super) struct Write<B, G = Unguarded> {
    pub(super) fields: B,
    /// `If-Match`.
    pub(super) guard: G,
    /// Whether it is a dry run: the transaction is taken back.
    pub(super) dry_run: bool,
}
