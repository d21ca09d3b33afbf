//! Skills and groups: both are skill groups, and both show and change the same memberships.

use super::{ANNA, JAMES, MARY, SUPPORT, Vcc, column, message, state};
use crate::support::App;
use serde_json::{Value, json};

const WANGFANG: &str = "e0000000-0000-4000-a000-000000001004";
const TEST: &str = "f0000000-0000-4000-a000-000000000001";
const SALES: &str = "f0000000-0000-4000-a000-000000000002";
const NIGHT: &str = "f0000000-0000-4000-a000-000000000005";

/// The client of the account that has several skill groups.
fn client(app: &App) -> Vcc {
    Vcc::with(app, "demo-client-ccc", "users:read users:write")
}

/// A user's skills: their ids with the levels.
fn skills(vcc: &Vcc, user: &str) -> Vec<(String, String)> {
    let body = vcc.read(&format!("/users/{user}/skills"));
    let mut skills: Vec<_> = column(&body["agentSkills"], "skillId")
        .into_iter()
        .zip(column(&body["agentSkills"], "agentSkillLevel"))
        .collect();
    skills.sort();
    skills
}

fn level(id: &str, level: &str) -> (String, String) {
    (id.to_owned(), level.to_owned())
}

#[test]
fn put_skills_replaces_the_set_with_integer_levels_that_are_read_as_text() {
    let app = App::spawn();
    let vcc = client(&app);
    assert_eq!(skills(&vcc, WANGFANG), [level(TEST, "5"), level(SALES, "3")]);
    let before = app.database.query("SELECT count(*) FROM change");
    let body = json!({ "agentSkills": [{ "skillId": SALES, "agentSkillLevel": 9, "skillName": "ignored" }, { "skillId": NIGHT, "agentSkillLevel": 1 }] });
    let reply = vcc.put(&format!("/users/{WANGFANG}/skills"), &body);
    assert_eq!((reply.status, reply.json()), (200, vcc.read(&format!("/users/{WANGFANG}/skills"))));
    assert_eq!(skills(&vcc, WANGFANG), [level(SALES, "9"), level(NIGHT, "1")]);
    let changes = app.database.query(&format!("SELECT action, skill_group_id, user_id, actor, via FROM change WHERE change_id > {before} ORDER BY change_id"));
    assert_eq!(
        changes.lines().collect::<Vec<_>>(),
        [
            "delete|test@ccc-test|wangfang@ccc-test|demo-client-ccc|vcc",
            "update|sales@ccc-test|wangfang@ccc-test|demo-client-ccc|vcc",
            "insert|night@ccc-test|wangfang@ccc-test|demo-client-ccc|vcc",
        ]
    );
    let untouched = state(&app);
    assert_eq!(vcc.put(&format!("/users/{WANGFANG}/skills"), &body).status, 200);
    assert_eq!(state(&app), untouched, "what stays as it is leaves no trace");
}

#[test]
fn put_groups_keeps_existing_levels_and_gives_new_memberships_level_5() {
    let app = App::spawn();
    let vcc = client(&app);
    let body = json!({ "agentGroups": [{ "groupId": SALES }, { "groupId": NIGHT }, { "groupId": NIGHT }] });
    let reply = vcc.put(&format!("/users/{WANGFANG}/groups"), &body);
    assert_eq!((reply.status, reply.json()), (200, vcc.read(&format!("/users/{WANGFANG}/groups"))));
    assert_eq!(skills(&vcc, WANGFANG), [level(SALES, "3"), level(NIGHT, "5")]);
    assert_eq!(
        vcc.put(&format!("/users/{WANGFANG}/groups"), &json!({ "agentGroups": [] })).status,
        200
    );
    assert_eq!(skills(&vcc, WANGFANG), []);
}

