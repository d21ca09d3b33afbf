//! The tests of the whole program: a real server over a real database file, called as its users
//! call it.
//!
//! Tests that need more than Rust are ignored with the reason; `.ci/run` runs them too.
//! `KEEP_DB=1` keeps every test's database and prints its path, to be opened with `sqlite3`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on fails"
)]
#![allow(clippy::print_stderr, reason = "a test that fails is explained there")]
#![allow(unreachable_pub, reason = "nobody is outside of a test")]
#![allow(clippy::type_complexity, reason = "a table of cases is read where it is")]
#![allow(
    clippy::disallowed_methods,
    reason = "a test looks into the file as any other program would"
)]

mod admin;
mod adopt;
mod archives;
mod base_path;
mod ccc;
mod cli;
mod compression;
mod console;
mod docs;
mod forgetting;
mod last_admin;
mod layers;
mod ops;
mod packaging;
mod reasons;
mod released;
mod reliability;
mod rules;
mod sdk;
mod support;
mod vcc;
