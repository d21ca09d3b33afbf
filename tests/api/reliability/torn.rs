//! A write-ahead log that was cut off or has a flipped bit: what can be read is the state after one
//! of the commits, whole, and never a mixture.

use crate::support::{SeededDatabase, figure, times};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

const COMMITS: usize = 20;

/// What is in the file, as far as the commits below change it.
fn state(database: &Path) -> Result<String, rusqlite::Error> {
    let shell = Connection::open(database)?;
    shell.query_row(
        "SELECT (SELECT max(change_id) FROM change) || ' ' || (SELECT group_concat(note, '|') FROM
                (SELECT note FROM phone_number ORDER BY phone_number_id))",
        [],
        |row| row.get(0),
    )
}

fn is_sound(database: &Path) -> bool {
    let shell = Connection::open(database).unwrap();
    let check = shell.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    check.is_ok_and(|check| check == "ok")
}

/// The same numbers in every run.
fn next(random: &mut u64) -> usize {
    *random =
        random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*random >> 33).unwrap()
}

#[test]
fn a_torn_or_damaged_log_leaves_the_state_after_one_of_the_commits() {
    let database = SeededDatabase::new();
    let shell = Connection::open(database.path()).unwrap();
    shell.execute_batch("PRAGMA wal_autocheckpoint = 0").unwrap();
    let mut states = BTreeMap::from([(state(database.path()).unwrap(), 0)]);
    for commit in 1..=COMMITS {
        // Rows on many pages, so that half of a commit would show.
        shell
            .execute(
                "UPDATE phone_number SET note = ?1 WHERE phone_number_id IN (?1, ?1 + 90, ?1 + 180)",
                [commit],
            )
            .unwrap();
        states.insert(state(database.path()).unwrap(), commit);
    }
    assert_eq!(states.len(), COMMITS + 1);
    let kept = std::fs::read(database.path()).unwrap();
    let log = std::fs::read(database.path().with_extension("db-wal")).unwrap();
    let image = tempfile::tempdir().unwrap();
    let copy = image.path().join("numberd.db");
    let write = |log: &[u8]| {
        let _ = std::fs::remove_file(copy.with_extension("db-shm"));
        std::fs::write(&copy, &kept).unwrap();
        std::fs::write(copy.with_extension("db-wal"), log).unwrap();
    };
    let (mut random, mut wrong, mut found) = (5_u64, 0, BTreeMap::<usize, usize>::new());
    let images = times(1000, 5000);
    for number in 0..images {
        let place = next(&mut random) % log.len();
        let mut damaged = log.clone();
        if number % 2 == 0 {
            damaged.truncate(place);
        } else {
            damaged[place] ^= 1 << (next(&mut random) % 8);
        }
        write(&damaged);
        match state(&copy).ok().and_then(|state| states.get(&state).copied()) {
            Some(commit) => *found.entry(commit).or_default() += 1,
            None => wrong += 1,
        }
        if number % 50 == 0 && !is_sound(&copy) {
            wrong += 1;
        }
    }
    // The control: the same log with a page of an earlier commit in the place of a later one is
    // noticed, where nothing guards it.
    write(&log);
    let mixed = Connection::open(&copy).unwrap();
    mixed
        .execute("UPDATE phone_number SET note = 'mixed' WHERE phone_number_id % 7 = 3", [])
        .unwrap();
    drop(mixed);
    let noticed = !states.contains_key(&state(&copy).unwrap());
    figure(
        "torn or damaged write-ahead log",
        wrong,
        images,
        &format!("{} different commits were the last", found.len()),
        if noticed { "a mixed state noticed" } else { "NOT noticed" },
    );
    assert!(wrong == 0 && noticed && found.len() > COMMITS / 2, "{wrong} wrong, {found:?}");
}
