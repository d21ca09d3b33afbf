//! One thing done with all numbers that a query selects.

use super::{CCC, Caller, problem};
use crate::support::{App, LONG_PATIENCE};
use serde_json::{Value, json};
use std::time::Instant;

const QUERY: &str = "numbers:batch";

pub(super) fn post(root: &Caller<'_>, body: &Value) -> crate::support::Reply {
    root.send("POST", &format!("{CCC}/{QUERY}"), &[], Some(body))
}

fn held(app: &App) -> String {
    app.database.query(
        "SELECT count(*) FROM personal_assignment
          WHERE user_id = 'lina@ccc-test' AND released_at IS NULL",
    )
}

pub(super) fn to_lina(query: Value) -> Value {
    json!({ "action": "assign", "user_id": "lina@ccc-test", "query": query })
}

pub(super) fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[test]
fn what_the_dry_run_selected_is_done_and_undone_as_one_request() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = held(&app);
    let body = to_lina(json!({ "state": ["free"], "q": "乐山 0833" }));
    let tried = post(&root, &with(body.clone(), "dry_run", json!(true)));
    assert_eq!(tried.status, 200, "{}", tried.body);
    let tried = tried.json();
    let count = tried["selection"]["count"].as_u64().unwrap();
    assert!(count > 1 && tried["done"].as_u64() == Some(count), "{tried}");
    assert_eq!((held(&app), &tried["dry_run"]), (before.clone(), &json!(true)));
    let done = post(&root, &with(body, "selection", tried["selection"].clone()));
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(done.json()["done"].as_u64(), Some(count));
    let now: u64 = held(&app).parse().unwrap();
    assert_eq!(now, before.parse::<u64>().unwrap() + count);
    let request = done.header("x-request-id").unwrap();
    let undone =
        root.send("POST", &format!("{CCC}/requests/{request}:undo"), &[], Some(&json!({})));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(held(&app), before);
}

#[test]
fn what_changed_since_the_dry_run_is_named_and_nothing_is_done() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let body = to_lina(json!({ "state": ["free"], "city": ["乐山"] }));
    let shown = post(&root, &with(body.clone(), "dry_run", json!(true))).json();
    let first = shown["items"][0]["number"].as_str().unwrap().to_owned();
    let edit = format!("{CCC}/numbers/{first}");
    let edited = root.send("PATCH", &edit, &[("if-match", "*")], Some(&json!({ "tags": ["new"] })));
    assert_eq!(edited.status, 200, "{}", edited.body);
    let before = held(&app);
    let body = with(body, "selection", shown["selection"].clone());
    let refused = post(&root, &body);
    assert_eq!((refused.status, problem(&refused).as_str()), (409, "selection-changed"));
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(&format!("since then {first} changed")), "{detail}");
    // The same hash is of no use for another query.
    let other = with(body, "query", json!({ "state": ["free"] }));
    assert_eq!(problem(&post(&root, &other)), "selection-changed");
    assert_eq!(held(&app), before);
}

#[test]
fn without_a_dry_run_with_too_many_numbers_or_without_the_right_nothing_is_done() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT count(*) FROM change");
    for (body, pointer) in [
        (to_lina(json!({ "state": ["free"] })), "/selection"),
        (json!({ "action": "assign", "query": {}, "dry_run": true }), "/user_id"),
        (to_lina(json!({ "state": ["lost"] })), "/query/state/0"),
        (to_lina(json!({ "q": vec!["a"; 60].join(" ") })), "/query/q"),
        (to_lina(json!({ "colour": "red" })), "/query/colour"),
        (
            with(to_lina(json!({})), "selection", json!({ "count": 1, "hash": "x", "seen": 0 })),
            "/selection/hash",
        ),
        (
            with(
                to_lina(json!({})),
                "selection",
                json!({ "count": 100_001, "hash": "0".repeat(64), "seen": 0 }),
            ),
            "/selection/count",
        ),
    ] {
        let refused = post(&root, &body);
        assert_eq!((refused.status, problem(&refused).as_str()), (422, "fields-invalid"), "{body}");
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);
}

/// Adds numbers that begin with 0777.
pub(super) fn add(app: &App, count: u64) {
    app.database.query(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
         INSERT INTO phone_number (instance_id, number)
         SELECT 'ccc-test', '0777' || (1000000 + i) FROM n"
    ));
}

