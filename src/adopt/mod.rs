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
use serde_json::Value;
use std::collections::BTreeSet;

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
fn text(row: &Value, field: &str) -> String {
    match &row[field] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Takes the value of a field out; null where there is none, or where there are no fields at all.
fn taken(value: &mut Value, field: &str) -> Value {
    value.get_mut(field).map(Value::take).unwrap_or_default()
}

fn rows<'a>(row: &'a Value, field: &str) -> &'a [Value] {
    row[field].as_array().map_or(&[], Vec::as_slice)
}

fn texts(row: &Value, fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| text(row, field)).collect()
}

/// What a field of rows holds.
fn ids(rows: &[Value], field: &str) -> BTreeSet<String> {
    rows.iter().map(|row| text(row, field)).collect()
}
