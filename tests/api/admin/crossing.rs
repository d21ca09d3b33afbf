//! What one face does, the others see.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::json;

#[test]
fn a_number_given_by_the_admin_api_is_seen_by_the_ccc_face_and_taken_back_there_it_is_free_here() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let parameters = [
        ("InstanceId", "ccc-test"),
        ("UserId", "lina@ccc-test"),
        ("PageNumber", "1"),
        ("PageSize", "100"),
    ];
    let held = || {
        app.call("ListPersonalNumbersOfUser", &[&parameters[..], &[("IsMember", "true")]].concat())
            .body
    };
    assert!(!held().contains("02855500007"));
    assert_eq!(root.put(&format!("{CCC}/users/lina@ccc-test/numbers/02855500007")).status, 200);
    assert!(held().contains("02855500007"));
    let taken = app.call(
        "RemovePersonalNumbersFromUser",
        &[
            ("InstanceId", "ccc-test"),
            ("UserId", "lina@ccc-test"),
            ("NumberList", "[\"02855500007\"]"),
        ],
    );
    assert_eq!(taken.status, 200, "{taken:?}");
    assert_eq!(root.get(&format!("{CCC}/numbers/02855500007")).json()["state"], "free");
    let history = root.get(&format!("{CCC}/numbers/02855500007/history")).json();
    let entry = &history["items"][0];
    assert_eq!(
        (&entry["begun"]["via"], &entry["ended"]["via"]),
        (&json!("admin"), &json!("ccc")),
        "{history}"
    );
}

#[test]
fn a_whole_morning_by_batch_range_swap_hand_over_and_undo() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let post = |path: &str, body| root.post(&format!("{CCC}/{path}"), body);
    let range = post(
        "numbers:range",
        json!({ "start": "0833001100", "end": "0833001104", "reason": "bought" }),
    );
    assert_eq!(range.json()["done"], 5, "{range:?}");
    let give =
        |number: &str, user: &str| json!({ "action": "assign", "number": number, "user_id": user });
    let batch = json!({ "items": [give("0833001100", "lina@ccc-test"), give("083xxxx0011", "lina@ccc-test"), give("none-such-xx", "lina@ccc-test")] });
    let refused = post("assignments:batch", batch);
    assert_eq!(refused.status, 422, "a text that is not a number is a wrong field: {refused:?}");
    let batch = json!({ "items": [give("0833001100", "lina@ccc-test"), give("083xxxx0011", "lina@ccc-test"), give("0999", "lina@ccc-test")] });
    let refused = post("assignments:batch", batch);
    assert_eq!(problem(&refused), "batch-refused");
    let outcomes: Vec<_> = refused.json()["report"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        outcomes,
        ["done", "refused", "refused"],
        "every failure is reported at once, in order"
    );
    assert_eq!(
        root.get(&format!("{CCC}/numbers/0833001100")).json()["state"],
        "free",
        "and nothing was done"
    );
    let given = post(
        "assignments:batch",
        json!({ "items": [give("0833001100", "zhaolei@ccc-test"), give("0833001101", "zhaolei@ccc-test")], "reason": "new" }),
    );
    assert_eq!(given.json()["done"], 2, "{given:?}");
    let held = root.get(&format!("{CCC}/users/zhaolei@ccc-test/numbers")).json()["total"]
        .as_u64()
        .unwrap();
    let rehearsed =
        post("users/zhaolei@ccc-test:hand-over", json!({ "to": "lina@ccc-test", "dry_run": true }));
    assert_eq!(
        (rehearsed.json()["done"].as_u64(), &rehearsed.json()["dry_run"]),
        (Some(held), &json!(true)),
        "{rehearsed:?}"
    );
    assert_eq!(
        root.get(&format!("{CCC}/users/zhaolei@ccc-test/numbers")).json()["total"].as_u64(),
        Some(held),
        "a rehearsal changes nothing"
    );
    let handed = post(
        "users/zhaolei@ccc-test:hand-over",
        json!({ "to": "lina@ccc-test", "reason": "they left" }),
    );
    assert_eq!(handed.json()["done"].as_u64(), Some(held));
    let newest = root.get(&format!("{CCC}/changes?limit=1")).json();
    assert_eq!(newest["items"][0]["reason"], "they left");
    let id = newest["items"][0]["change_id"].as_u64().unwrap();
    let undone = post(
        &format!("changes/{id}:undo"),
        json!({ "whole_request": true, "reason": "they stayed" }),
    );
    assert_eq!((undone.status, &undone.json()["refused"]), (200, &json!(0)), "{undone:?}");
    assert_eq!(
        root.get(&format!("{CCC}/users/zhaolei@ccc-test/numbers")).json()["total"].as_u64(),
        Some(held)
    );
    let transfer = root.send(
        "PUT",
        &format!("{CCC}/numbers/0833001100/assignment"),
        &[],
        Some(&json!({ "user_id": "lina@ccc-test" })),
    );
    assert_eq!(transfer.status, 200, "{transfer:?}");
    let why = root.get(&format!("{CCC}/users/zhaolei@ccc-test/candidates/0833001100")).json();
    assert_eq!(
        (&why["assignable"], &why["reasons"][0]["freed_by"][0]["action"]),
        (&json!(false), &json!("release")),
        "{why}"
    );
    let all = root.get(&format!("{CCC}/users/zhaolei@ccc-test/candidates?include=blocked")).json();
    assert!(
        all["total"].as_u64()
            > root.get(&format!("{CCC}/users/zhaolei@ccc-test/candidates")).json()["total"]
                .as_u64()
    );
    let at = root.get(&format!("{CCC}/numbers/083xxxx0011/holders?at=2026-03-25T00:00:00Z")).json();
    assert_eq!(at["holders"][0]["id"], "user-test@ccc-test", "{at}");
    let holdings = root
        .get(&format!("{CCC}/users/user-test@ccc-test/holdings?at=2026-03-25T00:00:00Z"))
        .json();
    assert!(
        holdings["numbers"].as_array().unwrap().iter().any(|held| held["number"] == "083xxxx0011"),
        "{holdings}"
    );
    let swapped = post("numbers:swap", json!({ "one": "0833001100", "other": "0833001101" }));
    assert_eq!(swapped.status, 200, "{swapped:?}");
    assert_eq!(
        root.get(&format!("{CCC}/numbers/0833001101")).json()["user_ids"],
        json!(["lina@ccc-test"])
    );
}

