//! Words, filters and counts of the list of numbers.

use super::{CCC, Caller, problem};
use crate::console::{self, Visitor, encoded};
use crate::support::{App, Program};
use std::collections::BTreeMap;

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
    let facets = "state,city,province,usage,active,provider,skill_group,tag,contact_flow";
    for filters in [
        vec![],
        vec!["state=personal"],
        vec!["city=%E6%88%90%E9%83%BD", "city=none", "usage=Outbound"],
        vec!["q=028", "skill_group=none", "active=true"],
        vec!["q=028+sales", "tag=none"],
    ] {
        let query = filters.join("&");
        let list = root.get(&format!("{CCC}/numbers?per_page=1&facets={facets}&{query}")).json();
        let counts: BTreeMap<String, Vec<serde_json::Value>> =
            serde_json::from_value(list["facets"].clone()).unwrap();
        assert_eq!(counts.len(), 9);
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
            if !["skill_group", "tag"].contains(&property.as_str()) {
                let sum: u64 = values.iter().map(|value| value["count"].as_u64().unwrap()).sum();
                assert_eq!(sum, total(&root, &others.join("&")), "{property} under {query}");
            }
        }
    }
    let plain = root.get(&format!("{CCC}/numbers")).json();
    assert!(plain.get("facets").is_none(), "what was not asked for is not counted");
}
