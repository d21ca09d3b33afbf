//! The table of roles and acts, cell by cell: every operation, every role, in the own instance and
//! in a foreign one.

use super::{code, redacted, requests, with_tokens};
use crate::support::{App, SeededDatabase, Watch, ccc_operation, figure};
use numberd::ccc::Operation;
use numberd::domain::{Act, Allowed, Clock, Paging, Role};

/// A caller of each role in `ccc-test`, with the user they have there.
const CALLERS: [(Role, &str, &str); 4] = [
    (Role::Agent, "liuyang", "liuyang@ccc-test"),
    (Role::Manager, "lina", "lina@ccc-test"),
    (Role::Admin, "zhaolei", "zhaolei@ccc-test"),
    (Role::Root, "user-test", "user-test@ccc-test"),
];

/// What the design says, not what the code does: who may call an operation. An agent may read what
/// concerns them; everybody stronger may do what the weaker may.
#[rustfmt::skip]
const AGENTS_THEMSELVES: &[&str] = &[
    "ListInstancesOfUser", "ListPersonalNumbersOfUser", "ListOutboundNumbersOfUser",
    "ListSkillLevelsOfUser", "GetUser", "ListPrivilegesOfUser",
];

/// What an agent and a manager do for themselves only.
const EVERYBODY_FOR_THEMSELVES: &[&str] = &["ChangeWorkMode"];

#[rustfmt::skip]
const MANAGERS: &[&str] = &[
    "ListPhoneNumbers", "GetNumberLocation", "PickOutboundNumbers", "ListContactFlows",
    "GetContactFlow", "ListPhoneNumbersOfSkillGroup", "GetSkillGroup", "ListSkillGroups",
    "ListBriefSkillGroups", "ListUserLevelsOfSkillGroup", "GetInstance", "ListUsers", "ListRoles",
    "AddPersonalNumbersToUser", "RemovePersonalNumbersFromUser",
    "AddNumbersToSkillGroup", "RemovePhoneNumbersFromSkillGroup",
    "AddPhoneNumberToSkillGroups", "RemovePhoneNumberFromSkillGroups",
    "AddUsersToSkillGroup", "RemoveUsersFromSkillGroup", "AddSkillGroupsToUser",
    "RemoveSkillGroupsFromUser", "ModifySkillLevelsOfUser", "ModifyUserLevelsOfSkillGroup",
];

#[rustfmt::skip]
const ADMINS: &[&str] = &[
    "AddPhoneNumbers", "RemovePhoneNumbers", "ModifyPhoneNumber",
    "CreateContactFlow", "DeleteContactFlow", "CreateSkillGroup", "ModifySkillGroup", "DeleteSkillGroup", "ModifyInstance",
    "CreateUser", "AssignUsers", "RemoveUsers", "ModifyUser", "ResetUserPassword",
    "ListRamUsers", "ImportAdmins", "ImportRamUsers",
];

const ROOT: &[&str] = &[
    "ListUnassignedNumbers",
    "ImportCorpNumbers",
    "CreateInstance",
    "DeleteInstance",
    "ListInstances",
];

/// What a role may call.
fn expected(action: &str, role: Role) -> Allowed {
    let weakest = [
        (AGENTS_THEMSELVES, Role::Agent),
        (EVERYBODY_FOR_THEMSELVES, Role::Agent),
        (MANAGERS, Role::Manager),
        (ADMINS, Role::Admin),
        (ROOT, Role::Root),
    ];
    let (_, weakest) = weakest
        .iter()
        .find(|(actions, _)| actions.contains(&action))
        .unwrap_or_else(|| panic!("say here who may call {action}"));
    match weakest {
        weakest if role < *weakest => Allowed::No,
        Role::Agent if role == Role::Agent => Allowed::Own,
        Role::Agent if role == Role::Manager && EVERYBODY_FOR_THEMSELVES.contains(&action) => {
            Allowed::Own
        }
        _ => Allowed::Yes,
    }
}

