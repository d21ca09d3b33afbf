//! The description at `/openapi.json`, and what shows it.

use super::Caller;
use crate::support::App;
use numberd::admin::{FaultCode, ProblemType, ROOT, ROUTES, Route};
use numberd::domain::batch::{BatchMode, ItemAction, Outcome, RefusalCode};
use numberd::domain::candidate::{Nearness, NoDialling};
use numberd::domain::contact_flow::FlowType;
use numberd::domain::history::{Action, Entity, HolderKind, Relation};
use numberd::domain::import::{Duplicates, ImportKind, ImportMode, LineOutcome};
use numberd::domain::instance::{InstanceStatus, Sharing};
use numberd::domain::phone_number::{NumberState, Usage};
use numberd::domain::reservation::ReservationKind;
use numberd::domain::run::{RunAction, RunState};
use numberd::domain::skill_group::MediaType;
use numberd::domain::{Origin, Role, Word, WorkMode};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) fn description(app: &App) -> Value {
    app.get("/openapi.json", &[]).json()
}

/// Every `$ref` in it.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn the_description_has_every_route_and_no_other_and_every_reference_leads_somewhere() {
    let app = App::spawn();
    let description = description(&app);
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(description["servers"][0]["url"], ROOT);
    let described: BTreeSet<String> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .filter(|(_, operation)| operation.is_object())
                .map(move |(method, _)| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let routes: BTreeSet<String> =
        ROUTES.iter().map(|route| format!("{} {}", route.method, route.pattern)).collect();
    assert_eq!(described, routes);
    let mut found = BTreeSet::new();
    references(&description, &mut found);
    for reference in found {
        assert!(description.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

/// The words of a type as they are sent.
fn words<T: serde::Serialize>(values: impl IntoIterator<Item = T>) -> Vec<Value> {
    values.into_iter().map(|value| serde_json::to_value(value).unwrap()).collect()
}

#[test]
fn the_description_lists_the_words_that_are_sent() {
    let sent = BTreeMap::from([
        ("Action", words(Action::NAMES)),
        ("Entity", words(Entity::NAMES)),
        ("FaultCode", words(FaultCode::NAMES)),
        ("FlowType", words(FlowType::NAMES)),
        ("ItemAction", words(ItemAction::NAMES)),
        ("ProblemType", words(ProblemType::ALL.iter().map(|kind| kind.name()))),
        ("RunAction", words(RunAction::NAMES)),
        ("InstanceStatus", words(InstanceStatus::NAMES)),
        ("MediaType", words(MediaType::NAMES)),
        ("Origin", words(Origin::NAMES)),
        ("Role", words(<Role as Word>::NAMES)),
        ("RunState", words(RunState::NAMES)),
        ("Sharing", words(Sharing::NAMES)),
        ("WorkMode", words(WorkMode::NAMES)),
        ("BatchMode", words([BatchMode::AllOrNothing, BatchMode::BestEffort])),
        ("HolderKind", words([HolderKind::SkillGroup, HolderKind::User])),
        ("Nearness", words(Nearness::NAMES)),
        ("NoDialling", words(NoDialling::NAMES)),
        ("NumberState", words(NumberState::NAMES.map(NumberState::from_name))),
        ("Outcome", words([Outcome::Done, Outcome::Unchanged, Outcome::Refused])),
        ("RefusalCode", words(RefusalCode::NAMES)),
        ("Relation", words([Relation::Personal, Relation::Bound, Relation::Member])),
        ("ReservationKind", words(ReservationKind::NAMES.map(ReservationKind::from_name))),
        ("Source", words(["path", "query", "header", "body"])),
        ("Duplicates", words(Duplicates::NAMES)),
        ("ImportKind", words(ImportKind::NAMES)),
        ("ImportMode", words(ImportMode::NAMES)),
        ("LineOutcome", words(LineOutcome::NAMES)),
        ("Usage", words(Usage::NAMES.map(Usage::from_name))),
    ]);
    let description = description(&App::spawn());
    let described: BTreeMap<&str, Vec<Value>> = description["components"]["schemas"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(name, schema)| Some((name.as_str(), schema["enum"].as_array()?.clone())))
        .collect();
    assert_eq!(described, sent);
    // Those of the codes are the ones of the replies, too.
    assert_eq!(sent["RefusalCode"], words(RefusalCode::ALL));
}

#[test]
fn every_operation_is_named_once_and_the_documentation_lists_it() {
    let documentation =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/admin-api.md"))
            .unwrap();
    let mut names = BTreeSet::new();
    for route in ROUTES.iter() {
        assert!(names.insert(route.operation.clone()), "{} twice", route.operation);
        let row = format!(
            "| `{} {}` | {:?} | {} |",
            route.method, route.pattern, route.act, route.summary
        );
        assert!(documentation.contains(&row), "docs/admin-api.md has no line\n{row}");
    }
}

/// The addresses that a page leads to, beyond itself.
fn links(page: &str) -> BTreeSet<&str> {
    let found = page.match_indices("src=\"").chain(page.match_indices("href=\""));
    let links = found.map(|(at, _)| page[at..].split('"').nth(1).unwrap());
    links.filter(|link| !link.starts_with('#')).collect()
}

/// The places inside a page that it leads to, and those that there are.
fn anchors(page: &str) -> [BTreeSet<&str>; 2] {
    ["href=\"#", " id=\""].map(|begin| {
        page.match_indices(begin)
            .map(|(at, _)| page[at + begin.len()..].split('"').next().unwrap())
            .collect()
    })
}

#[test]
fn the_page_of_the_description_shows_every_operation_parameter_and_schema() {
    let app = App::spawn();
    let page = app.get("/docs/", &[]);
    assert_eq!(page.status, 200);
    let description = description(&app);
    for route in ROUTES.iter() {
        let method = route.method.to_ascii_lowercase();
        let operation = &description["paths"][route.pattern][method.as_str()];
        let id = operation["operationId"].as_str().unwrap();
        let (_, shown) = page.body.split_once(&format!("id=\"{id}\"")).unwrap();
        let shown = shown.split("</details>").next().unwrap();
        assert!(shown.contains(&format!("<b class=\"method\">{}</b>", route.method)), "{id}");
        assert!(shown.contains(&format!("{ROOT}{}", route.pattern)), "{id}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            assert!(shown.contains(&format!("<code>{name}</code>")), "{id} lacks {name}");
        }
        let statuses = operation["responses"].as_object().unwrap().keys();
        for status in statuses.filter(|status| status.starts_with('2')) {
            assert!(shown.contains(&format!("<td>{status}</td>")), "{id} lacks {status}");
        }
    }
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let [wanted, there] = anchors(&page.body);
    for name in schemas.keys() {
        assert!(there.contains(name.as_str()), "{name}");
    }
    assert!(wanted.is_subset(&there), "{:?}", wanted.difference(&there));
    assert!(wanted.len() > 100, "{}", wanted.len());
}

#[test]
fn the_pages_for_people_lead_somewhere_on_this_server_and_run_nothing() {
    let app = App::spawn();
    for (address, folder) in
        [("/docs/", "/docs/"), ("/problems", "/"), ("/problems/internal", "/problems/")]
    {
        let page = app.get(address, &[]);
        assert_eq!(page.status, 200, "{address}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self'"));
        assert!(!page.body.contains("<script") && !page.body.contains("style=\""), "{address}");
        for link in links(&page.body) {
            assert!(!link.contains("//"), "{link} is elsewhere");
            let path = match link.strip_prefix("../") {
                Some(rest) => format!("/{rest}"),
                None => format!("{folder}{link}"),
            };
            let reply = app.get(&path, &[]);
            assert!(matches!(reply.status, 200 | 303), "{address}: {link} {}", reply.status);
        }
    }
}

#[test]
fn an_answer_to_head_is_that_to_get_without_its_body() {
    let app = App::spawn();
    let reply = Caller::root(&app).send("HEAD", "/api/v1/instances", &[], None);
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
}

#[test]
fn the_version_names_the_schema_and_what_is_spoken() {
    let app = App::spawn();
    let version = app.get("/version", &[]).json();
    assert_eq!(
        (&version["version"], &version["wire"]["ccc"][0]),
        (&Value::from(env!("CARGO_PKG_VERSION")), &Value::from("2020-07-01"))
    );
    assert_eq!(version["schema"], numberd::store::migrations::newest());
}

/// The address of an operation with the examples that the description has of its parts.
pub(super) fn address(description: &Value, route: &Route) -> String {
    let method = route.method.to_ascii_lowercase();
    let operation = &description["paths"][route.pattern][method.as_str()];
    let parts = operation["parameters"].as_array().into_iter().flatten();
    let path =
        parts.filter(|part| part["in"] == "path").fold(route.pattern.to_owned(), |path, part| {
            let example = &part["example"];
            let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            assert_ne!(text, "null", "{method} {}: {}", route.pattern, part["name"]);
            path.replace(&format!("{{{}}}", part["name"].as_str().unwrap()), &text)
        });
    assert!(!path.contains('{'), "{path}");
    format!("{ROOT}{path}")
}

/// Every write of the table, with the examples of the description: in the body a dry run and a
/// reason, or in the query and the header.
#[test]
fn every_operation_has_an_example_and_every_write_of_them_takes_a_dry_run_and_a_reason() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let description = description(&app);
    let state = || {
        let change = app.database.query("SELECT count(*), max(change_id) FROM change");
        let keys = app.database.query("SELECT count(*) FROM idempotency_key");
        format!("{change} {keys} {}", app.database.query("SELECT count(*) FROM run"))
    };
    let before = state();
    let mut done = 0;
    for route in ROUTES.iter() {
        let path = address(&description, route);
        let method = route.method.to_ascii_lowercase();
        let operation = &description["paths"][route.pattern][method.as_str()];
        let content = &operation["requestBody"]["content"];
        let example = &content["application/json"]["example"];
        let replies = match route.method {
            "GET" => vec![root.get(&path)],
            "DELETE" => {
                let why = [("x-change-reason", "tried"), ("if-match", "*")];
                vec![root.send("DELETE", &format!("{path}?dry_run=true"), &why, None)]
            }
            "POST" if content["text/csv"].is_object() => {
                let file = content["text/csv"]["example"].as_str().unwrap();
                let (path, why) = (format!("{path}?dry_run=true"), [("x-change-reason", "tried")]);
                let reply = root.upload_to(&path, &why, "text/csv", file.as_bytes());
                assert_eq!(reply.json()["refused"], 0, "{}", reply.body);
                vec![reply]
            }
            _ => {
                assert!(example.is_object(), "{} {} has no example", route.method, route.pattern);
                let mut body = example.clone();
                body["dry_run"] = Value::from(true);
                let why = [("x-change-reason", "tried"), ("if-match", "*")];
                let in_header = root.send(route.method, &path, &why, Some(&body));
                body["reason"] = Value::from("tried");
                vec![in_header, root.send(route.method, &path, &why[1..], Some(&body))]
            }
        };
        for reply in replies {
            assert!(
                matches!(reply.status, 200 | 404 | 409),
                "{} {path}: {} {}",
                route.method,
                reply.status,
                reply.body
            );
            done += usize::from(reply.status == 200 && route.is_write);
        }
        assert_eq!(state(), before, "{} {path} changed something", route.method);
    }
    assert!(done > 40, "{done}");
}