#[test]
fn put_skills_users_replaces_the_members() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let body = json!({ "users": [{ "userId": JAMES, "agentSkillLevel": 2, "name": "ignored" }, { "userId": ANNA, "agentSkillLevel": 10 }] });
    let reply = vcc.put(&format!("/skills/{SUPPORT}/users"), &body);
    assert_eq!((reply.status, reply.json()), (200, vcc.read(&format!("/skills/{SUPPORT}/users"))));
    let users = &reply.json()["users"];
    assert_eq!(
        (column(users, "userId"), column(users, "agentSkillLevel")),
        (vec![ANNA.to_owned(), JAMES.to_owned()], vec!["10".to_owned(), "2".to_owned()])
    );
    assert_eq!(
        column(&vcc.read(&format!("/groups/{SUPPORT}/users"))["users"], "userId"),
        [ANNA, JAMES]
    );
    assert_eq!(vcc.read(&format!("/users/{MARY}/skills"))["agentSkills"], json!([]));
    assert_eq!(vcc.put(&format!("/skills/{SUPPORT}/users"), &json!({ "users": [] })).status, 200);
}

#[test]
fn a_skill_that_is_given_twice_has_its_last_level() {
    let app = App::spawn();
    let vcc = client(&app);
    let body = json!({ "agentSkills": [{ "skillId": NIGHT, "agentSkillLevel": 2 }, { "skillId": NIGHT.to_uppercase(), "agentSkillLevel": 7 }] });
    assert_eq!(vcc.put(&format!("/users/{WANGFANG}/skills"), &body).status, 200);
    assert_eq!(skills(&vcc, WANGFANG), [level(NIGHT, "7")]);
}

#[test]
fn levels_are_integers_from_1_to_10_and_anything_else_changes_nothing() {
    let app = App::spawn();
    let vcc = client(&app);
    let untouched = state(&app);
    let put = |path: String, body: Value| message(&vcc.put(&path, &body), 400);
    for wrong in [
        json!(0),
        json!(11),
        json!(-1),
        json!(1.5),
        json!("5.0"),
        json!("x"),
        json!(null),
        json!(256),
        json!(u64::MAX),
    ] {
        let told = put(
            format!("/users/{WANGFANG}/skills"),
            json!({ "agentSkills": [{ "skillId": NIGHT, "agentSkillLevel": wrong }] }),
        );
        assert!(told.starts_with("agentSkills[0].agentSkillLevel: "), "{told}");
        let told = put(
            format!("/skills/{NIGHT}/users"),
            json!({ "users": [{ "userId": WANGFANG, "agentSkillLevel": wrong }] }),
        );
        assert!(told.starts_with("users[0].agentSkillLevel: "), "{told}");
    }
    assert!(
        put(format!("/users/{WANGFANG}/skills"), json!({ "agentSkills": [{ "skillId": NIGHT }] }))
            .contains("agentSkillLevel")
    );
    assert!(
        put(format!("/users/{WANGFANG}/skills"), json!({ "agentGroups": [] }))
            .contains("agentSkills")
    );
    assert!(
        put(format!("/users/{WANGFANG}/groups"), json!({ "agentSkills": [] }))
            .contains("agentGroups")
    );
    assert!(put(format!("/skills/{NIGHT}/users"), json!({})).contains("users"));
    assert_eq!(state(&app), untouched);
}

#[test]
fn an_unknown_skill_group_or_user_in_a_body_changes_nothing_and_is_named() {
    let app = App::spawn();
    let vcc = client(&app);
    let untouched = state(&app);
    let unknown = "00000000-0000-0000-0000-00000000000a";
    for (path, body) in [
        (
            format!("/users/{WANGFANG}/skills"),
            json!({ "agentSkills": [{ "skillId": NIGHT, "agentSkillLevel": 1 }, { "skillId": unknown, "agentSkillLevel": 1 }] }),
        ),
        (format!("/users/{WANGFANG}/groups"), json!({ "agentGroups": [{ "groupId": unknown }] })),
        (
            format!("/skills/{NIGHT}/users"),
            json!({ "users": [{ "userId": unknown, "agentSkillLevel": 1 }] }),
        ),
    ] {
        assert!(message(&vcc.put(&path, &body), 400).contains(unknown), "{path}");
    }
    assert_eq!(state(&app), untouched);
}