#[test]
fn a_backup_is_made_in_the_directory_chosen_at_the_start() {
    let app = App::spawn();
    let made = Caller::root(&app).post("/api/v1/backups", json!({}));
    assert_eq!(made.status, 200, "{made:?}");
    let path = made.json()["path"].as_str().unwrap().to_owned();
    assert!(
        path.starts_with(app.database.path().with_file_name("backups").to_str().unwrap()),
        "{path}"
    );
    assert_eq!(std::fs::metadata(&path).unwrap().len(), made.json()["bytes"].as_u64().unwrap());
    let refused = Caller::root(&app).post("/api/v1/backups", json!({ "path": "/etc" }));
    assert_eq!(problem(&refused), "fields-invalid", "a caller does not choose where");
}

#[test]
fn a_locked_user_is_not_of_the_instance_on_any_face() {
    let app = App::spawn();
    let lina = Caller::of(&app, "lina");
    assert_eq!(lina.get(CCC).status, 200);
    app.database.query("UPDATE user SET locked = 1 WHERE user_id = 'lina@ccc-test'");
    assert_eq!(lina.get(CCC).status, 404);
    assert_eq!(lina.get("/api/v1/instances").json()["items"], json!([]));
    app.database.query("UPDATE user SET locked = 0 WHERE user_id = 'lina@ccc-test'");
    assert_eq!(lina.get(CCC).status, 200);
}

/// Both changes of such a request have one time.
#[test]
fn a_binding_that_ended_when_it_began_and_is_put_back_began_when_it_was_put_back() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let item = |action: &str| json!({ "action": action, "number": "02855500007", "skill_group_id": "test@ccc-test" });
    let path = format!("{CCC}/assignments:batch");
    let done = root.post(&path, json!({ "items": [item("bind"), item("unbind")] }));
    assert_eq!(done.status, 200, "{}", done.body);
    let pause = || std::thread::sleep(std::time::Duration::from_millis(20));
    pause();
    let between = numberd::domain::Clock::System.now();
    pause();
    let newest = root.get(&format!("{CCC}/changes?limit=1")).json();
    let unbinding = newest["items"][0]["change_id"].as_u64().unwrap();
    let undone = root.post(&format!("{CCC}/changes/{unbinding}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    let holders = |at: &str| {
        root.get(&format!("{CCC}/numbers/02855500007/holders{at}")).json()["holders"].clone()
    };
    assert_eq!(holders("")[0]["id"], "test@ccc-test");
    assert_eq!(holders(&format!("?at={between}")), json!([]));
}
