//! The command line as an operator meets it: the real program, its sentences and its exit codes.

mod back_office;
mod backups;
mod check;
mod credentials;
mod demo;
mod doors;
mod dry_run;
mod everyday;
mod help;
mod hints;
mod init;
mod key_file;
mod lists;
mod near;
mod output;
mod owners;
mod refusals;
mod reports;
mod secrets;
mod sentences;

use crate::support::Program;
use numberd::store::{Migrate, Store};
use sha2::{Digest, Sha256};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A directory for a database and its key file.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// With a database that `init` has made.
    fn initialized() -> Self {
        let place = Self::new();
        assert_done(&place.run(&["init"]));
        place
    }

    /// With the sample in it: an empty database, migrated and seeded. It has no key file.
    fn seeded() -> Self {
        let place = Self::new();
        numberd::store::create(&place.database()).unwrap();
        assert_done(&place.run(&["seed"]));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.path("numberd.db")
    }

    fn key_file(&self) -> PathBuf {
        self.path("numberd.key")
    }

    /// Runs a subcommand on the database.
    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    /// The same with something on standard input.
    fn run_with(&self, arguments: &[&str], stdin: &str) -> Output {
        let database = self.database();
        Program::run(&[arguments, &["--database", database.to_str().unwrap()]].concat(), stdin)
    }

    /// What is in the directory.
    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = std::fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        files
    }

    /// The same without what belongs to open connections; a program that ends may leave them,
    /// empty.
    fn kept(&self) -> Vec<String> {
        let is_log = |name: &str| {
            name.ends_with("-wal")
                && std::fs::metadata(self.path(name)).is_ok_and(|file| file.len() == 0)
        };
        self.files().into_iter().filter(|name| !name.ends_with("-shm") && !is_log(name)).collect()
    }

    /// The bytes of the database and of its log, for telling whether anything changed.
    fn digest(&self) -> Vec<u8> {
        let mut digest = Sha256::new();
        for name in self.kept() {
            digest.update(std::fs::read(self.path(&name)).unwrap());
        }
        digest.finalize().to_vec()
    }

    /// Changes the database behind the program's back.
    fn edit(&self, sql: &str) {
        rusqlite::Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }

    fn chmod(&self, path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    /// That the program may still use it and finds nothing wrong.
    fn assert_sound(&self) {
        let store = Store::open(&self.database(), Migrate::Require, numberd::domain::Clock::System)
            .unwrap();
        let findings = store.read(numberd::store::integrity::check).unwrap();
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Standard output as JSON.
fn json(output: &Output) -> serde_json::Value {
    assert_done(output);
    serde_json::from_str(&stdout(output)).unwrap()
}

#[track_caller]
fn assert_done(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(output), stderr(output));
    assert_eq!(stderr(output), "");
}

/// That the program ended with this code and said why in one sentence that has this in it.
#[track_caller]
fn assert_refused(output: &Output, code: i32, sentence: &str) {
    let mut said = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    // With `--json` the sentence is in an object.
    if let Ok(object) = serde_json::from_str::<serde_json::Value>(&said) {
        assert_eq!(object["exit_code"], code, "{said}");
        said = format!("numberd: {}\n", object["error"].as_str().unwrap());
    }
    assert!(said.contains(sentence), "{sentence:?} is not in {said:?}");
    assert!(said.starts_with("numberd: "), "{said:?}");
    assert!(said.ends_with(".\n"), "{said:?} does not end as a sentence does");
    assert_eq!(said.lines().count(), 1, "{said:?} is more than a sentence");
    for word in ["panicked", "backtrace", "RUST_BACKTRACE", "Error {", "Some("] {
        assert!(!said.contains(word), "{said:?}");
    }
}
