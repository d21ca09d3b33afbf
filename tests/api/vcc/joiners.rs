//! Users who join, change and leave, and the skills and groups that they come to.

use super::{ANNA, JAMES, PIOTR_ARCHIVED, SUPPORT, TEST1, Vcc, message, state};
use crate::support::{App, Reply};
use serde_json::{Value, json};

fn post(vcc: &Vcc, path: &str, body: &Value) -> Reply {
    vcc.send("POST", path, Some(body.to_string().as_bytes()))
}

fn patch(vcc: &Vcc, path: &str, body: &Value) -> Reply {
    vcc.send("PATCH", path, Some(body.to_string().as_bytes()))
}

fn joiner() -> Value {
    json!({
        "username": "grace.hopper",
        "name": "Grace Hopper",
        "email": "grace@example.com",
        "userAccountConfiguration": { "role": "Agent" },
    })
}

#[test]
fn a_joiner_is_one_user_of_one_history_whichever_face_looks() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let made = post(&vcc, "/users?allowOverages=true", &joiner());
    assert_eq!(made.status, 200, "{}", made.body);
    let id = made.json()["userId"].as_str().unwrap().to_owned();
    assert_eq!(made.json(), vcc.read(&format!("/users/{id}")));
    assert_eq!(made.json()["userAccountConfiguration"]["role"], "Agent");
    let ccc =
        app.call("GetUser", &[("InstanceId", "vcc-test"), ("UserId", "grace.hopper@vcc-test")]);
    assert_eq!(ccc.json()["Data"]["DisplayName"], "Grace Hopper", "{}", ccc.body);
    let rest = app.get(
        "/api/v1/instances/vcc-test/users/grace.hopper@vcc-test",
        &[("authorization", "Bearer demo-token")],
    );
    assert_eq!(rest.json()["email"], "grace@example.com", "{}", rest.body);
    let history = app.database.query(
        "SELECT DISTINCT actor || ' ' || via FROM change WHERE user_id = 'grace.hopper@vcc-test'",
    );
    assert_eq!(history, "demo-client vcc");
    let again = post(&vcc, "/users", &joiner());
    assert!(message(&again, 409).contains("grace.hopper"), "{}", again.body);
}

#[test]
fn a_user_of_any_face_has_one_id_and_one_history_on_every_face() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let parameters = [("InstanceId", "vcc-test"), ("LoginName", "adal"), ("DisplayName", "Ada L.")];
    let more = [("RoleId", "Agent@vcc-test"), ("WorkMode", "ON_SITE"), ("Email", "a@x.example")];
    let made = app.call("CreateUser", &[&parameters[..], &more].concat());
    assert_eq!(made.status, 200, "{}", made.body);
    let token = [("authorization", "Bearer demo-token")];
    let body = json!({ "login_name": "beab", "display_name": "Bea B.", "role": "Agent", "email": "b@x.example" });
    let users = "/api/v1/instances/vcc-test/users";
    let made = app.send("POST", users, &token, Some(&body));
    assert_eq!(made.status, 201, "{}", made.body);

    for (login, name, face) in [("adal", "Ada L.", "ccc"), ("beab", "Bea B.", "admin")] {
        let user = format!("{login}@vcc-test");
        let found = vcc.read("/users?include=All");
        let found = found["users"].as_array().unwrap().iter().find(|row| row["username"] == login);
        let id = found.unwrap()["userId"].as_str().unwrap();
        assert_eq!(vcc.read(&format!("/users/{id}"))["name"], name);
        assert_eq!(app.get(&format!("{users}/{user}"), &token).json()["display_name"], name);
        let got = app.call("GetUser", &[("InstanceId", "vcc-test"), ("UserId", &user)]);
        assert_eq!(got.json()["Data"]["DisplayName"], name, "{}", got.body);

        let renamed = patch(&vcc, &format!("/users/{id}"), &json!({ "name": "Renamed" }));
        assert_eq!(renamed.status, 200, "{}", renamed.body);
        assert_eq!(app.get(&format!("{users}/{user}"), &token).json()["display_name"], "Renamed");
        let history =
            app.get(&format!("/api/v1/instances/vcc-test/changes?user_id={user}"), &token);
        let vias: Vec<_> =
            history.json()["items"].as_array().unwrap().iter().map(|c| c["via"].clone()).collect();
        assert_eq!((&vias[0], vias.last().unwrap()), (&json!("vcc"), &json!(face)), "{vias:?}");
    }
}

#[test]
fn a_joiner_may_bring_what_is_known_of_an_agent_here() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let mut body = joiner();
    body["active"] = json!(true);
    body["ssoExternalId"] = json!("sso");
    body["userAccountConfiguration"] = json!({
        "role": "Supervisor",
        "actAsAgent": true,
        "agentConfiguration": {
            "agentDisplayId": "1234",
            "webrtc": true,
            "telephonyAddress": {
                "telephoneAddress": "800200",
                "preventAutoCallbackNumber": true,
                "selectedCallbackNumberId": "",
            },
            "capacity": { "live": 50 },
        },
    });
    let made = post(&vcc, "/users", &body);
    assert_eq!(made.status, 200, "{}", made.body);
    let configuration = &made.json()["userAccountConfiguration"];
    assert_eq!(configuration["role"], "Supervisor");
    let agent = &configuration["agentConfiguration"];
    assert_eq!(agent["agentDisplayId"], "1234");
    assert_eq!(agent["telephonyAddress"]["telephoneAddress"], "800200");
    assert_eq!(agent["telephonyAddress"]["preventAutoCallbackNumber"], true);
}

