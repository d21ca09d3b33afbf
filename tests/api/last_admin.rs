//! An instance keeps an Admin, and nobody removes themselves: whichever face is asked, whatever
//! would come to it. The machine's owner may, by force.

use crate::admin::{CCC, Caller, problem};
use crate::console::{Visitor, encoded, give_passwords, hidden};
use crate::support::{App, Program, Reply, SeededDatabase, Watch};
use crate::vcc::Vcc;
use numberd::domain::{Clock, Paging};
use serde_json::json;

const ADMIN: &str = "zhaolei@ccc-test";

/// The sample, with an Agent who is its one Admin instead of the root's user.
fn database() -> SeededDatabase {
    let database = SeededDatabase::new();
    database.query(&format!("UPDATE user SET role = 'Admin' WHERE user_id = '{ADMIN}'"));
    database.query("UPDATE user SET role = 'Agent' WHERE user_id = 'user-test@ccc-test'");
    database
}

fn app() -> App {
    let app = App::over(database(), Paging::Strict, Clock::System);
    give_passwords(&app);
    app
}

/// The GUID that the VCC face knows the Admin by.
fn guid(app: &App) -> String {
    app.database.query(&format!("SELECT user_guid FROM user WHERE user_id = '{ADMIN}'"))
}

/// Every way to take an Admin from the instance, with what it is answered.
fn attempts(app: &App, vcc: &Vcc, visitor: &Visitor<'_>) -> Vec<(&'static str, Reply)> {
    let list = format!("[\"lina@ccc-test\",\"{ADMIN}\"]");
    let removed = [("InstanceId", "ccc-test"), ("UserIdList", list.as_str())];
    let demoted = [
        ("InstanceId", "ccc-test"),
        ("RoleId", "Manager@ccc-test"),
        ("UserId", ADMIN),
        ("WorkMode", "ON_SITE"),
    ];
    let root = Caller::root(app);
    let user = format!("{CCC}/users/{ADMIN}");
    let role = json!({ "role": "Agent" });
    let patch = |body: serde_json::Value| {
        let path = format!("/users/{}", guid(app));
        vcc.send("PATCH", &path, Some(body.to_string().as_bytes()))
    };
    let page = format!("/console/ccc-test/users/{}", encoded(ADMIN));
    let hash = hidden(&visitor.get(&format!("{page}/leaver?target=")).body, "hash");
    let left = [("remove", "true"), ("hash", hash.as_str())];
    let form = visitor.get(&format!("{page}/edit")).body;
    let version = hidden(&form, "version");
    let edited = [
        ("version", version.as_str()),
        ("display_name", "赵磊"),
        ("role", "Manager"),
        ("work_mode", "ON_SITE"),
    ];
    vec![
        ("RemoveUsers", app.call("RemoveUsers", &removed)),
        ("ModifyUser", app.call("ModifyUser", &demoted)),
        ("REST, removed", root.delete(&format!("{user}?force=true"))),
        ("REST, demoted", root.send("PATCH", &user, &[("if-match", "*")], Some(&role))),
        ("VCC, archived", patch(json!({ "active": false }))),
        ("VCC, locked", patch(json!({ "locked": true }))),
        ("VCC, demoted", patch(json!({ "userAccountConfiguration": { "role": "Supervisor" } }))),
        ("console, removed", visitor.post(&format!("{page}/leaver"), &left)),
        ("console, demoted", visitor.post(&format!("{page}/edit"), &edited)),
    ]
}

#[test]
fn the_last_admin_is_neither_removed_archived_locked_nor_demoted_by_any_face() {
    let app = app();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:read users:write");
    let visitor = Visitor::of(&app, "user-test");
    let watch = Watch::over(&app.database);
    for (way, reply) in attempts(&app, &vcc, &visitor) {
        let status = if way.contains("User") { 400 } else { 409 };
        assert_eq!(reply.status, status, "{way}: {}", reply.body);
        let said = reply.body.to_lowercase();
        assert!(said.contains("would be left without an admin"), "{way}: {}", reply.body);
        if way.starts_with("REST") {
            assert_eq!(problem(&reply), "last-admin");
        }
    }
    watch.assert_unchanged("the last Admin");
}

#[test]
fn one_of_two_admins_may_go_but_an_archived_or_locked_one_does_not_count() {
    for (other, may) in [("", true), (", active = 0", false), (", locked = 1", false)] {
        let app = app();
        let second =
            format!("UPDATE user SET role = 'Admin'{other} WHERE user_id = 'lina@ccc-test'");
        app.database.query(&second);
        let removed = Caller::root(&app).delete(&format!("{CCC}/users/{ADMIN}?force=true"));
        assert_eq!(removed.status, if may { 200 } else { 409 }, "{other}: {}", removed.body);
    }
}

