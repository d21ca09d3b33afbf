//! Disks that are full or can't be written: changes are refused, reading goes on, and writing too once there is room.

use super::{Demo, assert_sound};
use crate::support::{Client, Program, Reply};
use std::path::Path;
use std::process::Command;

/// A file system of its own, small, in memory.
struct Mount {
    directory: tempfile::TempDir,
}

impl Mount {
    fn new(options: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        run(Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(directory.path()));
        Self { directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily: a test that failed may have left a server there.
        let _ = Command::new("umount").arg("-l").arg(self.directory.path()).status();
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Gives and takes numbers until a change is refused.
fn fill(client: &Client, numbers: &[String]) -> Reply {
    for round in 0..2000 {
        let reply = client.try_hold(&numbers[round % numbers.len()], (round / numbers.len()).is_multiple_of(2)).unwrap();
        if reply.status != 200 {
            return reply;
        }
    }
    panic!("the disk took 2,000 changes");
}

fn assert_unavailable(reply: &Reply) {
    assert_eq!((reply.status, reply.json()["Code"].as_str()), (503, Some("ServiceUnavailable")), "{}", reply.body);
    assert_eq!(reply.header("retry-after"), Some("2"));
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn on_a_full_mounted_disk_changes_are_refused_until_there_is_room() {
    let mount = Mount::new("size=2m,mode=700");
    let mut demo = Demo::start_in(mount.path());
    let client = demo.client();
    let numbers = client.numbers(false);
    let ballast = mount.path().join("ballast");
    let free =
        2 * 1024 * 1024 - std::fs::read_dir(mount.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len().div_ceil(4096) * 4096).sum::<u64>();
    std::fs::write(&ballast, vec![0; usize::try_from(free.saturating_sub(40_960)).unwrap()]).unwrap();
    assert_unavailable(&fill(&client, &numbers));
    // What was held before the refusal is what is held after it, and it can be read.
    let held = client.numbers(true);
    assert_unavailable(&client.try_hold(&numbers[0], !held.contains(&numbers[0])).unwrap());
    assert_eq!(client.numbers(true), held);
    assert_eq!(client.get("/readyz").status, 200);
    std::fs::remove_file(&ballast).unwrap();
    let hold = !held.contains(&numbers[0]);
    assert_eq!(client.try_hold(&numbers[0], hold).unwrap().status, 200);
    assert_eq!(client.numbers(true).contains(&numbers[0]), hold);
    demo.program.kill();
    assert_sound(&demo.database());
}

#[test]
fn when_the_files_cant_grow_changes_are_refused_and_reads_go_on() {
    // A limit on the size of files refuses writes as a disk does, and needs no root.
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("demo.db");
    drop(Demo::start_in(directory.path()));
    let kilobytes = std::fs::metadata(&database).unwrap().len() / 1024 + 100;
    let mut command = Command::new("bash");
    command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\"")).arg("bash").arg(Program::path());
    command.args(["demo", "--listen", "127.0.0.1:0", "--database"]).arg(&database);
    let mut program = Program::start_command(command);
    let client = Client::new(program.address);
    let numbers = client.numbers(false);
    // Another program's long read keeps the log from being emptied.
    let reader = rusqlite::Connection::open(&database).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM phone_number").unwrap();
    assert_unavailable(&fill(&client, &numbers));
    let held = client.numbers(true);
    assert_unavailable(&client.try_hold(&numbers[0], !held.contains(&numbers[0])).unwrap());
    assert_eq!(client.numbers(true), held);
    drop(reader);
    program.kill();
    assert_sound(&database);
    let again = Demo::start_in(directory.path());
    assert_eq!(again.client().numbers(true), held);
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn a_read_only_mounted_disk_is_refused_at_the_start_with_a_sentence() {
    let mount = Mount::new("size=4m,mode=700");
    let mut demo = Demo::start_in(mount.path());
    demo.program.terminate();
    assert!(demo.program.child.wait().unwrap().success());
    run(Command::new("mount").args(["-o", "remount,ro"]).arg(mount.path()));
    for arguments in [&["serve"][..], &["check"], &["token", "create", "user-test"]] {
        let output = Program::run(&[arguments, &["--database", demo.database().to_str().unwrap(), "--listen", "127.0.0.1:0"]].concat(), "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert!(said.contains("must be writable") && said.lines().count() == 1, "{said}");
    }
}
