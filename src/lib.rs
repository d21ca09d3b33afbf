//! numberd keeps a call centre's phone numbers and who may dial out with them: one program over one
//! SQLite file.
//!
//! # Layers
//! A file uses only what is below its own line; `tests/api/layers.rs` proves it.
//! ```text
//! main → cli → server              the program
//! ccc  vcc  admin  console  adopt  four faces, and a client of the vendors' APIs; never each other
//! metrics                          what Prometheus asks for
//! http                             what faces need of HTTP
//! ops                              what can be changed: one function per act, in a transaction
//! store                            SQLite: SQL, rows, transactions, the schema's rules as errors
//! domain  telemetry                types, permissions, the one error; the log. No SQL, no HTTP
//! ```
//! A face is a way in: its wire format, its authentication and its error codes.
//! Reads go from a face to the store; **every write goes through `ops`**.
//!
//! # Invariants
//! - The rules of the numbers are triggers in `migrations/`. A write tries, and is refused by them;
//!   no query decides beforehand whether it may.
//! - A reply is one read transaction; a success means a durable commit.
//! - Every request passes its face's one verifier ([`ccc`]'s `auth`, [`vcc`]'s `auth`) and one gate
//!   ([`ops::access`]).
//! - There are no mocks and no repository traits: tests use a real database file.
//!
//! # Glossary
//! | word | meaning |
//! |---|---|
//! | account | everything in one database file; has one *root*. VCC calls an instance so |
//! | instance | one call centre of the account, such as `ccc-test` |
//! | RAM user, login | a person's account-wide name and credentials |
//! | user | a login's place in one instance, `<login name>@<instance id>`, with a role |
//! | skill group | `<name>@<instance id>`; has members, each with a level from 1 to 10 |
//! | number | a phone number: text, kept as it was entered |
//! | spelling | one way to write a number; all spellings of a number find it |
//! | contact flow | what an incoming call of a number runs through |
//! | pool | the account's numbers that are in no instance |
//! | holder | the user or skill group that has a number now |
//! | assign, release | give a number to a user; take it back. It is *personal* in between |
//! | bind, unbind | give a number to a skill group; take it back. It is *bound* in between |
//! | free | a number of an instance that nobody holds |
//! | candidate | a number as seen for one user: assignable, or blocked with reasons |
//! | capacity | how many numbers of a city and usage are free, kept and held, and until when |
//! | low-water mark | how many numbers should be free at least |
//! | reservation | a number kept until a moment: a *hold*, or a *cool-down* after a release |
//! | act | what a role allows or not, such as `BindNumbers`; each operation and route names one |
//! | batch | many items in one request: all or nothing, or each that can be done |
//! | dry run | a write in a transaction that is taken back; in the code it is *rehearsed* |
//! | run | a write too large for one transaction: done in *slices*, each a transaction of its own |
//! | change | one row of the change log; all rows of one *request* are undone together |
//! | actor | who made a change: a login, an OAuth2 client, the operating system's user |
//! | origin | where a change came from: `ccc`, `vcc`, `admin`, `console`, `cli`, or `sql` |
//! | reason | why a change was made, in the actor's words |
//! | adopt | take over a call centre from its vendor, through the vendor's own API |
//!
//! # Where to look
//! One aggregate has one file name in every layer: `git ls-files | grep phone_number` is the whole
//! story of numbers. `CONTRIBUTING.md` says where typical questions are answered, and how to add an
//! operation, a route, a subcommand, a column, a rule or a page.

pub mod admin;
pub mod adopt;
pub mod ccc;
pub mod cli;
pub mod console;
pub mod domain;
pub mod http;
pub mod metrics;
pub mod ops;
pub mod server;
pub mod store;
pub mod telemetry;
pub mod vcc;
