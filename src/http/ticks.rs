//! The clock of the limiters: the store's, read as time that only moves forward, so that setting
//! the machine's clock neither locks anybody out nor forgives anything.

use crate::domain::Clock;
use governor::RateLimiter;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;

/// A limiter that counts by key.
pub(super) type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Nanos>>;

/// Nanoseconds since some fixed moment, at most 292 years: a clock set further ahead does not
/// advance, and the limiter can still add to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticks(pub(super) Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let nanos = u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX);
        nanos.min(u64::MAX / 2).into()
    }
}
