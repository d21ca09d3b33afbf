//! The token endpoint: OAuth2 client credentials (RFC 6749 §4.4), in the form or as HTTP Basic.
//!
//! The order of checks: the form, the grant type, the scope's names, the client, the scope's grant.

use super::error::{self, Failure};
use super::params::shortened;
use super::{Face, reply};
use crate::domain::{Author, Error, Origin, Scopes};
use crate::http::{Answer, Request, form};
use crate::ops::credentials::{self, TOKEN_LIFE};
use crate::ops::last_use::Credential;
use crate::store::oauth_clients;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::collections::BTreeMap;

const LONGEST_CLIENT_ID: usize = 128;

/// Why no token is given.
#[derive(Debug)]
enum Refusal {
    /// The request is not what RFC 6749 asks for: a sentence.
    InvalidRequest(String),
    /// `grant_type` is missing, or not `client_credentials`.
    GrantType,
    /// `scope` is missing.
    NoScope,
    /// A scope that is unknown, or not this client's.
    Scope(String),
    /// The id or the secret is wrong; whether they came as HTTP Basic.
    Client { basic: bool },
    /// What is refused in the same way everywhere.
    Failure(Failure),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failure(error.into())
    }
}

#[derive(Serialize)]
struct Token {
    access_token: String,
    expires_in: u64,
    token_type: &'static str,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_description: &'a str,
}

/// A client's id and secret, and where they came from.
struct Credentials {
    client_id: String,
    secret: String,
    basic: bool,
}

impl Face {
    /// Answers a request to the token endpoint. Blocking.
    pub(super) fn answer_token(&self, request: &Request) -> Answer {
        let answer = match self.token(request) {
            Ok(body) => reply::answer(200, body),
            Err(refusal) => refusal.answer(),
        };
        Answer { operation: Some("POST /Auth/connect/token"), ..answer }
    }

    fn token(&self, request: &Request) -> Result<Vec<u8>, Refusal> {
        if request.method != "POST" {
            return Err(Refusal::Failure(Failure::Method("POST".to_owned())));
        }
        let form = form(request)?;
        let credentials = credentials(request, &form)?;
        if form.get("grant_type").map(String::as_str) != Some("client_credentials") {
            return Err(Refusal::GrantType);
        }
        let asked = form.get("scope").map_or("", String::as_str);
        if asked.trim_matches(' ').is_empty() {
            return Err(Refusal::NoScope);
        }
        let scopes = Scopes::parse(asked).map_err(Refusal::Scope)?;
        self.verify_client(request, &credentials)?;
        let author =
            Author::new(credentials.client_id.clone(), Origin::Vcc, request.request_id.clone());
        let access_token = self.store.write(author, move |tx| {
            // Once more, in the transaction that makes the token: the secret may have been replaced
            // in between.
            let client = oauth_clients::verify(tx, &credentials.client_id, &credentials.secret)?
                .ok_or(Refusal::Client { basic: credentials.basic })?;
            match scopes.first_beyond(&client.scopes) {
                Some(scope) => Err(Refusal::Scope(scope.name().to_owned())),
                None => Ok(credentials::issue_token(tx, &client, &scopes)?),
            }
        })?;
        Ok(reply::json(&Token {
            access_token,
            expires_in: TOKEN_LIFE.as_secs(),
            token_type: "Bearer",
        })?)
    }

    /// Looks at the credentials before the writer is asked for anything.
    fn verify_client(&self, request: &Request, credentials: &Credentials) -> Result<(), Refusal> {
        let throttled = |wait| Refusal::Failure(Failure::Throttled(wait));
        let fits = (1..=LONGEST_CLIENT_ID).contains(&credentials.client_id.len());
        let client_id = fits.then_some(credentials.client_id.as_str());
        let known = match client_id {
            Some(id) => {
                self.store.read(|tx| oauth_clients::verify(tx, id, &credentials.secret))?.is_some()
            }
            None => false,
        };
        if known {
            let limited = |wait| Refusal::Failure(Failure::RateLimited(wait));
            self.last_use.note(Credential::OauthClient(credentials.client_id.clone()));
            return self.rate_limit.admit(&credentials.client_id).map_err(limited);
        }
        self.attempts.failed(request.client, client_id).map_err(throttled)?;
        Err(Refusal::Client { basic: credentials.basic })
    }
}

