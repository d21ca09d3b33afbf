//! Nonces of signed writes.

use super::{ReadTx, WriteTx};
use crate::domain::{AccessKeyId, Error, Timestamp};
use rusqlite::params;

/// The nonces of writes that have not expired, each with its AccessKey and the moment at which it
/// may be forgotten.
pub fn unexpired(tx: &ReadTx<'_>) -> Result<Vec<(AccessKeyId, String, Timestamp)>, Error> {
    let sql = "SELECT access_key_id, nonce, expires_at FROM nonce WHERE expires_at >= ?1";
    tx.rows(sql, [tx.now()], |row| {
        Ok((row.get("access_key_id")?, row.get("nonce")?, row.get("expires_at")?))
    })
}

/// Stores the nonce of a write, and forgets those that have expired.
///
/// # Errors
/// [`Error::NonceUsed`] when it is stored already.
pub fn remember(
    tx: &WriteTx<'_>,
    key: &AccessKeyId,
    nonce: &str,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute("", "DELETE FROM nonce WHERE expires_at < ?1", [tx.now()])?;
    let sql = "INSERT INTO nonce (access_key_id, nonce, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    match tx.execute("", sql, params![key, nonce, expires_at])? {
        0 => Err(Error::NonceUsed),
        _ => Ok(()),
    }
}
