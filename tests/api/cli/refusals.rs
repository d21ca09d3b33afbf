//! What `serve` refuses to start on: each with one sentence and its exit code.

use super::{Place, assert_done, assert_refused};
use crate::support::Program;
use std::process::Output;
use std::time::{Duration, Instant};

/// `serve` on a port of its own, which is expected to end at once.
fn serve(place: &Place, more: &[&str]) -> Output {
    place.run(&[&["serve", "--listen", "127.0.0.1:0"], more].concat())
}

#[test]
fn a_missing_database_is_refused() {
    assert_refused(&serve(&Place::new(), &[]), 5, "does not exist; `numberd init --database ");
}

#[test]
fn a_missing_key_file_is_refused() {
    let place = Place::initialized();
    std::fs::remove_file(place.key_file()).unwrap();
    assert_refused(&serve(&place, &[]), 5, "numberd.key does not exist");
}

#[test]
fn the_key_file_of_another_database_is_refused() {
    let (place, other) = (Place::initialized(), Place::initialized());
    assert_refused(
        &serve(&place, &["--key-file", other.key_file().to_str().unwrap()]),
        5,
        "is not the key file of",
    );
}

#[test]
fn a_key_file_that_holds_no_key_is_refused() {
    let place = Place::initialized();
    std::fs::write(place.key_file(), "bm90IGEga2V5").unwrap();
    assert_refused(&serve(&place, &[]), 5, "does not hold 32 bytes as base64");
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let place = Place::initialized();
    for mode in [0o640, 0o604] {
        place.chmod(&place.key_file(), mode);
        assert_refused(&serve(&place, &[]), 5, "can be read by others");
    }
}

#[test]
fn a_database_that_everyone_can_read_is_refused() {
    let place = Place::initialized();
    place.chmod(&place.database(), 0o604);
    assert_refused(&serve(&place, &[]), 5, "by everyone on this machine");
}

