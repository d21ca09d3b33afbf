//! Words, filters and counts of the list of numbers.

use super::{CCC, Caller, problem};
use crate::console::{self, Visitor, encoded};
use crate::support::{App, Program};
use std::collections::{BTreeMap, BTreeSet};

fn total(root: &Caller<'_>, query: &str) -> u64 {
    let list = root.get(&format!("{CCC}/numbers?per_page=1&{query}"));
    list.json()["total"].as_u64().unwrap_or_else(|| panic!("{query}: {}", list.body))
}

#[test]
fn a_number_is_found_as_it_is_spoken_and_a_person_by_their_name() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let found = |words: &str| -> Vec<String> {
        let list = root.get(&format!("{CCC}/numbers?per_page=500&q={}", encoded(words))).json();
        let rows = list["items"].as_array().unwrap().iter();
        rows.map(|row| row["number"].as_str().unwrap().to_owned()).collect()
    };
    let number = app.database.query(
        "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND length(number) = 11
            AND number NOT GLOB '*[^0-9]*' LIMIT 1",
    );
    let (area, first, last) = (&number[..3], &number[3..7], &number[7..]);
    for words in [
        format!("{area} {first} {last}"),
        format!("{area}-{first}-{last}"),
        format!("({area}) {first}{last}"),
        format!("{last} {area} {first}"),
        number.replace('0', "０"),
    ] {
        assert!(found(&words).contains(&number), "{words}");
    }
    let li_na = "SELECT count(*) FROM personal_assignment
                  WHERE user_id = 'lina@ccc-test' AND released_at IS NULL";
    let held: usize = app.database.query(li_na).parse().unwrap();
    let name = app.database.query("SELECT display_name FROM user WHERE user_id = 'lina@ccc-test'");
    assert!(held > 0);
    for words in [name.clone(), name.to_uppercase(), "LINA".to_owned(), format!("lina {name}")] {
        assert_eq!(found(&words).len(), held, "{words}");
    }
}

#[test]
fn the_command_line_and_the_console_find_what_rest_finds() {
    let app = console::app();
    let root = Caller::root(&app);
    let visitor = Visitor::of(&app, "user-test");
    let database = app.database.path().to_str().unwrap();
    for words in ["028 5555", "lina", "sales", "成都 028", "no such words"] {
        let rest = total(&root, &format!("q={}", encoded(words)));
        let options = ["--database", database, "--instance", "ccc-test", "--json"];
        let listed = Program::run(&[&["numbers", "list", "-q", words], &options[..]].concat(), "");
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(listed["total"].as_u64(), Some(rest), "{words}: {listed}");
        let page = visitor.get(&format!("/console/ccc-test/numbers?q={}", encoded(words))).body;
        let shown = format!("data-summary=\"{rest} ");
        assert!(page.contains(&shown), "{words}: {shown}");
    }
}

#[test]
fn too_many_words_and_unknown_facets_are_refused_by_name() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let hundred = vec!["a"; 60].join("+");
    let many = vec!["city=x"; 51].join("&");
    for (query, pointer, detail) in [
        (format!("q={hundred}"), "/q", "q must have at most 10 words, not 60."),
        ("facets=state,colour".to_owned(), "/facets", "facets must be one of state, city"),
        (many, "/city", "city must be given at most 50 times, not 51."),
        ("state=free&state=lost".to_owned(), "/state", "state must be one of free"),
        ("sort=city&sort=number".to_owned(), "/sort", "sort is given more than once."),
    ] {
        let reply = root.get(&format!("{CCC}/numbers?{query}"));
        assert_eq!((reply.status, problem(&reply).as_str()), (400, "malformed-request"), "{query}");
        let error = &reply.json()["errors"][0];
        assert_eq!(error["pointer"], pointer, "{query}");
        assert!(error["detail"].as_str().unwrap().starts_with(detail), "{query}: {error}");
    }
}

