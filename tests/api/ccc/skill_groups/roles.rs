//! Who may do what with skill groups and members.

use super::{App, app_with_tokens, code};

fn app() -> App {
    let app =
        app_with_tokens(&["liuyang", "wangfang", "zhangwei", "chenjing", "marysmith", "xufei"]);
    app.database
        .query("UPDATE user SET role = 'Admin' WHERE user_id = 'chenjing@ccc-test' RETURNING role");
    app
}

const PAGE: [(&str, &str); 3] =
    [("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10")];

#[test]
fn an_agent_sees_their_own_levels_named_or_not_and_nobody_elses() {
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
    // Another's, nobody's, and what is not theirs: all alike, so that nothing is learnt of them.
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
    assert_eq!(
        ask("wangfang", refused[0]).json()["Message"],
        "You have no permission to access. The role Agent does not allow ReadOwn."
    );
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
    // zhangwei is an agent of the other instance, where they are in no group.
    let other = [("InstanceId", "vcc-test"), ("PageNumber", "1"), ("PageSize", "10")];
    assert_eq!(
        super::column(&app.call_as("zhangwei", "ListSkillLevelsOfUser", &other), &["SkillGroupId"]),
        Vec::<String>::new()
    );
    let mary = [&other[..], &[("UserId", "marysmith@vcc-test")]].concat();
    assert_eq!(code(&app.call_as("zhangwei", "ListSkillLevelsOfUser", &mary)), "Permission.Common");
}

#[test]
fn the_other_lists_of_one_user_still_want_their_name() {
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
