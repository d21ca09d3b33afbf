//! The body of a request, read within bounds of size, time and memory.

use super::headers::Headers;
use actix_web::web;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest body, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// How long a body may take to arrive. (The web framework bounds the head only.)
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many KiB of bodies may be in memory at once. The first bytes of each body don't count,
/// because the number of connections bounds those. A body that finds no room waits for it, within
/// [`BODY_TIMEOUT`].
const ROOM_KIB: usize = 16 * 1024;
const FREE_BYTES: usize = 8 * 1024;

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

/// A body's place among those that may be in memory; a small one needs none.
#[derive(Debug, Default)]
pub struct BodyRoom(Option<SemaphorePermit<'static>>);

impl BodyRoom {
    /// Whether the body is one of those that need a place.
    pub(super) fn is_taken(&self) -> bool {
        self.0.is_some()
    }
}

pub(super) async fn read(
    headers: &Headers,
    payload: web::Payload,
) -> (Result<Vec<u8>, BodyError>, BodyRoom) {
    let (body, room) = read_bounded(payload).await;
    (plain(headers, body), BodyRoom(room))
}

/// Refuses a body that is compressed: its size says nothing of what it would become, and no client
/// of the vendors' compresses one.
fn plain(headers: &Headers, body: Result<Vec<u8>, BodyError>) -> Result<Vec<u8>, BodyError> {
    let body = body?;
    if !body.is_empty() && is_encoded(headers, &body) { Err(BodyError::Encoded) } else { Ok(body) }
}

/// Whether a body is compressed, by what its headers or its first bytes say.
pub(super) fn is_encoded(headers: &Headers, body: &[u8]) -> bool {
    let encodings = headers.values("content-encoding").unwrap_or_default();
    let named = encodings.iter().any(|name| !name.is_empty() && *name != "identity");
    named || body.starts_with(b"\x1f\x8b")
}

/// Reads a body within its bounds.
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
                // It takes room for the largest body at once: two that took it bit by bit could
                // wait for each other for ever.
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
