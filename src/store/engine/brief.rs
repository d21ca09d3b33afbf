//! Reads that are over in a moment, on a thread that others need too.
//!
//! To hand a request to a thread that may block, and its answer back, costs more than what most
//! reads do. Which of them are short can't be told beforehand: it depends on what they find. So a
//! read is tried on the thread that it came to, within a budget, and what exceeds it is given up
//! and begun again where it may take its time:
//! - more steps of SQLite than [`BUDGET`]. They are counted rather than timed, so that a busy
//!   machine doesn't do its work twice;
//! - whatever waits: for a free reader, a lock, the writer, its turn among those that take long;
//! - a search for which there is no index in memory yet, or none that is up to date;
//! - what no step counts: a new search among many numbers in memory, an order that sorts them all,
//!   a value of several megabytes.
//!
//! A read that is given up ends with [`Unavailable::Busy`], as any read may; [`briefly`] discards
//! that.
//!
//! Where it may take its time a read is tried once more within the same budget, and only what is
//! long takes one of the places for long reads: [`Store::read_fairly`](super::Store::read_fairly).
//! There it may wait for others, so that what had to wait isn't taken for long.

use crate::domain::{Error, Unavailable};
use std::cell::Cell;

/// After how many steps SQLite asks whether to go on.
pub(super) const STRIDE: i32 = 1000;

/// How often it may go on: about a millisecond.
const BUDGET: u32 = 32;

#[derive(Clone, Copy)]
enum Patience {
    Endless,
    /// A budget.
    Left {
        strides: u32,
        may_wait: bool,
    },
    GivenUp,
}

thread_local! {
    static PATIENCE: Cell<Patience> = const { Cell::new(Patience::Endless) };
}

/// Makes the thread patient again, after a panic too.
struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        PATIENCE.set(Patience::Endless);
    }
}

/// Runs `act` within the budget. `None`: it was given up, and has to be run again where it may take
/// long; so it must not change anything before it asks [`may_take_long`].
pub fn briefly<T>(act: impl FnOnce() -> T) -> Option<T> {
    within_budget(false, act)
}

/// Like [`briefly`], on a thread that may wait for others.
pub(super) fn shortly<T>(act: impl FnOnce() -> T) -> Option<T> {
    within_budget(true, act)
}

fn within_budget<T>(may_wait: bool, act: impl FnOnce() -> T) -> Option<T> {
    let _restored = Restored;
    PATIENCE.set(Patience::Left { strides: BUDGET, may_wait });
    let outcome = act();
    (!is_given_up()).then_some(outcome)
}

/// Asks before something that takes long or waits. Within a budget the answer is no, and all that
/// this thread does is given up.
pub fn may_take_long() -> bool {
    let may = matches!(PATIENCE.get(), Patience::Endless);
    if !may {
        PATIENCE.set(Patience::GivenUp);
    }
    may
}

/// Like [`may_take_long`]; the no is an error.
pub fn require_patience() -> Result<(), Error> {
    if may_take_long() { Ok(()) } else { Err(Error::Unavailable(Unavailable::Busy)) }
}

/// Whether this thread must not be held up.
pub fn is_brief() -> bool {
    !matches!(PATIENCE.get(), Patience::Endless | Patience::Left { may_wait: true, .. })
}

/// Asks before waiting for another thread or process. On a thread that must not be held up the
/// answer is no, and all that it does is given up.
pub(super) fn may_wait() -> bool {
    !is_brief() || may_take_long()
}

/// Whether what this thread does was given up.
pub fn is_given_up() -> bool {
    matches!(PATIENCE.get(), Patience::GivenUp)
}

/// What SQLite asks after each stride: whether to stop.
pub(super) fn stops() -> bool {
    match PATIENCE.get() {
        Patience::Endless => false,
        Patience::Left { strides: 0, .. } | Patience::GivenUp => {
            PATIENCE.set(Patience::GivenUp);
            true
        }
        Patience::Left { strides, may_wait } => {
            PATIENCE.set(Patience::Left { strides: strides - 1, may_wait });
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{briefly, may_take_long};
    use crate::domain::Error;
    use crate::store::fixtures::{author, store};
    use crate::store::{ReadTx, Store, WriteTx};
    use std::panic::catch_unwind;

    /// Counts to a number.
    fn count(store: &Store, to: u64) -> Result<u64, Error> {
        let sql = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                    SELECT count(*) FROM n";
        store.read(|tx| tx.count(sql, [to]))
    }

    #[test]
    fn a_short_read_is_answered_at_once_and_a_long_one_is_given_up_however_it_is_divided() {
        let (_directory, store) = store();
        for _ in 0..3 {
            assert_eq!(briefly(|| count(&store, 100).ok()), Some(Some(100)));
            assert!(briefly(|| count(&store, 1_000_000)).is_none());
            let short = |_| count(&store, 100);
            assert!(briefly(|| (0..10_000).try_for_each(|i| short(i).map(drop))).is_none());
            // Elsewhere it may take as long as it likes.
            assert_eq!(count(&store, 100_000).unwrap(), 100_000);
        }
    }

    #[test]
    fn what_would_wait_is_given_up_and_its_error_is_seen_by_nobody() {
        let (_directory, store) = store();
        let nothing = |_: &ReadTx<'_>| Ok::<_, Error>(());
        assert!(briefly(|| store.write(author(), |_: &WriteTx<'_>| Ok::<_, Error>(()))).is_none());
        assert!(briefly(|| store.read_whole("somebody", nothing)).is_none());
        assert!(store.read_whole("somebody", nothing).is_ok());

        fn beside_readers(store: &Store, readers: u32) -> Option<Result<(), Error>> {
            let deeper = |_: &ReadTx<'_>| Ok::<_, Error>(beside_readers(store, readers - 1));
            match readers {
                0 => briefly(|| store.read(|_| Ok(()))),
                _ => store.read(deeper).unwrap(),
            }
        }
        assert!(beside_readers(&store, 8).is_none(), "all readers are busy");
        assert!(beside_readers(&store, 7).is_some_and(|outcome| outcome.is_ok()));
    }

    #[test]
    fn a_thread_is_patient_again_afterwards_even_after_a_panic() {
        assert_eq!(briefly(may_take_long), None);
        assert!(may_take_long());
        assert!(catch_unwind(|| briefly(|| panic!("on purpose"))).is_err());
        assert!(may_take_long());
    }
}
