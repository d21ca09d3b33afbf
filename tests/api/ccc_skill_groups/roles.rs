//! Who may do what with skill groups and members.

use super::{App, GOOD, Reply, app_with_tokens, redacted, state};

/// What each operation says to an agent, a manager, an administrator, and to the root.
const ALLOWED: &[(&str, [bool; 4])] = &[
    ("CreateSkillGroup", [false, false, true, true]),
    ("ModifySkillGroup", [false, false, true, true]),
    ("DeleteSkillGroup", [false, false, true, true]),
    ("GetSkillGroup", [false, true, true, true]),
    ("ListSkillGroups", [false, true, true, true]),
    ("ListBriefSkillGroups", [false, true, true, true]),
    ("AddUsersToSkillGroup", [false, true, true, true]),
    ("RemoveUsersFromSkillGroup", [false, true, true, true]),
    ("AddSkillGroupsToUser", [false, true, true, true]),
    ("RemoveSkillGroupsFromUser", [false, true, true, true]),
    // The recorded call asks for another agent.
    ("ListSkillLevelsOfUser", [false, true, true, true]),
    ("ModifySkillLevelsOfUser", [false, true, true, true]),
    ("ListUserLevelsOfSkillGroup", [false, true, true, true]),
    ("ModifyUserLevelsOfSkillGroup", [false, true, true, true]),
];

/// An agent, a manager, an administrator and the root of ccc-test.
const CALLERS: [&str; 4] = ["liuyang", "zhangwei", "chenjing", "demo-token"];

/// Of another instance, and of none.
const STRANGERS: [&str; 2] = ["marysmith", "xufei"];

fn app() -> App {
    let app =
        app_with_tokens(&["liuyang", "wangfang", "zhangwei", "chenjing", "marysmith", "xufei"]);
    app.database
        .query("UPDATE user SET role = 'Admin' WHERE user_id = 'chenjing@ccc-test' RETURNING role");
    app
}

fn code(reply: &Reply) -> String {
    reply.json()["Code"].as_str().unwrap().to_owned()
}

#[test]
fn every_operation_lets_in_the_roles_of_the_table_and_nobody_else() {
    let app = app();
    for (_, good) in GOOD {
        let (_, allowed) =
            ALLOWED.iter().find(|(action, _)| *action == good.action).expect(good.action);
        for (caller, allowed) in CALLERS.iter().zip(allowed) {
            let before = state(&app);
            let reply = app.call_as(caller, good.action, good.parameters);
            // Whether what is let in also succeeds depends on what was done before, and is recorded
            // elsewhere.
            let refused =
                matches!(code(&reply).as_str(), "Permission.Common" | "NotExists.InstanceId");
            assert_eq!(refused, !allowed, "{caller} {}: {}", good.action, reply.body);
            assert!(*allowed || state(&app) == before, "{caller} {}", good.action);
        }
    }
}

#[test]
fn to_who_is_not_of_the_instance_it_does_not_exist() {
    let app = app();
    let before = state(&app);
    for (_, good) in GOOD {
        for caller in STRANGERS {
            let reply = app.call_as(caller, good.action, good.parameters);
            assert_eq!(
                (reply.status, code(&reply).as_str()),
                (404, "NotExists.InstanceId"),
                "{caller} {}",
                good.action
            );
            let message = reply.json()["Message"].clone();
            assert_eq!(
                message, "The specified instance ccc-test does not exist.",
                "the same words as for one that there is not"
            );
        }
    }
    assert_eq!(state(&app), before);
}

const PAGE: [(&str, &str); 3] =
    [("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10")];

#[test]
fn an_agent_sees_his_own_levels_named_or_not_and_nobody_elses() {
    let app = app();
    let ask = |caller: &str, given: &[(&str, &str)]| {
        app.call_as(caller, "ListSkillLevelsOfUser", &[&PAGE, given].concat())
    };
    let own = ask("wangfang", &[]);
    assert_eq!(
        super::column(&own, &["SkillGroupId", "SkillLevel"]),
        ["sales@ccc-test 3", "test@ccc-test 5"]
    );
    for given in
        [&[("UserId", "wangfang@ccc-test")][..], &[("UserId", "")], &[("IsMember", "true")]]
    {
        assert_eq!(ask("wangfang", given).json()["Data"], own.json()["Data"], "{given:?}");
    }
    // Another's, nobody's, and what is not his: all alike, so that nothing is learnt of them.
    let refused: &[&[(&str, &str)]] = &[
        &[("UserId", "liuyang@ccc-test")],
        &[("UserId", "ghost@ccc-test")],
        &[("UserId", "WANGFANG@ccc-test")],
        &[("UserId", "marysmith@vcc-test")],
        &[("UserId", "liuyang@ccc-test"), ("IsMember", "false")],
    ];
    for given in refused {
        assert_eq!(code(&ask("wangfang", given)), "Permission.Common", "{given:?}");
    }
    for given in
        [&[("IsMember", "false")][..], &[("UserId", "wangfang@ccc-test"), ("IsMember", "false")]]
    {
        assert_eq!(code(&ask("wangfang", given)), "Permission.Common", "{given:?}");
    }
    redacted(|| {
        insta::assert_snapshot!(ask("wangfang", refused[0]).body, @r#"{"RequestId":"[request id]","HostId":"[host]","Code":"Permission.Common","Message":"You have no permission to access. The role Agent does not allow ReadOwn.","Recommend":"https://error-center.aliyun.com/status/product/CCC"}"#);
    });
}

#[test]
fn without_a_name_a_manager_and_the_root_see_their_own_levels_too() {
    let app = app();
    let levels = |caller: &str, given: &[(&str, &str)]| {
        super::column(
            &app.call_as(caller, "ListSkillLevelsOfUser", &[&PAGE, given].concat()),
            &["SkillGroupId"],
        )
    };
    assert_eq!(levels("zhangwei", &[]), ["sales@ccc-test"]);
    assert_eq!(levels("demo-token", &[]), Vec::<String>::new());
    assert_eq!(levels("zhangwei", &[("UserId", "liuyang@ccc-test")]), ["test@ccc-test"]);
    // zhangwei is an agent of the other instance, where he is in no group.
    let other = [("InstanceId", "vcc-test"), ("PageNumber", "1"), ("PageSize", "10")];
    assert_eq!(
        super::column(&app.call_as("zhangwei", "ListSkillLevelsOfUser", &other), &["SkillGroupId"]),
        Vec::<String>::new()
    );
    let mary = [&other[..], &[("UserId", "marysmith@vcc-test")]].concat();
    assert_eq!(code(&app.call_as("zhangwei", "ListSkillLevelsOfUser", &mary)), "Permission.Common");
}

#[test]
fn the_other_lists_of_one_user_still_want_his_name() {
    let reply = app().call_as(
        "wangfang",
        "ListPersonalNumbersOfUser",
        &[&PAGE[..], &[("IsMember", "true")]].concat(),
    );
    assert_eq!(code(&reply), "Parameter.Null");
}

#[test]
fn an_archived_agent_is_let_in_nowhere() {
    let app = app();
    app.database
        .query("UPDATE user SET active = 0 WHERE user_id = 'wangfang@ccc-test' RETURNING active");
    assert_eq!(
        code(&app.call_as("wangfang", "ListSkillLevelsOfUser", &PAGE)),
        "NotExists.InstanceId"
    );
}
