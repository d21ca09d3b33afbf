//! The console face: pages for the person who runs the numbers all day, in the browser, in two
//! languages.
//!
//! # The way of a request
//! `http` bounds and reads it → [`Face`] refuses what another site sent ([`guard`]) and finds out
//! who is logged in ([`session`]) → [`PAGES`] has the page → [`access`] lets the person in → the
//! page's function reads the store into a template of `templates/`, or changes through `ops` and
//! sends the browser on → [`reply`] makes the response.
//!
//! # One more page
//! One module with a function and a template struct, one template, one line in `pages!`.
//!
//! # Two rules
//! - One state, one region: everything that depends on a filter is one block of its template,
//!   rendered and replaced together.
//! - "All 412 matching" means what the preview showed: the preview carries the filter and a hash of
//!   what it selected, and applying it selects again inside the write transaction ([`selection`]).
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here. Every page works
//! as plain links and forms; `assets/console.js` only makes it faster. No page has inline script or
//! style.

mod actions;
mod add_numbers;
mod address;
mod assets;
mod capacity;
mod capacity_pictures;
mod change_log;
mod changes;
mod corrections;
mod credentials;
mod error_page;
mod events;
mod faults;
mod filter;
mod form;
mod form_faults;
mod group;
mod groups;
mod guard;
mod imports;
mod joiner;
mod leaver;
mod lists;
mod login;
mod menu;
mod moments;
mod moves;
mod number;
mod numbers;
mod page;
mod password;
mod pictures;
mod preferences;
mod refusals;
mod reply;
mod selection;
mod sentences;
mod session;
mod settings;
mod suggest;
mod swap;
mod texts;
mod today;
mod user;
mod user_edit;
mod users;
mod words;

pub use words::in_english;

use crate::domain::{Act, Author, Error, Origin};
use crate::http::{self, Answer, LoginAttempts, Request, Spool};
use crate::ops::access;
use crate::store::{ReadTx, Store};
use actix_web::web;
use page::{Chrome, Visit};
use reply::Failure;
use session::Person;
use std::sync::Arc;

/// What a page may load: nothing but this program's own files, and no inline script or style.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'";

/// Where the face is mounted.
pub const ROOT: &str = "/console";

/// A page, or something that a form does.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its address below `/console/{instance}`; a part in braces is its parameter.
    pub pattern: &'static str,
    /// What the person's role must allow.
    pub act: Act,
    run: Run,
}

