//! A request as it came over the wire, free of the web framework, so that recorded requests can be
//! replayed in a test.

use crate::ccc::error::{Failure, Result};
use crate::domain::json;
use crate::http::{self, Headers};
use serde_json::Value;

/// Method, parameters, headers and body.
pub(in crate::ccc) struct Wire<'a> {
    /// Upper-case.
    pub(in crate::ccc) method: &'a str,
    /// The query's parameters, decoded.
    pub(in crate::ccc) query_pairs: Vec<(String, String)>,
    /// The body's parameters, decoded.
    pub(in crate::ccc) body_pairs: Vec<(String, String)>,
    pub(in crate::ccc) headers: &'a Headers,
    pub(in crate::ccc) body: &'a [u8],
    /// Whether the body is JSON rather than a form.
    pub(in crate::ccc) is_json: bool,
    /// The path that clients see, if it is not `/`: they may have signed that one.
    pub(in crate::ccc) path_of_clients: Option<String>,
}

impl<'a> Wire<'a> {
    /// Takes a request apart.
    pub(in crate::ccc) fn new(
        method: &'a str,
        query: &str,
        headers: &'a Headers,
        body: &'a [u8],
    ) -> Result<Self> {
        if query.len() > http::QUERY_LIMIT {
            return Err(Failure::TooLarge("query", http::QUERY_LIMIT));
        }
        let query_pairs = super::decode(query.as_bytes())?;
        let media_type = headers.media_type();
        let (body_pairs, is_json) = match media_type.as_str() {
            // HTTP libraries name some type even when there is nothing.
            _ if body.is_empty() => (Vec::new(), false),
            "application/x-www-form-urlencoded" => (super::decode(body)?, false),
            "application/json" => (json_pairs(body)?, true),
            _ => {
                return Err(Failure::Unusable(
                    "ContentType".to_owned(),
                    "a body must be application/x-www-form-urlencoded or application/json",
                ));
            }
        };
        Ok(Self { method, query_pairs, body_pairs, headers, body, is_json, path_of_clients: None })
    }

    /// A header's value: trimmed; repeated ones sorted and joined by commas. `None` when it is not
    /// there.
    pub(in crate::ccc) fn header(&self, name: &str) -> Result<Option<String>> {
        let mut values =
            self.headers.values(name).map_err(|_| Failure::Unreadable(name.to_owned()))?;
        values.sort_unstable();
        Ok((!values.is_empty()).then(|| values.join(",")))
    }

    /// All parameters, of the query first.
    pub(in crate::ccc) fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.query_pairs.iter().chain(&self.body_pairs)
    }
}

/// The parameters of a JSON body: the members of its object. What is not text is written as the
/// text that it would be in a query, and `null` is as good as absent.
fn json_pairs(body: &[u8]) -> Result<Vec<(String, String)>> {
    let value = json::read(body).map_err(|error| Failure::Json(error.to_string()))?;
    let Value::Object(members) = value else {
        return Err(Failure::Json("it is not an object".to_owned()));
    };
    let pairs = members.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some((name, text)),
        other => Some((name, other.to_string())),
    });
    let pairs: Vec<(String, String)> = pairs.collect();
    super::check_characters(&pairs)?;
    Ok(pairs)
}
