//! The admin face: REST in JSON under `/api/v1` for whoever runs the call centre, described at
//! `/openapi.json`.
//!
//! # The way of a request
//! `http` bounds and reads it → [`Face`] verifies its token before anything else is looked
//! at → `routes!` finds the route → its [`scope`] lets the caller in → [`fields`] and [`path`] read
//! what it is called with, and tell at once everything that is wrong → the route's function asks
//! the store or changes through `ops` → [`reply`] writes the answer, or [`problem`] the problem.
//!
//! # One more route
//! One line in `routes!` and one function. Whether it reads or writes, what it takes and what it
//! answers are its types; the description at `/openapi.json` is made from the same line and the
//! same types, so that it can't lie.
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here. No route can be
//! reached around [`Face`]: the table is all that there is under `/api/v1`.

mod assignments;
mod auth;
mod backups;
mod batch;
mod bindings;
mod candidates;
mod changes;
mod contact_flows;
mod etag;
mod fields;
mod history;
mod holding;
mod idempotency;
mod instances;
mod memberships;
mod number_pool;
mod openapi;
mod pages;
mod path;
mod phone_numbers;
mod problem;
mod reply;
mod request;
mod scope;
mod skill_groups;
mod users;

pub use pages::configure;
pub use problem::ProblemType;

use crate::domain::{Act, Author, Caller, Origin};
use crate::http::{self, Answer};
use crate::store::{ReadTx, Store, WriteTx};
use etag::Guard;
use fields::Fields;
use idempotency::{Keyed, Running};
use path::{FromPath, PathValues};
use problem::Failure;
use reply::Respond;
use request::{Request, Write};
use scope::Scope;
use std::path::PathBuf;
use std::sync::Arc;

