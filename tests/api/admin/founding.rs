//! What a call centre begins with: instances, users and numbers are made, renamed and given up.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::{Value, json};

const INSTANCES: &str = "/api/v1/instances";

/// The pointers of everything that is wrong.
fn pointers(reply: &crate::support::Reply) -> Vec<String> {
    reply.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_instance_is_made_with_its_administrators_and_once_given_up_its_id_is_never_given_again() {
    let app = App::spawn();
    let (root, lina) = (Caller::root(&app), Caller::of(&app, "lina"));
    let new =
        json!({ "instance_id": "new-test", "name": "新的", "admins": ["lina"], "reason": "opens" });
    let made = root.post(INSTANCES, new.clone());
    assert_eq!(
        (made.status, made.header("location")),
        (201, Some("/api/v1/instances/new-test")),
        "{made:?}"
    );
    assert_eq!(made.json()["personal_numbers"], "exclusive");
    let seen = lina.get("/api/v1/instances/new-test/users").json();
    assert_eq!((&seen["total"], &seen["items"][0]["role"]), (&json!(1), &json!("Admin")), "{seen}");
    assert_eq!(
        lina.get("/api/v1/instances/new-test/skill-groups").json()["items"][0]["skill_group_id"],
        "default@new-test"
    );
    assert_eq!(problem(&root.post(INSTANCES, new.clone())), "instance-exists");

    assert_eq!(problem(&lina.delete("/api/v1/instances/new-test")), "role-not-allowed");
    assert_eq!(
        root.delete("/api/v1/instances/new-test").json()["detail"],
        "new-test: it still has 1 user and 0 numbers (0 personal, 0 bound); pass force=true to give it up all the same."
    );
    assert_eq!(root.delete("/api/v1/instances/new-test?force=true").status, 200);
    assert_eq!(problem(&lina.get("/api/v1/instances/new-test")), "instance-not-found");
    assert_eq!(problem(&root.delete("/api/v1/instances/new-test")), "instance-not-found");
    let again = root.post(INSTANCES, new);
    assert_eq!(problem(&again), "instance-exists");
    let detail = again.json()["detail"].as_str().unwrap().to_owned();
    let said = "Instance new-test was given up, and its id stays taken; undoing request ";
    let request = detail.strip_prefix(said).unwrap_or_else(|| panic!("{detail}"));
    let request = request.strip_suffix(" brings it back.").unwrap();
    let undone = root.post(&format!("/api/v1/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(root.get("/api/v1/instances/new-test").status, 200);
}

#[test]
fn of_an_instance_that_was_given_up_by_hand_no_request_is_named() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let new = json!({ "instance_id": "new-test", "name": "New" });
    assert_eq!(root.post(INSTANCES, new.clone()).status, 201);
    let edit = "UPDATE instance SET status = 'RELEASED' WHERE instance_id = 'new-test'";
    app.database.query(edit);
    let again = root.post(INSTANCES, new);
    assert_eq!(problem(&again), "instance-exists");
    assert!(!again.body.contains("undoing request"), "{}", again.body);
}

#[test]
fn a_number_of_an_instance_that_was_made_shared_may_have_several_holders() {
    let app = App::spawn();
    let root = Caller::root(&app);
    assert_eq!(
        problem(&root.post(
            INSTANCES,
            json!({ "instance_id": "vcc-two", "name": "Two", "personal_numbers": "many" })
        )),
        "fields-invalid"
    );
    let statuses = [("exclusive", "0834"), ("shared", "0835")].map(|(personal_numbers, number)| {
        let id = format!("vcc-{personal_numbers}");
        let made = root.post(INSTANCES, json!({ "instance_id": id, "name": id, "personal_numbers": personal_numbers, "admins": ["lina", "liuyang"] }));
        assert_eq!((made.status, &made.json()["personal_numbers"]), (201, &json!(personal_numbers)));
        assert_eq!(root.post(&format!("{INSTANCES}/{id}/numbers"), json!({ "number": number })).status, 201);
        ["lina", "liuyang"].map(|login| root.put(&format!("{INSTANCES}/{id}/users/{login}@{id}/numbers/{number}")).status)
    });
    assert_eq!(statuses, [[200, 409], [200, 200]]);
}

#[test]
fn an_instance_that_can_not_be_made_leaves_nothing_behind() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT count(*) FROM change");
    let wrong = root.post(
        INSTANCES,
        json!({ "instance_id": "a b", "name": "", "admins": ["li na"], "status": "RUNNING" }),
    );
    assert_eq!(
        (wrong.status, pointers(&wrong)),
        (422, ["/instance_id", "/name", "/admins/0", "/status"].map(str::to_owned).to_vec())
    );
    assert_eq!(
        wrong.json()["errors"][0]["detail"],
        "instance_id must be 4 to 48 ASCII letters, digits, - and _, not \"a b\"."
    );
    let nobody = root.post(
        INSTANCES,
        json!({ "instance_id": "new-test", "name": "New", "admins": ["lina", "nobody"] }),
    );
    assert_eq!(problem(&nobody), "login-not-found");
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);
}

