//! Every error of the fourteen operations: its whole body, and that nothing was changed.

use super::{App, Call, call, state};
use crate::ccc::{assert_snapshot, refused};
use crate::support::{agent, ccc_operations};

const INSTANCE: (&str, &str) = ("InstanceId", "ccc-test");
const GROUP: (&str, &str) = ("SkillGroupId", "test@ccc-test");
const USER: (&str, &str) = ("UserId", "wangfang@ccc-test");
const NO_GROUP: (&str, &str) = ("SkillGroupId", "ghost@ccc-test");
const FOREIGN_GROUP: (&str, &str) = ("SkillGroupId", "support@vcc-test");
const NO_USER: (&str, &str) = ("UserId", "ghost@ccc-test");
const NO_INSTANCE: (&str, &str) = ("InstanceId", "nowhere");
const PAGE: (&str, &str) = ("PageNumber", "1");
const SIZE: (&str, &str) = ("PageSize", "10");
const NAME: (&str, &str) = ("Name", "new");
const DISPLAY_NAME: (&str, &str) = ("DisplayName", "新");
const USERS: (&str, &str) = ("UserIdList", r#"["wangfang@ccc-test"]"#);
const GROUPS: (&str, &str) = ("SkillGroupIdList", r#"["test@ccc-test"]"#);
const USER_LEVELS: (&str, &str) =
    ("UserSkillLevelList", r#"[{"userId":"lina@ccc-test","skillLevel":5}]"#);
const GROUP_LEVELS: (&str, &str) =
    ("SkillLevelList", r#"[{"skillGroupId":"test@ccc-test","skillLevel":5}]"#);
const LEVELS: (&str, &str) =
    ("UserLevelList", r#"[{"userId":"wangfang@ccc-test","skillLevel":9}]"#);
const LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const MEMBER: (&str, &str) = ("IsMember", "true");

#[rustfmt::skip]
const GROUP_ERRORS: &[Call] = &[
    call("CreateSkillGroup", &[NAME, DISPLAY_NAME]),
    call("CreateSkillGroup", &[NO_INSTANCE, NAME, DISPLAY_NAME]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", "")]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", " ")]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", "1st")]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", "a@ccc-test")]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", "技能组")]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", LONG)]),
    call("CreateSkillGroup", &[INSTANCE, NAME]),
    call("CreateSkillGroup", &[INSTANCE, NAME, ("DisplayName", "")]),
    call("CreateSkillGroup", &[INSTANCE, NAME, ("DisplayName", "\u{3000}")]),
    call("CreateSkillGroup", &[INSTANCE, NAME, ("DisplayName", LONG)]),
    call("CreateSkillGroup", &[INSTANCE, NAME, DISPLAY_NAME, ("MediaType", "audio")]),
    call("CreateSkillGroup", &[INSTANCE, DISPLAY_NAME, ("Name", "test")]),
    call("ModifySkillGroup", &[NO_INSTANCE, GROUP, DISPLAY_NAME]),
    call("ModifySkillGroup", &[INSTANCE, NO_GROUP, DISPLAY_NAME]),
    call("ModifySkillGroup", &[INSTANCE, FOREIGN_GROUP, DISPLAY_NAME]),
    call("ModifySkillGroup", &[INSTANCE, DISPLAY_NAME]),
    call("ModifySkillGroup", &[INSTANCE, GROUP, ("DisplayName", " ")]),
    call("ModifySkillGroup", &[INSTANCE, GROUP, ("DisplayName", LONG)]),
    call("DeleteSkillGroup", &[NO_INSTANCE, GROUP]),
    call("DeleteSkillGroup", &[INSTANCE, NO_GROUP]),
    call("DeleteSkillGroup", &[INSTANCE, FOREIGN_GROUP, ("Force", "true")]),
    call("DeleteSkillGroup", &[INSTANCE]),
    call("DeleteSkillGroup", &[INSTANCE, ("SkillGroupId", "")]),
    call("DeleteSkillGroup", &[INSTANCE, ("SkillGroupId", " ")]),
    call("DeleteSkillGroup", &[INSTANCE, GROUP, ("Force", "yes")]),
    call("DeleteSkillGroup", &[INSTANCE, GROUP]),
    call("DeleteSkillGroup", &[INSTANCE, GROUP, ("Force", "False")]),
    call("DeleteSkillGroup", &[INSTANCE, ("SkillGroupId", "night@ccc-test")]),
    call("GetSkillGroup", &[NO_INSTANCE, GROUP]),
    call("GetSkillGroup", &[INSTANCE, NO_GROUP]),
    call("GetSkillGroup", &[INSTANCE, FOREIGN_GROUP]),
    call("GetSkillGroup", &[INSTANCE]),
    call("ListSkillGroups", &[NO_INSTANCE, PAGE, SIZE]),
    call("ListSkillGroups", &[INSTANCE, PAGE]),
    call("ListSkillGroups", &[INSTANCE, SIZE, ("PageNumber", "101")]),
    call("ListSkillGroups", &[INSTANCE, SIZE, ("PageNumber", "0")]),
    call("ListSkillGroups", &[INSTANCE, SIZE, ("PageNumber", "one")]),
    call("ListSkillGroups", &[INSTANCE, PAGE, SIZE, ("MediaType", "FAX")]),
    call("ListSkillGroups", &[INSTANCE, PAGE, SIZE, ("SearchPattern", LONG)]),
    call("ListBriefSkillGroups", &[NO_INSTANCE, PAGE, SIZE]),
    call("ListBriefSkillGroups", &[INSTANCE, SIZE]),
    call("ListBriefSkillGroups", &[INSTANCE, PAGE, ("PageSize", "0")]),
    call("ListBriefSkillGroups", &[INSTANCE, PAGE, ("PageSize", " ")]),
    call("ListBriefSkillGroups", &[INSTANCE, PAGE, SIZE, ("MediaType", "FAX")]),
];

