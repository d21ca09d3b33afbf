//! A small read beside many of the dearest calls, against the program itself: how long it takes,
//! and how long when nobody else asks. The goal is 50 ms.
//!
//! `cargo bench --bench shares`, or with other counts than these:
//! `NUMBERS=50000 CLIENTS=20 SECONDS=10 cargo bench --bench shares`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it can't go on"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::{Database, Mix, TOKEN, number_of};

/// What reads most.
const DEAR: &[&str] = &[
    "/api/v1/instances/bench/numbers.csv",
    "/api/v1/instances/bench/numbers.xlsx",
    "/?Action=ListInstancesOfUser&PageNumber=1&PageSize=100",
    "/?Action=ListPersonalNumbersOfUser&InstanceId=bench&UserId=root@bench&IsMember=false&SearchPattern=1&PageNumber=100&PageSize=100",
    "/api/v1/instances/bench/numbers?q=1&page=90&per_page=100",
];

/// The server, which ends with the benchmark.
struct Server(Child, String);

impl Server {
    fn start(database: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_numberd"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned))
            .unwrap();
        Self(child, address.trim_end_matches('/').to_owned())
    }

    /// Asks for something; its status.
    fn get(&self, agent: &ureq::Agent, path: &str) -> u16 {
        let request = agent.get(format!("{}{path}", self.1));
        let mut reply = request.header("authorization", format!("Bearer {TOKEN}")).call().unwrap();
        reply.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
        reply.status().as_u16()
    }

    /// The times of small reads, one every few milliseconds, in order of their length.
    fn small(&self, numbers: u64, seconds: u64) -> Vec<Duration> {
        let (agent, mut times) = (agent(), Vec::new());
        let end = Instant::now() + Duration::from_secs(seconds);
        for index in (0..numbers).cycle() {
            let began = Instant::now();
            if began >= end {
                break;
            }
            let path = format!("/api/v1/instances/bench/numbers/{}", number_of(index));
            assert_eq!(self.get(&agent, &path), 200);
            times.push(began.elapsed());
            std::thread::sleep(Duration::from_millis(5));
        }
        times.sort();
        times
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |value| value.parse().unwrap())
}

fn show(what: &str, times: &[Duration]) {
    let at = |share: usize| times[(times.len() - 1) * share / 1000].as_secs_f64() * 1e3;
    println!(
        "{what}: p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms of {} small reads",
        at(500),
        at(990),
        at(1000),
        times.len()
    );
}

fn main() {
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let (numbers, clients, seconds) =
        (asked("NUMBERS", 50_000), asked("CLIENTS", 20), asked("SECONDS", 10));
    let made = Database::new(Mix::usual(numbers));
    // One of its own, which nobody else has open.
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("numberd.db");
    for (from, to) in [
        (made.path.clone(), database.clone()),
        (made.path.with_extension("key"), database.with_extension("key")),
    ] {
        std::fs::copy(from, to).unwrap();
    }
    let server = Server::start(&database);
    server.small(numbers, 1);
    show("alone", &server.small(numbers, seconds));
    let (ended, done, refused) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for client in 0..clients as usize {
            let (server, ended, done, refused) = (&server, &ended, &done, &refused);
            scope.spawn(move || {
                let agent = agent();
                for path in DEAR.iter().cycle().skip(client) {
                    if ended.load(Ordering::Relaxed) {
                        break;
                    }
                    let counter = if server.get(&agent, path) == 200 { done } else { refused };
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(Duration::from_secs(1));
        let beside = server.small(numbers, seconds);
        ended.store(true, Ordering::Relaxed);
        show(&format!("beside {clients} of the dearest calls at {numbers} numbers"), &beside);
    });
    println!(
        "{} dear calls were answered, {} refused with 503",
        done.into_inner(),
        refused.into_inner()
    );
}
