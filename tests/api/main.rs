//! The tests of the whole program: a real server over a real database file, called as its users call it.
//!
//! Tests that need more than Rust are ignored with the reason; `.ci/run` runs them too.
//! `KEEP_DB=1` keeps every test's database and prints its path, to be opened with `sqlite3`.

mod admin;
mod backoffice;
mod layers;
mod rules;
mod support;
mod tables;
