//! Who may see, stop, continue and undo what is done in slices, and how little it holds others up.

use super::selecting::{add, post, to_lina, until, with};
use super::{CCC, Caller, problem};
use crate::console::{self, Visitor};
use crate::support::{App, LONG_PATIENCE, Program, Reply, author};
use numberd::domain::InstanceId;
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::{self, NewToken};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Starts to give all numbers that begin with 0777 to somebody; the address of the run.
fn start(caller: &Caller<'_>) -> String {
    let body = to_lina(json!({ "q": "0777" }));
    let tried = post(caller, &with(body.clone(), "dry_run", json!(true))).json();
    let begun = post(caller, &with(body, "selection", tried["selection"].clone()));
    assert_eq!(begun.status, 202, "{}", begun.body);
    begun.header("location").unwrap().to_owned()
}

fn patch(root: &Caller<'_>, fields: Value) {
    let path = format!("{CCC}/users/lina@ccc-test");
    let reply = root.send("PATCH", &path, &[("if-match", "*")], Some(&fields));
    assert_eq!(reply.status, 200, "{}", reply.body);
}

fn remove(root: &Caller<'_>) {
    let reply = root.delete(&format!("{CCC}/users/lina@ccc-test?force=true"));
    assert_eq!(reply.status, 200, "{}", reply.body);
}

fn act(caller: &Caller<'_>, address: &str, act: &str) -> (u16, String) {
    let reply = caller.send("POST", &format!("{address}:{act}"), &[], Some(&json!({})));
    (reply.status, if reply.status < 400 { String::new() } else { problem(&reply) })
}

#[test]
fn a_run_stops_when_whoever_let_it_go_on_may_not_do_it_any_more() {
    type Take = fn(&App, &Caller<'_>);
    let takes: [(Take, &str); 4] = [
        (
            |app, _| app.store().write(author(), |tx| api_tokens::revoke(tx, "lina")).unwrap(),
            "was revoked",
        ),
        (
            |app, _| {
                app.database.query("UPDATE api_token SET expires_at = 1 WHERE token_id = 'lina'");
            },
            "has expired",
        ),
        (|_, root| patch(root, json!({ "role": "Agent" })), "Agent does not allow"),
        (|_, root| remove(root), "ccc-test does not exist"),
    ];
    for (take, why) in takes {
        let app = App::spawn();
        add(&app, 5000);
        let root = Caller::root(&app);
        // The numbers go to somebody else, so that nothing but the caller stands in the way.
        let manager = Caller::of(&app, "lina");
        let body =
            json!({ "action": "assign", "user_id": "zhangwei@ccc-test", "query": { "q": "0777" } });
        let tried = post(&manager, &with(body.clone(), "dry_run", json!(true))).json();
        let begun = post(&manager, &with(body, "selection", tried["selection"].clone()));
        assert_eq!(begun.status, 202, "{}", begun.body);
        take(&app, &root);
        let address = begun.header("location").unwrap();
        let run = until(&root, address, |run| run["state"] != "running");
        assert_eq!(run["state"], "stopped", "{run}");
        assert!(run["stopped"].as_str().unwrap().contains(why), "{run}");
        assert!(run["left"].as_u64() > Some(0), "{run}");
        // Somebody who may lets it go on.
        assert_eq!(act(&root, address, "continue").0, 202);
        let run = until(&root, address, |run| run["state"] != "running");
        assert_eq!((&run["state"], &run["done"]), (&json!("ended"), &json!(5000)), "{run}");
    }
}

#[test]
fn a_run_is_seen_stopped_continued_and_undone_only_by_whoever_may_do_what_it_does() {
    let app = App::spawn();
    add(&app, 1100);
    let (root, manager) = (Caller::root(&app), Caller::of(&app, "lina"));
    let address = start(&root);
    assert_eq!(act(&manager, &address, "stop"), (200, String::new()));
    let limited = |id: &'static str, login: &'static str, new: NewToken| {
        let issued = Issued { id: id.to_owned(), secret: id.to_owned() };
        app.database.write(move |tx| credentials::add_token(tx, login, &issued, &new));
        Caller { app: &app, token: id.to_owned() }
    };
    let other = Some(InstanceId::from("vcc-test"));
    let new = NewToken::default;
    let other = limited("other", "user-test", NewToken { instance_id: other, ..new() });
    let reader = limited("reader", "user-test", NewToken { read_only: true, ..new() });
    let ended = limited("ended", "user-test", new());
    app.database.query("UPDATE api_token SET expires_at = 1 WHERE token_id = 'ended'");
    let (agent, stranger) = (Caller::of(&app, "wangfang"), Caller::of(&app, "annakowalska"));
    let request = address.rsplit('/').next().unwrap();
    let undo = format!("{CCC}/requests/{request}");
    let state = || app.database.query("SELECT * FROM run");
    let before = state();
    let calls = |caller: &Caller<'_>| {
        let seen = caller.get(&address).status;
        let acts = [(&address, "continue"), (&address, "stop"), (&undo, "undo")];
        (seen, acts.map(|(address, word)| act(caller, address, word).0))
    };
    for (who, caller, expected) in [
        ("a token of another instance", &other, (404, [404, 404, 404])),
        ("a token for reading", &reader, (200, [403, 403, 403])),
        ("a token that has expired", &ended, (401, [401, 401, 401])),
        ("an agent", &agent, (403, [403, 403, 403])),
        ("a user of another instance", &stranger, (404, [404, 404, 404])),
    ] {
        assert_eq!(calls(caller), expected, "{who}");
        assert_eq!(state(), before, "{who}");
    }
    // Below another instance there is no such run, not even for the root.
    let elsewhere = address.replace("ccc-test", "vcc-test");
    assert_eq!(root.get(&elsewhere).status, 404);
    assert_eq!(act(&root, &elsewhere, "continue").0, 404);
    // Undoing is for whoever manages the instance, and so is going on with an undo.
    assert_eq!(act(&manager, &undo, "undo"), (403, "role-not-allowed".to_owned()));
    assert_eq!(state(), before);
    let undone = root.send("POST", &format!("{undo}:undo"), &[], Some(&json!({})));
    let undoing = undone.header("location").unwrap_or(&address).to_owned();
    for word in ["continue", "stop"] {
        assert_eq!(act(&manager, &undoing, word), (403, "role-not-allowed".to_owned()), "{word}");
    }
}