/// A database where each of them has a token; zhaolei is made an administrator, since the sample's
/// only one is the root.
fn database() -> SeededDatabase {
    let database = with_tokens(&[
        "liuyang",
        "lina",
        "zhaolei",
        "user-test",
        "annakowalska",
        "ewawisniewska",
        "marysmith",
        "xufei",
        "wuxia",
    ]);
    database.query("UPDATE user SET role = 'Admin' WHERE user_id = 'zhaolei@ccc-test'");
    database
}

fn app() -> App {
    App::over(database(), Paging::Strict, Clock::System)
}

/// Whether the operation works in an instance that its parameters name, and on one user.
fn names(operation: Operation, parameter: &str) -> bool {
    ccc_operation(operation.name())["params"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["name"] == parameter)
}

#[test]
fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let made = database();
    for operation in Operation::ALL {
        let (name, act) = (operation.name(), operation.act());
        // The weakest first, so that what one may change is not changed yet for those who may not.
        let app = App::over(made.copy(), Paging::Strict, Clock::System);
        for (role, token, own) in CALLERS {
            // The golden request may be about somebody else; then the same about the caller
            // themselves.
            for user in [None, Some(own)] {
                let parameters = match user {
                    Some(user) if names(*operation, "UserId") => requests::changed(
                        name,
                        &[("InstanceId", Some("ccc-test")), ("UserId", Some(user))],
                    ),
                    Some(_) => continue,
                    None if names(*operation, "InstanceId") => {
                        requests::changed(name, &[("InstanceId", Some("ccc-test"))])
                    }
                    None => requests::golden(name).to_vec(),
                };
                // Who names nobody means themselves.
                let named =
                    parameters.iter().find(|(name, _)| *name == "UserId").map(|(_, value)| *value);
                let about_himself = named.is_none_or(|user| user == own);
                let allowed = match expected(name, role) {
                    Allowed::Yes => true,
                    Allowed::Own => about_himself,
                    Allowed::No => false,
                };
                let watch = (!allowed).then(|| Watch::over(&app.database));
                let reply = app.call_as(token, name, &parameters);
                let cell = format!("{name} ({act:?}) by {} about {user:?}", role.name());
                if allowed {
                    // Whoever comes second may find the work done, and hear so; but they are let
                    // in.
                    assert!(
                        !["Permission.Common", "NotExists.InstanceId"]
                            .contains(&code(&reply).as_str()),
                        "{cell}: {}",
                        reply.body
                    );
                } else {
                    assert_eq!(
                        (reply.status, code(&reply).as_str()),
                        (403, "Permission.Common"),
                        "{cell}: {}",
                        reply.body
                    );
                    let message = reply.json()["Message"].as_str().unwrap().to_owned();
                    assert!(message.contains(role.name()) || message.contains("Root"), "{message}");
                }
                if let Some(watch) = watch {
                    watch.assert_unchanged(&cell);
                }
            }
        }
    }
}

#[test]
fn a_foreign_instance_answers_byte_for_byte_as_one_that_does_not_exist() {
    let app = app();
    let watch = Watch::over(&app.database);
    let mut cells = 0;
    for operation in Operation::ALL.iter().filter(|operation| names(**operation, "InstanceId")) {
        let name = operation.name();
        // Everybody of the one instance knocks at the other, with everything else as it would be
        // right there.
        for (token, foreign) in [
            ("annakowalska", "ccc-test"),
            ("marysmith", "ccc-test"),
            ("ewawisniewska", "ccc-test"),
            ("xufei", "ccc-test"),
            ("wuxia", "ccc-test"),
            ("liuyang", "vcc-test"),
            ("lina", "vcc-test"),
            ("zhaolei", "vcc-test"),
        ] {
            for format in ["JSON", "XML"] {
                let answer = |instance: &str| {
                    let reply = app.call_as(
                        token,
                        name,
                        &requests::changed(
                            name,
                            &[("InstanceId", Some(instance)), ("Format", Some(format))],
                        ),
                    );
                    assert_eq!(
                        reply.status, 404,
                        "{name} by {token} in {instance}: {}",
                        reply.body
                    );
                    let mut headers: Vec<String> = reply
                        .headers
                        .iter()
                        .filter(|(key, _)| {
                            !["x-acs-request-id", "date", "content-length"].contains(&key.as_str())
                        })
                        .map(|(key, value)| format!("{key}: {value}"))
                        .collect();
                    headers.sort();
                    (redacted(&app, &reply).replace(instance, "[instance]"), headers)
                };
                assert_eq!(answer(foreign), answer("none-test"), "{name} by {token}");
                cells += 1;
            }
        }
    }
    watch.assert_unchanged("a foreign caller");
    let own = app.call_as("zhaolei", "ListUsers", &LIST_USERS);
    assert_eq!(own.status, 200, "{}", own.body);
    figure(
        "other instances, operations of the CCC face",
        0,
        cells,
        "each answered as if there were none, in JSON and XML, and nothing changed",
        "its own administrator is let in",
    );
}

