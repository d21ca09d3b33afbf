//! About instances, users and skill groups.

use super::Parameters;

pub(super) const GOLDEN: &[(&str, Parameters)] = &[
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
