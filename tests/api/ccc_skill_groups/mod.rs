//! The CCC face's operations on skill groups and their members.

mod errors;
mod golden;
mod groups;
mod members;
mod roles;

use super::support::{App, Reply, SeededDatabase};
use numberd::domain::{Clock, Paging};
use numberd::ops::credentials::{self, Issued};
use serde_json::Value;

/// An operation with its parameters.
struct Call {
    action: &'static str,
    parameters: &'static [(&'static str, &'static str)],
}

const fn call(action: &'static str, parameters: &'static [(&'static str, &'static str)]) -> Call {
    Call { action, parameters }
}

impl Call {
    fn send(&self, app: &App) -> Reply {
        app.call(self.action, self.parameters)
    }

    /// The call as a snapshot shows it: a parameter a line, long ones shortened.
    fn shown(&self) -> String {
        let line = |(name, value): &(&str, &str)| {
            format!("\n  {name}={}", value.chars().take(160).collect::<String>())
        };
        format!("{}{}", self.action, self.parameters.iter().map(line).collect::<String>())
    }
}

/// The operations that write; the others read.
const WRITES: &[&str] = &[
    "CreateSkillGroup",
    "ModifySkillGroup",
    "DeleteSkillGroup",
    "AddUsersToSkillGroup",
    "RemoveUsersFromSkillGroup",
    "AddSkillGroupsToUser",
    "RemoveSkillGroupsFromUser",
    "ModifySkillLevelsOfUser",
    "ModifyUserLevelsOfSkillGroup",
];