#[test]
fn while_a_request_is_being_undone_a_second_undo_is_refused_until_the_first_is_stopped() {
    let app = console::app();
    add(&app, 5000);
    let root = Caller::root(&app);
    let address = start(&root);
    until(&root, &address, |run| run["state"] == "ended");
    let request = address.rsplit('/').next().unwrap();
    let requests = format!("{CCC}/requests/{request}");
    let begun = root.post(&format!("{requests}:undo"), json!({}));
    assert_eq!(begun.status, 202, "{}", begun.body);
    let first = begun.header("location").unwrap();
    let undo = first.rsplit('/').next().unwrap();
    let stopped = root.post(&format!("{first}:stop"), json!({}));
    assert_eq!(stopped.json()["state"], "stopped", "{}", stopped.body);
    // It is under way, and nobody does its next slice meanwhile.
    let hold = || {
        app.database.query(&format!(
            "UPDATE run SET stopped = NULL, slice_at = 1000 * unixepoch() + 9000
              WHERE request_id = '{undo}'"
        ))
    };
    let count =
        || app.database.query("SELECT count(*) || ' ' || (SELECT count(*) FROM run) FROM change");
    let before = count();
    let change: String = app
        .database
        .query(&format!("SELECT max(change_id) FROM change WHERE request_id = '{request}'"));
    for (path, body) in [
        (format!("{requests}:undo"), json!({})),
        (format!("{requests}:undo"), json!({ "dry_run": true })),
        (format!("/api/v1/requests/{request}:undo"), json!({ "mode": "best_effort" })),
        (format!("{CCC}/changes/{change}:undo"), json!({ "whole_request": true })),
    ] {
        hold();
        let refused = root.post(&path, body);
        let problem = problem(&refused);
        assert_eq!((refused.status, problem.as_str()), (409, "undo-under-way"), "{path}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains(request) && detail.contains(&format!("/runs/{undo}:stop")),
            "{detail}"
        );
    }
    let visitor = Visitor::of(&app, "user-test");
    let page = format!("/console/ccc-test/requests/{request}/undo");
    let path = app.database.path().to_str().unwrap();
    let follow = format!("`numberd run {undo} --database {path}`, and with `--stop`.");
    hold();
    for refused in [visitor.get(&page), visitor.post(&page, &[("reason", "again")])] {
        assert_eq!(refused.status, 409);
        assert!(refused.body.contains(&format!("by the request {undo}")), "{}", refused.body);
    }
    for more in [&[][..], &["--dry-run"]] {
        hold();
        let line = [&["undo", request, "--database", path], more].concat();
        let refused = Program::run(&line, "");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!((refused.status.code(), said.contains(&follow)), (Some(4), true), "{said}");
    }
    assert_eq!(count(), before);
    // Whoever sees nothing of the request isn't told.
    hold();
    let elsewhere = format!("/api/v1/instances/vcc-test/requests/{request}:undo");
    assert_eq!(root.post(&elsewhere, json!({})).status, 404);

    assert_eq!(root.post(&format!("{first}:stop"), json!({})).status, 200);
    let second = root.post(&format!("{requests}:undo"), json!({}));
    assert_eq!(second.status, 202, "{}", second.body);
    let second = second.header("location").unwrap();
    until(&root, second, |run| run["state"] == "ended");
    // The first goes on only when it is the only one.
    app.database.query(&format!(
        "UPDATE run SET ended_at = NULL, slice_at = 1000 * unixepoch() + 9000
          WHERE request_id = '{}'",
        second.rsplit('/').next().unwrap()
    ));
    assert_eq!(act(&root, first, "continue"), (409, "undo-under-way".to_owned()));
    app.database
        .query("UPDATE run SET ended_at = slice_at WHERE ended_at IS NULL AND stopped IS NULL");
    assert_eq!(act(&root, first, "continue").0, 202);
    let ended = until(&root, first, |run| run["state"] == "ended");
    assert_eq!(ended["refused"], 0, "{ended}");
}