/// The parameters of the form, each once; an empty one counts as absent (RFC 6749 §3.2).
fn form(request: &Request) -> Result<BTreeMap<String, String>, Refusal> {
    let invalid = |sentence: &str| Refusal::InvalidRequest(sentence.to_owned());
    let body = request.body.as_deref().map_err(|fault| Refusal::Failure(Failure::Body(*fault)))?;
    if request.headers.media_type() != "application/x-www-form-urlencoded" {
        return Err(invalid("The body must be application/x-www-form-urlencoded"));
    }
    let mut form = BTreeMap::new();
    for (name, value) in form::decode(body).map_err(|_| invalid("The body must be UTF-8"))? {
        if form.insert(name.clone(), value).is_some() {
            let name = shortened(&name);
            return Err(invalid(&format!("The parameter {name:?} is given more than once")));
        }
    }
    form.retain(|_, value| !value.is_empty());
    Ok(form)
}

/// The client's id and secret: from the form or from HTTP Basic, never from both.
fn credentials(request: &Request, form: &BTreeMap<String, String>) -> Result<Credentials, Refusal> {
    let in_form = |name: &str| form.get(name).cloned().unwrap_or_default();
    if !request.headers.has("authorization") {
        return Ok(Credentials {
            client_id: in_form("client_id"),
            secret: in_form("client_secret"),
            basic: false,
        });
    }
    let header = match request.headers.values("authorization").as_deref() {
        Ok([value]) => *value,
        Ok(_) => {
            return Err(Refusal::InvalidRequest(
                "The header Authorization is given more than once".to_owned(),
            ));
        }
        Err(_) => return Err(Refusal::Client { basic: true }),
    };
    if form.contains_key("client_secret") {
        return Err(Refusal::InvalidRequest(
            "The credentials must be in the form or in the header Authorization, not in both"
                .to_owned(),
        ));
    }
    let (client_id, secret) = basic(header).ok_or(Refusal::Client { basic: true })?;
    if form.get("client_id").is_some_and(|id| *id != client_id) {
        return Err(Refusal::InvalidRequest(
            "The client_id in the form is not that of the header Authorization".to_owned(),
        ));
    }
    Ok(Credentials { client_id, secret, basic: true })
}

/// Reads `Basic <base64 of id:secret>`, each half encoded as in a form (RFC 6749 §2.3.1). Many
/// libraries leave that encoding out, which makes no difference for ids and secrets made here.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let text = scheme
        .eq_ignore_ascii_case("basic")
        .then(|| STANDARD.decode(encoded.trim()).ok())
        .flatten()?;
    let (id, secret) = std::str::from_utf8(&text).ok()?.split_once(':')?;
    Some((form::decode_part(id.as_bytes())?, form::decode_part(secret.as_bytes())?))
}

impl Refusal {
    fn answer(&self) -> Answer {
        let (status, code, description, headers) = self.row();
        // Two strings can always be written.
        let body = reply::json(&ErrorBody { error: code, error_description: &description })
            .unwrap_or_default();
        let fault = if let Self::Failure(failure) = self { failure.fault() } else { None };
        let mut answer = reply::answer(status, body);
        answer.headers.extend(headers);
        Answer { code: code.to_owned(), fault, ..answer }
    }

    /// The row of the table: status, code, description, headers.
    fn row(&self) -> (u16, &'static str, String, Vec<(&'static str, String)>) {
        let bad = |code, description: String| (400, code, description, Vec::new());
        match self {
            Self::InvalidRequest(sentence) => bad("invalid_request", sentence.clone()),
            Self::GrantType => bad("unsupported_grant_type", "Invalid grant_type".to_owned()),
            Self::NoScope => bad("invalid_scope", "You must specify a scope".to_owned()),
            Self::Scope(scope) => {
                bad("invalid_scope", format!("\"{}\" is an invalid scope", shortened(scope)))
            }
            Self::Client { basic } => {
                let challenge = "Basic realm=\"numberd\", charset=\"UTF-8\"".to_owned();
                let headers = basic.then_some(("www-authenticate", challenge));
                let status = if *basic { 401 } else { 400 };
                let sentence = "Invalid client credentials".to_owned();
                (status, "invalid_client", sentence, headers.into_iter().collect())
            }
            Self::Failure(failure) => {
                let error::Row { status, message, headers } = failure.row();
                let code = match failure {
                    Failure::Body(_) => "invalid_request",
                    _ => error::reason(status),
                };
                (status, code, message, headers)
            }
        }
    }
}
