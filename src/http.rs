//! What every face needs of HTTP: the request's id, a body that is bounded in size and time, the
//! one bridge to blocking work, and the line that the log gets for each request.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// The largest body, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The longest query, in bytes: a list of a thousand long numbers fits, since the vendor's SDKs
/// send lists in the query. (The web framework gives up a request whose target is longer than
/// 65,534 bytes, without a word.)
pub const QUERY_LIMIT: usize = 60 * 1024;

/// How long a body may take to arrive. (The web framework bounds the head only.)
pub const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// The id of a request: an upper-case UUID.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// How a request ended, for the log; a face leaves it in the request's extensions.
pub struct Outcome {
    /// The face's name.
    pub face: &'static str,
    /// The operation, if it is known.
    pub operation: Option<&'static str>,
    /// The face's word for the outcome.
    pub code: String,
    /// What went wrong inside, if anything did.
    pub fault: Option<String>,
}

/// Why a body can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// It is larger than [`BODY_LIMIT`].
    TooLarge,
    /// It did not arrive within [`BODY_PATIENCE`].
    TooSlow,
    /// The connection broke, or the framing is wrong.
    Broken,
}

/// A request, read whole and free of the web framework.
#[derive(Debug)]
pub struct Incoming {
    /// Upper-case.
    pub method: String,
    /// The raw query.
    pub query: String,
    /// Names in lower case, in the order of the request.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The raw body.
    pub body: Result<Vec<u8>, BodyFault>,
    /// The value of `Host`.
    pub host: String,
    /// The request's id.
    pub request_id: String,
}

impl Incoming {
    /// Reads a request and its body.
    pub async fn read(request: &HttpRequest, payload: web::Payload) -> Self {
        let headers: Vec<(String, Vec<u8>)> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        Self {
            method: request.method().as_str().to_owned(),
            query: request.query_string().to_owned(),
            headers,
            body: read_body(payload).await,
            host: request
                .headers()
                .get(HOST)
                .and_then(|host| host.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            request_id: request
                .extensions()
                .get::<RequestId>()
                .map(|id| id.0.clone())
                .unwrap_or_default(),
        }
    }
}

/// Reads a body within its bounds.
///
/// # Errors
/// The bound that it broke.
pub async fn read_body(mut payload: web::Payload) -> Result<Vec<u8>, BodyFault> {
    let whole = async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| BodyFault::Broken)?;
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(BodyFault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(BODY_PATIENCE, whole).await.unwrap_or(Err(BodyFault::TooSlow))
}

/// Runs blocking work on a thread made for it, inside the request's span.
///
/// # Errors
/// The work panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, actix_web::error::BlockingError> {
    let span = tracing::Span::current();
    web::block(move || span.in_scope(work)).await
}

/// Gives a request its id, sends it back as `x-acs-request-id`, and writes one line to the log:
/// never the query, the body or a credential.
///
/// # Errors
/// Those of the services behind it.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let request_id = uuid::Uuid::new_v4().to_string().to_uppercase();
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let span = tracing::info_span!("request", request_id);
    let mut response = next.call(request).instrument(span.clone()).await?;
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(HeaderName::from_static("x-acs-request-id"), value);
    }
    response.headers_mut().insert(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    let milliseconds = started.elapsed().as_millis();
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