/// A route's function that writes.
type Writing<S, P, B, G, R> = fn(&WriteTx<'_>, &S, P, Write<B, G>) -> Result<R, Failure>;

/// Where the face is mounted.
pub const ROOT: &str = "/api/v1";

/// A route: a line of the table.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The pattern of its address below [`ROOT`].
    pub pattern: &'static str,
    /// What the caller's role must allow.
    pub act: Act,
    /// The function's name, which names the operation in the log and in the description.
    pub operation: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// Whether it changes anything.
    pub is_write: bool,
    run: fn(Call<'_>) -> Result<Answer, Failure>,
    describe: fn(&mut openapi::Operations, &'static Route),
}

/// Declares the routes: `read`, `write` or `job` (long work outside of a transaction), method,
/// address, the act that a role must allow, the function; above it what the description says. A
/// function that takes a `WriteTx` does not fit a `read`, so the word can't lie.
macro_rules! routes {
    ($($(#[doc = $summary:literal])* $kind:ident $method:ident $pattern:literal $act:ident => $module:ident::$function:ident,)*) => {
        /// Every route of the face.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            pattern: $pattern,
            act: Act::$act,
            operation: concat!(stringify!($module), ".", stringify!($function)),
            summary: concat!($($summary),*),
            is_write: routes!(@is_write $kind),
            run: |call| call.$kind($module::$function),
            describe: |operations, route| operations.$kind(route, $module::$function),
        },)*];
    };
    (@is_write read) => { false };
    (@is_write write) => { true };
    (@is_write job) => { true };
}

routes! {
    /// The instances that the caller belongs to; the root sees all.
    read  GET    "/instances"                                                        ReadOwn               => instances::list,
    /// Creates an instance, with an empty skill group `default`.
    write POST   "/instances"                                                        ManageAccount         => instances::create,
    /// An instance.
    read  GET    "/instances/{instance}"                                             ReadInstance          => instances::get,
    /// Changes what people call an instance and what it is for; its id stays.
    write PATCH  "/instances/{instance}"                                             ManageInstance        => instances::modify,
    /// Gives an instance up: its numbers go back to the account's pool, its users are removed, its
    /// history stays.
    write DELETE "/instances/{instance}"                                             ManageAccount         => instances::delete,
    /// The account's numbers that are in no instance.
    read  GET    "/unassigned-numbers"                                               ManageAccount         => number_pool::list,
    /// The numbers of an instance, with who holds them.
    read  GET    "/instances/{instance}/numbers"                                     ReadInstance          => phone_numbers::list,
    /// Adds a number to an instance, out of the account's pool or as a new one.
    write POST   "/instances/{instance}/numbers"                                     ManageNumbers         => phone_numbers::add,
    /// A number.
    read  GET    "/instances/{instance}/numbers/{number}"                            ReadInstance          => phone_numbers::get,
    /// Changes a number.
    write PATCH  "/instances/{instance}/numbers/{number}"                            ManageNumbers         => phone_numbers::modify,
    /// Takes a free number out of the instance, back into the account's pool.
    write DELETE "/instances/{instance}/numbers/{number}"                            ManageNumbers         => phone_numbers::remove,
    /// Who held a number at a moment.
    read  GET    "/instances/{instance}/numbers/{number}/holders"                    ReadInstance          => history::holders,
    /// The history of a number: who held it from when to when, who gave it and took it back, and
    /// why.
    read  GET    "/instances/{instance}/numbers/{number}/history"                    ReadInstance          => history::of_number,
    /// Takes a number from whoever holds it and gives it to a user.
    write PUT    "/instances/{instance}/numbers/{number}/assignment"                 ManagePersonalNumbers => batch::transfer,
    /// Adds a range of numbers to an instance, out of the account's pool or as new ones.
    write POST   "/instances/{instance}/numbers:range"                               ManageNumbers         => batch::add_range,
    /// Gives each of two numbers to the holders of the other.
    write POST   "/instances/{instance}/numbers:swap"                                ManagePersonalNumbers => batch::swap,
    /// The users of an instance.
    read  GET    "/instances/{instance}/users"                                       ReadInstance          => users::list,
    /// Creates a user, with a login of his own.
    write POST   "/instances/{instance}/users"                                       ManageUsers           => users::create,
    /// Makes people who have a login already users of an instance.
    write POST   "/instances/{instance}/users:import"                                ManageUsers           => users::import,
    /// A user.
    read  GET    "/instances/{instance}/users/{user}"                                ReadOwn               => users::get,
    /// Changes a user.
    write PATCH  "/instances/{instance}/users/{user}"                                ManageUsers           => users::modify,
    /// Removes a user; his login and his history stay.
    write DELETE "/instances/{instance}/users/{user}"                                ManageUsers           => users::remove,
    /// The numbers that could be given to a user; with `include=blocked` the others too, each with
    /// its reasons.
    read  GET    "/instances/{instance}/users/{user}/candidates"                     ReadInstance          => candidates::list,
    /// Why a number can't be given to a user, and what would free it.
    read  GET    "/instances/{instance}/users/{user}/candidates/{number}"            ReadInstance          => candidates::why,
    /// The numbers that a user held at a moment.
    read  GET    "/instances/{instance}/users/{user}/holdings"                       ReadOwn               => history::holdings,
    /// The history of a user: his numbers and the skill groups that he was in.
    read  GET    "/instances/{instance}/users/{user}/history"                        ReadOwn               => history::of_user,
    /// Gives every number of a user to another.
    write POST   "/instances/{instance}/users/{user}:hand-over"                      ManagePersonalNumbers => batch::hand_over,
    /// The numbers that a user holds.
    read  GET    "/instances/{instance}/users/{user}/numbers"                        ReadOwn               => assignments::list_of_user,
    /// Whether a user holds a number, and since when.
    read  GET    "/instances/{instance}/users/{user}/numbers/{number}"               ReadOwn               => assignments::get,
    /// Gives a number to a user.
    write PUT    "/instances/{instance}/users/{user}/numbers/{number}"               ManagePersonalNumbers => assignments::put,
    /// Takes a number back from a user.
    write DELETE "/instances/{instance}/users/{user}/numbers/{number}"               ManagePersonalNumbers => assignments::delete,
    /// Who holds which number as personal.
    read  GET    "/instances/{instance}/assignments"                                 ReadInstance          => assignments::list,
    /// Gives, takes back, transfers, binds and unbinds many numbers at once.
    write POST   "/instances/{instance}/assignments:batch"                           ManagePersonalNumbers => batch::run,
    /// The skill groups of an instance.
    read  GET    "/instances/{instance}/skill-groups"                                ReadInstance          => skill_groups::list,
    /// Creates a skill group.
    write POST   "/instances/{instance}/skill-groups"                                ManageSkillGroups     => skill_groups::create,
    /// A skill group.
    read  GET    "/instances/{instance}/skill-groups/{skill_group}"                  ReadInstance          => skill_groups::get,
    /// Changes a skill group.
    write PATCH  "/instances/{instance}/skill-groups/{skill_group}"                  ManageSkillGroups     => skill_groups::modify,
    /// Deletes a skill group.
    write DELETE "/instances/{instance}/skill-groups/{skill_group}"                  ManageSkillGroups     => skill_groups::delete,
    /// Whether a number is bound to a skill group, and since when.
    read  GET    "/instances/{instance}/skill-groups/{skill_group}/numbers/{number}" ReadInstance          => bindings::get,
    /// Binds a number to a skill group.
    write PUT    "/instances/{instance}/skill-groups/{skill_group}/numbers/{number}" BindNumbers           => bindings::put,
    /// Unbinds a number from a skill group.
    write DELETE "/instances/{instance}/skill-groups/{skill_group}/numbers/{number}" BindNumbers           => bindings::delete,
    /// Which number is bound to which skill group.
    read  GET    "/instances/{instance}/bindings"                                    ReadInstance          => bindings::list,
    /// The members of a skill group.
    read  GET    "/instances/{instance}/skill-groups/{skill_group}/users"            ReadInstance          => memberships::list,
    /// Whether a user is in a skill group, and at which level.
    read  GET    "/instances/{instance}/skill-groups/{skill_group}/users/{user}"     ReadOwn               => memberships::get,
    /// Puts a user into a skill group, or changes his level.
    write PUT    "/instances/{instance}/skill-groups/{skill_group}/users/{user}"     ManageMemberships     => memberships::put,
    /// Takes a user out of a skill group.
    write DELETE "/instances/{instance}/skill-groups/{skill_group}/users/{user}"     ManageMemberships     => memberships::delete,
    /// The contact flows of an instance.
    read  GET    "/instances/{instance}/contact-flows"                               ReadInstance          => contact_flows::list,
    /// A contact flow.
    read  GET    "/instances/{instance}/contact-flows/{contact_flow}"                ReadInstance          => contact_flows::get,
    /// The change log of an instance: the newest changes, or those after one.
    read  GET    "/instances/{instance}/changes"                                     ReadInstance          => changes::list,
    /// A line of the change log.
    read  GET    "/instances/{instance}/changes/{change}"                            ReadInstance          => changes::get,
    /// Undoes a change, as one new change.
    write POST   "/instances/{instance}/changes/{change}:undo"                       ManageInstance        => changes::undo,
    /// Makes a backup of the whole database on the server's disk.
    job   POST   "/backups"                                                          ManageAccount         => backups::create,
}

/// The face, shared by all workers.
pub struct Face {
    store: Arc<Store>,
    backups: PathBuf,
    running: Running,
}

/// One request on its way.
struct Call<'a> {
    face: &'a Face,
    route: &'static Route,
    request: &'a Request,
    path: PathValues,
    caller: Caller,
    request_id: &'a str,
}

