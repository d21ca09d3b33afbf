//! Every reply beside the vendor's description of it: members, types, and what may be absent.

use super::{ANNA, MARY, PIOTR_ARCHIVED, SUPPORT, TEST1, Vcc};
use crate::support::{App, contract};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn contracts() -> Value {
    serde_json::from_str(&contract("vcc-replies.json")).unwrap()
}

/// A good request of each endpoint whose reply has a row for every list.
fn requests() -> Vec<(&'static str, String, Option<Value>)> {
    let (anna, mary) = (format!("/users/{ANNA}"), format!("/users/{MARY}"));
    let user = json!({ "username": "grace", "name": "Grace", "email": "grace@example.com",
        "userAccountConfiguration": { "role": "Agent" } });
    let number = json!({ "callbackNumbers": [{ "callbackNumberId": TEST1 }] });
    let skill = json!({ "agentSkills": [{ "skillId": SUPPORT, "agentSkillLevel": 3 }] });
    let group = json!({ "agentGroups": [{ "groupId": SUPPORT }] });
    let member = json!({ "users": [{ "userId": MARY, "agentSkillLevel": 3 }] });
    vec![
        ("GET /callbackNumbers", "/callbackNumbers".into(), None),
        ("GET /users", "/users?include=All".into(), None),
        ("POST /users", "/users".into(), Some(user)),
        ("GET /users/{userId}", anna.clone(), None),
        ("PATCH /users/{userId}", anna.clone(), Some(json!({ "name": "Anna" }))),
        ("DELETE /users/{userId}", format!("/users/{PIOTR_ARCHIVED}"), None),
        ("GET /users/{userId}/callbackNumbers", format!("{anna}/callbackNumbers"), None),
        ("PUT /users/{userId}/callbackNumbers", format!("{anna}/callbackNumbers"), Some(number)),
        ("GET /users/{userId}/skills", format!("{mary}/skills"), None),
        ("PUT /users/{userId}/skills", format!("{mary}/skills"), Some(skill)),
        ("GET /users/{userId}/groups", format!("{mary}/groups"), None),
        ("PUT /users/{userId}/groups", format!("{mary}/groups"), Some(group)),
        ("GET /skills", "/skills".into(), None),
        ("POST /skills", "/skills".into(), Some(json!({ "skillName": "Polish" }))),
        ("GET /skills/{skillId}/users", format!("/skills/{SUPPORT}/users"), None),
        ("PUT /skills/{skillId}/users", format!("/skills/{SUPPORT}/users"), Some(member)),
        ("GET /groups", "/groups".into(), None),
        ("POST /groups", "/groups".into(), Some(json!({ "groupName": "Nights" }))),
        ("GET /groups/{groupId}", format!("/groups/{SUPPORT}"), None),
        ("GET /groups/{groupId}/users", format!("/groups/{SUPPORT}/users"), None),
    ]
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    let digit = |c: char| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c);
    parts == [8, 4, 4, 4, 12] && text.chars().all(digit)
}

/// Whether a value has one of the types that have no members.
fn is_of(value: &Value, kind: &str) -> bool {
    match (kind, value) {
        ("string", Value::String(_)) | ("boolean", Value::Bool(_)) => true,
        ("integer", Value::Number(number)) => number.is_u64(),
        ("guid", Value::String(text)) => is_guid(text),
        ("guid or empty", Value::String(text)) => text.is_empty() || is_guid(text),
        ("time", Value::String(text)) => {
            text.len() == 24 && text.ends_with('Z') && text.as_bytes()[10] == b'T'
        }
        _ => false,
    }
}

/// What of a value is not as it is described, inside it too.
fn differences(path: &str, described: &Value, value: &Value, types: &Value) -> Vec<String> {
    match (described, value) {
        (Value::String(name), _) if types.get(name).is_some() => {
            differences(path, &types[name], value, types)
        }
        (Value::String(kind), _) if is_of(value, kind) => Vec::new(),
        (Value::Array(of), Value::Array(items)) if !items.is_empty() => {
            let of = |item| differences(&format!("{path}[]"), &of[0], item, types);
            items.iter().flat_map(of).collect()
        }
        (Value::Object(fields), Value::Object(members)) => {
            let needed = fields.keys().filter(|name| !name.ends_with('?'));
            let absent = needed.filter(|name| !members.contains_key(*name));
            let mut found: Vec<String> =
                absent.map(|name| format!("{path}.{name} is missing")).collect();
            for (name, value) in members {
                let path = format!("{path}.{name}");
                match fields.get(name).or_else(|| fields.get(&format!("{name}?"))) {
                    Some(described) => found.extend(differences(&path, described, value, types)),
                    None => found.push(format!("{path} is not the vendor's")),
                }
            }
            found
        }
        _ => vec![format!("{path} is {value}, not {described}")],
    }
}

#[test]
fn every_reply_has_the_members_and_types_of_the_vendors_description_and_no_others() {
    let contracts = contracts();
    let names: BTreeSet<&str> = numberd::vcc::ENDPOINTS.iter().map(|one| one.name).collect();
    let described = contracts["endpoints"].as_object().unwrap();
    assert_eq!(described.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
    assert_eq!(requests().iter().map(|(name, ..)| *name).collect::<BTreeSet<_>>(), names);
    let mut wrong = Vec::new();
    for (name, path, body) in requests() {
        let app = App::spawn();
        app.database.query(&format!("UPDATE user SET last_login_at = 1629963465465, email = iif(user_guid = '{PIOTR_ARCHIVED}', '', email) RETURNING 1"));
        let body = body.map(|body| body.to_string());
        let method = name.split(' ').next().unwrap();
        let reply = Vcc::of(&app).send(method, &path, body.as_deref().map(str::as_bytes));
        assert_eq!(reply.status, 200, "{name}: {}", reply.body);
        wrong.extend(differences(name, &described[name], &reply.json(), &contracts["types"]));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_token_and_the_refusals_have_the_members_of_the_vendors_description() {
    let app = App::spawn();
    let types = &contracts()["types"];
    let form = "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret";
    let token = super::ask_token(app.address, form).json();
    assert_eq!(differences("token", &types["token"], &token, types), Vec::<String>::new());
    let vcc = Vcc::of(&app);
    for (path, status) in
        [("/users?limit=0", 400), ("/users/00000000-0000-0000-0000-000000000000", 404)]
    {
        let reply = vcc.get(path);
        assert_eq!(reply.status, status);
        assert_eq!(differences(path, &types["error"], &reply.json(), types), Vec::<String>::new());
    }
}

#[test]
fn what_is_not_as_it_was_described_is_found() {
    let types = json!({ "row": { "id": "guid", "level": "string", "note?": "string" } });
    let described = json!({ "rows": ["row"], "count": "integer" });
    let of = |reply: Value| differences("reply", &described, &reply, &types);
    let id = "f0000000-0000-4000-a000-000000000006";
    assert_eq!(
        of(json!({ "rows": [{ "id": id, "level": "1" }], "count": 1 })),
        Vec::<String>::new()
    );
    let found = of(json!({ "rows": [{ "id": "1", "level": 1, "name": "x", "note": null }] }));
    let expected = [
        "reply.count is missing",
        "reply.rows[].id is \"1\", not \"guid\"",
        "reply.rows[].level is 1, not \"string\"",
        "reply.rows[].name is not the vendor's",
        "reply.rows[].note is null, not \"string\"",
    ];
    assert_eq!(found, expected);
    assert_eq!(of(json!({ "rows": [], "count": 0 })).len(), 1, "an empty list proves nothing");
}
