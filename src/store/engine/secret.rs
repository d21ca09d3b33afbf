//! Tokens and client secrets are stored as hashes.

use sha2::{Digest, Sha256};

/// The SHA-256 of a secret. It has 256 random bits, so one round of a plain hash is enough.
pub(in crate::store) fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
