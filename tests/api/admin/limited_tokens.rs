//! API tokens that are for reading only, or for one instance.

use super::{CCC, Caller, problem};
use crate::support::App;
use numberd::admin::{ROOT, ROUTES};
use numberd::domain::InstanceId;
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::NewToken;
use serde_json::json;

/// A token of the root.
fn token<'a>(app: &'a App, text: &'static str, new: NewToken) -> Caller<'a> {
    let issued = Issued { id: text.to_owned(), secret: text.to_owned() };
    app.database.write(move |tx| credentials::add_token(tx, "user-test", &issued, &new));
    Caller { app, token: text.to_owned() }
}

#[test]
fn a_token_for_reading_only_is_refused_by_every_route_that_writes_dry_runs_included() {
    let app = App::spawn();
    let reader = token(&app, "reader", NewToken { read_only: true, ..NewToken::default() });
    let changes = app.database.query("SELECT count(*) FROM change");
    for route in ROUTES.iter() {
        let path = route.pattern.replace("{instance}", "ccc-test");
        let path = format!("{ROOT}{}", path.replace(['{', '}'], ""));
        for body in [json!({}), json!({ "dry_run": true })] {
            let body = Some(&body).filter(|_| !["GET", "DELETE"].contains(&route.method));
            let reply = reader.send(route.method, &path, &[], body);
            if route.method == "GET" {
                assert_ne!(reply.status, 403, "{} {path}", route.method);
            } else {
                let refused = (reply.status, problem(&reply));
                assert_eq!(
                    refused,
                    (403, "role-not-allowed".to_owned()),
                    "{} {path}",
                    route.method
                );
                assert!(reply.body.contains("for reading only"), "{}", reply.body);
            }
        }
    }
    assert_eq!(app.database.query("SELECT count(*) FROM change"), changes);
    assert_eq!(reader.get("/metrics").status, 200);
}

#[test]
fn for_a_token_of_one_instance_there_is_no_other() {
    let app = App::spawn();
    let only = Some(InstanceId::from("ccc-test"));
    let one = token(&app, "one", NewToken { instance_id: only, ..NewToken::default() });
    let listed = one.get("/api/v1/instances").json();
    assert_eq!(listed["total"], 1, "{listed}");
    assert!(!listed.to_string().contains("vcc-test"), "{listed}");
    assert_eq!(one.get(&format!("{CCC}/numbers")).status, 200);
    for route in ROUTES.iter().filter(|route| route.pattern.contains("{instance}")) {
        let call = |instance: &str| {
            let path = route.pattern.replace("{instance}", instance);
            let path = format!("{ROOT}{}", path.replace(['{', '}'], ""));
            let body = json!({});
            let body = Some(&body).filter(|_| !["GET", "DELETE"].contains(&route.method));
            let reply = one.send(route.method, &path, &[("if-match", "*")], body);
            (reply.status, problem(&reply))
        };
        let (other, missing) = (call("vcc-test"), call("no-such-one"));
        assert_eq!(other, missing, "{} {}", route.method, route.pattern);
        assert!(other.0 >= 400, "{other:?} {}", route.pattern);
    }
    let backup = one.post("/api/v1/backups", json!({}));
    assert_eq!((backup.status, problem(&backup).as_str()), (403, "role-not-allowed"));
    assert_eq!(one.get("/metrics").status, 401);
}

/// The root may set any password, and so open every instance.
#[test]
fn a_token_of_the_root_for_one_instance_reaches_as_far_as_an_admin() {
    let app = App::spawn();
    let only = Some(InstanceId::from("ccc-test"));
    token(&app, "one", NewToken { instance_id: only, ..NewToken::default() });
    let here = ("InstanceId", "ccc-test");
    let reset = |token: &str, user: &str| {
        let set = [here, ("UserId", user), ("Password", "taken-over-1")];
        app.call_as(token, "ResetUserPassword", &set).status
    };
    let elsewhere = app.database.query(
        "SELECT user_id FROM user AS u WHERE instance_id = 'ccc-test' AND EXISTS
            (SELECT 1 FROM user AS v WHERE v.ram_id = u.ram_id AND v.instance_id <> 'ccc-test')
          AND ram_id <> (SELECT ram_id FROM ram_user WHERE is_root) LIMIT 1",
    );
    for user in ["user-test@ccc-test", &elsewhere] {
        assert_eq!((reset("one", user), reset("demo-token", user)), (403, 200), "{user}");
    }
    assert_eq!(reset("one", "wangfang@ccc-test"), 200);

    // Of whoever is only elsewhere, or nowhere, nothing is seen but the name.
    app.database.shell("UPDATE ram_user SET email = login_name || '@mail.example';");
    let listed = |token: &str| {
        let all = [here, ("PageNumber", "1"), ("PageSize", "100")];
        app.call_as(token, "ListRamUsers", &all).body
    };
    assert!(listed("demo-token").contains("marysmith@mail.example"));
    let seen = listed("one");
    assert!(seen.contains("wangfang@mail.example") && seen.contains("\"marysmith\""), "{seen}");
    assert!(!seen.contains("marysmith@mail.example"), "{seen}");
}
