//! Sections 5 and 6: what the endpoints answer.

use super::{ANNA, PIOTR_ARCHIVED, SUPPORT, Vcc, column, ids, message};
use crate::support::{App, assert_snapshot, contract};
use serde_json::json;

#[test]
fn get_users_callback_numbers_is_the_sample_reply_field_for_field() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client", "users:read");
    let reply = vcc.get(&format!("/users/{ANNA}/callbackNumbers"));
    let sample: serde_json::Value =
        serde_json::from_str(&contract("samples/callbackNumbers.json")).unwrap();
    assert_eq!(reply.json(), sample);
    assert_snapshot("vcc/callback_numbers_of_user", &reply.body);
}

#[test]
fn get_callback_numbers_is_every_number_that_no_skill_group_holds() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let listed = ids(&vcc.read("/callbackNumbers"));
    let mut expected: Vec<String> =
        app.database.query("SELECT callback_number_id FROM phone_number WHERE instance_id = 'vcc-test' AND number NOT IN (SELECT number FROM skill_group_number WHERE instance_id = 'vcc-test')")
            .lines()
            .map(str::to_owned)
            .collect();
    let mut sorted = listed.clone();
    sorted.sort();
    expected.sort();
    assert_eq!(sorted, expected);
    assert!(!listed.contains(&super::LONDON_BOUND.to_owned()));
}

#[test]
fn a_callback_number_without_a_name_is_called_by_its_number_and_a_name_is_editable_on_our_side() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let unnamed = |body: &serde_json::Value| column(&body["callbackNumbers"], "callbackNumberName");
    assert!(unnamed(&vcc.read("/callbackNumbers")).contains(&"+12025550103".to_owned()));
    app.database.query("UPDATE phone_number SET callback_number_name = 'Night line' WHERE number = '+12025550103' RETURNING 1");
    let names = unnamed(&vcc.read("/callbackNumbers"));
    assert!(
        names.contains(&"Night line".to_owned()) && !names.contains(&"+12025550103".to_owned())
    );
}

#[test]
fn a_number_gets_its_guid_when_it_is_added_whoever_adds_it() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let id = app.database.query("INSERT INTO phone_number (instance_id, number) VALUES ('vcc-test', '+441111') RETURNING callback_number_id");
    let body = vcc.read("/callbackNumbers?limit=5000");
    let row = body["callbackNumbers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["callbackNumberId"] == id.as_str())
        .unwrap()
        .clone();
    assert_eq!(
        row,
        json!({ "callbackNumberId": id, "callbackNumberName": "+441111", "callbackNumberClid": "+441111" })
    );
    assert_eq!(vcc.replace(ANNA, &[&id]).status, 200);
}

#[test]
fn get_users_lists_by_include() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let names = |path: &str| column(&vcc.read(path)["users"], "username");
    let active =
        ["annakowalska", "ewawisniewska", "jamesgreen", "marysmith", "tomaszlis", "zhangwei"];
    assert_eq!(names("/users"), active);
    assert_eq!(names("/users?include=Archived"), ["piotrwrona"]);
    assert_eq!(names("/users?include=All").len(), 7);
    for include in ["active", "Locked", ""] {
        assert!(
            message(&vcc.get(&format!("/users?include={include}")), 400)
                .contains("include must be Active, Archived or All")
        );
    }
}

#[test]
fn get_user_by_user_id_is_the_user_object_bare() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    app.database.query("UPDATE user SET last_login_at = 1629963465465 WHERE user_id = 'annakowalska@vcc-test' RETURNING 1");
    let bodies: Vec<String> =
        [ANNA, "e0000000-0000-4000-a000-000000009001", super::MARY, PIOTR_ARCHIVED]
            .map(|id| vcc.get(&format!("/users/{id}")).body)
            .to_vec();
    assert_snapshot("vcc/users", &bodies.join("\n"));
    // One of a list is the same object.
    let listed = vcc.read("/users?limit=1")["users"][0].clone();
    assert_eq!(listed, serde_json::from_str::<serde_json::Value>(&bodies[0]).unwrap());
}

#[test]
fn roles_have_the_vendors_names() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let role =
        |id: &str| vcc.read(&format!("/users/{id}"))["userAccountConfiguration"]["role"].clone();
    assert_eq!(
        [role("e0000000-0000-4000-a000-000000009001"), role(super::MARY), role(ANNA)],
        ["Admin", "Supervisor", "Agent"]
    );
}

#[test]
fn unset_optional_strings_are_omitted_and_an_agent_configuration_is_an_agents() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    app.database.query(
        "UPDATE user SET display_id = '', email = '', extension = '', display_name = '' WHERE user_guid = '2f9207ca-8922-4245-bfc5-d8f42939e29a' RETURNING 1",
    );
    let anna = vcc.read(&format!("/users/{ANNA}"));
    assert_eq!(anna["name"], "annakowalska");
    assert!(anna.get("email").is_none() && anna.get("lastLoginTime").is_none());
    assert_eq!(
        anna["userAccountConfiguration"],
        json!({ "role": "Agent", "actAsAgent": true, "agentConfiguration": { "telephonyAddress": { "preventAutoCallbackNumber": false, "selectedCallbackNumberId": "" } } })
    );
    app.database.query(&format!(
        "UPDATE user SET display_id = '' WHERE user_guid = '{}' RETURNING 1",
        super::MARY
    ));
    assert_eq!(
        vcc.read(&format!("/users/{}", super::MARY))["userAccountConfiguration"],
        json!({ "role": "Supervisor", "actAsAgent": false })
    );
}

#[test]
fn prevent_auto_callback_number_and_selected_callback_number_id_are_shown() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let telephony = || {
        vcc.read(&format!("/users/{ANNA}"))["userAccountConfiguration"]["agentConfiguration"]["telephonyAddress"].clone()
    };
    assert_eq!(
        telephony(),
        json!({ "telephoneAddress": "9876", "preventAutoCallbackNumber": false, "selectedCallbackNumberId": "" })
    );
    app.database.query(&format!(
        "UPDATE user SET prevent_auto_callback_number = 1, selected_callback_number_id = '{}' WHERE user_guid = '{ANNA}' RETURNING 1",
        super::TEST2
    ));
    assert_eq!(
        telephony(),
        json!({ "telephoneAddress": "9876", "preventAutoCallbackNumber": true, "selectedCallbackNumberId": super::TEST2 })
    );
}

#[test]
fn get_skills_groups_and_their_users_are_the_skill_groups_and_their_members() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let paths = [
        "/skills".to_owned(),
        "/groups".to_owned(),
        format!("/groups/{SUPPORT}"),
        format!("/skills/{SUPPORT}/users"),
        format!("/groups/{SUPPORT}/users"),
        format!("/users/{}/skills", super::MARY),
        format!("/users/{}/groups", super::MARY),
    ];
    let bodies: Vec<String> =
        paths.iter().map(|path| format!("GET {path}\n{}", vcc.get(path).body)).collect();
    assert_snapshot("vcc/skills_and_groups", &bodies.join("\n\n"));
}

#[test]
fn every_endpoint_has_a_line_in_the_documentation() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/vcc.md")).unwrap();
    for endpoint in numberd::vcc::ENDPOINTS {
        let line = format!(
            "| `{} /useradmin{}` | `{}` |",
            endpoint.method(),
            endpoint.path(),
            endpoint.scope.name()
        );
        assert!(page.contains(&line), "{line}");
    }
}
