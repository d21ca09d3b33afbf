//! Every operation's good request, its whole reply in JSON and in XML, and what the change log says of it.

use super::{OPERATIONS, app_with_tokens, assert_snapshot, contract, requests, shown};
use crate::support::App;
use numberd::ccc::Operation;
use serde_json::Value;

#[test]
fn every_operation_answers_its_golden_request_as_recorded_in_json_and_in_xml_and_logs_what_it_changed() {
    for name in OPERATIONS {
        for format in ["JSON", "XML"] {
            let app = App::spawn();
            let logged = app.database.query("SELECT max(change_id) FROM change");
            let reply = app.call(name, &[requests::golden(name), &[("Format", format)]].concat());
            assert_eq!(reply.status, 200, "{name}: {}", reply.body);
            let id = reply.header("x-acs-request-id").unwrap();
            let changes = app.database.query(&format!(
                "SELECT actor, via, request_id = '{id}', entity, action, instance_id, number, user_id, skill_group_id FROM change WHERE change_id > {logged} ORDER BY change_id"
            ));
            let operation = Operation::ALL.iter().find(|operation| operation.name() == name).unwrap();
            assert_eq!(operation.is_write(), !changes.is_empty(), "{name} logged {changes:?}");
            assert!(changes.lines().all(|line| line.starts_with("user-test|ccc|1|")), "{changes}");
            let changes = changes.replace("user-test|ccc|1|", "");
            assert_snapshot(&format!("{name}.{}", format.to_lowercase()), &format!("{}{changes}", shown(&app, &reply)));
        }
    }
}

/// Compares a value with the vendor's description of it: keys, types, and so on inside. The lists that had an object in
/// them are noted, since an empty one proves nothing.
fn compare(path: &str, described: &Value, value: &Value, seen: &mut Vec<String>) {
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Number(_) => "integer",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
    };
    assert_eq!(kind, described["type"], "the type of {path}");
    if let Some(pairs) = value.as_object() {
        let fields = described["fields"].as_object().unwrap();
        assert_eq!(pairs.keys().collect::<Vec<_>>(), fields.keys().collect::<Vec<_>>(), "the keys of {path}");
        pairs.iter().for_each(|(key, value)| compare(&format!("{path}.{key}"), &fields[key], value, seen));
    }
    for item in value.as_array().into_iter().flatten() {
        seen.push(path.to_owned());
        compare(path, &described["items"], item, seen);
    }
}

/// The lists of objects in a description.
fn lists(path: &str, described: &Value, found: &mut Vec<String>) {
    if described["type"] == "array" && described["items"]["type"] == "object" {
        found.push(path.to_owned());
        lists(path, &described["items"], found);
    }
    described["fields"].as_object().into_iter().flatten().for_each(|(key, field)| lists(&format!("{path}.{key}"), field, found));
}

#[test]
fn every_reply_has_the_keys_and_types_of_the_vendors_description_and_no_others() {
    for name in OPERATIONS {
        let described = &contract(name)["response"];
        let (mut seen, mut expected) = (Vec::new(), Vec::new());
        compare(name, described, &App::spawn().call(name, requests::golden(name)).json(), &mut seen);
        lists(name, described, &mut expected);
        let empty: Vec<&String> = expected.iter().filter(|list| !seen.contains(list)).collect();
        assert!(empty.is_empty(), "{empty:?} are empty, so their rows are not compared; choose another request");
    }
}

#[test]
fn every_parameter_of_the_vendors_is_in_the_golden_requests() {
    // Either of two, or without a meaning here: the tests of the errors have it.
    let elsewhere = ["RemoveUsers.FilePath"];
    for name in OPERATIONS {
        let known: Vec<&str> = requests::golden(name).iter().map(|(name, _)| *name).collect();
        for parameter in contract(name)["params"].as_array().unwrap() {
            let parameter = parameter["name"].as_str().unwrap();
            assert!(known.contains(&parameter) || elsewhere.contains(&format!("{name}.{parameter}").as_str()), "{name} is not tried with {parameter}");
        }
    }
}

#[test]
fn a_caller_who_is_not_the_root_is_the_author_of_what_he_changes() {
    let app = app_with_tokens(&["xufei"]);
    let reply = app.call_as("xufei", "ModifyInstance", requests::golden("ModifyInstance"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(app.database.query("SELECT actor, via, entity, action FROM change ORDER BY change_id DESC LIMIT 1"), "xufei|ccc|instance|update");
}
