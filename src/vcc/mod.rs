//! The VCC face: the User Admin API v4 of Vonage Contact Center, with the token endpoint of its
//! Authentication API.
//!
//! # The way of a request
//! `http` bounds and reads it → [`auth`] looks at `Accept` → [`ENDPOINTS`] finds the endpoint →
//! [`auth`] verifies the token, `ops::access` its scope → [`params`] reads path, query and body →
//! the endpoint's function asks the store or changes through `ops` → [`reply`] writes the answer,
//! or [`error`] the failure. [`token`] issues the tokens.
//!
//! # One more endpoint
//! One line in [`ENDPOINTS`] and one function. The table is written out, without a macro, so that
//! an editor finds the function from its line and the line from the function. A function that
//! writes takes a [`Writing`], so it fits neither [`read`] nor [`Call::read`].
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here. A client acts in
//! its one instance: every function gets that instance from the verified token, never from the
//! request.

mod auth;
mod callback_numbers;
mod error;
mod groups;
mod memberships;
mod params;
mod reply;
mod skills;
mod token;
mod users;

use crate::domain::{Author, Client, InstanceId, Origin, Scope};
use crate::http::{self, Answer, LoginAttempts, RateLimit};
use crate::ops::access;
use crate::ops::last_use::LastUse;
use crate::store::{ReadTx, Store};
use error::{Failure, Result};
use params::{FromRequest, PathParameter, Request};
use serde::Serialize;
use std::num::NonZeroU32;
use std::sync::Arc;

/// What the function of an endpoint that reads works with, and of one that writes.
type Reading<'a> = access::Reading<'a, InstanceId>;
type Writing<'a> = access::Writing<'a, InstanceId>;

/// The endpoints, all below [`ROOT`]: the name, and the function that answers. Those that read need
/// the scope `users:read`, those that write `users:write`.
pub const ENDPOINTS: &[Endpoint] = &[
    read("GET /callbackNumbers", |call| call.read(callback_numbers::list)),
    read("GET /users", |call| call.read(users::list)),
    write("POST /users", |call| call.write(users::create)),
    read("GET /users/{userId}", |call| call.read(users::get)),
    write("PATCH /users/{userId}", |call| call.write(users::update)),
    write("DELETE /users/{userId}", |call| call.write(users::delete)),
    read("GET /users/{userId}/callbackNumbers", |call| call.read(callback_numbers::list_of_user)),
    write("PUT /users/{userId}/callbackNumbers", |call| {
        call.write(callback_numbers::replace_of_user)
    }),
    read("GET /users/{userId}/skills", |call| call.read(skills::list_of_user)),
    write("PUT /users/{userId}/skills", |call| call.write(skills::replace_of_user)),
    read("GET /users/{userId}/groups", |call| call.read(groups::list_of_user)),
    write("PUT /users/{userId}/groups", |call| call.write(groups::replace_of_user)),
    read("GET /skills", |call| call.read(skills::list)),
    write("POST /skills", |call| call.write(skills::create)),
    read("GET /skills/{skillId}/users", |call| call.read(skills::list_users)),
    write("PUT /skills/{skillId}/users", |call| call.write(skills::replace_users)),
    read("GET /groups", |call| call.read(groups::list)),
    write("POST /groups", |call| call.write(groups::create)),
    read("GET /groups/{groupId}", |call| call.read(groups::get)),
    read("GET /groups/{groupId}/users", |call| call.read(groups::list_users)),
];

/// Where the endpoints are.
const ROOT: &str = "/useradmin";

/// An endpoint: a line of the table.
pub struct Endpoint {
    /// The HTTP method and the path below [`ROOT`], in which `{…}` is one segment.
    pub name: &'static str,
    /// The scope that a token must have.
    pub scope: Scope,
    run: Run,
}

/// What an endpoint does. Their return types differ, so that a line can't claim that a function
/// only reads.
enum Run {
    Read(fn(Call<'_>) -> Result<Read>),
    Write(fn(Call<'_>) -> Result<Written>),
}

/// The body of an answer for which nothing was changed.
struct Read(Vec<u8>);

/// The body of an answer after a change.
struct Written(Vec<u8>);

const fn read(name: &'static str, run: fn(Call<'_>) -> Result<Read>) -> Endpoint {
    Endpoint { name, scope: Scope::UsersRead, run: Run::Read(run) }
}

const fn write(name: &'static str, run: fn(Call<'_>) -> Result<Written>) -> Endpoint {
    Endpoint { name, scope: Scope::UsersWrite, run: Run::Write(run) }
}

impl Endpoint {
    /// The HTTP method.
    pub fn method(&self) -> &'static str {
        self.name.split_once(' ').map_or("", |(method, _)| method)
    }

    /// The path below [`ROOT`].
    pub fn path(&self) -> &'static str {
        self.name.split_once(' ').map_or("", |(_, path)| path)
    }
}

/// The face, shared by all workers.
pub struct Face {
    store: Arc<Store>,
    attempts: Arc<LoginAttempts>,
    last_use: Arc<LastUse>,
    rate_limit: RateLimit,
}

