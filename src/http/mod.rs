//! What all faces need of HTTP: a request that is bounded in size and time and free of the web
//! framework, an answer, the bridge to blocking work, decoding, and the limits on callers.
//!
//! # Architecture Invariant
//! Nothing here knows a face or an operation, nor anything of the database but that a read may be
//! tried [`briefly`](crate::store::briefly). A face implements [`Face`]; what it does between the
//! two types [`Request`] and [`Answer`] is its own business.

mod answer;
mod base_path;
mod body;
mod client_address;
mod download;
mod face;
pub mod form;
mod headers;
mod list_file;
mod log;
mod login_attempts;
mod rate_limit;
mod request;
pub mod signature;
mod ticks;
mod upload;
mod weighted;

pub use answer::{Answer, RETRY_AFTER, plain_text, whole_seconds};
pub use base_path::{BasePath, NotABasePath};
pub use body::{BODY_LIMIT, BODY_TIMEOUT, BodyError, BodyRoom, read_body};
pub use client_address::{Network, NotANetwork, TrustedProxies};
pub use download::{Download, InFile};
pub use face::{Face, blocking, handle};
pub use headers::{Headers, NotUtf8};
pub use list_file::ListFile;
pub use log::{Outcome, RequestId, new_request_id, observe};
pub use login_attempts::{AttemptLimit, LoginAttempts};
pub use rate_limit::RateLimit;
pub use request::{QUERY_LIMIT, Request, WholeRequest};
pub use upload::{FILE_LIMIT, Spool, Upload, UploadError};
pub use weighted::weighted;
