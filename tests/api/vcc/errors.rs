//! Every error that the face answers, whole.

use super::{ANNA, FORM, LONDON_BOUND, V4, Vcc, callback_numbers, send, token};
use crate::support::{App, Reply, assert_snapshot};
use std::fmt::Write as _;

/// Adds a reply to the catalogue: its status, the headers of its own, its body.
fn add(catalogue: &mut String, what: &str, reply: &Reply) {
    let common = [
        "content-type",
        "content-length",
        "cache-control",
        "pragma",
        "date",
        "x-acs-request-id",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "content-security-policy",
    ];
    let mut own: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| !common.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    own.sort();
    writeln!(catalogue, "# {what}\n{}\n{}{}\n", reply.status, own.concat(), reply.body).unwrap();
}

#[test]
fn every_error_body_of_the_user_admin_api() {
    let app = App::spawn();
    let (vcc, reader) = (Vcc::of(&app), Vcc::with(&app, "demo-client", "users:read"));
    let ccc = Vcc::with(&app, "demo-client-ccc", "users:write");
    let numbers = format!("/users/{ANNA}/callbackNumbers");
    let nobody = "/users/00000000-0000-0000-0000-000000000000";
    let bearer = format!("Bearer {}", vcc.token);
    let mut catalogue = String::new();
    let mut error = |what: &str, reply: Reply| add(&mut catalogue, what, &reply);
    error("no version", send(app.address, "GET", "/useradmin/users", &[], None));
    error(
        "unsupported version",
        send(
            app.address,
            "GET",
            "/useradmin/users",
            &[("accept", "application/vnd.newvoicemedia.v3+json")],
            None,
        ),
    );
    error("no route", vcc.get("/nowhere"));
    error("method not offered", vcc.send("DELETE", "/users/x/callbackNumbers", None));
    error("no token", send(app.address, "GET", "/useradmin/users", &[("accept", V4)], None));
    error("scope lacking", reader.replace(ANNA, &[]));
    error("id in the path", vcc.get("/users/x"));
    error("limit", vcc.get("/users?limit=5001"));
    error("page", vcc.get("/users?page=0"));
    error("parameter twice", vcc.get("/users?page=1&page=2"));
    error("include", vcc.get("/users?include=Some"));
    error(
        "content type",
        send(
            app.address,
            "PUT",
            &format!("/useradmin{numbers}"),
            &[("accept", V4), ("authorization", &bearer), FORM],
            Some(b"{}"),
        ),
    );
    error("body too large", vcc.send("PUT", &numbers, Some(&vec![b' '; 256 * 1024 + 1])));
    error("no JSON", vcc.send("PUT", &numbers, Some(b"{")));
    error("body cut off in the middle", vcc.send("PUT", &numbers, Some(b"{\"callbackNumbers\":[")));
    error("no object", vcc.send("PUT", &numbers, Some(b"[]")));
    error("member missing", vcc.send("PUT", &numbers, Some(b"{}")));
    error("member of another type", vcc.send("PUT", &numbers, Some(b"{\"callbackNumbers\":5}")));
    error(
        "member twice",
        vcc.send("PUT", &numbers, Some(b"{\"callbackNumbers\":[],\"callbackNumbers\":[]}")),
    );
    error("id missing in the body", vcc.send("PUT", &numbers, Some(b"{\"callbackNumbers\":[{}]}")));
    error("id in the body", vcc.replace(ANNA, &["x"]));
    error("unknown id in the body", vcc.replace(ANNA, &["00000000-0000-0000-0000-000000000000"]));
    error(
        "level",
        vcc.send(
            "PUT",
            &format!("/users/{ANNA}/skills"),
            Some(b"{\"agentSkills\":[{\"skillId\":\"f0000000-0000-4000-a000-000000000006\",\"agentSkillLevel\":11}]}"),
        ),
    );
    error("unknown user", vcc.get(nobody));
    error("unknown skill", vcc.get("/skills/00000000-0000-0000-0000-000000000000/users"));
    error("unknown group", vcc.get("/groups/00000000-0000-0000-0000-000000000000"));
    error("bound number", vcc.replace(ANNA, &[LONDON_BOUND]));
    error(
        "another user's number",
        ccc.replace(
            "e0000000-0000-4000-a000-000000001008",
            &["c0000000-0000-4000-a000-083000000011"],
        ),
    );
    app.database.query(&format!(
        "UPDATE user SET display_id = '' WHERE user_guid = '{}' RETURNING 1",
        super::MARY
    ));
    error("no agent", vcc.replace(super::MARY, &[LONDON_BOUND]));
    assert_snapshot("vcc/errors", &catalogue);
}

#[test]
fn every_error_body_of_the_token_endpoint() {
    let app = App::spawn();
    token(app.address, "demo-client", "users:read");
    let ask = |method: &str, headers: &[(&str, &str)], body: &str| {
        send(
            app.address,
            method,
            "/Auth/connect/token",
            headers,
            (method == "POST").then_some(body.as_bytes()),
        )
    };
    let good = "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret";
    let basic = ("authorization", "Basic ZGVtby1jbGllbnQ6d3Jvbmc=");
    let mut catalogue = String::new();
    let mut error = |what: &str, reply: Reply| add(&mut catalogue, what, &reply);
    error("method", ask("GET", &[], ""));
    error("no form", ask("POST", &[("content-type", "application/json")], "{}"));
    error("no UTF-8", ask("POST", &[FORM], "scope=%FF"));
    error("parameter twice", ask("POST", &[FORM], &format!("{good}&scope=x")));
    error("too large", ask("POST", &[FORM], &"x".repeat(256 * 1024 + 1)));
    error("credentials twice", ask("POST", &[FORM, basic], good));
    error(
        "two headers",
        ask("POST", &[FORM, basic, basic], "grant_type=client_credentials&scope=users:read"),
    );
    error(
        "two ids",
        ask(
            "POST",
            &[FORM, ("authorization", "Basic ZGVtby1jbGllbnQ6d3Jvbmc=")],
            "grant_type=client_credentials&scope=users:read&client_id=x",
        ),
    );
    error("grant_type", ask("POST", &[FORM], "grant_type=password"));
    error("scope missing", ask("POST", &[FORM], "grant_type=client_credentials"));
    error("scope unknown", ask("POST", &[FORM], &good.replace("users:read", "agents:read")));
    error("client in the form", ask("POST", &[FORM], &format!("{good}x")));
    error(
        "client as Basic",
        ask("POST", &[FORM, basic], "grant_type=client_credentials&scope=users:read"),
    );
    assert_snapshot("vcc/token_errors", &catalogue);
}

#[test]
fn a_locked_database_answers_writes_with_503_and_goes_on_reading() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut catalogue = String::new();
    add(
        &mut catalogue,
        "a change",
        &vcc.put(&format!("/users/{ANNA}/callbackNumbers"), &callback_numbers(&[])),
    );
    let form = "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret";
    add(&mut catalogue, "a token", &super::ask_token(app.address, form));
    assert_eq!(vcc.numbers(ANNA).len(), 3);
    connection.execute_batch("ROLLBACK").unwrap();
    assert_snapshot("vcc/locked", &catalogue);
}
