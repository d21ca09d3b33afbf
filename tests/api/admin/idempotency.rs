//! Requests that may be sent again.

use super::{CCC, Caller, problem};
use crate::support::{App, Program, SeededDatabase};
use numberd::domain::{InstanceId, RamId, Timestamp};
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::NewToken;
use numberd::store::idempotency::{self, Stored, Storing};
use serde_json::json;

#[test]
fn the_same_request_with_the_same_key_is_answered_the_same_and_done_once() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/assignments:batch");
    let body = json!({ "items": [{ "action": "assign", "number": "02855500007", "user_id": "lina@ccc-test" }] });
    let first = root.send("POST", &path, &[("idempotency-key", "k-1")], Some(&body));
    assert_eq!((first.status, &first.json()["done"]), (200, &json!(1)), "{first:?}");
    let changes = app.database.query("SELECT count(*) FROM change");
    // In quotes it is the same key.
    for key in ["k-1", "\"k-1\""] {
        let again = root.send("POST", &path, &[("idempotency-key", key)], Some(&body));
        assert_eq!((again.status, &again.body), (200, &first.body));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
    assert_eq!(app.database.query("SELECT count(*) FROM change"), changes);
    // Without the key it is a request of its own.
    assert_eq!(root.post(&path, body).json()["unchanged"], 1);
}

#[test]
fn a_key_of_another_request_is_refused_and_a_key_belongs_to_its_caller() {
    let app = App::spawn();
    let (root, manager) = (Caller::root(&app), Caller::of(&app, "lina"));
    let path = format!("{CCC}/assignments:batch");
    let body = |number: &str| json!({ "items": [{ "action": "assign", "number": number, "user_id": "lina@ccc-test" }] });
    let send = |caller: &Caller<'_>, number: &str| {
        caller.send("POST", &path, &[("idempotency-key", "k")], Some(&body(number)))
    };
    assert_eq!(send(&root, "02855500007").status, 200);
    let other = send(&root, "02855500009");
    assert_eq!((other.status, problem(&other).as_str()), (422, "idempotency-key-reused"));
    assert_eq!(send(&manager, "02855500009").status, 200);
}

#[test]
fn a_request_that_was_refused_or_rehearsed_leaves_its_key_free() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/assignments:batch");
    let body = |number: &str, dry_run: bool| json!({ "dry_run": dry_run, "items": [{ "action": "assign", "number": number, "user_id": "lina@ccc-test" }] });
    let send = |body| root.send("POST", &path, &[("idempotency-key", "k")], Some(&body));
    assert_eq!(problem(&send(body("083xxxx0011", false))), "batch-refused");
    assert_eq!(send(body("02855500007", true)).status, 200);
    assert_eq!(send(body("02855500007", false)).status, 200);
    assert_eq!(app.database.query("SELECT count(*) FROM idempotency_key"), "1");
}

#[test]
fn of_many_with_one_key_at_once_one_is_done_and_the_others_wait_or_are_answered_the_same() {
    let app = App::spawn();
    let path = format!("{CCC}/numbers:range");
    let body = json!({ "start": "0833001100", "count": 200 });
    let replies: Vec<_> = std::thread::scope(|scope| {
        let send = || {
            Caller::root(&app).send("POST", &path, &[("idempotency-key", "at-once")], Some(&body))
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let done = replies
        .iter()
        .filter(|reply| reply.status == 200 && reply.header("idempotency-replayed").is_none())
        .count();
    assert_eq!(done, 1);
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((reply.status, problem(reply).as_str()), (409, "idempotency-key-in-use"));
    }
}

#[test]
fn nobody_is_refused_because_of_what_the_same_request_has_just_made() {
    let app = App::spawn();
    let path = format!("{CCC}/skill-groups");
    let root = Caller::root(&app);
    for round in 0..30 {
        let (key, name) = (format!("round-{round}"), format!("round{round}"));
        let body = json!({ "name": name, "display_name": name });
        let send = || {
            let reply = root.send("POST", &path, &[("idempotency-key", &key)], Some(&body));
            if reply.status != 201 {
                assert_eq!(problem(&reply), "idempotency-key-in-use", "round {round}");
            }
        };
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(send))));
    }
}

