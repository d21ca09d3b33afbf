//! The settings of an instance: who may hold a number, and which country its numbers belong to.

use super::{CCC, Caller, problem};
use crate::console::{Visitor, give_passwords};
use crate::support::{App, Program};
use serde_json::{Value, json};

const VCC: &str = "/api/v1/instances/vcc-test";

fn set(root: &Caller<'_>, path: &str, body: Value) -> crate::support::Reply {
    root.send("PATCH", path, &[("if-match", "*")], Some(&body))
}

#[test]
fn a_new_exclusive_instance_belongs_to_china_and_a_shared_one_to_no_country() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for (id, more, country_code) in [
        ("new-1", json!({}), "86"),
        ("new-2", json!({ "personal_numbers": "shared" }), ""),
        ("new-3", json!({ "personal_numbers": "shared", "country_code": "86" }), "86"),
        ("new-4", json!({ "country_code": "" }), ""),
    ] {
        let mut body = json!({ "instance_id": id, "name": id });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = root.post("/api/v1/instances", body);
        assert_eq!(
            (made.status, &made.json()["country_code"]),
            (201, &json!(country_code)),
            "{id}"
        );
    }
    let made = app.call(
        "CreateInstance",
        &[("DomainName", "new-5"), ("Name", "name"), ("AdminRamIdList", "[\"2000000000000002\"]")],
    );
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(
        app.database.query("SELECT country_code FROM instance WHERE instance_id = 'new-5'"),
        "86"
    );
}

#[test]
fn no_other_country_code_is_taken_by_any_door() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for wrong in [json!("1"), json!("+86"), json!("086"), json!("86 "), json!(86), json!(null)] {
        let refused = set(&root, CCC, json!({ "country_code": wrong }));
        assert_eq!(
            (refused.status, problem(&refused)),
            (422, "fields-invalid".to_owned()),
            "{wrong}"
        );
        assert!(refused.body.contains("/country_code"), "{}", refused.body);
        if wrong.is_string() {
            let detail = refused.json()["detail"].to_string();
            assert!(detail.contains(r#"one of \"\", 86"#), "{detail}");
        }
    }
    let path = app.database.path().to_str().unwrap().to_owned();
    let edit = |code: &str| {
        Program::run(
            &["instances", "edit", "ccc-test", "--country-code", code, "--database", &path],
            "",
        )
    };
    for wrong in ["1", "+86", "none"] {
        assert_eq!(edit(wrong).status.code(), Some(2), "{wrong}");
    }
    let by_hand = rusqlite::Connection::open(app.database.path()).unwrap();
    for wrong in ["'1'", "'+86'", "' '", "x'3836'"] {
        let sql =
            format!("UPDATE instance SET country_code = {wrong} WHERE instance_id = 'ccc-test'");
        by_hand.execute_batch(&sql).expect_err(&sql);
    }
    assert_eq!(root.get(CCC).json()["country_code"], "86");
}

#[test]
fn a_country_code_is_refused_with_the_numbers_that_would_be_one_and_nothing_is_merged() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for number in
        ["13810001234", "+8613810001234", "057188888888", "+8657188888888", "+12025559999"]
    {
        let added = root.post(&format!("{VCC}/numbers"), json!({ "number": number }));
        assert_eq!(added.status, 201, "{number}: {}", added.body);
    }
    let expected = "+8613810001234 and 13810001234, +8657188888888 and 057188888888: one number with country code 86; remove the other spelling of each first.";
    let refused = set(&root, VCC, json!({ "country_code": "86", "name": "New" }));
    assert_eq!((refused.status, problem(&refused)), (409, "number-exists".to_owned()));
    assert_eq!(refused.json()["detail"], expected);
    let path = app.database.path().to_str().unwrap().to_owned();
    let cli = Program::run(
        &["instances", "edit", "vcc-test", "--country-code", "86", "--database", &path],
        "",
    );
    let said = String::from_utf8_lossy(&cli.stderr).into_owned();
    assert_eq!(cli.status.code(), Some(1), "{said}");
    assert!(said.contains("+8613810001234 and 13810001234"), "{said}");
    give_passwords(&app);
    let form = [("name", "New"), ("personal_numbers", "shared"), ("country_code", "86")];
    let console = Visitor::of(&app, "user-test").post("/console/vcc-test/settings", &form);
    assert_eq!(console.status, 409, "{}", console.body);
    assert!(console.body.contains("13810001234"), "{}", console.body);
    assert_eq!(root.get(VCC).json()["name"], "Callback numbers");

    for number in ["13810001234", "+8657188888888"] {
        assert_eq!(root.delete(&format!("{VCC}/numbers/{number}")).status, 200);
    }
    let done = set(&root, VCC, json!({ "country_code": "86" }));
    assert_eq!((done.status, &done.json()["country_code"]), (200, &json!("86")), "{}", done.body);
    assert_eq!(root.get(&format!("{VCC}/numbers/13810001234")).json()["number"], "+8613810001234");
    let log = root.get(&format!("{VCC}/changes?entity=instance&limit=1")).json();
    let change = &log["items"][0];
    assert_eq!(
        (&change["old"]["country_code"], &change["new"]["country_code"]),
        (&json!(""), &json!("86"))
    );
    let undone = root.post(&format!("{VCC}/changes/{}:undo", change["change_id"]), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(root.get(VCC).json()["country_code"], "");
}

#[test]
fn a_country_code_is_refused_while_a_400_number_would_not_be_inbound() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let added = root.post(&format!("{VCC}/numbers"), json!({ "number": "04006000001" }));
    assert_eq!((added.status, &added.json()["usage"]), (201, &json!("Bidirection")));
    let refused = set(&root, VCC, json!({ "country_code": "86" }));
    assert_eq!(problem(&refused), "service-number-is-inbound");
    assert!(refused.body.contains("04006000001"), "{}", refused.body);
}

#[test]
fn settings_are_changed_in_the_console_and_at_the_command_line() {
    let app = App::spawn();
    give_passwords(&app);
    let visitor = Visitor::of(&app, "user-test");
    let page = visitor.get("/console/ccc-test/settings");
    assert!(page.body.contains("<option value=\"86\" selected>"), "{}", page.body);
    let form = [("name", "New"), ("personal_numbers", "shared"), ("country_code", "")];
    assert_eq!(visitor.post("/console/ccc-test/settings", &form).status, 303);
    let root = Caller::root(&app);
    let instance = root.get(CCC).json();
    assert_eq!(
        (&instance["personal_numbers"], &instance["country_code"]),
        (&json!("shared"), &json!(""))
    );
    let wrong = [("name", "New"), ("personal_numbers", "both")];
    assert_eq!(visitor.post("/console/ccc-test/settings", &wrong).status, 400);

    let path = app.database.path().to_str().unwrap().to_owned();
    let edit = |more: &[&str]| {
        let mut arguments = vec!["instances", "edit", "ccc-test", "--database", &path, "--json"];
        arguments.extend(more);
        Program::run(&arguments, "")
    };
    let did = edit(&["--personal-numbers", "exclusive", "--country-code", "86"]);
    let printed: Value = serde_json::from_slice(&did.stdout).unwrap();
    assert_eq!(
        (&printed["personal_numbers"], &printed["country_code"]),
        (&json!("exclusive"), &json!("86"))
    );
    let would = edit(&["--country-code", "", "--dry-run"]);
    assert_eq!(would.status.code(), Some(0));
    assert_eq!(root.get(CCC).json()["country_code"], "86");
    assert_eq!(edit(&[]).status.code(), Some(2), "nothing to change");
}
