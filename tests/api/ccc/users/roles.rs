//! What each role sees of users, and what it is told that it may do.

use super::{app_with_admin, code, data};
use numberd::domain::{Act, Allowed, Role};

/// Who has which role in `ccc-test`, weakest first.
const CALLERS: [(Role, &str); 4] = [
    (Role::Agent, "wangfang"),
    (Role::Manager, "lina"),
    (Role::Admin, "xufei"),
    (Role::Root, "demo-token"),
];

#[test]
fn an_agent_sees_their_own_profile_by_id_and_by_extension_and_learns_nothing_of_others() {
    let app = app_with_admin(&["wangfang"]);
    for key in [("UserId", "wangfang@ccc-test"), ("Extension", "80326037")] {
        let reply = app.call_as("wangfang", "GetUser", &[("InstanceId", "ccc-test"), key]);
        assert_eq!(data(&reply)["UserId"], "wangfang@ccc-test", "{key:?}");
    }
    let others = [
        ("UserId", "liuyang@ccc-test"),
        ("UserId", "nobody@ccc-test"),
        ("Extension", "80326038"),
        ("Extension", "1"),
    ];
    let bodies = others.map(|key| {
        let reply = app.call_as("wangfang", "GetUser", &[("InstanceId", "ccc-test"), key]);
        assert_eq!(code(&reply), "Permission.Common", "{key:?}");
        reply.json()["Message"].clone()
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}

#[test]
fn the_privileges_are_those_of_the_table() {
    let app = app_with_admin(&["wangfang", "lina", "xufei"]);
    for (role, token) in CALLERS {
        let privileges =
            data(&app.call_as(token, "ListPrivilegesOfUser", &[("InstanceId", "ccc-test")]));
        let found: Vec<(&str, &str)> = privileges
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["Name"].as_str().unwrap(), one["Scope"].as_str().unwrap()))
            .collect();
        let expected: Vec<(String, &str)> = Act::ALL
            .iter()
            .filter(|act| act.allowed(role) != Allowed::No)
            .map(|act| {
                (
                    format!("{act:?}"),
                    if act.allowed(role) == Allowed::Own { "SELF_ONLY" } else { "ALL" },
                )
            })
            .collect();
        assert_eq!(
            found,
            expected.iter().map(|(name, scope)| (name.as_str(), *scope)).collect::<Vec<_>>(),
            "{role:?}"
        );
    }
    assert_eq!(
        data(&app.call_as("wangfang", "ListPrivilegesOfUser", &[("InstanceId", "ccc-test")]))
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
