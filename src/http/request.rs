//! A request, read whole within bounds.

use super::base_path::BasePath;
use super::client_address::TrustedProxies;
use super::headers::Headers;
use super::log::RequestId;
use actix_web::dev::Payload;
use actix_web::http::header::HOST;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest body, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The longest query, in bytes: a list of a thousand long numbers fits, since the vendor's SDKs
/// send lists in the query. (The web framework answers a request whose target is longer than
/// 65,534 bytes with an empty 400.)
pub const QUERY_LIMIT: usize = 60 * 1024;

/// How long a body may take to arrive. (The web framework bounds the head only.)
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many KiB of bodies may be in memory at once, and how many of each don't count: the number of
/// connections bounds those. A body that finds no room waits for it, within [`BODY_TIMEOUT`].
const ROOM_KIB: usize = 16 * 1024;
const FREE_BYTES: usize = 8 * 1024;

/// The room for bodies.
static ROOM: Semaphore = Semaphore::const_new(ROOM_KIB);

/// Why a body can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than [`BODY_LIMIT`].
    TooLarge,
    /// It did not arrive within [`BODY_TIMEOUT`].
    TooSlow,
    /// The connection broke, or the framing is wrong.
    Broken,
    /// It is compressed, by its `Content-Encoding` or by its first bytes.
    Encoded,
}

/// A request, read whole and free of the web framework.
#[derive(Debug)]
pub struct Request {
    /// Upper-case.
    pub method: String,
    /// As it was sent, without the base path: decoding would make `%2F` a slash.
    pub path: String,
    /// What its clients see before the path of this server's addresses.
    pub base_path: BasePath,
    /// As it was sent.
    pub query: String,
    /// The headers.
    pub headers: Headers,
    /// The body as it was sent.
    pub body: Result<Vec<u8>, BodyError>,
    /// The value of `Host`.
    pub host: String,
    /// Who is at the other end of the connection, or for whom a trusted proxy asks.
    pub client: IpAddr,
    /// The request's id.
    pub request_id: String,
    /// The body's place among those in memory, kept as long as the body.
    pub room: BodyRoom,
}

/// A body's place among those that may be in memory; a small one needs none.
#[derive(Debug, Default)]
pub struct BodyRoom(
    #[expect(dead_code, reason = "held until the body is dropped")]
    Option<SemaphorePermit<'static>>,
);

impl Request {
    /// Reads a request and its body.
    pub(super) async fn read(request: &HttpRequest, payload: web::Payload) -> Self {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
        let headers = Headers::of(request);
        // Over TCP there always is an address; without one all share the same.
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let proxies = request.app_data::<web::Data<TrustedProxies>>();
        let (body, room) = read_bounded(payload).await;
        Self {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            base_path: BasePath::of(request),
            query: request.query_string().to_owned(),
            client: proxies.map_or(peer, |proxies| proxies.client(peer, &headers)),
            body: plain(&headers, body),
            headers,
            host: host.unwrap_or_default().to_owned(),
            request_id: request_id.unwrap_or_default(),
            room: BodyRoom(room),
        }
    }
}

/// A whole request, for a handler of the web framework that is not a face.
#[derive(Debug)]
pub struct WholeRequest(pub Request);

impl FromRequest for WholeRequest {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move { Ok(Self(Request::read(&request, payload.await?).await)) })
    }
}

/// Refuses a body that is compressed: its size says nothing of what it would become, and no client
/// of the vendors' compresses one.
fn plain(headers: &Headers, body: Result<Vec<u8>, BodyError>) -> Result<Vec<u8>, BodyError> {
    let body = body?;
    let encodings = headers.values("content-encoding").unwrap_or_default();
    let named = encodings.iter().any(|name| !name.is_empty() && *name != "identity");
    if !body.is_empty() && (named || body.starts_with(b"\x1f\x8b")) {
        return Err(BodyError::Encoded);
    }
    Ok(body)
}

/// Reads a body within its bounds.
///
/// # Errors
/// The bound that it broke.
pub async fn read_body(payload: web::Payload) -> Result<Vec<u8>, BodyError> {
    read_bounded(payload).await.0
}

/// Reads a body within its bounds; its place is given back when what is returned is dropped.
async fn read_bounded(
    mut payload: web::Payload,
) -> (Result<Vec<u8>, BodyError>, Option<SemaphorePermit<'static>>) {
    let mut room = None;
    let whole = async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| BodyError::Broken)?;
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(BodyError::TooLarge);
            }
            if room.is_none() && body.len() + chunk.len() > FREE_BYTES {
                // For the largest that it can become: bodies that wait for each other's room would
                // wait for ever.
                let most = u32::try_from(BODY_LIMIT / 1024).unwrap_or(u32::MAX);
                room = ROOM.acquire_many(most).await.ok();
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    let body = tokio::time::timeout(BODY_TIMEOUT, whole).await.unwrap_or(Err(BodyError::TooSlow));
    (body, room)
}
