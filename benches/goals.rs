//! The two goals of speed, each as a ratio. What is compared runs in turns, so that a busy machine
//! slows both alike.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it can't go on"
)]

mod support;

use rusqlite::{Connection, params};
use std::hint::black_box;
use std::time::{Duration, Instant};
use support::{Database, INSTANCE, Mix, USER, bearer, query, signed};

/// How often each thing is timed.
const ROUNDS: usize = 301;

/// A page without a pattern costs at a million numbers at most this many times what it costs at ten
/// thousand.
const FLAT: f64 = 4.0;

/// The whole operation costs at most this many times the SQL that it runs.
const WHOLE: f64 = 1.5;

type Timed<'a> = Box<dyn FnMut() -> Duration + 'a>;

fn main() {
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let sizes = [10_000_u64, 100_000, 1_000_000]
        .map(|numbers| (numbers, Database::new(Mix::usual(numbers))));
    println!(
        "\n{:<12} {:>4} {:>9} {:>9} {:>9} {:>7} {:>7}",
        "numbers", "page", "bare µs", "bearer µs", "V3 µs", "bearer", "V3"
    );
    let mut missed = 0;
    for (numbers, database) in &sizes {
        for page in [1, 100] {
            if page * 100 > numbers * 6 / 10 {
                continue;
            }
            let [bare, with_token, with_signature] = in_turns([
                bare(database, page),
                whole(database, page, bearer),
                whole(database, page, signed),
            ]);
            let (token, signature) = (with_token / bare, with_signature / bare);
            println!(
                "{numbers:<12} {page:>4} {bare:>9.1} {with_token:>9.1} {with_signature:>9.1} {token:>7.2} {signature:>7.2}"
            );
            missed += usize::from(token > WHOLE) + usize::from(signature > WHOLE);
        }
    }
    let [(_, small), _, (_, large)] = &sizes;
    for page in [1, 60] {
        let [at_small, at_large] =
            in_turns([whole(small, page, bearer), whole(large, page, bearer)]);
        let ratio = at_large / at_small;
        println!(
            "page {page}: {at_large:.1} µs at a million numbers, {at_small:.1} µs at ten thousand: {ratio:.2}"
        );
        missed += usize::from(ratio > FLAT);
    }
    println!(
        "{missed} goals missed (the whole operation at most {WHOLE} times its SQL, a million at most {FLAT} times ten thousand)"
    );
}

/// The medians in microseconds of things that are timed in turns.
fn in_turns<const N: usize>(mut timed: [Timed<'_>; N]) -> [f64; N] {
    let mut samples: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for (timed, samples) in timed.iter_mut().zip(&mut samples) {
            samples.push(timed().as_secs_f64() * 1e6);
        }
    }
    samples.map(|mut samples| {
        samples.sort_by(f64::total_cmp);
        samples[ROUNDS / 2]
    })
}

/// `ListPersonalNumbersOfUser` from the request's bytes to the reply's.
fn whole<'a>(
    database: &'a Database,
    page: u64,
    request: fn(&str) -> numberd::http::Request,
) -> Timed<'a> {
    let page = page.to_string();
    let query = query(
        "ListPersonalNumbersOfUser",
        &[("UserId", USER), ("IsMember", "false"), ("PageNumber", &page), ("PageSize", "100")],
    );
    Box::new(move || {
        let incoming = request(&query);
        let started = Instant::now();
        black_box(database.answer(incoming));
        started.elapsed()
    })
}

/// The same page and total by plain rusqlite: the operation's own two statements, in one read
/// transaction.
fn bare<'a>(database: &'a Database, page: u64) -> Timed<'a> {
    let connection = database.bare();
    Box::new(move || {
        let started = Instant::now();
        black_box(read(&connection, (page - 1) * 100));
        started.elapsed()
    })
}

fn read(connection: &Connection, offset: u64) -> (u64, usize) {
    let transaction = connection.unchecked_transaction().unwrap();
    let mut total = transaction
        .prepare_cached("SELECT free, bound, personal FROM instance_counter WHERE instance_id = ?1")
        .unwrap();
    let total: u64 = total.query_row([INSTANCE], |row| row.get(0)).unwrap();
    let mut reserved = transaction
        .prepare_cached("SELECT count(*) FROM reservation WHERE instance_id = ?1 AND ended_at IS NULL AND until_at > ?2 AND for_user_id IS NOT ?3")
        .unwrap();
    let reserved: u64 = reserved.query_row(params![INSTANCE, 0, USER], |row| row.get(0)).unwrap();
    let mut page = transaction
        .prepare_cached(
            r"SELECT number, usage, active, province, city, contact_flow_id FROM v_not_held
               WHERE user_id = ?1 AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')
                 AND number NOT IN (SELECT number FROM reservation WHERE instance_id = ?3 AND ended_at IS NULL AND until_at > ?4 AND for_user_id IS NOT ?1)
                 AND number >= (SELECT number FROM v_not_held WHERE user_id = ?1 AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')
                                   AND number NOT IN (SELECT number FROM reservation WHERE instance_id = ?3 AND ended_at IS NULL AND until_at > ?4 AND for_user_id IS NOT ?1)
                                 ORDER BY number LIMIT 1 OFFSET ?6)
               ORDER BY number LIMIT ?5",
        )
        .unwrap();
    let mut rows = page.query(params![USER, None::<String>, INSTANCE, 0, 100, offset]).unwrap();
    let mut read = 0;
    while let Some(row) = rows.next().unwrap() {
        for column in 0..6 {
            black_box(row.get_ref(column).unwrap());
        }
        read += 1;
    }
    assert_eq!(read, 100);
    (total - reserved, read)
}
