//! One request on its way from its operation to the operation's function, and the transaction that
//! the function runs in.

use super::auth::{self, Nonce, Scheme, SeenNonces, Verified};
use super::error::Result;
use super::params::{Params, Request, Wire};
use super::reply::{self, Format, Reply};
use super::scope::Scope;
use crate::domain::{Act, Author, Caller, Origin};
use crate::ops::access::{self, Reading, Writing};
use crate::ops::last_use::{Credential, LastUse};
use crate::store::{KeyFile, ReadTx, Store, is_brief, nonces};
use serde::Serialize;
use std::cell::OnceCell;
use std::sync::Arc;

/// What all requests share.
pub(super) struct Resources {
    pub(super) store: Arc<Store>,
    pub(super) key_file: KeyFile,
    pub(super) seen_nonces: Arc<SeenNonces>,
    pub(super) last_use: Arc<LastUse>,
}

/// The body of a reply for which nothing was changed.
pub(super) struct Read(pub(super) Vec<u8>);

/// The body of a reply after a change.
pub(super) struct Written(pub(super) Vec<u8>);

/// One request on its way.
pub(super) struct Call<'a> {
    pub(super) resources: &'a Resources,
    /// The name of the operation, and what the caller's role must allow.
    pub(super) operation: &'static str,
    pub(super) act: Act,
    pub(super) format: Format,
    pub(super) scheme: Scheme,
    pub(super) wire: &'a Wire<'a>,
    pub(super) params: Params,
    pub(super) request_id: &'a str,
    /// The nonce that the request has used, once it has.
    pub(super) used_nonce: &'a OnceCell<Nonce>,
    /// Whether a try of the same request that was given up has used it.
    pub(super) is_nonce_used: bool,
}

impl Call<'_> {
    /// Runs an operation that reads. All credentials of a login share one quota of what takes long.
    pub(super) fn read<S: Scope, R: Request, T: Serialize>(
        self,
        function: fn(Reading<'_, S>, R) -> Result<Reply<T>>,
    ) -> Result<Read> {
        let store = &self.resources.store;
        let reply = if is_brief() {
            store.read(|tx| self.run(tx, &self.verify(tx)?.caller, function))
        } else {
            // Long reads take turns by caller, so the caller must be known first.
            let caller = store.read(|tx| self.verify(tx))?.caller;
            store.read_fairly(&caller.login_name, |tx| self.run(tx, &caller, function))
        };
        reply::write(self.format, self.operation, self.request_id, reply?).map(Read)
    }

    fn run<S: Scope, R: Request, T: Serialize>(
        &self,
        tx: &ReadTx<'_>,
        caller: &Caller,
        function: fn(Reading<'_, S>, R) -> Result<Reply<T>>,
    ) -> Result<Reply<T>> {
        S::check(&self.params)?;
        let request = R::read(&self.params)?;
        let scope = S::enter(tx, caller, self.act, &self.params)?;
        function(Reading { tx, place: &scope }, request)
    }

    /// Runs an operation that writes. It is verified before it queues for the writer, so a
    /// forged request can't delay a genuine one.
    ///
    /// Its nonce is stored even when it is refused: what was refused today might be done tomorrow,
    /// by a replay. Nothing is stored of what the parameters alone refuse; that can't change.
    pub(super) fn write<
        S: Scope + 'static,
        R: Request + Send + 'static,
        T: Serialize + Send + 'static,
    >(
        self,
        function: fn(Writing<'_, S>, R) -> Result<Reply<T>>,
    ) -> Result<Written> {
        let Verified { caller, nonce } = self.resources.store.read(|tx| self.verify(tx))?;
        access::require_writer(&caller)?;
        S::check(&self.params)?;
        let request = R::read(&self.params)?;
        let author = Author::new(caller.login_name.clone(), Origin::Ccc, self.request_id);
        let (act, params) = (self.act, self.params);
        let seen_nonces = Arc::clone(&self.resources.seen_nonces);
        let reply = self.resources.store.write(author, move |tx| {
            if let Some(nonce) = &nonce {
                nonces::forget_expired(tx, |key, nonce| seen_nonces.remembers(key, nonce))?;
                nonces::remember(tx, &nonce.access_key_id, &nonce.nonce, nonce.expires_at)?;
            }
            let outcome = tx.attempt(|| {
                let scope = S::enter(tx, &caller, act, &params)?;
                function(Writing { tx, place: &scope }, request)
            });
            match outcome {
                Err(failure) if nonce.is_none() || failure.is_unavailable() => Err(failure),
                outcome => Ok(outcome),
            }
        })??;
        reply::write(self.format, self.operation, self.request_id, reply).map(Written)
    }

    /// Verifies the request and uses up its nonce.
    fn verify(&self, tx: &ReadTx<'_>) -> Result<Verified> {
        let verified =
            auth::verify(tx, &self.resources.key_file, &self.scheme, self.wire, &self.params)?;
        let used = match (&verified.nonce, &verified.caller.token) {
            (Some(nonce), _) => Some(Credential::AccessKey(nonce.access_key_id.clone())),
            (None, token) => {
                token.as_ref().map(|token| Credential::ApiToken(token.token_id.clone()))
            }
        };
        let Resources { store, seen_nonces, last_use, .. } = self.resources;
        used.into_iter().for_each(|credential| last_use.note(credential));
        if let Some(nonce) = &verified.nonce {
            if !self.is_nonce_used {
                seen_nonces.use_once(nonce, store.clock(), || nonces::all(tx))?;
            }
            // Verified once in each call, so the cell is empty.
            let _ = self.used_nonce.set(nonce.clone());
        }
        Ok(verified)
    }
}
