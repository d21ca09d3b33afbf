//! kill -9 amid an archive: the lines are in the log, or they are gone and the file is whole.

use super::{done, now, run, said};
use crate::support::{Program, SeededDatabase};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// The sample with a log that is long enough to be killed amid.
fn long_log() -> SeededDatabase {
    let database = SeededDatabase::new();
    let shell = rusqlite::Connection::open(database.path()).unwrap();
    shell.execute_batch("PRAGMA synchronous = OFF").unwrap();
    for _ in 0..6 {
        shell.execute_batch("UPDATE phone_number SET note = note || '.'").unwrap();
    }
    database
}

/// The log's lines and the file's.
fn lines(database: &SeededDatabase, file: &std::path::Path) -> (u64, Option<u64>) {
    let text = std::fs::read_to_string(file).ok();
    let logged = database.query("SELECT count(*) FROM change WHERE entity <> 'change_archive'");
    (logged.parse().unwrap(), text.map(|text| text.lines().count() as u64))
}

#[test]
fn a_kill_at_any_moment_loses_no_line() {
    let whole = long_log();
    let all: u64 = whole.query("SELECT count(*) FROM change").parse().unwrap();
    let (mut before, mut between, mut after) = (0, 0, 0);
    let mut usual = Duration::ZERO;
    for round in 0..16_u32 {
        let database = SeededDatabase::new();
        std::fs::copy(whole.path(), database.path()).unwrap();
        let file = database.path().with_file_name("kept.jsonl");
        let line = format!("changes archive --before {} --to {}", now(), file.display());
        let words: Vec<&str> = line.split_whitespace().collect();
        let named = ["--database", database.path().to_str().unwrap()];
        let began = Instant::now();
        let mut program = Program::command(&[words.as_slice(), &named].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if round == 0 {
            assert!(program.wait().unwrap().success());
            usual = began.elapsed();
        } else {
            std::thread::sleep(usual * round / 14);
            program.kill().unwrap();
            program.wait().unwrap();
        }
        match lines(&database, &file) {
            (logged, None) if logged == all => before += 1,
            (logged, Some(kept)) if logged == all && kept == all => between += 1,
            (0, Some(kept)) if kept == all => after += 1,
            other => panic!("round {round}: of {all} lines there are {other:?}"),
        }
        database.assert_no_rule_violation();
        if round > 0 && lines(&database, &file).0 > 0 {
            done(&database, &line);
            assert_eq!(lines(&database, &file), (0, Some(all)));
        }
        let again = run(&database, &line);
        assert!(said(&again).contains("No change in the log"), "{}", said(&again));
    }
    assert!(before > 0 && after > 0, "killed before, between, after: {before}, {between}, {after}");
}
