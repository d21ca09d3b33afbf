//! Section 2: the token endpoint.

use super::{FORM, V4, ask_token, send, token};
use crate::support::App;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use numberd::domain::{Clock, ManualClock, Paging, Timestamp};

const GRANT: &str = "grant_type=client_credentials&scope=users:read";
const CLIENT: &str = "&client_id=demo-client&client_secret=demo-client-secret";

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

#[test]
fn ok_is_a_bearer_token_for_7200_seconds_without_a_refresh_token() {
    let app = App::spawn();
    let reply = ask_token(app.address, &format!("{GRANT}{CLIENT}"));
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    let body = reply.json();
    assert_eq!(
        body.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(),
        ["access_token", "expires_in", "token_type"]
    );
    assert_eq!((&body["expires_in"], &body["token_type"]), (&7200.into(), &"Bearer".into()));
    assert_eq!(body["access_token"].as_str().unwrap().len(), 43, "256 bits");
}

#[test]
fn headers_forbid_storing_successes_and_errors() {
    let app = App::spawn();
    for form in [format!("{GRANT}{CLIENT}"), String::new()] {
        let reply = ask_token(app.address, &form);
        assert_eq!(
            (reply.header("cache-control"), reply.header("pragma")),
            (Some("no-store"), Some("no-cache")),
            "{}",
            reply.body
        );
    }
}

#[test]
fn credentials_come_in_the_form_or_as_http_basic_plain_or_encoded() {
    let app = App::spawn();
    for credentials in ["demo-client:demo-client-secret", "demo%2Dclient:demo%2Dclient%2Dsecret"] {
        let reply = send(
            app.address,
            "POST",
            "/Auth/connect/token",
            &[FORM, ("authorization", &basic(credentials))],
            Some(GRANT.as_bytes()),
        );
        assert_eq!(reply.status, 200, "{credentials}: {}", reply.body);
    }
    // The id may be repeated in the form, where it proves nothing; another id may not be there.
    let header = basic("demo-client:demo-client-secret");
    for (id, status) in [("demo-client", 200), ("demo-client-ccc", 400)] {
        let form = format!("{GRANT}&client_id={id}");
        let reply = send(
            app.address,
            "POST",
            "/Auth/connect/token",
            &[FORM, ("authorization", &header)],
            Some(form.as_bytes()),
        );
        assert_eq!(reply.status, status, "{}", reply.body);
    }
}

#[test]
fn both_at_once_is_an_invalid_request() {
    let app = App::spawn();
    let header = basic("demo-client:demo-client-secret");
    let reply = send(
        app.address,
        "POST",
        "/Auth/connect/token",
        &[FORM, ("authorization", &header)],
        Some(format!("{GRANT}{CLIENT}").as_bytes()),
    );
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_request")));
}

#[test]
fn grant_type_missing_or_other_is_unsupported() {
    let app = App::spawn();
    for form in [
        format!("scope=users:read{CLIENT}"),
        format!("grant_type=&scope=users:read{CLIENT}"),
        format!("grant_type=password&scope=users:read{CLIENT}"),
        format!("grant_type=Client_Credentials&scope=users:read{CLIENT}"),
        String::new(),
    ] {
        let reply = ask_token(app.address, &form);
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.body,
            r#"{"error":"unsupported_grant_type","error_description":"Invalid grant_type"}"#,
            "{form}"
        );
    }
}

#[test]
fn scope_missing_or_empty_must_be_specified() {
    let app = App::spawn();
    for scope in ["", "&scope=", "&scope=+"] {
        let reply =
            ask_token(app.address, &format!("grant_type=client_credentials{scope}{CLIENT}"));
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.body,
            r#"{"error":"invalid_scope","error_description":"You must specify a scope"}"#,
            "{scope}"
        );
    }
}

