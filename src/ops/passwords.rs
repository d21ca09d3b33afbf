//! Passwords: what may be one, and what is kept of it.

use crate::domain::Error;
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Mutex, PoisonError};

/// The fewest characters.
pub const SHORTEST: usize = 8;

/// The most characters.
pub const LONGEST: usize = 64;

/// What one hash costs: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Held while a hash is computed: many at once would take the memory of each, and no core has time
/// for two.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// An Argon2id hash with its salt and costs, as a PHC string. Not printed by `Debug`.
#[derive(Clone)]
pub struct HashedPassword(String);

impl HashedPassword {
    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for HashedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashedPassword")
    }
}

/// Hashes a password with a new salt. Slow on purpose: not inside a write transaction.
///
/// # Errors
/// [`Error::Internal`] when the system gives no random bytes.
pub fn hash(password: &str) -> Result<HashedPassword, Error> {
    let impossible = |error: &dyn std::fmt::Display| {
        Error::Internal(format!("a password can't be hashed: {error}"))
    };
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| impossible(&error))?;
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(password.as_bytes()).map_err(|error| impossible(&error))?;
    Ok(HashedPassword(hash.to_string()))
}
