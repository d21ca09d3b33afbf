//! A call centre at its vendor's, read whole through the vendor's own API.
//!
//! # Architecture Invariant
//! Nothing is ever written there: [`ccc::Reading`] names the only operations that are called, all
//! of them lists and look-ups, and of VCC only `GET` is known, besides the token's `POST`. Nothing
//! here knows the database: what was read becomes an [`Account`](crate::domain::adopt::Account).

mod answer;
mod body;
pub mod ccc;
mod client;
mod pages;
pub mod vcc;

pub use client::{Client, Endpoint};

/// Why a call centre was not read: a sentence.
#[derive(Debug)]
pub enum Failure {
    /// The vendor refuses the credentials, or what is asked with them.
    Refused(String),
    /// There is no such call centre.
    NotFound(String),
    /// The vendor does not answer, or not as documented.
    Unavailable(String),
    /// Somebody changes it while it is read.
    Shifted(String),
}

/// How often something is read again that changes in the meantime.
const TRIES: u32 = 3;

/// The text of a field; a number or a truth value as text; nothing where there is none.
fn text(row: &serde_json::Value, field: &str) -> String {
    match &row[field] {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Takes the value of a field out; null where there is none, or where there are no fields at all.
fn taken(value: &mut serde_json::Value, field: &str) -> serde_json::Value {
    value.get_mut(field).map(serde_json::Value::take).unwrap_or_default()
}

fn rows<'a>(row: &'a serde_json::Value, field: &str) -> &'a [serde_json::Value] {
    row[field].as_array().map_or(&[], Vec::as_slice)
}