#[test]
fn each_facet_counts_what_the_list_would_show_with_that_value_alone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let facets = "state,city,province,usage,active,provider,holder,skill_group,tag,contact_flow";
    for filters in [
        vec![],
        vec!["state=personal"],
        vec!["city=%E6%88%90%E9%83%BD", "city=none", "usage=Outbound"],
        vec!["q=028", "skill_group=none", "active=true"],
        vec!["q=028+sales", "tag=none"],
        vec!["holder=none", "holder=lina@ccc-test", "active=true"],
    ] {
        let query = filters.join("&");
        let list = root.get(&format!("{CCC}/numbers?per_page=1&facets={facets}&{query}")).json();
        let counts: BTreeMap<String, Vec<serde_json::Value>> =
            serde_json::from_value(list["facets"].clone()).unwrap();
        assert_eq!(counts.len(), 10);
        for (property, values) in counts {
            let own = format!("{property}=");
            let others: Vec<&str> =
                filters.iter().copied().filter(|filter| !filter.starts_with(&own)).collect();
            for value in &values {
                let one = format!("{own}{}", encoded(value["value"].as_str().unwrap()));
                let query = [others.join("&"), one].join("&");
                assert_eq!(value["count"].as_u64(), Some(total(&root, &query)), "{query}");
            }
            // Each number has one value of these; of the others it may have several.
            if !["holder", "skill_group", "tag"].contains(&property.as_str()) {
                let sum: u64 = values.iter().map(|value| value["count"].as_u64().unwrap()).sum();
                assert_eq!(sum, total(&root, &others.join("&")), "{property} under {query}");
            }
        }
    }
    let plain = root.get(&format!("{CCC}/numbers")).json();
    assert!(plain.get("facets").is_none(), "what was not asked for is not counted");
}

/// What lists of a row for each number find, however the number is spelled and whatever else of it
/// the words are in.
#[test]
fn candidates_assignments_bindings_and_the_pool_are_searched_as_the_list_of_numbers_is() {
    let app = console::app();
    let root = Caller::root(&app);
    let numbers = |list: &str, words: &str| -> BTreeSet<String> {
        let joint = if list.contains('?') { '&' } else { '?' };
        let list = format!("{list}{joint}per_page=500&q={}", encoded(words));
        let reply = root.get(&list);
        assert_eq!(reply.status, 200, "{list}: {}", reply.body);
        let found = reply.json();
        let rows = found["items"].as_array().unwrap().iter();
        rows.map(|row| row["number"].as_str().unwrap().to_owned()).collect()
    };
    let of = |list: &str, words: &str| numbers(&format!("{CCC}/{list}"), words);
    let mut all_found = BTreeSet::new();
    for words in
        ["成都 028", "lina", "028 5555 0007", "+86 28 5555", "0028", "sales 028", "５５５５"]
    {
        let found = of("numbers", words);
        let state = |state: &str| of(&format!("numbers?state={state}"), words);
        assert_eq!(of("assignments", words), state("personal"), "{words}");
        assert_eq!(of("bindings", words), state("bound"), "{words}");
        let candidates = "users/lina@ccc-test/candidates";
        assert_eq!(of(&format!("{candidates}?include=blocked"), words), found, "{words}");
        let mut assignable = of(candidates, "028");
        assignable.retain(|number| found.contains(number));
        let of_028: BTreeSet<String> =
            of(candidates, words).intersection(&of("numbers", "028")).cloned().collect();
        assert_eq!(of_028, assignable, "{words}");
        let held = "users/lina@ccc-test/numbers";
        let both: BTreeSet<String> =
            numbers(&format!("{CCC}/{held}?page=1"), "0").intersection(&found).cloned().collect();
        assert!(both.is_subset(&of(held, words)), "{words}");

        let database = app.database.path().to_str().unwrap();
        let options = ["--database", database, "--instance", "ccc-test", "--json", "--all"];
        let command = ["candidates", "--user", "lina@ccc-test", "--blocked", "-q", words];
        let listed = Program::run(&[&command[..], &options].concat(), "");
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(listed["total"].as_u64(), Some(found.len() as u64), "{words}");
        let visitor = Visitor::of(&app, "user-test");
        let page =
            format!("/console/ccc-test/users/lina@ccc-test?blocked=true&q={}", encoded(words));
        let summary = format!("data-summary=\"{} ", found.len());
        assert!(visitor.get(&page).body.contains(&summary), "{words}: {summary}");
        all_found.extend(found);
    }
    assert!(all_found.len() > 20, "{all_found:?}");

    let pool = |words: &str| numbers("/api/v1/unassigned-numbers", words);
    let (number, city) = app
        .database
        .query("SELECT number || ' ' || city FROM phone_number WHERE instance_id IS NULL AND city <> '' AND number GLOB '0[2-9]*' LIMIT 1")
        .split_once(' ')
        .map(|(number, city)| (number.to_owned(), city.to_owned()))
        .unwrap();
    for words in [
        format!("{} {city}", &number[5..]),
        format!("+86{}", &number[1..]),
        format!("0086-{} {}", &number[1..4], &number[4..]),
    ] {
        assert!(pool(&words).contains(&number), "{words}");
    }
    assert!(pool("no such words").is_empty());
}
