//! Who may call what: every operation by every role, against the one table.

use super::{OPERATIONS, app_with_tokens, assert_snapshot, code, data, requests};
use numberd::ccc::Operation;
use numberd::domain::{Act, Allowed, Role};

/// Who has which role in `ccc-test`, weakest first.
const CALLERS: [(Role, &str); 4] = [
    (Role::Agent, "wangfang"),
    (Role::Manager, "lina"),
    (Role::Admin, "xufei"),
    (Role::Root, "demo-token"),
];

#[test]
fn every_operation_is_open_to_the_roles_of_the_table_and_to_no_others() {
    let mut text = String::new();
    for name in OPERATIONS {
        let operation = Operation::ALL.iter().find(|operation| operation.name() == name).unwrap();
        let app = app_with_tokens(&["wangfang", "lina", "xufei"]);
        for (role, token) in CALLERS {
            // A login that is nobody's user yet, so that each of them could succeed.
            let fits = requests::golden(name).iter().any(|(name, _)| *name == "InstanceId");
            let changes: &[_] = if fits { &[("InstanceId", Some("ccc-test"))] } else { &[] };
            let code = code(&app.call_as(token, name, &requests::changed(name, changes)));
            // An agent is let in to what is his own: wangfang's profile and privileges.
            let open = operation.act().allowed(role) != Allowed::No;
            assert_eq!(code != "Permission.Common", open, "{name} by {role:?}: {code}");
            assert_ne!(code, "NotExists.InstanceId", "{name} by {role:?}");
            text.push_str(&format!(
                "{name:<22}{:<10}{}\n",
                role.name(),
                if open { "yes" } else { "no" }
            ));
        }
    }
    assert_snapshot("roles", &text);
}

#[test]
fn an_agent_sees_his_own_profile_by_id_and_by_extension_and_learns_nothing_of_others() {
    let app = app_with_tokens(&["wangfang"]);
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
    let app = app_with_tokens(&["wangfang", "lina", "xufei"]);
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
        1
    );
}
