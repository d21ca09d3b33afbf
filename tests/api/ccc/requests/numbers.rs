//! About numbers, their flows, and the groups that they are bound to.

use super::Parameters;

pub(super) const GOLDEN: &[(&str, Parameters)] = &[
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
];
