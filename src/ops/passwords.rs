//! Passwords: what may be one, and what is kept of it.

use crate::domain::Error;
use crate::store::key_file::random_bytes;
use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordHash, Version};
use std::sync::{Mutex, PoisonError};

/// The fewest characters.
pub const SHORTEST: usize = 8;

/// The most characters.
pub const LONGEST: usize = 64;

/// Whether the length of a password is allowed.
pub fn has_length(password: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&password.chars().count())
}

/// What one hash costs: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Held while a hash is computed: no core has time for two at once, and the memory of one is all
/// that hashing takes. It goes back to the system afterwards.
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
pub fn hash(password: &str) -> Result<HashedPassword, Error> {
    let impossible = |error: &dyn std::fmt::Display| {
        Error::Internal(format!("a password can't be hashed: {error}"))
    };
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| impossible(&error))?;
    let salt = Salt::new(&random_bytes::<16>()?).map_err(|error| impossible(&error))?;
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| impossible(&error))?,
        salt: Some(salt),
        hash: Some(compute(password, &salt, params).map_err(|error| impossible(&error))?),
    };
    Ok(HashedPassword(hash.to_string()))
}

/// Whether a password is the one that `stored`, a PHC string, was made from. As slow as [`hash`];
/// what is not such a string, or costs more than a hash of this program, fits no password.
pub fn verify(password: &str, stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else { return false };
    let Ok(params) = Params::try_from(&stored) else { return false };
    let known = stored.algorithm == ARGON2ID_IDENT
        && stored.version == Some(Version::V0x13.into())
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES);
    // The comparison takes the same time wherever the two differ.
    known && compute(password, &salt, params).is_ok_and(|output| output == expected)
}

fn compute(password: &str, salt: &[u8], params: Params) -> argon2::password_hash::Result<Output> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2.hash_password_into_with_memory(
        password.as_bytes(),
        salt,
        &mut output,
        memory.as_mut_slice(),
    )?;
    Ok(Output::new(&output)?)
}

#[cfg(test)]
mod tests {
    use super::{hash, verify};
    use argon2::{Argon2, PasswordVerifier};

    #[test]
    fn a_hash_fits_its_own_password_only_and_is_what_other_programs_read() {
        let hashed = hash("correct horse").unwrap();
        assert!(hashed.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed:?}");
        assert!(verify("correct horse", hashed.as_str()));
        assert!(!verify("correct hors", hashed.as_str()));
        assert!(Argon2::default().verify_password(b"correct horse", hashed.as_str()).is_ok());
        assert_ne!(hash("correct horse").unwrap().as_str(), hashed.as_str());
    }

    #[test]
    fn what_is_not_a_hash_of_this_program_fits_no_password() {
        let hashed = hash("correct horse").unwrap();
        for stored in [
            "",
            "correct horse",
            &hashed.as_str().replace("argon2id", "argon2i"),
            &hashed.as_str().replace("m=19456", "m=1048576"),
            &hashed.as_str().replace("t=2", "t=3"),
            hashed.as_str().rsplit_once('$').unwrap().0,
        ] {
            assert!(!verify("correct horse", stored), "{stored}");
        }
    }
}
