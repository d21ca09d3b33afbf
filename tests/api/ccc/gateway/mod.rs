//! The gateway's errors: what is answered before an operation runs.

mod cases;

use super::wire::{NOON, Request, exchange, v1_call, v3_call};
use super::{assert_snapshot, code, shown};
use crate::support::{App, IN_TIME, SeededDatabase, Watch};
use cases::{LIST, bearer, cases, v1, v3};
use numberd::domain::{Clock, Paging, Timestamp};

fn app() -> App {
    App::over(SeededDatabase::new(), Paging::Strict, Clock::Fixed(Timestamp::from_millis(NOON)))
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
    assert!(started.elapsed() < IN_TIME, "{:?}", started.elapsed());
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
