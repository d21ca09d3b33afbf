//! Contact flows, created, changed and deleted; and the settings of an instance.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::json;

#[test]
fn a_contact_flow_is_created_used_changed_and_deleted_once_no_number_uses_it() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let flows = format!("{CCC}/contact-flows");
    let made = root.post(&flows, json!({ "name": "Evening", "reason": "longer hours" }));
    assert_eq!(made.status, 201, "{}", made.body);
    let body = made.json();
    assert_eq!((&body["type"], &body["published"]), (&json!("MAIN_FLOW"), &json!(true)));
    let path = made.header("location").unwrap().to_owned();
    let id = body["contact_flow_id"].as_str().unwrap();
    assert_eq!(path, format!("{flows}/{id}"));

    let tag = root.get(&path).header("etag").unwrap().to_owned();
    let edit = json!({ "description": "After 18:00" });
    let edited = root.send("PATCH", &path, &[("if-match", &tag)], Some(&edit));
    assert_eq!((edited.status, &edited.json()["version"]), (200, &json!(2)), "{}", edited.body);
    let stale = root.send("PATCH", &path, &[("if-match", &tag)], Some(&edit));
    assert_eq!(problem(&stale), "version-is-stale");
    let tag = edited.header("etag").unwrap();
    let same = root.send("PATCH", &path, &[("if-match", tag)], Some(&edit));
    assert_eq!((same.status, same.header("etag")), (200, Some(tag)), "{}", same.body);

    let number = format!("{CCC}/numbers/02855500007");
    let inbound = json!({ "usage": "Inbound", "contact_flow_id": id });
    let used = root.send("PATCH", &number, &[("if-match", "*")], Some(&inbound));
    assert_eq!(used.json()["contact_flow_name"], "Evening", "{}", used.body);
    let refused = root.delete(&path);
    assert_eq!((refused.status, problem(&refused).as_str()), (409, "still-referred-to"));
    assert_eq!(
        refused.json()["detail"],
        format!(
            "{id}: incoming calls of 02855500007 run through it; give them another contact flow first, or pass force=true."
        )
    );
    let none = json!({ "contact_flow_id": null });
    assert_eq!(root.send("PATCH", &number, &[("if-match", "*")], Some(&none)).status, 200);
    let deleted = root.delete(&path);
    assert_eq!(deleted.status, 200, "{}", deleted.body);
    assert_eq!(problem(&root.get(&path)), "contact-flow-not-found");

    let request = deleted.header("x-request-id").unwrap();
    let undone = root.post(&format!("{CCC}/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(root.get(&path).json()["description"], "After 18:00");
    app.database.assert_no_rule_violation();
}

#[test]
fn a_contact_flow_is_taken_from_its_numbers_by_force_and_undoing_gives_it_back() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/contact-flows/a3fb6c62-9b49-4942-ae5b-cf2abd4123ek");
    let users = "SELECT group_concat(number) FROM (SELECT number FROM phone_number WHERE contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek' ORDER BY number)";
    let before = app.database.query(users);
    assert!(before.contains("083xxxx0011"), "{before}");
    assert_eq!(problem(&root.delete(&path)), "still-referred-to");
    let deleted = root.delete(&format!("{path}?force=true"));
    assert_eq!(deleted.status, 200, "{}", deleted.body);
    assert_eq!(problem(&root.get(&path)), "contact-flow-not-found");
    app.database.assert_no_rule_violation();

    let request = deleted.header("x-request-id").unwrap();
    let undone = root.post(&format!("{CCC}/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(app.database.query(users), before);
}

#[test]
fn an_instance_becomes_shared_and_exclusive_again_only_while_every_number_has_one_holder() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let share = |word: &str| {
        let body = json!({ "personal_numbers": word });
        root.send("PATCH", CCC, &[("if-match", "*")], Some(&body))
    };
    assert_eq!(share("shared").json()["personal_numbers"], "shared");
    for user in ["lina@ccc-test", "wangfang@ccc-test"] {
        let given = root.put(&format!("{CCC}/users/{user}/numbers/02855500007"));
        assert_eq!(given.status, 200, "{}", given.body);
    }
    let number = root.get(&format!("{CCC}/numbers/02855500007")).json();
    assert_eq!(number["user_ids"], json!(["lina@ccc-test", "wangfang@ccc-test"]));
    let names = number["holders"].as_array().unwrap().iter().map(|holder| &holder["display_name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["李娜", "王芳"]);
    let refused = share("exclusive");
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(
        refused.json()["detail"],
        "02855500007: held by several users; an exclusive instance has one holder of a number."
    );
    let left = root.delete(&format!("{CCC}/users/lina@ccc-test/numbers/02855500007"));
    assert_eq!(left.status, 200, "{}", left.body);
    assert_eq!(share("exclusive").json()["personal_numbers"], "exclusive");
}
