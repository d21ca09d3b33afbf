//! Backups while others write, the drill, and the way back.

use super::by;
use crate::support::{Program, SeededDatabase, figure, times};
use numberd::domain::phone_number::NewNumbers;
use numberd::domain::{Clock, Error};
use numberd::ops::number_pool;
use numberd::store::backup::{self, BackupError, Progress};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The numbers that the load wrote, in a file: how many, and the highest.
fn written(path: &Path) -> (u64, u64) {
    let connection =
        rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .unwrap();
    let sql = "SELECT count(*), coalesce(max(CAST(substr(number, 4) AS INTEGER)), 0) FROM phone_number WHERE number GLOB '077*' AND instance_id IS NULL";
    connection.query_row(sql, [], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?))).unwrap()
}

fn left_behind(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| {
            path.file_name().unwrap().to_string_lossy().starts_with('.')
                || path.to_string_lossy().ends_with("-wal")
        })
        .collect()
}

#[test]
fn fifty_backups_under_load_can_be_restored_and_hold_every_write_acknowledged_before_them() {
    let database = SeededDatabase::new();
    let store = Arc::new(database.store(Clock::System));
    let (acknowledged, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let writes = Arc::new(AtomicBool::new(false));
    let load = {
        let (store, acknowledged, done, writes) =
            (Arc::clone(&store), Arc::clone(&acknowledged), Arc::clone(&done), Arc::clone(&writes));
        std::thread::spawn(move || {
            for number in 1.. {
                // Only during a backup: the file would grow while all of them are checked.
                while !writes.load(Ordering::SeqCst) && !done.load(Ordering::SeqCst) {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                if done.load(Ordering::SeqCst) {
                    break;
                }
                let text = format!("077{number:08}");
                let written: Result<(), Error> = store.write(by("load"), move |tx| {
                    number_pool::import(tx, &[text.parse().unwrap()], &NewNumbers::default())
                });
                written.unwrap();
                acknowledged.store(number, Ordering::SeqCst);
            }
        })
    };
    let pool: u64 = SeededDatabase::new()
        .query("SELECT count(*) FROM phone_number WHERE instance_id IS NULL")
        .parse()
        .unwrap();
    let to = tempfile::tempdir().unwrap();
    let copies = times(50, 500);
    for _ in 0..copies {
        let before = acknowledged.load(Ordering::SeqCst);
        writes.store(true, Ordering::SeqCst);
        let mut seen: Option<Progress> = None;
        let made = store.backup(to.path(), |progress| seen = Some(progress)).unwrap();
        let after = acknowledged.load(Ordering::SeqCst) + 1;
        writes.store(false, Ordering::SeqCst);
        let seen = seen.unwrap();
        assert_eq!(seen.done, seen.total);
        let (count, highest) = written(&made.path);
        assert_eq!(count, highest, "a prefix of what was written");
        assert!(
            (before..=after).contains(&highest),
            "{highest} written, {before} acknowledged before, {after} begun after"
        );
        assert_eq!(std::fs::metadata(&made.path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&made.path).unwrap().len(), made.bytes);
        let contents = backup::verify(&made.path, &made.path, Clock::System, |_| ()).unwrap();
        assert_eq!(contents.pool_numbers, pool + count);
        let restored = to.path().join("restored.db");
        backup::restore(&made.path, &restored, Clock::System, |_| ()).unwrap();
        assert_eq!(written(&restored).0, count);
        std::fs::remove_file(restored).unwrap();
        assert_eq!(left_behind(to.path()), Vec::<PathBuf>::new());
        std::fs::remove_file(made.path).unwrap();
    }
    done.store(true, Ordering::SeqCst);
    load.join().unwrap();
    assert!(acknowledged.load(Ordering::SeqCst) > 50, "the load wrote next to nothing");
    figure(
        "backups under load, restored",
        0,
        copies,
        &format!("{} acknowledged writes", acknowledged.load(Ordering::SeqCst)),
        "a damaged backup is refused",
    );
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_behind() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("a.db");
    std::fs::write(&file, "mine").unwrap();
    assert!(matches!(store.backup(&file, |_| ()), Err(BackupError::Exists(_))));
    assert!(matches!(store.backup(database.path(), |_| ()), Err(BackupError::Exists(_))));
    let link = to.path().join("link.db");
    std::os::unix::fs::symlink("/nowhere", &link).unwrap();
    assert!(matches!(store.backup(&link, |_| ()), Err(BackupError::Exists(_))));
    assert!(matches!(
        store.backup(&to.path().join("no/such/directory.db"), |_| ()),
        Err(BackupError::File(_))
    ));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(left_behind(to.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_damaged_or_foreign_file_is_not_restorable_and_the_drill_touches_nothing() {
    let database = SeededDatabase::new();
    let to = tempfile::tempdir().unwrap();
    let good = database.store(Clock::System).backup(to.path(), |_| ()).unwrap().path;
    let bytes = std::fs::read(&good).unwrap();
    let spoiled = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut copy = bytes.clone();
        change(&mut copy);
        let path = to.path().join(name);
        std::fs::write(&path, copy).unwrap();
        path
    };
    let cases = [
        spoiled("text.db", &|copy| {
            *copy = b"no database at all, but long enough to look at".to_vec()
        }),
        spoiled("empty.db", &Vec::clear),
        spoiled("cut.db", &|copy| copy.truncate(copy.len() / 2)),
        spoiled("page.db", &|copy| copy[4096 * 9..4096 * 12].fill(0xAA)),
        to.path().join("missing.db"),
        to.path().to_owned(),
    ];
    let before = super::present(&database);
    for path in cases {
        let refused = backup::verify(&path, &path, Clock::System, |_| ());
        assert!(refused.is_err(), "{} is restorable: {refused:?}", path.display());
        let refused = backup::restore(&path, database.path(), Clock::System, |_| ()).unwrap_err();
        assert!(refused.to_string().contains(path.to_str().unwrap()), "{refused}");
    }
    let broken = to.path().join("broken.db");
    std::fs::copy(&good, &broken).unwrap();
    rusqlite::Connection::open(&broken)
        .unwrap()
        .execute_batch("DROP TRIGGER phone_number_update_state; UPDATE phone_number SET state = 'free' WHERE state = 'bound'")
        .unwrap();
    let refused = backup::verify(&broken, &broken, Clock::System, |_| ()).unwrap_err().to_string();
    assert!(refused.contains("the trigger phone_number_update_state is missing"), "{refused}");
    std::fs::copy(&good, &broken).unwrap();
    rusqlite::Connection::open(&broken)
        .unwrap()
        .execute_batch("PRAGMA ignore_check_constraints = ON; UPDATE user SET work_mode = 'ASLEEP'")
        .unwrap();
    assert!(matches!(
        backup::verify(&broken, &broken, Clock::System, |_| ()),
        Err(BackupError::Unsound(..))
    ));
    assert_eq!(super::present(&database), before);
    backup::verify(&good, &good, Clock::System, |_| ()).unwrap();
    assert_eq!(std::fs::read(&good).unwrap(), bytes);
    assert_eq!(left_behind(to.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_restore_refuses_while_a_store_is_open_and_keeps_what_it_replaces() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let to = tempfile::tempdir().unwrap();
    let before = super::present(&database);
    let made = store.backup(to.path(), |_| ()).unwrap().path;
    store
        .write(by("later"), |tx| {
            number_pool::import(tx, &["0770001".parse().unwrap()], &NewNumbers::default())
        })
        .unwrap();
    let later = super::present(&database);
    assert!(matches!(
        backup::restore(&made, database.path(), Clock::System, |_| ()),
        Err(BackupError::InUse(_))
    ));
    assert_eq!(super::present(&database), later);
    drop(store);
    // As a program leaves it that was killed.
    let beside = |path: &Path, part: &str| PathBuf::from(format!("{}{part}", path.display()));
    std::fs::write(beside(database.path(), "-shm"), "").unwrap();
    let restored = backup::restore(&made, database.path(), Clock::System, |_| ()).unwrap();
    assert_eq!(super::present(&database), before);
    let kept = restored.replaced.unwrap();
    for part in ["-shm", "-journal", "-wal"] {
        assert!(!beside(&kept, part).exists(), "{part} is empty, and no part of what is kept");
    }
    backup::restore(&kept, database.path(), Clock::System, |_| ()).unwrap();
    assert_eq!(super::present(&database), later);
    assert!(matches!(
        backup::restore(database.path(), database.path(), Clock::System, |_| ()),
        Err(BackupError::File(_))
    ));
}

#[test]
fn a_damaged_database_gives_way_to_its_backup() {
    let database = SeededDatabase::new();
    let to = tempfile::tempdir().unwrap();
    let before = super::present(&database);
    let made = database.store(Clock::System).backup(to.path(), |_| ()).unwrap().path;
    std::fs::write(database.path(), "this was a database once, before the disk failed under it")
        .unwrap();
    backup::restore(&made, database.path(), Clock::System, |_| ()).unwrap();
    assert_eq!(super::present(&database), before);
}

#[test]
fn the_program_backs_up_beside_its_own_server_and_restores_only_without_it() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap().to_owned();
    let to = tempfile::tempdir().unwrap();
    let directory = to.path().to_str().unwrap();
    let mut server = Program::start(&["serve", "--database", &path]);
    let mut backups = Vec::new();
    for round in 0..3_u64 {
        let number = format!("0770000{}", round + 1);
        let added = Program::run(
            &["numbers", "add", &number, "--database", &path, "--instance", "vcc-test"],
            "",
        );
        assert!(added.status.success(), "{added:?}");
        let made = Program::run(&["backup", "--to", directory, "--database", &path], "");
        assert!(made.status.success(), "{made:?}");
        assert!(made.stderr.is_empty(), "no progress where nobody looks: {made:?}");
        let line = String::from_utf8(made.stdout).unwrap();
        let made = PathBuf::from(line.strip_suffix('\n').unwrap());
        let holds = |number: &str| {
            let connection = rusqlite::Connection::open(&made).unwrap();
            connection
                .query_row("SELECT count(*) FROM phone_number WHERE number = ?1", [number], |row| {
                    row.get::<_, u64>(0)
                })
                .unwrap()
        };
        assert_eq!(holds(&number), 1, "what was acknowledged before");
        backups.push(made.to_str().unwrap().to_owned());
    }
    let refused = Program::run(&["restore", &backups[0], "--database", &path], "");
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("stop the server first"),
        "{refused:?}"
    );
    let drill =
        Program::run(&["restore", &backups[0], "--verify", "--json", "--database", &path], "");
    assert!(drill.status.success(), "beside a server too: {drill:?}");
    server.kill();
    let restored = Program::run(&["restore", &backups[0], "--database", &path], "");
    assert!(restored.status.success(), "{restored:?}");
    let numbers = database
        .query("SELECT group_concat(number) FROM phone_number WHERE number GLOB '0770000*'");
    assert_eq!(numbers, "07700001");
    let check = Program::run(&["check", "--database", &path], "");
    assert!(check.status.success(), "{check:?}");
    let again = Program::start(&["serve", "--database", &path]);
    drop(again);
}
