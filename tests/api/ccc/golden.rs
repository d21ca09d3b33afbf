//! Every operation's good request, its whole reply, and what the change log says of it; and the
//! samples on the vendor's pages.

use super::ordered::Node;
use super::tree::assert_same;
use super::{assert_snapshot, code, redacted, requests, shown};
use crate::support::{App, ccc_operation, contract};
use numberd::ccc::Operation;
use std::collections::BTreeSet;

#[test]
fn every_operation_answers_its_golden_requests_as_recorded_and_logs_what_it_changed() {
    for (name, action, parameters) in requests::all() {
        let operation = Operation::ALL.iter().find(|one| one.name() == action).unwrap();
        let app = App::spawn();
        let logged = app.database.query("SELECT max(change_id) FROM change");
        let reply = app.call(action, parameters);
        assert_eq!(reply.status, 200, "{name}: {}", reply.body);
        let changes = changes_after(&app, &logged, reply.header("x-acs-request-id").unwrap());
        // Whose turn it is to be dialled with is no row that a person changes.
        let logs = operation.is_write() && action != "PickOutboundNumbers";
        assert_eq!(logs, !changes.is_empty(), "{name} logged {changes:?}");
        assert_snapshot(&format!("golden/{name}"), &format!("{}{changes}", shown(&app, &reply)));
    }
}

#[test]
fn every_reply_in_xml_is_the_same_tree_as_in_json_below_the_vendors_root() {
    for (name, action, parameters) in requests::all() {
        let first = App::spawn();
        let json = first.call(action, parameters);
        // What changes something is asked of a server of its own.
        let operation = Operation::ALL.iter().find(|one| one.name() == action).unwrap();
        let second = operation.is_write().then(App::spawn);
        let app = second.as_ref().unwrap_or(&first);
        let xml = app.call(action, &[parameters, &[("Format", "XML")]].concat());
        let root = ccc_operation(action)["responseXmlRoot"].as_str().unwrap();
        assert_same((&first, &json), (app, &xml), root, name);
    }
}

