//! Addresses of the console: where they begin, their parts, and which pattern they fit.

use super::reply::Failure;
use crate::http::Request;

/// The address that those of the console begin with, as the browser knows it.
pub(super) fn root(request: &Request) -> String {
    request.base_path.of_clients(super::ROOT)
}

/// Whether an address that came with a request leads into the console, as a browser reads it: there
/// `\` is `/`, and `..` leads out again.
pub(super) fn is_inside(root: &str, address: &str) -> bool {
    let Some(rest) = address.strip_prefix(root) else { return false };
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let stays = |parts: Vec<String>| parts.iter().all(|part| part != "." && part != "..");
    rest.starts_with('/')
        && !rest.contains(|c: char| c.is_control() || c == '\\')
        && segments(path).is_ok_and(stays)
}

/// The parts of an address, decoded.
pub(super) fn segments(path: &str) -> Result<Vec<String>, Failure> {
    let decode = |part: &str| {
        percent_encoding::percent_decode_str(part)
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .map_err(|_| Failure::NoSuchPage)
    };
    path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
}

/// The parameter of an address that fits the pattern; empty if the pattern has none.
pub(super) fn fit(pattern: &str, segments: &[String]) -> Option<String> {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    if parts.len() != segments.len() {
        return None;
    }
    let mut parameter = String::new();
    for (part, segment) in parts.iter().zip(segments) {
        if part.starts_with('{') {
            parameter.clone_from(segment);
        } else if part != segment {
            return None;
        }
    }
    Some(parameter)
}
