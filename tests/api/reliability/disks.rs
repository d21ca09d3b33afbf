//! Disks that are full, can't be written or fail: changes are refused, reading goes on, and writing
//! too once it can be done.

use super::record::traced;
use super::{Demo, assert_sound};
use crate::support::{Client, Program, Reply};
use crate::vcc::{self, Vcc};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

/// A file system of its own.
struct Mount {
    directory: tempfile::TempDir,
}

impl Mount {
    /// In memory.
    fn new(options: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(directory.path()));
        Self { directory }
    }

    /// What an image holds; it becomes read-only after an error, as Debian's root file system does.
    fn of(image: &Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        run(Command::new("mount")
            .args(["-o", "loop,errors=remount-ro"])
            .arg(image)
            .arg(directory.path()));
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

/// Gives and takes numbers until a change is refused; returns which. A smaller one might still find
/// room.
fn fill<'n>(client: &Client, numbers: &'n [String]) -> (&'n str, bool) {
    for round in 0..2000 {
        let (number, hold) =
            (&numbers[round % numbers.len()], (round / numbers.len()).is_multiple_of(2));
        let reply = client.try_hold(number, hold).unwrap();
        if reply.status != 200 {
            assert_unavailable(&reply);
            return (number, hold);
        }
    }
    panic!("the disk took 2,000 changes");
}

fn assert_unavailable(reply: &Reply) {
    assert_eq!(
        (reply.status, reply.json()["Code"].as_str()),
        (503, Some("ServiceUnavailable")),
        "{}",
        reply.body
    );
    assert_eq!(reply.header("retry-after"), Some("2"));
}

/// A caller of each of the three APIs, who changes something that none of the others does.
struct Callers {
    ccc: Client,
    vcc: Vcc,
    number: String,
}

impl Callers {
    fn of(demo: &Demo) -> Self {
        let address = demo.program.address;
        let vcc =
            Vcc { address, token: vcc::token(address, "demo-client", "users:read users:write") };
        let ccc = demo.client();
        let number = ccc.numbers(false)[0].clone();
        Self { ccc, vcc, number }
    }

    /// A change through each, the same every time or its opposite.
    fn change(&self, give: bool) -> [Reply; 3] {
        let method = if give { "PUT" } else { "DELETE" };
        let spare: &[&str] = if give { &[vcc::LONDON_SPARE] } else { &[] };
        [
            self.ccc.try_hold(&self.number, give).unwrap(),
            self.vcc.replace(vcc::ANNA, spare),
            self.membership(method),
        ]
    }

    /// What they changed, as each reads it.
    fn read(&self) -> (bool, Vec<String>, u16) {
        (
            self.ccc.numbers(true).contains(&self.number),
            self.vcc.numbers(vcc::ANNA),
            self.membership("GET").status,
        )
    }

    /// A request of the admin API for a membership that the sample has not.
    fn membership(&self, method: &str) -> Reply {
        let path = "/api/v1/instances/ccc-test/skill-groups/night@ccc-test/users/wangfang@ccc-test";
        vcc::send(self.vcc.address, method, path, &[("authorization", "Bearer demo-token")], None)
    }

    fn assert_done(&self, give: bool) {
        let statuses = self.change(give).map(|reply| reply.status);
        assert_eq!(statuses, [200, 200, 204]);
        let spare = if give { vec![vcc::LONDON_SPARE.to_owned()] } else { Vec::new() };
        assert_eq!(self.read(), (give, spare, if give { 200 } else { 404 }));
    }

    /// That each is refused in its own words, in time, and goes on reading what was there.
    fn assert_refused(&self, give: bool) {
        let before = self.read();
        let began = Instant::now();
        let [ccc, vcc, admin] = self.change(give);
        assert!(
            began.elapsed() < Duration::from_secs(6),
            "three changes were refused after {:?}",
            began.elapsed()
        );
        assert_unavailable(&ccc);
        assert_eq!(
            (vcc.status, vcc.json()["message"].as_str()),
            (503, Some("The service is unavailable just now; try again.")),
            "{}",
            vcc.body
        );
        let problem = admin.json()["type"].as_str().map(|kind| kind.ends_with("/unavailable"));
        assert_eq!(
            (admin.status, admin.header("content-type"), problem),
            (503, Some("application/problem+json"), Some(true)),
            "{}",
            admin.body
        );
        assert!([ccc, vcc, admin].iter().all(|reply| reply.header("retry-after") == Some("2")));
        assert_eq!(self.read(), before);
        assert_eq!(self.ccc.get("/readyz").status, 200);
    }
}

/// `strace` on a running process, which makes some of its calls fail.
struct Failing {
    strace: Child,
    /// Held open: a message to nobody would end `strace`, and it has one for each thread that the
    /// process starts.
    _messages: BufReader<ChildStderr>,
}

impl Failing {
    fn calls_of(process: u32, failure: &str) -> Self {
        let mut strace = Command::new("strace")
            .args(["-f", "-e", failure, "-o", "/dev/null", "-p", &process.to_string()])
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace");
        let mut messages = BufReader::new(strace.stderr.take().unwrap());
        let attached =
            messages.by_ref().lines().map_while(Result::ok).any(|line| line.contains("attached"));
        assert!(attached, "strace could not trace the server");
        Self { strace, _messages: messages }
    }

