//! `init`: a new database.

use super::{Place, assert_done, assert_refused, json, stdout};
use crate::support::{Client, Program, figure, times};
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

#[test]
fn init_makes_two_private_files_and_prints_the_secret_once() {
    let place = Place::new();
    let output = place.run(&["init", "--login-name", "chief"]);
    assert_done(&output);
    assert_eq!(place.kept(), ["numberd.db", "numberd.key"]);
    for file in place.kept() {
        let mode = std::fs::metadata(place.path(&file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let printed = stdout(&output);
    let secret = printed.lines().find_map(|line| line.strip_prefix("AccessKey secret  ")).unwrap();
    assert_eq!(printed.matches(secret).count(), 1);
    let listed = stdout(&place.run(&["access-key", "list"]));
    assert!(listed.contains("chief") && !listed.contains(secret), "{listed}");
    place.assert_sound();
}

#[test]
fn the_password_that_init_prints_opens_the_console_and_is_kept_as_a_hash_only() {
    let place = Place::new();
    let printed = stdout(&place.run(&["init", "--login-name", "chief"]));
    let after = |label: &str| {
        let found = printed.lines().find_map(|line| line.strip_prefix(label));
        found.unwrap_or_else(|| panic!("{printed}")).trim().to_owned()
    };
    let password = after("Console password");
    assert_eq!((after("Console login"), printed.matches(&password).count()), ("chief".into(), 1));
    let file = std::fs::read(place.database()).unwrap();
    assert!(!file.windows(password.len()).any(|bytes| bytes == password.as_bytes()));

    let server = Program::start(&["serve", "--database", place.database().to_str().unwrap()]);
    let client = Client::new(server.address);
    assert_eq!(client.log_in("chief", &password).status, 303);
    assert_eq!(client.log_in("chief", &password.to_lowercase()).status, 403);
}

#[test]
fn a_server_whose_root_has_no_password_says_how_to_set_one() {
    let log_of = |place: &Place| {
        let mut log = tempfile::tempfile().unwrap();
        let database = place.database();
        let arguments =
            ["serve", "--database", database.to_str().unwrap(), "--listen", "127.0.0.1:0"];
        let mut server =
            Program::start_logged(Program::command(&arguments), log.try_clone().unwrap().into());
        // A server that is asked to stop writes the rest of its log.
        server.terminate();
        server.child.wait().unwrap();
        let mut text = String::new();
        log.rewind().unwrap();
        log.read_to_string(&mut text).unwrap();
        text
    };
    let place = Place::initialized();
    let advice = "`numberd password set LOGIN` reads";
    assert!(!log_of(&place).contains(advice));
    place.edit("UPDATE ram_user SET password_hash = NULL");
    let log = log_of(&place);
    let command = format!("numberd password set root --database {}", place.database().display());
    assert!(log.contains(advice) && log.contains(&command), "{log}");
}

#[test]
fn the_files_of_a_running_server_are_private_too() {
    let place = Place::initialized();
    let server = Program::start(&["serve", "--database", place.database().to_str().unwrap()]);
    assert_eq!(place.files(), ["numberd.db", "numberd.db-shm", "numberd.db-wal", "numberd.key"]);
    for file in place.files() {
        assert_eq!(
            std::fs::metadata(place.path(&file)).unwrap().permissions().mode() & 0o777,
            0o600,
            "{file}"
        );
    }
    drop(server);
}

#[test]
fn init_prints_json_when_asked_to() {
    let issued = json(&Place::new().run(&["init", "--json"]));
    assert!(issued["id"].as_str().unwrap().starts_with("NBD"), "{issued}");
    assert_eq!(issued["secret"].as_str().unwrap().len(), 30);
}

#[test]
fn a_second_init_is_a_conflict_and_changes_nothing() {
    let place = Place::initialized();
    let before = place.digest();
    assert_refused(&place.run(&["init"]), 4, "exists already");
    assert_eq!(place.digest(), before);
}

#[test]
fn a_key_file_of_that_name_is_a_conflict_and_stays() {
    let place = Place::new();
    std::fs::write(place.key_file(), "another database's").unwrap();
    assert_refused(&place.run(&["init"]), 4, "exists already");
    assert_eq!(place.kept(), ["numberd.key"]);
    assert_eq!(std::fs::read_to_string(place.key_file()).unwrap(), "another database's");
}

#[test]
fn a_failed_init_leaves_nothing_behind() {
    let place = Place::new();
    let nowhere = place.path("nowhere/numberd.key");
    assert_refused(
        &place.run(&["init", "--key-file", nowhere.to_str().unwrap()]),
        5,
        "nowhere is not a directory; make it first",
    );
    assert!(place.kept().is_empty(), "{:?}", place.kept());
    assert_done(&place.run(&["init"]));
}

#[test]
fn an_init_that_the_disk_has_no_room_for_leaves_nothing_behind() {
    // A limit on the size of files refuses writes as a full disk does: amid the schema, when both
    // files are made.
    let place = Place::new();
    let mut command = std::process::Command::new("bash");
    command.args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$@\"", "bash"]).arg(Program::path());
    let output = command.args(["init", "--database"]).arg(place.database()).output().unwrap();
    assert_refused(&output, 5, "can't be migrated");
    assert!(place.files().is_empty(), "{:?}", place.files());
    assert_done(&place.run(&["init"]));
}

#[test]
fn a_dry_run_of_init_makes_nothing() {
    let place = Place::new();
    assert_eq!(json(&place.run(&["init", "--dry-run", "--json"]))["dry_run"], true);
    assert!(place.kept().is_empty(), "{:?}", place.kept());
}

/// What `init` has come to, by the files that are there: those that are being made are hidden.
fn stage(place: &Place) -> String {
    let being_made = |name: String| match name.split_once(".unfinished-") {
        Some((name, rest)) => {
            name.to_owned() + rest.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        None => name,
    };
    place.files().into_iter().map(being_made).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_init_that_is_killed_leaves_a_whole_database_or_room_for_one() {
    // What it is killed at the sight of: nothing yet, a database that is filled, one that is whole.
    const SIGHTS: [&str; 4] = ["", ".numberd.key", ".numberd.db-wal", "numberd.db"];
    let (mut whole, mut none, mut stages) = (0, 0, BTreeSet::new());
    for kill in 0..times(24, 80) {
        let place = Place::new();
        let mut init = Program::command(&["init", "--database"])
            .arg(place.database())
            // What goes to /dev/null is seen by nobody, and so not kept.
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let (sight, later) = (SIGHTS[kill % SIGHTS.len()], kill / SIGHTS.len());
        let is_in_sight = || stage(&place).split(' ').any(|name| sight.is_empty() || name == sight);
        while !is_in_sight() && init.try_wait().unwrap().is_none() {}
        // A database is being filled for much longer than it takes to put it in its place.
        let moment = if sight == "numberd.db" { 50 } else { 8000 };
        std::thread::sleep(Duration::from_micros(moment * later as u64));
        init.kill().unwrap();
        let ended = init.wait().unwrap().success();
        stages.insert(stage(&place));
        let is_whole = place.database().exists();
        if is_whole {
            assert_done(&place.run(&["access-key", "create", "root"]));
            assert_done(&place.run(&["token", "create", "root", "--name", "first"]));
            whole += 1;
        } else {
            assert_done(&place.run(&["init"]));
            none += 1;
        }
        place.assert_sound();
        // A whole one may still have the name under which it was made, too.
        let hidden = place.files().iter().any(|name| name.starts_with('.'));
        assert!(!hidden || (is_whole && !ended), "{:?}", place.files());
    }
    figure(
        "init killed at any moment",
        0,
        whole + none,
        &format!("{none} left nothing in the way, {whole} a whole database"),
        "a half-made one would be refused by check",
    );
    assert!(whole > 0 && none > 0, "{whole} whole, {none} not: {stages:?}");
    assert!(stages.len() >= 3, "{stages:?}");
}
