//! Archives of the change log: what leaves it is in a file that was read again, who holds what is
//! known as before, and what was asked for and has left is said to have left.

mod command;
mod kills;
mod told;
mod undoing;

use crate::support::{Program, SeededDatabase};
use std::path::PathBuf;
use std::process::Output;

/// Runs a subcommand on the database.
fn run(database: &SeededDatabase, line: &str) -> Output {
    let words: Vec<&str> = line.split_whitespace().collect();
    let file = ["--database", database.path().to_str().unwrap(), "--instance", "ccc-test"];
    Program::run(&[words.as_slice(), &file].concat(), "")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

/// Runs a subcommand that is done.
fn done(database: &SeededDatabase, line: &str) -> String {
    let output = run(database, line);
    assert_eq!(output.status.code(), Some(0), "{line}: {}", said(&output));
    said(&output)
}

/// A moment after which nothing was changed yet.
fn now() -> String {
    std::thread::sleep(std::time::Duration::from_millis(2));
    numberd::domain::Clock::System.now().to_string()
}

/// Archives all that was changed so far.
fn archive(database: &SeededDatabase) -> PathBuf {
    let made = done(database, &format!("changes archive --before {} --json", now()));
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    PathBuf::from(made["archives"][0]["file"].as_str().unwrap())
}
