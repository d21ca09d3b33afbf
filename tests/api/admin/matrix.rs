//! Every route in the matrix of roles, and of own and foreign instances.

use super::{Caller, problem};
use crate::support::{App, Reply, figure};
use numberd::admin::{ROOT, ROUTES, Route};
use numberd::domain::{Allowed, Role};
use serde_json::{Value, json};

const AGENT: &str = "annakowalska";

/// The address of a route for this instance, and this user in it.
fn address(route: &Route, instance: &str, user: &str) -> String {
    let path = route
        .pattern
        .replace("{instance}", instance)
        .replace("{user}", user)
        .replace("{change}", "1")
        .replace("{login}", "nobody")
        .replace("{import}", "none")
        .replace("{request}", "none");
    let path = path
        .replace("{number}", "+12025550102")
        .replace("{skill_group}", "support@vcc-test")
        .replace("{contact_flow}", "none");
    format!("{ROOT}{path}")
}

/// A body that fits, so that nothing but the gate stands in the way.
fn body(route: &Route) -> Option<Value> {
    match (route.method, route.operation.as_str()) {
        ("GET" | "DELETE", _) => None,
        (_, "batch.run") => Some(
            json!({ "dry_run": true, "items": [{ "action": "unbind", "number": "+12025550102" }] }),
        ),
        (_, "batch.add_range") => Some(json!({ "dry_run": true, "start": "0830", "count": 2 })),
        (_, "selection.run") => Some(json!({
            "dry_run": true, "action": "unbind", "query": { "q": "+12025550102" }
        })),
        (_, "batch.swap") => {
            Some(json!({ "dry_run": true, "one": "+12025550102", "other": "+12025550103" }))
        }
        (_, "batch.hand_over") => Some(json!({ "dry_run": true, "to": "jamesgreen@vcc-test" })),
        (_, "batch.transfer") => Some(json!({ "user_id": "jamesgreen@vcc-test" })),
        (_, "reservations.put") => Some(json!({ "until": "2099-01-01T00:00:00Z" })),
        (_, "capacity.mark") => Some(json!({ "least": 5 })),
        (_, "instances.create") => Some(json!({ "instance_id": "new-test", "name": "New" })),
        (_, "phone_numbers.add") => Some(json!({ "number": "0830" })),
        (_, "users.create") => Some(json!({ "login_name": "new", "display_name": "New" })),
        (_, "users.import") => Some(json!({ "login_names": ["lina"] })),
        (_, "skill_groups.create") => Some(json!({ "name": "new", "display_name": "New" })),
        (_, "contact_flows.create") => Some(json!({ "name": "New" })),
        (_, "imports.apply") => Some(json!({ "plan": "0".repeat(64) })),
        (_, "changes.undo") => Some(json!({ "dry_run": true })),
        _ => Some(json!({})),
    }
}

fn call(caller: &Caller<'_>, route: &Route, instance: &str, user: &str) -> Reply {
    let headers: &[(&str, &str)] = match (route.method, route.operation.as_str()) {
        ("GET", _) => &[],
        // Who may give the instance up must not do it before the other routes were tried.
        (_, "instances.delete") => &[("if-match", "\"another\"")],
        _ => &[("if-match", "*")],
    };
    let address = address(route, instance, user);
    if route.operation == "imports.create" {
        return caller.upload_to(
            &format!("{address}?dry_run=true"),
            &[],
            "text/csv",
            b"number\n1\n",
        );
    }
    caller.send(route.method, &address, headers, body(route).as_ref())
}

