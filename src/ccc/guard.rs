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

#[cfg(test)]
mod tests {
    use super::is_call;
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    #[test]
    fn each_sign_of_a_call_is_enough_and_without_one_the_landing_page_is_meant() {
        let is_call = |method: Method, target: &str, headers: &[(&'static str, &'static str)]| {
            let request = TestRequest::with_uri(target).method(method);
            let request =
                headers.iter().fold(request, |request, pair| request.append_header(*pair));
            is_call(&request.to_srv_request().guard_ctx())
        };
        for method in [Method::GET, Method::HEAD] {
            for target in ["/", "/?", "/?utm_source=Action", "/?x=Signature"] {
                assert!(!is_call(method.clone(), target, &[("accept", "*/*")]), "{target}");
            }
            for target in
                ["/?Action=", "/?a=b&Action=ListRamUsers", "/?Signature=x", "/?SignatureNonce=1"]
            {
                assert!(is_call(method.clone(), target, &[]), "{target}");
            }
            for header in [("x-acs-action", "ListRamUsers"), ("authorization", "Bearer t")] {
                assert!(is_call(method.clone(), "/", &[header]), "{header:?}");
            }
        }
        // A client of V1 that posts a form has all of it in the body.
        assert!(is_call(Method::POST, "/", &[]));
    }
}
