//! The clock of the limiters: the store's, read as time that only moves forward, so that setting the
//! machine's clock neither locks anybody out nor forgives anything.

use crate::domain::Clock;
use governor::nanos::Nanos;

/// Nanoseconds since the program began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticks(pub(super) Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}