enum Run {
    Show(fn(&ReadTx<'_>, &Visit<'_>) -> Result<Answer, Failure>),
    Act(fn(&Visit<'_>) -> Result<Answer, Failure>),
}

/// Declares the pages. `show` answers GET, inside one read transaction. `look` answers GET too, and
/// opens its transactions itself, such as one that is taken back at the end. `act` answers POST.
macro_rules! pages {
    ($($kind:ident $pattern:literal $act:ident => $function:path,)*) => {
        /// Every page of the face below an instance.
        pub const PAGES: &[Route] = &[$(pages!(@route $kind $pattern $act $function),)*];
    };
    (@route show $pattern:literal $act:ident $function:path) => {
        Route { method: "GET", pattern: $pattern, act: Act::$act, run: Run::Show($function) }
    };
    (@route look $pattern:literal $act:ident $function:path) => {
        Route { method: "GET", pattern: $pattern, act: Act::$act, run: Run::Act($function) }
    };
    (@route act $pattern:literal $act:ident $function:path) => {
        Route { method: "POST", pattern: $pattern, act: Act::$act, run: Run::Act($function) }
    };
}

pages! {
    show ""                                  ReadOwn               => today::show,
    act  "preferences"                       ReadOwn               => preferences::change,
    show "password"                          ReadOwn               => password::show,
    act  "password"                          ReadOwn               => password::change,
    show "suggest"                           ReadInstance          => suggest::list,
    show "numbers"                           ReadInstance          => numbers::list,
    look "numbers.csv"                       ReadInstance          => numbers::export,
    look "numbers.xlsx"                      ReadInstance          => numbers::export,
    look "numbers/preview"                   BindNumbers           => selection::preview,
    act  "numbers/preview"                   BindNumbers           => selection::preview,
    act  "numbers/apply"                     BindNumbers           => selection::apply,
    look "numbers/add"                       ManageNumbers         => add_numbers::show,
    act  "numbers/add"                       ManageNumbers         => add_numbers::add,
    show "numbers/{number}"                  ReadInstance          => number::show,
    show "numbers/{number}/edit"             ManageNumbers         => number::edit,
    act  "numbers/{number}/edit"             ManageNumbers         => number::save,
    look "numbers/{number}/swap"             ManagePersonalNumbers => swap::show,
    act  "numbers/{number}/swap"             ManagePersonalNumbers => swap::swap,
    show "users"                             ReadInstance          => users::list,
    look "users/add"                         ManageUsers           => joiner::show,
    act  "users/add"                         ManageUsers           => joiner::add,
    show "users/{user}"                      ReadOwn               => user::show,
    show "users/{user}/edit"                 ManageUsers           => user_edit::edit,
    act  "users/{user}/edit"                 ManageUsers           => user_edit::save,
    act  "users/{user}/password"             ManageUsers           => user_edit::reset_password,
    look "users/{user}/leaver"               ManagePersonalNumbers => leaver::show,
    act  "users/{user}/leaver"               ManagePersonalNumbers => leaver::leave,
    show "groups"                            ReadInstance          => groups::list,
    act  "groups"                            ManageSkillGroups     => groups::create,
    show "groups/{group}"                    ReadInstance          => group::show,
    act  "groups/{group}/members"            ManageMemberships     => group::change_members,
    act  "groups/{group}/edit"               ManageSkillGroups     => group::save,
    show "changes"                           ReadInstance          => change_log::list,
    show "requests/{request}"                ReadInstance          => changes::request,
    act  "requests/{request}/run"            ManagePersonalNumbers => changes::run,
    look "requests/{request}/undo"           ManageInstance        => changes::preview,
    act  "requests/{request}/undo"           ManageInstance        => changes::undo_request,
    show "import"                            ManageNumbers         => imports::show,
    act  "import"                            ManageNumbers         => imports::send,
    show "import/template.xlsx"              ManageNumbers         => imports::template,
    show "imports/{import}"                  ManageNumbers         => imports::preview,
    show "imports/{import}/bad-lines.csv"    ManageNumbers         => imports::bad_lines,
    act  "imports/{import}/apply"            ManageNumbers         => imports::apply,
    show "capacity"                          ReadInstance          => capacity::show,
    show "settings"                          ReadInstance          => settings::show,
    act  "settings"                          ManageInstance        => settings::save,
    act  "settings/marks"                    ManageInstance        => settings::mark,
}

/// The page of an address in an instance, and the parameter in it.
fn page_of(method: &str, rest: &[String]) -> Result<(&'static Route, String), Failure> {
    let mut fitting = PAGES.iter().filter(|route| route.method == method);
    let found = fitting.find_map(|route| Some((route, address::fit(route.pattern, rest)?)));
    found.ok_or(Failure::NoSuchPage)
}

/// The face, shared by all workers.
pub struct Face {
    log: events::LogWatch,
    store: Arc<Store>,
    attempts: Arc<LoginAttempts>,
}

impl http::Face for Face {
    const NAME: &'static str = "console";

    fn answer(&self, request: &Request) -> Answer {
        let t = login::of_browser(request);
        let path = request.path.strip_prefix(ROOT).unwrap_or(&request.path);
        let outcome = guard::same_origin(request).and_then(|()| self.route(request, path, t));
        framed(outcome.unwrap_or_else(|failure| failure.reply(t, request)))
    }

    fn takes_file(head: &Request) -> bool {
        head.method == "POST" && head.path.ends_with("/import")
    }

    /// A file from a stranger, from somebody who may not send one, or sent by another site, is not
    /// read.
    fn admit_file(&self, head: &Request) -> Result<Spool, Box<Answer>> {
        let t = login::of_browser(head);
        let path = head.path.strip_prefix(ROOT).unwrap_or_default();
        let place = guard::same_origin(head).and_then(|()| {
            let segments = address::segments(path)?;
            let (instance, rest) = segments.split_first().ok_or(Failure::NoSuchPage)?;
            self.store.read(|tx| {
                let Some(person) = session::find(tx, head)? else { return Ok(None) };
                let (route, _) = page_of("POST", rest)?;
                access::enter(tx, &person.caller, &instance.as_str().into(), route.act)?;
                let directory = tx.directory().to_owned();
                Ok(Some(Spool { directory, owner: person.caller.login_name }))
            })
        });
        let answer = match place {
            Ok(Some(spool)) => return Ok(spool),
            Ok(None) => login::first(head, path, t),
            Err(failure) => failure.reply(t, head),
        };
        Err(Box::new(framed(answer)))
    }
}

/// The answer with what every page of the console says to browsers.
fn framed(answer: Answer) -> Answer {
    answer
        .with("content-security-policy", CONTENT_SECURITY_POLICY)
        .with("referrer-policy", "no-referrer")
}

/// Mounts the face.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/console/assets/{file}", web::get().to(assets::serve))
        .route("/console/{instance}/events", web::get().to(events::follow))
        .route("/console{rest:(/.*)?}", web::to(http::handle::<Face>));
}

impl Face {
    /// Makes the face over a store.
    pub fn new(store: Arc<Store>, attempts: Arc<LoginAttempts>) -> Self {
        Self { log: events::LogWatch::default(), store, attempts }
    }

