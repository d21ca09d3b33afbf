//! How many requests a minute one client may make, of whatever kind. Off unless it is set.
//!
//! Only verified requests count, so the table of clients is never larger than the database's.

use super::ticks::{Limiter, Ticks};
use crate::domain::Clock;
use governor::clock::Clock as _;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// The limit, with the requests of each client.
pub struct RateLimit {
    limiter: Option<Limiter<String>>,
    ticks: Ticks,
}

impl RateLimit {
    /// `per_minute` requests at once, and as many again in each minute; `None`: no limit.
    pub fn new(per_minute: Option<NonZeroU32>, clock: Clock) -> Self {
        let ticks = Ticks(clock);
        let limiter =
            |requests| RateLimiter::hashmap_with_clock(Quota::per_minute(requests), ticks);
        Self { limiter: per_minute.map(limiter), ticks }
    }

    /// Counts a request of a client.
    ///
    /// # Errors
    /// How long to wait, if it is one too many.
    pub fn admit(&self, client_id: &str) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter
            .check_key(&client_id.to_owned())
            .map_err(|refusal| refusal.wait_time_from(self.ticks.now()))
    }
}
