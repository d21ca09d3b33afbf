//! The VCC face: the User Admin API v4 of Vonage Contact Center, with the token endpoint of its
//! Authentication API.
//!
//! # The way of a request
//! `http` bounds and reads it → `version` looks at `Accept` → [`ENDPOINTS`] finds the endpoint →
//! `auth` verifies the token and its scope → `params` reads path, query and body → the endpoint's
//! function asks the store or changes through `ops` → `reply` writes the answer, or `error` the
//! failure. `token` gives the tokens.
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here. A client acts in
//! its one instance: every function gets that instance from the verified token, never from the
//! request.

mod auth;
mod callback_numbers;
mod error;
mod fair_use;
mod groups;
mod guesses;
mod handler;
mod memberships;
mod params;
mod reply;
mod skills;
mod token;
mod users;
mod version;

pub use auth::ADDRESS_LIMIT;
pub use handler::{handle, issue_token};
pub use token::CLIENT_LIMIT;

use crate::domain::{Author, Client, Error, InstanceId, Origin, Scope};
use crate::http::BodyFault;
use crate::ops::access;
use crate::store::{ReadTx, Store, WriteTx};
use error::Failure;
use fair_use::FairUse;
use guesses::Guesses;
use params::{FromRequest, PathParameter, Request};
use serde::Serialize;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

/// What an endpoint is: where it is, what it needs, and what it does.
pub struct Endpoint {
    /// `GET` or `PUT`.
    pub method: &'static str,
    /// The path below `/useradmin`; `{…}` stands for one segment.
    pub path: &'static str,
    /// Method and path, for the log.
    pub name: &'static str,
    /// The scope that a token must have.
    pub scope: Scope,
    run: fn(Call<'_>) -> Result<Vec<u8>, Failure>,
}

/// Declares the endpoints: the method, the path, the scope, the function. `GET` runs it with a
/// `ReadTx` and `PUT` with a `WriteTx`, so that a function which changes something does not fit a
/// `GET`.
macro_rules! endpoints {
    ($($method:ident $path:literal $scope:ident => $function:path,)*) => {
        /// The endpoints, all below `/useradmin`.
        pub const ENDPOINTS: &[Endpoint] = &[$(Endpoint {
            method: stringify!($method),
            path: $path,
            name: concat!(stringify!($method), " ", $path),
            scope: Scope::$scope,
            run: |call| endpoints!(@run $method call $function),
        },)*];
    };
    (@run GET $call:ident $function:path) => { $call.read($function) };
    (@run PUT $call:ident $function:path) => { $call.write($function) };
}

endpoints! {
    GET "/callbackNumbers"                UsersRead  => callback_numbers::list,
    GET "/users"                          UsersRead  => users::list,
    GET "/users/{userId}"                 UsersRead  => users::get,
    GET "/users/{userId}/callbackNumbers" UsersRead  => callback_numbers::list_of_user,
    PUT "/users/{userId}/callbackNumbers" UsersWrite => callback_numbers::replace_of_user,
    GET "/users/{userId}/skills"          UsersRead  => skills::list_of_user,
    PUT "/users/{userId}/skills"          UsersWrite => skills::replace_of_user,
    GET "/users/{userId}/groups"          UsersRead  => groups::list_of_user,
    PUT "/users/{userId}/groups"          UsersWrite => groups::replace_of_user,
    GET "/skills"                         UsersRead  => skills::list,
    GET "/skills/{skillId}/users"         UsersRead  => skills::list_users,
    PUT "/skills/{skillId}/users"         UsersWrite => skills::replace_users,
    GET "/groups"                         UsersRead  => groups::list,
    GET "/groups/{groupId}"               UsersRead  => groups::get,
    GET "/groups/{groupId}/users"         UsersRead  => groups::list_users,
}

/// Where the endpoints are.
const ROOT: &str = "/useradmin";

/// The face, shared by all workers.
pub struct Face {
    store: Arc<Store>,
    guesses: Guesses,
    fair_use: FairUse,
}

/// A request, read whole and free of the web framework.
pub struct Incoming {
    /// Upper-case.
    pub method: String,
    /// The raw path.
    pub path: String,
    /// The raw query.
    pub query: String,
    /// Names in lower case, in the order of the request.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The raw body.
    pub body: Result<Vec<u8>, BodyFault>,
    /// Who is at the other end of the connection.
    pub address: IpAddr,
    /// The request's id.
    pub request_id: String,
}

/// An answer, ready to be sent. Its body is JSON.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers of its own.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The endpoint that was asked for, if it is known: for the log.
    pub endpoint: Option<&'static str>,
    /// `OK` or what went wrong: for the log.
    pub code: String,
    /// What must not be told to the caller, but to the log.
    pub fault: Option<String>,
}

/// One request on its way, its endpoint known.
struct Call<'a> {
    face: &'a Face,
    endpoint: &'static Endpoint,
    incoming: &'a Incoming,
    request: Request<'a>,
}

impl Incoming {
    /// The values of a header that are UTF-8, in the order of the request.
    fn header(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(key, _)| key == name)
            .filter_map(|(_, value)| std::str::from_utf8(value).ok())
            .map(str::trim)
            .collect()
    }
}

