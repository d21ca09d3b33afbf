//! A temporary database file with the sample in it, made by the program's own code.

use numberd::domain::{Author, Clock, Error, InstanceId, Origin, Scope};
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::NewToken;
use numberd::store::{self, KeyFile, Migrate, Store, WriteTx, access_keys, seed};
use rusqlite::types::ValueRef;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, OnceLock};

/// The sample database with its key file, the demo's AccessKey and the demo's token.
pub struct SeededDatabase {
    directory: Option<tempfile::TempDir>,
    path: PathBuf,
    /// It is not examined at the end.
    settled: OnceLock<Settled>,
}

/// Why a database is not examined at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// It was, by the last that had it open.
    Examined,
    /// It was damaged on purpose.
    Damaged,
}

impl SeededDatabase {
    /// A copy of the one that this process has made with the program's own code.
    pub fn new() -> Self {
        static SAMPLE: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
        let [database, key] = SAMPLE.get_or_init(|| {
            let made = Self::make();
            // A reader that is still being closed keeps the log in being, but nothing in it.
            let log = std::fs::metadata(made.path.with_extension("db-wal"));
            let left = log.map_or(0, |log| log.len());
            assert_eq!(left, 0, "the file is whole once its store is closed");
            [made.path.clone(), made.path.with_extension("key")]
                .map(|path| std::fs::read(path).unwrap())
        });
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("numberd.db");
        for (path, bytes) in [(path.clone(), database), (path.with_extension("key"), key)] {
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .unwrap();
            file.write_all(bytes).unwrap();
        }
        Self { directory: Some(directory), path, settled: OnceLock::new() }
    }

    /// Another like this one, which nobody has open, with all the files beside it.
    pub fn copy(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.path.parent().unwrap()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), directory.path().join(file.file_name())).unwrap();
        }
        let path = directory.path().join("numberd.db");
        Self { directory: Some(directory), path, settled: OnceLock::new() }
    }

    fn make() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("numberd.db");
        store::create(&path).unwrap();
        let key_file = KeyFile::create(&path.with_extension("key")).unwrap();
        // Its history stays where it is written, whatever the day of the test.
        let then = Store::open(&path, Migrate::Apply, Clock::Fixed(seed::HISTORY_ENDS)).unwrap();
        then.write(author(), seed::load).unwrap();
        drop(then);
        let store = Store::open(&path, Migrate::Require, Clock::System).unwrap();
        store
            .write(author(), move |tx| {
                access_keys::adopt_key_file(tx, &key_file)?;
                credentials::add_access_key(
                    tx,
                    &key_file,
                    "user-test",
                    "demo-access-key",
                    "demo-access-secret",
                )?;
                credentials::add_token(
                    tx,
                    "user-test",
                    &Issued { id: "demo".to_owned(), secret: "demo-token".to_owned() },
                    &NewToken { name: "demo".to_owned(), ..NewToken::default() },
                )?;
                for (id, instance) in [("demo-client", "vcc-test"), ("demo-client-ccc", "ccc-test")]
                {
                    let client = Issued { id: id.to_owned(), secret: format!("{id}-secret") };
                    credentials::add_client(
                        tx,
                        &InstanceId::from(instance),
                        &client,
                        "demo",
                        &Scope::ALL.into_iter().collect(),
                    )?;
                }
                Ok::<_, Error>(())
            })
            .unwrap();
        Self { directory: Some(directory), path, settled: OnceLock::new() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn key_file(&self) -> KeyFile {
        KeyFile::open(&self.path.with_extension("key")).unwrap()
    }

    /// Opens the database as the program does.
    pub fn store(&self, clock: Clock) -> Store {
        Store::open(&self.path, Migrate::Require, clock).unwrap()
    }

    /// Changes the database through the program's own code.
    pub fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.store(Clock::System).write(author(), act).unwrap()
    }

    /// Runs SQL in the `sqlite3` shell, as a person would; for tests that are ignored because they
    /// need it.
    pub fn shell(&self, sql: &str) -> Output {
        let mut shell = Command::new("sqlite3")
            .args(["-batch", "-bail"])
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the sqlite3 shell");
        shell.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
        shell.wait_with_output().unwrap()
    }

    /// That the file is sound, no rule is broken and every counter is right.
    pub fn assert_no_rule_violation(&self) {
        assert_nothing_found(&self.store(Clock::System));
    }

    /// For a database that was damaged on purpose: it need not be sound at the end.
    pub fn discard_at_the_end(&self) {
        let _ = self.settled.set(Settled::Damaged);
    }

    /// What a query yields, as text.
    pub fn query(&self, sql: &str) -> String {
        rows(&rusqlite::Connection::open(&self.path).unwrap(), sql)
    }

    /// Examines the database through a store that is open, so that less is opened for it at the
    /// end; not if somebody else may still change it, or the store's clock is none of this time.
    /// What is seen is one state of the file, of whole transactions.
    pub(super) fn examine_last(self: &Arc<Self>, store: &Store) {
        let is_last = Arc::strong_count(self) == 1 && matches!(store.clock(), Clock::System);
        if is_last && self.must_be_sound() {
            assert_nothing_found(store);
            let _ = self.settled.set(Settled::Examined);
        }
    }

    fn must_be_sound(&self) -> bool {
        !std::thread::panicking() && self.settled.get().is_none() && self.path.exists()
    }
}

fn assert_nothing_found(store: &Store) {
    let findings = store.examine().unwrap().findings;
    assert!(findings.is_empty(), "{findings:#?}");
}

/// What a query yields, as text: a line for each row.
pub(super) fn rows(connection: &rusqlite::Connection, sql: &str) -> String {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cells: Vec<String> =
            (0..columns).map(|column| printable(row.get_ref(column).unwrap())).collect();
        lines.push(cells.join("|"));
    }
    lines.join("\n")
}

/// A value as the `sqlite3` shell prints it, except for blobs.
pub fn printable(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{bytes:?}"),
    }
}

impl Drop for SeededDatabase {
    /// Every test ends with a sound database; `KEEP_DB=1` keeps it.
    fn drop(&mut self) {
        if self.must_be_sound() {
            self.assert_no_rule_violation();
        } else if self.settled.get() == Some(&Settled::Examined) && !std::thread::panicking() {
            // The program still knows the file that its store has closed.
            store::schema_version(&self.path).unwrap();
        }
        if std::env::var_os("KEEP_DB").is_some() {
            let kept = self.directory.take().map(tempfile::TempDir::keep);
            eprintln!("kept {}", kept.unwrap_or_default().join("numberd.db").display());
        }
    }
}

pub fn author() -> Author {
    Author {
        actor: "test".to_owned(),
        via: Origin::Cli,
        request_id: "TEST".to_owned(),
        reason: String::new(),
    }
}
