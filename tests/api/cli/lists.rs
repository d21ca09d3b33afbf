//! Every list is also there as CSV, with the rows that its JSON has.

use super::dry_run::READING;
use super::help::pages;
use super::{Place, assert_done, json, stdout};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The lists, each with arguments that it has rows for, and where its rows are in its JSON.
const LISTS: &[(&str, &str, &str)] = &[
    ("access-key list", "", ""),
    ("backup list", ".", ""),
    ("candidates", "--user lina --all", "items"),
    ("capacity", "", "places"),
    ("changes", "--limit 3", "items"),
    ("check", "", "findings"),
    ("contact-flows list", "", "items"),
    ("groups list", "", "items"),
    ("groups members", "sales", "items"),
    ("instances list", "", "items"),
    ("numbers history", "083xxxx0011", "items"),
    ("numbers list", "--state bound", "items"),
    ("numbers reservations", "", "items"),
    ("numbers unassigned", "", "items"),
    ("oauth-client list", "", ""),
    ("run", "", ""),
    ("sql", "SELECT number, 1 AS one FROM phone_number LIMIT 3", ""),
    ("token list", "", ""),
    ("users history", "lina", "items"),
    ("users list", "", "items"),
    ("users numbers", "lina", "numbers"),
    ("whois", "083xxxx0011", "holders"),
];

/// Fields of rows that are there only if they were asked for.
const NOT_ALWAYS: [&str; 1] = ["suggestion"];

/// What only reads and is no list: one thing whole, an answer in sentences, a file, a server.
const NO_LISTS: &[&str] = &[
    "completion",
    "contact-flows show",
    "demo",
    "export",
    "groups show",
    "healthcheck",
    "man",
    "numbers show",
    "serve",
    "users show",
    "why",
];

#[test]
fn every_command_that_reads_is_a_list_with_csv_or_known_to_be_none() {
    let mut known: Vec<&str> =
        LISTS.iter().map(|(name, ..)| *name).chain(NO_LISTS.iter().copied()).collect();
    known.sort_unstable();
    assert_eq!(known, READING);
    for (path, page) in pages() {
        let is_list = LISTS.iter().any(|(name, ..)| path.join(" ") == *name);
        assert!(!is_list || page.contains("--csv"), "{path:?} has no --csv");
    }
}

#[test]
fn a_list_as_csv_has_the_rows_of_its_json_under_the_names_of_their_fields() {
    let place = Place::seeded();
    assert_done(&place.run(&["backup", "--to", place.path(".").to_str().unwrap()]));
    for line in ["key-file renew", "access-key create user-test", "token create user-test"] {
        let line: Vec<&str> = line.split(' ').collect();
        assert_done(&place.run(&line));
    }
    assert_done(&place.run(&["oauth-client", "create", "ccc-test"]));
    let run = "INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total,
                                started_at, slice_at, ended_at)
               VALUES ('R', 'lina', '', 'ccc-test', '{\"run\":\"items\"}', 'best_effort', 0, 0, 0, 1)";
    place.edit(run);
    let here = place.path(".");
    for (name, arguments, rows) in LISTS {
        let words = name.split(' ').map(str::to_owned);
        let arguments: Vec<String> = match *name {
            "sql" => words.chain([(*arguments).to_owned()]).collect(),
            "backup list" => words.chain([here.to_str().unwrap().to_owned()]).collect(),
            _ => words.chain(arguments.split_whitespace().map(str::to_owned)).collect(),
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let list = |format| {
            place.run(&[arguments.as_slice(), &["--instance", "ccc-test", format]].concat())
        };
        let value = json(&list("--json"));
        let found = if rows.is_empty() { &value } else { &value[rows] };
        let found = found.as_array().unwrap_or_else(|| panic!("{name}: {value}"));
        let printed = list("--csv");
        assert_done(&printed);
        let printed = stdout(&printed);
        assert!(!found.is_empty() || *name == "check", "{name} has no rows to compare");
        assert_eq!(printed.matches("\r\n").count(), found.len() + 1, "{name}: {printed}");
        let rows = found.iter().filter_map(Value::as_object);
        let mut fields: BTreeSet<&str> = rows.flat_map(Map::keys).map(String::as_str).collect();
        if fields.is_empty() {
            continue;
        }
        fields.extend(NOT_ALWAYS);
        let header = printed.split("\r\n").next().unwrap();
        for column in header.split(',') {
            let is_field = fields.iter().any(|field| column.starts_with(field));
            assert!(is_field, "{name}: {column} is none of {fields:?}");
        }
    }
}

#[test]
fn numbers_are_filtered_by_the_ids_and_the_short_names_of_their_holders() {
    let place = Place::seeded();
    let totals = |option: &str, texts: [&str; 2]| {
        texts.map(|text| {
            let line = ["numbers", "list", option, text, "--instance", "ccc-test", "--json"];
            json(&place.run(&line))["total"].as_u64().unwrap()
        })
    };
    let [lina, by_id] = totals("--holder", ["lina", "lina@ccc-test"]);
    assert!(lina > 0 && lina == by_id, "{lina}, {by_id}");
    let [sales, by_id] = totals("--group", ["sales", "sales@ccc-test"]);
    assert!(sales > 0 && sales == by_id, "{sales}, {by_id}");
    assert_eq!(totals("--holder", ["sales", "nobody"]), [sales, 0]);
    for option in ["--holder", "--group", "--city"] {
        let [none, empty] = totals(option, ["none", ""]);
        assert!(none > 0 && none == empty, "{option}: {none}, {empty}");
    }
}
