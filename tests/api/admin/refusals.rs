//! What used to pass in silence, or was misread, is refused with a sentence that says why.

use super::{CCC, Caller, problem};
use crate::support::{App, assert_snapshot};
use numberd::admin::{ROOT, ROUTES};
use serde_json::{Value, json};

const FREE: &str = "02855500007";

fn changes(app: &App) -> String {
    app.database.query("SELECT count(*) FROM change")
}

#[test]
fn what_means_nothing_or_two_things_is_refused_and_says_why() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let at = |path: &str| format!("{CCC}{path}");
    let before = changes(&app);
    let reason = |value: &str| {
        let headers = [("x-change-reason", value)];
        root.send("PUT", &at(&format!("/users/lina@ccc-test/numbers/{FREE}")), &headers, None)
    };
    let if_match = |value: &str| {
        let body = json!({ "active": false });
        root.send("PATCH", &at(&format!("/numbers/{FREE}")), &[("if-match", value)], Some(&body))
    };
    let sent = [
        ("reason with a line break", reason("a%20b%0Ac")),
        ("reason with a null", reason("%00")),
        ("reason that is not UTF-8", reason("a%ffb")),
        ("If-Match without quotes", if_match("1")),
        ("If-Match that is weak", if_match("W/\"1\"")),
        ("a kind of row that the log does not have", root.get(&at("/changes?entity=number"))),
        (
            "a moment to come",
            root.get(&at(&format!("/numbers/{FREE}/holders?at=9999-01-01T00:00:00Z"))),
        ),
        (
            "a moment that no clock reaches",
            root.get(&at(&format!("/numbers/{FREE}/holders?at=9999-12-31T23:59:59Z"))),
        ),
        (
            "a hold until then",
            root.send(
                "PUT",
                &at(&format!("/numbers/{FREE}/reservation")),
                &[],
                Some(&json!({ "until": "9999-12-31T00:00:00Z" })),
            ),
        ),
        (
            "a count beyond all limits",
            root.post(&at("/numbers:range"), json!({ "start": FREE, "count": 1e30 })),
        ),
        (
            "another moment to come",
            root.get(&at("/users/lina@ccc-test/holdings?at=2999-01-01T00:00:00Z")),
        ),
        (
            "a hand-over to oneself",
            root.post(&at("/users/lina@ccc-test:hand-over"), json!({ "to": "lina@ccc-test" })),
        ),
        (
            "a swap with itself",
            root.post(&at("/numbers:swap"), json!({ "one": FREE, "other": FREE })),
        ),
        (
            "a swap with itself in another spelling",
            root.post(
                &at("/numbers:swap"),
                json!({ "one": FREE, "other": format!("+86{}", &FREE[1..]), "dry_run": true }),
            ),
        ),
        ("not a number in the path", root.get(&at("/numbers/abc"))),
        ("a body that is not an object", root.post(&at("/numbers"), json!([]))),
    ];
    let replies: Vec<Value> = sent
        .iter()
        .map(|(what, reply)| {
            assert!((400..=422).contains(&reply.status), "{what}: {}", reply.body);
            json!({ "what": what, "reply": reply.json() })
        })
        .collect();
    assert_eq!(changes(&app), before);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"[0-9A-F]{8}-[0-9A-F-]{27}", "[request id]");
    settings.add_filter(r"later than \d{4}-\d\d-\d\dT[\d:.]+Z", "later than [now]");
    let replies = serde_json::to_string_pretty(&replies).unwrap();
    settings.bind(|| assert_snapshot("admin/refusals", &replies));
}

#[test]
fn a_member_that_is_given_twice_is_refused_and_nothing_is_made() {
    let app = App::spawn();
    let before = changes(&app);
    let body = r#"{"login_name": "dup1", "display_name": "D", "login_name": "dup2"}"#;
    let bearer = [("authorization", "Bearer demo-token")];
    let reply = app.send_text("POST", &format!("{CCC}/users"), &bearer, Some(body));
    assert_eq!((reply.status, problem(&reply).as_str()), (422, "fields-invalid"));
    let error = &reply.json()["errors"][0];
    assert_eq!(
        (&error["code"], &error["pointer"], &error["detail"]),
        (&json!("repeated"), &json!("/login_name"), &json!("login_name is given more than once."))
    );
    assert_eq!(changes(&app), before);
}

