//! The VCC face: every row of the contract's tables in a test that bears its name.
//!
//! - `token`: the token endpoint (section 2). `pipeline`: versioning, authentication, errors (1 and
//!   3). `errors`: every error body. `guessing`, `fair_use`: the limits on guesses and on requests.
//! - `joiners`: users who join, change and leave. `paging` (4), `endpoints` (5 and 6), `replacing`
//!   (7), `memberships`: what the endpoints answer and change.
//! - `faces`: what is done through one face and seen through the other. `accounts`: what belongs to
//!   another account.
//! - `described`: every reply beside the vendor's description of it.
//! - `program`: the binary, its command line, and OAuth2 clients that know nothing of it.

mod accounts;
mod described;
mod endpoints;
mod errors;
mod faces;
mod fair_use;
mod guessing;
mod joiners;
mod memberships;
mod paging;
mod pipeline;
mod program;
mod replacing;
mod token;

use crate::support::{App, Reply};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// The media type of version 4.
const V4: &str = "application/vnd.newvoicemedia.v4+json";

/// The user of the sample reply, and their three numbers.
pub(crate) const ANNA: &str = "2f9207ca-8922-4245-bfc5-d8f42939e29a";
const TEST1: &str = "3be4802b-d8ec-4620-a4da-924d96dea63e";
const TEST2: &str = "c480e33b-611f-4744-a4cf-e99e17e11fbf";
const TEST3: &str = "3f33b43b-81c5-4638-ba38-3ece9047886a";

/// Others of vcc-test.
const TOMASZ: &str = "8e22b1fe-d2ea-403d-8c03-50eb21188e79";
const MARY: &str = "e0000000-0000-4000-a000-000000009878";
const JAMES: &str = "e0000000-0000-4000-a000-000000009879";
const PIOTR_ARCHIVED: &str = "e0000000-0000-4000-a000-000000009880";
const RECEPTION: &str = "c0000000-0000-4000-a000-442079460001";
const LONDON_BOUND: &str = "c0000000-0000-4000-a000-442079460002";
pub(crate) const LONDON_SPARE: &str = "c0000000-0000-4000-a000-442079460003";
const SUPPORT: &str = "f0000000-0000-4000-a000-000000000006";

/// Sends a request as it is.
pub(crate) fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Reply {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .accept(ureq::config::AutoHeaderValue::None)
        .max_redirects(0)
        .build()
        .into();
    let mut request =
        ureq::http::Request::builder().method(method).uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let result = match body {
        Some(body) => agent.run(request.body(body).unwrap()),
        None => agent.run(request.body(()).unwrap()),
    };
    let mut response = result.expect("a reply");
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    Reply {
        status: response.status().as_u16(),
        headers,
        body: response.body_mut().read_to_string().unwrap(),
    }
}

/// A body as a form.
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Asks the token endpoint with the given form.
fn ask_token(address: SocketAddr, form: &str) -> Reply {
    send(address, "POST", "/Auth/connect/token", &[FORM], Some(form.as_bytes()))
}

/// A token for some scopes of one of the demo's clients.
pub(crate) fn token(address: SocketAddr, client: &str, scope: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&scope={}&client_id={client}&client_secret={client}-secret",
        scope.replace(' ', "+")
    );
    let reply = ask_token(address, &form);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

/// A client that works: the right version, and a token with both scopes.
pub(crate) struct Vcc {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

impl Vcc {
    /// The client of the account vcc-test.
    fn of(app: &App) -> Self {
        Self::with(app, "demo-client", "users:read users:write")
    }

    /// Another client, or other scopes.
    pub(crate) fn with(app: &App, client: &str, scope: &str) -> Self {
        Self { address: app.address, token: token(app.address, client, scope) }
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: Option<&[u8]>) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("accept", V4),
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        send(
            self.address,
            method,
            &format!("/useradmin{path}"),
            &headers[..if body.is_some() { 3 } else { 2 }],
            body,
        )
    }

    fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None)
    }

    fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, Some(body.to_string().as_bytes()))
    }

    /// The body of a GET that succeeds.
    fn read(&self, path: &str) -> Value {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.json()
    }

    /// The callback numbers of a user, by id.
    pub(crate) fn numbers(&self, user: &str) -> Vec<String> {
        ids(&self.read(&format!("/users/{user}/callbackNumbers")))
    }

    pub(crate) fn replace(&self, user: &str, numbers: &[&str]) -> Reply {
        self.put(&format!("/users/{user}/callbackNumbers"), &callback_numbers(numbers))
    }
}

/// The body that asks for these numbers.
fn callback_numbers(ids: &[&str]) -> Value {
    json!({ "callbackNumbers": ids.iter().map(|id| json!({ "callbackNumberId": id })).collect::<Vec<_>>() })
}

/// The ids in a list of callback numbers, in its order.
fn ids(body: &Value) -> Vec<String> {
    column(&body["callbackNumbers"], "callbackNumberId")
}

/// One member of every item of a list.
fn column(list: &Value, member: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

/// The message of an error, which has to have this status and the three members.
fn message(reply: &Reply, status: u16) -> String {
    assert_eq!(reply.status, status, "{}", reply.body);
    let body = reply.json();
    assert_eq!(
        body.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(),
        ["error", "message", "statusCode"],
        "{body}"
    );
    assert_eq!(body["statusCode"], status);
    body["message"].as_str().unwrap().to_owned()
}

/// A digest of what can be changed, to see that nothing was.
fn state(app: &App) -> String {
    app.database.query(
        "SELECT (SELECT count(*) || ' changes' FROM change), (SELECT group_concat(number || user_id) FROM personal_assignment WHERE released_at IS NULL),
                (SELECT group_concat(skill_group_id || user_id || skill_level) FROM skill_group_member)",
    )
}
