//! The gateway's errors: what is answered before an operation runs.

use super::signer::pairs;
use super::wire::{
    NOON, NOON_TEXT, Request, exchange, v1_call, v1_common, v1_get, v3_call, v3_headers, v3_post,
};
use super::{assert_snapshot, code, shown};
use crate::support::{App, SeededDatabase, Watch};
use numberd::domain::{Clock, Paging, Timestamp};

fn app() -> App {
    App::over(SeededDatabase::new(), Paging::Strict, Clock::Fixed(Timestamp::from_millis(NOON)))
}

/// The parameters of a V1 call of a list, one of them replaced or (`None`) left out before it is
/// signed.
fn v1(name: &str, value: Option<&str>) -> Request {
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
fn v3(name: &str, value: Option<&str>) -> Request {
    let mut headers = v3_headers("v3", "ListInstancesOfUser", NOON_TEXT, b"");
    headers.retain(|(key, _)| key != name);
    headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    headers.sort();
    v3_post(&[("PageNumber", "1"), ("PageSize", "10")], &headers)
}

/// A request with the demo's token and this query.
fn bearer(query: &str) -> Request {
    Request::get(query).bearer()
}

const LIST: &str = "Action=ListInstancesOfUser&PageNumber=1&PageSize=10";

/// Every case: what is wrong, the request, the code.
fn cases() -> Vec<(&'static str, Request, &'static str)> {
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

#[test]
fn every_error_of_the_gateway_is_answered_with_its_code_and_changes_nothing() {
    let app = app();
    let watch = Watch::over(&app.database);
    let mut text = String::new();
    for (name, request, expected) in cases() {
        let reply = request.send(&app);
        assert_eq!(code(&reply), expected, "{name}: {}", reply.body);
        text += &format!("# {name}\n{}\n", shown(&app, &reply));
    }
    watch.assert_unchanged("a gateway error");
    assert_snapshot("gateway", &text);
}

#[test]
fn a_nonce_that_was_used_and_an_access_key_that_was_revoked_are_refused() {
    let app = app();
    let mut text = String::new();
    for (nonce, request) in [
        ("1", v1_call("1", "ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "1")])),
        ("3", v3_call("3", "ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "1")])),
    ] {
        assert_eq!(request.send(&app).status, 200, "{nonce}");
        let reply = request.send(&app);
        assert_eq!(code(&reply), "SignatureNonceUsed");
        text += &shown(&app, &reply);
    }
    app.database.write(|tx| numberd::ops::credentials::revoke_access_key(tx, "demo-access-key"));
    for request in [v1("", None), v3("", None)] {
        let reply = request.send(&app);
        assert_eq!(code(&reply), "InvalidAccessKeyId.Inactive");
        text += &shown(&app, &reply);
    }
    app.database.write(|tx| numberd::ops::credentials::revoke_token(tx, "demo"));
    assert_eq!(code(&bearer(LIST).send(&app)), "InvalidBearerToken");
    assert_snapshot("used_nonces_and_revoked_keys", &text);
}

#[test]
fn the_errors_of_the_gateway_are_xml_for_who_asks_for_it_and_for_v1_without_a_format() {
    let app = app();
    let mut text = String::new();
    for (name, request) in [
        ("V1 without Format", v1("Format", None)),
        ("V1 with Format=None", v1("Format", Some("None"))),
        ("V1 with Format=xml", v1("Format", Some("xml"))),
    ] {
        let request =
            Request { target: request.target.replace("PageSize=10", "PageSize=11"), ..request };
        let reply = request.send(&app);
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (400, Some("text/xml;charset=utf-8")),
            "{name}"
        );
        text += &format!("# {name}\n{}\n", shown(&app, &reply));
    }
    for query in [
        "Action=Nothing&Format=XML",
        "Format=XML&Action=ListInstancesOfUser&Version=1",
        "Format=XML&Action=ListInstancesOfUser&PageNumber=1&PageNumber=1",
        "Format=XML&Action=ListInstancesOfUser&PageNumber=%ff",
    ] {
        let reply = bearer(query).send(&app);
        assert_eq!(reply.header("content-type"), Some("text/xml;charset=utf-8"), "{query}");
        text += &format!("# {query}\n{}\n", shown(&app, &reply));
    }
    assert_snapshot("gateway_in_xml", &text);
}

#[test]
fn the_format_is_json_or_xml_in_any_case_and_its_absence_means_xml_for_v1_only() {
    let app = app();
    let (json, xml) = ("application/json;charset=utf-8", "text/xml;charset=utf-8");
    for (at, (request, expected)) in [
        (v1("Format", None), xml),
        (v1("Format", Some("json")), json),
        (v1("Format", Some("None")), xml),
        (v1("Format", Some("Xml")), xml),
        (v3("", None), json),
        (bearer(LIST), json),
        (bearer(&format!("{LIST}&Format=")), json),
        (bearer(&format!("{LIST}&Format=None")), json),
        (bearer(&format!("{LIST}&Format=xML")), xml),
    ]
    .into_iter()
    .enumerate()
    {
        let reply = request.send(&app);
        // The nonce of the V1 requests is the same; the second is refused, but in its format.
        assert!(matches!(reply.status, 200 | 400));
        assert_eq!(reply.header("content-type"), Some(expected), "{at}: {}", reply.body);
        assert_eq!(reply.body.starts_with("<?xml"), expected == xml);
    }
}

#[test]
fn a_request_that_is_no_http_gets_no_answer_of_ours_and_harms_nobody() {
    let app = app();
    for bytes in [
        &b"GARBAGE\r\n\r\n"[..],
        b"GET /?Action=\xff HTTP/1.1\r\nhost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let reply = exchange(&app, &[bytes].concat());
        assert_ne!(reply.status, 200, "{reply:?}");
        assert_ne!(reply.status, 500, "{reply:?}");
    }
    assert_eq!(bearer(LIST).send(&app).status, 200);
}

#[test]
fn every_reply_of_the_face_says_how_it_may_be_kept_and_read() {
    let app = app();
    for request in [bearer(LIST), bearer("Action=Nothing")] {
        let reply = request.send(&app);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(
        app.get("/", &[]).header("content-type"),
        Some("text/html; charset=utf-8"),
        "a browser sees the landing page"
    );
}

#[test]
fn a_fault_inside_is_answered_without_its_cause() {
    let app = app();
    app.database.query("ALTER TABLE contact_flow RENAME TO contact_flow_elsewhere");
    let mut text = String::new();
    for format in ["JSON", "XML"] {
        let query = format!(
            "Action=ListPhoneNumbers&InstanceId=ccc-test&PageNumber=1&PageSize=10&Format={format}"
        );
        text += &shown(&app, &bearer(&query).send(&app));
    }
    app.database.query("ALTER TABLE contact_flow_elsewhere RENAME TO contact_flow");
    assert_snapshot("a_fault_inside", &text);
}

#[test]
fn a_locked_database_refuses_writes_within_two_seconds_and_answers_reads() {
    let app = app();
    let watch = Watch::over(&app.database);
    let lock = rusqlite::Connection::open(app.database.path()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let write = v1_call(
        "locked",
        "RemovePersonalNumbersFromUser",
        super::requests::golden("RemovePersonalNumbersFromUser"),
    );
    let started = std::time::Instant::now();
    let reply = write.send(&app);
    // Two seconds by the program's own measure; the rest is for a machine that is busy with other
    // tests.
    assert!(started.elapsed() < std::time::Duration::from_secs(6), "{:?}", started.elapsed());
    assert_eq!(reply.header("retry-after"), Some("2"));
    assert_eq!(bearer(LIST).send(&app).status, 200);
    lock.execute_batch("ROLLBACK").unwrap();
    watch.assert_unchanged("a write that had to wait");
    assert_snapshot("a_locked_database", &shown(&app, &reply));
    let again = v1_call(
        "locked again",
        "RemovePersonalNumbersFromUser",
        super::requests::golden("RemovePersonalNumbersFromUser"),
    );
    assert_eq!(code(&again.send(&app)), "OK", "signed anew, it goes through");
}
