//! What hostile and busy clients cost in memory: 40 MB at most, whatever they do.

use super::slow::{await_sockets, sockets, stalled_reader};
use crate::ccc::signer::pairs;
use crate::ccc::wire::{v1_common, v1_get};
use crate::support::{Client, PATIENCE, Program, eventually};
use numberd::domain::Clock;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

/// How much more than before a server may have. The frames of a program that is not optimised are
/// larger, on each of hundreds of threads.
fn most_kib() -> u64 {
    if std::env::var_os("NUMBERD_PROGRAM").is_some() { 40 * 1024 } else { 64 * 1024 }
}

/// Runs `attack` against a server that is warm, and asserts what it cost.
fn assert_bounded(name: &str, attack: impl FnOnce(&Program)) {
    let server = Program::start(&["demo"]);
    let client = Client::new(server.address);
    for _ in 0..50 {
        client.numbers(false);
    }
    let before = server.anonymous_kib();
    attack(&server);
    // Free memory goes back to the system within seconds, on a busy machine in more of them.
    let after = server.await_memory(name, before + most_kib());
    eprintln!("{name}: {before} KiB before, {after} KiB after");
}

/// Calls `act` with 0, 1, … on some threads.
fn in_parallel(threads: usize, times: usize, act: impl Fn(usize) + Sync) {
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let act = &act;
            scope.spawn(move || (thread..times).step_by(threads).for_each(act));
        }
    });
}

#[test]
fn four_hundred_password_resets_at_once_stay_bounded() {
    assert_bounded("400 resets", |server| {
        in_parallel(100, 400, |number| {
            let password = format!("Abcdef12345{number}");
            let parameters = [
                ("InstanceId", "vcc-test"),
                ("UserId", "annakowalska@vcc-test"),
                ("Password", password.as_str()),
            ];
            let reply = Client::new(server.address).call("ResetUserPassword", &parameters);
            assert_eq!(reply.status, 200, "{}", reply.body);
        });
    });
}

#[test]
fn three_hundred_clients_that_take_nothing_stay_bounded() {
    assert_bounded("300 slow readers", |server| {
        let before = sockets(server);
        let readers: Vec<TcpStream> = (0..300).map(|_| stalled_reader(server.address, 8)).collect();
        eventually("all are connected", || sockets(server) >= before + 300);
        std::thread::sleep(Duration::from_secs(3));
        let meanwhile = server.anonymous_kib();
        eprintln!("with 300 slow readers: {meanwhile} KiB");
        assert!(meanwhile < 120 * 1024, "{meanwhile} KiB");
        await_sockets(server, before, PATIENCE);
        drop(readers);
    });
}

#[test]
fn three_hundred_bodies_that_never_end_stay_bounded() {
    assert_bounded("300 unfinished bodies", |server| {
        let before = sockets(server);
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n";
        let bytes = [head.as_bytes(), &vec![b'a'; 261_000]].concat();
        let bodies: Vec<TcpStream> = (0..300)
            .map(|_| {
                let mut stream = TcpStream::connect(server.address).unwrap();
                stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
                let _ = stream.write_all(&bytes);
                stream
            })
            .collect();
        let meanwhile = server.anonymous_kib();
        eprintln!("with 300 unfinished bodies: {meanwhile} KiB");
        assert!(meanwhile < 120 * 1024, "{meanwhile} KiB");
        await_sockets(server, before, PATIENCE);
        drop(bodies);
    });
}

#[test]
fn three_hundred_files_that_never_end_stay_bounded_and_hold_nobody_up() {
    assert_bounded("300 unfinished files", |server| {
        let before = sockets(server);
        let head = "POST /api/v1/instances/ccc-test/imports HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer demo-token\r\nContent-Type: text/csv\r\nContent-Length: 10000000\r\n\r\n";
        let bytes = [head.as_bytes(), &vec![b'a'; 2_000_000]].concat();
        let files: Vec<TcpStream> = (0..300)
            .map(|_| {
                let mut stream = TcpStream::connect(server.address).unwrap();
                stream.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
                let _ = stream.write_all(&bytes);
                stream
            })
            .collect();
        let meanwhile = server.anonymous_kib();
        eprintln!("with 300 unfinished files: {meanwhile} KiB");
        assert!(meanwhile < 120 * 1024, "{meanwhile} KiB");
        assert_eq!(Client::new(server.address).get("/readyz").status, 200);
        drop(files);
        await_sockets(server, before, PATIENCE);
    });
}

#[test]
#[ignore = "needs half a minute"]
fn twenty_thousand_failed_logins_stay_bounded() {
    assert_bounded("20,000 failed logins", |server| {
        let agent = crate::support::agent();
        in_parallel(8, 20_000, |number| {
            let form = format!(
                "grant_type=client_credentials&scope=users:read&client_id=client-{number}&client_secret=wrong"
            );
            let reply = agent
                .post(format!("http://{}/Auth/connect/token", server.address))
                .header("content-type", "application/x-www-form-urlencoded")
                .send(form);
            assert!(matches!(reply.unwrap().status().as_u16(), 400 | 429));
        });
    });
}

#[test]
#[ignore = "needs half a minute"]
fn twenty_thousand_nonces_stay_bounded() {
    assert_bounded("20,000 nonces", |server| {
        let agent = crate::support::agent();
        // A short answer: what is kept of a request does not depend on it.
        let list = [("Action", "ListRoles"), ("InstanceId", "ccc-test")];
        in_parallel(8, 20_000, |number| {
            let now = Clock::System.now().to_string();
            let request = v1_get(&[v1_common(&format!("n-{number}"), &now), pairs(&list)].concat());
            let reply = agent.get(format!("http://{}{}", server.address, request.target)).call();
            assert_eq!(reply.unwrap().status().as_u16(), 200);
        });
    });
}
