//! A released file and a later migration: kill -9 leaves the one schema or the other, and nothing
//! of what was there is changed.

#![expect(clippy::disallowed_methods, reason = "a file of its own, which no server has")]

use super::{all, apply_all};
use flate2::read::GzDecoder;
use refinery::Migration;
use rusqlite::Connection;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Tells the child which file to upgrade.
const FILE: &str = "NUMBERD_UPGRADED_FILE";

fn later() -> Vec<Migration> {
    let mut later = all().to_vec();
    later.push(Migration::unapplied("V9000__later", include_str!("later.sql")).unwrap());
    later
}

/// What a kill ends. Without the variable there is nothing to do.
#[test]
fn an_upgrade_that_its_parent_may_kill() {
    if let Some(file) = std::env::var_os(FILE) {
        let mut connection = Connection::open(file).unwrap();
        apply_all(&mut connection, &later()).unwrap();
    }
}

fn upgrade(file: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let test = "store::engine::migrations::tests::an_upgrade_that_its_parent_may_kill";
    command.args(["--exact", test]).env(FILE, file).stdout(std::process::Stdio::null());
    command
}

/// The numbers, the log and its end: what an upgrade must leave as it is.
fn kept(connection: &Connection) -> String {
    let sql = "SELECT json_array(
        (SELECT json_group_array(json_array(instance_id, number, usage, version)) FROM phone_number),
        (SELECT json_group_array(json_array(change_id, entity, action, old, new, changed_at)) FROM change),
        (SELECT json_group_array(json_array(number, user_id, assigned_at, released_at))
         FROM personal_assignment))";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn has_later(connection: &Connection) -> bool {
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let objects = count("SELECT count(*) FROM sqlite_schema WHERE name = 'release_note'");
    let applied = count("SELECT count(*) FROM refinery_schema_history WHERE version = 9000");
    assert_eq!(objects, applied, "the history and the schema disagree");
    let sound: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    objects == 1
}

#[test]
fn a_released_file_is_upgraded_whole_or_not_at_all_whenever_it_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let fresh = directory.path().join("released.db");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/released/0.1.0.db.gz");
    let mut whole = GzDecoder::new(File::open(path).unwrap());
    std::io::copy(&mut whole, &mut File::create(&fresh).unwrap()).unwrap();
    let before = kept(&Connection::open(&fresh).unwrap());

    let upgraded = directory.path().join("upgraded.db");
    std::fs::copy(&fresh, &upgraded).unwrap();
    let began = Instant::now();
    assert!(upgrade(&upgraded).status().unwrap().success());
    let usual = began.elapsed();

    let (mut old, mut new) = (0, 0);
    for step in 0..24 {
        let file = directory.path().join(format!("{step}.db"));
        std::fs::copy(&fresh, &file).unwrap();
        let mut child = upgrade(&file).spawn().unwrap();
        std::thread::sleep(usual * step / 20);
        child.kill().unwrap();
        child.wait().unwrap();
        let connection = Connection::open(&file).unwrap();
        *if has_later(&connection) { &mut new } else { &mut old } += 1;
        assert_eq!(kept(&connection), before, "killed after {:?}", usual * step / 20);
        drop(connection);
        assert!(upgrade(&file).status().unwrap().success());
        let connection = Connection::open(&file).unwrap();
        assert!(has_later(&connection));
        assert_eq!(kept(&connection), before);
    }
    assert!(old > 0 && new > 0, "{old} kills came before the end and {new} after it");
}