/// One request on its way, its endpoint known.
struct Call<'a> {
    face: &'a Face,
    scope: Scope,
    http: &'a http::Request,
    request: Request<'a>,
}

impl Face {
    /// Makes the face over a store; a client may make `rate_limit` requests a minute.
    pub fn new(
        store: Arc<Store>,
        attempts: Arc<LoginAttempts>,
        last_use: Arc<LastUse>,
        rate_limit: Option<NonZeroU32>,
    ) -> Self {
        let rate_limit = RateLimit::new(rate_limit, store.clock());
        Self { store, attempts, last_use, rate_limit }
    }

    fn call(
        &self,
        request: &http::Request,
        found: &mut Option<&'static Endpoint>,
    ) -> Result<Vec<u8>> {
        auth::require_version(&request.headers)?;
        let (endpoint, path_parameter) = find(&request.method, &request.path)?;
        *found = Some(endpoint);
        let call = Call {
            face: self,
            scope: endpoint.scope,
            http: request,
            request: Request {
                path_parameter,
                query: &request.query,
                headers: &request.headers,
                body: request.body.as_deref().map_err(|error| *error),
            },
        };
        match endpoint.run {
            Run::Read(run) => run(call).map(|Read(body)| body),
            Run::Write(run) => run(call).map(|Written(body)| body),
        }
    }
}

impl http::Face for Face {
    const NAME: &'static str = "vcc";

    fn answer(&self, request: &http::Request) -> Answer {
        if !request.path.starts_with(ROOT) {
            return self.answer_token(request);
        }
        let mut endpoint = None;
        let answer = match self.call(request, &mut endpoint) {
            Ok(body) => reply::answer(200, body),
            Err(failure) => failure.answer(),
        };
        Answer { operation: endpoint.map(|endpoint| endpoint.name), ..answer }
    }
}

/// The endpoint of a method and a path, with the path's parameter.
fn find<'p>(method: &str, path: &'p str) -> Result<(&'static Endpoint, PathParameter<'p>)> {
    let path = path.strip_prefix(ROOT).unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let on_path: Vec<(&Endpoint, _)> = ENDPOINTS
        .iter()
        .filter_map(|endpoint| Some((endpoint, matches(endpoint.path(), path)?)))
        .collect();
    if on_path.is_empty() {
        return Err(Failure::NoRoute);
    }
    on_path.iter().find(|(endpoint, _)| endpoint.method() == method).copied().ok_or_else(|| {
        let offered: Vec<&str> = on_path.iter().map(|(endpoint, _)| endpoint.method()).collect();
        Failure::Method(offered.join(", "))
    })
}

/// The parameter of a path that fits a pattern; `None` for one that doesn't.
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
    /// Runs an endpoint that reads. All tokens of a client share one quota of what takes long.
    fn read<R: FromRequest, T: Serialize>(
        self,
        function: fn(Reading<'_>, R) -> Result<T>,
    ) -> Result<Read> {
        let store = &self.face.store;
        let client = store.read(|tx| self.verify(tx))?;
        let token = self.http.headers.bearer().unwrap_or_default();
        let reply = store.read_fairly(&client.client_id, |tx| {
            self.run(tx, &auth::still_valid(tx, token)?, function)
        })?;
        Ok(Read(reply::json(&reply)?))
    }

    fn run<R: FromRequest, T>(
        &self,
        tx: &ReadTx<'_>,
        client: &Client,
        function: fn(Reading<'_>, R) -> Result<T>,
    ) -> Result<T> {
        let place = access::enter_as_client(client, self.scope)?;
        function(Reading { tx, place }, R::read(&self.request)?)
    }

    /// Runs an endpoint that writes. It is verified and read before it queues for the writer, so
    /// neither a forged nor a malformed request can delay a genuine one. The token is looked up
    /// again in the write's own transaction, so that nothing is changed with one that has ended in
    /// between.
    fn write<R, T>(self, function: fn(Writing<'_>, R) -> Result<T>) -> Result<Written>
    where
        R: FromRequest + Send + 'static,
        T: Serialize + Send + 'static,
    {
        let client = self.face.store.read(|tx| self.verify(tx))?;
        access::enter_as_client(&client, self.scope)?;
        let request = R::read(&self.request)?;
        let author = Author::new(client.client_id, Origin::Vcc, self.http.request_id.clone());
        let (scope, token) =
            (self.scope, self.http.headers.bearer().unwrap_or_default().to_owned());
        let reply = self.face.store.write(author, move |tx| {
            let client = auth::still_valid(tx, &token)?;
            let place = access::enter_as_client(&client, scope)?;
            function(Writing { tx, place }, request)
        })?;
        Ok(Written(reply::json(&reply)?))
    }

    fn verify(&self, tx: &ReadTx<'_>) -> Result<Client> {
        let client = auth::verify(tx, &self.face.attempts, self.http)?;
        self.face.rate_limit.admit(&client.client_id).map_err(Failure::RateLimited)?;
        Ok(client)
    }
}
