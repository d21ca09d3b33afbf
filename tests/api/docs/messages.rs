//! The messages of the log: each is the same every time, and on the page for whoever watches.

use super::page;
use crate::layers::program;
use std::collections::BTreeSet;

/// The messages of a file, with their levels; those for debugging are left out.
fn messages(text: &str) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for level in ["error", "warn", "info"] {
        for call in text.split(&format!("tracing::{level}!(")).skip(1) {
            // No field before it is a text.
            found.push((call.split('"').nth(1).unwrap().to_owned(), level));
        }
    }
    found
}

/// The messages on the page, with their levels.
fn explained() -> BTreeSet<(String, String)> {
    let page = page("docs/monitoring.md");
    let (_, table) = page.split_once("| message | level |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let row = |row: &str| {
        let mut cells = row.trim_matches('|').split(" | ");
        let message = cells.next().unwrap().trim().trim_matches('`').to_owned();
        (message, cells.next().unwrap().to_owned())
    };
    rows.map(row).collect()
}

#[test]
fn every_message_of_the_log_is_always_the_same_and_explained() {
    let mut logged = BTreeSet::new();
    // A request's message is made of its operation and its code.
    for (file, text) in program().iter().filter(|(file, _)| file != "http/log.rs") {
        for (message, level) in messages(text) {
            assert!(!message.contains('{'), "{file}: {message}");
            logged.insert((message, level.to_owned()));
        }
    }
    assert!(logged.len() > 15);
    assert_eq!(logged, explained());
}
