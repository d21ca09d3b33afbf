//! The examples of responses in the description are what a server over the sample answers to the
//! examples of requests.

use super::description::{address, description};
use super::{CCC, Caller};
use crate::support::{App, Reply, author};
use numberd::admin::{ROUTES, Route};
use numberd::domain::batch::BatchMode;
use numberd::domain::phone_number::NewNumbers;
use numberd::domain::{InstanceId, Number};
use numberd::ops::batch;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/admin/examples.json");

/// What every response has, whatever it answers.
const ALWAYS: &[&str] = &[
    "cache-control",
    "connection",
    "content-disposition",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "referrer-policy",
    "vary",
    "x-acs-request-id",
    "x-content-type-options",
    "x-frame-options",
];

const JSON: &str = "application/json";

/// What answers many operations.
const SHARED: [&str; 4] = ["DryRun", "Import", "Problem", "Run"];

/// A number that nobody holds.
const FREE: &str = "02855500007";

/// How an operation is called, where it has several successes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Usually,
    /// As a dry run.
    Dry,
    /// About so much that it is done in slices.
    InSlices,
}

/// How many numbers are too many for one transaction.
const MANY: usize = 1001;

/// Calls an operation with the examples of its description, where something is that they name.
fn call(app: &App, description: &Value, route: &Route, how: How) -> Reply {
    let root = Caller::root(app);
    let mut path = address(description, route);
    let method = route.method.to_ascii_lowercase();
    let operation = &description["paths"][route.pattern][method.as_str()];
    let content = &operation["requestBody"]["content"];
    let mut body = content["application/json"]["example"].clone();
    let query = |sql: &str| app.database.query(sql);
    let mut set = |example: &str, value: &str| path = path.replace(example, value);
    let added = if how == How::InSlices { much(app) } else { String::new() };
    match (route.method, route.operation.as_str()) {
        (_, "batch.hand_over") if how == How::InSlices => {
            let sql = "INSERT INTO personal_assignment (instance_id, number, user_id)
                       SELECT instance_id, number, 'wangfang@ccc-test' FROM phone_number
                        WHERE number LIKE '0999%'";
            rusqlite::Connection::open(app.database.path()).unwrap().execute(sql, ()).unwrap();
        }
        ("PUT", "reservations.put" | "assignments.put" | "bindings.put") => {
            set("083xxxx0011", FREE)
        }
        (_, "reservations.get" | "reservations.delete") => {
            set("083xxxx0011", FREE);
            root.send("PUT", &path, &[], Some(&json!({ "until": "2099-01-01T00:00:00Z" })));
        }
        (_, "assignments.get" | "assignments.delete") => set("wangfang@", "user-test@"),
        (_, "bindings.get" | "bindings.delete") => {
            let sql = "SELECT min(number) FROM skill_group_number
                        WHERE skill_group_id = 'sales@ccc-test'";
            set("083xxxx0011", &query(sql));
        }
        (_, "batch.add_range") if how == How::InSlices => {
            body = json!({ "start": "0998000001", "count": MANY });
        }
        (_, "changes.undo") if how == How::InSlices => {
            set("4711", &query("SELECT max(change_id) FROM change WHERE number IS NOT NULL"));
            body["whole_request"] = json!(true);
        }
        (_, "changes.undo_request" | "changes.undo_request_of_account") if how == How::InSlices => {
            set(ID, &added);
        }
        (_, "changes.get" | "changes.undo") => {
            root.put(&format!("{CCC}/users/lina@ccc-test/numbers/{FREE}"));
            set("4711", &query("SELECT max(change_id) FROM change WHERE number IS NOT NULL"));
        }
        (_, "changes.undo_request" | "changes.undo_request_of_account") => {
            let done = root.put(&format!("{CCC}/users/lina@ccc-test/numbers/{FREE}"));
            set(ID, done.header("x-request-id").unwrap());
        }
        (_, name) if name.starts_with("runs.") => a_run(app),
        (_, "imports.get" | "imports.bad_lines" | "imports.apply") => {
            let mut file = "number,note\n02899990001,new\n8.33667E+10,\n".to_owned();
            if how == How::InSlices {
                file.extend((0..MANY).map(|at| format!("0288{at:07},\n")));
            }
            let preview = root.upload("", "text/csv", file.as_bytes()).json();
            set(ID, preview["import_id"].as_str().unwrap());
            if body.is_object() {
                body["plan"] = preview["plan"].clone();
                body["best_effort"] = json!(true);
            }
        }
        (_, "selection.run") => {
            if how == How::InSlices {
                body["query"] = json!({ "q": "0999" });
            }
            body["dry_run"] = json!(true);
            let tried = root.send(route.method, &path, &[], Some(&body)).json();
            body["selection"] = tried["selection"].clone();
            body["dry_run"] = json!(false);
        }
        _ => {}
    }
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    if route.method == "DELETE" && parameters.clone().any(|part| part["name"] == "force") {
        path += "?force=true";
    }
    if let Some(file) = content["text/csv"]["example"].as_str() {
        if how == How::Dry {
            path += "?dry_run=true";
        }
        return root.upload_to(&path, &[], "text/csv", file.as_bytes());
    }
    if how == How::Dry {
        body["dry_run"] = json!(true);
    }
    // Without it, a PATCH is refused.
    let headers: &[(&str, &str)] = if route.is_write { &[("if-match", "*")] } else { &[] };
    root.send(route.method, &path, headers, Some(&body).filter(|body| body.is_object()))
}

