//! The limit on fair use: how many requests a minute one OAuth2 client may make, of whatever kind.
//! Off unless it is set.
//!
//! Only verified requests count, so the table of clients is never larger than the database's.

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// The requests of each client.
pub(super) struct FairUse(
    Option<RateLimiter<String, HashMapStateStore<String>, MonotonicClock, NoOpMiddleware<Instant>>>,
);

impl FairUse {
    /// So many requests at once, and as many again in each minute; `None`: no limit.
    pub(super) fn new(per_minute: Option<NonZeroU32>) -> Self {
        Self(per_minute.map(|requests| {
            RateLimiter::hashmap_with_clock(Quota::per_minute(requests), MonotonicClock)
        }))
    }

    /// Counts a request of a client.
    ///
    /// # Errors
    /// How long to wait, when it is one too many.
    pub(super) fn admit(&self, client_id: &str) -> Result<(), Duration> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter
            .check_key(&client_id.to_owned())
            .map_err(|refusal| refusal.wait_time_from(MonotonicClock.now()))
    }
}
