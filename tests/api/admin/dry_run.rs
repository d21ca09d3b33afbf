//! `dry_run` on every operation that changes something.

use super::description::{address, description};
use super::{CCC, Caller, problem};
use crate::support::{App, assert_snapshot};
use numberd::admin::{ROUTES, Route};
use serde_json::{Value, json};

/// Whether the description offers a field of an operation, in its query or its body.
fn takes(description: &Value, route: &Route, field: &str) -> bool {
    let method = route.method.to_ascii_lowercase();
    let operation = &description["paths"][route.pattern][method.as_str()];
    let parameters = operation["parameters"].as_array().unwrap();
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let schema =
        schema.as_str().map(|name| description.pointer(name.trim_start_matches('#')).unwrap());
    parameters.iter().any(|parameter| parameter["name"] == field && parameter["in"] == "query")
        || schema.is_some_and(|schema| schema["properties"][field].is_object())
}

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
        assert!(takes(&description, route, "dry_run"), "{} {}", route.method, route.pattern);
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

/// A `dry_run` that is ignored because it is in the wrong place would be a real run.
#[test]
fn dry_run_force_and_reason_are_refused_where_they_do_not_belong_with_the_place_where_they_do() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let described = description(&app);
    let before = changes(&app);
    let (mut refused, mut forced) = (0, 0);
    for route in ROUTES.iter().filter(|route| route.is_write) {
        let path = address(&described, route);
        let takes_file = route.operation == "imports.create";
        for field in ["dry_run", "reason", "force"] {
            let in_query = field == "reason" || route.method != "DELETE";
            // A file's fields are in its query, and so they are not misplaced there.
            if takes_file && field != "reason" {
                continue;
            }
            let reply = if in_query {
                let path = format!("{path}?{field}=true");
                match takes_file {
                    true => root.upload_to(&path, &[], "text/csv", b"number\n0990001\n"),
                    false => root.send(route.method, &path, &[("if-match", "*")], None),
                }
            } else {
                root.send(route.method, &path, &[], Some(&json!({ field: true })))
            };
            let told = reply.json();
            let error = &told["errors"][0];
            let status = if in_query { 400 } else { 422 };
            assert_eq!(reply.status, status, "{} {path} {field}: {}", route.method, reply.body);
            if field != "force" || takes(&described, route, "force") {
                let place = match (field, in_query, takes_file) {
                    ("reason", _, true) => "in the header X-Change-Reason",
                    ("reason", ..) => "in the body or in the header X-Change-Reason",
                    (_, true, _) => "in the body, not in the query",
                    (_, false, _) => "in the query of a DELETE, not in its body",
                };
                let said = error["detail"].as_str().unwrap();
                assert!(said.starts_with(&format!("{field} belongs {place}")), "{told}");
                assert_eq!(error["code"], "misplaced-field", "{told}");
                refused += 1;
                forced += usize::from(field == "force");
            }
        }
    }
    assert_eq!(changes(&app), before);
    assert!(refused > 80 && forced >= 6, "{refused} {forced}");
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