#[test]
fn an_agents_id_may_be_sent_twice_in_any_normal_form() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let unset = format!("UPDATE user SET display_id = '' WHERE user_guid = '{ANNA}' RETURNING 1");
    assert_eq!(app.database.query(&unset), "1");
    let display_id = json!({ "userAccountConfiguration": { "agentConfiguration": {
        "agentDisplayId": "e\u{301}-1" } } });
    for _ in 0..2 {
        let set = patch(&vcc, &format!("/users/{ANNA}"), &display_id);
        assert_eq!(set.status, 200, "{}", set.body);
    }
}

#[test]
fn a_user_that_is_read_can_be_sent_back_and_only_what_is_named_changes() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let path = format!("/users/{ANNA}");
    let whole = vcc.read(&path);
    let untouched = state(&app);
    let same = patch(&vcc, &path, &whole);
    assert_eq!((same.status, same.json()), (200, whole.clone()), "{}", same.body);
    assert_eq!(state(&app), untouched, "nothing was changed, so nothing is logged");
    let renamed = patch(&vcc, &path, &json!({ "name": "Anna Nowak", "email": null }));
    let mut expected = whole;
    expected["name"] = json!("Anna Nowak");
    assert_eq!((renamed.status, renamed.json()), (200, expected), "{}", renamed.body);
    let numbers = vcc.numbers(ANNA);
    let select = json!({ "userAccountConfiguration": { "agentConfiguration": {
        "telephonyAddress": { "selectedCallbackNumberId": TEST1 } } } });
    assert_eq!(patch(&vcc, &path, &select).status, 200);
    assert_eq!(vcc.numbers(ANNA), numbers);
}

#[test]
fn a_leaver_is_archived_with_their_numbers_and_removed_without_them() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let path = format!("/users/{ANNA}");
    let numbers = vcc.numbers(ANNA);
    assert!(!numbers.is_empty());
    let early = vcc.send("DELETE", &path, None);
    assert!(message(&early, 409).contains("archive"), "{}", early.body);
    let archived = patch(&vcc, &path, &json!({ "active": false }));
    assert_eq!((archived.status, &archived.json()["active"]), (200, &json!(false)));
    assert_eq!(vcc.numbers(ANNA), numbers, "archiving keeps them");
    let back = patch(&vcc, &path, &json!({ "active": true }));
    assert_eq!((back.status, &back.json()["active"]), (200, &json!(true)));
    assert_eq!(patch(&vcc, &path, &json!({ "active": false })).status, 200);
    let gone = vcc.send("DELETE", &path, None);
    assert_eq!((gone.status, gone.body.as_str()), (200, "{}"));
    message(&vcc.get(&path), 404);
    let open = "SELECT count(*) FROM personal_assignment WHERE user_id LIKE 'annakowalska@%' AND released_at IS NULL";
    assert_eq!(app.database.query(open), "0");
    let held = "SELECT count(*) > 0 FROM personal_assignment WHERE user_id LIKE 'annakowalska@%'";
    assert_eq!(app.database.query(held), "1", "who had them stays known");
    // Somebody who was archived before needs no other step.
    assert_eq!(vcc.send("DELETE", &format!("/users/{PIOTR_ARCHIVED}"), None).status, 200);
}

#[test]
fn a_user_of_other_accounts_is_archived_only_if_that_is_accepted() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    app.database.query(
        "INSERT INTO user (user_id, instance_id, ram_id) SELECT r.login_name || '@ccc-test', 'ccc-test', r.ram_id FROM ram_user AS r WHERE r.login_name = 'jamesgreen'",
    );
    let path = format!("/users/{JAMES}");
    let refused = patch(&vcc, &path, &json!({ "active": false }));
    assert!(message(&refused, 400).contains("acceptArchiveInMultipleAccounts"));
    let accepted = patch(
        &vcc,
        &format!("{path}?acceptArchiveInMultipleAccounts=true"),
        &json!({ "active": false }),
    );
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    let elsewhere = "SELECT active FROM user WHERE user_id = 'jamesgreen@ccc-test'";
    assert_eq!(app.database.query(elsewhere), "1");
}