/// What the description takes for the id of a request or of an import.
const ID: &str = "3F2504E0-4F89-11D3-9A0C-0305E82C3301";

/// A run that stopped before its only item.
fn a_run(app: &App) {
    let item = json!({ "action": "assign", "number": FREE, "user_id": "lina@ccc-test" });
    let sql = format!(
        "INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total, started_at,
                          slice_at, stopped)
         VALUES ('{ID}', 'lina', '', 'ccc-test', '{{\"run\":\"items\"}}', 'all_or_nothing', 1,
                 1795661020592, 1795661020592, 'It was cut off.');
         INSERT INTO run_part (request_id, first, items) VALUES ('{ID}', 0, '[{item}]')"
    );
    rusqlite::Connection::open(app.database.path()).unwrap().execute_batch(&sql).unwrap();
}

/// Adds more numbers in one transaction than a request does; the id of its request.
fn much(app: &App) -> String {
    app.database.write(|tx| {
        let numbers: Vec<Number> =
            (0..MANY).map(|at| format!("0999{at:07}").parse().unwrap()).collect();
        let (new, mode) = (NewNumbers::default(), BatchMode::AllOrNothing);
        batch::add_numbers(tx, &InstanceId::new("ccc-test"), &numbers, &new, mode)
    });
    author().request_id
}

/// An answer with the usual folder for the one that a test keeps its database in.
fn elsewhere(app: &App, body: &str) -> Value {
    let folder = app.database.path().parent().unwrap().to_str().unwrap();
    serde_json::from_str(&body.replace(folder, "/var/lib/numberd")).unwrap()
}

/// The first entries of every list.
fn shortened(value: Value) -> Value {
    match value {
        Value::Array(entries) => entries.into_iter().take(2).map(shortened).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, shortened(value))).collect()
        }
        other => other,
    }
}

/// Where two values differ in their shape: in the names of fields, or in the kinds of values.
fn difference(one: &Value, other: &Value, place: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            let names = |fields: &Map<String, Value>| fields.keys().cloned().collect::<Vec<_>>();
            if names(fields) != names(others) {
                return Some(format!("{place}: {:?} and {:?}", names(fields), names(others)));
            }
            fields.iter().find_map(|(name, value)| {
                difference(value, &others[name], &format!("{place}/{name}"))
            })
        }
        (Value::Array(one), Value::Array(other)) => match (one.first(), other.first()) {
            (Some(one), Some(other)) => difference(one, other, &format!("{place}/0")),
            _ => None,
        },
        (Value::Null, _) | (_, Value::Null) => None,
        _ => (std::mem::discriminant(one) != std::mem::discriminant(other))
            .then(|| format!("{place}: {one} and {other}")),
    }
}

