//! Every case: what is wrong, the request, the code.

use crate::ccc::signer::pairs;
use crate::ccc::wire::{NOON_TEXT, Request, v1_common, v1_get, v3_headers, v3_post};

/// The parameters of a V1 call of a list, one of them replaced or (`None`) left out before it is
/// signed.
pub(super) fn v1(name: &str, value: Option<&str>) -> Request {
    let mut parameters = [
        v1_common("v1", NOON_TEXT),
        pairs(&[("Action", "ListInstancesOfUser"), ("PageNumber", "1"), ("PageSize", "10")]),
    ]
    .concat();
    parameters.retain(|(key, _)| key != name);
    parameters.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    v1_get(&parameters)
}

/// The headers of a V3 call, one of them replaced or left out before they are signed.
pub(super) fn v3(name: &str, value: Option<&str>) -> Request {
    let mut headers = v3_headers("v3", "ListInstancesOfUser", NOON_TEXT, b"");
    headers.retain(|(key, _)| key != name);
    headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    headers.sort();
    v3_post(&[("PageNumber", "1"), ("PageSize", "10")], &headers)
}

/// A request with the demo's token and this query.
pub(super) fn bearer(query: &str) -> Request {
    Request::get(query).bearer()
}

pub(super) const LIST: &str = "Action=ListInstancesOfUser&PageNumber=1&PageSize=10";

