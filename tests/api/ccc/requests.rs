//! One good request of each operation; on the sample it finds a row for every list in its reply.

/// Parameters by name.
pub type Parameters = &'static [(&'static str, &'static str)];

const GOLDEN: &[(&str, Parameters)] = &[
    ("ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "1")]),
    (
        "ListPhoneNumbers",
        &[
            ("InstanceId", "ccc-test"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
            ("SearchPattern", "0285550000"),
        ],
    ),
    (
        "ListPersonalNumbersOfUser",
        &[
            ("InstanceId", "ccc-test"),
            ("IsMember", "true"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
            ("UserId", "user-test@ccc-test"),
        ],
    ),
    (
        "AddPersonalNumbersToUser",
        &[
            ("InstanceId", "ccc-test"),
            ("NumberList", r#"["02855500007","02855500001","083xxxx0011","999"]"#),
            ("UserId", "liuyang@ccc-test"),
        ],
    ),
    (
        "RemovePersonalNumbersFromUser",
        &[
            ("InstanceId", "ccc-test"),
            ("NumberList", r#"["083xxxx0011"]"#),
            ("UserId", "user-test@ccc-test"),
        ],
    ),
    (
        "ListPhoneNumbersOfSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("IsMember", "true"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
            ("SkillGroupId", "test@ccc-test"),
        ],
    ),
    (
        "AddNumbersToSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("NumberList", r#"["02855500007","02855500008"]"#),
            ("SkillGroupId", "night@ccc-test"),
        ],
    ),
    (
        "RemovePhoneNumbersFromSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("NumberList", r#"["02855500001"]"#),
            ("SkillGroupId", "test@ccc-test"),
        ],
    ),
    (
        "AddPhoneNumberToSkillGroups",
        &[
            ("InstanceId", "ccc-test"),
            ("Number", "02855500007"),
            ("SkillGroupIdList", r#"["night@ccc-test","returns@ccc-test"]"#),
        ],
    ),
    (
        "RemovePhoneNumberFromSkillGroups",
        &[
            ("InstanceId", "ccc-test"),
            ("Number", "02155500001"),
            ("SkillGroupIdList", r#"["sales@ccc-test","support@ccc-test"]"#),
        ],
    ),
    ("ListUnassignedNumbers", &[("PageNumber", "1"), ("PageSize", "3"), ("SearchPattern", "0255")]),
    (
        "ImportCorpNumbers",
        &[
            ("City", "绵阳"),
            ("CorpName", "云呼"),
            ("NumberList", r#"["081655500001","4005550099"]"#),
            ("Provider", "中国电信"),
            ("Province", "四川"),
            ("TagList", r#"["M1"]"#),
        ],
    ),
    (
        "AddPhoneNumbers",
        &[
            ("ContactFlowId", "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek"),
            ("InstanceId", "ccc-test"),
            ("NumberList", r#"["02555500001","083xxxx0011","999"]"#),
            ("Usage", "Bidirection"),
        ],
    ),
    (
        "RemovePhoneNumbers",
        &[
            ("Force", "false"),
            ("InstanceId", "ccc-test"),
            ("NumberList", r#"["02855500007","083xxxx0011","999"]"#),
        ],
    ),
    (
        "ModifyPhoneNumber",
        &[
            ("ContactFlowId", ""),
            ("InstanceId", "ccc-test"),
            ("Number", "083xxxx0011"),
            ("Usage", "Outbound"),
        ],
    ),
    ("GetNumberLocation", &[("InstanceId", "ccc-test"), ("Number", "13800001111")]),
    (
        "ListOutboundNumbersOfUser",
        &[
            ("InstanceId", "ccc-test"),
            ("PageNumber", "1"),
            ("PageSize", "2"),
            ("SkillGroupIdList", r#"["sales@ccc-test"]"#),
            ("UserId", "wangfang@ccc-test"),
        ],
    ),
    (
        "PickOutboundNumbers",
        &[
            ("CalledNumber", "02162000000"),
            ("Count", "2"),
            ("InstanceId", "ccc-test"),
            ("SkillGroupIdList", r#"["sales@ccc-test"]"#),
        ],
    ),
    (
        "ListContactFlows",
        &[
            ("InstanceId", "ccc-test"),
            ("OrderByField", "Name"),
            ("PageNumber", "1"),
            ("PageSize", "2"),
            ("SearchPattern", "流"),
            ("SortOrder", "DESC"),
            ("Type", "MAIN_FLOW"),
        ],
    ),
    (
        "GetContactFlow",
        &[
            ("ContactFlowId", "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek"),
            ("DraftId", "d2000000-0000-4000-a000-000000000001"),
            ("InstanceId", "ccc-test"),
        ],
    ),
    (
        "CreateContactFlow",
        &[
            ("Definition", r#"{"activities":[{"type":"HANGUP","id":"bd4f37e2","name":"挂机"}]}"#),
            ("Description", "1.0"),
            ("InstanceId", "ccc-test"),
            ("Name", "假日 <流程>"),
            ("Type", "MAIN_FLOW"),
        ],
    ),
    (
        "DeleteContactFlow",
        &[
            ("ContactFlowId", "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek"),
            ("Force", "true"),
            ("InstanceId", "ccc-test"),
        ],
    ),
    (
        "CreateInstance",
        &[
            ("AdminRamIdList", r#"["4000000000000001","2000000000000001"]"#),
            ("Description", "华东"),
            ("DomainName", "ccc-new_1"),
            ("Name", "新呼叫中心"),
            ("NumberList", r#"["02555500001","4005559001"]"#),
        ],
    ),
    ("ModifyInstance", &[("Description", "只用于测试"), ("InstanceId", "ccc-test")]),
    ("DeleteInstance", &[("InstanceId", "vcc-test")]),
    ("GetInstance", &[("InstanceId", "vcc-test")]),
    ("ListInstances", &[("PageNumber", "2"), ("PageSize", "1")]),
    (
        "CreateUser",
        &[
            ("AvatarUrl", "https://example.com/a.png?x=1&y=2"),
            ("DisplayId", "2001"),
            ("DisplayName", "孙丽"),
            ("Email", "sunli@example.com"),
            ("InstanceId", "ccc-test"),
            ("LoginName", "sun.li-1_a"),
            ("Mobile", "139xxxx2001"),
            ("NeedEmailNotification", "true"),
            ("Nickname", "小孙"),
            ("ResetPassword", "True"),
            ("RoleId", "Manager@ccc-test"),
            (
                "SkillLevelList",
                r#"[{"skillGroupId":"test@ccc-test","skillLevel":3},{"skillGroupId":"night@ccc-test","skillLevel":"10"}]"#,
            ),
            ("WorkMode", "OFFICE_PHONE"),
        ],
    ),
    (
        "AssignUsers",
        &[
            ("Async", "true"),
            ("InstanceId", "ccc-test"),
            ("RamIdList", r#"["4000000000000001","3000000000000002"]"#),
            ("RoleId", "Agent@ccc-test"),
            ("SkillLevelList", r#"[{"skillGroupId":"sales@ccc-test","skillLevel":5}]"#),
            ("WorkMode", "ON_SITE"),
        ],
    ),
    (
        "RemoveUsers",
        &[
            ("Force", "true"),
            ("InstanceId", "ccc-test"),
            ("NotificationEmail", "a@example.com"),
            ("UserIdList", r#"["zhoujie@ccc-test"]"#),
        ],
    ),
    ("GetUser", &[("InstanceId", "ccc-test"), ("UserId", "wangfang@ccc-test")]),
    (
        "ListUsers",
        &[
            ("InstanceId", "ccc-test"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
            ("SearchPattern", "zh"),
            ("SkillGroupId", "support@ccc-test"),
        ],
    ),
    (
        "ModifyUser",
        &[
            ("AvatarUrl", "https://example.com/b.png"),
            ("DisplayId", "2002"),
            ("DisplayName", "王芳芳"),
            ("Force", "false"),
            ("InstanceId", "ccc-test"),
            ("Mobile", "138xxxx2002"),
            ("Nickname", "小王"),
            ("RoleId", "Manager@ccc-test"),
            ("UserId", "wangfang@ccc-test"),
            ("WorkMode", "OFF_SITE"),
        ],
    ),
    (
        "ChangeWorkMode",
        &[
            ("DeviceId", "ACC-YUNBS-1.0.10-1"),
            ("InstanceId", "ccc-test"),
            ("Mobile", "1382114xxxx"),
            ("SignedSkillGroupIdList", "[]"),
            ("UserId", "wangfang@ccc-test"),
            ("WorkMode", "OFF_SITE"),
        ],
    ),
    ("ListRoles", &[("InstanceId", "ccc-test")]),
    (
        "ListRamUsers",
        &[
            ("InstanceId", "ccc-test"),
            ("PageNumber", "1"),
            ("PageSize", "3"),
            ("SearchPattern", "u"),
        ],
    ),
    (
        "ImportAdmins",
        &[("InstanceId", "ccc-test"), ("RamIdList", r#"["2000000000000010","4000000000000001"]"#)],
    ),
    (
        "ImportRamUsers",
        &[
            ("InstanceId", "ccc-test"),
            ("RamIdList", r#"["4000000000000001"]"#),
            ("RoleId", "Manager@ccc-test"),
            ("SkillLevelList", ""),
            ("WorkMode", "OFF_SITE"),
        ],
    ),
    ("ListPrivilegesOfUser", &[("InstanceId", "ccc-test")]),
    (
        "ResetUserPassword",
        &[
            ("InstanceId", "ccc-test"),
            ("Password", "一二三四五六七八"),
            ("UserId", "zhoujie@ccc-test"),
        ],
    ),
    ("GetSkillGroup", &[("InstanceId", "ccc-test"), ("SkillGroupId", "test@ccc-test")]),
    (
        "ListSkillGroups",
        &[
            ("InstanceId", "ccc-test"),
            ("MediaType", "AUDIO"),
            ("PageNumber", "1"),
            ("PageSize", "3"),
            ("SearchPattern", ""),
        ],
    ),
    (
        "ListBriefSkillGroups",
        &[
            ("InstanceId", "ccc-test"),
            ("MediaType", ""),
            ("PageNumber", "2"),
            ("PageSize", "2"),
            ("SearchPattern", "组"),
        ],
    ),
    (
        "ListSkillLevelsOfUser",
        &[
            ("InstanceId", "ccc-test"),
            ("UserId", "wangfang@ccc-test"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
        ],
    ),
    (
        "ListUserLevelsOfSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("SkillGroupId", "test@ccc-test"),
            ("IsMember", "true"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
        ],
    ),
    (
        "CreateSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("Name", "chat_1-A"),
            ("DisplayName", "在线 <客服>"),
            ("MediaType", "CHAT"),
            ("Description", "网页 & 微信"),
        ],
    ),
    (
        "ModifySkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("SkillGroupId", "test@ccc-test"),
            ("DisplayName", "新名"),
            ("Description", "新的说明"),
        ],
    ),
    (
        "ModifySkillLevelsOfUser",
        &[
            ("InstanceId", "ccc-test"),
            ("UserId", "wangfang@ccc-test"),
            ("SkillLevelList", r#"[{"skillGroupId":"test@ccc-test","skillLevel":1}]"#),
        ],
    ),
    (
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
    (
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
    (
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
    (
        "RemoveUsersFromSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("SkillGroupId", "test@ccc-test"),
            ("UserIdList", r#"["wangfang@ccc-test", "liuyang@ccc-test"]"#),
        ],
    ),
    (
        "RemoveSkillGroupsFromUser",
        &[
            ("InstanceId", "ccc-test"),
            ("UserId", "wangfang@ccc-test"),
            ("SkillGroupIdList", r#"["test@ccc-test","sales@ccc-test"]"#),
        ],
    ),
    (
        "DeleteSkillGroup",
        &[("InstanceId", "ccc-test"), ("SkillGroupId", "test@ccc-test"), ("Force", "true")],
    ),
];

/// More good requests, by what they show: lists that are filtered, and what is not in something.
const MORE: &[(&str, &str, Parameters)] = &[
    (
        "ListPhoneNumbers_filtered",
        "ListPhoneNumbers",
        &[
            ("InstanceId", "ccc-test"),
            ("Active", "true"),
            ("Usage", "Inbound"),
            ("PageNumber", "1"),
            ("PageSize", "2"),
        ],
    ),
    (
        "ListPersonalNumbersOfUser_candidates",
        "ListPersonalNumbersOfUser",
        &[
            ("InstanceId", "ccc-test"),
            ("IsMember", "false"),
            ("PageNumber", "1"),
            ("PageSize", "2"),
            ("SearchPattern", "0285550000"),
            ("UserId", "user-test@ccc-test"),
        ],
    ),
    (
        "ListPhoneNumbersOfSkillGroup_outside",
        "ListPhoneNumbersOfSkillGroup",
        &[
            ("InstanceId", "ccc-test"),
            ("SkillGroupId", "test@ccc-test"),
            ("IsMember", "false"),
            ("Active", "true"),
            ("SearchPattern", "0285550000"),
            ("PageNumber", "1"),
            ("PageSize", "2"),
        ],
    ),
    (
        "ListSkillLevelsOfUser_outside",
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
    (
        "ListUserLevelsOfSkillGroup_outside",
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
];

/// All of them: what it is called, its operation, its parameters.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, Parameters)> {
    let golden = GOLDEN.iter().map(|(action, parameters)| (*action, *action, *parameters));
    golden.chain(MORE.iter().copied())
}

/// The good request of an operation.
pub fn golden(operation: &str) -> Parameters {
    let row = GOLDEN.iter().find(|(name, _)| *name == operation);
    row.unwrap_or_else(|| panic!("{operation} has no golden request; add a row to this table")).1
}

/// The same with some parameters replaced, added, or (`None`) left out.
pub fn changed<'a>(
    operation: &str,
    changes: &[(&'a str, Option<&'a str>)],
) -> Vec<(&'a str, &'a str)> {
    let mut parameters: Vec<(&'a str, &'a str)> = golden(operation).to_vec();
    for (name, value) in changes {
        let place = parameters.iter().position(|(key, _)| key == name).unwrap_or(parameters.len());
        parameters
            .splice(place..(place + 1).min(parameters.len()), value.map(|value| (*name, value)));
    }
    parameters
}