/// One good call of every operation, and of the lists one in each direction; in an order in which
/// all of them succeed.
const GOOD: &[(&str, Call)] = &[
    (
        "get_skill_group",
        call("GetSkillGroup", &[("InstanceId", "ccc-test"), ("SkillGroupId", "test@ccc-test")]),
    ),
    (
        "list_skill_groups",
        call(
            "ListSkillGroups",
            &[
                ("InstanceId", "ccc-test"),
                ("MediaType", "AUDIO"),
                ("PageNumber", "1"),
                ("PageSize", "3"),
                ("SearchPattern", ""),
            ],
        ),
    ),
    (
        "list_brief_skill_groups",
        call(
            "ListBriefSkillGroups",
            &[
                ("InstanceId", "ccc-test"),
                ("MediaType", ""),
                ("PageNumber", "2"),
                ("PageSize", "2"),
                ("SearchPattern", "组"),
            ],
        ),
    ),
    (
        "list_skill_levels_of_user",
        call(
            "ListSkillLevelsOfUser",
            &[
                ("InstanceId", "ccc-test"),
                ("UserId", "wangfang@ccc-test"),
                ("PageNumber", "1"),
                ("PageSize", "10"),
            ],
        ),
    ),
    (
        "list_skill_levels_of_user_outside",
        call(
            "ListSkillLevelsOfUser",
            &[
                ("InstanceId", "ccc-test"),
                ("UserId", "wangfang@ccc-test"),
                ("IsMember", "False"),
                ("PageNumber", "1"),
                ("PageSize", "10"),
                ("SearchPattern", "n"),
            ],
        ),
    ),
    (
        "list_user_levels_of_skill_group",
        call(
            "ListUserLevelsOfSkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("SkillGroupId", "test@ccc-test"),
                ("IsMember", "true"),
                ("PageNumber", "1"),
                ("PageSize", "10"),
            ],
        ),
    ),
    (
        "list_user_levels_of_skill_group_outside",
        call(
            "ListUserLevelsOfSkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("SkillGroupId", "test@ccc-test"),
                ("IsMember", "false"),
                ("PageNumber", "1"),
                ("PageSize", "2"),
                ("SearchPattern", "zh"),
            ],
        ),
    ),
    (
        "create_skill_group",
        call(
            "CreateSkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("Name", "chat_1-A"),
                ("DisplayName", "在线 <客服>"),
                ("MediaType", "CHAT"),
                ("Description", "网页 & 微信"),
            ],
        ),
    ),
    (
        "modify_skill_group",
        call(
            "ModifySkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("SkillGroupId", "test@ccc-test"),
                ("DisplayName", "新名"),
                ("Description", "新的说明"),
            ],
        ),
    ),
    (
        "modify_skill_levels_of_user",
        call(
            "ModifySkillLevelsOfUser",
            &[
                ("InstanceId", "ccc-test"),
                ("UserId", "wangfang@ccc-test"),
                ("SkillLevelList", r#"[{"skillGroupId":"test@ccc-test","skillLevel":1}]"#),
            ],
        ),
    ),
    (
        "modify_user_levels_of_skill_group",
        call(
            "ModifyUserLevelsOfSkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("SkillGroupId", "test@ccc-test"),
                (
                    "UserLevelList",
                    r#"[{"UserId":"wangfang@ccc-test","SkillLevel":"2"},{"userId":"liuyang@ccc-test","skillLevel":10}]"#,
                ),
            ],
        ),
    ),
    (
        "add_users_to_skill_group",
        call(
            "AddUsersToSkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("SkillGroupId", "test@ccc-test"),
                (
                    "UserSkillLevelList",
                    r#"[{"userId":"user-test@ccc-test","skillLevel":10},{"userId":"lina@ccc-test","skillLevel":1}]"#,
                ),
            ],
        ),
    ),
    (
        "add_skill_groups_to_user",
        call(
            "AddSkillGroupsToUser",
            &[
                ("InstanceId", "ccc-test"),
                ("UserId", "wangfang@ccc-test"),
                (
                    "SkillLevelList",
                    r#"[{"skillGroupId":"night@ccc-test","skillLevel":5},{"skillGroupId":"returns@ccc-test","skillLevel":7}]"#,
                ),
            ],
        ),
    ),
    (
        "remove_users_from_skill_group",
        call(
            "RemoveUsersFromSkillGroup",
            &[
                ("InstanceId", "ccc-test"),
                ("SkillGroupId", "test@ccc-test"),
                ("UserIdList", r#"["wangfang@ccc-test", "liuyang@ccc-test"]"#),
            ],
        ),
    ),
    (
        "remove_skill_groups_from_user",
        call(
            "RemoveSkillGroupsFromUser",
            &[
                ("InstanceId", "ccc-test"),
                ("UserId", "wangfang@ccc-test"),
                ("SkillGroupIdList", r#"["test@ccc-test","sales@ccc-test"]"#),
            ],
        ),
    ),
    (
        "delete_skill_group",
        call(
            "DeleteSkillGroup",
            &[("InstanceId", "ccc-test"), ("SkillGroupId", "test@ccc-test"), ("Force", "true")],
        ),
    ),
];

/// Everything that these operations could change, and how long the log is.
fn state(app: &App) -> String {
    app.database.query(
        "SELECT skill_group_id, display_name, description, media_type, phone_number_count, user_count FROM skill_group
         UNION ALL SELECT skill_group_id, user_id, skill_level, '', '', '' FROM skill_group_member
         UNION ALL SELECT skill_group_id, number, '', '', '', '' FROM skill_group_number
         UNION ALL SELECT 'changes', count(*), '', '', '', '' FROM change",
    )
}

/// What the log tells of one request.
fn changes(app: &App, reply: &Reply) -> String {
    let request_id = reply.json()["RequestId"].as_str().unwrap().to_owned();
    app.database.query(&format!(
        "SELECT actor, via, action, entity, coalesce(skill_group_id, ''), coalesce(user_id, ''), coalesce(number, ''), coalesce(old, '-'), coalesce(new, '-')
           FROM change WHERE request_id = '{request_id}' ORDER BY change_id"
    ))
}

/// These fields of a list's rows, joined by spaces.
fn column(reply: &Reply, fields: &[&str]) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows = reply.json()["Data"]["List"].as_array().unwrap().clone();
    rows.iter()
        .map(|row| fields.iter().map(|field| text(&row[field])).collect::<Vec<_>>().join(" "))
        .collect()
}

/// A server where each of these login names has a token of the same name.
fn app_with_tokens(login_names: &'static [&'static str]) -> App {
    let database = SeededDatabase::new();
    database.write(move |tx| {
        for name in login_names {
            credentials::add_token(
                tx,
                name,
                &Issued { id: (*name).to_owned(), secret: (*name).to_owned() },
                name,
                None,
            )?;
        }
        Ok(())
    });
    App::over(database, Paging::Strict, Clock::System)
}

/// Runs `assert` with ids and hosts taken out of the snapshots.
fn redacted(assert: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", "[request id]");
    settings.add_filter(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[guid]");
    settings.add_filter(r#"_at":\d{13}"#, r#"_at":"[time]""#);
    settings.add_filter(r"127\.0\.0\.1:\d+", "[host]");
    settings.bind(assert);
}
