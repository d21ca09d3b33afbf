//! The admin face: REST in JSON under `/api/v1` for whoever runs the call centre, described at
//! `/openapi.json`.
//!
//! # The way of a request
//! `http` bounds and reads it → [`Face`] verifies its token before it looks at anything
//! else → [`routes`] finds the route → its [`scope`] lets the caller in → [`fields`] and [`path`]
//! read its parameters and report everything that is wrong at once → [`call`] runs the
//! route's function in a transaction, for real or as a dry run → the function asks the store or
//! changes through `ops` → [`reply`] writes the answer, or [`problem`] the problem.
//!
//! # One more route
//! One entry in [`routes`] and one function. Whether it reads or writes, what it takes and what it
//! answers are its types; the description at `/openapi.json` is made from the same entry and the
//! same types, so it can't differ.
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here. No route can be
//! reached around the face: the table in [`routes`] is all that exists under `/api/v1`. A file uses
//! only files that don't use it.

mod assignments;
mod auth;
mod backups;
mod batch;
mod bindings;
mod call;
mod candidates;
mod capacity;
mod changes;
mod columns;
mod contact_flows;
mod describe;
mod docs;
mod dry_run;
mod etag;
mod face;
mod fields;
mod history;
mod holding;
mod idempotency;
mod imports;
mod in_slices;
mod instances;
mod logins;
mod memberships;
mod number_pool;
mod openapi;
mod pages;
mod path;
mod phone_numbers;
mod problem;
mod receipt;
mod reply;
mod request;
mod reservations;
mod route;
mod routes;
mod runs;
mod scope;
mod selection;
mod skill_groups;
mod users;

pub use batch::read_item;
pub use face::Face;
pub use fields::FaultCode;
pub use pages::{Description, configure};
pub use problem::ProblemType;
pub use route::Route;
pub use routes::ROUTES;

/// Where the face is mounted.
pub const ROOT: &str = "/api/v1";