#[test]
fn a_directory_in_the_databases_place_is_refused() {
    let place = Place::new();
    std::fs::create_dir(place.database()).unwrap();
    assert_refused(&serve(&place, &[]), 5, "is not a file");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_stays_as_it_is() {
    let place = Place::initialized();
    let text = "Numbers: 1, 2, 3. ".repeat(1000);
    std::fs::write(place.database(), &text).unwrap();
    assert_refused(&serve(&place, &[]), 5, "is not an SQLite database");
    assert_eq!(std::fs::read_to_string(place.database()).unwrap(), text);
}

#[test]
fn another_program_s_database_is_refused_and_stays_as_it_is() {
    let place = Place::new();
    numberd::store::create(&place.database()).unwrap();
    place
        .edit("CREATE TABLE customer (x); CREATE TABLE user (x); CREATE TABLE _litestream_seq (x)");
    let before = std::fs::read(place.database()).unwrap();
    let commands: [&[&str]; 9] = [
        &["migrate"],
        &["migrate", "--dry-run"],
        &["seed"],
        &["serve", "--listen", "127.0.0.1:0"],
        &["demo", "--listen", "127.0.0.1:0"],
        &["check"],
        &["numbers", "list", "--instance", "ccc-test"],
        &["key-file", "renew"],
        &["backup", "--to", place.directory.path().to_str().unwrap()],
    ];
    for command in commands {
        let output = place.run(command);
        assert_refused(
            &output,
            5,
            "is not a database of numberd: it has other tables (customer, user)",
        );
        assert_eq!(std::fs::read(place.database()).unwrap(), before, "{command:?}");
        assert_eq!(place.files(), ["numberd.db"], "{command:?}");
    }
    let backup = place.database();
    let restore = ["restore", backup.to_str().unwrap(), "--verify"];
    assert_refused(&place.run(&restore), 5, "is not a numberd database");
    // Another program may keep the history of its schema in the same way.
    place.edit("CREATE TABLE refinery_schema_history (version, name, applied_on, checksum)");
    assert_refused(&place.run(&["migrate"]), 5, "(customer, user)");
    // An empty file that Litestream replicates is one to be filled.
    place.edit("DROP TABLE customer; DROP TABLE user; DROP TABLE refinery_schema_history");
    assert_done(&place.run(&["migrate"]));
}

#[test]
fn a_database_cut_short_is_refused() {
    let place = Place::initialized();
    let bytes = std::fs::read(place.database()).unwrap();
    std::fs::write(place.database(), &bytes[..bytes.len() / 2 / 4096 * 4096 + 100]).unwrap();
    assert_refused(&serve(&place, &[]), 5, "numberd.db");
}

#[test]
fn a_newer_schema_is_refused() {
    let place = Place::initialized();
    place.edit(
        "INSERT INTO refinery_schema_history VALUES (99, 'future', '2030-01-01T00:00:00Z', '1')",
    );
    assert_refused(&serve(&place, &[]), 5, "The database has schema 99");
    assert_refused(&place.run(&["migrate"]), 5, "use a newer numberd");
    assert_refused(&place.run(&["migrate", "--dry-run"]), 5, "use a newer numberd");
}

#[test]
fn an_edited_migration_is_refused() {
    let place = Place::initialized();
    place.edit("UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2");
    assert_refused(&serve(&place, &[]), 5, "was edited");
    assert_refused(&place.run(&["check"]), 5, "was edited");
}

#[test]
fn a_schema_that_was_changed_by_hand_is_neither_served_nor_restored() {
    for (change, said) in [
        ("DROP TRIGGER personal_assignment_delete", "the trigger personal_assignment_delete is"),
        (
            "CREATE TRIGGER evil BEFORE INSERT ON change BEGIN SELECT RAISE(IGNORE); END",
            "the trigger evil is not numberd's",
        ),
        ("DROP INDEX phone_number_in_instance", "the index phone_number_in_instance is missing"),
    ] {
        let place = Place::initialized();
        let made = place.path("copy.db");
        assert_done(&place.run(&["backup", "--to", made.to_str().unwrap()]));
        for file in [place.database(), made.clone()] {
            rusqlite::Connection::open(&file).unwrap().execute_batch(change).unwrap();
        }
        assert_refused(&serve(&place, &[]), 5, said);
        let other = place.path("other.db");
        let made = made.to_str().unwrap();
        for verify in [&["--verify"][..], &[]] {
            let words = [&["restore", made][..], verify].concat();
            let output = Program::command(&words).arg("--database").arg(&other).output().unwrap();
            assert_refused(&output, 5, said);
            assert!(!other.exists());
        }
    }
}

#[test]
fn a_directory_in_which_everyone_can_replace_the_database_is_refused() {
    let place = Place::initialized();
    let directory = place.directory.path();
    place.chmod(directory, 0o777);
    assert_refused(&serve(&place, &[]), 5, "can be written by everyone on this machine");
    // As in /tmp, where a file is its owner's.
    place.chmod(directory, 0o1777);
    assert_done(&place.run(&["check"]));
    place.chmod(directory, 0o700);
    assert_done(&place.run(&["check"]));
}

#[test]
fn a_history_that_was_damaged_by_hand_is_refused() {
    for damage in [
        "checksum = 'garbage'",
        "checksum = NULL",
        "checksum = '99999999999999999999'",
        "applied_on = 'yesterday'",
        "version = NULL",
        "name = x'ff'",
    ] {
        let place = Place::initialized();
        place.edit(&format!("UPDATE refinery_schema_history SET {damage} WHERE version = 2"));
        assert_refused(&serve(&place, &[]), 5, "");
    }
}

#[test]
fn a_history_without_its_columns_is_refused() {
    let place = Place::initialized();
    place.edit(
        "DROP TABLE refinery_schema_history; CREATE TABLE refinery_schema_history (something)",
    );
    assert_refused(&serve(&place, &[]), 5, "The schema's history can't be read");
}

#[test]
#[ignore = "needs root, to run the program as somebody else"]
fn a_directory_that_cant_be_written_is_refused() {
    let place = Place::initialized();
    for path in [place.database(), place.key_file(), place.directory.path().to_owned()] {
        std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).unwrap();
    }
    place.chmod(place.directory.path(), 0o500);
    let program = place.directory.path().join("numberd");
    // The nobody of the test may not reach the directory that cargo builds in.
    std::fs::copy(Program::path(), &program).unwrap();
    let setpriv = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let output = std::process::Command::new("setpriv")
        .args(setpriv)
        .arg(&program)
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(place.database())
        .output()
        .unwrap();
    assert_refused(&output, 5, "its directory");
    place.chmod(place.directory.path(), 0o700);
    place.chmod(&place.database(), 0o400);
    let output = std::process::Command::new("setpriv")
        .args(setpriv)
        .arg(&program)
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(place.database())
        .output()
        .unwrap();
    assert_refused(&output, 5, "can't be written");
}