#[test]
fn a_skill_and_a_group_are_one_skill_group_with_the_name_that_was_given() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let skill = post(&vcc, "/skills", &json!({ "skillName": "Polish" }));
    assert_eq!(skill.status, 200, "{}", skill.body);
    let id = skill.json()["skillId"].as_str().unwrap().to_owned();
    assert_eq!(skill.json()["skillDisplayId"], "Polish");
    assert_eq!(vcc.read(&format!("/groups/{id}"))["groupName"], "Polish");
    let group = json!({ "groupName": "Second line, nights", "groupMaxWrapUpTime": 60 });
    let group = post(&vcc, "/groups", &group);
    assert_eq!(group.status, 200, "{}", group.body);
    assert_eq!(group.json()["groupName"], "Second line, nights");
    let named = json!({ "groupName": "Third line", "groupDisplayId": "third" });
    assert_eq!(post(&vcc, "/groups", &named).json()["groupDisplayId"], "third");
    assert!(message(&post(&vcc, "/groups", &named), 409).contains("third@vcc-test"));
}

#[test]
fn what_can_not_be_meant_is_refused_by_name_and_changes_nothing() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let untouched = state(&app);
    let with = |change: Value| {
        let mut body = joiner();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let role = |role: &str| json!({ "userAccountConfiguration": { "role": role } });
    let users = [
        ("no username", with(json!({ "username": null }))),
        ("an e-mail address as username", with(json!({ "username": "grace@example.com" }))),
        ("no name", with(json!({ "name": null }))),
        ("a control character", with(json!({ "name": "Grace\u{1b}[2J" }))),
        ("no email", with(json!({ "email": null }))),
        ("no e-mail address", with(json!({ "email": "grace" }))),
        ("no role", with(json!({ "userAccountConfiguration": {} }))),
        ("a role that is not kept here", with(role("Wallboard"))),
        ("a role of another type", with(json!({ "userAccountConfiguration": { "role": 1 } }))),
        ("configuration of another type", with(json!({ "userAccountConfiguration": [] }))),
        (
            "a supervisor who acts as an agent without a display id",
            with(
                json!({ "userAccountConfiguration": { "role": "Supervisor", "actAsAgent": true } }),
            ),
        ),
        (
            "a number that the user does not hold",
            with(json!({ "userAccountConfiguration": { "role": "Agent", "agentConfiguration": {
                "telephonyAddress": { "selectedCallbackNumberId": TEST1 } } } })),
        ),
    ];
    let mut text = String::new();
    let mut show = |what: &str, reply: Reply| {
        assert!((400..500).contains(&reply.status), "{what}: {}", reply.body);
        text += &format!("# {what}\n{}\n\n", reply.body);
    };
    for (what, body) in &users {
        show(what, post(&vcc, "/users", body));
    }
    show("overages", post(&vcc, "/users?allowOverages=maybe", &joiner()));
    let path = format!("/users/{ANNA}");
    show("another username", patch(&vcc, &path, &json!({ "username": "anna" })));
    let display_id = json!({ "userAccountConfiguration": { "agentConfiguration": {
        "agentDisplayId": "1" } } });
    show("another display id", patch(&vcc, &path, &display_id));
    let extension = json!({ "userAccountConfiguration": { "agentConfiguration": {
        "telephonyAddress": { "telephoneAddress": "80x" } } } });
    show("an extension that is not a number", patch(&vcc, &path, &extension));
    let twice = vcc.send("PATCH", &path, Some(br#"{"name":"a","name":"b"}"#));
    show("a member twice", twice);
    let unknown = vcc.send("PATCH", &path, Some(br#"{"x":1,"x":2}"#));
    show("an unknown member twice", unknown);
    show("an active leaver", vcc.send("DELETE", &path, None));
    show("no skill name", post(&vcc, "/skills", &json!({})));
    show("an empty skill name", post(&vcc, "/skills", &json!({ "skillName": "" })));
    let group = json!({ "groupName": "x", "groupDisplayId": "1 2" });
    show("a display id that is not a name", post(&vcc, "/groups", &group));
    crate::support::assert_snapshot("vcc/joiners_refused", &text);
    assert_eq!(state(&app), untouched);
}

#[test]
fn a_set_that_was_read_in_part_is_refused_and_one_that_was_read_whole_replaces() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let untouched = state(&app);
    let mut text = String::new();
    for path in [
        format!("/users/{ANNA}/callbackNumbers"),
        format!("/users/{ANNA}/groups"),
        format!("/users/{ANNA}/skills"),
        format!("/skills/{SUPPORT}/users"),
    ] {
        let part = vcc.read(&format!("{path}?limit=1"));
        let whole = vcc.read(&path);
        assert_eq!(vcc.put(&path, &whole).status, 200, "{path}: its own document");
        if part["meta"]["totalCount"].as_u64() > Some(1) {
            let reply = vcc.put(&path, &part);
            message(&reply, 409);
            text += &format!("{}\n", reply.body);
        }
    }
    assert!(!text.is_empty());
    crate::support::assert_snapshot("vcc/partial_set", &text);
    assert_eq!(state(&app), untouched);
}

#[test]
fn a_body_may_begin_with_a_byte_order_mark_and_may_not_be_compressed() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let body = format!("\u{feff}{}", joiner());
    assert_eq!(vcc.send("POST", "/users", Some(body.as_bytes())).status, 200);
    let gzip = vcc.send("POST", "/users", Some(b"\x1f\x8b\x08\x00\x00\x00"));
    assert!(message(&gzip, 415).contains("compressed"));
}
