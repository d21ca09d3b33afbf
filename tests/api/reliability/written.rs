//! How much a change writes into the write-ahead log: what backups and a second machine take over.

use crate::support::{App, eventually};
use serde_json::json;

const NUMBERS: &str = "/api/v1/instances/ccc-test/numbers";
const BEARER: (&str, &str) = ("authorization", "Bearer demo-token");

/// The log is not begun anew in between: it has fewer than 1,000 pages.
const TIMES: u64 = 40;

/// A number of the instance: they look random.
fn number(index: u64) -> String {
    format!("07{:09}", index * 618_033_989 % 1_000_000_000)
}

#[test]
fn one_number_more_takes_at_most_45_kilobytes_of_the_log() {
    let app = App::spawn();
    let rows: Vec<String> =
        (0..3000).map(|index| format!("('ccc-test', '{}')", number(index))).collect();
    app.database.query(&format!(
        "INSERT INTO phone_number (instance_id, number) VALUES {}",
        rows.join(", ")
    ));
    eventually("the log is empty", || {
        app.database.query("PRAGMA wal_checkpoint(TRUNCATE)").starts_with('0')
    });
    for index in 0..TIMES {
        let body = json!({ "number": number(3000 + index) });
        let reply = app.send("POST", NUMBERS, &[BEARER], Some(&body));
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
    let log = app.database.path().with_extension("db-wal").metadata().unwrap().len();
    let each = log / TIMES;
    eprintln!("one number more writes {each} bytes into the log");
    assert!(each <= 45 * 1024, "{each} bytes");
}
