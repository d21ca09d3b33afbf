//! Undo by change and by request, all or nothing; and giving up an instance.

use super::{CCC, Caller, problem};
use crate::support::{App, assert_snapshot, eventually};
use serde_json::json;

const TWO: [&str; 2] = ["02855500007", "02855500008"];

/// Gives two numbers to one user in one request, and one of them on to another; the first request.
fn given_and_half_passed_on(root: &Caller<'_>) -> String {
    let items = TWO
        .map(|number| json!({ "action": "assign", "number": number, "user_id": "lina@ccc-test" }));
    let given = root.post(&format!("{CCC}/assignments:batch"), json!({ "items": items }));
    assert_eq!(given.status, 200, "{}", given.body);
    let moved = root.send(
        "PUT",
        &format!("{CCC}/numbers/{}/assignment", TWO[0]),
        &[],
        Some(&json!({ "user_id": "wangfang@ccc-test" })),
    );
    assert_eq!(moved.status, 200, "{}", moved.body);
    given.header("x-request-id").unwrap().to_owned()
}

fn holder(root: &Caller<'_>, number: &str) -> serde_json::Value {
    root.get(&format!("{CCC}/numbers/{number}")).json()["user_ids"].clone()
}

#[test]
fn an_undo_of_which_a_part_is_refused_changes_nothing_and_says_so() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let request = given_and_half_passed_on(&root);
    let path = format!("{CCC}/requests/{request}:undo");
    let before = app.database.query("SELECT count(*) FROM change");

    let tried = root.post(&path, json!({ "dry_run": true }));
    let report = tried.json();
    assert_eq!(
        (tried.status, &report["applied"], &report["would_apply"], &report["refused"]),
        (200, &json!(false), &json!(false), &json!(1)),
        "{report}"
    );
    let refused = root.post(&path, json!({}));
    assert_eq!((refused.status, problem(&refused).as_str()), (409, "undo-refused"));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"[0-9A-F]{8}-[0-9A-F-]{27}", "[request id]");
    settings.add_filter(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[time]");
    settings.add_filter(r#""change_id": \d+"#, "\"change_id\": [n]");
    settings.add_filter(r"change \d+ ", "change [n] ");
    let report = serde_json::to_string_pretty(&refused.json()).unwrap();
    settings.bind(|| assert_snapshot("admin/undo_refused", &report));
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);
    assert_eq!(holder(&root, TWO[1]), json!(["lina@ccc-test"]));
}

#[test]
fn with_best_effort_the_rest_of_a_request_is_undone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let request = given_and_half_passed_on(&root);
    let undone =
        root.post(&format!("{CCC}/requests/{request}:undo"), json!({ "mode": "best_effort" }));
    let report = undone.json();
    assert_eq!(
        (undone.status, &report["applied"], &report["done"], &report["refused"]),
        (200, &json!(true), &json!(1), &json!(1)),
        "{report}"
    );
    assert_eq!(holder(&root, TWO[0]), json!(["wangfang@ccc-test"]));
    assert_eq!(holder(&root, TWO[1]), json!([]));
}

#[test]
fn a_locked_user_who_was_removed_comes_back_with_their_numbers_as_the_refusal_says() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let user = format!("{CCC}/users/lina@ccc-test");
    let held = root.get(&format!("{user}/numbers")).json()["total"].clone();
    let locked = |locked: bool| {
        let body = json!({ "locked": locked });
        assert_eq!(root.send("PATCH", &user, &[("if-match", "*")], Some(&body)).status, 200);
    };
    locked(true);
    let removed = root.send("DELETE", &format!("{user}?force=true"), &[], None);
    let undo = removed.json()["undo"].as_str().unwrap().to_owned();
    let refused = root.post(&undo, json!({}));
    assert_eq!(problem(&refused), "undo-refused");
    let way_out = "undo with best effort, activate or unlock them, and undo again";
    assert!(refused.body.contains(way_out), "{}", refused.body);

    let by_best_effort = || root.post(&undo, json!({ "mode": "best_effort" }));
    assert_eq!(by_best_effort().status, 200);
    locked(false);
    assert_eq!(by_best_effort().status, 200);
    assert_eq!(root.get(&format!("{user}/numbers")).json()["total"], held);
}