#[test]
fn every_route_does_for_every_role_what_the_table_of_acts_says() {
    let app = App::spawn();
    let callers = [
        (Role::Agent, Caller::of(&app, AGENT)),
        (Role::Manager, Caller::of(&app, "marysmith")),
        (Role::Admin, Caller::of(&app, "ewawisniewska")),
        (Role::Root, Caller::root(&app)),
    ];
    let mut wrong = Vec::new();
    let (mut refused, mut let_in) = (0, 0);
    for route in ROUTES.iter() {
        for (role, caller) in &callers {
            // What belongs to the account is to anybody their own part of it, and to its root all.
            let in_account = !route.pattern.contains("{instance}");
            let asked = if in_account && *role != Role::Root { Role::Agent } else { *role };
            for user in ["annakowalska@vcc-test", "tomaszlis@vcc-test"] {
                let allowed = match route.act.allowed(asked) {
                    Allowed::No => false,
                    Allowed::Own => {
                        in_account || (route.pattern.contains("{user}") && user.starts_with(AGENT))
                    }
                    Allowed::Yes => true,
                };
                let reply = call(caller, route, "vcc-test", user);
                let fits = if allowed {
                    matches!(reply.status, 200 | 201 | 404 | 409 | 412)
                } else {
                    reply.status == 403
                };
                *(if allowed { &mut let_in } else { &mut refused }) += 1;
                if !fits {
                    wrong.push(format!(
                        "{} {} as {}, user {user}: {} {}",
                        route.method,
                        route.pattern,
                        role.name(),
                        reply.status,
                        reply.body
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(let_in > 100, "{let_in}");
    figure(
        "escalation, roles and routes of the admin API",
        0,
        refused,
        "each refused with 403",
        &format!("{let_in} calls that the table allows are let in"),
    );
}

#[test]
fn an_instance_that_is_not_the_callers_looks_like_one_that_does_not_exist() {
    let app = App::spawn();
    let foreigners = [Caller::of(&app, "lina"), Caller::of(&app, "xufei")];
    let changes = || app.database.query("SELECT count(*) FROM change");
    let before = changes();
    let mut cells = 0;
    for route in ROUTES.iter().filter(|route| route.pattern.contains("{instance}")) {
        for caller in &foreigners {
            let [foreign, missing] = ["vcc-test", "not-test"].map(|instance| {
                let reply = call(caller, route, instance, "annakowalska@vcc-test");
                assert_eq!(
                    problem(&reply),
                    "instance-not-found",
                    "{} {}: {}",
                    route.method,
                    route.pattern,
                    reply.body
                );
                let mut body = reply.json();
                body["instance"] = Value::Null;
                (reply.status, body.to_string().replace(instance, "…"))
            });
            cells += 1;
            assert_eq!(foreign, missing, "{} {}", route.method, route.pattern);
        }
    }
    assert_eq!(changes(), before);
    let own = Caller::of(&app, "ewawisniewska").get(&format!("{ROOT}/instances/vcc-test"));
    assert_eq!(own.status, 200, "{}", own.body);
    figure(
        "other instances, routes of the admin API",
        0,
        cells,
        "each answered as if there were none, and nothing changed",
        "its own administrator is let in",
    );
}

#[test]
fn nothing_is_reached_without_a_token_and_a_stranger_does_not_learn_which_addresses_there_are() {
    let app = App::spawn();
    let paths: Vec<(&str, String)> = ROUTES
        .iter()
        .map(|route| (route.method, address(route, "vcc-test", "annakowalska@vcc-test")))
        .collect();
    for (method, path) in paths.into_iter().chain([
        ("GET", format!("{ROOT}/nothing")),
        ("TRACE", format!("{ROOT}/instances")),
        ("GET", ROOT.to_owned()),
    ]) {
        for authorization in
            ["", "Bearer", "Bearer wrong", "Basic ZGVtbzpkZW1v", "demo-token", "Bearer demo-token-"]
        {
            let reply = app.send(method, &path, &[("authorization", authorization)], None);
            if reply.status == 429 {
                // After many wrong tokens a further one is told to wait.
                assert_eq!(problem(&reply), "too-many-attempts", "{method} {path}");
                assert!(authorization.starts_with("Bearer "), "{authorization:?}");
                continue;
            }
            assert_eq!(
                (reply.status, problem(&reply).as_str()),
                (401, "authentication-required"),
                "{method} {path} {authorization:?}"
            );
            assert_eq!(reply.header("www-authenticate"), Some("Bearer realm=\"numberd\""));
        }
    }
}

#[test]
fn a_token_that_was_revoked_opens_nothing() {
    let app = App::spawn();
    let caller = Caller::of(&app, "lina");
    assert_eq!(caller.get("/api/v1/instances").status, 200);
    app.database.write(|tx| numberd::ops::credentials::revoke_token(tx, "lina"));
    assert_eq!(caller.get("/api/v1/instances").status, 401);
}

#[test]
fn an_agent_sees_their_own_numbers_and_no_others() {
    let app = App::spawn();
    let agent = Caller::of(&app, AGENT);
    let own = agent.get("/api/v1/instances/vcc-test/users/annakowalska@vcc-test/numbers").json();
    assert!(own["total"].as_u64().unwrap() > 0, "{own}");
    for path in [
        "/users/tomaszlis@vcc-test/numbers",
        "/numbers",
        "/users",
        "/changes",
        "/assignments",
        "/bindings",
    ] {
        assert_eq!(agent.get(&format!("/api/v1/instances/vcc-test{path}")).status, 403, "{path}");
    }
}