#[test]
fn every_operation_answers_what_its_example_shows_with_the_headers_that_are_described() {
    let reading = App::spawn();
    let described = description(&reading);
    let mut taken: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let each = ROUTES
        .iter()
        .flat_map(|route| [How::Usually, How::Dry, How::InSlices].map(|how| (route, how)));
    for (route, how) in each {
        let name = &route.operation;
        let method = route.method.to_ascii_lowercase();
        let responses = &described["paths"][route.pattern][method.as_str()]["responses"];
        let is_there = |status: &str| taken.get(name).is_some_and(|kept| kept.contains_key(status));
        // What answers as usual with it needs no other way.
        let status = match how {
            How::Usually => "",
            How::Dry => "200",
            How::InSlices => "202",
        };
        if how != How::Usually
            && (is_there(status) || !responses[status]["content"][JSON].is_object())
        {
            continue;
        }
        let of_its_own = App::spawn();
        let reply = call(&of_its_own, &described, route, how);
        if reply.status >= 300 || how != How::Usually && reply.status.to_string() != status {
            wrong.push(format!("{name}: {} {}", reply.status, reply.body));
            continue;
        }
        let status = reply.status.to_string();
        let response = &responses[&status];
        for (header, _) in &reply.headers {
            let known = response["headers"].as_object().unwrap();
            let is_known = known.keys().any(|known| known.eq_ignore_ascii_case(header));
            if !is_known && !ALWAYS.contains(&header.as_str()) {
                wrong.push(format!("{name} {status} lacks {header}"));
            }
        }
        if reply.header("content-type") == Some(JSON) {
            let body = elsewhere(&of_its_own, &reply.body);
            taken.entry(name.clone()).or_default().insert(status, shortened(body));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let root = Caller::root(&reading);
    let tried = root.post(
        &format!("{CCC}/skill-groups"),
        json!({ "name": "evening", "display_name": "晚班", "dry_run": true }),
    );
    let refused = root.put(&format!("{CCC}/users/lina@ccc-test/numbers/083xxxx0011"));
    assert_eq!((tried.status, refused.status), (200, 409));
    let schemas = [("DryRun", tried), ("Problem", refused)];
    let mut schemas =
        BTreeMap::from(schemas.map(|(name, reply)| (name.to_owned(), shortened(reply.json()))));
    for (name, operation, status) in
        [("Run", "runs.get", "200"), ("Import", "imports.create", "201")]
    {
        schemas.insert(name.to_owned(), taken[operation][status].clone());
    }
    taken.insert("schemas".to_owned(), schemas);

    if std::env::var_os("UPDATE_DOCS").is_some() {
        let lines: Vec<String> = taken
            .iter()
            .map(|(name, statuses)| format!("{}: {}", json!(name), json!(statuses)))
            .collect();
        std::fs::write(FILE, format!("{{\n{}\n}}\n", lines.join(",\n"))).unwrap();
        return;
    }
    let kept: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    for (name, statuses) in &taken {
        for (status, reply) in statuses {
            let example = kept.get(name).and_then(|kept| kept.get(status));
            let example = example.unwrap_or_else(|| panic!("{name} {status} has no example"));
            let differs = difference(example, reply, "");
            assert_eq!(differs, None, "{name} {status}; UPDATE_DOCS=1 writes the examples anew");
        }
    }
    assert_eq!(kept.len(), taken.len(), "examples of what is no longer there");
}

#[test]
fn the_description_shows_an_example_of_every_body_that_is_answered() {
    let app = App::spawn();
    let described = description(&app);
    let mut seen = 0;
    for route in ROUTES.iter() {
        let method = route.method.to_ascii_lowercase();
        let operation = &described["paths"][route.pattern][method.as_str()];
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            let content = &response["content"][JSON];
            if content.is_object() {
                assert!(content["example"].is_object(), "{} {status}", route.operation);
                seen += 1;
            }
        }
    }
    assert!(seen > 70, "{seen}");
    for name in SHARED {
        assert!(described["components"]["schemas"][name]["example"].is_object(), "{name}");
    }
}
