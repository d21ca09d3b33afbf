//! `dry_run` on every operation that changes something.

use super::{CCC, Caller, problem};
use crate::support::{App, assert_snapshot};
use numberd::admin::ROUTES;
use serde_json::{Value, json};

/// Everything of a reply but what differs from run to run.
fn redacted() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"[0-9A-F]{8}-[0-9A-F-]{27}", "[request id]");
    settings.add_filter(r"\b1[6-9]\d{11}\b", "[time]");
    settings.add_filter(r#""[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}""#, "\"[guid]\"");
    settings
}

fn changes(app: &App) -> String {
    app.database.query("SELECT count(*) || ' ' || coalesce(max(change_id), 0) FROM change")
}

#[test]
fn the_description_offers_a_dry_run_of_every_operation_that_changes_something() {
    let app = App::spawn();
    let description = app.get("/openapi.json", &[]).json();
    for route in ROUTES.iter().filter(|route| route.is_write) {
        let operation =
            &description["paths"][route.pattern][route.method.to_ascii_lowercase().as_str()];
        let in_query = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .any(|parameter| parameter["name"] == "dry_run" && parameter["in"] == "query");
        let schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            .as_str()
            .map(|name| description.pointer(name.trim_start_matches('#')).unwrap());
        let in_body = schema.is_some_and(|schema| schema["properties"]["dry_run"].is_object());
        assert!(in_query || in_body, "{} {}", route.method, route.pattern);
    }
}

#[test]
fn a_dry_run_shows_every_change_and_makes_none() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = changes(&app);
    let dry = json!({ "dry_run": true });
    let at = |path: &str| format!("{CCC}{path}");
    let sent = [
        ("PUT", at("/users/lina@ccc-test/numbers/02855500007"), dry.clone()),
        ("DELETE", at("/users/user-test@ccc-test/numbers/083xxxx0011?dry_run=true"), json!({})),
        ("PATCH", at("/numbers/02855500007"), json!({ "dry_run": true, "active": false })),
        ("POST", at("/numbers"), json!({ "dry_run": true, "number": "02899990000" })),
        ("PUT", at("/skill-groups/night@ccc-test/users/lina@ccc-test"), dry.clone()),
        ("POST", "/api/v1/backups".to_owned(), dry),
    ];
    let replies: Vec<Value> = sent
        .iter()
        .map(|(method, path, body)| {
            let headers: &[(&str, &str)] =
                if *method == "PATCH" { &[("if-match", "*")] } else { &[] };
            let body = (*method != "DELETE").then_some(body);
            let reply = root.send(method, path, headers, body);
            assert_eq!(reply.status, 200, "{method} {path}: {}", reply.body);
            assert_eq!(reply.header("etag"), None, "{method} {path}");
            assert_eq!(reply.header("location"), None, "{method} {path}");
            json!({ "request": format!("{method} {path}"), "reply": reply.json() })
        })
        .collect();
    assert_eq!(changes(&app), before);
    let replies = Value::from(replies);
    let replies = serde_json::to_string_pretty(&replies).unwrap();
    redacted().bind(|| assert_snapshot("admin/dry_runs", &replies));
}

#[test]
fn a_dry_run_is_refused_as_the_request_would_be() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let held = root.send(
        "PUT",
        &format!("{CCC}/users/lina@ccc-test/numbers/083xxxx0011"),
        &[],
        Some(&json!({ "dry_run": true })),
    );
    assert_eq!((held.status, problem(&held).as_str()), (409, "number-held-by-user"));
    let word = root.delete(&format!("{CCC}/users/lina@ccc-test?dry_run=perhaps"));
    assert_eq!(
        word.json()["detail"],
        "dry_run must be true or false, not \"perhaps\".",
        "{}",
        word.body
    );
}

#[test]
fn a_dry_run_keeps_no_idempotency_key() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let key: &[(&str, &str)] = &[("idempotency-key", "one")];
    let path = format!("{CCC}/numbers");
    let tried =
        root.send("POST", &path, key, Some(&json!({ "number": "02899990000", "dry_run": true })));
    assert_eq!(tried.status, 200, "{}", tried.body);
    let made = root.send("POST", &path, key, Some(&json!({ "number": "02899990000" })));
    assert_eq!(made.status, 201, "{}", made.body);
}
