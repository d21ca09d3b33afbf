//! One good request of each operation; on the sample it finds a row for every list in its reply.

mod numbers;
mod people;

/// Parameters by name.
pub type Parameters = &'static [(&'static str, &'static str)];

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

fn golden_ones() -> impl Iterator<Item = (&'static str, Parameters)> {
    numbers::GOLDEN.iter().chain(people::GOLDEN).copied()
}

/// All of them: what it is called, its operation, its parameters.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, Parameters)> {
    golden_ones()
        .map(|(action, parameters)| (action, action, parameters))
        .chain(MORE.iter().copied())
}

/// The good request of an operation.
pub fn golden(operation: &str) -> Parameters {
    let row = golden_ones().find(|(name, _)| *name == operation);
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