impl Face {
    /// Makes the face over a store; a client may make so many requests a minute, or without a limit
    /// as many as it likes.
    pub fn new(store: Arc<Store>, rate_limit: Option<NonZeroU32>) -> Self {
        Self { store, guesses: Guesses::default(), fair_use: FairUse::new(rate_limit) }
    }

    /// Answers a request to the User Admin API. Blocking.
    pub fn answer(&self, incoming: &Incoming) -> Answer {
        let mut endpoint = None;
        let outcome = self.call(incoming, &mut endpoint);
        match outcome {
            Ok(body) => Answer {
                status: 200,
                headers: Vec::new(),
                body,
                endpoint,
                code: "OK".to_owned(),
                fault: None,
            },
            Err(failure) => Answer { endpoint, ..failure.answer() },
        }
    }

    fn call(
        &self,
        incoming: &Incoming,
        name: &mut Option<&'static str>,
    ) -> Result<Vec<u8>, Failure> {
        version::require(&incoming.header("accept"))?;
        let (endpoint, path_parameter) = find(&incoming.method, &incoming.path)?;
        *name = Some(endpoint.name);
        let request = Request {
            path_parameter,
            query: &incoming.query,
            content_type: incoming.header("content-type").first().copied(),
            body: incoming.body.as_deref().map_err(|fault| *fault),
        };
        (endpoint.run)(Call { face: self, endpoint, incoming, request })
    }
}

/// The endpoint of a method and a path, with the path's parameter.
fn find<'p>(
    method: &str,
    path: &'p str,
) -> Result<(&'static Endpoint, PathParameter<'p>), Failure> {
    let path = path.strip_prefix(ROOT).unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let on_path: Vec<(&Endpoint, _)> = ENDPOINTS
        .iter()
        .filter_map(|endpoint| Some((endpoint, matches(endpoint.path, path)?)))
        .collect();
    if on_path.is_empty() {
        return Err(Failure::NoRoute);
    }
    on_path.iter().find(|(endpoint, _)| endpoint.method == method).copied().ok_or_else(|| {
        let offered: Vec<&str> = on_path.iter().map(|(endpoint, _)| endpoint.method).collect();
        Failure::Method(offered.join(", "))
    })
}

/// Whether a path fits a pattern, and what stands in the place of its `{…}`.
fn matches<'p>(pattern: &'static str, path: &'p str) -> Option<PathParameter<'p>> {
    let mut parameter = None;
    let (mut expected, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(parameter),
            (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => {
                parameter = Some((name.trim_matches(['{', '}']), segment))
            }
            (Some(word), Some(segment)) if word == segment => {}
            _ => return None,
        }
    }
}

impl Call<'_> {
    /// Runs an endpoint that reads: all in one transaction.
    fn read<R: FromRequest, T: Serialize>(
        self,
        function: fn(&ReadTx<'_>, &InstanceId, R) -> Result<T, Failure>,
    ) -> Result<Vec<u8>, Failure> {
        let reply = self.face.store.read(|tx| {
            let client = self.verify(tx)?;
            let instance_id = access::enter_as_client(&client, self.endpoint.scope)?;
            function(tx, instance_id, R::read(&self.request)?)
        })?;
        reply::json(&reply)
    }

    /// Runs an endpoint that writes. It is verified and read before it queues for the writer, so
    /// that neither a forged nor a malformed request holds up a true one; and the token is looked
    /// up again in the write's own transaction, so that nothing is changed with one that has ended
    /// in between.
    fn write<R, T>(
        self,
        function: fn(&WriteTx<'_>, &InstanceId, R) -> Result<T, Failure>,
    ) -> Result<Vec<u8>, Failure>
    where
        R: FromRequest + Send + 'static,
        T: Serialize + Send + 'static,
    {
        let client = self.face.store.read(|tx| self.verify(tx))?;
        access::enter_as_client(&client, self.endpoint.scope)?;
        let request = R::read(&self.request)?;
        let author = Author {
            actor: client.client_id,
            via: Origin::Vcc,
            request_id: self.incoming.request_id.clone(),
            reason: String::new(),
        };
        let (scope, token) =
            (self.endpoint.scope, auth::bearer(self.incoming).unwrap_or_default().to_owned());
        let reply = self.face.store.write(author, move |tx| {
            let client = auth::still_valid(tx, &token)?;
            function(tx, access::enter_as_client(&client, scope)?, request)
        })?;
        reply::json(&reply)
    }

    fn verify(&self, tx: &ReadTx<'_>) -> Result<Client, Failure> {
        let client = auth::verify(tx, &self.face.guesses, self.incoming)?;
        self.face.fair_use.admit(&client.client_id).map_err(Failure::RateLimited)?;
        Ok(client)
    }
}

/// What the log is told of an error that the caller is told little of.
fn fault(error: &Error) -> Option<String> {
    if let Error::Internal(_) | Error::Unavailable(_) = error {
        Some(error.to_string())
    } else {
        None
    }
}