#[test]
fn undoing_what_made_somebody_the_last_admin_is_refused_whole() {
    let app = app();
    let root = Caller::root(&app);
    let role = |user: &str, role: &str| {
        let path = format!("{CCC}/users/{user}");
        let changed =
            root.send("PATCH", &path, &[("if-match", "*")], Some(&json!({ "role": role })));
        assert_eq!(changed.status, 200, "{}", changed.body);
        changed.header("x-request-id").unwrap().to_owned()
    };
    let request = role("lina@ccc-test", "Admin");
    role(ADMIN, "Agent");
    let lina = Caller::of(&app, "lina");
    let watch = Watch::over(&app.database);
    for mode in ["all_or_nothing", "best_effort"] {
        let path = format!("{CCC}/requests/{request}:undo");
        let undone = lina.post(&path, json!({ "mode": mode }));
        assert_eq!((undone.status, problem(&undone).as_str()), (409, "last-admin"));
    }
    watch.assert_unchanged("undoing");
}

#[test]
fn nobody_removes_themselves_by_any_face() {
    let app = app();
    app.database.query("UPDATE user SET role = 'Admin' WHERE user_id = 'lina@ccc-test'");
    let admin = Caller::of(&app, "zhaolei");
    let list = format!("[\"{ADMIN}\"]");
    let removed = [("InstanceId", "ccc-test"), ("UserIdList", list.as_str())];
    let page = format!("/console/ccc-test/users/{}/leaver", encoded(ADMIN));
    let visitor = Visitor::of(&app, "zhaolei");
    let watch = Watch::over(&app.database);

    let ccc = app.call_as(&admin.token, "RemoveUsers", &removed);
    assert_eq!((ccc.status, ccc.json()["Code"].clone()), (400, json!("Parameter.Invalid")));
    let rest = admin.delete(&format!("{CCC}/users/{ADMIN}?force=true"));
    assert_eq!((rest.status, problem(&rest).as_str()), (409, "own-user"));
    let hash = hidden(&visitor.get(&format!("{page}?target=")).body, "hash");
    let console = visitor.post(&page, &[("remove", "true"), ("hash", &hash)]);
    assert_eq!(console.status, 409);
    for reply in [ccc, rest] {
        assert!(reply.body.contains("another Admin can remove zhaolei@ccc-test"), "{}", reply.body);
    }
    assert!(console.body.contains("Nobody can remove themselves. Ask another admin."));
    watch.assert_unchanged("removing themselves");

    let other = app.call_as(&Caller::of(&app, "lina").token, "RemoveUsers", &removed);
    assert_eq!(other.status, 200, "{}", other.body);
}

#[test]
fn removing_several_users_is_undone_as_one_request_with_their_numbers_and_groups() {
    let app = App::spawn();
    let held = || {
        app.database.query(
            "SELECT (SELECT group_concat(user_id || number) FROM (SELECT user_id, number FROM v_personal_number WHERE instance_id = 'ccc-test' ORDER BY user_id, number))
                 || (SELECT group_concat(skill_group_id || user_id || skill_level) FROM (SELECT * FROM skill_group_member WHERE instance_id = 'ccc-test' ORDER BY skill_group_id, user_id))
                 || (SELECT group_concat(user_id || role || extension) FROM (SELECT * FROM user WHERE instance_id = 'ccc-test' ORDER BY user_id))",
        )
    };
    let before = held();
    let users = r#"["wangfang@ccc-test","lina@ccc-test","zhaolei@ccc-test"]"#;
    let removed = app.call("RemoveUsers", &[("InstanceId", "ccc-test"), ("UserIdList", users)]);
    assert_eq!(removed.status, 200, "{}", removed.body);
    assert!(!held().contains("wangfang"));
    let request = removed.json()["RequestId"].as_str().unwrap().to_owned();
    let undone = Caller::root(&app).post(&format!("{CCC}/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(held(), before);
    app.database.assert_no_rule_violation();
}

#[test]
fn at_the_command_line_the_last_admin_is_removed_by_force_only() {
    let database = SeededDatabase::new();
    let run = |line: &str| {
        let place = ["--database", database.path().to_str().unwrap(), "--instance", "fresh"];
        let words: Vec<&str> = line.split_whitespace().collect();
        Program::run(&[&words[..], &place].concat(), "")
    };
    assert_eq!(run("instances create fresh --admin zhaolei").status.code(), Some(0));
    let refused = run("users remove zhaolei@fresh");
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(
        said,
        "numberd: instance fresh would be left without an Admin; make another user Admin first.\n"
    );
    assert_eq!(run("users remove zhaolei@fresh --force").status.code(), Some(0));
    let left = "SELECT count(*) FROM user WHERE user_id = 'zhaolei@fresh'";
    assert_eq!(database.query(left), "0");
}
