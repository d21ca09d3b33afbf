//! One good request of each operation; on the sample it finds a row for every list in its reply.

/// Parameters by name.
pub(super) type Parameters = &'static [(&'static str, &'static str)];

const GOLDEN: &[(&str, Parameters)] = &[
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
            ("SkillLevelList", r#"[{"skillGroupId":"test@ccc-test","skillLevel":3},{"skillGroupId":"night@ccc-test","skillLevel":"10"}]"#),
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
    ("RemoveUsers", &[("Force", "true"), ("InstanceId", "ccc-test"), ("NotificationEmail", "a@example.com"), ("UserIdList", r#"["zhoujie@ccc-test"]"#)]),
    ("GetUser", &[("Extension", "80326037"), ("InstanceId", "ccc-test"), ("UserId", "wangfang@ccc-test")]),
    ("ListUsers", &[("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10"), ("SearchPattern", "zh"), ("SkillGroupId", "support@ccc-test")]),
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
    ("ListRoles", &[("InstanceId", "ccc-test")]),
    ("ListRamUsers", &[("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "3"), ("SearchPattern", "u")]),
    ("ImportAdmins", &[("InstanceId", "ccc-test"), ("RamIdList", r#"["2000000000000010","4000000000000001"]"#)]),
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
    ("ResetUserPassword", &[("InstanceId", "ccc-test"), ("Password", "一二三四五六七八"), ("UserId", "zhoujie@ccc-test")]),
];

/// The good request of an operation.
pub(super) fn golden(operation: &str) -> Parameters {
    GOLDEN.iter().find(|(name, _)| *name == operation).unwrap_or_else(|| panic!("{operation} has no golden request")).1
}

/// The same with some parameters replaced, added, or (`None`) left out.
pub(super) fn changed<'a>(operation: &str, changes: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    let mut parameters: Vec<(&'a str, &'a str)> = golden(operation).to_vec();
    for (name, value) in changes {
        parameters.retain(|(key, _)| key != name);
        parameters.extend(value.map(|value| (*name, value)));
    }
    parameters
}
