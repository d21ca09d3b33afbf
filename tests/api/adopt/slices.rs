//! What is too much for one transaction: it is done in slices, under one request.

use super::faces::Faces;
use super::{Adopted, Office, add_numbers, counted, report, vendor};
use crate::support::{App, SeededDatabase, times};
use numberd::domain::{Clock, Paging};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How many numbers are in; counting them would take as long as adopting some.
const NEWEST: &str = "SELECT coalesce(max(phone_number_id), 0) FROM phone_number";

/// Starts the program and kills it once a query yields this much, or after a while. Returns whether
/// it had ended by itself.
fn killed(
    office: &Office,
    arguments: &[&str],
    (query, until): (&str, u64),
    patience: Duration,
) -> bool {
    let database = office.database();
    let all = [arguments, &["--database", database.to_str().unwrap()]].concat();
    let mut child = crate::support::Program::command(&all)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(b"demo-access-secret\n");
    let (began, watch) = (Instant::now(), rusqlite::Connection::open(&database).unwrap());
    let mut counting = watch.prepare(query).unwrap();
    let mut count = || counting.query_row([], |row| row.get::<_, u64>(0)).unwrap();
    while count() < until && began.elapsed() < patience {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // A run that nobody drives can be continued at once.
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.execute("UPDATE run SET slice_at = slice_at - 11000", []).unwrap();
    false
}

const LONG: Duration = Duration::from_secs(600);

fn numbers_of(office: &Office) -> u64 {
    office.query("SELECT count(*) FROM phone_number").parse().unwrap()
}

/// Starts adopting and kills it once this number of numbers is in.
fn killed_after(office: &Office, vendor: &App, numbers: u64) {
    let endpoint = format!("http://{}", vendor.address);
    let ended = killed(office, &adopting(&endpoint), (NEWEST, numbers), LONG);
    assert!(!ended, "it ended before it was killed");
}

fn adopting(endpoint: &str) -> [&str; 8] {
    let key = "demo-access-key";
    ["adopt", "ccc", "--endpoint", endpoint, "--access-key", key, "--instance", "ccc-test"]
}

/// Adopts, killed this number of times: while the vendor is read and everything is tried, and then
/// amid what is done, which goes on each time.
fn goes_on_after_kills(vendor: &App, kills: u32) -> Office {
    let (office, endpoint) = (Office::new(), format!("http://{}", vendor.address));
    let sql = "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test'";
    let numbers: u64 = vendor.database.query(sql).parse().unwrap();
    let before = office.changes();
    let mut while_reading = 0;
    for kill in 0..(kills / 3).max(3) {
        let patience = Duration::from_millis(40 << kill.min(9));
        assert!(!killed(&office, &adopting(&endpoint), (NEWEST, 1), patience));
        office.assert_sound();
        if office.query("SELECT count(*) FROM run") != "0" {
            break;
        }
        assert_eq!(office.changes(), before, "before anything is in, nothing is");
        while_reading += 1;
    }
    assert!(while_reading >= 3, "{while_reading} kills before anything was in");
    if office.query("SELECT count(*) FROM run") == "0" {
        killed_after(&office, vendor, 1);
    }
    let run = office.done(&["run"])[0]["request_id"].as_str().unwrap().to_owned();
    let going_on = ["run", &run, "--continue"];
    for kill in 1..=u64::from(kills) {
        let until = numbers * kill / (u64::from(kills) + 1);
        if killed(&office, &going_on, (NEWEST, until), LONG) {
            break;
        }
        office.assert_sound();
        let left = office.done(&["run"])[0]["left"].as_u64().unwrap();
        assert_eq!(numbers_of(&office) + left, numbers, "the run says exactly what is in");
    }
    assert_eq!(office.done(&going_on)["state"], "ended");
    office.assert_sound();
    let left = std::fs::read_dir(office.directory.path()).unwrap().flatten();
    let left: Vec<_> = left.filter(|e| e.file_name().to_string_lossy().starts_with('.')).collect();
    assert!(left.is_empty(), "a killed trial leaves a copy, which the next one removes: {left:?}");
    office
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

/// A run in the sample: numbers that are given to one user and then to another, again and again.
fn begun_run(office: &Office, id: &str, numbers: usize) -> usize {
    let sample = SeededDatabase::new();
    for name in ["numberd.db", "numberd.key"] {
        let kept = sample.path().with_file_name(name);
        std::fs::copy(kept, office.directory.path().join(name)).unwrap();
    }
    let number = |at: usize| format!("0571{at:07}");
    let rows: Vec<String> =
        (0..numbers).map(|at| format!("('ccc-test', '{}')", number(at))).collect();
    let mut items = Vec::new();
    for user in ["lina@ccc-test", "liuyang@ccc-test", "lina@ccc-test", "liuyang@ccc-test"] {
        let action = if items.is_empty() { "assign" } else { "transfer" };
        items.extend(
            (0..numbers)
                .map(|at| json!({ "action": action, "number": number(at), "user_id": user })),
        );
    }
    let sql = format!(
        "INSERT INTO phone_number (instance_id, number) VALUES {};
         INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total, started_at,
                          slice_at, stopped)
         VALUES ('{id}', 'lina', '', 'ccc-test', '{{\"run\":\"items\"}}', 'all_or_nothing', {},
                 1795661020592, 1795661020592, 'It was cut off.');
         INSERT INTO run_part (request_id, first, items) VALUES ('{id}', 0, '{}')",
        rows.join(", "),
        items.len(),
        json!(items)
    );
    rusqlite::Connection::open(office.database()).unwrap().execute_batch(&sql).unwrap();
    items.len()
}

#[test]
fn a_run_goes_on_after_every_kill() {
    const ID: &str = "3F2504E0-4F89-11D3-9A0C-0305E82C3301";
    const NUMBERS: usize = 400;
    let office = Office { directory: tempfile::tempdir().unwrap() };
    let total = begun_run(&office, ID, NUMBERS) as u64;
    let (going_on, done) = (["run", ID, "--continue"], "SELECT done FROM run");
    let mut amid = 0;
    for kill in 1..=3 {
        let ended = killed(&office, &going_on, (done, total * kill / 4), LONG);
        office.assert_sound();
        let run = &office.done(&["run"])[0];
        let [left, done] = ["left", "done"].map(|name| run[name].as_u64().unwrap());
        assert_eq!(left + done, total, "{run}");
        let given = format!(
            "SELECT count(*) FROM change WHERE request_id = '{ID}'
                               AND entity = 'personal_assignment' AND action = 'insert'"
        );
        assert_eq!(office.query(&given), done.to_string(), "the run says exactly what is done");
        amid += u32::from(!ended && left > 0);
    }
    assert!(amid > 0, "no kill landed amid what it does");
    assert_eq!(office.done(&going_on)["state"], "ended");
    let sql = "SELECT count(*) FROM personal_assignment
                WHERE released_at IS NULL AND user_id = 'liuyang@ccc-test' AND number GLOB '05710*'";
    assert_eq!(office.query(sql), NUMBERS.to_string());
    office.assert_sound();
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
#[ignore = "adopts 20,000 numbers, which takes minutes"]
fn twenty_thousand_numbers_survive_kills_and_answer_every_list_as_the_vendor_does() {
    let database = SeededDatabase::new();
    add_numbers(&database, 20_000, 0);
    let vendor = App::over(database, Paging::Strict, Clock::System);
    let office = goes_on_after_kills(&vendor, times(3, 100) as u32);
    let changes = office.changes();
    let again = report(&office.ccc(vendor.address, &["--instance", "ccc-test", "--json"]));
    assert_eq!((&again["applied"], office.changes()), (&json!(false), changes));
    let [new, changed, same, refused, only_here] = counted(&again, "numbers");
    assert!(same > 20_000 && [new, changed, refused, only_here] == [0; 4], "{again}");
    let adopted = Adopted::start(&office, "ccc-test");
    Faces::of_ccc(&vendor, &adopted).for_users(&["lina@ccc-test"]).same();
}

#[test]
fn the_copy_that_a_killed_trial_left_is_removed_and_that_of_another_trial_is_not() {
    let (vendor, office) = (vendor(10, 0), Office::new());
    let [left, tried] = ["ofLeft", "ofTry0"].map(|name| {
        let copy = office.directory.path().join(format!(".numberd-{name}.tmp"));
        std::fs::create_dir(&copy).unwrap();
        std::fs::write(copy.join("copy.db"), "").unwrap();
        copy
    });
    // Whoever tries something keeps the directory locked.
    let lock = std::fs::File::open(&tried).unwrap();
    lock.lock().unwrap();
    office.adopted(vendor.address);
    assert!(!left.exists() && tried.join("copy.db").exists());
}
