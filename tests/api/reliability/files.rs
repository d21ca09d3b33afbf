//! The file under the server: moved, replaced, deleted, linked, served twice, only readable.

use super::Demo;
use crate::support::{Client, PATIENCE, Program, agent};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A demo whose log can be read.
fn logged_demo(directory: &Path) -> Demo {
    let demo = Demo::start_in(directory);
    drop(demo);
    let database = directory.join("demo.db");
    let command = Program::command(&[
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--database",
        database.to_str().unwrap(),
    ]);
    let log = File::create(directory.join("log")).unwrap();
    Demo {
        program: Program::start_logged(command, Stdio::from(log)),
        directory: directory.to_owned(),
        _owned: None,
    }
}

/// Waits for the end of a server that has to end by itself.
fn await_end(program: &mut Program) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(status) = program.child.try_wait().unwrap() {
            return status.code();
        }
        assert!(began.elapsed() < PATIENCE, "it goes on");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What becomes of the file, by its directory.
type Mishap = fn(&Path);

const MISHAPS: [(&str, Mishap, &str); 4] = [
    (
        "moved",
        |at| std::fs::rename(at.join("demo.db"), at.join("away.db")).unwrap(),
        "moved or deleted",
    ),
    ("deleted", |at| std::fs::remove_file(at.join("demo.db")).unwrap(), "moved or deleted"),
    (
        "replaced",
        |at| {
            std::fs::copy(at.join("demo.db"), at.join("copy.db")).unwrap();
            std::fs::rename(at.join("copy.db"), at.join("demo.db")).unwrap();
        },
        "replaced by another file",
    ),
    ("log deleted", |at| std::fs::remove_file(at.join("demo.db-wal")).unwrap(), "moved or deleted"),
];

#[test]
fn no_write_is_acknowledged_into_a_file_that_is_no_longer_there() {
    for (name, mishap, sentence) in MISHAPS {
        let directory = tempfile::tempdir().unwrap();
        let mut demo = logged_demo(directory.path());
        let client = demo.client();
        let numbers = client.numbers(false);
        assert_eq!(client.try_hold(&numbers[0], true).unwrap().status, 200);
        mishap(directory.path());
        assert_eq!(client.get("/readyz").status, 503, "{name}");
        assert!(client.get("/readyz").body.contains(sentence), "{name}");
        assert!(client.try_hold(&numbers[1], true).is_err(), "{name}");
        assert_eq!(await_end(&mut demo.program), Some(5), "{name}");
        let log = std::fs::read_to_string(directory.path().join("log")).unwrap();
        assert!(log.contains(sentence), "{name}: {log}");
    }
}

#[test]
fn a_server_that_nobody_writes_to_notices_too() {
    let directory = tempfile::tempdir().unwrap();
    let mut demo = logged_demo(directory.path());
    demo.client().numbers(false);
    // Being away for a moment is not a reason to stop.
    std::fs::rename(demo.database(), directory.path().join("away.db")).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    std::fs::rename(directory.path().join("away.db"), demo.database()).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(demo.client().get("/readyz").status, 200);
    std::fs::remove_file(demo.database()).unwrap();
    assert_eq!(await_end(&mut demo.program), Some(5));
}

#[test]
fn a_second_server_of_a_database_is_refused_whatever_path_leads_to_it() {
    let demo = Demo::start();
    let link = demo.directory.join("link.db");
    std::os::unix::fs::symlink(demo.database(), &link).unwrap();
    for path in [demo.database(), link] {
        for command in ["serve", "demo"] {
            let arguments =
                [command, "--listen", "127.0.0.1:0", "--database", path.to_str().unwrap()];
            let output = Program::run(&arguments, "");
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(4), "{error}");
            assert!(error.contains("Another numberd serves"), "{error}");
        }
    }
    // The command line is not a server.
    let database = demo.database();
    let whois = ["numbers", "list", "--instance", "ccc-test", "--database"];
    let output = Program::run(&[&whois[..], &[database.to_str().unwrap()]].concat(), "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(demo.client().get("/readyz").status, 200);
}

