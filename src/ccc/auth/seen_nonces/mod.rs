//! The nonces that were seen, in memory. They keep a request from being replayed, and two equal
//! ones from running at the same time. The nonces of writes are in the database as well and outlive
//! a restart: the first request reads them from there.
//!
//! A nonce is remembered until its moment has come by the machine's clock, and for half an hour of
//! the program's own time besides: a clock that jumps ahead and back reopens nothing.

use super::{NONCE_LIFE, Nonce};
use crate::ccc::error::{Failure, Result};
use crate::domain::{AccessKeyId, Clock, Error, Timestamp};
use crate::store::nonces::StoredNonce;
use crate::store::require_patience;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

/// How many nonces of one AccessKey are remembered; more requests than this in half an hour are
/// refused, since a table that forgets would let a replay in.
const PER_ACCESS_KEY: usize = 1_000_000;

/// How often expired nonces are looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// The table: the first 128 bits of each nonce's SHA-256, and until when it is remembered.
pub(in crate::ccc) struct SeenNonces {
    table: Mutex<Table>,
    per_access_key: usize,
}

impl Default for SeenNonces {
    fn default() -> Self {
        Self::with_room_for(PER_ACCESS_KEY)
    }
}

#[derive(Default)]
struct Table {
    keys: HashMap<AccessKeyId, HashMap<u128, Until>>,
    /// By the program's own time; `None` before the first request.
    swept_at: Option<Duration>,
}

/// Until when a nonce is remembered: whichever comes later.
struct Until {
    /// By the machine's clock.
    moment: Timestamp,
    /// By the program's own time, in milliseconds: a table of a million has no room for more.
    elapsed: u64,
}

impl Until {
    fn new(moment: Timestamp, elapsed: Duration) -> Self {
        let elapsed = (elapsed + NONCE_LIFE).as_millis();
        Self { moment, elapsed: u64::try_from(elapsed).unwrap_or(u64::MAX) }
    }

    fn is_over(&self, now: Timestamp, elapsed: Duration) -> bool {
        self.moment < now && u128::from(self.elapsed) < elapsed.as_millis()
    }
}

impl Table {
    fn of(&mut self, key: &AccessKeyId) -> &mut HashMap<u128, Until> {
        self.keys.entry(key.clone()).or_default()
    }
}

fn short(nonce: &str) -> u128 {
    Sha256::digest(nonce.as_bytes())
        .iter()
        .take(16)
        .fold(0, |bits, byte| (bits << 8) | u128::from(*byte))
}

impl SeenNonces {
    /// A table that remembers this many nonces of each AccessKey.
    fn with_room_for(per_access_key: usize) -> Self {
        Self { table: Mutex::default(), per_access_key }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // A panic while the table was held leaves it usable: every step keeps it whole.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The table, unless another reads or sweeps it and this thread must not be held up.
    fn table_at_once(&self) -> Result<MutexGuard<'_, Table>, Error> {
        match self.table.try_lock() {
            Err(TryLockError::WouldBlock) => require_patience().map(|()| self.table()),
            Err(TryLockError::Poisoned(table)) => Ok(table.into_inner()),
            Ok(table) => Ok(table),
        }
    }

    pub(in crate::ccc) fn remembers(&self, key: &AccessKeyId, nonce: &str) -> bool {
        self.table().keys.get(key).is_some_and(|nonces| nonces.contains_key(&short(nonce)))
    }

    /// Remembers a nonce; `stored` are those of the writes before this process, which the first
    /// call asks for.
    ///
    /// # Errors
    /// The nonce is remembered already, or there is no room; those of `stored`.
    pub(in crate::ccc) fn use_once(
        &self,
        nonce: &Nonce,
        clock: Clock,
        stored: impl FnOnce() -> Result<Vec<StoredNonce>, Error>,
    ) -> Result<()> {
        let mut table = self.table_at_once()?;
        let (now, elapsed) = (clock.now(), clock.elapsed());
        if table.swept_at.is_none() {
            require_patience()?;
            for (key, nonce, expires_at) in stored()? {
                table.of(&key).insert(short(&nonce), Until::new(expires_at, elapsed));
            }
        }
        if table.swept_at.is_none_or(|swept| elapsed.saturating_sub(swept) > SWEEP) {
            require_patience()?;
            table.keys.retain(|_, nonces| {
                nonces.retain(|_, until| !until.is_over(now, elapsed));
                !nonces.is_empty()
            });
            table.swept_at = Some(elapsed);
        }
        let (nonces, short) = (table.of(&nonce.access_key_id), short(&nonce.nonce));
        if nonces.contains_key(&short) {
            return Err(Failure::NonceUsed);
        }
        if nonces.len() >= self.per_access_key {
            return Err(Failure::Throttled);
        }
        nonces.insert(short, Until::new(nonce.expires_at, elapsed));
        Ok(())
    }

    /// Forgets a nonce whose request was not carried out, so that the same request can be sent
    /// again.
    pub(in crate::ccc) fn give_back(&self, nonce: &Nonce) {
        self.table().of(&nonce.access_key_id).remove(&short(&nonce.nonce));
    }
}

#[cfg(test)]
mod tests;
