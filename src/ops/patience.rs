//! Retrying while the database is locked.

use crate::domain::{Error, Unavailable};
use std::time::Duration;

/// How often it is tried, and how long after each other.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(250);

/// Does a slice, and retries it while another program has the database locked, so that the slices
/// before were not in vain.
pub(super) fn patiently<T>(mut slice: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 1..TRIES {
        match slice() {
            Err(Error::Unavailable(Unavailable::Busy)) => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    slice()
}

#[cfg(test)]
mod tests {
    use super::{TRIES, patiently};
    use crate::domain::{Error, Unavailable};

    #[test]
    fn what_is_busy_is_tried_again_but_not_for_ever_and_nothing_else_is() {
        let mut tried = 0;
        let mut fails = |times, error: Error| {
            tried = 0;
            let outcome = patiently(|| {
                tried += 1;
                if tried <= times { Err(error.clone()) } else { Ok(()) }
            });
            (outcome.is_ok(), tried)
        };
        let busy = || Error::Unavailable(Unavailable::Busy);
        assert_eq!(fails(2, busy()), (true, 3));
        assert_eq!(fails(TRIES, busy()), (false, TRIES));
        assert_eq!(fails(1, Error::Unavailable(Unavailable::DiskFull)), (false, 1));
    }
}
