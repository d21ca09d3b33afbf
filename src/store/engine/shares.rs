//! How many readers may be busy with what takes long: what may read a whole instance, and whatever
//! turns out to exceed the budget of a short read.
//!
//! Half of the readers are kept for everything else. Such a read waits for its turn: the next is
//! that of the caller who has the fewest under way, and nobody may have all the places, so that one
//! who asks for much never keeps the others waiting.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many reads may wait for their turn; each holds a thread. At most half of them are one
/// caller's, so that nobody is turned away because of another.
const MOST_WAITING: usize = 64;

/// The places for such reads.
pub(super) struct Shares {
    places: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Whose reads are under way.
    running: Vec<String>,
    /// Those that wait, in the order of their arrival.
    waiting: Vec<(u64, String)>,
    arrived: u64,
}

impl State {
    /// Which of those that wait is next, if it may begin.
    fn next(&self, places: usize) -> Option<u64> {
        let of = |caller: &String| self.running.iter().filter(|running| *running == caller).count();
        let (under_way, ticket) =
            self.waiting.iter().map(|(ticket, caller)| (of(caller), *ticket)).min()?;
        (self.running.len() < places && under_way < places - 1).then_some(ticket)
    }

    fn leave(&mut self, ticket: u64) {
        self.waiting.retain(|(waiting, _)| *waiting != ticket);
    }
}

/// One of the places, given back when it is dropped.
pub(super) struct Share<'a> {
    shares: &'a Shares,
    caller: &'a str,
}

impl Shares {
    /// At least two places.
    pub(super) fn new(places: usize) -> Self {
        Self { places: places.max(2), state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits for a place. `None`: there was none in time, or too many wait already. The caller must
    /// be known by then: what anybody can invent must not make others wait.
    pub(super) fn take<'a>(&'a self, caller: &'a str, patience: Duration) -> Option<Share<'a>> {
        let mut state = self.lock();
        let own = state.waiting.iter().filter(|(_, waiting)| waiting == caller).count();
        if state.waiting.len() >= MOST_WAITING || own >= MOST_WAITING / 2 {
            return None;
        }
        state.arrived += 1;
        let ticket = state.arrived;
        state.waiting.push((ticket, caller.to_owned()));
        let others = |state: &mut State| state.next(self.places) != Some(ticket);
        let waited = self.changed.wait_timeout_while(state, patience, others);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        state.leave(ticket);
        if !waited.timed_out() {
            state.running.push(caller.to_owned());
        }
        // One more may begin, or one that was in front has gone.
        self.changed.notify_all();
        drop(state);
        (!waited.timed_out()).then(|| Share { shares: self, caller })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut state = self.shares.lock();
        if let Some(at) = state.running.iter().position(|caller| caller == self.caller) {
            state.running.swap_remove(at);
        }
        self.shares.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_WAITING, Shares, State};
    use crate::domain::Error;
    use crate::store::ReadTx;
    use crate::store::fixtures::store;
    use std::sync::{Mutex, mpsc};
    use std::time::{Duration, Instant};

    const AT_ONCE: Duration = Duration::ZERO;

    /// Counts to what no short read comes to.
    const LONG: &str = "WITH RECURSIVE n (i) AS
                            (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                        SELECT count(*) FROM n";

    #[test]
    fn nobody_has_all_places_and_who_has_fewest_is_next() {
        let shares = Shares::new(4);
        let busy: Vec<_> = (0..3).map(|_| shares.take("busy", AT_ONCE).unwrap()).collect();
        assert!(shares.take("busy", AT_ONCE).is_none());
        let other = shares.take("other", AT_ONCE).unwrap();
        assert!(shares.take("third", AT_ONCE).is_none());
        drop(other);
        assert!(shares.take("busy", AT_ONCE).is_none());
        drop(busy);
        assert!(shares.take("busy", AT_ONCE).is_some());

        let waiting = [(1, "a"), (2, "a"), (3, "b")].map(|(at, who)| (at, who.to_owned())).into();
        let mut state = State { running: vec!["a".to_owned()], waiting, arrived: 3 };
        assert_eq!(state.next(4), Some(3));
        state.leave(3);
        assert_eq!(state.next(4), Some(1));
        assert_eq!(state.next(1), None);
    }

    #[test]
    fn a_place_that_is_given_back_goes_to_who_waits() {
        let shares = Shares::new(2);
        let first = shares.take("a", AT_ONCE).unwrap();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| shares.take("a", Duration::from_secs(60)).is_some());
            while shares.lock().waiting.is_empty() {
                std::thread::yield_now();
            }
            drop(first);
            assert!(waits.join().unwrap());
        });
        assert!(shares.lock().running.is_empty() && shares.lock().waiting.is_empty());
    }

    #[test]
    fn beside_twenty_reads_that_take_long_a_small_read_and_another_caller_find_a_reader() {
        let (_directory, store) = store();
        let (began, begun) = mpsc::channel();
        let gate = Mutex::new(());
        let closed = gate.lock().unwrap();
        std::thread::scope(|scope| {
            let read = |caller: &'static str| {
                let (began, store, gate) = (began.clone(), &store, &gate);
                scope.spawn(move || {
                    // What it is isn't known before it has taken long.
                    let act = |tx: &ReadTx<'_>| {
                        tx.count(LONG, [])?;
                        began.send(caller).unwrap();
                        drop(gate.lock());
                        Ok::<_, Error>(())
                    };
                    // Those that never had a turn may be refused by the end.
                    let _ = store.read_fairly(caller, act);
                });
            };
            (0..20).for_each(|_| read("busy"));
            (0..3).for_each(|_| assert_eq!(begun.recv().unwrap(), "busy"));
            read("other");
            assert_eq!(begun.recv().unwrap(), "other");
            let small = || store.read_fairly("busy", |tx| tx.count("SELECT 1", []));
            assert_eq!(small().unwrap(), 1);
            assert_eq!(crate::store::briefly(small).unwrap().unwrap(), 1);
            // The others are tried before they wait.
            let until = Instant::now() + Duration::from_secs(60);
            while store.vitals().readers_busy != 4 {
                assert!(Instant::now() < until, "{:?}", store.vitals());
                std::thread::yield_now();
            }
            assert!(begun.try_recv().is_err());
            drop(closed);
        });
    }

    #[test]
    fn only_so_many_wait_and_of_one_caller_half_as_many() {
        let shares = Shares::new(2);
        let waiting = |many: usize, who: fn(u64) -> String| {
            let waiting = (1000..1000 + many as u64).map(|at| (at, who(at)));
            shares.lock().waiting = waiting.collect();
        };
        let is_turned_away = |caller| {
            let began = Instant::now();
            let place = shares.take(caller, Duration::from_secs(5));
            place.is_none() && began.elapsed() < Duration::from_secs(1)
        };
        waiting(MOST_WAITING, |at| at.to_string());
        assert!(is_turned_away("a"));
        shares.lock().running = vec!["busy".to_owned()];
        waiting(MOST_WAITING / 2, |_| "busy".to_owned());
        assert!(is_turned_away("busy"));
        assert!(shares.take("other", AT_ONCE).is_some(), "who has least under way is next");
    }
}
