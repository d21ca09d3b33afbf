//! What every operation answers to each of its parameters being wrong in each way: made from the
//! vendor's description of the operations, so that a new one is asked the same questions.

use super::tree::assert_same;
use super::{assert_snapshot, code, redacted, requests};
use crate::support::{App, Watch, ccc_operation};
use numberd::ccc::Operation;
use std::collections::{BTreeMap, BTreeSet};

/// Where an operation's answer is meant to differ from the rule of its kind: operation, parameter,
/// value (`None`: absent), and the code; `OK` where the value is fine.
const EXCEPTIONS: &[(&str, &str, Option<&str>, &str)] = &[
    // Where any number belongs can be asked.
    ("GetNumberLocation", "Number", Some("0000"), "OK"),
];

/// Lists whose items are not kept here, so that anything in them is refused.
const UNSUPPORTED: &[&str] = &["InstNumberGroupIdList", "SignedSkillGroupIdList"];

/// A thousand and one numbers, as a JSON array.
fn too_many() -> String {
    let items: Vec<String> = (0..1001).map(|figure| format!("\"{figure:05}\"")).collect();
    format!("[{}]", items.join(","))
}

/// The wrong values of a parameter, each with the code that it is answered with.
fn wrong_values(parameter: &serde_json::Value) -> Vec<(Option<String>, &'static str)> {
    let mut wrong: Vec<(Option<String>, &'static str)> = Vec::new();
    let mut add = |value: &str, code| wrong.push((Some(value.to_owned()), code));
    let required = parameter["required"] == true;
    if required {
        add("", "Parameter.Empty");
        add(" \t", "Parameter.Blank");
    }
    match (parameter["type"].as_str(), parameter["encoding"].as_str()) {
        (Some("integer"), _) if parameter["min"].is_number() && parameter["max"].is_number() => {
            let edge = |edge: &str, by: i64| (parameter[edge].as_i64().unwrap() + by).to_string();
            add(&edge("min", -1), "Parameter.Minimum");
            add("-1", "Parameter.Minimum");
            add("-99999999999999999999999999", "Parameter.Minimum");
            add(&edge("max", 1), "Parameter.Maximum");
            add("9223372036854775808", "Parameter.Maximum");
            add("99999999999999999999999999", "Parameter.Maximum");
            for text in ["x", "1.5", "1e1", "0x1", "+1", " 1", "１", "-", "1,0"] {
                add(text, "Parameter.Format");
            }
        }
        (Some("boolean"), _) => {
            for text in ["yes", "1", "tru", "null", " true"] {
                add(text, "Parameter.Format");
            }
        }
        (_, Some("json-string"))
            if parameter["jsonType"] == "array<string>"
                && !UNSUPPORTED.contains(&parameter["name"].as_str().unwrap()) =>
        {
            for text in [
                "['a', 'b']",
                "083",
                "[1]",
                "[null]",
                "{}",
                "[[\"a\"]]",
                "[\"a\"",
                "[\"a\"] x",
                "\"a\"",
                r#"["\ud800"]"#,
                "[true,\"a\"]",
            ] {
                add(text, "Parameter.Format");
            }
            add(&"[".repeat(20_000), "Parameter.Format");
            if required {
                add("[]", "Parameter.Empty");
                add("[ ]", "Parameter.Empty");
            }
            add(&too_many(), "Parameter.Maximum");
        }
        _ if parameter["enum"].is_array() => add("Sideways", "Parameter.Enumeration"),
        _ => {}
    }
    match parameter["name"].as_str() {
        Some("InstanceId") => add("no-such-instance", "NotExists.InstanceId"),
        Some("UserId") => add("nobody@ccc-test", "NotExists.UserId"),
        Some("SkillGroupId") => add("nothing@ccc-test", "NotExists.SkillGroupId"),
        Some("SkillGroupIdList") => add(r#"["nothing@ccc-test"]"#, "NotExists.SkillGroupId"),
        Some("Number") => add("0000", "NotExists.Number"),
        Some("SearchPattern") => add(&"1".repeat(65), "Parameter.Maximum"),
        _ => {}
    }
    if required {
        wrong.insert(0, (None, "Parameter.Null"));
    }
    wrong
}

/// A long value, shortened for the snapshot.
fn brief(value: Option<&str>) -> String {
    match value {
        None => "absent".to_owned(),
        Some(value) if value.len() > 100 => format!(
            "{:?} and so on, {} bytes",
            value.chars().take(20).collect::<String>(),
            value.len()
        ),
        Some(value) => format!("{value:?}"),
    }
}

/// How a parameter is read, in the vendor's terms.
fn reader(parameter: &serde_json::Value) -> String {
    let text = |key: &str| parameter[key].as_str().unwrap_or_default();
    let kind = match (text("type"), text("encoding"), parameter["enum"].as_array()) {
        (_, "json-string", _) => text("jsonType").to_owned(),
        (_, _, Some(names)) => format!("one of {}", names.len()),
        ("integer", _, _) if parameter["max"].is_number() => {
            format!("{}–{}", parameter["min"], parameter["max"])
        }
        (other, _, _) => other.to_owned(),
    };
    let optional = if parameter["required"] == true { "" } else { "optional " };
    format!("{}: {optional}{kind}", text("name"))
}

/// What one parameter of an operation is refused for: a line for each wrong value, with the answer.
fn refusals(app: &App, action: &str, parameter: &serde_json::Value) -> String {
    let name = parameter["name"].as_str().unwrap();
    let mut text = String::new();
    for (value, expected) in wrong_values(parameter) {
        let value = value.as_deref();
        let exception = EXCEPTIONS
            .iter()
            .find(|exception| (exception.0, exception.1, exception.2) == (action, name, value));
        let expected = exception.map_or(expected, |exception| exception.3);
        let reply = app.call(action, &requests::changed(action, &[(name, value)]));
        let case = brief(value);
        assert_eq!(code(&reply), expected, "{action}: {name} {case}: {}", reply.body);
        text += &format!("  {case}\n    {} {}\n", reply.status, redacted(app, &reply));
    }
    text
}

/// Each reader's refusals are in the snapshot once, and for each operation which readers it has: an
/// operation that reads a parameter otherwise than the others do has a reader of its own.
#[test]
fn every_wrong_value_of_every_parameter_is_answered_with_its_code_and_changes_nothing() {
    let app = App::spawn();
    let watch = Watch::over(&app.database);
    let mut readers: BTreeMap<String, String> = BTreeMap::new();
    let mut operations = String::new();
    for operation in Operation::ALL {
        let name = operation.name();
        let mut read = Vec::new();
        for parameter in ccc_operation(name)["params"].as_array().unwrap() {
            let (mut reader, refusals) = (reader(parameter), refusals(&app, name, parameter));
            if readers.get(&reader).is_some_and(|known| *known != refusals) {
                reader += &format!(", as {name} has it");
            }
            readers.entry(reader.clone()).or_insert(refusals);
            read.push(reader);
        }
        operations += &format!("{name} reads {}\n", read.join("; "));
    }
    watch.assert_unchanged("a wrong value");
    let readers: String =
        readers.iter().map(|(reader, text)| format!("{reader}\n{text}")).collect();
    assert_snapshot("parameters", &format!("{operations}\n{readers}"));
}

#[test]
fn every_refusal_of_a_parameter_in_xml_is_the_same_tree_as_in_json() {
    let app = App::spawn();
    let mut seen = BTreeSet::new();
    for operation in Operation::ALL {
        let name = operation.name();
        for parameter in ccc_operation(name)["params"].as_array().unwrap() {
            if !seen.insert(reader(parameter)) {
                continue;
            }
            let parameter_name = parameter["name"].as_str().unwrap();
            for (value, _) in wrong_values(parameter) {
                let wrong = requests::changed(name, &[(parameter_name, value.as_deref())]);
                let json = app.call(name, &wrong);
                let xml = app.call(name, &[wrong.as_slice(), &[("Format", "XML")]].concat());
                if json.status != 200 {
                    let what = format!("{name}: {parameter_name} {}", brief(value.as_deref()));
                    assert_same((&app, &json), (&app, &xml), "Error", &what);
                }
            }
        }
    }
}

#[test]
fn the_first_bad_parameter_is_named_and_parameters_go_before_instances_and_these_before_the_rest() {
    let app = App::spawn();
    let message = |action, changes: &[(&'static str, Option<&'static str>)]| {
        app.call(action, &requests::changed(action, changes)).json()["Message"].to_string()
    };
    let list = "ListPersonalNumbersOfUser";
    assert!(
        message(
            list,
            &[("IsMember", Some("x")), ("PageSize", Some("0")), ("InstanceId", Some("none"))]
        )
        .contains("IsMember")
    );
    assert!(
        message(
            list,
            &[("PageNumber", Some("0")), ("PageSize", Some("0")), ("InstanceId", Some("none"))]
        )
        .contains("PageNumber")
    );
    assert!(
        message(list, &[("UserId", Some("nobody")), ("InstanceId", Some("none"))])
            .contains("instance none does not exist")
    );
    assert!(message(list, &[("UserId", Some("nobody"))]).contains("user nobody does not exist"));
    let bind = "AddPhoneNumberToSkillGroups";
    assert!(
        message(bind, &[("Number", Some("0")), ("SkillGroupIdList", Some(r#"["x@ccc-test"]"#))])
            .contains("x@ccc-test")
    );
}

#[test]
fn a_list_may_have_a_thousand_items_and_stand_in_the_query_or_the_body() {
    let app = App::spawn();
    let items: Vec<String> = (0..1000).map(|figure| format!("\"{:032}\"", figure)).collect();
    let list = format!("[{}]", items.join(","));
    let parameters = requests::changed("AddPersonalNumbersToUser", &[("NumberList", Some(&list))]);
    let pairs = super::signer::pairs(&parameters);
    let body = super::signer::form(&pairs);
    assert!(body.len() > 38_000);
    for request in [
        super::wire::Request::get(&format!("Action=AddPersonalNumbersToUser&{body}")),
        super::wire::Request::post("Action=AddPersonalNumbersToUser", body.as_bytes()),
    ] {
        let reply = request.bearer().send(&app);
        assert_eq!(code(&reply), "OK");
        assert_eq!(reply.json()["Data"].as_array().unwrap().len(), 1000);
    }
    // Every item is looked for, so that none of them is too many.
    for (action, name) in [("CreateInstance", "AdminRamIdList"), ("AssignUsers", "RamIdList")] {
        let parameters = requests::changed(action, &[(name, Some(&list))]);
        let reply = app.call(action, &parameters);
        assert_ne!(code(&reply), "Parameter.Maximum", "{action}: {}", reply.body);
        assert!(reply.body.contains(&format!("{:032}", 0)), "{action}: {}", reply.body);
    }
}

#[test]
fn six_hundred_users_with_their_levels_fit_into_a_query_as_the_sdks_send_them() {
    let app = App::spawn();
    for (members, expected) in [(600, "NotExists.UserId"), (700, "RequestTooLarge")] {
        let items: Vec<String> = (0..members)
            .map(|member| {
                format!("{{\"userId\": \"wangfang{member:04}@ccc-test\", \"skillLevel\": 3}}")
            })
            .collect();
        let list = format!("[{}]", items.join(", "));
        let parameters =
            requests::changed("AddUsersToSkillGroup", &[("UserSkillLevelList", Some(&list))]);
        let query = super::signer::form(&super::signer::pairs(&parameters));
        let request =
            super::wire::Request::post(&format!("Action=AddUsersToSkillGroup&{query}"), b"");
        let reply = request.bearer().send(&app);
        assert_eq!(code(&reply), expected, "{} bytes: {}", query.len(), reply.body);
    }
}

#[test]
fn a_search_pattern_may_have_64_characters_of_any_length_in_bytes() {
    let app = App::spawn();
    for (pattern, expected) in
        [("1".repeat(64), "OK"), ("号".repeat(64), "OK"), ("号".repeat(65), "Parameter.Maximum")]
    {
        for action in
            ["ListPhoneNumbers", "ListPersonalNumbersOfUser", "ListPhoneNumbersOfSkillGroup"]
        {
            let reply =
                app.call(action, &requests::changed(action, &[("SearchPattern", Some(&pattern))]));
            assert_eq!(code(&reply), expected, "{action}");
        }
    }
}

#[test]
fn a_list_is_the_same_with_white_space_in_its_json_as_repeated_parameters_and_with_duplicates() {
    let forms: &[&[(&str, &str)]] = &[
        &[("NumberList", r#"["02855500007","02855500008"]"#)],
        &[("NumberList", " [ \"02855500007\" ,\r\n\t\"02855500008\" ] ")],
        &[("NumberList", r#"["02855500007","02855500008","02855500007"]"#)],
        &[("NumberList", r#"["\u0030\u0032855500007","02855500008"]"#)],
        &[("NumberList.1", "02855500007"), ("NumberList.2", "02855500008")],
        &[
            ("NumberList.2", "02855500008"),
            ("NumberList.1", "02855500007"),
            ("NumberList.3", "02855500007"),
        ],
    ];
    for form in forms {
        let app = App::spawn();
        let parameters =
            [*form, &[("InstanceId", "ccc-test"), ("UserId", "liuyang@ccc-test")]].concat();
        let reply = app.call("AddPersonalNumbersToUser", &parameters);
        assert_eq!(reply.json()["Data"], serde_json::json!([]), "{form:?}: {}", reply.body);
        let held = "SELECT group_concat(number, ' ') FROM (SELECT number FROM v_personal_number WHERE user_id = 'liuyang@ccc-test' AND number LIKE '0285550000%' ORDER BY number)";
        assert_eq!(app.database.query(held), "02855500007 02855500008", "{form:?}");
    }
}

#[test]
fn a_list_given_in_both_forms_at_once_is_refused_since_one_of_them_would_be_ignored() {
    let app = App::spawn();
    let watch = Watch::over(&app.database);
    let parameters =
        requests::changed("AddPersonalNumbersToUser", &[("NumberList.1", Some("02855500007"))]);
    assert_eq!(code(&app.call("AddPersonalNumbersToUser", &parameters)), "Parameter.Format");
    watch.assert_unchanged("the list in two forms");
}

#[test]
fn booleans_are_read_in_any_case_and_unknown_parameters_are_left_alone() {
    let app = App::spawn();
    let free = app.database.query(
        "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test' AND number NOT IN (
             SELECT number FROM skill_group_number WHERE instance_id = 'ccc-test'
              UNION SELECT number FROM v_personal_number WHERE instance_id = 'ccc-test')",
    );
    let free: u64 = free.parse().unwrap();
    for (text, total) in [("true", 1), ("True", 1), ("TRUE", 1), ("False", free), ("false", free)] {
        let extra = [
            ("RegionId", Some("cn-shanghai")),
            ("IsMember", Some(text)),
            ("ismember", Some("x")),
            ("Nothing", Some("")),
        ];
        let (_, found) = super::listed(&app.call(
            "ListPersonalNumbersOfUser",
            &requests::changed("ListPersonalNumbersOfUser", &extra),
        ));
        assert_eq!(found, total, "{text}");
    }
}
