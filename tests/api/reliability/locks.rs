//! Another program holds the database: changes are refused in time, and reading goes on.

use super::Demo;
use crate::support::{IN_TIME, figure, times};
use std::time::{Duration, Instant};

#[test]
fn changes_are_refused_in_time_and_reads_go_on_while_another_program_holds_the_lock() {
    let demo = Demo::start();
    let number = demo.client().numbers(false)[0].clone();
    let other = demo.other_program();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let callers = times(50, 120);
    let (slowest_change, mut reads) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..callers)
            .map(|_| {
                let (client, number) = (demo.client(), number.clone());
                scope.spawn(move || {
                    let began = Instant::now();
                    (client.try_hold(&number, true).unwrap(), began.elapsed())
                })
            })
            .collect();
        let mut reads = Vec::new();
        let client = demo.client();
        while writers.iter().any(|writer| !writer.is_finished()) {
            let began = Instant::now();
            let reply =
                client.call("ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "1")]);
            assert_eq!(reply.status, 200, "{}", reply.body);
            reads.push(began.elapsed());
        }
        let slowest = reads.iter().max().copied().unwrap_or_default();
        // One that waited for the lock would have waited for 1.8 s, as the changes do.
        assert!(slowest < Duration::from_millis(1500), "a read took {slowest:?}");
        let mut slowest = Duration::ZERO;
        for writer in writers {
            let (reply, took) = writer.join().unwrap();
            assert_eq!(
                (reply.status, reply.json()["Code"].as_str()),
                (503, Some("ServiceUnavailable")),
                "{}",
                reply.body
            );
            assert_eq!(reply.header("retry-after"), Some("2"));
            assert!(took < IN_TIME, "a change was answered after {took:?}");
            slowest = slowest.max(took);
        }
        (slowest, reads)
    });
    reads.sort();
    let p99 = reads[(reads.len() - 1) * 99 / 100];
    assert_eq!(demo.client().get("/readyz").status, 200);
    assert!(!demo.client().numbers(true).contains(&number));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(demo.client().try_hold(&number, true).unwrap().status, 200);
    assert!(demo.client().numbers(true).contains(&number));
    figure(
        "changes while another program holds the lock",
        0,
        callers,
        &format!(
            "all 503, the slowest after {} ms; 99 % of {} reads within {} ms",
            slowest_change.as_millis(),
            reads.len(),
            p99.as_millis()
        ),
        "200 once the lock is let go",
    );
    demo.assert_sound();
}

#[test]
fn a_lock_that_is_let_go_in_time_is_waited_for() {
    let demo = Demo::start();
    let number = demo.client().numbers(false)[0].clone();
    let other = demo.other_program();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let letting_go = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        other.execute_batch("ROLLBACK").unwrap();
    });
    assert_eq!(demo.client().try_hold(&number, true).unwrap().status, 200);
    letting_go.join().unwrap();
}

#[test]
fn a_long_read_of_another_program_stops_nobody() {
    let demo = Demo::start();
    let number = demo.client().numbers(false)[0].clone();
    let other = demo.other_program();
    other.execute_batch("BEGIN; SELECT count(*) FROM phone_number").unwrap();
    for round in 0..20 {
        assert_eq!(demo.client().try_hold(&number, round % 2 == 0).unwrap().status, 200);
    }
    other.execute_batch("COMMIT").unwrap();
    demo.assert_sound();
}

#[test]
fn a_change_by_hand_is_seen_at_once() {
    let demo = Demo::start();
    let number = demo.client().numbers(false)[0].clone();
    let sql = "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', ?1, 'user-test@ccc-test')";
    demo.other_program().execute(sql, [&number]).unwrap();
    assert!(demo.client().numbers(true).contains(&number));
    demo.assert_sound();
}
