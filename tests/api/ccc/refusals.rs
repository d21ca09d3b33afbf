//! What the rules, the roles and the instances refuse: each with its whole body, and nothing
//! changed.

use super::tree::{Tree, assert_same};
use super::{assert_snapshot, code, refused, requests, with_tokens};
use crate::support::{App, Watch};
use numberd::domain::{Clock, Paging};

/// What is refused: to whom, what, with which parameters changed, and the code.
struct Case {
    name: &'static str,
    token: &'static str,
    action: &'static str,
    changes: &'static [(&'static str, Option<&'static str>)],
    code: &'static str,
}

const fn case(
    name: &'static str,
    token: &'static str,
    action: &'static str,
    changes: &'static [(&'static str, Option<&'static str>)],
    code: &'static str,
) -> Case {
    Case { name, token, action, changes, code }
}

const CASES: &[Case] = &[
    case(
        "a personal number is not bound",
        "demo-token",
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["02855500007","083xxxx0011"]"#))],
        "Parameter.Invalid",
    ),
    case(
        "nor to several groups",
        "demo-token",
        "AddPhoneNumberToSkillGroups",
        &[("Number", Some("083xxxx0011"))],
        "Parameter.Invalid",
    ),
    case(
        "an unknown number is not bound",
        "demo-token",
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["02855500007","999"]"#))],
        "NotExists.Number",
    ),
    case(
        "nor one of the pool",
        "demo-token",
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["02555500001"]"#))],
        "NotExists.Number",
    ),
    case(
        "nor one of another instance",
        "demo-token",
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["+442079460003"]"#))],
        "NotExists.Number",
    ),
    case(
        "one unknown group among several",
        "demo-token",
        "AddPhoneNumberToSkillGroups",
        &[("SkillGroupIdList", Some(r#"["night@ccc-test","nothing@ccc-test"]"#))],
        "NotExists.SkillGroupId",
    ),
    case(
        "a group of another instance",
        "demo-token",
        "AddNumbersToSkillGroup",
        &[("SkillGroupId", Some("support@vcc-test"))],
        "NotExists.SkillGroupId",
    ),
    case(
        "its list",
        "demo-token",
        "ListPhoneNumbersOfSkillGroup",
        &[("SkillGroupId", Some("support@vcc-test"))],
        "NotExists.SkillGroupId",
    ),
    case(
        "a user of another instance",
        "demo-token",
        "AddPersonalNumbersToUser",
        &[("UserId", Some("annakowalska@vcc-test"))],
        "NotExists.UserId",
    ),
    case(
        "their list",
        "demo-token",
        "ListPersonalNumbersOfUser",
        &[("UserId", Some("annakowalska@vcc-test"))],
        "NotExists.UserId",
    ),
    case(
        "taking from them",
        "demo-token",
        "RemovePersonalNumbersFromUser",
        &[("UserId", Some("annakowalska@vcc-test"))],
        "NotExists.UserId",
    ),
    case(
        "unbinding an unknown number",
        "demo-token",
        "RemovePhoneNumberFromSkillGroups",
        &[("Number", Some("999"))],
        "NotExists.Number",
    ),
    case(
        "number groups are not kept",
        "demo-token",
        "AddNumbersToSkillGroup",
        &[("InstNumberGroupIdList", Some(r#"["38f5b191"]"#))],
        "Parameter.Invalid",
    ),
    case(
        "an agent gives no numbers",
        "wangfang",
        "AddPersonalNumbersToUser",
        &[("UserId", Some("wangfang@ccc-test"))],
        "Permission.Common",
    ),
    case(
        "an agent takes no numbers",
        "wangfang",
        "RemovePersonalNumbersFromUser",
        &[("UserId", Some("wangfang@ccc-test"))],
        "Permission.Common",
    ),
    case("an agent binds nothing", "wangfang", "AddNumbersToSkillGroup", &[], "Permission.Common"),
    case(
        "an agent does not see the instance's numbers",
        "wangfang",
        "ListPhoneNumbers",
        &[],
        "Permission.Common",
    ),
    case(
        "an agent does not see another's numbers",
        "wangfang",
        "ListPersonalNumbersOfUser",
        &[],
        "Permission.Common",
    ),
    case(
        "nor learns whether somebody exists",
        "wangfang",
        "ListPersonalNumbersOfUser",
        &[("UserId", Some("nobody@ccc-test"))],
        "Permission.Common",
    ),
    case(
        "nor sees what could be theirs",
        "wangfang",
        "ListPersonalNumbersOfUser",
        &[("UserId", Some("wangfang@ccc-test")), ("IsMember", Some("false"))],
        "Permission.Common",
    ),
    case(
        "a login without a user in the instance",
        "xufei",
        "ListPhoneNumbers",
        &[],
        "NotExists.InstanceId",
    ),
    case(
        "a user of another instance",
        "annakowalska",
        "ListPhoneNumbers",
        &[],
        "NotExists.InstanceId",
    ),
    case(
        "an archived user",
        "wuxia",
        "ListPersonalNumbersOfUser",
        &[("UserId", Some("wuxia@ccc-test"))],
        "NotExists.InstanceId",
    ),
];

#[test]
fn every_refusal_is_answered_with_its_code_and_changes_nothing() {
    let app = App::over(
        with_tokens(&["wangfang", "xufei", "annakowalska", "wuxia"]),
        Paging::Strict,
        Clock::System,
    );
    let watch = Watch::over(&app.database);
    let mut text = String::new();
    for Case { name, token, action, changes, code: expected } in CASES {
        let parameters = requests::changed(action, changes);
        let reply = app.call_as(token, action, &parameters);
        assert_eq!(code(&reply), *expected, "{name}: {}", reply.body);
        let xml =
            app.call_as(token, action, &[parameters.as_slice(), &[("Format", "XML")]].concat());
        watch.assert_unchanged(name);
        assert_same((&app, &reply), (&app, &xml), "Error", name);
        text += &refused(&app, &format!("{name}: {action} by {token}, {changes:?}"), &reply);
    }
    assert_snapshot("refusals", &text);
}

#[test]
fn what_a_caller_sends_comes_back_in_well_formed_xml_and_json_whatever_it_is() {
    let app = App::spawn();
    for value in ["<a>&\"']]>", "\u{85}\u{7f}\u{2028}", "a\tb\nc\rd", "😀号", "&amp;", "--><!--"]
    {
        for format in ["JSON", "XML"] {
            let reply = app.call(
                "ListPersonalNumbersOfUser",
                &requests::changed(
                    "ListPersonalNumbersOfUser",
                    &[("InstanceId", Some(value)), ("Format", Some(format))],
                ),
            );
            assert_eq!(reply.status, 404, "{value:?}");
            let message = if format == "JSON" {
                reply.json()["Message"].as_str().unwrap().to_owned()
            } else {
                Tree::of_xml(&reply.body).text_of("Message").unwrap().to_owned()
            };
            assert_eq!(
                message,
                format!("The specified instance {value} does not exist."),
                "{format}: {}",
                reply.body
            );
        }
    }
}

#[test]
fn control_characters_that_come_in_through_json_escapes_are_replaced_in_xml() {
    let app = App::spawn();
    let parameters = requests::changed(
        "AddPersonalNumbersToUser",
        &[("NumberList", Some(r#"["\u0000\u001f\ufffe<"]"#)), ("Format", Some("XML"))],
    );
    let reply = app.call("AddPersonalNumbersToUser", &parameters);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.body.contains("<Data>\u{fffd}\u{fffd}\u{fffd}&lt;</Data>"), "{:?}", reply.body);
}
