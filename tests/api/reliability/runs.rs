//! kill -9 amid what is done in slices: what is done is counted exactly, nothing goes on by itself,
//! and it goes on, or is undone, when somebody says so.

use crate::support::{Program, SeededDatabase};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;

const NUMBERS: u64 = 1300;

/// The program at a database: its status and what it prints.
fn numberd(database: &SeededDatabase, arguments: &[&str]) -> Value {
    let arguments =
        [arguments, &["--database", database.path().to_str().unwrap(), "--json"]].concat();
    let output = Program::run(&arguments, "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_run_that_kill_9_cuts_off_says_what_is_done_and_goes_on_or_is_undone() {
    let database = SeededDatabase::new();
    database.query(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {NUMBERS})
         INSERT INTO phone_number (instance_id, number)
         SELECT 'ccc-test', '0777' || (1000000 + i) FROM n"
    ));
    let count = |sql: &str| database.query(sql).parse::<u64>().unwrap();
    let held = || {
        count(
            "SELECT count(*) FROM personal_assignment WHERE number GLOB '0777*' AND released_at IS NULL",
        )
    };
    let items: Vec<Value> = (0..NUMBERS)
        .map(|i| json!({ "action": "assign", "number": format!("0777{}", 1_000_000 + i), "user_id": "lina@ccc-test" }))
        .collect();
    let file = database.path().with_file_name("batch.json");
    std::fs::write(&file, serde_json::to_vec(&items).unwrap()).unwrap();
    let path = database.path().to_str().unwrap();
    let mut child = Program::command(&[
        "batch",
        file.to_str().unwrap(),
        "--database",
        path,
        "--instance",
        "ccc-test",
    ])
    .stdout(Stdio::null())
    .spawn()
    .unwrap();
    while held() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let done = held();
    assert!((1..NUMBERS).contains(&done), "it was killed amid it: {done}");
    database.query("UPDATE run SET slice_at = slice_at - 11000");
    let runs = numberd(&database, &["run"]);
    let run = &runs[0];
    assert_eq!((&run["state"], run["done"].as_u64()), (&json!("stopped"), Some(done)));
    assert_eq!(run["left"].as_u64(), Some(NUMBERS - done));
    let id = run["request_id"].as_str().unwrap();
    let logged = format!("SELECT count(*) FROM change WHERE request_id = '{id}'");
    assert_eq!(count(&logged), done);
    assert_eq!(held(), done, "nothing goes on by itself");

    let ended = numberd(&database, &["run", id, "--continue"]);
    assert_eq!((&ended["state"], ended["done"].as_u64()), (&json!("ended"), Some(NUMBERS)));
    assert_eq!((held(), count(&logged)), (NUMBERS, NUMBERS));
    let undone = numberd(&database, &["undo", id]);
    assert_eq!((&undone["action"], undone["done"].as_u64()), (&json!("undo"), Some(NUMBERS)));
    assert_eq!(held(), 0);
}
