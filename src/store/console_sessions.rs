//! Who is logged in to the web console, and what they have chosen there.
//!
//! A session that was used later than now has ended: the clock was set back, and the session would
//! last longer than it should.

use super::{ReadTx, WriteTx};
use crate::domain::{Caller, Error, RamId, Timestamp};
use rusqlite::params;
use sha2::{Digest, Sha256};

/// A login that has not ended.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is logged in.
    pub caller: Caller,
    /// What people call them.
    pub display_name: String,
    /// When a request of theirs was last noted.
    pub last_seen_at: Timestamp,
    /// The language that they chose, as a tag; empty: none.
    pub language: String,
    /// Whether single letters are keyboard commands.
    pub shortcuts: bool,
}

/// The session that this token opened, unless it has ended.
pub fn find(tx: &ReadTx<'_>, token: &str) -> Result<Option<Session>, Error> {
    let sql = "SELECT r.ram_id, r.login_name, r.is_root, r.display_name, s.last_seen_at,
                      coalesce(p.language, '') AS language, coalesce(p.shortcuts, 1) AS shortcuts
                 FROM console_session AS s
                 JOIN ram_user AS r ON r.ram_id = s.ram_id
                 LEFT JOIN console_preference AS p ON p.ram_id = s.ram_id
                WHERE s.session_hash = ?1 AND s.expires_at > ?2 AND s.last_seen_at <= ?2 + 60000";
    tx.row(sql, params![hash(token), tx.expiry_now().millis()], |row| {
        Ok(Session {
            caller: Caller {
                ram_id: RamId::new(row.get::<_, String>("ram_id")?),
                login_name: row.get("login_name")?,
                is_root: row.get("is_root")?,
                token: None,
            },
            display_name: row.get("display_name")?,
            last_seen_at: Timestamp::from_millis(row.get("last_seen_at")?),
            language: row.get("language")?,
            shortcuts: row.get("shortcuts")?,
        })
    })
}

/// Keeps a new session, and forgets those that have ended.
pub fn insert(
    tx: &WriteTx<'_>,
    token: &str,
    ram_id: &RamId,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let now = tx.expiry_now().millis();
    tx.execute("", "DELETE FROM console_session WHERE expires_at <= ?1", [now])?;
    let sql = "INSERT INTO console_session
                   (session_hash, ram_id, created_at, last_seen_at, expires_at)
               VALUES (?1, ?2, ?3, ?3, ?4)";
    let values = params![hash(token), ram_id.as_str(), now, expires_at.millis()];
    tx.execute("", sql, values).map(|_| ())
}

/// Notes that a session is in use, so that it lasts longer.
pub fn touch(tx: &WriteTx<'_>, token: &str, expires_at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE console_session SET last_seen_at = ?2, expires_at = ?3
                WHERE session_hash = ?1";
    tx.execute("", sql, params![hash(token), tx.expiry_now().millis(), expires_at.millis()])
        .map(|_| ())
}

/// Ends a session.
pub fn delete(tx: &WriteTx<'_>, token: &str) -> Result<(), Error> {
    tx.execute("", "DELETE FROM console_session WHERE session_hash = ?1", [hash(token)]).map(|_| ())
}

/// Keeps what a person has chosen.
pub fn set_preference(
    tx: &WriteTx<'_>,
    ram_id: &RamId,
    language: &str,
    shortcuts: bool,
) -> Result<(), Error> {
    let sql = "INSERT INTO console_preference (ram_id, language, shortcuts) VALUES (?1, ?2, ?3)
               ON CONFLICT (ram_id) DO UPDATE SET language = ?2, shortcuts = ?3";
    tx.execute("", sql, params![ram_id.as_str(), language, shortcuts]).map(|_| ())
}

/// A token has 256 random bits, so one round of a plain hash is enough.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
