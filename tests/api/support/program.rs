//! The program itself, as a process: the one that cargo built with the tests, or the one that
//! `NUMBERD_PROGRAM` names.

use super::PATIENCE;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// A running `numberd`; killed when it is dropped.
pub struct Program {
    pub child: Child,
    pub address: SocketAddr,
}

impl Program {
    /// The path of the program.
    pub fn path() -> PathBuf {
        std::env::var_os("NUMBERD_PROGRAM")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_numberd")), PathBuf::from)
    }

    /// A command line, without the variables of the test's surroundings.
    pub fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(Self::path());
        command.args(arguments).env("TZ", "UTC");
        for (name, _) in std::env::vars()
            .filter(|(name, _)| name.starts_with("NUMBERD_") && name != "NUMBERD_PROGRAM")
        {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command line to its end.
    pub fn run(arguments: &[&str], stdin: &str) -> Output {
        let mut child = Self::command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that ends without reading closes the pipe; that is its right.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// The memory that the process has for itself, in KiB. Pages of the program's own file don't
    /// count: they belong to the file, and a program that is not optimised has many.
    pub fn anonymous_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Waits until the process has less memory for itself than this many KiB, and says how much.
    pub fn await_memory(&self, name: &str, most: u64) -> u64 {
        let began = Instant::now();
        loop {
            let now = self.anonymous_kib();
            if now < most {
                return now;
            }
            assert!(began.elapsed() < PATIENCE, "{name}: {now} KiB, not less than {most}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Starts a server (`demo` or `serve`) on a port of its own and waits until it listens.
    pub fn start(arguments: &[&str]) -> Self {
        let arguments = [arguments, &["--listen", "127.0.0.1:0"]].concat();
        Self::start_command(Self::command(&arguments))
    }

    /// The same for a command that was prepared otherwise.
    pub fn start_command(command: Command) -> Self {
        let mut log = tempfile::tempfile().unwrap();
        Self::started(command, log.try_clone().unwrap().into()).unwrap_or_else(|ended| {
            let mut said = String::new();
            log.rewind().unwrap();
            log.read_to_string(&mut said).unwrap();
            panic!("the program ended before it listened, {ended}: {said}")
        })
    }

    /// The same with a place for its log.
    pub fn start_logged(command: Command, log: Stdio) -> Self {
        Self::started(command, log)
            .unwrap_or_else(|ended| panic!("the program ended before it listened, {ended}"))
    }

    fn started(mut command: Command, log: Stdio) -> Result<Self, ExitStatus> {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| {
            let (_, address) = line.strip_prefix("listening on ")?.split_once("://")?;
            address.split('/').next().map(str::to_owned)
        });
        match address {
            Some(address) => Ok(Self { child, address: address.parse().unwrap() }),
            None => Err(child.wait().unwrap()),
        }
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
