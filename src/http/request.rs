//! A request, read whole within bounds.

use super::base_path::BasePath;
use super::body::{self, BodyError, BodyRoom};
use super::client_address::TrustedProxies;
use super::form;
use super::headers::Headers;
use super::log::RequestId;
use super::upload::{self, Spool, Upload, UploadError};
use actix_web::dev::Payload;
use actix_web::http::header::HOST;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::atomic::AtomicBool;

/// The longest query, in bytes: a list of a thousand long numbers fits, since the vendor's SDKs
/// send lists in the query. (The web framework answers a request whose target is longer than
/// 65,534 bytes with an empty 400.)
pub const QUERY_LIMIT: usize = 60 * 1024;

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
    /// Whether the first try of this request has used up its nonce, so that the second may use it
    /// again. Only the CCC face has nonces.
    pub is_nonce_used: AtomicBool,
    /// The body's place among those in memory, kept as long as the body.
    pub room: BodyRoom,
    /// The file that came with the request, where one may. The body is then the other fields of
    /// the form that it came in.
    pub upload: Option<Result<Upload, UploadError>>,
}

impl Request {
    pub(super) async fn read(request: &HttpRequest, payload: web::Payload) -> Self {
        Self::head(request).with_body(payload).await
    }

    /// A request whose body is not read yet.
    pub(super) fn head(request: &HttpRequest) -> Self {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
        let headers = Headers::of(request);
        // Over TCP there always is an address; without one all share the same.
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let proxies = request.app_data::<web::Data<TrustedProxies>>();
        Self {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            base_path: BasePath::of(request),
            query: request.query_string().to_owned(),
            client: proxies.map_or(peer, |proxies| proxies.client(peer, &headers)),
            body: Ok(Vec::new()),
            headers,
            host: host.unwrap_or_default().to_owned(),
            request_id: request_id.unwrap_or_default(),
            is_nonce_used: AtomicBool::default(),
            room: BodyRoom::default(),
            upload: None,
        }
    }

    /// Whether it is quickly taken apart: neither its body nor a file is large.
    pub(super) fn is_small(&self) -> bool {
        !self.room.is_taken() && self.upload.is_none()
    }

    pub(super) async fn with_body(mut self, payload: web::Payload) -> Self {
        (self.body, self.room) = body::read(&self.headers, payload).await;
        self
    }

    /// This request with its file, which is kept in this spool.
    pub(super) async fn with_file(mut self, payload: web::Payload, spool: Spool) -> Self {
        self.upload =
            Some(upload::read(&self.headers, spool, payload).await.map(|(file, fields)| {
                self.body = Ok(form::encode(&fields).into_bytes());
                file
            }));
        self
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
