//! One thing done with all numbers that a query selects.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::{Value, json};

const QUERY: &str = "numbers:batch";

fn post(root: &Caller<'_>, body: &Value) -> crate::support::Reply {
    root.send("POST", &format!("{CCC}/{QUERY}"), &[], Some(body))
}

fn held(app: &App) -> String {
    app.database.query(
        "SELECT count(*) FROM personal_assignment
          WHERE user_id = 'lina@ccc-test' AND released_at IS NULL",
    )
}

fn to_lina(query: Value) -> Value {
    json!({ "action": "assign", "user_id": "lina@ccc-test", "query": query })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
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
    ] {
        let refused = post(&root, &body);
        assert_eq!((refused.status, problem(&refused).as_str()), (422, "fields-invalid"), "{body}");
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);
    app.database.write(|tx| {
        let numbers: Vec<numberd::domain::Number> =
            (0..1100).map(|at| format!("0777{at:07}").parse().unwrap()).collect();
        let (new, mode) = (Default::default(), numberd::domain::batch::BatchMode::AllOrNothing);
        let instance = numberd::domain::InstanceId::new("ccc-test");
        numberd::ops::batch::add_numbers(tx, &instance, &numbers, &new, None, None, mode)
    });
    let many = with(to_lina(json!({ "q": "0777" })), "dry_run", json!(true));
    let refused = post(&root, &many).json();
    assert_eq!(
        refused["errors"][0]["detail"],
        "query selects more than 1000 numbers; narrow it down."
    );
}
