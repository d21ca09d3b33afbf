//! A request as it came over the wire, free of the web framework, so that recorded requests can be
//! replayed in a test.

use super::error::Failure;
use super::params;
use crate::http;

/// Method, parameters, headers and body.
pub(super) struct Wire {
    /// Upper-case.
    pub(super) method: String,
    /// The query's parameters, decoded.
    pub(super) query_pairs: Vec<(String, String)>,
    /// The form body's parameters, decoded.
    pub(super) form_pairs: Vec<(String, String)>,
    /// Names in lower case, values as bytes, in the order of the request.
    pub(super) headers: Vec<(String, Vec<u8>)>,
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
        headers: Vec<(String, Vec<u8>)>,
        body: Vec<u8>,
    ) -> Result<Self, Failure> {
        if query.len() > http::QUERY_LIMIT {
            return Err(Failure::TooLarge("query", http::QUERY_LIMIT));
        }
        let query_pairs = params::decode(query.as_bytes())?;
        let mut wire =
            Self { method: method.to_owned(), query_pairs, form_pairs: Vec::new(), headers, body };
        if !wire.body.is_empty() {
            let content_type = wire.header("content-type")?.unwrap_or_default();
            let form = content_type.split(';').next().unwrap_or_default().trim();
            if !form.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
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
        let mut values = Vec::new();
        for (_, value) in self.headers.iter().filter(|(key, _)| key == name) {
            let text =
                std::str::from_utf8(value).map_err(|_| Failure::Unreadable(name.to_owned()))?;
            values.push(text.trim());
        }
        values.sort_unstable();
        Ok((!values.is_empty()).then(|| values.join(",")))
    }

    /// The names of all headers.
    pub(super) fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }

    /// All parameters, of the query first.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.query_pairs.iter().chain(&self.form_pairs)
    }
}
