//! kill -9 amid writes: what was acknowledged is there, and nothing is half there.

use super::Demo;
use crate::support::{Client, eventually, figure, times};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const CLIENTS: usize = 4;

/// What the clients know of one number: whether the last acknowledged change left it held, and
/// whether a change was under way, acknowledged by nobody, that may have been done or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    held: bool,
    unknown: bool,
}

/// What one round's clients were told.
#[derive(Default)]
struct History {
    known: BTreeMap<String, Known>,
    /// The request ids of the changes that were answered with success.
    acknowledged: BTreeSet<String>,
}

/// Where the database contradicts the history: a number in another state than the acknowledged one,
/// or an acknowledged request without its row in the change log.
fn contradictions(
    history: &History,
    held: &BTreeSet<String>,
    logged: &BTreeSet<String>,
) -> Vec<String> {
    let states = history
        .known
        .iter()
        .filter(|(number, known)| !known.unknown && known.held != held.contains(*number));
    let states = states.map(|(number, known)| format!("{number} should be held: {}", known.held));
    let requests = history
        .acknowledged
        .difference(logged)
        .map(|request| format!("{request} is not in the change log"));
    states.chain(requests).collect()
}

/// Gives and takes its own numbers in turn until the server is gone.
fn work(
    client: &Client,
    numbers: &[String],
    known: &mut BTreeMap<String, Known>,
    stopped: &AtomicBool,
    done: &AtomicUsize,
) -> BTreeSet<String> {
    let mut acknowledged = BTreeSet::new();
    for number in numbers.iter().cycle() {
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        let state = known.get_mut(number).unwrap();
        let hold = !state.held;
        state.unknown = true;
        let Ok(reply) = client.try_hold(number, hold) else { break };
        // A busy machine may keep a change waiting for too long; then nothing was done.
        if reply.status == 503 {
            state.unknown = false;
            continue;
        }
        assert_eq!(reply.status, 200, "{}", reply.body);
        acknowledged.insert(reply.header("x-acs-request-id").unwrap().to_owned());
        *state = Known { held: hold, unknown: false };
        done.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

/// One round: clients write, the server is killed amid it, and comes back.
fn round(demo: &mut Demo, numbers: &[String], before: Duration) -> History {
    let client = demo.client();
    let held: BTreeSet<String> = client.numbers(true).into_iter().collect();
    let (stopped, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut history = History::default();
    std::thread::scope(|scope| {
        let clients: Vec<_> = numbers
            .chunks(numbers.len() / CLIENTS)
            .map(|own| {
                let (stopped, done, client) = (&stopped, &done, demo.client());
                let mut known: BTreeMap<String, Known> = own
                    .iter()
                    .map(|number| {
                        (number.clone(), Known { held: held.contains(number), unknown: false })
                    })
                    .collect();
                scope.spawn(move || {
                    let acknowledged = work(&client, own, &mut known, stopped, done);
                    (known, acknowledged)
                })
            })
            .collect();
        eventually("changes are acknowledged", || done.load(Ordering::Relaxed) >= CLIENTS);
        std::thread::sleep(before);
        demo.program.kill();
        stopped.store(true, Ordering::Relaxed);
        for client in clients {
            let (known, acknowledged) = client.join().unwrap();
            history.known.extend(known);
            history.acknowledged.extend(acknowledged);
        }
    });
    demo.restart();
    history
}

fn logged(demo: &Demo) -> BTreeSet<String> {
    let connection = demo.other_program();
    let mut statement =
        connection.prepare("SELECT DISTINCT request_id FROM change WHERE via = 'ccc'").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn no_acknowledged_change_is_lost_by_kill_9_amid_writes() {
    let mut demo = Demo::start();
    let numbers: Vec<String> = demo.client().numbers(false).into_iter().take(5 * CLIENTS).collect();
    assert_eq!(numbers.len(), 5 * CLIENTS);
    let (mut acknowledged, mut amid) = (0, 0);
    let rounds = times(50, 500);
    for number in 0..rounds {
        let before = Duration::from_millis(10 + number as u64 * 37 % 90);
        let history = round(&mut demo, &numbers, before);
        let held: BTreeSet<String> = demo.client().numbers(true).into_iter().collect();
        let logged = logged(&demo);
        let wrong = contradictions(&history, &held, &logged);
        assert!(wrong.is_empty(), "round {number}: {wrong:#?}");
        if number % 10 == 9 {
            demo.assert_sound();
        }
        acknowledged += history.acknowledged.len();
        amid += history.known.values().filter(|known| known.unknown).count();
        control(&history, &held, &logged);
    }
    figure(
        "kill -9 amid changes",
        0,
        rounds,
        &format!("{acknowledged} acknowledged, {amid} under way, 0 lost"),
        "a change taken out of the state or the log noticed each time",
    );
    // Without these the test would prove nothing: there was something to lose, and the kills came
    // amid changes.
    assert!(acknowledged > 100, "only {acknowledged} changes were acknowledged");
    assert!(amid > 10, "only {amid} changes were under way when the server was killed");
}

/// The checker notices one acknowledged change that is not there, and one request that is not in
/// the log.
fn control(history: &History, held: &BTreeSet<String>, logged: &BTreeSet<String>) {
    if let Some((number, known)) = history.known.iter().find(|(_, known)| !known.unknown) {
        let mut lost = held.clone();
        if known.held {
            assert!(lost.remove(number))
        } else {
            assert!(lost.insert(number.clone()))
        }
        assert_eq!(contradictions(history, &lost, logged).len(), 1);
    }
    if let Some(request) = history.acknowledged.first() {
        let mut lost = logged.clone();
        lost.remove(request);
        assert_eq!(
            contradictions(history, held, &lost),
            [format!("{request} is not in the change log")]
        );
    }
}

#[test]
fn a_change_that_is_acknowledged_before_it_is_written_would_be_noticed() {
    // The same round, but one client is told of a change that the server never got.
    let mut demo = Demo::start();
    let numbers: Vec<String> = demo.client().numbers(false).into_iter().take(2 * CLIENTS).collect();
    let invented = numbers[0].clone();
    let mut history = round(&mut demo, &numbers[1..=CLIENTS], Duration::from_millis(30));
    history.known.insert(invented.clone(), Known { held: true, unknown: false });
    history.acknowledged.insert("A-REQUEST-THAT-NEVER-CAME".to_owned());
    let held = demo.client().numbers(true).into_iter().collect();
    let wrong = contradictions(&history, &held, &logged(&demo));
    assert_eq!(
        wrong,
        [
            format!("{invented} should be held: true"),
            "A-REQUEST-THAT-NEVER-CAME is not in the change log".to_owned()
        ]
    );
}