#[test]
fn an_instance_undoes_its_own_part_of_a_request_while_another_undoes_its_own() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let given = root.put(&format!("{CCC}/users/lina@ccc-test/numbers/02855500008"));
    let request = given.header("x-request-id").unwrap();
    for (whose, only_own, expected) in [
        ("'ccc-test'", true, 409),
        ("'vcc-test'", false, 409),
        ("NULL", false, 409),
        ("'vcc-test'", true, 200),
    ] {
        let act = json!({ "run": "undo", "of": request, "only_own": only_own });
        app.database.query("DELETE FROM run");
        app.database.query(&format!(
            "INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total, started_at,
                              slice_at)
             SELECT 'UNDO', '', '', {whose}, '{act}', 'all_or_nothing', 1, now, now
               FROM (SELECT 1000 * unixepoch() + 9000 AS now)"
        ));
        let reply = root.post(&format!("{CCC}/requests/{request}:undo"), json!({}));
        assert_eq!(reply.status, expected, "{whose} {only_own}: {}", reply.body);
    }
    app.database.query("DELETE FROM run");
}

#[test]
fn many_runs_hold_up_whoever_writes_no_more_than_one_and_too_many_are_refused() {
    let app = App::spawn();
    add(&app, 1100);
    let root = Caller::root(&app);
    // Nobody holds them, so each run finds nothing to do, and takes its time to find that out.
    let body = json!({ "action": "release", "query": { "q": "0777" } });
    let tried = post(&root, &with(body.clone(), "dry_run", json!(true))).json();
    let body = with(body, "selection", tried["selection"].clone());
    let begin = || post(&root, &body);
    let write = |round: usize| {
        let began = Instant::now();
        let path = format!("{CCC}/numbers/02855500018");
        let note = json!({ "note": round.to_string() });
        let reply = root.send("PATCH", &path, &[("if-match", "*")], Some(&note));
        assert_eq!(reply.status, 200, "{}", reply.body);
        began.elapsed()
    };
    let alone: Duration = (100..105).map(write).sum();
    let begun: Vec<Reply> = (0..20).map(|_| begin()).collect();
    let addresses: Vec<&str> = begun.iter().map(|run| run.header("location").unwrap()).collect();
    for _ in 0..50 {
        assert_eq!(act(&root, addresses[0], "continue").0, 202);
    }
    let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten().filter(|task| {
        let name = std::fs::read_to_string(task.path().join("comm"));
        name.is_ok_and(|name| name.trim_end() == "runs")
    });
    assert!(threads.count() <= 1);
    let under_way = || {
        app.database.query("SELECT count(*) FROM run WHERE ended_at IS NULL AND stopped IS NULL")
    };
    let mut times = Vec::new();
    while times.len() < 15 && under_way() != "0" {
        times.push(write(times.len()));
    }
    times.sort();
    // A slice takes some 200 ms of a machine that isn't busy, and 20 runs took 4 s in turn.
    let most = Duration::from_millis(600).max(4 * alone);
    assert!(times[times.len() / 2] < most, "{times:?}, five writes alone {alone:?}");

    // One more than may be under way at once, when none of them ends meanwhile.
    let until = Instant::now() + LONG_PATIENCE;
    while under_way() != "0" && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    app.database.query(
        "UPDATE run SET ended_at = NULL, stopped = NULL,
                        slice_at = 1000 * unixepoch() + 9000",
    );
    let refused = begin();
    assert_eq!((refused.status, problem(&refused).as_str()), (503, "unavailable"));
    // The clock was set back since nobody works at them.
    app.database.query("UPDATE run SET slice_at = slice_at + 3600000");
    assert_eq!(begin().status, 202);
    app.database.query("UPDATE run SET ended_at = slice_at");
}
