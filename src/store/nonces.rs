//! Nonces of signed writes.

use super::{ReadTx, WriteTx};
use crate::domain::{AccessKeyId, Error, Timestamp};
use rusqlite::params;

/// Whether a write used the nonce, and it has not expired.
///
/// # Errors
/// Only those of the database.
pub fn is_used(tx: &ReadTx<'_>, key: &AccessKeyId, nonce: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM nonce WHERE access_key_id = ?1 AND nonce = ?2 AND expires_at >= ?3";
    tx.count(sql, params![key.as_str(), nonce, tx.now().millis()]).map(|count| count > 0)
}

/// Stores the nonce of a write, and forgets those that have expired.
///
/// # Errors
/// [`Error::NonceUsed`] when it is stored already.
pub fn remember(tx: &WriteTx<'_>, key: &AccessKeyId, nonce: &str, expires_at: Timestamp) -> Result<(), Error> {
    tx.execute("", "DELETE FROM nonce WHERE expires_at < ?1", [tx.now().millis()])?;
    let sql = "INSERT INTO nonce (access_key_id, nonce, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    match tx.execute("", sql, params![key.as_str(), nonce, expires_at.millis()])? {
        0 => Err(Error::NonceUsed),
        _ => Ok(()),
    }
}
