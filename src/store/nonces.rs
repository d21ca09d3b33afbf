//! Nonces of signed writes.

use super::engine::Row;
use super::{ReadTx, WriteTx};
use crate::domain::{AccessKeyId, Error, Timestamp};
use rusqlite::params;

/// A nonce out of the database: its AccessKey, itself, and the moment at which it may be forgotten.
pub type StoredNonce = (AccessKeyId, String, Timestamp);

/// How many nonces one write looks at to forget them.
const FORGOTTEN_TOGETHER: u32 = 100;

/// All of them: what has expired by a clock that is ahead has not expired.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<StoredNonce>, Error> {
    let sql = "SELECT access_key_id, nonce, expires_at FROM nonce";
    tx.rows(sql, [], stored)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredNonce> {
    Ok((row.get("access_key_id")?, row.get("nonce")?, row.get("expires_at")?))
}

/// Stores the nonce of a write.
///
/// # Errors
/// [`Error::NonceUsed`] when it is stored already.
pub fn remember(
    tx: &WriteTx<'_>,
    key: &AccessKeyId,
    nonce: &str,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO nonce (access_key_id, nonce, expires_at) VALUES (?1, ?2, ?3)
                ON CONFLICT DO NOTHING";
    match tx.execute("", sql, params![key, nonce, expires_at])? {
        0 => Err(Error::NonceUsed),
        _ => Ok(()),
    }
}

/// Removes the oldest of those that have expired, but none that is still remembered elsewhere.
pub fn forget_expired(
    tx: &WriteTx<'_>,
    is_remembered: impl Fn(&AccessKeyId, &str) -> bool,
) -> Result<(), Error> {
    let sql = "SELECT access_key_id, nonce, expires_at FROM nonce WHERE expires_at < ?1
                ORDER BY expires_at LIMIT ?2";
    let expired = tx.rows(sql, params![tx.now(), FORGOTTEN_TOGETHER], stored)?;
    for (key, nonce, _) in expired.iter().filter(|(key, nonce, _)| !is_remembered(key, nonce)) {
        let sql = "DELETE FROM nonce WHERE access_key_id = ?1 AND nonce = ?2";
        tx.execute("", sql, params![key, nonce])?;
    }
    Ok(())
}
