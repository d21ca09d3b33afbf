//! The CCC face, called as its clients call it.
//!
//! - `golden`: every operation's request and reply; the vendor's own sample pages.
//! - `parameters`, `refusals`, `gateway`: every error, with its whole body, and that nothing was
//!   changed.
//! - `signatures`, `clock`, `secrets`: recorded and forged requests, time stamps and nonces, what a
//!   stolen file tells.
//! - `semantics`, `shared`, `paging`, `search`, `roles`, `parallel`, `history`: what the operations
//!   do.
//!
//! Another operation needs one more row in `requests`; the tests that walk over `Operation::ALL` do
//! the rest.

mod clock;
mod gateway;
mod golden;
mod history;
mod ordered;
mod paging;
mod parallel;
mod parameters;
mod refusals;
pub(crate) mod requests;
mod roles;
mod search;
mod secrets;
mod semantics;
mod shared;
mod signatures;
mod signer;
mod wire;

use crate::support::{App, Reply, SeededDatabase};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A file of the vendors' documents. They lie beside the package, or beside a folder around it.
fn document(name: &str) -> String {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .skip(1)
        .map(|folder| folder.join("shared").join(name));
    let path: PathBuf =
        beside.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("no {name}"));
    std::fs::read_to_string(path).unwrap()
}

/// The vendor's description of an operation.
fn contract(operation: &str) -> &'static serde_json::Value {
    static ALL: OnceLock<serde_json::Value> = OnceLock::new();
    let all = ALL
        .get_or_init(|| serde_json::from_str(&document("contracts/ccc-operations.json")).unwrap());
    all["operations"]
        .get(operation)
        .unwrap_or_else(|| panic!("the vendor has no operation {operation}"))
}

/// The body without what differs from call to call: the request's id, which the header carries too,
/// and the port.
fn redacted(app: &App, reply: &Reply) -> String {
    let id = reply.header("x-acs-request-id").expect("a request id");
    let shape = |(at, character): (usize, char)| {
        if matches!(at, 8 | 13 | 18 | 23) {
            character == '-'
        } else {
            matches!(character, '0'..='9' | 'A'..='F')
        }
    };
    assert!(id.len() == 36 && id.chars().enumerate().all(shape), "{id} is no upper-case UUID");
    assert_eq!(
        reply.body.matches(id).count(),
        1,
        "the id {id} of the header is that of the body: {}",
        reply.body
    );
    reply.body.replace(id, "[request id]").replace(&app.address.to_string(), "[host]")
}

/// The body with a line for each object in it, so that a person can read it and a difference is one
/// line.
fn lines(body: &str) -> String {
    let xml = ["Data", "List", "AdminList", "NumberList", "SkillGroups"];
    let body = xml.iter().fold(body.to_owned(), |body, name| {
        body.replace(&format!("><{name}>"), &format!(">\n<{name}>"))
    });
    body.replace("{\"", "\n{\"").trim_start().to_owned()
}

/// Compares a text with a file of `tests/api/snapshots/ccc`.
fn assert_snapshot(name: &str, text: &str) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/snapshots/ccc");
    // A workflow's id is made at random.
    let filters = vec![(
        r#"((?:Data|WorkflowId)"?[:>]"?)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"#,
        "${1}<workflow>",
    )];
    insta::with_settings!({filters => filters, snapshot_path => place, prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name.replace(' ', "-"), text);
    });
}

/// A reply as a snapshot shows it.
fn shown(app: &App, reply: &Reply) -> String {
    format!(
        "{} {}\n{}\n",
        reply.status,
        reply.header("content-type").unwrap_or("no content type"),
        lines(&redacted(app, reply))
    )
}

/// The code of a reply; one that its status contradicts fails.
fn code(reply: &Reply) -> String {
    let code = reply.json()["Code"]
        .as_str()
        .unwrap_or_else(|| panic!("no Code in {}", reply.body))
        .to_owned();
    assert_eq!(code == "OK", reply.status == 200, "{} {code}", reply.status);
    code
}

/// Every row of every table, as text: two are equal when nothing was changed in between.
fn dump(database: &SeededDatabase) -> String {
    let tables = database.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
    tables
        .lines()
        .map(|table| format!("{table}:\n{}\n", database.query(&format!("SELECT * FROM {table}"))))
        .collect()
}

/// Whether two dumps are the same; if not, the first line that is not.
fn assert_unchanged(before: &str, database: &SeededDatabase, what: &str) {
    let after = dump(database);
    if before != after {
        let line = before.lines().zip(after.lines()).find(|(before, after)| before != after);
        panic!("{what} changed the database: {line:?}");
    }
}

/// A token for a login of the sample: its text is the login's name.
fn with_tokens(logins: &'static [&'static str]) -> SeededDatabase {
    let database = SeededDatabase::new();
    database.write(move |tx| {
        logins.iter().try_for_each(|login| {
            let issued = numberd::ops::credentials::Issued {
                id: (*login).to_owned(),
                secret: (*login).to_owned(),
            };
            numberd::ops::credentials::add_token(tx, login, &issued, "test", None)
        })
    });
    database
}

/// The numbers in `Data.List`, and `Data.TotalCount`.
fn listed(reply: &Reply) -> (Vec<String>, u64) {
    assert_eq!(code(reply), "OK", "{}", reply.body);
    let data = &reply.json()["Data"];
    let numbers = data["List"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["Number"].as_str().unwrap().to_owned())
        .collect();
    (numbers, data["TotalCount"].as_u64().unwrap())
}