impl Face {
    /// Makes the face over a store; backups go into the directory.
    pub fn new(store: Arc<Store>, backups: PathBuf) -> Self {
        Self { store, backups, running: Running::default() }
    }

    fn call(
        &self,
        request: &Request,
        request_id: &str,
        operation: &mut Option<&'static str>,
    ) -> Result<Answer, Failure> {
        // Before anything else, so that a stranger learns nothing, not even which addresses there
        // are.
        let caller = auth::verify(&self.store, request)?;
        let segments = path::segments(&request.path).map_err(Failure::Malformed)?;
        let mut fitting: Vec<_> = ROUTES
            .iter()
            .filter_map(|route| Some((route, path::fit(route.pattern, &segments)?)))
            .collect();
        // What ends in `:undo` is the act, not something whose id ends so.
        if fitting.iter().any(|(route, _)| path::is_act(route.pattern)) {
            fitting.retain(|(route, _)| path::is_act(route.pattern));
        }
        let allowed: Vec<&str> = fitting.iter().map(|(route, _)| route.method).collect();
        let method = if request.method == "HEAD" { "GET" } else { &request.method };
        if allowed.is_empty() {
            return Err(Failure::NoSuchAddress);
        }
        let allowed = allowed.join(", ");
        let found = fitting.into_iter().find(|(route, _)| route.method == method);
        let (route, path) = found.ok_or(Failure::MethodNotAllowed(allowed))?;
        *operation = Some(route.operation);
        (route.run)(Call { face: self, route, request, path, caller, request_id })
    }
}

/// The answer for a failure.
fn failed(failure: Failure, request_id: &str) -> Answer {
    if let Failure::TakenBack(answer) = failure {
        return *answer;
    }
    let cause = if let Failure::Refused(error) | Failure::Held(error, _) = &failure {
        Some(error.to_string())
    } else {
        None
    };
    let allowed = if let Failure::MethodNotAllowed(allowed) = &failure {
        Some(allowed.clone())
    } else {
        None
    };
    let present =
        if let Failure::VersionIsStale(present) = &failure { Some(present.clone()) } else { None };
    let (kind, problem) = failure.problem(request_id);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let fault = cause.filter(|_| kind.status() >= 500);
    let mut answer = Answer {
        content_type: "application/problem+json",
        code: kind.name().to_owned(),
        fault,
        ..Answer::json(kind.status(), body)
    };
    answer.headers.extend(allowed.map(|allowed| ("allow", allowed)));
    answer.headers.extend(present.map(|present| ("etag", present)));
    match kind.status() {
        401 => answer.with("www-authenticate", "Bearer realm=\"numberd\""),
        503 => answer.retry_after(http::RETRY_AFTER),
        _ => answer,
    }
}

impl http::Face for Face {
    const NAME: &'static str = "admin";