#[test]
fn a_request_that_changed_nothing_here_can_not_be_undone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let request = given_and_half_passed_on(&root);
    let elsewhere = format!("/api/v1/instances/vcc-test/requests/{request}:undo");
    assert_eq!(problem(&root.post(&elsewhere, json!({}))), "change-not-found");
    let unknown = root.post(&format!("{CCC}/requests/none:undo"), json!({}));
    assert_eq!(problem(&unknown), "change-not-found");
}

#[test]
fn an_instance_that_has_something_is_given_up_by_force_only_and_comes_back_by_undo() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT count(*) FROM change");
    for query in ["", "?dry_run=true"] {
        let refused = root.delete(&format!("{CCC}{query}"));
        assert_eq!((refused.status, problem(&refused).as_str()), (409, "still-referred-to"));
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.starts_with("ccc-test: it still has ") && detail.contains(" personal, "),
            "{detail}"
        );
    }
    let users: u64 = app
        .database
        .query("SELECT count(*) FROM user WHERE instance_id = 'ccc-test'")
        .parse()
        .unwrap();
    let tried = root.delete(&format!("{CCC}?force=true&dry_run=true")).json();
    let gone = tried["changes"].as_array().unwrap().iter();
    let removed = gone.filter(|change| change["entity"] == "user" && change["action"] == "delete");
    assert_eq!((removed.count() as u64, &tried["would_answer"]), (users, &json!(200)));
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);

    let given_up = root.delete(&format!("{CCC}?force=true"));
    assert_eq!(given_up.status, 200, "{}", given_up.body);
    assert_eq!(problem(&root.get(CCC)), "instance-not-found");
    let request = given_up.header("x-request-id").unwrap();
    let undone =
        root.post(&format!("/api/v1/requests/{request}:undo"), json!({ "mode": "best_effort" }));
    assert_eq!((undone.status, &undone.json()["applied"]), (200, &json!(true)), "{}", undone.body);
    assert_eq!(root.get(&format!("{CCC}/users")).json()["total"], users);
    app.database.assert_no_rule_violation();
}

#[test]
fn a_number_that_is_held_is_removed_by_force_only() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/numbers/083xxxx0011");
    assert_eq!(problem(&root.delete(&path)), "number-held-by-user");
    assert_eq!(root.delete(&format!("{path}?force=true")).status, 200);
    assert_eq!(problem(&root.get(&path)), "number-not-found");
}

#[test]
fn an_instance_that_was_given_up_with_much_in_it_comes_back_in_slices() {
    let app = App::spawn();
    let root = Caller::root(&app);
    app.database.query(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 600)
         INSERT INTO phone_number (instance_id, number)
         SELECT 'vcc-test', '0777' || (1000000 + i) FROM n",
    );
    app.database.query(
        "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at)
         SELECT 'vcc-test', number, 'jamesgreen@vcc-test', 1 FROM phone_number
          WHERE number LIKE '0777%'",
    );
    let given_up = root.delete("/api/v1/instances/vcc-test?force=true");
    assert_eq!(given_up.status, 200, "{}", given_up.body);
    let request = given_up.header("x-request-id").unwrap();
    let undo = format!("/api/v1/requests/{request}:undo");
    let undone = root.post(&undo, json!({ "mode": "best_effort" }));
    assert_eq!(undone.status, 202, "{}", undone.body);
    let state =
        || app.database.query("SELECT coalesce(stopped, ''), ended_at IS NOT NULL FROM run");
    eventually("the undo has ended or stopped", || !state().starts_with("|0"));
    assert_eq!(state(), "|1");
    let held = app.database.query(
        "SELECT count(*) FROM personal_assignment
          WHERE user_id = 'jamesgreen@vcc-test' AND number LIKE '0777%' AND released_at IS NULL",
    );
    assert_eq!(held, "600");
    let run = root.get(undone.header("location").unwrap());
    assert_eq!((run.status, &run.json()["state"]), (200, &json!("ended")));
}