#[rustfmt::skip]
const MEMBER_ERRORS: &[Call] = &[
    call("AddUsersToSkillGroup", &[NO_INSTANCE, GROUP, USER_LEVELS]),
    call("AddUsersToSkillGroup", &[INSTANCE, NO_GROUP, USER_LEVELS]),
    call("AddUsersToSkillGroup", &[INSTANCE, FOREIGN_GROUP, USER_LEVELS]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", "[]")]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", "lina@ccc-test")]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"["lina@ccc-test"]"#)]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"userId":"lina@ccc-test"}]"#)]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"userId":"lina@ccc-test","skillLevel":1.5}]"#)]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"skillGroupId":"test@ccc-test","skillLevel":1}]"#)]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"userId":"lina@ccc-test","skillLevel":0}]"#)]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"userId":"lina@ccc-test","skillLevel":11}]"#)]),
    // The first of the two exists.
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"userId":"chenjing@ccc-test","skillLevel":5},{"userId":"ghost@ccc-test","skillLevel":5}]"#)]),
    call("AddUsersToSkillGroup", &[INSTANCE, GROUP, ("UserSkillLevelList", r#"[{"userId":"chenjing@ccc-test","skillLevel":5},{"userId":"marysmith@vcc-test","skillLevel":5}]"#)]),
    call("RemoveUsersFromSkillGroup", &[NO_INSTANCE, GROUP, USERS]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, NO_GROUP, USERS]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, FOREIGN_GROUP, ("UserIdList", r#"["marysmith@vcc-test"]"#)]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, GROUP]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, GROUP, ("UserIdList", "")]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, GROUP, ("UserIdList", "\t")]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, GROUP, ("UserIdList", "['wangfang@ccc-test']")]),
    call("RemoveUsersFromSkillGroup", &[INSTANCE, GROUP, ("UserIdList", r#"["liuyang@ccc-test","wangfang@vcc-test"]"#)]),
    call("AddSkillGroupsToUser", &[NO_INSTANCE, USER, GROUP_LEVELS]),
    call("AddSkillGroupsToUser", &[INSTANCE, NO_USER, GROUP_LEVELS]),
    call("AddSkillGroupsToUser", &[INSTANCE, ("UserId", "marysmith@vcc-test"), GROUP_LEVELS]),
    call("AddSkillGroupsToUser", &[INSTANCE, GROUP_LEVELS]),
    call("AddSkillGroupsToUser", &[INSTANCE, USER]),
    call("AddSkillGroupsToUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"night@ccc-test","skillLevel":-1}]"#)]),
    call("AddSkillGroupsToUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"night@ccc-test","skillLevel":99999999999}]"#)]),
    call("AddSkillGroupsToUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"night@ccc-test","skillLevel":2},{"skillGroupId":"zero@ccc-test","skillLevel":2}]"#)]),
    call("AddSkillGroupsToUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"night@ccc-test","skillLevel":2},{"skillGroupId":"support@vcc-test","skillLevel":2}]"#)]),
    call("RemoveSkillGroupsFromUser", &[NO_INSTANCE, USER, GROUPS]),
    call("RemoveSkillGroupsFromUser", &[INSTANCE, NO_USER, GROUPS]),
    call("RemoveSkillGroupsFromUser", &[INSTANCE, USER, ("SkillGroupIdList", "[]")]),
    call("RemoveSkillGroupsFromUser", &[INSTANCE, USER, ("SkillGroupIdList", " ")]),
    call("RemoveSkillGroupsFromUser", &[INSTANCE, USER, ("SkillGroupIdList", r#"["sales@ccc-test","ghost@ccc-test"]"#)]),
    call("ListSkillLevelsOfUser", &[NO_INSTANCE, USER, PAGE, SIZE]),
    call("ListSkillLevelsOfUser", &[INSTANCE, NO_USER, PAGE, SIZE]),
    call("ListSkillLevelsOfUser", &[INSTANCE, ("UserId", "marysmith@vcc-test"), PAGE, SIZE]),
    call("ListSkillLevelsOfUser", &[INSTANCE, ("UserId", " "), PAGE, SIZE]),
    call("ListSkillLevelsOfUser", &[INSTANCE, USER, SIZE]),
    call("ListSkillLevelsOfUser", &[INSTANCE, USER, PAGE, ("PageSize", "101")]),
    call("ListSkillLevelsOfUser", &[INSTANCE, USER, PAGE, SIZE, ("IsMember", "2")]),
    // The caller is the root, who is no user of this instance.
    call("ListSkillLevelsOfUser", &[("InstanceId", "vcc-test"), PAGE, SIZE]),
    call("ModifySkillLevelsOfUser", &[NO_INSTANCE, USER, GROUP_LEVELS]),
    call("ModifySkillLevelsOfUser", &[INSTANCE, NO_USER, GROUP_LEVELS]),
    call("ModifySkillLevelsOfUser", &[INSTANCE, USER]),
    call("ModifySkillLevelsOfUser", &[INSTANCE, USER, ("SkillLevelList", " ")]),
    call("ModifySkillLevelsOfUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"test@ccc-test","skillLevel":11}]"#)]),
    call("ModifySkillLevelsOfUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"sales@ccc-test","skillLevel":9},{"skillGroupId":"support@ccc-test","skillLevel":9}]"#)]),
    call("ModifySkillLevelsOfUser", &[INSTANCE, USER, ("SkillLevelList", r#"[{"skillGroupId":"sales@ccc-test","skillLevel":9},{"skillGroupId":"zero@ccc-test","skillLevel":9}]"#)]),
    call("ListUserLevelsOfSkillGroup", &[NO_INSTANCE, GROUP, MEMBER, PAGE, SIZE]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, NO_GROUP, MEMBER, PAGE, SIZE]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, FOREIGN_GROUP, MEMBER, PAGE, SIZE]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, GROUP, PAGE, SIZE]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, GROUP, PAGE, SIZE, ("IsMember", "")]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, GROUP, PAGE, SIZE, ("IsMember", " ")]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, GROUP, MEMBER, SIZE, ("PageNumber", "-1")]),
    call("ListUserLevelsOfSkillGroup", &[INSTANCE, GROUP, MEMBER, PAGE, ("PageSize", "1000")]),
    call("ModifyUserLevelsOfSkillGroup", &[NO_INSTANCE, GROUP, LEVELS]),
    call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, NO_GROUP, LEVELS]),
    call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, GROUP, ("UserLevelList", " ")]),
    call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, GROUP, ("UserLevelList", r#"[{"userId":"wangfang@ccc-test","skillLevel":0}]"#)]),
    call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, GROUP, ("UserLevelList", r#"[{"userId":"wangfang@ccc-test","skillLevel":11}]"#)]),
    call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, GROUP, ("UserLevelList", r#"[{"userId":"liuyang@ccc-test","skillLevel":9},{"userId":"zhaolei@ccc-test","skillLevel":9}]"#)]),
    call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, GROUP, ("UserLevelList", r#"[{"userId":"liuyang@ccc-test","skillLevel":9},{"userId":"zero@ccc-test","skillLevel":9}]"#)]),
];

/// What the contract lists, but an operation here answers otherwise or never.
const ELSEWHERE: &[(&str, &str)] = &[
    // The database's own failures are 500 InternalError and 503 ServiceUnavailable for all
    // operations alike.
    ("CreateSkillGroup", "InternalService.DB"),
    ("ModifyUserLevelsOfSkillGroup", "InternalService.DB"),
    // A role allows an act in the whole instance or not at all, so what is refused is
    // Permission.Common; see `roles`.
    ("AddSkillGroupsToUser", "Permission.SkillGroup"),
    ("ModifySkillLevelsOfUser", "Permission.SkillGroup"),
    ("ModifySkillLevelsOfUser", "Permission.User"),
    // A list that holds nothing is Parameter.Empty, `ccc::parameters` tries one that holds
    // too much.
    ("RemoveUsersFromSkillGroup", "Parameter.Minimum"),
    ("RemoveUsersFromSkillGroup", "Parameter.Maximum"),
    ("RemoveSkillGroupsFromUser", "Parameter.Maximum"),
];

fn record(name: &str, calls: &[Call]) {
    let app = App::spawn();
    let before = state(&app);
    let mut shown = String::new();
    for call in calls {
        let reply = call.send(&app);
        assert!((400..500).contains(&reply.status), "{}: {}", call.shown(), reply.body);
        assert_eq!(state(&app), before, "{} changed something", call.shown());
        shown += &refused(&app, &call.shown(), &reply);
    }
    assert_snapshot(name, &shown);
}

#[test]
fn bad_calls_on_skill_groups_are_answered_as_recorded_and_change_nothing() {
    record("refusals_of_skill_groups", GROUP_ERRORS);
}

#[test]
fn bad_calls_on_members_are_answered_as_recorded_and_change_nothing() {
    record("refusals_of_members", MEMBER_ERRORS);
}

#[test]
fn every_error_that_the_contract_lists_is_recorded() {
    let app = App::spawn();
    let calls = GROUP_ERRORS.iter().chain(MEMBER_ERRORS);
    let seen: Vec<(&str, String)> = calls
        .map(|call| (call.action, call.send(&app).json()["Code"].as_str().unwrap().to_owned()))
        .collect();
    let mut missing = Vec::new();
    for (name, operation) in
        ccc_operations().iter().filter(|(_, operation)| operation["group"] == "skillgroup")
    {
        for error in operation["errors"].as_array().unwrap() {
            let code = error.as_str().unwrap();
            let known = seen.iter().any(|(action, answered)| action == name && answered == code)
                || ELSEWHERE.contains(&(name.as_str(), code));
            if !known {
                missing.push(format!("{name}: {code}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn more_than_a_thousand_levels_are_refused() {
    let app = App::spawn();
    let before = state(&app);
    let levels = |key: &str| {
        format!(
            "[{}]",
            (0..1001)
                .map(|index| format!("{{\"{key}\":\"a{index}\",\"skillLevel\":1}}"))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    for (action, subject, list, key) in [
        ("AddUsersToSkillGroup", GROUP, "UserSkillLevelList", "userId"),
        ("ModifyUserLevelsOfSkillGroup", GROUP, "UserLevelList", "userId"),
        ("AddSkillGroupsToUser", USER, "SkillLevelList", "skillGroupId"),
        ("ModifySkillLevelsOfUser", USER, "SkillLevelList", "skillGroupId"),
    ] {
        let reply = post(&app, &[("Action", action), INSTANCE, subject, (list, &levels(key))]);
        assert_eq!(
            reply["Message"],
            format!("The parameter {list} must be less than or equal to 1000 items."),
            "{reply}"
        );
    }
    assert_eq!(state(&app), before);
}

/// A call with its parameters in the body: a long list does not fit a query.
fn post(app: &App, parameters: &[(&str, &str)]) -> serde_json::Value {
    let mut response = agent()
        .post(format!("http://{}/", app.address))
        .header("authorization", "Bearer demo-token")
        .send_form(parameters.iter().copied())
        .unwrap();
    serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
}
