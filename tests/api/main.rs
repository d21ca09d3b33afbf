//! The tests of the whole program: a real server over a real database file, called as its users call it.
//!
//! Tests that need more than Rust are ignored with the reason; `.ci/run` runs them too.
//! `KEEP_DB=1` keeps every test's database and prints its path, to be opened with `sqlite3`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::print_stderr, reason = "a test that fails is explained there")]
#![allow(unreachable_pub, reason = "nothing uses the tests")]
#![allow(clippy::disallowed_methods, reason = "the tests look into the database as other programs do")]

mod cli;
mod layers;
mod reliability;
mod rules;
mod sdk;
mod support;