#[test]
fn a_linked_database_behaves_like_the_file_behind_the_link() {
    let mut demo = Demo::start();
    demo.program.terminate();
    demo.program.child.wait().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("numbers.db");
    std::os::unix::fs::symlink(demo.database(), &link).unwrap();
    // The key file is that of the file itself, and the backups lie beside it.
    let server = Program::start(&["serve", "--database", link.to_str().unwrap()]);
    std::fs::remove_file(&link).unwrap();
    let client = Client::new(server.address);
    let numbers = client.numbers(false);
    assert_eq!(client.try_hold(&numbers[0], true).unwrap().status, 200);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

/// The subcommands that only read, each with what it prints.
const READING: [&[&str]; 9] = [
    &["numbers", "list", "-q", "0833"],
    &["whois", "08335550001"],
    &["numbers", "history", "08335550001"],
    &["changes", "--limit", "1"],
    &["users", "list"],
    &["groups", "list"],
    &["instances", "list"],
    &["token", "list"],
    &["check"],
];

#[test]
fn whoever_may_only_read_a_database_can_look_into_it() {
    let demo = Demo::start();
    let copy = demo.directory.join("copy");
    std::fs::create_dir(&copy).unwrap();
    let backup = copy.join("b.db");
    let to = ["backup", "--to", backup.to_str().unwrap(), "--database"];
    let database = demo.database();
    let made = Program::run(&[&to[..], &[database.to_str().unwrap()]].concat(), "");
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    make_immutable(&copy, &backup);
    let run = |arguments: &[&str]| {
        let rest = ["--instance", "ccc-test", "--database", backup.to_str().unwrap()];
        as_nobody(&[arguments, &rest[..]].concat(), &demo.directory)
    };
    for arguments in READING {
        let (code, error) = run(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {error}");
    }
    let (code, error) = run(&["numbers", "release", "08335550001"]);
    assert_eq!(code, Some(5), "{error}");
    assert!(error.contains("read-only"), "{error}");
    assert_eq!(std::fs::read_dir(&copy).unwrap().count(), 1);
}

/// Takes the right to write from everybody but root.
fn make_immutable(directory: &Path, file: &Path) {
    use std::os::unix::fs::{PermissionsExt, chown};
    // Readable for the group only: what everybody may read is refused.
    let nobody = Some(65_534);
    for (path, mode) in [(directory, 0o550), (file, 0o440)] {
        let _ = chown(path, None, nobody);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// Runs a command as somebody who is not root, if the test is; its code and what it complained of.
fn as_nobody(arguments: &[&str], directory: &Path) -> (Option<i32>, String) {
    use std::os::unix::fs::PermissionsExt;
    let mut command = if rustix::process::geteuid().is_root() {
        std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o711)).unwrap();
        // The nobody of the test may not reach the directory that cargo builds in.
        let program = directory.join("numberd");
        if !program.exists() {
            std::fs::copy(Program::path(), &program).unwrap();
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(Program::path())
    };
    let output = command.args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[ignore = "needs root, to mount"]
fn a_backup_on_a_read_only_mounted_disk_can_be_looked_into() {
    let demo = Demo::start();
    let mount = demo.directory.join("mount");
    std::fs::create_dir(&mount).unwrap();
    let backup = mount.join("b.db");
    let database = demo.database();
    let to = ["backup", "--to", backup.to_str().unwrap(), "--database"];
    assert!(Program::run(&[&to[..], &[database.to_str().unwrap()]].concat(), "").status.success());
    let lines: String = READING.iter().map(|line| format!("$N {}\n", line.join(" "))).collect();
    let script = format!(
        "set -e; mount --make-rprivate /; mount --bind $M $M; mount -o remount,ro,bind $M\nexport NUMBERD_DATABASE=$M/b.db NUMBERD_INSTANCE=ccc-test\n{lines}! $N serve --listen 127.0.0.1:0\n! $N numbers release 08335550001\n$N backup --to $T/again.db"
    );
    let output = Command::new("unshare")
        .args(["-m", "bash", "-c", &script])
        .env("M", &mount)
        .env("T", &demo.directory)
        .env("N", Program::path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_file_of_another_user_is_refused_with_who_may_not_open_it_and_whose_it_is() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let demo = Demo::start();
    let (code, error) =
        as_nobody(&["check", "--database", demo.database().to_str().unwrap()], &demo.directory);
    assert_eq!(code, Some(5));
    assert!(error.contains("user id 65534 may not read it; it belongs to user id 0"), "{error}");
}

#[test]
fn a_long_list_as_a_file_needs_no_directory_for_temporary_files() {
    let directory = tempfile::tempdir().unwrap();
    drop(Demo::start_in(directory.path()));
    let database = directory.path().join("demo.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    let numbers = "INSERT INTO phone_number (instance_id, number)
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 24999)
         SELECT 'ccc-test', printf('0999%07d', i) FROM n";
    connection.execute_batch(numbers).unwrap();
    drop(connection);
    let mut command = Program::command(&["demo", "--listen", "127.0.0.1:0", "--database"]);
    command.arg(&database).env("TMPDIR", "/nowhere");
    let program = Program::start_command(command);
    let list = format!("http://{}/api/v1/instances/ccc-test/numbers.csv", program.address);
    let request = agent().get(list).header("authorization", "Bearer demo-token");
    let reply = request.call().unwrap();
    assert_eq!(reply.status(), 200);
    let body = reply.into_body().read_to_string().unwrap();
    assert!(body.len() > 1536 * 1024, "long enough for a file of its own: {}", body.len());
    assert!(body.lines().count() > 25_000);
    let left = std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(left, 4, "the database, its log and index, and the key; no file is left");
}
