//! What can be seen, dialled and found on every face: names that are not blank, numbers with a
//! digit, and texts in whichever normal form they come.

use crate::admin::{CCC, Caller};
use crate::console::{self, Visitor, encoded};
use crate::support::{App, Program, Reply};
use crate::vcc::Vcc;
use serde_json::{Value, json};
use std::process::Output;

/// The program beside the server.
fn program(app: &App, arguments: &[&str], stdin: &str) -> Output {
    let database = app.database.path().to_str().unwrap();
    let more = ["--database", database, "--instance", "ccc-test"];
    Program::run(&[arguments, &more[..]].concat(), stdin)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[track_caller]
fn assert_says(reply: &Reply, status: u16, part: &str) {
    assert_eq!(reply.status, status, "{}", reply.body);
    assert!(reply.body.contains(part), "{}", reply.body);
}

/// A right-to-left mark, zero-width spaces, and letters that no font draws.
const BLANK: [&str; 3] = ["\u{200f}", "\u{200b}\u{feff} ", "\u{3164}\u{ad}\u{2060}"];

#[test]
fn a_name_of_which_nothing_can_be_seen_is_blank_on_every_face() {
    let app = console::app();
    let (root, visitor) = (Caller::root(&app), Visitor::of(&app, "user-test"));
    let vcc = Vcc::with(&app, "demo-client", "users:read users:write");
    let changes = app.database.query("SELECT count(*) FROM change");
    for blank in BLANK {
        let user = json!({ "login_name": "noor", "display_name": "Noor", "role": "Agent" });
        let with = |mut body: Value, field: &str, value: Value| {
            body[field] = value;
            body
        };
        let number = json!({ "number": "0835000" });
        for (path, body) in [
            ("/api/v1/instances", json!({ "instance_id": "noor", "name": blank, "admins": [] })),
            (&format!("{CCC}/skill-groups"), json!({ "name": "noor", "display_name": blank })),
            (&format!("{CCC}/contact-flows"), json!({ "name": blank })),
            (&format!("{CCC}/users"), with(user.clone(), "display_name", json!(blank))),
            (&format!("{CCC}/users"), with(user.clone(), "nickname", json!(blank))),
            (&format!("{CCC}/numbers"), with(number, "tags", json!([blank]))),
        ] {
            let reply = root.post(path, body);
            assert!(matches!(reply.status, 400 | 422), "{path}: {}", reply.body);
            assert!(reply.body.contains("have something that can be seen"), "{}", reply.body);
        }

        let group = [("InstanceId", "ccc-test"), ("Name", "noor"), ("DisplayName", blank)];
        let more = [("MediaType", "AUDIO")];
        assert_says(&app.call("CreateSkillGroup", &[&group[..], &more].concat()), 400, "Blank");

        let body = json!({
            "username": "noor", "name": blank, "email": "noor@example.com",
            "userAccountConfiguration": { "role": "Agent" },
        });
        let reply = vcc.send("POST", "/users", Some(body.to_string().as_bytes()));
        assert_says(&reply, 400, "must not be blank");

        let form = [("name", "noor"), ("display_name", blank)];
        let reply = visitor.post("/console/ccc-test/groups", &form);
        assert_says(&reply, 400, "must not be blank");

        let lines = format!("name,display_name\nnoor,{blank}\n");
        for (line, stdin) in [
            (&["users", "edit", "lina", "--display-name", blank][..], ""),
            (&["users", "edit", "lina", "--nickname", blank], ""),
            (&["groups", "create", "noor", "--display-name", blank], ""),
            (&["contact-flows", "add", blank], ""),
            (&["numbers", "edit", "083xxxx0011", "--tag", blank], ""),
            (&["import", "-", "--what", "groups"], &lines),
        ] {
            let output = program(&app, line, stdin);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{line:?}: {}", said(&output));
            assert!(said(&output).contains("must not be blank"), "{line:?}: {}", said(&output));
        }
    }
    assert_eq!(app.database.query("SELECT count(*) FROM change"), changes);
}

/// As a Mac's file names have it, and as a keyboard does.
const DECOMPOSED: &str = "Ju\u{308}rgen Vie\u{323}\u{302}t";
const COMPOSED: &str = "J\u{fc}rgen Vi\u{1ec7}t";

#[test]
fn a_text_is_kept_composed_whichever_face_it_comes_from() {
    let app = console::app();
    let (root, visitor) = (Caller::root(&app), Visitor::of(&app, "user-test"));
    let name = |sql: &str| app.database.query(&format!("SELECT display_name FROM {sql}"));
    let body = json!({ "name": "rest", "display_name": DECOMPOSED });
    assert_eq!(root.post(&format!("{CCC}/skill-groups"), body).status, 201);
    let group = [("InstanceId", "ccc-test"), ("Name", "ccc-face"), ("DisplayName", DECOMPOSED)];
    let made = app.call("CreateSkillGroup", &[&group[..], &[("MediaType", "AUDIO")]].concat());
    assert_eq!(made.status, 200, "{}", made.body);
    let form = [("name", "console"), ("display_name", DECOMPOSED)];
    assert_eq!(visitor.post("/console/ccc-test/groups", &form).status, 303);
    let line = ["groups", "create", "cli", "--display-name", DECOMPOSED];
    assert!(program(&app, &line, "").status.success());
    let lines = format!("name,display_name\nfile,{DECOMPOSED}\n");
    let output = program(&app, &["import", "-", "--what", "groups"], &lines);
    assert!(output.status.success(), "{}", said(&output));
    let vcc = Vcc::with(&app, "demo-client", "users:read users:write");
    let body = json!({ "name": DECOMPOSED });
    let path = format!("/users/{}", crate::vcc::ANNA);
    let reply = vcc.send("PATCH", &path, Some(body.to_string().as_bytes()));
    assert!(matches!(reply.status, 200 | 204), "{}", reply.body);
    for group in ["rest", "ccc-face", "console", "cli", "file"] {
        assert_eq!(name(&format!("skill_group WHERE name = '{group}'")), COMPOSED, "{group}");
    }
    let anna = format!("user WHERE user_guid = '{}'", crate::vcc::ANNA);
    assert_eq!(name(&anna), COMPOSED);
}

#[test]
fn what_is_looked_for_in_one_normal_form_is_found_in_the_other() {
    is_found_in_both_forms_when_it_is_kept_as(COMPOSED);
    // From before all texts were composed, or written by hand.
    is_found_in_both_forms_when_it_is_kept_as(DECOMPOSED);
}

fn is_found_in_both_forms_when_it_is_kept_as(kept: &str) {
    let app = console::app();
    let (root, visitor) = (Caller::root(&app), Visitor::of(&app, "user-test"));
    for edit in [
        format!("UPDATE user SET display_name = '{kept}' WHERE user_id = 'lina@ccc-test'"),
        format!("UPDATE phone_number SET city = '{kept}' WHERE number = '02855500017'"),
    ] {
        app.database.query(&edit);
    }
    // Written by hand as a Mac has it.
    let note =
        format!("UPDATE phone_number SET note = '{DECOMPOSED}' WHERE number = '02855500018'");
    app.database.query(&note);
    let total = |path: &str| {
        let list = root.get(&format!("{CCC}/{path}"));
        list.json()["total"].as_u64().unwrap_or_else(|| panic!("{path}: {}", list.body))
    };
    let held = "SELECT count(*) FROM personal_assignment
                 WHERE user_id = 'lina@ccc-test' AND released_at IS NULL";
    let held: u64 = app.database.query(held).parse().unwrap();
    for words in [COMPOSED, DECOMPOSED] {
        let words = encoded(words);
        assert_eq!(
            total(&format!("numbers?q={words}")),
            held + 2,
            "her numbers, the note, the city"
        );
        assert_eq!(total(&format!("users?q={words}")), 1);
        if kept == COMPOSED || words == encoded(kept) {
            assert_eq!(total(&format!("numbers?city={words}")), 1, "{kept} by {words}");
        }
        let suggested = visitor.get(&format!("/console/ccc-test/suggest?kind=user&q={words}"));
        assert!(suggested.body.contains("lina@ccc-test"), "{}", suggested.body);
    }
    let parameters = [("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10")];
    let pattern = [("SearchPattern", DECOMPOSED)];
    let listed = app.call("ListUsers", &[&parameters[..], &pattern].concat());
    assert!(listed.body.contains("lina@ccc-test"), "{}", listed.body);
    let listed = program(&app, &["users", "list", "-q", DECOMPOSED], "");
    assert!(said(&listed).contains("lina"), "{}", said(&listed));
    // A person who is chosen by their name.
    let form = [("user", DECOMPOSED), ("action", "add"), ("level", "3")];
    let added = visitor.post("/console/ccc-test/groups/test%40ccc-test/members", &form);
    assert_eq!(added.status, 303, "{}", added.body);
    let member = "SELECT count(*) FROM skill_group_member
                   WHERE user_id = 'lina@ccc-test' AND skill_group_id = 'test@ccc-test'";
    assert_eq!(app.database.query(member), "1");
}

#[test]
fn a_number_without_a_digit_is_none_on_any_face() {
    let app = console::app();
    let (root, visitor) = (Caller::root(&app), Visitor::of(&app, "user-test"));
    for number in ["--", "+-", "*#", "xx"] {
        let reply = root.post(&format!("{CCC}/numbers"), json!({ "number": number }));
        assert_says(&reply, 422, "at least one digit");
        let list = json!([number]).to_string();
        let parameters = [("Provider", "x"), ("NumberList", list.as_str())];
        let reply = app.call("ImportCorpNumbers", &parameters);
        assert_says(&reply, 400, "at least one digit");
        let reply = visitor.post("/console/ccc-test/numbers/add", &[("numbers", number)]);
        assert_says(&reply, 400, "at least one digit");
        let lines = format!("number\n{number}\n");
        for (line, stdin) in
            [(&["numbers", "add", "--", number][..], ""), (&["import", "-"], lines.as_str())]
        {
            let database = app.database.path().to_str().unwrap();
            let options = ["--database", database, "--instance", "ccc-test"];
            let line = [&line[..1], &options[..], &line[1..]].concat();
            let output = Program::run(&line, stdin);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{line:?}: {}", said(&output));
            assert!(said(&output).contains("at least one digit"), "{}", said(&output));
        }
        let by_hand = app.database.shell(&format!(
            "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '{number}');"
        ));
        assert!(said(&by_hand).contains("rule:number_has_a_digit"), "{}", said(&by_hand));
    }
}

#[test]
fn a_number_without_a_digit_from_before_is_seen_selected_and_removed() {
    let app = console::app();
    let root = Caller::root(&app);
    let rule = "SELECT sql FROM sqlite_schema WHERE name = 'phone_number_insert_digit'";
    let rule = app.database.query(rule);
    app.database.query("DROP TRIGGER phone_number_insert_digit");
    app.database.query("INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '##-')");
    app.database.query(&rule);
    let number = format!("{CCC}/numbers/%23%23-");
    assert_eq!(root.get(&number).status, 200);
    let free = json!({
        "query": { "state": ["free"] }, "action": "hold", "until": "2999-01-01T00:00:00Z",
        "mode": "best_effort", "dry_run": true
    });
    let held = root.post(&format!("{CCC}/numbers:batch"), free);
    assert!(held.status == 200 && held.body.contains("##-"), "{}: {}", held.status, held.body);
    assert_eq!(root.delete(&number).status, 200);
}
