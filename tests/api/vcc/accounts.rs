//! A client acts in its one instance: what belongs to another one does not exist for it.

use super::{ANNA, LONDON_SPARE, SUPPORT, Vcc, message, state};
use crate::support::{App, figure};
use numberd::vcc::ENDPOINTS;
use serde_json::json;

/// A user and a skill group of ccc-test.
const FOREIGN_USER: &str = "e0000000-0000-4000-a000-000000001004";
const FOREIGN_GROUP: &str = "f0000000-0000-4000-a000-000000000001";

#[test]
fn a_foreign_id_in_any_path_is_answered_as_one_that_does_not_exist() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let own = Vcc::with(&app, "demo-client-ccc", "users:read users:write");
    let untouched = state(&app);
    let (mut cells, mut seen) = (0, 0);
    for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.path().contains('{')) {
        let (foreign, unknown) = if endpoint.path().starts_with("/users") {
            (FOREIGN_USER, "e0000000-0000-4000-a000-00000000dead")
        } else {
            (FOREIGN_GROUP, "f0000000-0000-4000-a000-00000000dead")
        };
        let path = |id: &str| {
            endpoint
                .path()
                .split('/')
                .map(|part| if part.starts_with('{') { id } else { part })
                .collect::<Vec<_>>()
                .join("/")
        };
        let body =
            json!({ "callbackNumbers": [], "agentSkills": [], "agentGroups": [], "users": [] })
                .to_string();
        let body = (!matches!(endpoint.method(), "GET" | "DELETE")).then_some(body.as_bytes());
        let reply = vcc.send(endpoint.method(), &path(foreign), body);
        let as_unknown = vcc.send(endpoint.method(), &path(unknown), body);
        assert_eq!(
            message(&reply, 404),
            message(&as_unknown, 404).replace(unknown, foreign),
            "{}",
            endpoint.name
        );
        if endpoint.method() == "GET" {
            assert_eq!(own.get(&path(foreign)).status, 200, "the id exists: {}", endpoint.name);
            seen += 1;
        }
        cells += 1;
    }
    assert_eq!(state(&app), untouched);
    figure(
        "other instances, endpoints of the VCC face",
        0,
        cells,
        "each answered as if there were none, and nothing changed",
        &format!("the client of that instance sees {seen} of {seen}"),
    );
}

#[test]
fn a_foreign_id_in_any_body_is_answered_as_one_that_does_not_exist() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let number = app.database.query("SELECT callback_number_id FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' LIMIT 1");
    let untouched = state(&app);
    for (path, body, id) in [
        (
            format!("/users/{ANNA}/callbackNumbers"),
            json!({ "callbackNumbers": [{ "callbackNumberId": LONDON_SPARE }, { "callbackNumberId": number }] }),
            number.as_str(),
        ),
        (
            format!("/users/{ANNA}/skills"),
            json!({ "agentSkills": [{ "skillId": FOREIGN_GROUP, "agentSkillLevel": 1 }] }),
            FOREIGN_GROUP,
        ),
        (
            format!("/users/{ANNA}/groups"),
            json!({ "agentGroups": [{ "groupId": FOREIGN_GROUP }] }),
            FOREIGN_GROUP,
        ),
        (
            format!("/skills/{SUPPORT}/users"),
            json!({ "users": [{ "userId": FOREIGN_USER, "agentSkillLevel": 1 }] }),
            FOREIGN_USER,
        ),
    ] {
        let reply = vcc.put(&path, &body);
        let told = message(&reply, 400);
        assert!(told.starts_with("There is no ") && told.contains(id), "{told}");
    }
    assert_eq!(state(&app), untouched);
}

#[test]
fn lists_show_only_the_clients_own_instance() {
    let app = App::spawn();
    let (vcc, ccc) = (Vcc::of(&app), Vcc::with(&app, "demo-client-ccc", "users:read"));
    for (path, list, member) in [
        ("/users?include=All&limit=5000", "users", "userId"),
        ("/skills?limit=5000", "skills", "skillId"),
        ("/callbackNumbers?limit=5000", "callbackNumbers", "callbackNumberId"),
    ] {
        let (here, there) = (
            super::column(&vcc.read(path)[list], member),
            super::column(&ccc.read(path)[list], member),
        );
        assert!(
            !here.is_empty() && !there.is_empty() && here.iter().all(|id| !there.contains(id)),
            "{path}"
        );
    }
}

#[test]
fn the_client_of_a_released_instance_gets_no_token_and_has_none() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    app.database.query(
        "UPDATE instance SET status = 'RELEASED' WHERE instance_id = 'vcc-test' RETURNING 1",
    );
    message(&vcc.get("/users"), 401);
    let reply = super::ask_token(
        app.address,
        "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret",
    );
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_client")));
}