#[test]
fn an_instance_is_renamed_and_every_face_sees_it() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let read = root.get(CCC);
    let tag = read.header("etag").unwrap();
    let rename = |tag: &str, name: &str| {
        root.send("PATCH", CCC, &[("if-match", tag)], Some(&json!({ "name": name })))
    };
    let renamed = rename(tag, "改名");
    assert_eq!(
        (renamed.status, &renamed.json()["name"], &renamed.json()["description"]),
        (200, &json!("改名"), &read.json()["description"])
    );
    assert_eq!(problem(&rename(tag, "又改")), "version-is-stale");
    assert!(app.call("GetInstance", &[("InstanceId", "ccc-test")]).body.contains("改名"));
    assert_eq!(
        root.get(&format!("{CCC}/changes?entity=instance&limit=1")).json()["items"][0]["new"]["name"],
        "改名"
    );
}

#[test]
fn a_user_is_made_with_a_login_that_nobody_has() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let users = format!("{CCC}/users");
    let new = json!({ "login_name": "sunli", "display_name": "孙丽", "role": "Manager", "email": "sunli@example.com", "nickname": "丽丽" });
    let made = root.post(&users, new.clone());
    assert_eq!(
        (made.status, made.header("location")),
        (201, Some("/api/v1/instances/ccc-test/users/sunli@ccc-test")),
        "{made:?}"
    );
    assert_eq!(root.get(made.header("location").unwrap()).json(), made.json());
    let user = made.json();
    assert_eq!(
        (&user["role"], &user["nickname"], &user["work_mode"]),
        (&json!("Manager"), &json!("丽丽"), &json!("ON_SITE"))
    );
    assert!(
        app.call("GetUser", &[("InstanceId", "ccc-test"), ("UserId", "sunli@ccc-test")])
            .body
            .contains("孙丽")
    );
    assert_eq!(
        Caller::of(&app, "sunli").get(&users).status,
        200,
        "a login made so can get a token"
    );

    let again = root.post(&users, new);
    assert_eq!(
        (problem(&again).as_str(), &again.json()["detail"]),
        ("user-exists", &json!("User sunli@ccc-test exists already in instance ccc-test."))
    );
    let elsewhere = root.post(
        "/api/v1/instances/vcc-test/users",
        json!({ "login_name": "sunli", "display_name": "孙丽" }),
    );
    assert_eq!(problem(&elsewhere), "login-exists");
    let wrong = root.post(
        &users,
        json!({ "login_name": "sun@li", "role": "Root", "email": "sunli", "work_mode": "HOME" }),
    );
    assert_eq!(pointers(&wrong), ["/login_name", "/display_name", "/role", "/email", "/work_mode"]);
}

