//! A person who is forgotten is nowhere in the file any more, and the history has no gap.

mod names;

use crate::admin::{CCC, Caller, problem};
use crate::support::{App, Program, SeededDatabase, eventually};
use serde_json::{Value, json};
use std::process::Output;

const LOGIN: &str = "zhaoqianxiu";

/// What they are or were known by, apart from random ids.
const TRACES: &[&str] = &[
    LOGIN,
    "赵千秀",
    "钱千秀",
    "qianxiu@example.org",
    "xiu@example.com",
    "13999990001",
    "xiuxiu88",
    "cdn.example.org",
    "P-90071",
    "likes tea",
];

fn run(database: &SeededDatabase, line: &[&str]) -> Output {
    let file = ["--database", database.path().to_str().unwrap()];
    Program::run(&[line, &file].concat(), "")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

fn done(database: &SeededDatabase, line: &[&str]) -> String {
    let output = run(database, line);
    assert_eq!(output.status.code(), Some(0), "{line:?}: {}", said(&output));
    said(&output)
}

fn refused(database: &SeededDatabase, line: &[&str]) -> String {
    let output = run(database, line);
    assert_eq!(output.status.code(), Some(1), "{line:?}: {}", said(&output));
    said(&output)
}

/// Everything that is in a row of any table, by table and column.
fn cells(database: &SeededDatabase) -> Vec<(String, Vec<u8>)> {
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut tables = connection.prepare(tables).unwrap();
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut cells = Vec::new();
    for table in tables {
        let mut rows = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let names: Vec<String> =
            rows.column_names().into_iter().map(|name| format!("{table}.{name}")).collect();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (at, name) in names.iter().enumerate() {
                let bytes = match row.get_ref(at).unwrap() {
                    rusqlite::types::ValueRef::Text(bytes)
                    | rusqlite::types::ValueRef::Blob(bytes) => bytes.to_vec(),
                    _ => continue,
                };
                cells.push((name.clone(), bytes));
            }
        }
    }
    cells
}

fn has(bytes: &[u8], trace: &str) -> bool {
    bytes.windows(trace.len()).any(|window| window.eq_ignore_ascii_case(trace.as_bytes()))
}

/// Where a trace is: the columns, and the file with its log.
fn found(database: &SeededDatabase, traces: &[String]) -> Vec<String> {
    let mut places = Vec::new();
    for (column, bytes) in cells(database) {
        places.extend(
            traces
                .iter()
                .filter(|trace| has(&bytes, trace))
                .map(|trace| format!("{column} has {trace}: {}", String::from_utf8_lossy(&bytes))),
        );
    }
    let wal = database.path().with_extension("db-wal");
    for path in [database.path(), &wal] {
        let bytes = std::fs::read(path).unwrap_or_default();
        let in_file = traces.iter().filter(|trace| has(&bytes, trace));
        places.extend(in_file.map(|trace| format!("{} has {trace}", path.display())));
    }
    places
}

