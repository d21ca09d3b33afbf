//! What writes cost: one call, and many clients at once. Every commit waits for the disk.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that can't go on stops")]

mod support;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use numberd::admin::Face;
use numberd::http::{Face as _, LoginAttempts};
use numberd::ops::last_use::LastUse;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use support::{Database, Mix, USER, bearer, number_of, post, query};

/// How many clients write at once, and how often each.
const CLIENTS: u64 = 32;
const WRITES: u64 = 16;

/// Gives a number to the user, and takes it back the next time: the same work for ever.
struct Toggle {
    number: String,
    held: bool,
}

impl Toggle {
    /// One of the free numbers.
    fn new(index: u64) -> Self {
        Self { number: number_of(index * 100 + 50), held: false }
    }

    fn query(&mut self) -> String {
        self.held = !self.held;
        let action =
            if self.held { "AddPersonalNumbersToUser" } else { "RemovePersonalNumbersFromUser" };
        query(action, &[("UserId", USER), ("NumberList", &format!("[\"{}\"]", self.number))])
    }
}

fn writes(criterion: &mut Criterion) {
    let database = Database::new(Mix::usual(100_000));
    let mut group = criterion.benchmark_group("writes");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    let mut toggle = Toggle::new(0);
    group.bench_function("one client", |bencher| {
        bencher.iter_batched(
            || bearer(&toggle.query()),
            |incoming| database.answer(incoming),
            BatchSize::PerIteration,
        );
    });
    group.throughput(Throughput::Elements(CLIENTS * WRITES));
    group.bench_function("32 clients", |bencher| {
        bencher.iter_custom(|rounds| (0..rounds).map(|_| together(&database)).sum())
    });
    group.finish();
}

/// As many new numbers as are added in one transaction. It is rehearsed, so that it can be
/// added again: all of the work but the commit.
fn range(criterion: &mut Criterion) {
    let database = Database::new(Mix::usual(100_000));
    let face = Face::new(
        Arc::clone(&database.store),
        Arc::new(LoginAttempts::new(database.store.clock())),
        Arc::new(LastUse::new(Arc::clone(&database.store))),
        database.path.with_file_name("backups"),
    );
    // No other number begins with a +.
    let body = r#"{ "start": "+49833000000", "count": 1000, "dry_run": true }"#;
    let mut group = criterion.benchmark_group("writes");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    group.bench_function("a range of 1,000 numbers", |bencher| {
        bencher.iter(|| {
            let answer = face.answer(&post("/instances/bench/numbers:range", body));
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        });
    });
    group.finish();
}

/// All clients write as fast as they get answers; returns how long it took in all.
fn together(database: &Database) -> Duration {
    let start = Barrier::new(usize::try_from(CLIENTS).unwrap() + 1);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let start = &start;
            scope.spawn(move || {
                let mut toggle = Toggle::new(client + 1);
                start.wait();
                for _ in 0..WRITES {
                    database.answer(bearer(&toggle.query()));
                }
            });
        }
        start.wait();

        Instant::now()
    })
    .elapsed()
}

criterion_group!(benches, writes, range);
criterion_main!(benches);
