//! The limit on guessing: how often a wrong secret or token is taken before the next attempt is
//! refused unseen.
//!
//! Only failures count, so a client that works never meets it. While a limit is used up, right
//! credentials are refused as well: a limit that let the right guess through would limit nothing.

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many failures are forgiven.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// At once.
    pub burst: NonZeroU32,
    /// And then in every second.
    pub per_second: NonZeroU32,
}

impl Limit {
    /// A limit; 0 counts as 1.
    pub(super) const fn new(burst: u32, per_second: u32) -> Self {
        Self {
            burst: NonZeroU32::MIN.saturating_add(burst.saturating_sub(1)),
            per_second: NonZeroU32::MIN.saturating_add(per_second.saturating_sub(1)),
        }
    }
}

/// How many keys are remembered before those that have recovered are forgotten.
const MOST_KEYS: usize = 10_000;

/// The failures of addresses and of clients.
pub(super) struct Guesses {
    addresses: Failures<IpAddr>,
    clients: Failures<String>,
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            addresses: Failures::new(super::auth::ADDRESS_LIMIT),
            clients: Failures::new(super::token::CLIENT_LIMIT),
        }
    }
}

impl Guesses {
    /// Whether an attempt may be looked at.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn admit(&self, address: IpAddr, client_id: Option<&str>) -> Result<(), Duration> {
        self.addresses.admit(&network(address))?;
        client_id.map_or(Ok(()), |id| self.clients.admit(&id.to_owned()))
    }

    /// Counts a failed attempt.
    ///
    /// # Errors
    /// How long to wait, when it was one too many.
    pub(super) fn failed(&self, address: IpAddr, client_id: Option<&str>) -> Result<(), Duration> {
        let by_client = client_id.map_or(Ok(()), |id| self.clients.failed(id.to_owned()));
        self.addresses.failed(network(address)).and(by_client)
    }
}

/// What one guesser can be told by: an IPv4 address, or the /64 network of an IPv6 address, since
/// its owner has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

/// The failures of one kind of key: the limiter counts them, and `refused` remembers until when
/// nothing is looked at.
struct Failures<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, MonotonicClock, NoOpMiddleware<Instant>>,
    refused: Mutex<HashMap<K, Instant>>,
}

impl<K: Hash + Eq + Clone> Failures<K> {
    fn new(limit: Limit) -> Self {
        let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota, MonotonicClock),
            refused: Mutex::default(),
        }
    }

    fn admit(&self, key: &K) -> Result<(), Duration> {
        // A panic while the table was held leaves it usable: every step keeps it whole.
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let wait =
            refused.get(key).and_then(|until| until.checked_duration_since(MonotonicClock.now()));
        wait.filter(|wait| !wait.is_zero()).map_or(Ok(()), Err)
    }

    fn failed(&self, key: K) -> Result<(), Duration> {
        if self.limiter.len() >= MOST_KEYS {
            self.limiter.retain_recent();
        }
        let now = MonotonicClock.now();
        let Err(refusal) = self.limiter.check_key(&key) else { return Ok(()) };
        let wait = refusal.wait_time_from(now);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MOST_KEYS {
            refused.retain(|_, until| *until > now);
        }
        refused.insert(key, now + wait);
        Err(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::{Failures, Limit, network};
    use std::net::IpAddr;

    #[test]
    fn failures_are_forgiven_up_to_the_limit_and_every_key_has_its_own() {
        let failures = Failures::new(Limit::new(3, 1));
        for _ in 0..3 {
            assert_eq!(failures.failed("one"), Ok(()));
            assert_eq!(failures.admit(&"one"), Ok(()));
        }
        assert!(failures.failed("one").is_err());
        assert!(failures.admit(&"one").is_err());
        assert_eq!(failures.admit(&"other"), Ok(()));
        assert_eq!(failures.failed("other"), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_guesser() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(network(address("2001:db8:1:2:3:4:5:6")), address("2001:db8:1:2::"));
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
        assert_ne!(network(address("192.0.2.1")), network(address("192.0.2.2")));
    }
}