    fn route(&self, request: &Request, path: &str, texts: texts::Texts) -> Result<Answer, Failure> {
        let segments = address::segments(path)?;
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["login"] => return login::answer(self, request, texts),
            ["logout"] if request.method == "POST" => return login::leave(&self.store, request),
            _ => {}
        }
        let Some(person) = self.store.read(|tx| session::find(tx, request))? else {
            return Ok(login::first(request, path, texts));
        };
        self.prolong(&person, &request.request_id);
        let texts = person.texts(texts);
        let Some((instance, rest)) = segments.split_first() else {
            return login::start(&self.store, &person, request);
        };
        let method = if request.method == "HEAD" { "GET" } else { &request.method };
        let (route, parameter) = page_of(method, rest)?;
        let chrome = self.store.read(|tx| {
            let access = access::enter(tx, &person.caller, &instance.as_str().into(), route.act)?;
            Chrome::new(tx, texts, &person, access, request, path)
        })?;
        let visit = Visit { face: self, chrome, person, route, parameter, request };
        match route.run {
            Run::Show(show) => {
                self.store.read_fairly(&visit.person.caller.login_name, |tx| show(tx, &visit))
            }
            Run::Act(act) => act(&visit),
        }
        .or_else(|failure| failure.answer(&visit.chrome, request))
    }

    /// Notes now and then that a session is in use.
    fn prolong(&self, person: &Person, request_id: &str) {
        let unseen = self.store.clock().now().distance(person.last_seen_at);
        if unseen < crate::ops::console_sessions::NOTED_EVERY {
            return;
        }
        let token = person.token.clone();
        let noted: Result<(), Error> = self.store.write(person.author(request_id, ""), move |tx| {
            crate::ops::console_sessions::prolong(tx, &token)
        });
        // A database that can't be written just now still shows its pages.
        if let Err(error) = noted {
            tracing::warn!(%error, "a session was not prolonged");
        }
    }
}

impl Person {
    fn author(&self, request_id: &str, reason: &str) -> Author {
        let author = Author::new(self.caller.login_name.clone(), Origin::Console, request_id);
        Author { reason: reason.to_owned(), ..author }
    }
}
