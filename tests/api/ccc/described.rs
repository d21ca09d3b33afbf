//! Every reply beside the vendor's description of it: names, types, and the words of enumerations.

use super::ordered::Node;
use super::{Servers, requests};
use crate::support::ccc_operation;
use numberd::ccc::Operation;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Lists that are always empty here, because what would be in them is not kept.
const ALWAYS_EMPTY: &[&str] = &["Params", "SignedSkillGroupIdList"];

/// What of a value is not as its description says, inside it too; and the lists and enumerations
/// that were compared.
fn differences(
    path: &str,
    described: &Value,
    value: &Node,
    compared: &mut BTreeSet<String>,
) -> Vec<String> {
    let kind = described["type"].as_str().expect("a type");
    match value {
        _ if kind != value.kind() => {
            vec![format!("{path} is of type {}, not {kind}", value.kind())]
        }
        Node::Object(pairs) => {
            let fields = described["fields"].as_object().expect("fields");
            let known = |key: &str| fields.contains_key(key);
            let absent = fields.keys().filter(|key| !pairs.iter().any(|(name, _)| name == *key));
            let unknown = pairs.iter().filter(|(key, _)| !known(key));
            absent
                .map(|key| format!("{path}.{key} is missing"))
                .chain(unknown.map(|(key, _)| format!("{path}.{key} is not the vendor's")))
                .chain(pairs.iter().filter(|(key, _)| known(key)).flat_map(|(key, value)| {
                    differences(&format!("{path}.{key}"), &fields[key], value, compared)
                }))
                .collect()
        }
        Node::List(items) => {
            let path = format!("{path}[]");
            if !items.is_empty() {
                compared.insert(path.clone());
            }
            let of = |item| differences(&path, &described["items"], item, compared);
            items.iter().flat_map(of).collect()
        }
        Node::Text(text) => match described["enum"].as_array() {
            Some(words) if !words.contains(&json!(text)) => {
                vec![format!("{path} is {text:?}, which is none of its words")]
            }
            _ => Vec::new(),
        },
        Node::Number(_) | Node::Flag(_) => Vec::new(),
    }
}

/// The lists in a description.
fn lists(path: &str, described: &Value) -> Vec<String> {
    let inside = described["fields"].as_object().into_iter().flatten();
    let mut found: Vec<String> =
        inside.flat_map(|(key, field)| lists(&format!("{path}.{key}"), field)).collect();
    let name = path.rsplit('.').next().unwrap_or_default();
    if described["type"] == "array" && !ALWAYS_EMPTY.contains(&name) {
        found.push(format!("{path}[]"));
        found.extend(lists(&format!("{path}[]"), &described["items"]));
    }
    found
}

/// The vendor's description of an operation's reply. A seed page has a field that the newer pages
/// of its operation have dropped.
fn description(operation: &str) -> Value {
    let vendors = ccc_operation(operation);
    let mut described = vendors["response"].clone();
    if operation == "ListInstancesOfUser" {
        assert_eq!(vendors["olderResponseExtras"], json!(["Params"]));
        described["fields"]["Params"] = json!({"type": "array", "items": {"type": "string"}});
    }
    described
}

#[test]
fn every_reply_has_the_fields_types_and_words_of_the_vendors_description_and_no_others() {
    let (mut wrong, servers) = (Vec::new(), Servers::new());
    for operation in Operation::ALL {
        let name = operation.name();
        let described = description(name);
        let mut compared = BTreeSet::new();
        for (what, _, parameters) in requests::all().filter(|(_, action, _)| *action == name) {
            let reply = servers.of(name).call(name, parameters);
            assert_eq!(reply.status, 200, "{what}: {}", reply.body);
            wrong.extend(differences(what, &described, &Node::parse(&reply.body), &mut compared));
        }
        let empty = lists(name, &described).into_iter().filter(|list| {
            let below = &list[name.len()..];
            !compared.iter().any(|seen| seen.ends_with(below))
        });
        wrong.extend(empty.map(|list| format!("{list} is empty, so its rows are not compared")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_is_not_as_it_was_described_is_found() {
    let described = json!({"type": "object", "fields": {
        "A": {"type": "integer"},
        "B": {"type": "string"},
        "C": {"type": "array", "items": {"type": "object", "fields": {"D": {"type": "boolean"}}}},
        "E": {"type": "string", "enum": ["Inbound"]},
    }});
    let of = |reply: &str| {
        let mut compared = BTreeSet::new();
        let found = differences("reply", &described, &Node::parse(reply), &mut compared);
        (found, compared.into_iter().collect::<Vec<_>>())
    };
    let (found, compared) = of(r#"{"A":"1","C":[{"D":true},{"D":"true"}],"E":"in","F":""}"#);
    let expected = [
        "reply.B is missing",
        "reply.F is not the vendor's",
        "reply.A is of type string, not integer",
        "reply.C[].D is of type string, not boolean",
        "reply.E is \"in\", which is none of its words",
    ];
    assert_eq!((found, compared), (expected.map(str::to_owned).to_vec(), vec!["reply.C[]".into()]));
    let (found, compared) = of(r#"{"A":1,"B":"","C":[],"E":"Inbound"}"#);
    assert_eq!((found, compared), (vec![], vec![]), "an empty list was not compared");
    assert_eq!(lists("reply", &described), ["reply.C[]"]);
}
