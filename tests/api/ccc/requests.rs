//! One good request of each operation; on the sample it finds a row for every list in its reply.

/// Parameters by name.
pub type Parameters = &'static [(&'static str, &'static str)];

const GOLDEN: &[(&str, Parameters)] = &[
    ("ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "1")]),
    ("ListPhoneNumbers", &[("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10"), ("SearchPattern", "0285550000")]),
    (
        "ListPersonalNumbersOfUser",
        &[("InstanceId", "ccc-test"), ("IsMember", "true"), ("PageNumber", "1"), ("PageSize", "10"), ("UserId", "user-test@ccc-test")],
    ),
    (
        "AddPersonalNumbersToUser",
        &[("InstanceId", "ccc-test"), ("NumberList", r#"["02855500007","02855500001","083xxxx0011","999"]"#), ("UserId", "liuyang@ccc-test")],
    ),
    ("RemovePersonalNumbersFromUser", &[("InstanceId", "ccc-test"), ("NumberList", r#"["083xxxx0011"]"#), ("UserId", "user-test@ccc-test")]),
    (
        "ListPhoneNumbersOfSkillGroup",
        &[("InstanceId", "ccc-test"), ("IsMember", "true"), ("PageNumber", "1"), ("PageSize", "10"), ("SkillGroupId", "test@ccc-test")],
    ),
    ("AddNumbersToSkillGroup", &[("InstanceId", "ccc-test"), ("NumberList", r#"["02855500007","02855500008"]"#), ("SkillGroupId", "night@ccc-test")]),
    ("RemovePhoneNumbersFromSkillGroup", &[("InstanceId", "ccc-test"), ("NumberList", r#"["02855500001"]"#), ("SkillGroupId", "test@ccc-test")]),
    ("AddPhoneNumberToSkillGroups", &[("InstanceId", "ccc-test"), ("Number", "02855500007"), ("SkillGroupIdList", r#"["night@ccc-test","returns@ccc-test"]"#)]),
    (
        "RemovePhoneNumberFromSkillGroups",
        &[("InstanceId", "ccc-test"), ("Number", "02155500001"), ("SkillGroupIdList", r#"["sales@ccc-test","support@ccc-test"]"#)],
    ),
];

/// The good request of an operation.
pub fn golden(operation: &str) -> Parameters {
    let row = GOLDEN.iter().find(|(name, _)| *name == operation);
    row.unwrap_or_else(|| panic!("{operation} has no golden request; add a row to this table")).1
}

/// The same with some parameters replaced, added, or (`None`) left out.
pub fn changed<'a>(operation: &str, changes: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    let mut parameters: Vec<(&'a str, &'a str)> = golden(operation).to_vec();
    for (name, value) in changes {
        let place = parameters.iter().position(|(key, _)| key == name).unwrap_or(parameters.len());
        parameters.splice(place..(place + 1).min(parameters.len()), value.map(|value| (*name, value)));
    }
    parameters
}