/// Somebody of two instances who had numbers, groups and credentials, whose name and address
/// changed, who changed things themselves, and of whom others have written.
fn a_person(app: &App) -> Vec<String> {
    let database = &app.database;
    let ccc = |line: &[&str]| done(database, &[line, &["--instance", "ccc-test"]].concat());
    let who = format!("{LOGIN}@ccc-test");
    ccc(&[
        "users",
        "create",
        LOGIN,
        "--display-name",
        "赵千秀",
        "--email",
        "qianxiu@example.org",
        "--mobile",
        "13999990001",
        "--note",
        "likes tea",
        "--role",
        "Manager",
    ]);
    done(database, &["users", "import", LOGIN, "--instance", "vcc-test"]);
    ccc(&["users", "edit", LOGIN, "--display-name", "钱千秀"]);
    ccc(&["groups", "add-user", "sales", LOGIN]);
    ccc(&[
        "numbers",
        "assign",
        "02855500007",
        "02855500008",
        "--to",
        LOGIN,
        "--reason",
        "the desk of Zhaoqianxiu",
    ]);
    ccc(&["users", "hand-over", LOGIN, "--to", "lina", "--reason", "钱千秀 leaves"]);
    ccc(&[
        "numbers",
        "hold",
        "02855500009",
        "--for",
        LOGIN,
        "--until",
        "2099-01-01",
        "--reason",
        "for 赵千秀's return",
    ]);
    ccc(&["numbers", "edit", "02855500010", "--note", "ask 钱千秀 (13999990001)"]);
    ccc(&["users", "edit", "lina", "--note", "sits beside 钱千秀"]);
    ccc(&["groups", "edit", "sales", "--description", "led by zhaoqianxiu"]);
    ccc(&["contact-flows", "add", "The evening"]);
    ccc(&["groups", "create", LOGIN.trim_end_matches("xiu"), "--display-name", "another"]);
    let key = done(database, &["access-key", "create", LOGIN, "--json"]);
    let key: Value = serde_json::from_str(&key).unwrap();
    let token = done(database, &["token", "create", LOGIN, "--name", "赵千秀's", "--json"]);
    let token: Value = serde_json::from_str(&token).unwrap();
    let themselves = Caller { app, token: token["secret"].as_str().unwrap().to_owned() };
    let path = format!("{CCC}/users/wangfang@ccc-test/numbers/02855500011");
    let given = themselves.send("PUT", &path, &[("x-change-reason", "by me")], None);
    assert_eq!(given.status, 200, "{}", given.body);
    let swap = json!({ "one": "02855500011", "other": "02855500007" });
    let key_of_theirs: &[(&str, &str)] = &[("idempotency-key", "theirs")];
    let swapped =
        themselves.send("POST", &format!("{CCC}/numbers:swap"), key_of_theirs, Some(&swap));
    assert_eq!(swapped.status, 200, "{}", swapped.body);
    let root = Caller::root(app);
    let moves = json!({ "mode": "best_effort", "items": [
        { "action": "assign", "number": "02855500012", "user_id": &who },
        { "action": "release", "number": "02855500012", "user_id": &who },
    ] });
    let key_of_another: &[(&str, &str)] = &[("idempotency-key", "another's")];
    let path = format!("{CCC}/assignments:batch");
    let moved = root.send("POST", &path, key_of_another, Some(&moves));
    assert_eq!(moved.status, 200, "{}", moved.body);
    for file in [format!("number,note\n02855500013,for {LOGIN}\n"), "number\n赵千秀\n".to_owned()]
    {
        assert_eq!(root.upload("", "text/csv", file.as_bytes()).status, 201);
    }
    let ids = "SELECT r.ram_id || ' ' || group_concat(u.user_guid, ' ')
                 FROM ram_user AS r JOIN user AS u ON u.ram_id = r.ram_id
                WHERE r.login_name = 'zhaoqianxiu'";
    let ids = database.query(ids);
    // What no command sets: as a hand edit and the console leave it.
    let edit = format!(
        "UPDATE user SET nickname = 'Xiuxiu88', email = 'xiu@example.com', display_id = 'P-90071',
                         avatar_url = 'https://cdn.example.org/q.png' WHERE user_id = '{who}';
         UPDATE phone_number SET tags = '[\"赵千秀\"]' WHERE number = '02855500010';
         UPDATE contact_flow SET editor = '{LOGIN}', description = '钱千秀''s' WHERE name LIKE '%evening';
         INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total, started_at,
                          slice_at, ended_at)
         VALUES ('a-run', '{LOGIN}', 'for 钱千秀', 'ccc-test', '{{\"run\":\"undo\",\"of\":\"{who}\",\"keeps_admin\":false}}', 'best_effort', 1, 0, 0, 1);
         INSERT INTO run_refusal VALUES ('a-run', 0, '{who}', '{{\"code\":\"user-not-found\",\"detail\":\"{LOGIN} is away\"}}');
         INSERT INTO console_preference (ram_id, language)
         SELECT ram_id, 'en' FROM ram_user WHERE login_name = '{LOGIN}';"
    );
    rusqlite::Connection::open(database.path()).unwrap().execute_batch(&edit).unwrap();
    let credentials = [&key["id"], &token["id"]].map(|id| id.as_str().unwrap().to_owned());
    let drawn = ids.split(' ').map(str::to_owned).chain(credentials);
    TRACES.iter().map(|&trace| trace.to_owned()).chain(drawn).collect()
}

