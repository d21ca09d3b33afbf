//! Disks that fail: calls of the server's that `strace` has fail.

use super::Demo;
use super::disks::Callers;
use super::record::traced;
use crate::support::{Client, Program, figure, times};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

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
#[ignore = "needs strace"]
fn when_the_disk_can_be_written_again_changes_go_on_without_a_restart() {
    let demo = Demo::start();
    let callers = Callers::of(&demo);
    callers.assert_done(true);
    let errors = ["EROFS", "EIO", "ENOSPC"];
    for error in errors.repeat(times(1, 10)) {
        let failing =
            Failing::calls_of(demo.program.child.id(), &format!("inject=pwrite64:error={error}"));
        callers.assert_refused(false);
        failing.end();
        callers.assert_done(false);
        callers.assert_done(true);
    }
    demo.assert_sound();
    figure(
        "changes while the disk fails (EROFS, EIO, ENOSPC)",
        0,
        3 * errors.len() * times(1, 10),
        "each 503 on three faces, and reads went on",
        "without the fault the same changes are done, without a restart",
    );
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
    figure(
        "a failed fsync of a change",
        0,
        acknowledged.len(),
        "none that was acknowledged before is lost; the process ended with 5",
        "the change whose fsync failed was not acknowledged",
    );
}
