//! Replies: JSON, and what every list says of its page.

use crate::domain::{Error, Page};
use crate::http::Answer;
use serde::Serialize;

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// What a list says of its page; the first member of the body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    page: u64,
    count: usize,
    page_count: u64,
    total_count: u64,
}

impl Meta {
    pub(super) fn of<T>(page: &Page<T>) -> Self {
        Self {
            page: page.shown.number,
            count: page.rows.len(),
            page_count: page.total.div_ceil(page.shown.size),
            total_count: page.total,
        }
    }
}

/// A text that is left out of the reply when it is empty.
pub(super) fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Writes a body.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::Internal(format!("a reply can't be written: {error}")))
}

/// An answer whose body is JSON. The vendor's authentication pages show `Pragma` beside
/// `Cache-Control`, so both are sent.
pub(super) fn answer(status: u16, body: Vec<u8>) -> Answer {
    Answer::new(status, CONTENT_TYPE, body).with("pragma", "no-cache")
}