#[test]
fn scope_unknown_or_not_granted_is_invalid() {
    let app = App::spawn();
    app.database.query("UPDATE oauth_client SET scopes = 'users:read' WHERE client_id = 'demo-client' RETURNING scopes");
    for (asked, named) in [
        ("users:read+agents:read", "agents:read"),
        ("USERS:READ", "USERS:READ"),
        ("users:read+users:write", "users:write"),
        ("%22", "\\\""),
    ] {
        let reply =
            ask_token(app.address, &format!("grant_type=client_credentials&scope={asked}{CLIENT}"));
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.body,
            format!(
                r#"{{"error":"invalid_scope","error_description":"\"{named}\" is an invalid scope"}}"#
            )
        );
    }
    token(app.address, "demo-client", "users:read");
}

#[test]
fn bad_client_id_or_secret_is_400_in_the_form_and_401_with_a_challenge_as_basic() {
    let app = App::spawn();
    let body = r#"{"error":"invalid_client","error_description":"Invalid client credentials"}"#;
    let long = "x".repeat(5000);
    for form in [
        format!("{GRANT}&client_id=demo-client&client_secret=wrong"),
        format!("{GRANT}&client_id=nobody&client_secret=demo-client-secret"),
        format!("{GRANT}&client_id={long}&client_secret=wrong"),
        format!("{GRANT}&client_id=demo-client"),
        GRANT.to_owned(),
    ] {
        let reply = ask_token(app.address, &form);
        assert_eq!(
            (reply.status, reply.body.as_str(), reply.header("www-authenticate")),
            (400, body, None),
            "{form}"
        );
    }
    for header in [
        basic("demo-client:wrong"),
        basic("nobody:wrong"),
        basic("no colon"),
        "Basic ***".to_owned(),
        "Bearer x".to_owned(),
    ] {
        let reply = send(
            app.address,
            "POST",
            "/Auth/connect/token",
            &[FORM, ("authorization", &header)],
            Some(GRANT.as_bytes()),
        );
        assert_eq!((reply.status, reply.body.as_str()), (401, body), "{header}");
        assert_eq!(
            reply.header("www-authenticate"),
            Some("Basic realm=\"numberd\", charset=\"UTF-8\"")
        );
    }
}

#[test]
fn body_not_form_encoded_is_an_invalid_request() {
    let app = App::spawn();
    let json = br#"{"grant_type":"client_credentials","scope":"users:read","client_id":"demo-client","client_secret":"demo-client-secret"}"#;
    let form = format!("{GRANT}{CLIENT}");
    for (headers, body) in [
        (vec![("content-type", "application/json")], json.as_slice()),
        (vec![], form.as_bytes()),
        (vec![FORM], b"scope=%FF"),
        (vec![FORM], b"a=\xff"),
    ] {
        let reply = send(app.address, "POST", "/Auth/connect/token", &headers, Some(body));
        assert_eq!(
            (reply.status, reply.json()["error"].as_str()),
            (400, Some("invalid_request")),
            "{headers:?}: {}",
            reply.body
        );
    }
    let charset = [("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")];
    assert_eq!(
        send(app.address, "POST", "/Auth/connect/token", &charset, Some(form.as_bytes())).status,
        200
    );
}

#[test]
fn a_parameter_that_is_given_twice_is_an_invalid_request() {
    let app = App::spawn();
    let reply = ask_token(app.address, &format!("{GRANT}{CLIENT}&scope=users:write"));
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_request")));
}

#[test]
fn a_token_is_reusable_until_its_expiry_and_then_forgotten() {
    let (app, now) = super::guessing::app_with_a_clock();
    let old = token(app.address, "demo-client", "users:read");
    let look = |token: &str| {
        send(
            app.address,
            "GET",
            "/useradmin/skills",
            &[("accept", V4), ("authorization", &format!("Bearer {token}"))],
            None,
        )
        .status
    };
    assert_eq!((look(&old), look(&old)), (200, 200));
    let left = app.database.query("SELECT expires_at - issued_at FROM oauth_token");
    assert_eq!(left, "7200000");
    now.advance(7_200_000);
    assert_eq!(look(&old), 401);
    let new = token(app.address, "demo-client", "users:read");
    assert_eq!(look(&new), 200);
    assert_eq!(
        app.database.query("SELECT count(*) FROM oauth_token"),
        "1",
        "the expired token is gone"
    );
}