/// Every case: what is wrong, the request, the code.
pub(super) fn cases() -> Vec<(&'static str, Request, &'static str)> {
    let post = |body: &[u8], content_type: &str| {
        Request { headers: pairs(&[("content-type", content_type)]), ..Request::post(LIST, body) }
            .bearer()
    };
    vec![
        ("an unknown action", bearer("Action=ListNothing"), "InvalidAction.NotFound"),
        (
            "an action in another case",
            bearer("Action=listInstancesOfUser"),
            "InvalidAction.NotFound",
        ),
        ("V1, an unknown action", v1("Action", Some("ListNothing")), "InvalidAction.NotFound"),
        (
            "V3, an unknown action",
            v3("x-acs-action", Some("ListNothing")),
            "InvalidAction.NotFound",
        ),
        ("another version", bearer(&format!("{LIST}&Version=2017-07-05")), "InvalidVersion"),
        ("V1, another version", v1("Version", Some("2017-07-05")), "InvalidVersion"),
        ("V3, another version", v3("x-acs-version", Some("2017-07-05")), "InvalidVersion"),
        ("no action", Request::post("PageNumber=1", b"").bearer(), "MissingAction"),
        ("V1, no action", v1("Action", None), "MissingAction"),
        ("V1, an empty action", v1("Action", Some("")), "MissingAction"),
        ("V3, no action", v3("x-acs-action", None), "MissingAction"),
        ("V1, no version", v1("Version", None), "MissingVersion"),
        ("V3, no version", v3("x-acs-version", None), "MissingVersion"),
        ("no credential", Request::get(LIST), "MissingAccessKeyId"),
        ("V1, no AccessKeyId", v1("AccessKeyId", None), "MissingAccessKeyId"),
        ("V1, no Timestamp", v1("Timestamp", None), "MissingTimestamp"),
        ("V3, no x-acs-date", v3("x-acs-date", None), "MissingTimestamp"),
        (
            "V1, no Signature",
            Request::get(&format!(
                "{LIST}&Version=2020-07-01&Format=JSON&AccessKeyId=demo-access-key&SignatureNonce=1&Timestamp={NOON_TEXT}"
            )),
            "MissingSignature",
        ),
        ("V1, no SignatureNonce", v1("SignatureNonce", None), "MissingSignatureNonce"),
        ("V1, an empty SignatureNonce", v1("SignatureNonce", Some("")), "MissingSignatureNonce"),
        (
            "V3, no x-acs-signature-nonce",
            v3("x-acs-signature-nonce", None),
            "MissingSignatureNonce",
        ),
        (
            "V3, an empty x-acs-signature-nonce",
            v3("x-acs-signature-nonce", Some("")),
            "MissingSignatureNonce",
        ),
        (
            "a nonce of 129 characters",
            v1("SignatureNonce", Some(&"n".repeat(129))),
            "InvalidSignatureNonce",
        ),
        (
            "V1, an unknown AccessKeyId",
            v1("AccessKeyId", Some("nobody")),
            "InvalidAccessKeyId.NotFound",
        ),
        (
            "V1, the AccessKeyId in another case",
            v1("AccessKeyId", Some("DEMO-access-key")),
            "InvalidAccessKeyId.NotFound",
        ),
        ("V1, a malformed Timestamp", v1("Timestamp", Some("noon")), "InvalidTimeStamp.Format"),
        (
            "V3, a malformed x-acs-date",
            v3("x-acs-date", Some("Sat, 21 Nov 2026 12:00:00 GMT")),
            "InvalidTimeStamp.Format",
        ),
        (
            "V1, a stale Timestamp",
            v1("Timestamp", Some("2026-11-21T11:44:59Z")),
            "InvalidTimeStamp.Expired",
        ),
        (
            "V3, a stale x-acs-date",
            v3("x-acs-date", Some("2026-11-21T12:15:01Z")),
            "InvalidTimeStamp.Expired",
        ),
        (
            "V1, another signature",
            Request {
                target: v1("", None).target.replace("PageSize=10", "PageSize=11"),
                ..v1("", None)
            },
            "SignatureDoesNotMatch",
        ),
        (
            "V3, another signature",
            Request {
                target: v3("", None).target.replace("PageSize=10", "PageSize=11"),
                ..v3("", None)
            },
            "SignatureDoesNotMatch",
        ),
        (
            "V3, a header of meaning that is not signed",
            v3("", None).header("x-acs-extra", "1"),
            "IncompleteSignature",
        ),
        ("V1, SignatureMethod=none", v1("SignatureMethod", Some("none")), "InvalidSignatureMethod"),
        (
            "V1, SignatureMethod of V3",
            v1("SignatureMethod", Some("HMAC-SHA256")),
            "InvalidSignatureMethod",
        ),
        (
            "V1, SignatureVersion 2.0",
            v1("SignatureVersion", Some("2.0")),
            "InvalidSignatureVersion",
        ),
        (
            "V1, SignatureType BEARERTOKEN",
            v1("SignatureType", Some("BEARERTOKEN")),
            "InvalidSignatureType",
        ),
        (
            "an unknown Authorization",
            Request::get(LIST).header("authorization", "Basic ZGVtbzpkZW1v"),
            "InvalidSignatureMethod",
        ),
        (
            "an unknown token",
            Request::get(LIST).header("authorization", "Bearer nothing"),
            "InvalidBearerToken",
        ),
        (
            "an empty token",
            Request::get(LIST).header("authorization", "Bearer "),
            "InvalidSignatureMethod",
        ),
        ("two tokens", bearer(LIST).bearer(), "InvalidBearerToken"),
        ("a token and a V1 signature", v1("", None).bearer(), "InvalidAuthorization"),
        (
            "a token and an AccessKeyId",
            bearer(&format!("{LIST}&AccessKeyId=demo-access-key")),
            "InvalidAuthorization",
        ),
        (
            "V3, Authorization without its parts",
            Request::get(LIST)
                .header("authorization", "ACS3-HMAC-SHA256 x")
                .header("x-acs-action", "ListInstancesOfUser")
                .header("x-acs-version", "2020-07-01"),
            "MissingAccessKeyId",
        ),
        ("Format=yaml", bearer(&format!("{LIST}&Format=yaml")), "InvalidParameter.Format"),
        (
            "a parameter twice in the query",
            bearer(&format!("{LIST}&PageSize=10")),
            "InvalidPageSize",
        ),
        (
            "a parameter in query and body",
            post(b"PageNumber=2", "application/x-www-form-urlencoded"),
            "InvalidPageNumber",
        ),
        (
            "V1, a parameter twice",
            Request { target: format!("{}&PageSize=10", v1("", None).target), ..v1("", None) },
            "InvalidPageSize",
        ),
        (
            "a repeated name that is not a name",
            bearer(&format!("{LIST}&a%0aforged=1&a%0aforged=2")),
            "InvalidParameter",
        ),
        (
            "a parameter that is not UTF-8",
            bearer(&format!("{LIST}&SearchPattern=%ff")),
            "InvalidParameter.Encoding",
        ),
        (
            "a name that is not UTF-8",
            bearer(&format!("{LIST}&%c3%28=1")),
            "InvalidParameter.Encoding",
        ),
        (
            "an overlong encoding",
            bearer(&format!("{LIST}&SearchPattern=%c0%af")),
            "InvalidParameter.Encoding",
        ),
        (
            "a surrogate",
            bearer(&format!("{LIST}&SearchPattern=%ed%a0%80")),
            "InvalidParameter.Encoding",
        ),
        ("a NUL", bearer(&format!("{LIST}&SearchPattern=%00")), "InvalidParameter.Encoding"),
        (
            "a control character",
            bearer(&format!("{LIST}&SearchPattern=%1b%5b0m")),
            "InvalidParameter.Encoding",
        ),
        ("U+FFFE", bearer(&format!("{LIST}&SearchPattern=%ef%bf%be")), "InvalidParameter.Encoding"),
        ("PUT", Request { method: "PUT".to_owned(), ..bearer(LIST) }, "UnsupportedHTTPMethod"),
        (
            "DELETE",
            Request { method: "DELETE".to_owned(), ..bearer(LIST) },
            "UnsupportedHTTPMethod",
        ),
        ("PATCH", Request { method: "PATCH".to_owned(), ..bearer(LIST) }, "UnsupportedHTTPMethod"),
        (
            "OPTIONS",
            Request { method: "OPTIONS".to_owned(), ..bearer(LIST) },
            "UnsupportedHTTPMethod",
        ),
        (
            "a method nobody knows",
            Request { method: "FROB".to_owned(), ..bearer(LIST) },
            "UnsupportedHTTPMethod",
        ),
        ("a body in plain text", post(b"{}", "text/plain"), "InvalidContentType"),
        (
            "a multipart body",
            post(b"--x--", "multipart/form-data; boundary=x"),
            "InvalidContentType",
        ),
        (
            "a body of no type",
            Request { headers: Vec::new(), ..Request::post(LIST, b"PageSize=10") }.bearer(),
            "InvalidContentType",
        ),
        (
            "a body that is too large",
            post(&[b'a'; 256 * 1024 + 1], "application/x-www-form-urlencoded"),
            "RequestTooLarge",
        ),
        (
            "a query that is too long",
            bearer(&format!("{LIST}&x={}", "a".repeat(60 * 1024))),
            "RequestTooLarge",
        ),
    ]
}
