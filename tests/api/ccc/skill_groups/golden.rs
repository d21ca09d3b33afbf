//! Every operation once: its request, its whole reply in JSON and XML, and what the log says of
//! it.

use super::{App, Call, GOOD, WRITES, changes, redacted};
use crate::support::{ccc_operation, ccc_operations};
use numberd::ccc::Operation;
use serde_json::Value;

#[test]
fn every_operation_answers_as_recorded_and_logs_what_it_changed() {
    for (name, good) in GOOD {
        let app = App::spawn();
        let json = good.send(&app);
        let log = changes(&app, &json);
        assert_eq!(WRITES.contains(&good.action), !log.is_empty(), "{}: {log}", good.action);
        assert_eq!(json.header("content-type"), Some("application/json;charset=utf-8"));

        let app = if WRITES.contains(&good.action) { App::spawn() } else { app };
        let xml = app.call(good.action, &[good.parameters, &[("Format", "XML")]].concat());
        assert_eq!(xml.header("content-type"), Some("text/xml;charset=utf-8"));

        let shown = format!(
            "{}\n\n{} {}\n\n{} {}\n\n{log}",
            good.shown(),
            json.status,
            json.body,
            xml.status,
            xml.body
        );
        redacted(|| insta::assert_snapshot!(format!("ccc_{name}"), shown));
    }
}

#[test]
fn every_operation_of_the_contract_on_skill_groups_has_a_recorded_call() {
    let of_groups =
        ccc_operations().iter().filter(|(_, operation)| operation["group"] == "skillgroup");
    let missing: Vec<&String> = of_groups
        .map(|(name, _)| name)
        .filter(|name| !GOOD.iter().any(|(_, good)| good.action == *name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    for (_, good) in GOOD {
        assert!(
            Operation::ALL.iter().any(|operation| operation.name() == good.action),
            "{}",
            good.action
        );
    }
}

#[test]
fn every_parameter_of_the_contract_is_in_a_recorded_call_and_none_else() {
    for (_, good) in GOOD {
        let known: Vec<&str> = ccc_operation(good.action)["params"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        for (name, _) in good.parameters {
            assert!(known.contains(name), "{}: the contract has no {name}", good.action);
        }
        for name in known {
            let used = |other: &Call| {
                other.action == good.action
                    && other.parameters.iter().any(|(used, _)| *used == name)
            };
            assert!(
                GOOD.iter().any(|(_, other)| used(other)),
                "{}: no recorded call has {name}",
                good.action
            );
        }
    }
}

#[test]
fn every_reply_has_the_fields_and_types_of_the_contract() {
    let mut wrong = Vec::new();
    let app = App::spawn();
    for (name, good) in GOOD {
        let reply = good.send(&app);
        assert_eq!(reply.status, 200, "{}", reply.body);
        differences(name, &reply.json(), &ccc_operation(good.action)["response"], &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What of a value is not as its schema says, recursively.
fn differences(place: &str, value: &Value, schema: &Value, found: &mut Vec<String>) {
    match (schema["type"].as_str().unwrap(), value) {
        ("object", Value::Object(fields)) => {
            let known = schema["fields"].as_object().unwrap();
            found.extend(
                fields
                    .keys()
                    .filter(|field| !known.contains_key(*field))
                    .map(|field| format!("{place}.{field} is not in the contract")),
            );
            for (field, schema) in known {
                match fields.get(field) {
                    Some(value) => differences(&format!("{place}.{field}"), value, schema, found),
                    None => found.push(format!("{place}.{field} is missing")),
                }
            }
        }
        ("array", Value::Array(items)) => {
            if items.is_empty() {
                found.push(format!("{place} is empty, so nothing is compared"));
            }
            items
                .iter()
                .for_each(|item| differences(&format!("{place}[]"), item, &schema["items"], found));
        }
        ("integer", Value::Number(number)) if number.is_u64() => {}
        ("boolean", Value::Bool(_)) => {}
        ("string", Value::String(text)) => {
            if schema["enum"]
                .as_array()
                .is_some_and(|names| !names.contains(&Value::String(text.clone())))
            {
                found.push(format!("{place} is {text}, which is none of its names"));
            }
        }
        (expected, value) => {
            found.push(format!("{place} is {value} rather than of type {expected}"))
        }
    }
}

#[test]
fn a_field_of_another_type_or_name_is_found() {
    let schema = serde_json::json!({"type": "object", "fields": {"A": {"type": "integer"}, "B": {"type": "string"}}});
    let mut found = Vec::new();
    differences("reply", &serde_json::json!({"A": "1", "C": "x"}), &schema, &mut found);
    assert_eq!(
        found,
        [
            "reply.C is not in the contract",
            "reply.A is \"1\" rather than of type integer",
            "reply.B is missing"
        ]
    );
}
