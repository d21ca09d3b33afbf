//! The face: from the bytes of a request to those of its answer.

use super::auth::Scheme;
use super::call::{Call, Resources};
use super::error::{Failure, Result};
use super::operations::Operation;
use super::params::{Params, Wire};
use super::reply::{self, Format};
use crate::domain::Paging;
use crate::http::{self, Answer, LoginAttempts};
use crate::ops::last_use::LastUse;
use crate::store::{KeyFile, Store, is_given_up, require_patience};
use std::cell::OnceCell;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const VERSION: &str = "2020-07-01";

/// The face, shared by all workers.
pub struct Face {
    resources: Resources,
    attempts: Arc<LoginAttempts>,
    paging: Paging,
}

impl Face {
    /// Makes the face over a store.
    pub fn new(
        store: Arc<Store>,
        attempts: Arc<LoginAttempts>,
        last_use: Arc<LastUse>,
        key_file: KeyFile,
        paging: Paging,
    ) -> Self {
        let resources = Resources { store, key_file, seen_nonces: Arc::default(), last_use };
        Self { resources, attempts, paging }
    }

    fn call(
        &self,
        wire: &Wire<'_>,
        request_id: &str,
        is_nonce_used: &AtomicBool,
        format: &mut Format,
        operation: &mut Option<Operation>,
    ) -> Result<Vec<u8>> {
        let pairs: Vec<(String, String)> = wire.pairs().cloned().collect();
        let scheme = Scheme::of(wire, &pairs);
        *format = reply_format(&scheme, &pairs)?;
        if !matches!(wire.method, "GET" | "POST") {
            return Err(Failure::HttpMethod);
        }
        let params = Params::unique(pairs, self.paging)?;
        let found = asked_operation(wire, &params, scheme.as_ref().ok())?;
        *operation = Some(found);
        if found.is_write() {
            require_patience()?;
        }
        let used_nonce = OnceCell::new();
        let call = Call {
            resources: &self.resources,
            operation: found.name(),
            act: found.act(),
            format: *format,
            scheme: scheme?,
            wire,
            params,
            request_id,
            used_nonce: &used_nonce,
            is_nonce_used: is_nonce_used.load(Ordering::Relaxed),
        };
        let outcome = found.run(call);
        match (used_nonce.get(), &outcome) {
            // Nobody else may use it until this request is tried again.
            (Some(_), _) if is_given_up() => is_nonce_used.store(true, Ordering::Relaxed),
            // Nothing was done, so the client may send the same request again, and is told when.
            (Some(nonce), Err(failure)) if failure.is_unavailable() => {
                self.resources.seen_nonces.give_back(nonce);
            }
            _ => {}
        }
        outcome
    }

    /// Counts a request with wrong credentials; one too many is told to wait instead of what was
    /// wrong.
    fn count(&self, failure: Failure, client: IpAddr) -> Failure {
        let wrong = matches!(
            failure,
            Failure::AccessKeyNotFound | Failure::SignatureMismatch(..) | Failure::TokenNotFound
        );
        if wrong && self.attempts.failed(client, None).is_err() {
            return Failure::Throttled;
        }
        failure
    }
}

impl http::Face for Face {
    const NAME: &'static str = "ccc";

    /// Whether an operation writes is known only when its request has been taken apart.
    fn may_be_brief(_: &http::Request) -> bool {
        true
    }

    fn answer(&self, request: &http::Request) -> Answer {
        let http::Request { method, query, headers, body, host, request_id, .. } = request;
        // The format of the reply must be known even when nothing else can be read.
        let mut format = if query.split('&').any(|pair| pair.eq_ignore_ascii_case("Format=XML")) {
            Format::Xml
        } else {
            Format::Json
        };
        let mut operation = None;
        let base_path = &request.base_path;
        let path_of_clients = base_path.is_shared().then(|| base_path.of_clients("/"));
        let outcome = body
            .as_deref()
            .map_err(|error| Failure::from(*error))
            .and_then(|body| Wire::new(method, query, headers, body))
            .map(|wire| Wire { path_of_clients, ..wire })
            .and_then(|wire| {
                let is_nonce_used = &request.is_nonce_used;
                self.call(&wire, request_id, is_nonce_used, &mut format, &mut operation)
            })
            .map_err(|failure| self.count(failure, request.client));
        let answer = match outcome {
            Ok(body) => Answer::new(200, format.content_type(), body),
            Err(failure) => failed(&failure, format, request_id, host),
        };
        Answer { operation: operation.map(Operation::name), ..answer }
    }
}

fn failed(failure: &Failure, format: Format, request_id: &str, host: &str) -> Answer {
    let row = failure.row();
    let body = reply::write_error(format, &row, request_id, host);
    let answer = Answer {
        fault: failure.fault(),
        code: row.code,
        ..Answer::new(row.status, format.content_type(), body)
    };
    match row.status {
        // The vendor's SDKs read their own header, in milliseconds.
        429 | 503 => answer
            .retry_after(http::RETRY_AFTER)
            .with("x-acs-retry-after", http::RETRY_AFTER.as_millis().to_string()),
        _ => answer,
    }
}

/// `Format=JSON` or `XML`; absent: XML for a V1 signature, else JSON. Python's classic SDK sends
/// `None` by default.
fn reply_format(scheme: &Result<Scheme>, pairs: &[(String, String)]) -> Result<Format> {
    let asked = pairs
        .iter()
        .find(|(name, _)| name == "Format")
        .map(|(_, value)| value.to_ascii_lowercase());
    match asked.as_deref() {
        Some("json") => Ok(Format::Json),
        Some("xml") => Ok(Format::Xml),
        None | Some("" | "none") => {
            Ok(if matches!(scheme, Ok(Scheme::V1)) { Format::Xml } else { Format::Json })
        }
        Some(_) => Err(Failure::ReplyFormat),
    }
}

/// The operation and version asked for: in V3's signed headers, in V1's signed parameters, with a
/// token in either.
fn asked_operation(wire: &Wire<'_>, params: &Params, scheme: Option<&Scheme>) -> Result<Operation> {
    let parameter =
        |name: &str| params.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let (action, version) = match scheme {
        Some(Scheme::V3(_)) => (wire.header("x-acs-action")?, wire.header("x-acs-version")?),
        Some(Scheme::V1) => (parameter("Action"), parameter("Version")),
        Some(Scheme::Bearer(_)) | None => (
            parameter("Action").or(wire.header("x-acs-action")?),
            parameter("Version")
                .or(wire.header("x-acs-version")?)
                .or_else(|| Some(VERSION.to_owned())),
        ),
    };
    let action = action.ok_or(Failure::Missing("Action"))?;
    let version = version.ok_or(Failure::Missing("Version"))?;
    let operation = Operation::ALL
        .iter()
        .copied()
        .find(|operation| operation.name() == action)
        .ok_or(Failure::ActionNotFound)?;
    if version == VERSION { Ok(operation) } else { Err(Failure::VersionInvalid) }
}

#[cfg(test)]
mod tests;
