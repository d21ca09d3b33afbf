//! When credentials were last used.
//!
//! They are kept in memory and written about once an hour and at the end, so that no request costs
//! a write. A crash loses at most an hour of them, and nothing else. The same write forgets the
//! previews of imports whose day is over.

use crate::domain::{AccessKeyId, Author, Error, Origin, Timestamp};
use crate::store::{Store, access_keys, api_tokens, imports, may_take_long, oauth_clients};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often it is written down.
const WRITTEN_EVERY: Duration = Duration::from_secs(60 * 60);

/// A credential that can be used for long.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An AccessKey.
    AccessKey(AccessKeyId),
    /// An API token, by its id.
    ApiToken(String),
    /// An OAuth2 client, by its id.
    OauthClient(String),
}

/// The last uses that are not written down yet.
pub struct LastUse {
    store: Arc<Store>,
    noted: Mutex<Noted>,
}

struct Noted {
    uses: HashMap<Credential, Timestamp>,
    /// By the program's own time.
    written_at: Duration,
}

impl LastUse {
    /// None yet.
    pub fn new(store: Arc<Store>) -> Self {
        let written_at = store.clock().elapsed();
        Self { store, noted: Mutex::new(Noted { uses: HashMap::new(), written_at }) }
    }

    /// Notes that a credential was used now. About once an hour it also writes down what was noted.
    pub fn note(&self, credential: Credential) {
        let clock = self.store.clock();
        let due = {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.uses.insert(credential, clock.now());
            let due = clock.elapsed().saturating_sub(noted.written_at) >= WRITTEN_EVERY
                && may_take_long();
            if due {
                noted.written_at = clock.elapsed();
            }
            due
        };
        if due {
            self.write_down();
        }
    }

    /// Writes down what was noted. What a database can't take now is kept for later.
    pub fn write_down(&self) {
        let uses = {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut noted.uses)
        };
        if uses.is_empty() {
            return;
        }
        let author = Author::new("", Origin::Cli, "");
        let kept = uses.clone();
        let written = self.store.write(author, move |tx| -> Result<(), Error> {
            for (credential, at) in &uses {
                match credential {
                    Credential::AccessKey(id) => access_keys::set_last_used(tx, id, *at)?,
                    Credential::ApiToken(id) => api_tokens::set_last_used(tx, id, *at)?,
                    Credential::OauthClient(id) => oauth_clients::set_last_used(tx, id, *at)?,
                }
            }
            imports::delete_expired(tx)
        });
        if let Err(error) = written {
            tracing::debug!(%error, "the last uses of credentials were not written down");
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            for (credential, at) in kept {
                noted.uses.entry(credential).or_insert(at);
            }
        }
    }
}