#[test]
fn people_of_the_account_become_users_all_of_them_or_none() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let import = |names: Value| {
        root.post(
            "/api/v1/instances/vcc-test/users:import",
            json!({ "login_names": names, "role": "Manager" }),
        )
    };
    let users = || app.database.query("SELECT count(*) FROM user WHERE instance_id = 'vcc-test'");
    let before = users();
    assert_eq!(problem(&import(json!(["lina", "nobody"]))), "login-not-found");
    assert_eq!(users(), before);
    let made = import(json!(["wangfang", "lina"]));
    let ids: Vec<Value> = made.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["user_id"].clone())
        .collect();
    assert_eq!(
        (made.status, ids),
        (200, vec![json!("wangfang@vcc-test"), json!("lina@vcc-test")]),
        "{made:?}"
    );
    assert_eq!(made.json()["items"][1]["role"], "Manager");
    assert_eq!(problem(&import(json!(["lina"]))), "user-exists");
    assert_eq!(import(json!([])).status, 422);
}

#[test]
fn a_user_who_holds_something_is_removed_by_force_only_and_their_login_and_history_stay() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let lina = format!("{CCC}/users/lina@ccc-test");
    let held = root.get(&format!("{lina}/numbers")).json()["items"][0]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = root.delete(&lina);
    assert_eq!(problem(&refused), "still-referred-to");
    assert!(
        refused.json()["detail"].as_str().unwrap().contains("still holds 2 numbers"),
        "{refused:?}"
    );
    assert_eq!(
        problem(&root.send("DELETE", &lina, &[("if-match", "\"another\"")], None)),
        "version-is-stale"
    );
    assert_eq!(problem(&root.delete(&format!("{lina}?force=perhaps"))), "malformed-request");
    assert_eq!(root.get(&lina).status, 200);

    assert_eq!(root.delete(&format!("{lina}?force=true")).status, 200);
    assert_eq!(problem(&root.delete(&lina)), "user-not-found");
    assert_eq!(root.get(&format!("{CCC}/numbers/{held}")).json()["state"], "free");
    assert!(root.get(&format!("{lina}/history")).json()["total"].as_u64().unwrap() > 0);
    let back = root.post(&format!("{CCC}/users:import"), json!({ "login_names": ["lina"] }));
    assert_eq!(back.status, 200, "{back:?}");
}

#[test]
fn a_number_is_added_out_of_the_pool_or_as_a_new_one_and_only_once() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let add = |number: &str| {
        root.post(
            &format!("{CCC}/numbers"),
            json!({ "number": number, "usage": "Inbound", "tags": ["new"] }),
        )
    };
    let pool = || root.get("/api/v1/unassigned-numbers?per_page=1").json();
    let (first, total) = (pool()["items"][0].clone(), pool()["total"].as_u64().unwrap());
    let number = first["number"].as_str().unwrap();
    let added = add(number);
    assert_eq!(
        (added.status, &added.json()["city"], &added.json()["usage"]),
        (201, &first["city"], &json!("Inbound")),
        "{added:?}"
    );
    assert_eq!(
        (pool()["total"].as_u64(), pool()["items"][0]["number"] == first["number"]),
        (Some(total - 1), false)
    );
    assert_eq!(root.get(&format!("/api/v1/unassigned-numbers?q={number}")).json()["total"], 0);
    assert_eq!(problem(&add(number)), "number-exists");
    assert_eq!(problem(&add("+12025550102")), "number-exists", "another instance has it");

    let new = add("*99#");
    assert_eq!(
        (new.status, new.header("location")),
        (201, Some("/api/v1/instances/ccc-test/numbers/*99%23")),
        "{new:?}"
    );
    let there = root.get(new.header("location").unwrap()).json();
    assert_eq!((&there["number"], &there["tags"]), (&json!("*99#"), &json!(["new"])));
    let service = root
        .post(&format!("{CCC}/numbers"), json!({ "number": "4001234567", "usage": "Outbound" }));
    assert_eq!(problem(&service), "service-number-is-inbound");
    let flow = root
        .post(&format!("{CCC}/numbers"), json!({ "number": "0834", "contact_flow_id": "none" }));
    assert_eq!(problem(&flow), "contact-flow-not-found");
    let flow = "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek";
    let outbound = root.post(
        &format!("{CCC}/numbers"),
        json!({ "number": "0834", "usage": "Outbound", "contact_flow_id": flow }),
    );
    assert_eq!(problem(&outbound), "contact-flow-needs-inbound");
}
