//! The CCC face, called as its clients call it.
//!
//! - `golden`: every operation's requests and replies, in JSON and XML; the vendor's own sample
//!   pages. `described`: the replies beside the vendor's descriptions.
//! - `parameters`, `refusals`, `gateway`: every error, with its whole body, and that nothing was
//!   changed.
//! - `signatures`, `clock`, `secrets`: recorded and forged requests, time stamps and nonces, what a
//!   stolen file gives away.
//! - `roles`: who may do what.
//! - `semantics`, `shared`, `paging`, `search`, `parallel`, `history`, `instances`, `users`,
//!   `skill_groups`: what the operations do.
//!
//! Another operation needs one more row in `requests`; the tests that walk over `Operation::ALL` do
//! the rest.

mod clients;
mod clock;
mod contact_flows;
mod described;
mod gateway;
mod golden;
mod history;
mod instances;
mod limited_tokens;
mod mutated;
mod ordered;
mod paging;
mod parallel;
mod parameters;
mod recorded;
mod refusals;
mod replays;
mod requests;
mod roles;
mod search;
mod secrets;
mod semantics;
mod shared;
mod signatures;
pub(crate) mod signer;
mod skill_groups;
mod tree;
mod users;
pub(crate) mod wire;

use crate::support::{App, Reply, SeededDatabase};
use numberd::ccc::Operation;
use numberd::domain::{Clock, Paging};
use std::sync::Arc;

/// A server over the sample for each operation that changes something, and one for all others.
struct Servers {
    reading: Arc<App>,
}

impl Servers {
    fn new() -> Self {
        Self { reading: Arc::new(App::spawn()) }
    }

    fn of(&self, action: &str) -> Arc<App> {
        let operation = Operation::ALL.iter().find(|one| one.name() == action).unwrap();
        if operation.is_write() { Arc::new(App::spawn()) } else { Arc::clone(&self.reading) }
    }
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
    let xml = [
        "Data",
        "List",
        "AdminList",
        "NumberList",
        "SkillGroups",
        "SkillLevelList",
        "PersonalOutboundNumberList",
    ];
    let body = xml.iter().fold(body.to_owned(), |body, name| {
        body.replace(&format!("><{name}>"), &format!(">\n<{name}>"))
    });
    body.replace("{\"", "\n{\"").trim_start().to_owned()
}

/// Compares a text with a file of `tests/snapshots/ccc`, without ids that are made at random.
#[track_caller]
fn assert_snapshot(name: &str, text: &str) {
    let filters = vec![
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[guid]"),
        (r#"_at":\d{13}"#, r#"_at":"[time]""#),
    ];
    insta::with_settings!({filters => filters}, {
        crate::support::assert_snapshot(&format!("ccc/{name}"), text);
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

/// A refusal as a snapshot shows it: what was asked, and the answer on a line of its own.
fn refused(app: &App, asked: &str, reply: &Reply) -> String {
    format!("{asked}\n    {} {}\n", reply.status, redacted(app, reply))
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

/// `Data` of a reply that has to be a success.
fn data(reply: &Reply) -> serde_json::Value {
    assert_eq!(code(reply), "OK", "{}", reply.body);
    reply.json()["Data"].clone()
}

/// A server with a token for each of these logins.
fn app_with_tokens(logins: &'static [&'static str]) -> App {
    App::over(with_tokens(logins), Paging::Strict, Clock::System)
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
            numberd::ops::credentials::add_token(
                tx,
                login,
                &issued,
                &numberd::store::api_tokens::NewToken {
                    name: "test".to_owned(),
                    ..Default::default()
                },
            )
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