const LIST_USERS: [(&str, &str); 3] =
    [("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10")];

#[test]
fn an_id_of_another_instance_is_one_that_does_not_exist_whatever_parameter_it_is_in() {
    let app = app();
    let watch = Watch::over(&app.database);
    // Parameter, what is in the other instance, what is nowhere.
    let ids = [
        ("UserId", "annakowalska@vcc-test", "annakowalska@nil-test"),
        ("SkillGroupId", "support@vcc-test", "support@nil-test"),
        ("SkillGroupIdList", r#"["support@vcc-test"]"#, r#"["support@nil-test"]"#),
        ("Number", "+442079460003", "+442079460999"),
        ("NumberList", r#"["+442079460003"]"#, r#"["+442079460999"]"#),
        ("ContactFlowId", "b1d7f0a4-elsewhere", "b1d7f0a4-nowhere00"),
    ];
    for operation in Operation::ALL {
        let name = operation.name();
        for (parameter, foreign, missing) in ids.iter().filter(|(parameter, _, _)| {
            requests::golden(name).iter().any(|(name, _)| name == parameter)
        }) {
            // The administrator of this instance, who has nothing to do with the other.
            let plain = |text: &str| text.replace(['[', ']', '"'], "");
            let answer = |value: &str| {
                let reply = app.call_as(
                    "zhaolei",
                    name,
                    &requests::changed(name, &[(parameter, Some(value))]),
                );
                (reply.status, redacted(&app, &reply).replace(&plain(value), "[id]"))
            };
            assert_eq!(answer(foreign), answer(missing), "{name}: {parameter}");
        }
    }
    watch.assert_unchanged("an id of another instance");
}

#[test]
fn the_table_is_the_one_that_the_design_decided() {
    use Allowed::{Own, Yes};
    let column = |role| Act::ALL.iter().map(|act| act.allowed(role)).collect::<Vec<_>>();
    assert!(column(Role::Root).iter().all(|allowed| *allowed == Yes), "the root may do everything");
    assert_eq!(
        Act::ALL.iter().filter(|act| act.allowed(Role::Admin) != Yes).collect::<Vec<_>>(),
        [&Act::ManageAccount]
    );
    let managers: Vec<&Act> =
        Act::ALL.iter().filter(|act| act.allowed(Role::Manager) == Yes).collect();
    assert_eq!(
        managers,
        [
            &Act::ReadOwn,
            &Act::ReadInstance,
            &Act::BindNumbers,
            &Act::ManageMemberships,
            &Act::ManagePersonalNumbers
        ]
    );
    let themselves =
        |role| Act::ALL.iter().filter(|act| act.allowed(role) == Own).copied().collect::<Vec<_>>();
    assert_eq!(themselves(Role::Manager), [Act::ChangeWorkMode]);
    assert_eq!(themselves(Role::Agent), [Act::ReadOwn, Act::ChangeWorkMode]);
    assert!(!column(Role::Agent).contains(&Yes), "an agent reaches only what is their own");
}

#[test]
fn whoever_is_locked_counts_as_not_of_the_instance() {
    let app = app();
    assert_eq!(app.call_as("zhaolei", "ListUsers", &LIST_USERS).status, 200);
    app.database.query("UPDATE user SET locked = 1 WHERE user_id = 'zhaolei@ccc-test'");
    let refused = app.call_as("zhaolei", "ListUsers", &LIST_USERS);
    assert_eq!((refused.status, code(&refused).as_str()), (404, "NotExists.InstanceId"));
}
