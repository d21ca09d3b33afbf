//! A server under load on all faces for as long as one likes, while the machine's clock jumps: it
//! does what a model says all the time, and grows by nothing.

use super::Demo;
use super::model::{Faces, Jumping, Tally, compared};
use super::slow::sockets;
use crate::support::{Client, Program, agent, figure, times};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What reads beside the changes; each is asked for with the root's token.
const READS: &[&str] = &[
    "/?Action=ListPhoneNumbers&InstanceId=ccc-test&PageNumber=1&PageSize=100",
    "/?Action=ListInstancesOfUser&PageNumber=1&PageSize=10",
    "/?Action=ListPersonalNumbersOfUser&InstanceId=ccc-test&UserId=lina@ccc-test&IsMember=false&PageNumber=1&PageSize=100",
    "/api/v1/instances/ccc-test/numbers?q=55&per_page=100",
    "/api/v1/instances/ccc-test/numbers.csv",
    "/api/v1/instances/ccc-test/changes?limit=100",
    "/api/v1/instances/ccc-test/numbers/02855500002/history",
    "/metrics",
    "/readyz",
    "/console/login",
    "/docs/",
];

/// libfaketime's clock, which reads its offset from a file.
struct Faked {
    file: PathBuf,
    back: i64,
}

impl Jumping for Faked {
    fn set_back(&mut self, hours: i64) {
        self.back = hours * 3600;
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("-{}\n", self.back)).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }

    fn now(&self) -> i64 {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap();
        since.as_millis() as i64 - self.back * 1000
    }
}

/// Where Debian has the library, whatever the machine.
fn library() -> PathBuf {
    let places = std::fs::read_dir("/usr/lib").unwrap().flatten();
    let found = places.map(|place| place.path().join("faketime/libfaketimeMT.so.1"));
    found.into_iter().find(|path| path.exists()).expect("libfaketime")
}

fn start(directory: &Path, clock: &Path) -> Demo {
    let database = directory.join("demo.db");
    let mut command = Program::command(&[
        "demo",
        "--database",
        database.to_str().unwrap(),
        "--listen",
        "127.0.0.1:0",
    ]);
    command
        .env("LD_PRELOAD", library())
        .env("FAKETIME_TIMESTAMP_FILE", clock)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let program = Program::start_command(command);
    Demo { program, directory: directory.to_owned(), _owned: None }
}

/// Gives and takes numbers of its own in turn; how often.
fn change(client: &Client, numbers: &[String], ended: &AtomicBool) -> usize {
    let mut changes = 0;
    for hold in [true, false].into_iter().cycle() {
        for number in numbers {
            if ended.load(Ordering::Relaxed) {
                return changes;
            }
            let reply = client.try_hold(number, hold).unwrap();
            assert_eq!(reply.status, 200, "{}", reply.body);
            assert!(!reply.body.contains(number), "{hold}: {}", reply.body);
            changes += 1;
        }
    }
    changes
}

/// Reads everything in turn; how often.
fn look(demo: &Demo, first: usize, ended: &AtomicBool, failures: &AtomicUsize) -> usize {
    let (agent, mut looks) = (agent(), 0);
    for path in READS.iter().cycle().skip(first) {
        if ended.load(Ordering::Relaxed) {
            break;
        }
        let request = agent.get(format!("http://{}{path}", demo.program.address));
        let mut reply = request.header("authorization", "Bearer demo-token").call().unwrap();
        let body = reply.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
        if reply.status() != 200 {
            eprintln!("{path}: {} {body}", reply.status());
            failures.fetch_add(1, Ordering::Relaxed);
        }
        looks += 1;
    }
    looks
}

#[test]
#[ignore = "needs faketime"]
fn a_server_under_load_whose_clock_jumps_does_what_a_model_says_and_does_not_grow() {
    let seconds = times(20, 1800);
    let directory = tempfile::tempdir().unwrap();
    let mut clock = Faked { file: directory.path().join("clock"), back: 0 };
    clock.set_back(0);
    let demo = start(directory.path(), &clock.file);
    let faces = Faces::of(demo.program.address, &demo.database());
    let numbers: Vec<String> = demo.client().numbers(false).into_iter().take(20).collect();
    let (ended, failures) = (AtomicBool::new(false), AtomicUsize::new(0));
    let loaded = |clock: &mut Faked, seconds: usize| -> (Tally, usize, usize) {
        ended.store(false, Ordering::Relaxed);
        std::thread::scope(|scope| {
            let (demo, ended, failures) = (&demo, &ended, &failures);
            let writers = numbers.chunks(10).map(|own| {
                let client = demo.client();
                scope.spawn(move || change(&client, own, ended))
            });
            let writers: Vec<_> = writers.collect();
            let readers = (0..3).map(|at| scope.spawn(move || look(demo, at * 4, ended, failures)));
            let readers: Vec<_> = readers.collect();
            let end = Instant::now() + Duration::from_secs(seconds as u64);
            let tally = compared(&faces, clock, |_| Instant::now() < end);
            ended.store(true, Ordering::Relaxed);
            let changes = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
            let looks = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
            (tally, changes, looks)
        })
    };
    // Warm: threads, connections and caches are there.
    loaded(&mut clock, seconds.min(60) / 4);
    let (memory, files) = (demo.program.anonymous_kib(), sockets(&demo.program));
    let (tally, changes, looks) = loaded(&mut clock, seconds);
    let after = demo.program.await_memory("the soak", memory + 40 * 1024);
    let grown = after.saturating_sub(memory);
    let log = std::fs::metadata(demo.database().with_extension("db-wal")).unwrap().len();
    assert_eq!(failures.load(Ordering::Relaxed), 0, "of {looks} reads");
    assert!(sockets(&demo.program) <= files + 8, "connections are left");
    assert!(log < 80 << 20, "the write-ahead log has {log} bytes");
    let Tally { tried, changed, jumps, noticed } = tally;
    assert!(jumps > 0 && changed > 0 && noticed > 0, "{jumps} {changed} {noticed}");
    demo.assert_sound();
    figure(
        "a soak on all faces whose clock jumps, against a model with reservations",
        0,
        tried + changes + looks,
        &format!(
            "{seconds} s, {jumps} jumps, {tried} operations compared, {changes} other changes, \
             {looks} reads, {grown} KiB grown"
        ),
        &format!("a model that gives bound numbers away is contradicted {noticed} times"),
    );
}
