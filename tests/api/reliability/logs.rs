//! The log is a side channel: whatever becomes of it, requests are answered.

use crate::support::{Client, Program};
use std::fs::File;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Three reads and a write, each of which is logged; and that the write is kept.
fn assert_served(server: &Program) {
    let client = Client::new(server.address);
    let number = client.numbers(false)[0].clone();
    for _ in 0..3 {
        let began = Instant::now();
        let reply = client.call("ListRoles", &[("InstanceId", "ccc-test")]);
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
    assert_eq!(client.try_hold(&number, true).unwrap().status, 200);
    assert!(client.numbers(true).contains(&number));
}

/// How many lines the server counts as lost.
fn dropped(server: &Program) -> u64 {
    let metrics = Client::new(server.address).metrics();
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix("numberd_log_lines_dropped_total "))
        .unwrap_or_else(|| panic!("no count in {metrics}"));
    line.parse().unwrap()
}

fn start(format: &str, log: impl Into<Stdio>) -> Program {
    let command = Program::command(&["demo", "--listen", "127.0.0.1:0", "--log-format", format]);
    Program::start_logged(command, log.into())
}

#[test]
fn a_log_on_a_full_disk_is_dropped_and_counted() {
    for format in ["text", "json"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let server = start(format, full);
        assert_served(&server);
        assert!(dropped(&server) >= 5, "{format}: {}", dropped(&server));
    }
}

#[test]
fn a_log_whose_reader_has_gone_is_dropped_and_counted() {
    let (reader, writer) = std::io::pipe().unwrap();
    let server = start("text", writer);
    drop(reader);
    assert_served(&server);
    assert!(dropped(&server) >= 5, "{}", dropped(&server));
}

#[test]
fn a_log_whose_reader_stalls_is_waited_for_by_nobody() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut server = start("text", writer);
    let client = Client::new(server.address);
    // More than a pipe of 64 KiB and the queue of 4,096 lines hold. A server that waited for the
    // reader would never answer again.
    for _ in 0..6_000 {
        let began = Instant::now();
        client.call("ListRoles", &[("InstanceId", "ccc-test")]);
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
    assert_served(&server);
    assert!(dropped(&server) > 1_000, "{}", dropped(&server));
    // The stop doesn't wait for the reader either.
    let began = Instant::now();
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    let mut first = [0; 4096];
    assert!(reader.read(&mut first).unwrap() > 0);
}

#[test]
fn every_line_is_written_while_there_is_a_reader() {
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("log");
    let mut server = start("json", File::create(&log).unwrap());
    let client = Client::new(server.address);
    for _ in 0..50 {
        client.call("ListRoles", &[("InstanceId", "ccc-test")]);
    }
    assert_eq!(dropped(&server), 0);
    server.terminate();
    server.child.wait().unwrap();
    let log = std::fs::read_to_string(&log).unwrap();
    assert_eq!(log.matches("ListRoles answered OK").count(), 50, "{log}");
}
