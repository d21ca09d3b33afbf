//! The limit on guessing, one for all faces: how many wrong secrets, passwords, tokens and
//! signatures are answered as wrong before every further one is told to wait.
//!
//! Only failures count, so a client that works never meets it, whatever its neighbours behind the
//! same address do: tokens, secrets and signatures of 128 bits and more are looked at first, and a
//! right one passes. A password can be guessed, so [`LoginAttempts::admit`] is asked before one is
//! looked at; while a limit is used up, the right password is refused as well.

use super::ticks::{Limiter, Ticks};
use crate::domain::Clock;
use governor::clock::Clock as _;
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many failures are allowed.
#[derive(Clone, Copy, Debug)]
pub struct AttemptLimit {
    /// At once.
    pub burst: NonZeroU32,
    /// And then in every second.
    pub per_second: NonZeroU32,
}

impl AttemptLimit {
    /// Of one client address, with whatever credentials.
    pub const ADDRESS: Self = Self::new(100, 5);

    /// Of one client id or login name, from whatever address.
    pub const NAME: Self = Self::new(50, 1);

    const fn new(burst: u32, per_second: u32) -> Self {
        Self {
            burst: NonZeroU32::MIN.saturating_add(burst.saturating_sub(1)),
            per_second: NonZeroU32::MIN.saturating_add(per_second.saturating_sub(1)),
        }
    }
}

/// How many keys are remembered before those that have recovered are forgotten.
const MAX_KEYS: usize = 10_000;

/// The failed attempts of addresses, and of client ids and login names.
pub struct LoginAttempts {
    addresses: Failures<IpAddr>,
    names: Failures<String>,
}

impl LoginAttempts {
    /// No failures yet.
    pub fn new(clock: Clock) -> Self {
        Self {
            addresses: Failures::new(AttemptLimit::ADDRESS, clock),
            names: Failures::new(AttemptLimit::NAME, clock),
        }
    }

    /// Whether a password may be looked at, before it is hashed.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit(&self, address: IpAddr, name: Option<&str>) -> Result<(), Duration> {
        self.addresses.admit(&network(address))?;
        name.map_or(Ok(()), |id| self.names.admit(&id.to_owned()))
    }

    /// Counts a failed attempt.
    ///
    /// # Errors
    /// How long to wait, if it was one too many: then the answer says that, and not what was wrong.
    pub fn failed(&self, address: IpAddr, name: Option<&str>) -> Result<(), Duration> {
        let by_name = name.map_or(Ok(()), |id| self.names.failed(id.to_owned()));
        self.addresses.failed(network(address)).and(by_name)
    }
}

/// What identifies one guesser: an IPv4 address, or the /64 network of an IPv6 address, since its
/// owner has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

/// The failures of one kind of key: the limiter counts them, and `refused` remembers until when
/// nothing is looked at.
struct Failures<K: Hash + Eq + Clone> {
    limiter: Limiter<K>,
    refused: Mutex<HashMap<K, Nanos>>,
    ticks: Ticks,
}

impl<K: Hash + Eq + Clone> Failures<K> {
    fn new(limit: AttemptLimit, clock: Clock) -> Self {
        let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
        let ticks = Ticks(clock);
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota, ticks),
            refused: Mutex::default(),
            ticks,
        }
    }

    fn admit(&self, key: &K) -> Result<(), Duration> {
        // A panic while the table was held leaves it usable: every step keeps it whole.
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, now) = (refused.get(key).copied(), self.ticks.now());
        match until {
            Some(until) if until > now => {
                Err(Duration::from_nanos(until.as_u64().saturating_sub(now.as_u64())))
            }
            _ => Ok(()),
        }
    }

    fn failed(&self, key: K) -> Result<(), Duration> {
        if self.limiter.len() >= MAX_KEYS {
            self.limiter.retain_recent();
        }
        let Err(refusal) = self.limiter.check_key(&key) else { return Ok(()) };
        let now = self.ticks.now();
        let wait = refusal.wait_time_from(now);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MAX_KEYS {
            refused.retain(|_, until| *until > now);
        }
        refused.insert(key, now + Nanos::from(wait));
        Err(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptLimit, Failures, network};
    use crate::domain::{Clock, ManualClock, Timestamp};
    use std::net::IpAddr;

    #[test]
    fn failures_are_allowed_up_to_the_limit_of_each_key_and_come_back_with_time() {
        static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(1_000_000));
        let failures = Failures::new(AttemptLimit::new(3, 1), Clock::Manual(&CLOCK));
        for _ in 0..3 {
            assert_eq!(failures.failed("one"), Ok(()));
            assert_eq!(failures.admit(&"one"), Ok(()));
        }
        let wait = failures.failed("one").unwrap_err();
        assert_eq!(failures.admit(&"one"), Err(wait));
        assert_eq!(failures.admit(&"other"), Ok(()));
        assert_eq!(failures.failed("other"), Ok(()));
        CLOCK.advance(i64::try_from(wait.as_millis()).unwrap() - 1);
        assert!(failures.admit(&"one").is_err());
        CLOCK.advance(1);
        assert_eq!(failures.admit(&"one"), Ok(()));
        assert_eq!(failures.failed("one"), Ok(()));
    }

    #[test]
    fn the_limit_needs_no_moving_clock() {
        for millis in [i64::MIN, 0, i64::MAX / 1000, i64::MAX] {
            let clock = Clock::Fixed(Timestamp::from_millis(millis));
            let failures = Failures::new(AttemptLimit::new(1, 1), clock);
            assert_eq!(failures.failed("one"), Ok(()));
            assert!(failures.failed("one").is_err(), "the clock is at {millis} ms");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_guesser() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(network(address("2001:db8:1:2:3:4:5:6")), address("2001:db8:1:2::"));
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
        assert_ne!(network(address("192.0.2.1")), network(address("192.0.2.2")));
    }
}