#[test]
fn every_parameter_of_the_vendors_is_in_a_good_request_and_no_other() {
    // Without a meaning here, or the other of two: the tests of the refusals and of users have
    // them.
    let elsewhere = [
        "GetUser.Extension",
        "RemoveUsers.FilePath",
        "AddPhoneNumbers.NumberGroupId",
        "AddNumbersToSkillGroup.InstNumberGroupIdList",
    ];
    let mut missing = Vec::new();
    for operation in Operation::ALL {
        let name = operation.name();
        let tried: BTreeSet<&str> = requests::all()
            .filter(|(_, action, _)| *action == name)
            .flat_map(|(_, _, parameters)| parameters.iter().map(|(name, _)| *name))
            .collect();
        let known: BTreeSet<&str> = ccc_operation(name)["params"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap())
            .filter(|parameter| !elsewhere.contains(&format!("{name}.{parameter}").as_str()))
            .collect();
        assert!(tried.is_subset(&known), "{name}: {tried:?}");
        missing.extend(known.difference(&tried).map(|parameter| format!("{name}.{parameter}")));
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// What the root changed by one request, a line for each row of the change log; of groups and their
/// members also the row as it was and as it is.
fn changes_after(app: &App, change_id: &str, request_id: &str) -> String {
    let changes = app.database.query(&format!(
        "SELECT actor, via, request_id = '{request_id}', entity, action,
                coalesce(instance_id, ''), coalesce(number, ''), coalesce(user_id, ''),
                coalesce(skill_group_id, '')
                || iif(entity LIKE 'skill_group%',
                       '|' || coalesce(old, '-') || '|' || coalesce(new, '-'), '')
           FROM change WHERE change_id > {change_id} ORDER BY change_id"
    ));
    assert!(changes.lines().all(|line| line.starts_with("user-test|ccc|1|")), "{changes}");
    changes.replace("user-test|ccc|1|", "")
}

/// Compares a value with the vendor's description of it, whole: keys, types, and so on inside.
/// Lists of objects that had something in them are noted, since an empty one proves nothing.
fn compare(path: &str, described: &serde_json::Value, value: &Node, seen: &mut Vec<String>) {
    assert_eq!(value.kind(), described["type"].as_str().unwrap_or("string"), "the type of {path}");
    match value {
        Node::Object(pairs) => {
            let fields = described["fields"]
                .as_object()
                .unwrap_or_else(|| panic!("{path} is no object at the vendor's"));
            let mut keys = value.keys();
            keys.sort_unstable();
            assert_eq!(
                keys,
                fields.keys().map(String::as_str).collect::<Vec<_>>(),
                "the keys of {path}"
            );
            for (key, value) in pairs {
                compare(&format!("{path}.{key}"), &fields[key], value, seen);
            }
        }
        Node::List(items) => {
            for item in items {
                seen.push(path.to_owned());
                compare(path, &described["items"], item, seen);
            }
        }
        Node::Text(_) | Node::Number(_) | Node::Flag(_) => {}
    }
}

/// The lists of objects in a description.
fn lists(path: &str, described: &serde_json::Value, found: &mut Vec<String>) {
    if described["type"] == "array" && described["items"]["type"] == "object" {
        found.push(path.to_owned());
        lists(path, &described["items"], found);
    }
    for (key, field) in described["fields"].as_object().into_iter().flatten() {
        lists(&format!("{path}.{key}"), field, found);
    }
}

#[test]
fn every_reply_has_the_keys_and_types_of_the_vendors_description_and_no_others() {
    for operation in Operation::ALL {
        let name = operation.name();
        let app = App::spawn();
        let reply = app.call(name, requests::golden(name));
        assert_eq!(code(&reply), "OK", "{name}");
        let vendors = ccc_operation(name);
        let mut described = vendors["response"].clone();
        // A seed page has this field, which the newer pages have dropped.
        if vendors["olderResponseExtras"].to_string().contains("Params")
            && reply.json().get("Params").is_some()
        {
            described["fields"]["Params"] =
                serde_json::json!({"type": "array", "items": {"type": "string"}});
        }
        let described = &described;
        let (mut seen, mut expected) = (Vec::new(), Vec::new());
        compare(name, described, &Node::parse(&reply.body), &mut seen);
        lists(name, described, &mut expected);
        for list in expected {
            assert!(
                seen.contains(&list),
                "{list} is empty in the golden reply, so its rows are not compared; choose another request"
            );
        }
    }
}

/// The JSON sample of a page, with real numbers and booleans and without the page's
/// placeholders.
fn sample(page: &str) -> Node {
    fn real(key: &str, node: Node) -> Node {
        match node {
            Node::Object(pairs) => Node::Object(
                pairs.into_iter().map(|(key, value)| (key.clone(), real(&key, value))).collect(),
            ),
            Node::List(items) => {
                Node::List(items.into_iter().map(|item| real(key, item)).collect())
            }
            Node::Text(text) if key == "Params" => {
                assert_eq!(text, "无");
                Node::List(Vec::new())
            }
            Node::Text(text) if text == "无" => Node::Text(String::new()),
            Node::Text(text)
                if key.ends_with("Count") || key.starts_with("Page") || key == "HttpStatusCode" =>
            {
                Node::Number(text.parse().unwrap())
            }
            Node::Text(text) if key == "Active" => Node::Flag(text == "true"),
            Node::Text(_) if key == "RequestId" => Node::Text("[request id]".to_owned()),
            other => other,
        }
    }
    real("", Node::parse(&contract(&format!("samples/{page}.json"))))
}

#[test]
fn the_sample_request_for_personal_numbers_is_answered_field_by_field_with_the_sample_reply() {
    let app = App::spawn();
    let query =
        "InstanceId=ccc-test&IsMember=true&PageNumber=1&PageSize=10&UserId=user-test@ccc-test";
    let parameters: Vec<(&str, &str)> =
        query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let reply = app.call("ListPersonalNumbersOfUser", &parameters);
    // Keys, their order, types and values: all of it.
    assert_eq!(Node::parse(&redacted(&app, &reply)), sample("ListPersonalNumbersOfUser"));

    let reply = app
        .call("ListPersonalNumbersOfUser", &[parameters.as_slice(), &[("Format", "xml")]].concat());
    let block = contract("samples/ListPersonalNumbersOfUser.xml");
    let block: String = block.lines().map(str::trim).collect();
    let id = block.split("<RequestId>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let block = block.replace(id, "[request id]").replace("<Message>无</Message>", "<Message/>");
    let expected = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><ListPersonalNumbersOfUserResponse>{block}</ListPersonalNumbersOfUserResponse>"#
    );
    assert_eq!(redacted(&app, &reply), expected);
}

#[test]
fn the_sample_reply_of_the_instances_is_found_field_by_field_in_ours() {
    let app = App::spawn();
    let reply = app.call("ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "10")]);
    let (ours, sample) = (Node::parse(&redacted(&app, &reply)), sample("ListInstancesOfUser"));
    assert_eq!(ours.keys(), sample.keys());
    for key in ["RequestId", "Message", "HttpStatusCode", "Params", "Code"] {
        assert_eq!(ours.at(key), sample.at(key), "{key}");
    }
    assert_eq!(ours.at("Data").keys(), sample.at("Data").keys());
    assert_eq!(
        *ours.at("Data.TotalCount"),
        Node::Number(2),
        "the root belongs to the second instance too"
    );
    assert_eq!(ours.at("Data.PageSize"), sample.at("Data.PageSize"));
    assert_eq!(ours.at("Data.PageNumber"), sample.at("Data.PageNumber"));

    let (instance, theirs) =
        (ours.at("Data.List").item("Id", "ccc-test"), sample.at("Data.List.0"));
    assert_eq!(instance.keys(), theirs.keys());
    for key in theirs.keys().into_iter().filter(|key| *key != "NumberList") {
        assert_eq!(instance.at(key), theirs.at(key), "{key}");
    }
    let (number, theirs) =
        (instance.at("NumberList").item("Number", "083xxxx0011"), theirs.at("NumberList.0"));
    assert_eq!(number.keys(), theirs.keys());
    for key in theirs.keys().into_iter().filter(|key| *key != "SkillGroups") {
        assert_eq!(number.at(key), theirs.at(key), "{key}");
    }
    // The page shows a number that is personal and bound at once, which no number can be; its skill
    // group holds another one.
    assert_eq!(*number.at("SkillGroups"), Node::List(Vec::new()));
    assert_eq!(
        instance.at("NumberList").item("Number", "02855500001").at("SkillGroups"),
        theirs.at("SkillGroups")
    );
}
