//! numberd keeps a call centre's phone numbers and who may dial out with them: one program over one
//! SQLite file.
//!
//! # Layers
//! A file uses only what stands below its own line; `tests/api/layers.rs` proves it.
//! ```text
//! main → cli → server        the program
//!    ccc  vcc  admin         the faces: wire format, authentication, error codes; never each other
//!     metrics                what Prometheus asks for
//!  http, telemetry           what faces need of HTTP, and the log
//!      ops                   what can be changed: one function per act, with a transaction in hand
//!     store                  SQLite: SQL, rows, transactions, the schema's rules turned into errors
//!    domain                  types, permissions, the one error; no SQL, no HTTP
//! ```
//! Reads go from a face to the store; **every write goes through `ops`**.
//!
//! # Invariants
//! - The rules of the numbers are triggers in `migrations/`; no query looks before it leaps.
//! - A reply is one read transaction; a success means a durable commit.
//! - Every request passes its face's one verifier ([`ccc`]'s `auth`, [`vcc`]'s `auth`) and one gate
//!   ([`ops::access`]).
//! - There are no mocks and no repository traits: tests use a real database file.
//!
//! # Where to look
//! One aggregate has one file name in every layer: `git ls-files | grep phone_number` is the whole
//! story of numbers.

pub mod admin;
pub mod ccc;
pub mod cli;
pub mod domain;
pub mod http;
pub mod metrics;
pub mod ops;
pub mod server;
pub mod store;
pub mod telemetry;
pub mod vcc;
