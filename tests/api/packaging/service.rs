//! What systemd is told by the server.

use crate::support::{Program, eventually};
use std::collections::BTreeSet;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// What the server says until it says nothing for so long.
fn said(socket: &UnixDatagram, patience: Duration) -> Vec<String> {
    socket.set_read_timeout(Some(patience)).unwrap();
    let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(length) = socket.recv(&mut buffer) {
        said.push(std::str::from_utf8(&buffer[..length]).unwrap().trim_end().to_owned());
        if said.len() == 8 {
            break;
        }
    }
    said
}

#[test]
fn systemd_hears_that_the_server_serves_and_lives_and_stops_and_nothing_while_it_stands_still() {
    let directory = tempfile::tempdir().unwrap();
    let address = directory.path().join("notify");
    let socket = UnixDatagram::bind(&address).unwrap();
    let mut command = Program::command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("NOTIFY_SOCKET", &address).env("WATCHDOG_USEC", "300000");
    let server = Program::start_command(command);
    let heard: BTreeSet<String> = said(&socket, Duration::from_secs(20)).into_iter().collect();
    assert_eq!(heard, BTreeSet::from(["READY=1".to_owned(), "WATCHDOG=1".to_owned()]));

    let process = rustix::process::Pid::from_child(&server.child);
    let signal = |signal| rustix::process::kill_process(process, signal).unwrap();
    signal(rustix::process::Signal::STOP);
    // What was sent before.
    said(&socket, Duration::from_millis(300));
    assert_eq!(said(&socket, Duration::from_millis(900)), [""; 0]);
    signal(rustix::process::Signal::CONT);
    server.terminate();
    eventually("it says that it stops", || {
        said(&socket, Duration::from_millis(300)).contains(&"STOPPING=1".to_owned())
    });
}
