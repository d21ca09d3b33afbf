//! Connections of which nothing comes end; those that make progress go on.

use crate::support::{Client, PATIENCE, Program, eventually, figure};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The largest page that everybody may read.
const LARGE: &[u8] = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A body whose end never comes.
const CHUNKED: &str = "HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";

/// How many sockets the server has open, its listener among them.
pub(super) fn sockets(server: &Program) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.child.id()))
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .filter(|target| target.to_string_lossy().starts_with("socket:"))
        .count()
}

/// Waits until the server has no more sockets than at the beginning.
pub(super) fn await_sockets(server: &Program, fewest: usize, patience: Duration) -> Duration {
    let began = Instant::now();
    while sockets(server) > fewest {
        assert!(
            began.elapsed() < patience,
            "{} sockets are open still, of {fewest}",
            sockets(server)
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    began.elapsed()
}

/// A client that asks `times` times for the largest page and takes nothing, through a small window.
pub(super) fn stalled_reader(address: SocketAddr, times: usize) -> TcpStream {
    let socket = rustix::net::socket(
        rustix::net::AddressFamily::INET,
        rustix::net::SocketType::STREAM,
        None,
    )
    .unwrap();
    rustix::net::sockopt::set_socket_recv_buffer_size(&socket, 2048).unwrap();
    rustix::net::connect(&socket, &address).unwrap();
    let mut stream = TcpStream::from(socket);
    stream.write_all(&LARGE.repeat(times)).unwrap();
    stream
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_given_up() {
    let server = Program::start(&["demo"]);
    let before = sockets(&server);
    let readers: Vec<TcpStream> = (0..20).map(|_| stalled_reader(server.address, 8)).collect();
    // One that takes a little now and then is none of them.
    let mut taking = stalled_reader(server.address, 8);
    taking.set_read_timeout(Some(PATIENCE)).unwrap();
    let (ended, over) = std::sync::mpsc::channel::<()>();
    let taker = std::thread::spawn(move || {
        let mut piece = [0; 40_000];
        while over.try_recv().is_err() {
            assert!(taking.read(&mut piece).unwrap() > 0, "given up although it takes");
            std::thread::sleep(Duration::from_millis(400));
        }
    });
    eventually("all are connected", || sockets(&server) == before + 21);
    let took = await_sockets(&server, before + 1, Duration::from_secs(60));
    assert!(took > Duration::from_secs(15), "{took:?}");
    ended.send(()).unwrap();
    taker.join().unwrap();
    drop(readers);
    figure(
        "clients that take nothing of their answer",
        0,
        20,
        &format!("all given up after {} s", took.as_secs()),
        "one that takes a little now and then goes on",
    );
}

#[test]
fn a_client_that_takes_its_answer_slowly_gets_all_of_it() {
    let server = Program::start(&["demo"]);
    let mut whole = Vec::new();
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(&LARGE.replace_close()).unwrap();
    stream.read_to_end(&mut whole).unwrap();
    assert!(whole.len() > 500_000, "{}", whole.len());
    let mut slow = stalled_reader(server.address, 1);
    slow.set_read_timeout(Some(PATIENCE)).unwrap();
    let (began, mut taken) = (Instant::now(), 0);
    let mut piece = vec![0; 40_000];
    // Longer than a stalled write or the wait for the next request may last.
    while taken < whole.len() - 64 {
        let count = slow.read(&mut piece).unwrap();
        assert!(count > 0, "the connection ended at byte {taken} of {}", whole.len());
        taken += count;
        let due = Duration::from_secs(50).mul_f64(taken as f64 / whole.len() as f64);
        std::thread::sleep(due.saturating_sub(began.elapsed()));
    }
    assert!(began.elapsed() > Duration::from_secs(45), "{:?}", began.elapsed());
}

trait ReplaceClose {
    fn replace_close(&self) -> Vec<u8>;
}

impl ReplaceClose for [u8] {
    /// The same request, after which the server closes the connection.
    fn replace_close(&self) -> Vec<u8> {
        String::from_utf8_lossy(self)
            .replace("Host: localhost\r\n", "Host: localhost\r\nConnection: close\r\n")
            .into_bytes()
    }
}

/// Sends a beginning and then a byte (or what passes for one) twice a second, until the connection
/// ends or the patience does.
fn trickle(
    address: SocketAddr,
    beginning: &str,
    piece: &str,
    patience: Duration,
) -> (Duration, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(beginning.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let (began, mut answer) = (Instant::now(), Vec::new());
    let mut chunk = [0; 65_536];
    while began.elapsed() < patience {
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
        if stream.write_all(piece.as_bytes()).is_err() {
            break;
        }
    }
    (began.elapsed(), String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn a_connection_is_closed_after_the_answer_to_a_body_that_came_too_slowly() {
    let server = Program::start(&["demo"]);
    let beginning = format!("POST /?Action=ListInstancesOfUser {CHUNKED}");
    let (took, answer) = trickle(server.address, &beginning, "1\r\na\r\n", Duration::from_secs(60));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(took < Duration::from_secs(40), "{took:?}");
}

#[test]
fn a_connection_is_closed_when_an_answer_came_before_the_body() {
    let server = Program::start(&["demo"]);
    for (target, status) in [("/nothing", "404"), ("/healthz", "404")] {
        let (took, answer) = trickle(
            server.address,
            &format!("POST {target} {CHUNKED}"),
            "1\r\na\r\n",
            Duration::from_secs(60),
        );
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(took < Duration::from_secs(30), "{target}: {took:?}");
    }
}

#[test]
fn the_head_of_a_later_request_has_its_time_too() {
    let server = Program::start(&["demo"]);
    let beginning = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\n";
    let (took, answer) = trickle(server.address, beginning, "a", Duration::from_secs(60));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let expected = Duration::from_secs(15)..Duration::from_secs(45);
    assert!(expected.contains(&took), "{took:?}");
}

#[test]
fn a_connection_too_many_is_told_so_and_a_place_that_is_given_back_is_used_again() {
    let server = Program::start(&["demo", "--max-connections", "10"]);
    let held: Vec<TcpStream> =
        (0..10).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(300));
    let mut refused = TcpStream::connect(server.address).unwrap();
    let mut answer = String::new();
    refused.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 2"), "{answer}");
    drop(held);
    eventually("there are places", || Client::new(server.address).get("/healthz").status == 200);
}