#[test]
fn of_a_forgotten_person_nothing_is_left_but_the_periods_of_their_numbers() {
    let app = App::spawn();
    let database = &app.database;
    let traces = a_person(&app);
    for trace in &traces {
        assert!(!found(database, std::slice::from_ref(trace)).is_empty(), "{trace} was not there");
    }
    let periods = format!(
        "SELECT group_concat(assigned_at || '-' || released_at) FROM personal_assignment
          WHERE user_id LIKE '{LOGIN}%'"
    );
    let (before, held) =
        (database.query("SELECT max(change_id) FROM change"), database.query(&periods));

    let would = done(database, &["users", "forget", LOGIN, "--dry-run"]);
    assert!(
        would.starts_with(
            "Would forget zhaoqianxiu: 2 users, 1 membership, 1 reservation, 2 credentials, "
        ),
        "{would}"
    );
    let asked = refused(database, &["users", "forget", LOGIN]);
    assert!(asked.contains("--force"), "{asked}");
    assert_eq!(database.query("SELECT max(change_id) FROM change"), before);

    let line = ["users", "forget", LOGIN, "--force", "--reason", "钱千秀 asked for it", "--json"];
    let told: Value = serde_json::from_str(&done(database, &line)).unwrap();
    assert_eq!(found(database, &traces), Vec::<String>::new());
    let pseudonym = told["pseudonym"].as_str().unwrap();
    assert_eq!(told["periods"], held.split(',').count(), "{told}");
    assert_eq!(database.query(&periods.replace(LOGIN, pseudonym)), held);
    database.assert_no_rule_violation();
    let whois = done(database, &["numbers", "history", "02855500007", "--instance", "ccc-test"]);
    assert!(whois.contains(&format!("{pseudonym}@ccc-test")), "{whois}");

    // A line says so: who, when, and how many; and that was all of it.
    let line = "SELECT actor <> '', via, reason, json_extract(new, '$.lines') = %
                  FROM change WHERE entity = 'forgotten_person'";
    let line = database.query(&line.replace('%', &told["lines"].to_string()));
    assert_eq!(line, format!("1|cli|{pseudonym} asked for it|1"));
    let told_again = done(database, &["changes", "--actor", pseudonym]);
    assert!(told_again.contains("by me"), "{told_again}");

    // It is not undone, and nobody takes the name.
    let request = told["request_id"].as_str().unwrap();
    let undone = run(database, &["undo", request]);
    assert!(said(&undone).contains("refused"), "{}", said(&undone));
    let taken = run(database, &["users", "create", pseudonym, "--instance", "ccc-test"]);
    assert_eq!(taken.status.code(), Some(4), "{}", said(&taken));
    let again = done(database, &["users", "forget", pseudonym]);
    assert!(again.contains("was forgotten before"), "{again}");
    database.assert_no_rule_violation();
}

#[test]
fn who_holds_numbers_or_is_needed_is_not_forgotten() {
    let app = App::spawn();
    let database = &app.database;
    let before = database.query("SELECT max(change_id) FROM change");
    for (who, why) in
        [("user-test", "user-test is the account's root"), ("lina", "lina@ccc-test: still holds ")]
    {
        let refusal = refused(database, &["users", "forget", who, "--force"]);
        assert!(refusal.contains(why), "{refusal}");
    }
    let nobody = run(database, &["users", "forget", "nobody", "--force"]);
    assert_eq!(nobody.status.code(), Some(3), "{}", said(&nobody));
    assert_eq!(database.query("SELECT max(change_id) FROM change"), before);
    done(database, &["users", "create", "only", "--role", "Admin", "--instance", "vcc-test"]);
    let others = "UPDATE user SET locked = 1 WHERE instance_id = 'vcc-test' AND role = 'Admin'
                     AND user_id <> 'only@vcc-test'";
    rusqlite::Connection::open(database.path()).unwrap().execute_batch(others).unwrap();
    let last = refused(database, &["users", "forget", "only", "--force"]);
    assert!(last.contains("without an Admin"), "{last}");
}

#[test]
fn rest_forgets_a_person_for_the_root_only() {
    let app = App::spawn();
    let traces = a_person(&app);
    let path = format!("/api/v1/logins/{LOGIN}:forget");
    let others = Caller::of(&app, "wangfang").post(&path, json!({ "force": true }));
    assert_eq!(others.status, 403, "{}", others.body);
    let root = Caller::root(&app);
    let asked = root.post(&path, json!({}));
    assert_eq!((asked.status, problem(&asked).as_str()), (422, "fields-invalid"));
    let would = root.post(&path, json!({ "dry_run": true }));
    assert_eq!((would.status, &would.json()["pseudonym"]), (200, &json!("")), "{}", would.body);
    assert!(!found(&app.database, &traces).is_empty());
    // The response names them, so it is not stored.
    let key: &[(&str, &str)] = &[("idempotency-key", "forget")];
    let body = json!({ "force": true, "reason": "赵千秀 asked" });
    let done = root.send("POST", &path, key, Some(&body));
    assert_eq!(done.status, 200, "{}", done.body);
    // The file is rewritten after the answer was sent.
    eventually("nothing of them is left", || found(&app.database, &traces).is_empty());
    app.database.assert_no_rule_violation();
}