    /// Lets the process go on as it was.
    fn end(mut self) {
        rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.strace),
            rustix::process::Signal::TERM,
        )
        .unwrap();
        self.strace.wait().unwrap();
    }
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn on_a_full_mounted_disk_changes_are_refused_until_there_is_room() {
    let mount = Mount::new("size=4m,mode=700");
    let mut demo = Demo::start_in(mount.path());
    let client = demo.client();
    let numbers = client.numbers(false);
    let ballast = mount.path().join("ballast");
    let free = 4 * 1024 * 1024
        - std::fs::read_dir(mount.path())
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len().div_ceil(4096) * 4096)
            .sum::<u64>();
    std::fs::write(&ballast, vec![0; usize::try_from(free.saturating_sub(40_960)).unwrap()])
        .unwrap();
    let (number, hold) = fill(&client, &numbers);
    let holds = || client.numbers(true).iter().any(|held| held == number);
    assert_ne!(holds(), hold, "nothing of the refused change is there, and the rest can be read");
    assert_eq!(client.get("/readyz").status, 200);
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(client.try_hold(number, hold).unwrap().status, 200);
    assert_eq!(holds(), hold);
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
    command
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\""))
        .arg("bash")
        .arg(Program::path());
    command.args(["demo", "--listen", "127.0.0.1:0", "--database"]).arg(&database);
    let mut program = Program::start_command(command);
    let client = Client::new(program.address);
    let numbers = client.numbers(false);
    // Another program's long read keeps the log from being emptied.
    let reader = rusqlite::Connection::open(&database).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM phone_number").unwrap();
    let (number, hold) = fill(&client, &numbers);
    let held = client.numbers(true);
    assert_ne!(
        held.iter().any(|held| held == number),
        hold,
        "nothing of the refused change is there"
    );
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
    let database = demo.database();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["token", "create", "user-test"]]
    {
        let named = [arguments, &["--database", database.to_str().unwrap()]].concat();
        let output = Program::run(&named, "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert!(said.contains("read-only") && said.lines().count() == 1, "{said}");
    }
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn on_a_mounted_disk_that_turns_read_only_changes_are_refused_and_reads_go_on() {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(16 * 1024 * 1024).unwrap();
    run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image.path()));
    let mount = Mount::of(image.path());
    let mut demo = Demo::start_in(mount.path());
    let callers = Callers::of(&demo);
    callers.assert_done(true);
    // As after an error of the disk. The kernel lets nobody else do it while a file is open for
    // writing.
    run(Command::new("mount").args(["-o", "remount,abort"]).arg(mount.path()));
    callers.assert_refused(false);
    let held = callers.read();
    callers.assert_refused(false);
    demo.program.terminate();
    assert!(demo.program.child.wait().unwrap().success());
    // The kernel wants it mounted anew before it is written again, so the server can't go on by
    // itself.
    drop(mount);
    let mount = Mount::of(image.path());
    let mut again = Demo::start_in(mount.path());
    assert_sound(&again.database());
    let callers = Callers {
        ccc: again.client(),
        vcc: Vcc { address: again.program.address, token: callers.vcc.token.clone() },
        ..callers
    };
    assert_eq!(callers.read(), held);
    callers.assert_done(false);
    again.program.kill();
}

#[test]
#[ignore = "needs strace"]
fn when_the_disk_can_be_written_again_changes_go_on_without_a_restart() {
    let demo = Demo::start();
    let callers = Callers::of(&demo);
    callers.assert_done(true);
    for error in ["EROFS", "EIO", "ENOSPC"] {
        let failing =
            Failing::calls_of(demo.program.child.id(), &format!("inject=pwrite64:error={error}"));
        callers.assert_refused(false);
        failing.end();
        callers.assert_done(false);
        callers.assert_done(true);
    }
    demo.assert_sound();
}

#[test]
#[ignore = "needs strace"]
fn a_failed_fsync_of_a_change_ends_the_process_and_what_was_acknowledged_is_there() {
    let directory = tempfile::tempdir().unwrap();
    drop(Demo::start_in(directory.path()));
    let database = directory.path().join("demo.db");
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--database", database.to_str().unwrap()];
    // The calls are counted for each thread, and the writing thread has synced only changes.
    let failure = ["-e", "inject=fsync,fdatasync:error=EIO:when=12+"];
    let mut program = Program::start_command(traced(&failure, Path::new("/dev/null"), &arguments));
    let client = Client::new(program.address);
    let numbers = client.numbers(false);
    let mut acknowledged = Vec::new();
    let failed = numbers.iter().find(|number| match client.try_hold(number, true) {
        Ok(reply) => {
            assert_eq!(reply.status, 200, "{}", reply.body);
            acknowledged.push((*number).clone());
            false
        }
        Err(_) => true,
    });
    assert!(failed.is_some() && acknowledged.len() > 5, "{failed:?} failed after {acknowledged:?}");
    assert_eq!(program.child.wait().unwrap().code(), Some(5));
    let again = Demo::start_in(directory.path());
    let held = again.client().numbers(true);
    assert!(
        acknowledged.iter().all(|number| held.contains(number)),
        "{acknowledged:?} were acknowledged, {held:?} are held"
    );
    assert_eq!(again.client().try_hold(failed.unwrap(), true).unwrap().status, 200);
    again.assert_sound();
}
