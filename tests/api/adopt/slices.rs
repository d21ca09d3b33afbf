//! What is too much for one transaction: it is done in slices, under one request.

use super::{Office, add_numbers, counted, report, stderr, vendor};
use crate::support::{App, SeededDatabase};
use numberd::domain::{Clock, Paging};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

/// Starts adopting and kills it once this number of numbers is in.
fn killed_after(office: &Office, vendor: &App, numbers: u64) {
    let (database, endpoint) = (office.database(), format!("http://{}", vendor.address));
    let mut child = crate::support::Program::command(&[
        "adopt",
        "ccc",
        "--endpoint",
        &endpoint,
        "--access-key",
        "demo-access-key",
        "--instance",
        "ccc-test",
        "--database",
        database.to_str().unwrap(),
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    child.stdin.take().unwrap().write_all(b"demo-access-secret\n").unwrap();
    let is_in = || -> u64 { office.query("SELECT count(*) FROM phone_number").parse().unwrap() };
    while is_in() < numbers {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_was_killed_says_what_is_in_and_goes_on_or_is_adopted_again() {
    let vendor = vendor(1500, 0);
    let numbers: u64 = vendor
        .database
        .query("SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test'")
        .parse()
        .unwrap();
    let is_whole = |office: &Office| {
        let drift = office.ccc(vendor.address, &["--instance", "ccc-test", "--drift"]);
        assert!(drift.status.success(), "{}", String::from_utf8_lossy(&drift.stdout));
        office.assert_sound();
    };

    let office = Office::new();
    killed_after(&office, &vendor, 100);
    office.query("UPDATE run SET slice_at = slice_at - 11000 RETURNING 1");
    let runs = office.done(&["run"]);
    let (id, left) = (runs[0]["request_id"].as_str().unwrap(), runs[0]["left"].as_u64().unwrap());
    assert_eq!((&runs[0]["state"], &runs[0]["action"]), (&json!("stopped"), &json!("adopt")));
    let is_in: u64 = office.query("SELECT count(*) FROM phone_number").parse().unwrap();
    assert_eq!(is_in + left, numbers, "the run says exactly what is in");
    assert_eq!(office.done(&["run", id, "--continue"])["state"], "ended");
    is_whole(&office);

    let office = Office::new();
    killed_after(&office, &vendor, 100);
    let first = report(&office.ccc(vendor.address, &["--instance", "ccc-test", "--json"]));
    let [new, _, same, _, _] = counted(&first, "numbers");
    assert!(new > 0 && same >= 100 && new + same == numbers, "{first}");
    is_whole(&office);

    // Before anything is in, nothing is.
    let office = Office::new();
    let before = office.changes();
    killed_after(&office, &vendor, 0);
    assert_eq!(office.changes(), before);
}

#[test]
fn one_undo_takes_back_what_was_done_in_slices() {
    let (vendor, office) = (vendor(1500, 0), Office::new());
    let done = office.adopted(vendor.address);
    assert_eq!(done["applied"], true);
    let id = done["request_id"].as_str().unwrap();
    office.done(&["undo", id]);
    assert_eq!(office.query("SELECT count(*) FROM phone_number"), "0");
    assert_eq!(office.query("SELECT count(*) FROM user"), "0");
    office.assert_sound();
}

/// More numbers than the vendor's list shows.
#[test]
#[ignore = "adopts 20,000 numbers, which takes a minute"]
fn twenty_thousand_numbers_are_adopted_in_parts_and_found_the_same() {
    let (database, office) = (SeededDatabase::new(), Office::new());
    add_numbers(&database, 20_000, 0);
    let numbers: u64 = database
        .query("SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test'")
        .parse()
        .unwrap();
    assert!(numbers > 20_000);
    let vendor = App::over(database, Paging::Strict, Clock::System);
    let done = office.ccc(vendor.address, &["--instance", "ccc-test", "--json"]);
    assert_eq!(counted(&report(&done), "numbers"), [numbers, 0, 0, 0, 0], "{}", stderr(&done));
    let columns = "number, usage, active, city, province, provider, tags, state, contact_flow_id";
    let sql = format!(
        "SELECT group_concat(line, char(10)) FROM (SELECT json_array({columns}) AS line
           FROM phone_number WHERE instance_id = 'ccc-test' ORDER BY number)"
    );
    let [theirs, ours] = [vendor.database.query(&sql), office.query(&sql)];
    let differ = theirs.lines().zip(ours.lines()).find(|(theirs, ours)| theirs != ours);
    assert_eq!((differ, theirs.len()), (None, ours.len()));
    let drift = office.ccc(vendor.address, &["--instance", "ccc-test", "--drift"]);
    assert!(drift.status.success(), "{}", stderr(&drift));
}
