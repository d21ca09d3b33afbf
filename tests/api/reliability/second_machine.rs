//! A second machine that follows by Litestream: what it has when the first one is lost, and that it
//! can take over.

use super::{Demo, assert_sound};
use crate::support::{Client, Program};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long what was changed may take to the replica, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A demo, and Litestream's replica of its database in a directory beside it.
struct Replicated {
    demo: Demo,
    litestream: Running,
}

/// A process of Litestream; killed when it is dropped.
struct Running(Child);

impl Running {
    fn start(demo: &Demo, arguments: &[&str]) -> Self {
        let child = litestream(&demo.directory, arguments).spawn().expect("litestream");
        Self(child)
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn litestream(directory: &Path, arguments: &[&str]) -> Command {
    let [command, rest @ ..] = arguments else { panic!("a subcommand") };
    let mut litestream = Command::new("litestream");
    litestream.arg(command).arg("-config").arg(directory.join("litestream.yml")).args(rest);
    litestream.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    litestream
}

impl Replicated {
    fn start() -> Self {
        let demo = Demo::start();
        let (database, replica) = (demo.database(), demo.directory.join("replica"));
        let shipped = include_str!("../../../packaging/litestream.yml");
        let configuration = shipped
            .replace("/var/lib/numberd/numberd.db", database.to_str().unwrap())
            .replace("/var/backups/numberd/replica", replica.to_str().unwrap());
        assert!(!configuration.contains("/var/"), "{configuration}");
        std::fs::write(demo.directory.join("litestream.yml"), configuration).unwrap();
        let litestream = Running::start(&demo, &["replicate"]);
        Self { demo, litestream }
    }

    fn follow_again(&mut self) {
        self.litestream = Running::start(&self.demo, &["replicate"]);
    }

    /// A copy of the database from the replica alone, or none yet.
    fn restored(&self, name: &str) -> Option<PathBuf> {
        let copy = self.demo.directory.join(name);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
        }
        let to = copy.to_str().unwrap();
        let arguments = ["restore", "-integrity-check", "full", "-o", to];
        let mut restore = litestream(&self.demo.directory, &arguments);
        let done = restore.arg(self.demo.database()).status().unwrap().success();
        done.then(|| private(copy))
    }

    /// Waits until the replica has everything.
    fn wait_for(&self, last_change: i64) -> PathBuf {
        let began = Instant::now();
        loop {
            if let Some(copy) = self.restored("caught-up.db")
                && self::last_change(&copy) == last_change
            {
                return copy;
            }
            assert!(began.elapsed() < PATIENCE, "the replica never had change {last_change}");
            std::thread::sleep(Duration::from_millis(300));
        }
    }
}

/// Litestream makes files that everybody can read; numberd refuses those.
fn private(path: PathBuf) -> PathBuf {
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// The last line of a file's change log; 0 while there is none to be read.
fn last_change(database: &Path) -> i64 {
    let read = || {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = rusqlite::Connection::open_with_flags(database, flags)?;
        connection.query_row("SELECT max(change_id) FROM change", [], |row| row.get(0))
    };
    read().unwrap_or_default()
}

fn hold(client: &Client, numbers: &[String]) {
    for number in numbers {
        assert_eq!(client.try_hold(number, true).unwrap().status, 200);
    }
}

fn held(database: &Path) -> BTreeSet<String> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let sql = "SELECT number FROM v_personal_number WHERE user_id = 'user-test@ccc-test'";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
#[ignore = "needs litestream"]
#[expect(clippy::print_stdout, reason = "the time that was lost is worth reading")]
fn when_both_are_killed_only_the_newest_changes_are_lost_and_none_in_between() {
    let mut replicated = Replicated::start();
    let client = replicated.demo.client();
    let numbers = client.numbers(false);
    let (first, then) = numbers[..60].split_at(10);
    hold(&client, first);
    replicated.wait_for(last_change(&replicated.demo.database()));
    let mut moments = Vec::new();
    for number in then {
        hold(&client, std::slice::from_ref(number));
        moments.push(Instant::now());
        std::thread::sleep(Duration::from_millis(40));
    }
    replicated.litestream.kill();
    replicated.demo.program.kill();
    let killed = Instant::now();

    let copy = replicated.restored("restored.db").expect("a copy from the replica");
    assert_sound(&copy);
    let held = held(&copy);
    assert!(first.iter().all(|number| held.contains(number)));
    let kept = then.iter().take_while(|number| held.contains(*number)).count();
    assert!(then[kept..].iter().all(|number| !held.contains(number)), "a gap: {held:?}");
    let lost = moments.get(kept).map_or(Duration::ZERO, |moment| killed - *moment);
    println!("{kept} of {} changes kept; lost: the last {lost:.1?}", then.len());
}

#[test]
#[ignore = "needs litestream"]
fn what_was_changed_while_litestream_was_down_is_there_too() {
    let mut replicated = Replicated::start();
    let numbers = replicated.demo.client().numbers(false);
    hold(&replicated.demo.client(), &numbers[..10]);
    replicated.wait_for(last_change(&replicated.demo.database()));
    replicated.litestream.kill();
    hold(&replicated.demo.client(), &numbers[10..40]);
    // A server that is stopped empties its write-ahead log, which Litestream has not read yet.
    replicated.demo.program.terminate();
    replicated.demo.program.child.wait().unwrap();
    replicated.demo.restart();
    replicated.follow_again();
    hold(&replicated.demo.client(), &numbers[40..60]);
    let copy = replicated.wait_for(last_change(&replicated.demo.database()));
    assert_sound(&copy);
    assert_eq!(held(&copy), held(&replicated.demo.database()));
}

#[test]
#[ignore = "needs litestream"]
fn a_standby_that_followed_takes_over_and_knows_the_clients() {
    let mut replicated = Replicated::start();
    let client = replicated.demo.client();
    let numbers = client.numbers(false);
    hold(&client, &numbers[..10]);
    replicated.wait_for(last_change(&replicated.demo.database()));
    let standby = replicated.demo.directory.join("standby.db");
    let database = replicated.demo.database();
    let arguments = ["restore", "-f", "-o", standby.to_str().unwrap(), database.to_str().unwrap()];
    let mut following = Running::start(&replicated.demo, &arguments);
    hold(&client, &numbers[10..40]);
    let newest = last_change(&database);
    let began = Instant::now();
    while last_change(&standby) < newest {
        assert!(began.elapsed() < PATIENCE, "the standby never had change {newest}");
        std::thread::sleep(Duration::from_millis(200));
    }

    replicated.demo.program.kill();
    replicated.litestream.kill();
    following.kill();
    // The log of a machine that was killed is still there, and must not become a part of the copy.
    let left = std::fs::metadata(database.with_extension("db-wal")).unwrap().len();
    assert!(left > 0);
    let [standby, database] = [&standby, &database].map(|path| path.to_str().unwrap());
    let restored = Program::run(&["restore", standby, "--database", database], "");
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    assert_sound(database.as_ref());
    let promoted = Program::start(&["serve", "--database", database]);
    let client = Client::new(promoted.address);
    assert_eq!(client.numbers(true).len(), 41);
    hold(&client, &numbers[40..41]);
}
