//! Whatever VCC may answer instead of what is asked for: a clear sentence, and nothing is adopted.

use super::recorded::{account, vcc};
use super::stand_in::{Instead, Vendor};
use super::{Office, report, stderr};
use crate::support::assert_snapshot;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Mutex;

const AT_ONCE: (&str, &str) = ("retry-after", "0");
const PAGE: &str = "<!DOCTYPE html><html><title>Sign in</title></html>";

/// An error as the vendor sends it.
fn error(status: u16, error: &str, message: &str) -> Instead {
    let body = json!({ "statusCode": status, "error": error, "message": message });
    Instead::Say(status, AT_ONCE, body)
}

/// What is answered, by a name for it.
const ANSWERS: [(&str, fn() -> Instead); 24] = [
    ("400", || error(400, "Bad Request", "Invalid page number.")),
    ("401", || error(401, "Unauthorized", "Authorization has been denied for this request.")),
    ("403", || error(403, "Forbidden", "The token lacks the scope users:read.")),
    ("404", || error(404, "Not Found", "The resource was not found.")),
    ("405", || error(405, "Method Not Allowed", "")),
    ("406", || error(406, "Not Acceptable", "Unknown version")),
    ("409", || error(409, "Conflict", "The account is being moved.")),
    ("410", || Instead::Write(410, ("a", "b"), PAGE)),
    ("429", || error(429, "Too Many Requests", "Rate limit is exceeded. Try again in 0 seconds.")),
    ("429 for a day", || Instead::Write(429, ("retry-after", "86400"), "")),
    ("500", || error(500, "Internal Server Error", "An internal server error occurred")),
    ("502", || Instead::Write(502, AT_ONCE, "<html>Bad Gateway</html>")),
    ("503", || Instead::Write(503, AT_ONCE, "")),
    ("504", || Instead::Write(504, AT_ONCE, PAGE)),
    ("redirect", || {
        Instead::Write(302, ("location", "https://login.example.com/?to=%2Fuseradmin"), PAGE)
    }),
    ("redirect to nowhere", || Instead::Write(301, ("a", "b"), "")),
    ("HTML", || Instead::Write(200, ("content-type", "text/html"), PAGE)),
    ("JSON of something else", || Instead::Say(200, ("a", "b"), json!({ "status": "ok" }))),
    ("JSON that ends early", || {
        Instead::Write(200, ("content-type", "application/json"), r#"{"meta":{"page":1,"cou"#)
    }),
    ("connection that ends early", || Instead::Cut),
    ("JSON array", || Instead::Say(200, ("a", "b"), json!([]))),
    ("JSON string", || Instead::Say(200, ("a", "b"), json!("x"))),
    ("token without end", || {
        Instead::Say(200, ("a", "b"), json!({ "access_token": "x".repeat(100_000) }))
    }),
    ("header that is none", || Instead::Write(200, ("a", "\u{1}"), "{}")),
];

/// Adopts from a vendor that always answers one request like this; returns how that ends.
fn ending(office: &Office, server: SocketAddr, what: &str, answer: fn() -> Instead) -> String {
    let asked_for = what.to_owned();
    let vendor = Vendor::before(
        server,
        move |asked, _| {
            if asked == asked_for { answer() } else { Instead::Pass }
        },
    );
    let output = office.vcc(vendor.address, &[]);
    let said = stderr(&output).replace(&vendor.address.to_string(), "vcc.example.com");
    assert!(output.stdout.is_empty() && said.lines().count() == 1, "{what}: {said}");
    assert!(said.trim_end().ends_with(['.', '?']), "{what}: {said}");
    format!("{} {}", output.status.code().unwrap(), said.trim_end())
}

/// The requests, and what they are called here.
fn requests(account: &Value) -> [(String, &'static str); 5] {
    let id = |list: &str, key: &str| account[list][0][key].as_str().unwrap().to_owned();
    let skill = id("skills", "skillId");
    let user = id("users", "userId");
    [
        ("POST /Auth/connect/token".to_owned(), "token"),
        ("GET /useradmin/users".to_owned(), "users"),
        ("GET /useradmin/callbackNumbers".to_owned(), "numbers"),
        (format!("GET /useradmin/skills/{skill}/users"), "users of a skill"),
        (format!("GET /useradmin/users/{user}/callbackNumbers"), "numbers of a user"),
    ]
}

#[test]
fn whatever_vcc_answers_is_a_clear_sentence_and_nothing_is_adopted() {
    let (account, office) = (account("vcc"), Office::new());
    let requests = requests(&account);
    let (server, before) = (vcc(account), office.changes());
    let cases: Vec<_> =
        ANSWERS.iter().flat_map(|answer| requests.iter().map(move |of| (answer, of))).collect();
    let (next, endings) =
        (Mutex::new(0..cases.len()), Mutex::new(vec![String::new(); cases.len()]));
    // Most of the time of some is waiting until they try again.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let Some(at) = next.lock().unwrap().next() else { return };
                    let ((name, answer), (what, called)) = cases[at];
                    let line = ending(&office, server, what, *answer);
                    endings.lock().unwrap()[at] = format!("{name}, {called}: {line}");
                }
            });
        }
    });
    assert_eq!(office.changes(), before, "nothing is half-adopted");
    office.assert_sound();
    assert_snapshot("adopt/errors_of_vcc", &endings.into_inner().unwrap().join("\n"));
}

#[test]
fn a_list_of_vcc_that_shifts_while_it_is_read_is_read_again_and_then_refused() {
    let (account, office) = (account("vcc"), Office::new());
    let requests = requests(&account);
    let server = vcc(account);
    let before = office.changes();
    let mut said = String::new();
    for (what, _) in &requests[1..] {
        let more = || {
            Instead::Edit(Box::new(|body| {
                let total = body["meta"]["totalCount"].as_u64().unwrap();
                body["meta"]["totalCount"] = json!(total + 1);
            }))
        };
        said += &ending(&office, server, what, more);
        said += "\n";
    }
    // What one list shows and another does not.
    let gone: [fn() -> Instead; 2] = [
        || Instead::Edit(Box::new(|body| without(body, "users"))),
        || Instead::Edit(Box::new(|body| without(body, "callbackNumbers"))),
    ];
    for (what, gone) in requests[1..].iter().zip(gone) {
        said += &ending(&office, server, &what.0, gone);
        said += "\n";
    }
    assert_eq!(office.changes(), before);
    assert_snapshot("adopt/shifts_of_vcc", &said);
    // Once it comes to rest, all of it is taken over.
    let (users, of_user) = (requests[1].0.clone(), requests[4].0.clone());
    let vendor = Vendor::before(server, move |asked, before| match (asked, before) {
        (asked, 0) if asked == users => Instead::Edit(Box::new(|body| without(body, "users"))),
        (asked, 0) if asked == of_user => error(404, "Not Found", ""),
        _ => Instead::Pass,
    });
    assert_eq!(report(&office.vcc(vendor.address, &["--json"]))["applied"], true);
    office.assert_sound();
}

/// Takes a row out of a list.
fn without(body: &mut Value, list: &str) {
    body[list].as_array_mut().unwrap().remove(0);
    let total = body["meta"]["totalCount"].as_u64().unwrap();
    body["meta"]["totalCount"] = json!(total - 1);
}
