//! The admin API, called as its clients call it.

mod capacity;
mod contact_flows;
mod crossing;
mod description;
mod dry_run;
mod editing;
mod examples;
mod files;
mod founding;
mod idempotency;
mod imports;
mod limited_tokens;
mod lists;
mod matrix;
mod metrics;
mod near;
mod problems;
mod receipts;
mod refusals;
mod runs;
mod schemathesis;
mod searching;
mod selecting;
mod settings;
mod undoing;
mod unreadable;

use crate::support::{App, Reply};
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::NewToken;
use serde_json::Value;

/// The sample instance, below the root of the API.
pub(crate) const CCC: &str = "/api/v1/instances/ccc-test";

/// Somebody who calls the API.
pub(crate) struct Caller<'a> {
    pub(crate) app: &'a App,
    pub(crate) token: String,
}

impl<'a> Caller<'a> {
    /// The account's root.
    pub(crate) fn root(app: &'a App) -> Self {
        Self { app, token: "demo-token".to_owned() }
    }

    /// Another login, for whom a token is made.
    pub(crate) fn of(app: &'a App, login_name: &'static str) -> Self {
        let token = format!("token-of-{login_name}");
        let issued = Issued { id: login_name.to_owned(), secret: token.clone() };
        app.database.write(move |tx| {
            credentials::add_token(
                tx,
                login_name,
                &issued,
                &NewToken { name: "test".to_owned(), ..NewToken::default() },
            )
        });
        Self { app, token }
    }

    /// Sends a request with headers beside the token.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [&[("authorization", bearer.as_str())], headers].concat();
        self.app.send(method, path, &headers, body)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn put(&self, path: &str) -> Reply {
        self.send("PUT", path, &[], None)
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, &[], Some(&body))
    }
}

/// The last part of a problem's type.
pub(crate) fn problem(reply: &Reply) -> String {
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{reply:?}");
    let body = reply.json();
    assert_eq!(body["status"], reply.status, "{body}");
    assert_eq!(body["type"], format!("/problems/{}", body["code"].as_str().unwrap()), "{body}");
    assert_eq!(body["instance"].as_str(), reply.header("x-acs-request-id"), "{body}");
    body["type"].as_str().unwrap().strip_prefix("/problems/").unwrap().to_owned()
}
