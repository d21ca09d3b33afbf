//! Nonces of this process's requests, in memory: what keeps a read from being replayed, and two equal requests from
//! running side by side. The nonces of writes are in the database as well and outlive a restart.

use super::auth::Nonce;
use super::error::Failure;
use crate::domain::{AccessKeyId, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many nonces of one AccessKey are remembered; more requests than this in half an hour are refused, since a table
/// that forgets would let a replay in.
const PER_ACCESS_KEY: usize = 1_000_000;

/// How often expired nonces are looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// The table: the first 128 bits of each nonce's SHA-256, with the moment at which it may be forgotten.
#[derive(Default)]
pub(super) struct ReadNonces {
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    keys: HashMap<AccessKeyId, HashMap<u128, Timestamp>>,
    swept_at: Option<Timestamp>,
}

impl ReadNonces {
    /// Remembers a nonce.
    ///
    /// # Errors
    /// It is remembered already, or there is no room.
    pub(super) fn use_once(&self, nonce: &Nonce, now: Timestamp) -> Result<(), Failure> {
        // A panic while the table was held leaves it usable: every step keeps it whole.
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.swept_at.is_none_or(|swept| swept.distance(now) > SWEEP) {
            table.keys.retain(|_, nonces| {
                nonces.retain(|_, expires_at| *expires_at >= now);
                !nonces.is_empty()
            });
            table.swept_at = Some(now);
        }
        let nonces = table.keys.entry(nonce.access_key_id.clone()).or_default();
        let digest = Sha256::digest(nonce.nonce.as_bytes());
        let short = digest.iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte));
        if nonces.contains_key(&short) {
            return Err(Failure::NonceUsed);
        }
        if nonces.len() >= PER_ACCESS_KEY {
            return Err(Failure::Throttled);
        }
        nonces.insert(short, nonce.expires_at);
        Ok(())
    }
}

#[cfg(test)]
#[path = "read_nonces_tests.rs"]
mod tests;
