//! A request's id, and the line that the log gets for each request.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use std::time::Instant;
use tracing::Instrument;

/// The id of a request: an upper-case UUID.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// How a request ended, for the log: a face leaves it in the request's extensions.
pub struct Outcome {
    /// The face's name.
    pub face: &'static str,
    /// The operation, if it is known.
    pub operation: Option<&'static str>,
    /// `OK`, or the face's code of the error.
    pub code: String,
    /// The internal error, if there was one.
    pub fault: Option<String>,
}

/// A new id of a request. It begins with the time, so that the change log's index of requests grows
/// at its end: a random one would touch a page anywhere in it.
pub fn new_request_id() -> String {
    uuid::Uuid::now_v7().to_string().to_uppercase()
}

/// Gives a request its id, sends it back as `x-acs-request-id`, and writes one line to the log:
/// never the query, the body or a credential.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let request_id = new_request_id();
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let span = tracing::info_span!("request", request_id);
    let mut response = next.call(request).instrument(span.clone()).await?;
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(HeaderName::from_static("x-acs-request-id"), value);
    }
    // A number of 128 bits would be logged as text.
    let milliseconds = started.elapsed().as_millis() as u64;
    let status = response.status().as_u16();
    let outcome = response.request().extensions_mut().remove::<Outcome>();
    span.in_scope(|| match outcome {
        Some(Outcome { face, operation, code, fault: Some(fault) }) => {
            let operation = operation.unwrap_or("");
            tracing::error!(face, operation, code, status, milliseconds, fault, "{operation} answered {code} because {fault}");
        }
        Some(Outcome { face, operation, code, fault: None }) => {
            let operation = operation.unwrap_or("");
            tracing::info!(face, operation, code, status, milliseconds, "{operation} answered {code}");
        }
        None => tracing::debug!(%method, path, status, milliseconds, "{method} {path} answered {status}"),
    });
    Ok(response)
}
