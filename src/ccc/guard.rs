//! Which requests to `/` are calls.

use actix_web::guard::GuardContext;
use actix_web::http::Method;

/// Whether a request to `/` is a call rather than a look at the landing page.
pub fn is_call(request: &GuardContext<'_>) -> bool {
    let head = request.head();
    let query = head.uri.query().unwrap_or_default();
    !matches!(head.method, Method::GET | Method::HEAD)
        || head.headers().contains_key("x-acs-action")
        || head.headers().contains_key("authorization")
        || query.split('&').any(|pair| pair.starts_with("Action=") || pair.starts_with("Signature"))
}