#[test]
fn no_token_lives_longer_because_the_clock_was_set_back() {
    let (app, now) = super::guessing::app_with_a_clock();
    let look = |app: &App, token: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("accept", V4), ("authorization", bearer.as_str())];
        send(app.address, "GET", "/useradmin/skills", &headers, None).status
    };
    let old = token(app.address, "demo-client", "users:read");
    now.advance(3_600_000);
    now.set_by(-3_000_000);
    let new = token(app.address, "demo-client", "users:read");
    assert_eq!((look(&app, &old), look(&app, &new)), (200, 200), "both have their two hours");
    now.advance(3_600_000);
    assert_eq!((look(&app, &old), look(&app, &new)), (401, 200), "and not a minute more");
    now.set_by(-3_600_000);
    assert_eq!((look(&app, &old), look(&app, &new)), (401, 200));
    let app = app.restarted(Clock::Fixed(Clock::Manual(now).now()));
    assert_eq!(look(&app, &new), 401, "a new process can't know, so it believes no token to come");
}

#[test]
fn the_token_carries_the_scopes_that_were_requested_and_loses_those_that_its_client_lost() {
    let app = App::spawn();
    let token = token(app.address, "demo-client", "users:write users:read");
    assert_eq!(app.database.query("SELECT scopes FROM oauth_token"), "users:read users:write");
    let bearer = format!("Bearer {token}");
    let path = format!("/useradmin/users/{}/groups", super::ANNA);
    let headers =
        [("accept", V4), ("authorization", bearer.as_str()), ("content-type", "application/json")];
    let put = || send(app.address, "PUT", &path, &headers, Some(br#"{"agentGroups":[]}"#)).status;
    assert_eq!(put(), 200);
    app.database.query("UPDATE oauth_client SET scopes = 'users:read' RETURNING 1");
    assert_eq!(put(), 403);
}

#[test]
fn the_path_is_matched_whatever_the_case_of_auth_and_with_one_trailing_slash() {
    let app = App::spawn();
    let form = format!("{GRANT}{CLIENT}");
    for (path, status) in [
        ("/auth/connect/token", 200),
        ("/AUTH/connect/token/", 200),
        ("/Auth/connect/token/", 200),
        ("/Auth/Connect/token", 404),
        ("/Auth/connect/token//", 404),
    ] {
        assert_eq!(
            send(app.address, "POST", path, &[FORM], Some(form.as_bytes())).status,
            status,
            "{path}"
        );
    }
    let reply = send(app.address, "GET", "/Auth/connect/token", &[], None);
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
}

#[test]
fn tokens_and_secrets_are_stored_as_hashes_only() {
    let app = App::spawn();
    let token = token(app.address, "demo-client", "users:read");
    let mut files = Vec::new();
    for ending in ["", "-wal"] {
        let path = format!("{}{ending}", app.database.path().display());
        files.extend(std::fs::read(path).unwrap_or_default());
    }
    let holds = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("demo-client"), "the files were read");
    assert!(!holds(&token) && !holds("demo-client-secret"));
}

#[test]
fn the_last_use_of_a_client_is_when_it_last_got_a_token_kept_once_an_hour_and_at_the_end() {
    const BEGIN: i64 = 1_795_262_400_000;
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(BEGIN));
    let app = App::with(Paging::Strict, Clock::Manual(&CLOCK));
    let used = |app: &App| {
        app.database
            .query("SELECT client_id, last_used_at FROM oauth_client WHERE last_used_at > 0")
    };
    let at = |seconds: i64| format!("demo-client|{}", BEGIN + seconds * 1000);
    token(app.address, "demo-client", "users:read");
    let wrong = format!("{GRANT}&client_id=demo-client-ccc&client_secret=wrong");
    assert_eq!(ask_token(app.address, &wrong).status, 400);
    assert_eq!(used(&app), "", "no write for each token");
    CLOCK.advance(3_600_000);
    token(app.address, "demo-client", "users:read");
    assert_eq!(used(&app), at(3600), "once an hour, and not for a wrong secret");
    CLOCK.advance(5_000);
    token(app.address, "demo-client", "users:read");
    let app = app.restarted(Clock::Manual(&CLOCK));
    assert_eq!(used(&app), at(3605), "and at the end");
}
