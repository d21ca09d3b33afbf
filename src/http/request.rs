//! A request, read whole within bounds.

use super::headers::Headers;
use super::log::RequestId;
use actix_web::http::header::HOST;
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// The largest body, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The longest query, in bytes: a list of a thousand long numbers fits, since the vendor's SDKs
/// send lists in the query. (The web framework answers a request whose target is longer than
/// 65,534 bytes with an empty 400.)
pub const QUERY_LIMIT: usize = 60 * 1024;

/// How long a body may take to arrive. (The web framework bounds the head only.)
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a body can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than [`BODY_LIMIT`].
    TooLarge,
    /// It did not arrive within [`BODY_TIMEOUT`].
    TooSlow,
    /// The connection broke, or the framing is wrong.
    Broken,
}

/// A request, read whole and free of the web framework.
#[derive(Debug)]
pub struct Request {
    /// Upper-case.
    pub method: String,
    /// As it was sent: decoding would make `%2F` a slash.
    pub path: String,
    /// As it was sent.
    pub query: String,
    /// The headers.
    pub headers: Headers,
    /// The body as it was sent.
    pub body: Result<Vec<u8>, BodyError>,
    /// The value of `Host`.
    pub host: String,
    /// Who is at the other end of the connection.
    pub client: IpAddr,
    /// The request's id.
    pub request_id: String,
}

impl Request {
    /// Reads a request and its body.
    pub(super) async fn read(request: &HttpRequest, payload: web::Payload) -> Self {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
        Self {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            query: request.query_string().to_owned(),
            headers: Headers::of(request),
            body: read_body(payload).await,
            host: host.unwrap_or_default().to_owned(),
            // Over TCP there always is an address; without one all share the same.
            client: request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip()),
            request_id: request_id.unwrap_or_default(),
        }
    }
}

/// Reads a body within its bounds.
///
/// # Errors
/// The bound that it broke.
pub async fn read_body(mut payload: web::Payload) -> Result<Vec<u8>, BodyError> {
    let whole = async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| BodyError::Broken)?;
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(BodyError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(BODY_TIMEOUT, whole).await.unwrap_or(Err(BodyError::TooSlow))
}