#[test]
fn a_locked_database_is_waited_for_and_then_refused() {
    let place = Place::initialized();
    let other = rusqlite::Connection::open(place.database()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let began = Instant::now();
    assert_refused(&serve(&place, &[]), 5, "is locked by another program");
    let waited = began.elapsed();
    assert!((Duration::from_secs(4)..Duration::from_secs(20)).contains(&waited), "{waited:?}");
}

#[test]
fn a_database_that_is_locked_for_a_moment_is_waited_for() {
    let place = Place::initialized();
    let other = rusqlite::Connection::open(place.database()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let letting_go = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(1500));
        other.execute_batch("ROLLBACK").unwrap();
    });
    assert_done(&place.run(&["access-key", "list"]));
    letting_go.join().unwrap();
}

#[test]
fn a_port_in_use_is_refused() {
    let place = Place::initialized();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert_refused(&place.run(&["serve", "--listen", &address]), 2, "can't be listened on");
    place.assert_sound();
}

#[test]
fn a_server_has_no_dry_run() {
    assert_refused(&serve(&Place::initialized(), &["--dry-run"]), 2, "no dry run");
}

#[test]
fn an_address_to_listen_on_may_have_a_name_or_none_and_a_wrong_one_is_refused_with_an_example() {
    for (listen, expected) in
        [("localhost:0", "127.0.0.1:"), ("[::1]:0", "[::1]:"), ("127.0.0.1:0", "127.0.0.1:")]
    {
        let server = Program::start_command(Program::command(&["demo", "--listen", listen]));
        assert!(server.address.to_string().starts_with(expected), "{listen}: {}", server.address);
    }
    for (listen, said) in [
        ("::1:8080", "[::1]:8080"),
        ("8080", "such as 127.0.0.1:8080"),
        ("localhost:http", "such as 127.0.0.1:8080"),
        ("nowhere.invalid:80", "nowhere.invalid can't be resolved"),
    ] {
        let output = Program::run(&["demo", "--listen", listen], "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said), "{error}");
    }
    // Without a host it is every address, which a demo must not listen on.
    let output = Program::run(&["demo", "--listen", ":0"], "");
    assert_refused(&output, 2, "0.0.0.0:0 is not a loopback address");
}

#[test]
fn no_command_writes_over_a_file_that_is_there() {
    let place = Place::seeded();
    let database = place.database();
    let before = std::fs::read(&database).unwrap();
    let lines = place.path("lines.csv");
    std::fs::write(&lines, "number,nonsense_is_fine\n").unwrap();
    let (database, lines) = (database.to_str().unwrap(), lines.to_str().unwrap());
    let ccc = ["--instance", "ccc-test"];
    for (command, there) in [
        (&["export", database][..], database),
        (&["export", lines, "--format", "xlsx"], lines),
        (&["export", database, "--dry-run"], database),
        (&["import", lines, "--bad-lines", database, "--dry-run"], database),
        (&["import", lines, "--bad-lines", lines, "--dry-run"], lines),
        (&["backup", "--to", database], database),
    ] {
        let output = place.run(&[command, &ccc[..]].concat());
        assert_refused(&output, 4, &format!("{there} exists already; nothing is overwritten"));
    }
    let nowhere = place.path("nowhere/x.csv");
    let output = place.run(&[&["export", nowhere.to_str().unwrap()], &ccc[..]].concat());
    assert_refused(&output, 5, "nowhere is not a directory; make it first");
    assert!(std::fs::read(place.database()).unwrap() == before);
}
