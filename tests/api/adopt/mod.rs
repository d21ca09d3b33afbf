//! Taking over a call centre: from a second numberd, which stands for the vendor.
//!
//! - `whole`: all of it, of both vendors, and what differs later. `faces`: that all lists of both
//!   are alike. `slices`: what is too much for
//!   one transaction, and kills in the middle of it. `vendor`: a vendor that refuses, is slow or
//!   busy, or changes while it is read. `errors_of_vcc`: whatever it may answer instead of a list.
//!   `usernames`: what can't be a login name.

mod errors_of_vcc;
mod faces;
mod recorded;
mod slices;
mod stand_in;
mod usernames;
mod vendor;
mod whole;

use crate::support::{App, Program, SeededDatabase};
use numberd::domain::{Clock, Paging};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Output;

/// A database that `init` has made, into which a call centre moves.
struct Office {
    directory: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { directory: tempfile::tempdir().unwrap() };
        office.done(&["init"]);
        office
    }

    fn database(&self) -> PathBuf {
        self.directory.path().join("numberd.db")
    }

    fn run(&self, arguments: &[&str], secret: &str) -> Output {
        let database = self.database();
        let all = [arguments, &["--database", database.to_str().unwrap()]].concat();
        Program::run(&all, &format!("{secret}\n"))
    }

    /// Runs a command that succeeds; what it prints as JSON.
    fn done(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat(), "");
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    /// Adopts from the CCC face of a server.
    fn ccc(&self, address: SocketAddr, more: &[&str]) -> Output {
        let endpoint = format!("http://{address}");
        let arguments =
            ["adopt", "ccc", "--endpoint", &endpoint, "--access-key", "demo-access-key"];
        self.run(&[&arguments, more].concat(), "demo-access-secret")
    }

    /// Adopts ccc-test, and has to succeed.
    fn adopted(&self, address: SocketAddr) -> Value {
        report(&self.ccc(address, &["--instance", "ccc-test", "--json"]))
    }

    /// The same of the VCC account vcc-test.
    fn vcc(&self, address: SocketAddr, more: &[&str]) -> Output {
        let endpoint = format!("http://{address}");
        let arguments = ["adopt", "vcc", "--endpoint", &endpoint, "--client-id", "demo-client"];
        let arguments = [&arguments, &["--instance", "vcc-test"] as &[_], more].concat();
        self.run(&arguments, "demo-client-secret")
    }

    /// One value that a query yields.
    fn query(&self, sql: &str) -> String {
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        let text = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            Ok(match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str().unwrap_or_default().to_owned(),
            })
        };
        connection.query_row(sql, [], text).unwrap()
    }

    /// How much was ever changed.
    fn changes(&self) -> u64 {
        self.query("SELECT count(*) FROM change").parse().unwrap()
    }

    fn assert_sound(&self) {
        self.done(&["check"]);
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command that succeeded prints as JSON.
fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is counted of a kind: new, changed, the same, refused, only here.
fn counted(report: &Value, kind: &str) -> [u64; 5] {
    let kinds = report["kinds"].as_array().unwrap();
    let row = kinds.iter().find(|row| row["kind"] == kind).unwrap();
    ["new", "changed", "same", "refused", "only_here"].map(|name| row[name].as_u64().unwrap())
}

/// The vendor: a server over the sample and some more numbers of both shapes.
fn vendor(of_ccc: u32, of_vcc: u32) -> App {
    let database = SeededDatabase::new();
    add_numbers(&database, of_ccc, of_vcc);
    App::over(database, Paging::Strict, Clock::System)
}

/// Numbers of both shapes: some free, some bound, some personal.
fn add_numbers(database: &SeededDatabase, of_ccc: u32, of_vcc: u32) {
    database.query(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {of_ccc})
         INSERT INTO phone_number (instance_id, number, usage, active, city, provider, tags)
         SELECT 'ccc-test', '0571-' || (20000000 + i * 7919 % 60000000),
                CASE i % 3 WHEN 0 THEN 'Inbound' WHEN 1 THEN 'Outbound' ELSE 'Bidirection' END,
                i % 5 <> 0, '杭州', '中国电信', json_array('a;b', 'i' || (i % 7)) FROM n WHERE {of_ccc} > 0"
    ));
    database.query(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {of_vcc})
         INSERT INTO phone_number (instance_id, number, callback_number_name)
         SELECT 'vcc-test', '+4420' || (70000000 + i), iif(i % 2, 'line ' || i, NULL) FROM n
          WHERE {of_vcc} > 0"
    ));
    // What a spreadsheet would have spoiled, a vendor says on purpose.
    database
        .query("INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '8335550009')");
    database.query(
        "INSERT INTO skill_group_number (instance_id, skill_group_id, number)
         SELECT 'ccc-test', iif(phone_number_id % 8, 'test@ccc-test', 'sales@ccc-test'), number
           FROM phone_number WHERE number GLOB '0571-*' AND phone_number_id % 4 = 0",
    );
    database.query(
        "INSERT INTO personal_assignment (instance_id, number, user_id)
         SELECT 'ccc-test', number, iif(phone_number_id % 8 = 1, 'lina@ccc-test', 'liuyang@ccc-test')
           FROM phone_number WHERE number GLOB '0571-*' AND phone_number_id % 4 = 1",
    );
    database.query(
        "INSERT INTO personal_assignment (instance_id, number, user_id)
         SELECT 'vcc-test', number, u.user_id FROM phone_number AS n
           JOIN user AS u ON u.instance_id = n.instance_id AND u.active AND NOT u.locked
          WHERE number GLOB '+4420*' AND callback_number_name GLOB 'line*'
            AND n.state <> 'bound' AND (n.phone_number_id + length(u.user_id)) % 3 = 0",
    );
}

/// A server over what was adopted, and the token and client that it is asked with.
struct Adopted {
    program: Program,
    token: String,
    client: [String; 2],
}

impl Adopted {
    fn start(office: &Office, instance_id: &str) -> Self {
        let made = |of: &Value| ["id", "secret"].map(|name| of[name].as_str().unwrap().to_owned());
        let [_, token] = made(&office.done(&["token", "create", "root", "--name", "lists"]));
        let client =
            made(&office.done(&["oauth-client", "create", instance_id, "--name", "lists"]));
        let database = office.database();
        let program = Program::start(&["serve", "--database", database.to_str().unwrap()]);
        Self { program, token, client }
    }
}

fn strings(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}
