//! Requests that may be sent again without being done again: what `Idempotency-Key` is for.
//!
//! The answer is stored in the transaction that it is the answer of, so after a crash either both
//! are there or neither is, and the request can be sent again. A request that was refused changed
//! nothing and is not stored. While a request runs, its key is in memory only: whatever ends the
//! process ends the request too.

use super::problem::{Failure, Result};
use crate::domain::{Caller, RamId};
use crate::http::Answer;
use crate::store::idempotency::{self, Stored, Storing};
use crate::store::{Store, WriteTx};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long an answer is kept.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The keys of the requests that are running.
#[derive(Clone, Default)]
pub(super) struct Running(Arc<Mutex<HashSet<(RamId, String)>>>);

impl Running {
    fn keys(&self) -> MutexGuard<'_, HashSet<(RamId, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with a key, until it is answered.
pub(super) struct KeyedRequest {
    running: Running,
    ram_id: RamId,
    key: String,
    fingerprint: [u8; 32],
}

/// What a key says of a request.
pub(super) enum Begun {
    /// It is the first of its key, or has none.
    First(Option<Arc<KeyedRequest>>),
    /// It was answered before.
    Replay(Answer),
}

impl KeyedRequest {
    /// Looks whether the request was answered before, or is running.
    ///
    /// # Errors
    /// Another request has the key, or this one is still running.
    pub(super) fn begin(
        store: &Store,
        running: &Running,
        caller: &Caller,
        key: String,
        fingerprint: [u8; 32],
    ) -> Result<Begun> {
        let (ram_id, running) = (caller.ram_id.clone(), running.clone());
        // The key is taken before the stored answers are looked at, so that a request which ends in
        // between has stored its answer by then.
        if !running.keys().insert((ram_id.clone(), key.clone())) {
            return Err(Failure::IdempotencyKeyInUse);
        }
        let keyed = Self { running, ram_id, key, fingerprint };
        match store.read(|tx| idempotency::find(tx, &keyed.ram_id, &keyed.key))? {
            None => Ok(Begun::First(Some(Arc::new(keyed)))),
            Some(stored) if stored.fingerprint == keyed.fingerprint => {
                let mut answer = Answer::json(stored.status, stored.body);
                answer.headers.extend(stored.location.map(|location| ("location", location)));
                Ok(Begun::Replay(answer.with("idempotency-replayed", "true")))
            }
            Some(_) => Err(Failure::IdempotencyKeyReused),
        }
    }

    /// Stores the answer, in the transaction that it is the answer of.
    ///
    /// # Errors
    /// Another process has answered a request with this key, or there is no room for the answer.
    pub(super) fn keep(&self, tx: &WriteTx<'_>, answer: &Answer) -> Result<()> {
        let location = answer.header("location").map(str::to_owned);
        let stored = Stored {
            fingerprint: self.fingerprint,
            status: answer.status,
            location,
            body: answer.body.clone(),
        };
        let until = tx.expiry_now().after(LIFE);
        match idempotency::insert(tx, &self.ram_id, &self.key, &stored, until)? {
            Storing::Done => Ok(()),
            Storing::Taken => Err(Failure::IdempotencyKeyInUse),
            Storing::Full => Err(Failure::IdempotencyKeysFull),
        }
    }
}

impl Drop for KeyedRequest {
    fn drop(&mut self) {
        let key = (self.ram_id.clone(), std::mem::take(&mut self.key));
        self.running.keys().remove(&key);
    }
}
