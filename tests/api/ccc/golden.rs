//! Every operation's good request, its whole reply, and what the change log says of it; and the
//! samples on the vendor's pages.

use super::ordered::Node;
use super::tree::assert_same;
use super::{Servers, assert_snapshot, code, redacted, requests, shown};
use crate::support::{App, ccc_operation, contract};
use numberd::ccc::Operation;
use std::collections::BTreeSet;

#[test]
fn every_operation_answers_its_golden_requests_as_recorded_and_logs_what_it_changed() {
    let servers = Servers::new();
    for (name, action, parameters) in requests::all() {
        let operation = Operation::ALL.iter().find(|one| one.name() == action).unwrap();
        let app = servers.of(action);
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
    let servers = Servers::new();
    for (name, action, parameters) in requests::all() {
        // What changes something is asked of a server of its own each time.
        let [first, second] = [(); 2].map(|()| servers.of(action));
        let json = first.call(action, parameters);
        let xml = second.call(action, &[parameters, &[("Format", "XML")]].concat());
        let root = ccc_operation(action)["responseXmlRoot"].as_str().unwrap();
        assert_same((&first, &json), (&second, &xml), root, name);
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

/// What the root changed by one request, a line for each change; of groups and their
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

/// The XML sample of a page as a document, without the page's placeholders.
fn sample_in_xml(page: &str) -> String {
    let block = contract(&format!("samples/{page}.xml"));
    let block: String = block.lines().map(str::trim).collect();
    let id = block.split("<RequestId>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let block = block.replace(id, "[request id]");
    let block = ["Message", "Params"].iter().fold(block, |block, name| {
        block.replace(&format!("<{name}>无</{name}>"), &format!("<{name}/>"))
    });
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><{page}Response>{block}</{page}Response>"#)
}

#[test]
fn the_sample_request_for_personal_numbers_is_answered_as_the_page_shows_in_json_and_xml() {
    let app = App::spawn();
    let page = "ListPersonalNumbersOfUser";
    let query =
        "InstanceId=ccc-test&IsMember=true&PageNumber=1&PageSize=10&UserId=user-test@ccc-test";
    let parameters: Vec<(&str, &str)> =
        query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let reply = app.call(page, &parameters);
    // Keys, their order, types and values: all of it.
    assert_eq!(Node::parse(&redacted(&app, &reply)), sample(page));
    let reply = app.call(page, &[parameters.as_slice(), &[("Format", "xml")]].concat());
    assert_eq!(redacted(&app, &reply), sample_in_xml(page));
}

/// The account that the page on instances shows: one instance with one number.
fn account_of_one_number() -> App {
    let app = App::spawn();
    let sql = "SELECT json_group_array(number) FROM phone_number WHERE instance_id = 'ccc-test' AND number <> '083xxxx0011'";
    let others = app.database.query(sql);
    let of_instance = [("InstanceId", "ccc-test"), ("Force", "true"), ("NumberList", &others)];
    assert_eq!(code(&app.call("RemovePhoneNumbers", &of_instance)), "OK");
    assert_eq!(code(&app.call("DeleteInstance", &[("InstanceId", "vcc-test")])), "OK");
    app
}

#[test]
fn the_sample_request_for_the_instances_is_answered_as_the_page_shows_in_json_and_xml() {
    let app = account_of_one_number();
    let page = "ListInstancesOfUser";
    let parameters = [("PageNumber", "1"), ("PageSize", "10")];
    let json = || Node::parse(&redacted(&app, &app.call(page, &parameters)));
    let xml = || {
        let reply = app.call(page, &[parameters.as_slice(), &[("Format", "xml")]].concat());
        redacted(&app, &reply)
    };
    // The page shows a number that is personal and bound at once, which no number can be: the one
    // without the skill group, and the other without the user, are all of it.
    let shown_in_xml = sample_in_xml(page);
    let group =
        shown_in_xml.find("<SkillGroups>").unwrap()..shown_in_xml.find("</NumberList>").unwrap();
    let mut personal = sample(page);
    *personal.at_mut("Data.List.0.NumberList.0.SkillGroups") = Node::List(Vec::new());
    assert_eq!(json(), personal);
    assert_eq!(xml(), shown_in_xml.replace(&shown_in_xml[group], ""));

    let number = ("NumberList", r#"["083xxxx0011"]"#);
    let instance = ("InstanceId", "ccc-test");
    let user = ("UserId", "user-test@ccc-test");
    assert_eq!(code(&app.call("RemovePersonalNumbersFromUser", &[instance, user, number])), "OK");
    let group = ("SkillGroupId", "test@ccc-test");
    assert_eq!(code(&app.call("AddNumbersToSkillGroup", &[instance, group, number])), "OK");
    let mut bound = sample(page);
    *bound.at_mut("Data.List.0.NumberList.0.UserId") = Node::Text(String::new());
    assert_eq!(json(), bound);
    let holder = "</ContactFlowId><UserId>user-test@ccc-test</UserId>";
    assert_eq!(xml(), shown_in_xml.replace(holder, "</ContactFlowId><UserId/>"));
}