#[test]
fn a_plus_in_a_query_is_understood_where_only_a_plus_makes_sense() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let holders = |at: &str| {
        root.get(&format!("{CCC}/numbers/083xxxx0011/holders?at={at}")).json()["holders"].clone()
    };
    assert_eq!(holders("2026-03-25T10:00:00+08:00"), holders("2026-03-25T02:00:00Z"));
    let vcc = "/api/v1/instances/vcc-test/numbers";
    let total = |q: &str| root.get(&format!("{vcc}?q={q}")).json()["total"].clone();
    assert!(total("+120255").as_u64().unwrap() > 0);
    assert_eq!(total("+120255"), total("%2B120255"));
}

#[test]
fn an_edit_that_changes_nothing_leaves_the_version_and_the_etag_alone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let paths = [
        (format!("{CCC}/numbers/{FREE}"), "provider"),
        (format!("{CCC}/users/lina@ccc-test"), "display_name"),
        (format!("{CCC}/skill-groups/sales@ccc-test"), "display_name"),
        (CCC.to_owned(), "name"),
    ];
    let before = changes(&app);
    for (path, field) in paths {
        let read = root.get(&path);
        let tag = read.header("etag").unwrap().to_owned();
        for body in [json!({}), json!({ field: read.json()[field] })] {
            let edited = root.send("PATCH", &path, &[("if-match", &tag)], Some(&body));
            assert_eq!(edited.status, 200, "{path} {body}: {}", edited.body);
            assert_eq!(edited.header("etag"), Some(tag.as_str()), "{path} {body}");
            assert_eq!(edited.json()["version"], read.json()["version"], "{path} {body}");
        }
    }
    assert_eq!(changes(&app), before);
}

#[test]
fn every_answer_names_its_request_and_the_change_log_has_the_same_id() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let given = root.put(&format!("{CCC}/users/lina@ccc-test/numbers/{FREE}"));
    let id = given.header("x-request-id").unwrap().to_owned();
    let found = root.get(&format!("{CCC}/changes?request_id={id}")).json();
    assert_eq!(found["items"][0]["number"], FREE, "{found}");
    assert!(root.get(&format!("{CCC}/nothing")).header("x-request-id").is_some());
}

#[test]
fn a_method_that_an_address_does_not_have_is_refused_with_those_that_it_has() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for route in ROUTES.iter() {
        let reply = root.send(
            "PROPFIND",
            &format!("{ROOT}{}", route.pattern.replace(['{', '}'], "")),
            &[],
            None,
        );
        assert_eq!((reply.status, problem(&reply).as_str()), (405, "method-not-allowed"));
        let allowed = reply.header("allow").unwrap_or_default();
        assert!(allowed.split(", ").any(|method| method == route.method), "{reply:?}");
    }
    assert_eq!(root.put(&format!("{CCC}/numbers")).header("allow"), Some("GET, POST"));
}

/// However much is wrong with a request, the answer can be read.
#[test]
fn a_refusal_says_each_thing_once_and_has_an_end() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let errors = |path: String| {
        let reply = root.get(&path);
        assert!(reply.status == 400 && reply.body.len() < 100_000, "{} bytes", reply.body.len());
        reply.json()
    };
    let same = format!("{CCC}/numbers?{}", vec!["number=12345"; 4000].join("&"));
    let problem = errors(same);
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert!(problem["detail"].as_str().unwrap().starts_with("\"number\" is not a known field"));
    let names: Vec<String> = (0..4000).map(|at| format!("n{at}=1")).collect();
    let problem = errors(format!("{CCC}/numbers?{}", names.join("&")));
    assert_eq!(problem["errors"].as_array().unwrap().len(), 100);
    let sentence = "4000 values can't be used; `errors` lists the first of them.";
    assert_eq!(problem["detail"], sentence);
    for long in ["x".repeat(50_000), format!("{}%ff", "x".repeat(50_000))] {
        let problem = errors(format!("{CCC}/numbers?{long}=1"));
        let error = &problem["errors"][0];
        assert!(error["pointer"].as_str().unwrap().chars().count() <= 201, "{error}");
        assert!(problem["detail"].as_str().unwrap().len() < 2100);
    }
}
