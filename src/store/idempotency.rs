//! Answers of requests that may be sent again without being done again.

use super::engine::of_row;
use super::{ReadTx, WriteTx};
use crate::domain::{Error, RamId, Timestamp};
use rusqlite::params;

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The SHA-256 of the request.
    pub fingerprint: [u8; 32],
    /// The HTTP status.
    pub status: u16,
    /// Where what was made is.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a RAM user's request with this key was answered, if that is still known.
pub fn find(tx: &ReadTx<'_>, ram_id: &RamId, key: &str) -> Result<Option<Stored>, Error> {
    let sql = "SELECT fingerprint, status, location, body FROM idempotency_key
                WHERE ram_id = ?1 AND idempotency_key = ?2 AND expires_at > ?3";
    tx.row(
        sql,
        params![ram_id, key, tx.expiry_now()],
        |row| of_row! { row => Stored { fingerprint, status, location, body } },
    )
}

/// How many bytes the answers of one RAM user may take, and what each takes besides its body: as
/// many as a day of bulk requests needs, and no more than the disk has.
const ROOM: u64 = 32 * 1024 * 1024;
const ROW: u64 = 512;

/// What became of an answer that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storing {
    /// It is stored.
    Done,
    /// Another request has stored one under the key.
    Taken,
    /// The RAM user's answers take up all the room that they may.
    Full,
}

/// Stores an answer, and forgets those that have expired.
pub fn insert(
    tx: &WriteTx<'_>,
    ram_id: &RamId,
    key: &str,
    stored: &Stored,
    expires_at: Timestamp,
) -> Result<Storing, Error> {
    tx.execute("", "DELETE FROM idempotency_key WHERE expires_at <= ?1", [tx.expiry_now()])?;
    let sql = "SELECT coalesce(sum(length(body) + ?2), 0) FROM idempotency_key WHERE ram_id = ?1";
    let taken = tx.count(sql, params![ram_id, ROW])?;
    if taken + ROW + stored.body.len() as u64 > ROOM {
        return Ok(Storing::Full);
    }
    let sql = "INSERT INTO idempotency_key (ram_id, idempotency_key, fingerprint, status, location,
                                            body, created_at, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
    let row = params![
        ram_id,
        key,
        stored.fingerprint,
        stored.status,
        stored.location,
        stored.body,
        tx.expiry_now(),
        expires_at
    ];
    match tx.execute(key, sql, row)? {
        0 => Ok(Storing::Taken),
        _ => Ok(Storing::Done),
    }
}
