//! An instance that wants a reason for every change gets one from everybody who can say it.

use crate::admin::{CCC, Caller, problem};
use crate::console::{Visitor, give_passwords};
use crate::support::{App, Program};
use serde_json::json;
use std::process::Output;

fn run(app: &App, line: &[&str]) -> Output {
    let file = ["--database", app.database.path().to_str().unwrap(), "--instance", "ccc-test"];
    Program::run(&[line, &file].concat(), "")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

/// A server whose sample instance wants reasons.
fn strict() -> App {
    let app = App::spawn();
    let on = run(
        &app,
        &["instances", "edit", "ccc-test", "--reason-required", "true", "--reason", "the auditors"],
    );
    assert_eq!(on.status.code(), Some(0), "{}", said(&on));
    app
}

fn changes(app: &App) -> String {
    app.database.query("SELECT max(change_id) FROM change")
}

#[test]
fn rest_refuses_a_change_without_a_reason_by_name() {
    let app = strict();
    let root = Caller::root(&app);
    let before = changes(&app);
    let path = format!("{CCC}/users/lina@ccc-test/numbers/02855500007");
    let batch = json!({ "items": [{ "action": "unbind", "number": "02855500001" },
                                  { "action": "assign", "number": "02855500007", "user_id": "lina@ccc-test" }] });
    let best = json!({ "mode": "best_effort", "items": batch["items"] });
    for (method, path, body) in [
        ("PUT", path.clone(), json!({})),
        ("PUT", path.clone(), json!({ "dry_run": true })),
        ("POST", format!("{CCC}/assignments:batch"), batch),
        ("POST", format!("{CCC}/assignments:batch"), best),
        ("PATCH", CCC.to_owned(), json!({ "reason_required": false })),
        ("PUT", format!("{CCC}/low-water-marks"), json!({ "least": 3 })),
        ("PUT", path.clone(), json!({ "reason": " \u{3000}" })),
        // What has rules of its own, which are not what is said then.
        ("DELETE", format!("{CCC}/users/user-test@ccc-test/numbers/083xxxx0011"), json!({})),
        ("DELETE", format!("{CCC}/skill-groups/test@ccc-test/numbers/02855500001"), json!({})),
        ("DELETE", format!("{CCC}/numbers/02855500018"), json!({})),
        ("DELETE", format!("{CCC}/numbers/083xxxx0011?force=true"), json!({})),
    ] {
        let reply = root.send(method, &path, &[("if-match", "*")], Some(&body));
        assert_eq!(
            (reply.status, problem(&reply).as_str()),
            (422, "reason-required"),
            "{path} {}",
            reply.body
        );
    }
    assert_eq!(changes(&app), before);
    let done = root.send("PUT", &path, &[("x-change-reason", "new desk")], None);
    assert_eq!(done.status, 200, "{}", done.body);
    let other = root.send(
        "PUT",
        "/api/v1/instances/vcc-test/low-water-marks",
        &[],
        Some(&json!({ "least": 3 })),
    );
    assert_eq!(other.status, 200, "{}", other.body);
    let off = json!({ "reason_required": false, "reason": "no longer" });
    let off = root.send("PATCH", CCC, &[("if-match", "*")], Some(&off));
    assert_eq!((off.status, &off.json()["reason_required"]), (200, &json!(false)), "{}", off.body);
    assert_eq!(root.delete(&path).status, 200);
    app.database.assert_no_rule_violation();
}

#[test]
fn the_command_line_refuses_a_change_without_a_reason_and_begins_no_run() {
    let app = strict();
    for line in [
        &["numbers", "assign", "02855500007", "--to", "lina"][..],
        &["numbers", "assign", "02855500007", "--to", "lina", "--best-effort"],
        &["users", "create", "somebody"],
        &["instances", "edit", "ccc-test", "--reason-required", "false"],
        &["groups", "create", "night-shift", "--dry-run"],
        &["groups", "create", "night-shift", "--reason", " "],
        &["users", "remove", "lina", "--force"],
        &["numbers", "add-range", "0990000000", "--count", "1200"],
    ] {
        let refused = run(&app, line);
        assert_eq!(refused.status.code(), Some(1), "{line:?} {}", said(&refused));
        let sentence = "numberd: Changes of this instance need a reason; give one with --reason.";
        assert!(said(&refused).contains(sentence), "{line:?} {}", said(&refused));
    }
    let runs = || app.database.query("SELECT count(*) FROM run");
    assert_eq!(runs(), "0");
    let given = run(&app, &["numbers", "assign", "02855500007", "--to", "lina", "--reason", "new"]);
    assert_eq!(given.status.code(), Some(0), "{}", said(&given));
    let range = ["numbers", "add-range", "0990000000", "--count", "1200", "--reason", "stock"];
    let range = run(&app, &range);
    assert_eq!(range.status.code(), Some(0), "{}", said(&range));
    assert_eq!(runs(), "1");
    let root = Caller::root(&app);
    let path = format!("{CCC}/numbers:batch");
    let mut body = json!({ "action": "bind", "skill_group_id": "sales@ccc-test",
                           "query": { "q": "0990" }, "dry_run": true, "reason": "a reason" });
    let tried = root.post(&path, body.clone());
    assert_eq!(tried.status, 200, "{}", tried.body);
    body["selection"] = tried.json()["selection"].clone();
    body["dry_run"] = json!(false);
    body["reason"] = json!("");
    let begun = root.post(&path, body.clone());
    assert_eq!(
        (begun.status, problem(&begun).as_str()),
        (422, "reason-required"),
        "{}",
        begun.body
    );
    assert_eq!(runs(), "1");
    body["reason"] = json!("a reason");
    let begun = root.post(&path, body);
    assert_eq!(begun.status, 202, "{}", begun.body);
}

/// They have no way to give a reason, and their clients would stop working.
#[test]
fn vendors_clients_and_the_shell_are_not_asked() {
    let app = strict();
    let parameters = [
        ("InstanceId", "ccc-test"),
        ("UserId", "lina@ccc-test"),
        ("NumberList", "[\"02855500007\"]"),
    ];
    let added = app.call("AddPersonalNumbersToUser", &parameters);
    assert_eq!(added.status, 200, "{}", added.body);
    let edit = "UPDATE user SET note = 'by hand' WHERE user_id = 'lina@ccc-test'";
    rusqlite::Connection::open(app.database.path()).unwrap().execute_batch(edit).unwrap();
    app.database.assert_no_rule_violation();
}

#[test]
fn a_form_of_the_console_is_not_sent_without_a_reason_where_one_is_required() {
    let forms = |app: &App| {
        give_passwords(app);
        let visitor = Visitor::of(app, "user-test");
        let pages = ["numbers", "users/lina%40ccc-test", "groups", "settings", "numbers/add"];
        pages.map(|page| {
            let body = visitor.get(&format!("/console/ccc-test/{page}")).body;
            let inputs = body.split("<input ").skip(1).filter_map(|input| input.split('>').next());
            let fields: Vec<&str> = inputs.filter(|input| input.contains("reason\"")).collect();
            let required = fields.iter().filter(|field| field.ends_with(" required")).count();
            (fields.len(), required)
        })
    };
    for (asked, required) in forms(&strict()) {
        assert!(asked > 0 && required == asked, "{required} of {asked}");
    }
    assert!(forms(&App::spawn()).iter().all(|(_, required)| *required == 0));
}
