//! A request as it came over the wire, free of the web framework, so that recorded requests can be
//! replayed in a test.

use super::error::Failure;
use super::params;
use crate::http::{self, Headers};

/// Method, parameters, headers and body.
pub(super) struct Wire {
    /// Upper-case.
    pub(super) method: String,
    /// The query's parameters, decoded.
    pub(super) query_pairs: Vec<(String, String)>,
    /// The form body's parameters, decoded.
    pub(super) form_pairs: Vec<(String, String)>,
    pub(super) headers: Headers,
    /// The raw body.
    pub(super) body: Vec<u8>,
}

impl Wire {
    /// Takes a request apart.
    ///
    /// # Errors
    /// What can't be decoded, or a body that is no form.
    pub(super) fn new(
        method: &str,
        query: &str,
        headers: Headers,
        body: Vec<u8>,
    ) -> Result<Self, Failure> {
        if query.len() > http::QUERY_LIMIT {
            return Err(Failure::TooLarge("query", http::QUERY_LIMIT));
        }
        let query_pairs = params::decode(query.as_bytes())?;
        let mut wire =
            Self { method: method.to_owned(), query_pairs, form_pairs: Vec::new(), headers, body };
        if !wire.body.is_empty() {
            if wire.headers.media_type() != "application/x-www-form-urlencoded" {
                return Err(Failure::Unusable(
                    "ContentType".to_owned(),
                    "a body must be application/x-www-form-urlencoded",
                ));
            }
            wire.form_pairs = params::decode(&wire.body)?;
        }
        Ok(wire)
    }

    /// A header's value: trimmed; repeated ones sorted and joined by commas. `None` when it is not
    /// there.
    ///
    /// # Errors
    /// A value that is not UTF-8.
    pub(super) fn header(&self, name: &str) -> Result<Option<String>, Failure> {
        let mut values =
            self.headers.values(name).map_err(|_| Failure::Unreadable(name.to_owned()))?;
        values.sort_unstable();
        Ok((!values.is_empty()).then(|| values.join(",")))
    }

    /// All parameters, of the query first.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.query_pairs.iter().chain(&self.form_pairs)
    }
}
