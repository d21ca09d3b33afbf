//! `demo`: a throwaway call centre.

use super::{Place, assert_refused, stderr, stdout};
use crate::support::{Client, Program, SeededDatabase, figure, times};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

#[test]
fn the_demo_listens_on_this_machine_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        assert_refused(
            &Program::run(&["demo", "--listen", address], ""),
            2,
            "is not a loopback address",
        );
    }
}

#[test]
fn the_demo_refuses_a_database_that_is_no_demos_and_leaves_it_alone() {
    for place in [Place::initialized(), Place::seeded()] {
        let before = place.digest();
        assert_refused(
            &place.run(&["demo", "--listen", "127.0.0.1:0"]),
            1,
            "is not a demo's database",
        );
        assert_eq!(place.digest(), before);
    }
}

#[test]
fn a_demo_with_a_file_of_its_own_serves_again_what_was_changed() {
    let place = Place::new();
    let database = place.database();
    let arguments = ["demo", "--database", database.to_str().unwrap()];
    let first = Program::start(&arguments);
    let client = Client::new(first.address);
    let number = client.numbers(false)[0].clone();
    assert_eq!(client.try_hold(&number, true).unwrap().json()["Data"], serde_json::json!([]));
    stop(first);
    assert_eq!(place.kept(), ["numberd.db", "numberd.key"]);
    let again = Program::start(&arguments);
    assert!(Client::new(again.address).numbers(true).contains(&number));
    stop(again);
    place.assert_sound();
}

#[test]
fn a_demo_that_cant_begin_leaves_nothing_behind() {
    let place = Place::new();
    std::fs::write(place.key_file(), "another database's").unwrap();
    assert_refused(&place.run(&["demo", "--listen", "127.0.0.1:0"]), 4, "exists already");
    assert_eq!(place.kept(), ["numberd.key"]);
}

#[test]
fn a_demo_that_is_killed_at_any_moment_can_be_given_again() {
    let (mut whole, mut none) = (0, 0);
    for moment in 0..times(6, 60) {
        let place = Place::new();
        let database = place.database();
        let arguments = ["demo", "--database", database.to_str().unwrap()];
        let mut demo = Program::command(&[&arguments[..], &["--listen", "127.0.0.1:0"]].concat())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // From its beginning to when it serves, on a machine that isn't busy.
        std::thread::sleep(Duration::from_millis(moment as u64 * 150 % 900));
        demo.kill().unwrap();
        demo.wait().unwrap();
        if database.exists() {
            whole += 1
        } else {
            none += 1
        }
        let again = Program::start(&arguments);
        assert!(!Client::new(again.address).numbers(false).is_empty());
        stop(again);
        place.assert_sound();
    }
    figure(
        "demo killed at any moment",
        0,
        whole + none,
        &format!("{none} left nothing in the way, {whole} a whole database"),
        "a half-made one would be refused",
    );
    assert!(none > 0, "no demo was killed before its database was whole");
}

#[test]
fn the_temporary_files_are_gone_after_sigterm() {
    let temporary = tempfile::tempdir().unwrap();
    let mut command = Program::command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", temporary.path());
    let demo = Program::start_command(command);
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 1);
    stop(demo);
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn a_demo_that_begins_removes_what_killed_ones_left_and_never_what_another_is_filling() {
    let temporary = tempfile::tempdir().unwrap();
    let left_behind = |name: &str| {
        let directory = temporary.path().join(format!("numberd-demo-{name}"));
        std::fs::create_dir(&directory).unwrap();
        std::fs::write(directory.join("demo.db"), "").unwrap();
        directory
    };
    let (killed, filling) = (left_behind("killed"), left_behind("filling"));
    let locked = std::fs::File::open(&filling).unwrap();
    locked.lock().unwrap();
    let mut command = Program::command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", temporary.path());
    let _demo = Program::start_command(command);
    assert!(!killed.exists());
    assert!(filling.join("demo.db").exists());
}

#[test]
fn the_demo_prints_lines_that_can_be_pasted() {
    let mut child = Program::command(&["demo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Once it says where it listens, it has said the rest.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = String::new();
    while !printed.contains("\nlistening on ") {
        printed += &(lines.next().expect("where it listens").unwrap() + "\n");
    }
    let line = printed.lines().find_map(|line| line.strip_prefix("  numberd ")).unwrap();
    let candidates = Program::run(&line.split(' ').collect::<Vec<_>>(), "");
    assert!(stdout(&candidates).contains("02855500007"), "{line}: {}", stderr(&candidates));
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&child),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    assert!(child.wait().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let address = printed.lines().find_map(|line| line.strip_prefix("listening on ")).unwrap();
    assert!(
        printed
            .contains(&format!("curl -H 'Authorization: Bearer demo-token' '{address}/?Action=")),
        "{printed}"
    );
    // Nothing is worth a line in the log, and no colour gets into a file.
    assert_eq!(stderr(&output), "");
}

/// SIGTERM, and that the program ends with success.
fn stop(mut program: Program) {
    program.terminate();
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_public_credentials_of_the_demo_open_nothing_beyond_this_machine() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap().to_owned();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused = Program::run(&["serve", "--database", &path, "--listen", address], "");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{address}: {said}");
        assert!(said.contains("demo-token, demo-access-key, demo-client"), "{said}");
        assert!(said.contains("on this machine only"), "{said}");
    }
    drop(Program::start(&["serve", "--database", &path]));
}