#[test]
fn a_backup_is_made_once_for_each_key() {
    let app = App::spawn();
    let make = |key: &str| {
        let header = [("idempotency-key", key)];
        Caller::root(&app).send("POST", "/api/v1/backups", &header, Some(&json!({})))
    };
    let (first, again, other) = (make("a"), make("a"), make("b"));
    assert_eq!((first.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_ne!(other.body, first.body);
    let made = app.database.path().with_file_name("backups");
    assert_eq!(std::fs::read_dir(made).unwrap().count(), 2);
}

#[test]
fn the_answers_that_are_kept_for_one_login_are_bounded_and_no_other_login_feels_it() {
    let app = App::spawn();
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    let fill = "INSERT INTO idempotency_key SELECT ram_id, 'big', zeroblob(32), 200, NULL,
                    zeroblob(32 * 1024 * 1024 - 2048), 0, 9000000000000
                  FROM ram_user WHERE login_name = 'user-test'";
    connection.execute(fill, []).unwrap();
    drop(connection);
    let (root, manager) = (Caller::root(&app), Caller::of(&app, "lina"));
    let path = format!("{CCC}/assignments:batch");
    let body = json!({ "items": [{ "action": "assign", "number": "02855500007", "user_id": "lina@ccc-test" }] });
    let send = |caller: &Caller<'_>, key: &str| {
        caller.send("POST", &path, &[("idempotency-key", key)], Some(&body))
    };
    let first = send(&root, "1");
    assert_eq!(first.status, 200, "there is room for one more: {}", first.body);
    let changes = app.database.query("SELECT count(*) FROM change");
    let full = (2..10).map(|key| send(&root, &key.to_string())).find(|reply| reply.status != 200);
    let full = full.expect("an end");
    assert_eq!((full.status, problem(&full).as_str()), (409, "idempotency-keys-full"));
    assert_eq!(send(&manager, "2").status, 200);
    assert_eq!(send(&root, "1").body, first.body, "what is kept is answered");
    assert_eq!(app.database.query("SELECT count(*) FROM change"), changes);
}

#[test]
fn the_room_for_the_answers_of_one_login_is_used_to_its_last_byte() {
    let database = SeededDatabase::new();
    let root = database.query("SELECT ram_id FROM ram_user WHERE login_name = 'user-test'");
    let store = |key: &'static str, length| {
        let (root, body) = (RamId::new(root.as_str()), vec![0; length]);
        let stored = Stored { fingerprint: [0; 32], status: 200, location: None, body };
        let until = Timestamp::from_millis(9_000_000_000_000);
        database.write(move |tx| idempotency::insert(tx, &root, key, &stored, until))
    };
    let (room, row) = (32 * 1024 * 1024, 512);
    assert_eq!(store("first", 1000), Storing::Done);
    let left = room - (row + 1000) - row;
    assert_eq!(store("second", left + 1), Storing::Full);
    assert_eq!(store("second", left), Storing::Done);
    assert_eq!(store("third", 0), Storing::Full);
}

#[test]
fn a_key_that_another_process_has_used_meanwhile_is_refused_and_nothing_is_done() {
    let app = App::spawn();
    // As another process would, between this one's look and its write.
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    let trigger = "CREATE TRIGGER other_process AFTER INSERT ON personal_assignment BEGIN
            INSERT INTO idempotency_key SELECT ram_id, 'same', zeroblob(32), 200, NULL, zeroblob(2), 0,
                9000000000000 FROM ram_user WHERE login_name = 'user-test'; END";
    let path = format!("{CCC}/assignments:batch");
    let body = json!({ "items": [{ "action": "assign", "number": "02855500007", "user_id": "lina@ccc-test" }] });
    connection.execute_batch(trigger).unwrap();
    let reply = Caller::root(&app).send("POST", &path, &[("idempotency-key", "same")], Some(&body));
    connection.execute_batch("DROP TRIGGER other_process").unwrap();
    assert_eq!((reply.status, problem(&reply).as_str()), (409, "idempotency-key-in-use"));
    let held = "SELECT count(*) FROM v_personal_number WHERE number = '02855500007'";
    assert_eq!(app.database.query(held), "0");
}

#[test]
fn a_key_survives_kill_9_and_a_day_later_it_is_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("demo.db");
    let start = || Program::start(&["demo", "--database", file.to_str().unwrap()]);
    let body = json!({ "name": "again", "display_name": "Again" }).to_string();
    let send = |program: &Program| {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut reply = agent
            .post(format!("http://{}{CCC}/skill-groups", program.address))
            .header("authorization", "Bearer demo-token")
            .header("idempotency-key", "survivor")
            .content_type("application/json")
            .send(&body)
            .unwrap();
        let location =
            reply.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        (reply.status().as_u16(), location, reply.body_mut().read_to_string().unwrap())
    };
    let mut program = start();
    let first = send(&program);
    assert_eq!(first.0, 201, "{first:?}");
    program.kill();
    let mut program = start();
    assert_eq!(send(&program), first);
    program.kill();
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute("UPDATE idempotency_key SET expires_at = 1", []).unwrap();
    drop(connection);
    let program = start();
    assert_eq!(send(&program).0, 409, "forgotten, so it is done again, and the group is there");
}

#[test]
fn an_answer_is_given_again_only_to_whoever_may_still_do_what_it_answered() {
    let app = App::spawn();
    let manager = Caller::of(&app, "lina");
    let only = Some(InstanceId::from("vcc-test"));
    let issued = Issued { id: "only".to_owned(), secret: "only".to_owned() };
    let new = NewToken { instance_id: only, ..NewToken::default() };
    app.database.write(move |tx| credentials::add_token(tx, "lina", &issued, &new));
    let elsewhere = Caller { app: &app, token: "only".to_owned() };
    let path = format!("{CCC}/assignments:batch");
    let body = json!({ "items": [{ "action": "assign", "number": "02855500007", "user_id": "lina@ccc-test" }] });
    let send = |caller: &Caller<'_>| {
        let reply = caller.send("POST", &path, &[("idempotency-key", "k")], Some(&body));
        (reply.status, reply.header("idempotency-replayed").is_some())
    };
    assert_eq!((send(&manager), send(&manager)), ((200, false), (200, true)));
    assert_eq!(send(&elsewhere), (404, false), "for its token there is no such instance");
    app.database.query("UPDATE user SET role = 'Agent' WHERE user_id = 'lina@ccc-test'");
    assert_eq!(send(&manager), (403, false));
}
