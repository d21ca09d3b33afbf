//! The nonces that were seen, in memory: what keeps a request from being replayed, and two equal
//! ones from running side by side. The nonces of writes are in the database as well and outlive a
//! restart: the first request reads them from there.

use super::Nonce;
use crate::ccc::error::Failure;
use crate::domain::{AccessKeyId, Error, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many nonces of one AccessKey are remembered; more requests than this in half an hour are
/// refused, since a table that forgets would let a replay in.
const PER_ACCESS_KEY: usize = 1_000_000;

/// How often expired nonces are looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// A nonce out of the database: its AccessKey, itself, and the moment at which it may be forgotten.
pub(in crate::ccc) type StoredNonce = (AccessKeyId, String, Timestamp);

/// The table: the first 128 bits of each nonce's SHA-256, with the moment at which it may be
/// forgotten.
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
    keys: HashMap<AccessKeyId, HashMap<u128, Timestamp>>,
    /// `None` before the first request.
    swept_at: Option<Timestamp>,
}

impl Table {
    fn of(&mut self, key: &AccessKeyId) -> &mut HashMap<u128, Timestamp> {
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

    /// Remembers a nonce; `stored` are those of the writes before this process, which the first
    /// call asks for.
    ///
    /// # Errors
    /// The nonce is remembered already, or there is no room; those of `stored`.
    pub(in crate::ccc) fn use_once(
        &self,
        nonce: &Nonce,
        now: Timestamp,
        stored: impl FnOnce() -> Result<Vec<StoredNonce>, Error>,
    ) -> Result<(), Failure> {
        // A panic while the table was held leaves it usable: every step keeps it whole.
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.swept_at.is_none() {
            for (key, nonce, expires_at) in stored()? {
                table.of(&key).insert(short(&nonce), expires_at);
            }
        }
        if table.swept_at.is_none_or(|swept| swept.distance(now) > SWEEP) {
            table.keys.retain(|_, nonces| {
                nonces.retain(|_, expires_at| *expires_at >= now);
                !nonces.is_empty()
            });
            table.swept_at = Some(now);
        }
        let (nonces, short) = (table.of(&nonce.access_key_id), short(&nonce.nonce));
        if nonces.contains_key(&short) {
            return Err(Failure::NonceUsed);
        }
        if nonces.len() >= self.per_access_key {
            return Err(Failure::Throttled);
        }
        nonces.insert(short, nonce.expires_at);
        Ok(())
    }

    /// Forgets a nonce whose request was not carried out, so that the same request can be sent
    /// again.
    pub(in crate::ccc) fn give_back(&self, nonce: &Nonce) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.of(&nonce.access_key_id).remove(&short(&nonce.nonce));
    }
}

#[cfg(test)]
mod tests;
