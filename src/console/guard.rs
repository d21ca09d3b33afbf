//! Refusing what another site sent: a browser adds the session's cookie to a form of any page on
//! this machine, since another port counts as the same site.

use super::reply::Failure;
use crate::http::Request;

/// Lets a request through that changes nothing, or that a page of this console sent.
pub(super) fn same_origin(request: &Request) -> Result<(), Failure> {
    if matches!(request.method.as_str(), "GET" | "HEAD") {
        return Ok(());
    }
    let own = match (header(request, "sec-fetch-site"), header(request, "origin")) {
        (Some(site), _) => site == "same-origin",
        // Browsers leave Sec-Fetch-Site out on plain HTTP beyond this machine.
        (None, Some(origin)) => {
            origin.split_once("://").is_some_and(|(_, host)| host == request.host)
        }
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(Failure::ForeignOrigin) }
}

/// The one value of a header, if it is there and is text.
pub(super) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.values(name).ok()?.first().copied()
}
