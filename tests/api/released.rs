//! What was released stays: migrations as they were, and files that every later program upgrades.

use crate::docs::root;
use crate::support::Program;
use flate2::read::GzDecoder;
use rusqlite::{Connection, OpenFlags, types::Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The files of `tests/released/` with an ending.
fn released(ending: &str) -> Vec<PathBuf> {
    let directory = std::fs::read_dir(root().join("tests/released")).unwrap();
    let paths = directory.map(|entry| entry.unwrap().path());
    let found: Vec<_> = paths.filter(|path| path.to_str().unwrap().ends_with(ending)).collect();
    assert!(!found.is_empty(), "nothing ends in {ending}");
    found
}

/// What a file holds: of each table its rows, as far as the given columns go.
type Contents = BTreeMap<String, (Vec<String>, Vec<Vec<Value>>)>;

fn rows(connection: &Connection, table: &str, columns: &[String]) -> Vec<Vec<Value>> {
    let list = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let order: Vec<String> = (1..=columns.len()).map(|at| at.to_string()).collect();
    let sql = format!("SELECT {list} FROM \"{table}\" ORDER BY {}", order.join(", "));
    let mut statement = connection.prepare(&sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|at| row.get(at)).collect();
    statement.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap()
}

fn contents(path: &Path) -> Contents {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let texts = |sql: &str, of: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let found = statement.query_map([of], |row| row.get(0)).unwrap();
        found.collect::<Result<_, _>>().unwrap()
    };
    let tables = "SELECT name FROM sqlite_schema WHERE type = ?1 AND name NOT LIKE 'sqlite%' \
                  AND name <> 'refinery_schema_history'";
    let columns = "SELECT name FROM pragma_table_info(?1)";
    let mut found = Contents::new();
    for table in texts(tables, "table") {
        let columns = texts(columns, &table);
        let rows = rows(&connection, &table, &columns);
        found.insert(table, (columns, rows));
    }
    found
}

#[test]
fn a_migration_that_was_released_is_never_edited() {
    for list in released(".migrations") {
        for line in std::fs::read_to_string(list).unwrap().lines() {
            let (expected, name) = line.split_once("  ").unwrap();
            let text = std::fs::read(root().join("migrations").join(name)).unwrap();
            let hash: String =
                Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(
                hash, expected,
                "{name} was released: what it should say otherwise is a migration of its own"
            );
        }
    }
}

/// A released file, unpacked where the program may change it.
fn unpacked(file: &Path, directory: &Path) -> PathBuf {
    let database = directory.join("numberd.db");
    let mut whole = GzDecoder::new(File::open(file).unwrap());
    std::io::copy(&mut whole, &mut File::create(&database).unwrap()).unwrap();
    std::fs::set_permissions(&database, Permissions::from_mode(0o600)).unwrap();
    database
}

#[test]
fn a_file_whose_owner_dropped_an_index_that_goes_anyway_is_upgraded_too() {
    let directory = tempfile::tempdir().unwrap();
    let database = unpacked(&root().join("tests/released/0.1.0.db.gz"), directory.path());
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch("DROP INDEX phone_number_by_created").unwrap();
    drop(connection);
    for command in ["migrate", "check"] {
        let output = Program::run(&[command, "--database", database.to_str().unwrap()], "");
        assert!(output.status.success(), "{command}: {output:?}");
    }
}

#[test]
fn a_file_with_a_number_without_a_digit_is_upgraded_and_the_number_can_be_removed() {
    let directory = tempfile::tempdir().unwrap();
    let database = unpacked(&root().join("tests/released/0.1.0.db.gz"), directory.path());
    let connection = Connection::open(&database).unwrap();
    let odd = "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '*#')";
    connection.execute_batch(odd).unwrap();
    drop(connection);
    let path = database.to_str().unwrap();
    let run = |line: &[&str]| {
        let output = Program::run(&[line, &["--database", path]].concat(), "");
        assert!(output.status.success(), "{line:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for command in ["migrate", "check"] {
        run(&[command]);
    }
    let number = ["*#", "--instance", "ccc-test"];
    run(&[&["numbers", "edit"], &number[..], &["--city", "成都"]].concat());
    assert!(run(&[&["numbers", "show"], &number[..]].concat()).contains("成都"));
    run(&[&["numbers", "remove"], &number[..]].concat());
}

#[test]
fn the_file_of_every_release_is_upgraded_and_nothing_of_it_is_lost() {
    for file in released(".db.gz") {
        let directory = tempfile::tempdir().unwrap();
        let database = unpacked(&file, directory.path());
        let before = contents(&database);
        assert!(before["change"].1.len() > 100 && before["phone_number"].1.len() > 100);
        for command in ["migrate", "check"] {
            let output = Program::run(&[command, "--database", database.to_str().unwrap()], "");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{file:?}: {command}: {said}");
        }
        let connection = Connection::open(&database).unwrap();
        for (table, (columns, before)) in before {
            assert_eq!(rows(&connection, &table, &columns), before, "{file:?}: {table}");
        }
    }
}

#[test]
fn what_is_not_released_does_not_call_itself_what_was() {
    let changelog = crate::docs::page("CHANGELOG.md");
    let (_, after) = changelog.split_once("## [Unreleased]").unwrap();
    let unreleased = after.split("\n## [").next().unwrap().trim();
    let file = format!("tests/released/{}.db.gz", env!("CARGO_PKG_VERSION"));
    let is_released = root().join(&file).exists();
    assert!(unreleased.is_empty() || !is_released, "{file} is there, and more since: {unreleased}");
}