/// The run at an address, once it is as a test wants it.
pub(super) fn until(root: &Caller<'_>, address: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let run = root.send("GET", address, &[], None);
        assert_eq!(run.status, 200, "{}", run.body);
        if wanted(&run.json()) {
            return run.json();
        }
        assert!(began.elapsed() < LONG_PATIENCE, "the run at {address} never came so far");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn more_than_a_thousand_are_done_in_slices_followed_stopped_continued_and_undone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before: u64 = held(&app).parse().unwrap();
    add(&app, 1100);
    let body = to_lina(json!({ "q": "0777" }));
    let tried = post(&root, &with(body.clone(), "dry_run", json!(true))).json();
    assert_eq!((&tried["selection"]["count"], &tried["done"]), (&json!(1100), &json!(1000)));
    let body = with(body, "selection", tried["selection"].clone());
    let keyed = [("idempotency-key", "once")];
    let at = format!("{CCC}/{QUERY}");
    let begun = root.send("POST", &at, &keyed, Some(&body));
    assert_eq!((begun.status, &begun.json()["total"]), (202, &json!(1100)), "{}", begun.body);
    let address = begun.header("location").unwrap().to_owned();
    assert_eq!(address, format!("{CCC}/runs/{}", begun.header("x-request-id").unwrap()));
    let act =
        |act: &str, body: Value| root.send("POST", &format!("{address}:{act}"), &[], Some(&body));
    let stopped = act("stop", json!({}));
    assert_eq!((stopped.status, &stopped.json()["state"]), (200, &json!("stopped")));
    assert_eq!(stopped.json()["stopped"], "It was asked to stop.");
    // Sent again it is answered again and not done again.
    let again = root.send("POST", &at, &keyed, Some(&body));
    assert_eq!((again.status, again.header("location")), (202, Some(address.as_str())));
    let seen = until(&root, &address, |_| true);
    assert_eq!((&seen["state"], &seen["done"]), (&json!("stopped"), &stopped.json()["done"]));
    let going_on = act("continue", json!({ "mode": "best_effort" }));
    assert_eq!(going_on.status, 202, "{}", going_on.body);
    let ended = until(&root, &address, |run| run["state"] == "ended");
    assert_eq!((&ended["done"], &ended["left"]), (&json!(1100), &json!(0)));
    assert_eq!(held(&app), (before + 1100).to_string());
    let request = begun.header("x-request-id").unwrap();
    let undo = format!("{CCC}/requests/{request}:undo");
    let tried = root.send("POST", &undo, &[], Some(&json!({ "dry_run": true })));
    assert_eq!((tried.status, &tried.json()["done"]), (200, &json!(1000)), "{}", tried.body);
    let undone = root.send("POST", &undo, &[], Some(&json!({})));
    assert_eq!(undone.status, 202, "{}", undone.body);
    until(&root, undone.header("location").unwrap(), |run| run["state"] == "ended");
    assert_eq!(held(&app), before.to_string());
}

#[test]
fn a_leaver_with_more_than_a_thousand_numbers_hands_them_over_in_slices() {
    let app = App::spawn();
    let manager = Caller::of(&app, "zhangwei");
    let before: u64 = held(&app).parse().unwrap();
    add(&app, 1100);
    app.database.query(
        "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at)
         SELECT 'ccc-test', number, 'wangfang@ccc-test', 1 FROM phone_number
          WHERE number LIKE '0777%'",
    );
    let path = format!("{CCC}/users/wangfang@ccc-test:hand-over");
    let tried = manager.post(&path, json!({ "to": "lina@ccc-test", "dry_run": true }));
    let report = tried.json();
    assert_eq!((tried.status, &report["done"]), (200, &json!(1000)), "{report}");
    let untried = report["untried"].as_u64().unwrap();
    assert!(untried >= 100, "{untried}");
    let begun = manager.post(&path, json!({ "to": "lina@ccc-test" }));
    assert_eq!(
        (begun.status, &begun.json()["action"]),
        (202, &json!("transfer")),
        "{}",
        begun.body
    );
    let address = begun.header("location").unwrap();
    let ended = until(&manager, address, |run| run["state"] == "ended");
    assert_eq!(ended["done"].as_u64(), Some(1000 + untried));
    assert_eq!(held(&app), (before + 1000 + untried).to_string());
    let root = Caller::root(&app);
    let undo = format!("{CCC}/requests/{}:undo", begun.header("x-request-id").unwrap());
    let undone = root.post(&undo, json!({}));
    assert_eq!(undone.status, 202, "{}", undone.body);
    until(&root, undone.header("location").unwrap(), |run| run["state"] == "ended");
    assert_eq!(held(&app), before.to_string());
    let seen = root.get(address).json();
    assert_eq!(seen["undone_by"].as_str(), undone.header("x-request-id"), "{seen}");
    let again = root.post(&undo, json!({}));
    assert_eq!((again.status, problem(&again).as_str()), (409, "undo-refused"));
    let removed = root.delete(&format!("{CCC}/users/wangfang@ccc-test?force=true&dry_run=true"));
    assert_eq!(removed.status, 409, "{}", removed.body);
    assert!(removed.body.contains("more than the 1000 that go together"), "{}", removed.body);
}
