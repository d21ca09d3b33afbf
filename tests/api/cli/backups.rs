//! Backups that have names, are listed, kept for a time, and made by the server itself.

use super::{Place, assert_done, assert_refused, json, stderr, stdout};
use crate::support::{Client, PATIENCE, Program};
use std::time::{Duration, Instant};

/// A backup of long ago, as far as its name says.
const OLD: &str = "numberd-20200101T000000.000Z.db";
/// How a database begins.
const HEAD: &str = "SQLite format 3\0";

fn assert_usage(output: &std::process::Output, why: &str) {
    let said = stderr(output);
    assert!(output.status.code() == Some(2) && said.contains(why), "{said}");
}

fn files(directory: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A backup that seems to be of long ago.
fn old_backup(place: &Place, directory: &std::path::Path) {
    assert_done(&place.run(&["backup", "--to", directory.join(OLD).to_str().unwrap()]));
}

#[test]
fn backups_of_another_database_are_neither_counted_nor_removed() {
    let (place, other) = (Place::initialized(), Place::initialized());
    let to = place.path("backups");
    std::fs::create_dir(&to).unwrap();
    old_backup(&other, &to);
    std::fs::write(to.join("numberd-20200102T000000.000Z.db"), HEAD).unwrap();
    let foreign = files(&to);
    for _ in 0..2 {
        assert_done(&place.run(&["backup", "--to", to.to_str().unwrap(), "--keep", "1"]));
    }
    let left = files(&to);
    assert!(foreign.iter().all(|name| left.contains(name)) && left.len() == 3, "{left:?}");
    // A backup that another database made a moment ago is not one of this database's.
    std::fs::remove_file(to.join(&left[2])).unwrap();
    assert_done(&other.run(&["backup", "--to", to.to_str().unwrap()]));
    let database = place.database();
    let server = Program::start(&[
        "serve",
        "--backup-every",
        "1h",
        "--database",
        database.to_str().unwrap(),
    ]);
    let began = Instant::now();
    while files(&to).len() < 4 {
        assert!(began.elapsed() < PATIENCE, "{:?}", files(&to));
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(server);
}

#[test]
fn backups_have_names_and_are_listed_and_old_ones_go_when_asked() {
    let place = Place::seeded();
    let to = place.path("backups");
    std::fs::create_dir(&to).unwrap();
    old_backup(&place, &to);
    let to = to.to_str().unwrap();
    assert_done(&place.run(&["backup", "--to", to, "--name", "before-upgrade"]));
    assert_done(&place.run(&["backup", "--to", to, "--keep", "1", "--dry-run"]));
    assert_eq!(files(to.as_ref()).len(), 2, "a dry run removes nothing");
    let done = json(&place.run(&["backup", "--to", to, "--keep", "30d,1", "--json"]));
    assert!(done["removed"][0]["path"].as_str().unwrap().ends_with(OLD), "{done}");

    let listed = json(&place.run(&["backup", "list", "--json"]));
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["path"], done["path"], "the newest is the first");
    assert_eq!((&listed[0]["name"], &listed[1]["name"]), (&().into(), &"before-upgrade".into()));
    let elsewhere = place.run(&["backup", "list", "nowhere"]);
    assert_refused(&elsewhere, 3, "nowhere is not a directory");
}

#[test]
fn limits_and_names_that_are_none_are_refused_and_nothing_is_removed() {
    let place = Place::seeded();
    let to = place.path("backups");
    std::fs::create_dir(&to).unwrap();
    std::fs::write(to.join(OLD), HEAD).unwrap();
    let to = to.to_str().unwrap();
    for (arguments, why) in [
        (["--to", to, "--keep", "0"], "a number of backups, such as 14"),
        (["--to", to, "--keep", "3w"], "a number of backups, such as 14"),
        (["--to", to, "--name", "../x"], "letters, digits"),
        (["--to", "one.db", "--keep", "1"], "one.db is not a directory"),
        (["--to", "one.db", "--name", "x"], "one.db is not a directory"),
    ] {
        assert_usage(&place.run(&[&["backup"], &arguments[..]].concat()), why);
    }
    assert_eq!(files(to.as_ref()), [OLD]);
}

#[test]
fn of_a_database_that_is_not_sound_no_backup_is_kept_and_no_older_one_goes() {
    let place = Place::initialized();
    let to = place.path("backups");
    std::fs::create_dir(&to).unwrap();
    old_backup(&place, &to);
    let damage = "PRAGMA foreign_keys = OFF;
        INSERT INTO run_part (request_id, first, items) VALUES ('nobody', 0, '[]')";
    rusqlite::Connection::open(place.database()).unwrap().execute_batch(damage).unwrap();
    let database = place.database();
    let arguments =
        ["serve", "--backup-every", "1h", "--backup-keep", "1", "--listen", "127.0.0.1:0"];
    let arguments = [&arguments[..], &["--database", database.to_str().unwrap()]].concat();
    let log = place.path("log");
    let file = std::fs::File::create(&log).unwrap();
    let server = Program::start_logged(Program::command(&arguments), file.into());
    let began = Instant::now();
    while !std::fs::read_to_string(&log).unwrap().contains("the backup failed") {
        assert!(began.elapsed() < PATIENCE, "{:?}", files(&to));
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(server);
    assert_eq!(files(&to), [OLD]);
}

#[test]
fn the_server_makes_a_backup_when_one_is_due_tries_it_and_removes_old_ones() {
    let place = Place::initialized();
    let to = place.path("backups");
    std::fs::create_dir(&to).unwrap();
    old_backup(&place, &to);
    let database = place.database();
    let arguments = ["serve", "--backup-every", "1h", "--backup-keep", "1"];
    let arguments = [&arguments[..], &["--database", database.to_str().unwrap()]].concat();
    let server = Program::start(&arguments);
    let began = Instant::now();
    while files(&to).iter().any(|name| name == OLD) {
        assert!(began.elapsed() < PATIENCE, "{:?}", files(&to));
        std::thread::sleep(Duration::from_millis(50));
    }
    let made = files(&to);
    assert_eq!(made.len(), 1, "one was made, the old one is gone: {made:?}");
    assert_eq!(Client::new(server.address).get("/readyz").status, 200);
    drop(server);
    let copy = to.join(&made[0]);
    assert_done(&place.run(&["restore", copy.to_str().unwrap(), "--verify"]));

    // The next one is not due yet, a restart or not.
    let server = Program::start(&arguments);
    std::thread::sleep(Duration::from_millis(300));
    drop(server);
    assert_eq!(files(&to), made);
}

#[test]
fn a_schedule_that_is_none_is_refused() {
    let place = Place::initialized();
    for (arguments, why) in [
        (["--backup-every", "10s"], "a minute or more"),
        (["--backup-every", "daily"], "a minute or more"),
        (["--backup-keep", "14"], "--backup-every"),
    ] {
        assert_usage(&place.run(&[&["serve"], &arguments[..]].concat()), why);
    }
}

#[test]
fn a_restore_names_those_who_were_forgotten_since_and_a_key_file_that_is_missing() {
    let place = Place::initialized();
    assert_done(&place.run(&["instances", "create", "shop"]));
    for (login, name) in [("alice", "Alice"), ("carla", "Carla"), ("bobby", "Bob")] {
        let email = format!("{login}@example.com");
        let more = ["--display-name", name, "--email", &email, "--instance", "shop"];
        assert_done(&place.run(&[&["users", "create", login], &more[..]].concat()));
    }
    let copy = place.path("copy.db");
    let copy = copy.to_str().unwrap();
    assert_done(&place.run(&["users", "forget", "carla", "--force"]));
    assert_done(&place.run(&["backup", "--to", copy]));
    let forgotten = json(&place.run(&["users", "forget", "alice", "--force", "--json"]));
    let pseudonym = forgotten["pseudonym"].as_str().unwrap();
    let again = format!("as {pseudonym}: `numberd users forget alice --force ");
    // Nobody whom the backup never had can come back with it.
    assert_done(&place.run(&["users", "create", "dennis", "--instance", "shop"]));
    let newer = json(&place.run(&["users", "forget", "dennis", "--force", "--json"]));

    let drill = stdout(&place.run(&["restore", copy, "--verify"]));
    let would = "These people were forgotten since that backup was made, and would come back with it; release or hand over what they hold, then forget them again in this database:";
    assert!(drill.contains(would) && drill.contains(&again), "{drill}");
    assert!(!drill.contains(newer["pseudonym"].as_str().unwrap()), "{drill}");
    let key_file = std::fs::read(place.key_file()).unwrap();
    std::fs::remove_file(place.key_file()).unwrap();
    let restored = place.run(&["restore", copy]);
    assert_done(&restored);
    let said = stdout(&restored);
    assert!(said.contains("have come back with it; release"), "{said}");
    assert!(said.contains(&again) && !said.contains("carla") && !said.contains("bobby"), "{said}");
    assert!(
        said.contains("\n\nThe key file ") && said.contains("Put back the copy of the key file"),
        "{said}"
    );
    assert_done(&place.run(&["users", "show", "alice", "--instance", "shop"]));
    assert_done(&place.run(&["users", "forget", "alice", "--force"]));

    // Where nobody comes back and the key file is right, nothing is said.
    std::fs::write(place.key_file(), key_file).unwrap();
    place.chmod(&place.key_file(), 0o600);
    let other = place.path("other.db");
    let other = other.to_str().unwrap();
    assert_done(&place.run(&["backup", "--to", other]));
    let told = json(&place.run(&["restore", other, "--json"]));
    assert_eq!(
        (&told["returning"], told.get("key_file")),
        (&serde_json::json!([]), None),
        "{told}"
    );
    // Neither by the backup of another call centre.
    let elsewhere = Place::initialized();
    let told = json(&elsewhere.run(&["restore", copy, "--json"]));
    assert_eq!(told["returning"], serde_json::json!([]), "{told}");
    assert!(
        told["key_file"].as_str().unwrap().contains("is not the key file of this database"),
        "{told}"
    );
}

#[test]
fn a_restore_names_nobody_for_somebody_of_another_history() {
    let place = Place::initialized();
    assert_done(&place.run(&["instances", "create", "shop"]));
    let create = |login: &str| {
        let email = format!("{login}@example.com");
        let more = ["--display-name", login, "--email", &email, "--instance", "shop"];
        assert_done(&place.run(&[&["users", "create", login], &more[..]].concat()));
    };
    let backup = |name: &str| {
        let copy = place.path(name).to_str().unwrap().to_owned();
        assert_done(&place.run(&["backup", "--to", &copy]));
        copy
    };
    let first = backup("first.db");
    create("alice");
    let second = backup("second.db");
    assert_done(&place.run(&["restore", &first]));
    // The lines about bob have the numbers that those about alice have in the other history.
    create("bob");
    assert_done(&place.run(&["users", "forget", "bob", "--force"]));
    let drill = stdout(&place.run(&["restore", &second, "--verify"]));
    assert!(!drill.contains("alice"), "{drill}");
}

/// Both histories went on from one backup: a line or a period of the one has the number of another
/// of the other, and nobody is newer than the backup.
#[test]
fn a_restore_takes_no_line_or_period_of_another_history_for_theirs() {
    let place = Place::initialized();
    assert_done(&place.run(&["instances", "create", "shop"]));
    let number = "02855500001";
    assert_done(&place.run(&["numbers", "add", number, "--instance", "shop"]));
    let first = place.path("first.db").to_str().unwrap().to_owned();
    assert_done(&place.run(&["backup", "--to", &first]));
    let other = Place::new();
    assert_done(&other.run(&["restore", &first]));
    let create = |at: &Place, login: &str| {
        let email = format!("{login}@example.com");
        let more = ["--display-name", login, "--email", &email, "--instance", "shop"];
        assert_done(&at.run(&[&["users", "create", login], &more[..]].concat()));
        let give = ["numbers", "assign", number, "--to", login, "--instance", "shop"];
        assert_done(&at.run(&give));
        assert_done(&at.run(&["numbers", "release", number, "--instance", "shop"]));
    };
    create(&place, "bobby");
    create(&other, "alice");
    let second = other.path("second.db").to_str().unwrap().to_owned();
    assert_done(&other.run(&["backup", "--to", &second]));
    assert_done(&place.run(&["users", "forget", "bobby", "--force"]));
    let told = json(&place.run(&["restore", &second, "--verify", "--json"]));
    let returning = told["returning"].as_array().unwrap();
    assert!(returning.len() == 1 && returning[0]["login_name"].is_null(), "{told}");
}

#[test]
fn a_log_whose_database_is_gone_becomes_a_part_of_no_other() {
    let place = Place::initialized();
    let backup = place.path("backup.db");
    assert_done(&place.run(&["backup", "--to", backup.to_str().unwrap()]));
    let log = {
        let reader = rusqlite::Connection::open(place.database()).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM change").unwrap();
        assert_done(&place.run(&["instances", "create", "leshan"]));
        std::fs::read(place.path("numberd.db-wal")).unwrap()
    };
    assert!(!log.is_empty());
    let lost = || {
        for name in ["numberd.db", "numberd.db-shm", "numberd.db-wal"] {
            let _ = std::fs::remove_file(place.path(name));
        }
        std::fs::write(place.path("numberd.db-wal"), &log).unwrap();
    };
    lost();
    let restored = json(&place.run(&["restore", backup.to_str().unwrap(), "--json"]));
    assert!(restored["replaced"].as_str().unwrap().ends_with("-wal"), "{restored}");
    place.assert_sound();
    assert_eq!(json(&place.run(&["instances", "list", "--json"]))["total"], 0);
    lost();
    assert_refused(&place.run(&["init"]), 4, "numberd.db-wal belongs to a database that is gone");
    assert_eq!(std::fs::read(place.path("numberd.db-wal")).unwrap(), log);
}

/// Kills a command as soon as a copy is being made in a directory; whether it came to that.
fn killed_amid(place: &Place, arguments: &[&str], directory: &std::path::Path) -> bool {
    let database = place.database();
    let all = [arguments, &["--database", database.to_str().unwrap()]].concat();
    let mut child = Program::command(&all).spawn().unwrap();
    while unfinished(directory).is_empty() {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    !unfinished(directory).is_empty()
}

/// The copies that are not whole, or were not when their maker was killed.
fn unfinished(directory: &std::path::Path) -> Vec<String> {
    let mut names = files(directory);
    names.retain(|name| name.starts_with(".numberd-"));
    names
}

#[test]
fn what_a_killed_backup_left_is_removed_by_the_next_one_and_by_the_next_server() {
    let place = Place::seeded();
    let [to, beside] = [place.path("backups"), place.directory.path().to_owned()];
    std::fs::create_dir(&to).unwrap();
    let backup = ["backup", "--to", to.to_str().unwrap()];
    assert!((0..20).any(|_| killed_amid(&place, &backup, &to)), "it was never killed amid");
    // A copy that somebody is making stays, and what only has such a name.
    let names =
        [".numberd-in1use.tmp", ".numberd-a1file.tmp", ".numberd-backups", ".numberd-1full1.tmp"];
    let [in_use, file, own, full] = names.map(|name| to.join(name));
    std::fs::create_dir(&in_use).unwrap();
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("mine.db"), "mine").unwrap();
    std::fs::create_dir_all(full.join("mine")).unwrap();
    // In whatever order they are listed, some come before the directory.
    let beside_mine = (0..16).map(|at| format!("beside{at}")).collect::<Vec<_>>();
    beside_mine.iter().for_each(|name| std::fs::write(full.join(name), "mine").unwrap());
    let lock = std::fs::File::open(&in_use).unwrap();
    lock.lock().unwrap();
    std::fs::write(&file, "mine").unwrap();
    assert_eq!(unfinished(&to).len(), 5);
    assert_done(&place.run(&backup));
    let [in_use, file, own, full] = names;
    assert_eq!(unfinished(&to), [full, file, own, in_use]);

    // A drill makes its copy beside the database.
    let whole = files(&to).into_iter().find(|name| name.starts_with("numberd-")).unwrap();
    let whole = to.join(whole);
    let drill = ["restore", whole.to_str().unwrap(), "--verify"];
    assert!((0..20).any(|_| killed_amid(&place, &drill, &beside)), "it was never killed amid");
    drop(lock);
    assert_done(&place.run(&["key-file", "renew"]));
    drop(Program::start(&["serve", "--database", place.database().to_str().unwrap()]));
    assert_eq!(unfinished(&to), [full, file, own]);
    assert!(beside_mine.iter().all(|name| to.join(full).join(name).exists()));
    assert!(to.join(full).join("mine").exists() && to.join(own).join("mine.db").exists());
    assert!(unfinished(&beside).is_empty(), "{:?}", files(&beside));
    place.assert_sound();
}
