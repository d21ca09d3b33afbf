//! The table of `docs/reliability.md`: every fault that the tests try is in it.
//! `UPDATE_DOCS=1 NUMBERD_FIGURES=FILE cargo test docs::figures` writes a run's figures into it.

use super::{page, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const PAGE: &str = "docs/reliability.md";
const HEAD: &str = "| fault | went wrong | what else was measured | control |\n|---|---|---|---|\n";

/// What the calls of `figure` in the tests name first.
fn tried(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            tried(&path, found);
        } else if path != root().join("tests/api/support/figures.rs") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let calls = text.split("figure(\n").skip(1).filter_map(|call| call.split('"').nth(1));
            // What follows a name that is put together is another each time.
            found.extend(calls.filter_map(|name| name.split('{').next()).map(str::to_owned));
        }
    }
}

/// The rows of the table, each by its fault.
fn rows_of(table: &str) -> BTreeMap<&str, String> {
    let rows = table.lines().skip(2).filter_map(|row| Some((row.split('|').nth(1)?.trim(), row)));
    rows.map(|(fault, row)| (fault, format!("{row}\n"))).collect()
}

/// The same from the lines of the figures; a fault that was tried twice is there once.
fn measured(figures: &str) -> BTreeMap<&str, String> {
    let row = |line| {
        let (fault, rest): (&str, &str) = str::split_once(line, ": ")?;
        let (wrong, rest) = rest.split_once(" wrong; ")?;
        let (measured, control) = rest.split_once("; control: ")?;
        Some((fault, format!("| {fault} | {wrong} | {measured} | {control} |\n")))
    };
    figures.lines().filter_map(row).collect()
}

#[test]
fn every_fault_that_is_tried_is_in_the_table_with_what_came_of_it() {
    let text = page(PAGE);
    let (before, rest) = text.split_once("<!-- table -->\n").unwrap();
    let (table, after) = rest.split_once("<!-- end of table -->").unwrap();
    if let (Some(_), Some(file)) =
        (std::env::var_os("UPDATE_DOCS"), std::env::var_os("NUMBERD_FIGURES"))
    {
        let figures = std::fs::read_to_string(file).unwrap();
        let mut rows = rows_of(table);
        rows.extend(measured(&figures));
        let rows: String = rows.into_values().collect();
        let text = format!("{before}<!-- table -->\n{HEAD}{rows}<!-- end of table -->{after}");
        std::fs::write(root().join(PAGE), text).unwrap();
        return;
    }
    let mut faults = BTreeSet::new();
    tried(&root().join("tests/api"), &mut faults);
    assert!(faults.len() > 20, "{faults:?}");
    for fault in faults {
        assert!(table.contains(&format!("\n| {fault}")), "{PAGE} does not have: {fault}");
    }
    assert!(table.starts_with(HEAD));
}