    /// Answers a request to an address below [`ROOT`].
    fn answer(&self, request: http::Request) -> Answer {
        let request_id = request.request_id.clone();
        let request = Request::new(request);
        let mut operation = None;
        let outcome = self.call(&request, &request_id, &mut operation);
        let mut answer = outcome.unwrap_or_else(|failure| failed(failure, &request_id));
        answer.operation = operation;
        answer
    }
}

impl Call<'_> {
    /// Runs an operation that reads: all in one transaction.
    fn read<S: Scope, P: FromPath, Q: Fields, R: Respond>(
        self,
        function: fn(&ReadTx<'_>, &S, P, Q) -> Result<R, Failure>,
    ) -> Result<Answer, Failure> {
        let mut faults = Vec::new();
        let path = P::read(&self.path, &mut faults);
        let query = request::from_query(&self.request.query()?, &mut faults);
        let (Some(path), Some(query), true) = (path, query, faults.is_empty()) else {
            return Err(Failure::Malformed(faults));
        };
        let answer = self.face.store.read(|tx| {
            let scope = S::enter(tx, &self.caller, &self.path, self.route.act)?;
            Ok::<_, Failure>(function(tx, &scope, path, query)?.answer()?)
        })?;
        match (self.request.header("if-none-match")?, answer.header("etag")) {
            (Some(asked), Some(tag)) if etag::matches(&asked.replace("W/", ""), tag) => {
                let tag = tag.to_owned();
                Ok(Answer { body: Vec::new(), ..Answer::json(304, Vec::new()) }.with("etag", tag))
            }
            _ => Ok(answer),
        }
    }

    /// What an operation that changes something is called with: the parts of its address, its
    /// fields, `If-Match`, and why.
    fn input<P: FromPath, B: Fields, G: Guard>(&self) -> Result<(P, Write<B, G>, String), Failure> {
        let mut body = self.request.object()?;
        let reason = self.request.reason(&mut body)?;
        let (mut faults, mut wrong_fields) = (Vec::new(), Vec::new());
        let path = P::read(&self.path, &mut faults);
        let query = self.request.query()?;
        // A DELETE has no body of its own, so its fields stand in the query; the others' stand in
        // the body.
        let fields: Option<B> = if self.route.method == "DELETE" {
            request::from_body::<fields::Nothing>(&body, &mut wrong_fields);
            request::from_query(&query, &mut faults)
        } else {
            request::from_query::<fields::Nothing>(&query, &mut faults);
            request::from_body(&body, &mut wrong_fields)
        };
        if !faults.is_empty() {
            return Err(Failure::Malformed(faults));
        }
        let (Some(path), Some(fields), true) = (path, fields, wrong_fields.is_empty()) else {
            return Err(Failure::Invalid(wrong_fields));
        };
        let guard = G::read(self.request.header("if-match")?)?;
        Ok((path, Write { fields, guard }, reason))
    }

    /// Runs an operation that writes. What it answers is written inside its transaction, so that a
    /// request with an Idempotency-Key and its answer are stored together or not at all.
    fn write<S: Scope + 'static, P: FromPath, B: Fields, G: Guard, R: Respond>(
        self,
        function: Writing<S, P, B, G, R>,
    ) -> Result<Answer, Failure> {
        let (path, write, reason) = self.input()?;
        let key = if self.route.method == "POST" { self.request.idempotency_key()? } else { None };
        let keyed = match key {
            None => None,
            Some(key) => match Keyed::begin(
                &self.face.store,
                &self.face.running,
                &self.caller,
                key,
                self.request.fingerprint(),
            )? {
                idempotency::Begun::Replay(answer) => return Ok(answer),
                idempotency::Begun::First(keyed) => Some(keyed),
            },
        };
        let author = Author {
            actor: self.caller.login_name.clone(),
            via: Origin::Admin,
            request_id: self.request_id.to_owned(),
            reason,
        };
        let Self { face, route, path: values, caller, .. } = self;
        face.store.write(author, move |tx| {
            let scope = S::enter(tx, &caller, &values, route.act)?;
            let answer = function(tx, &scope, path, write)?.answer()?;
            if let Some(keyed) = &keyed {
                keyed.keep(tx, &answer)?;
            }
            Ok(answer)
        })
    }

    /// Runs long work that is no transaction.
    fn job<S: Scope, P: FromPath, B: Fields, R: Respond>(
        self,
        function: fn(&Face, &S, P, B) -> Result<R, Failure>,
    ) -> Result<Answer, Failure> {
        let (path, write, _): (P, Write<B, etag::Unguarded>, String) = self.input()?;
        let scope =
            self.face.store.read(|tx| S::enter(tx, &self.caller, &self.path, self.route.act))?;
        Ok(function(self.face, &scope, path, write.fields)?.answer()?)
    }
}
