//! Who is logged in to the web console, and what they have chosen there.
//!
//! A session that was used later than now has ended: the clock was set back, and the session would
//! last longer than it should.

use super::engine::{of_row, secret_hash};
use super::ram_users::caller;
use super::{ReadTx, WriteTx};
use crate::domain::{Caller, Error, RamId, Timestamp};
use rusqlite::params;

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
    tx.row(sql, params![secret_hash(token), tx.expiry_now().millis()], |row| {
        let caller = caller(row, None)?;
        of_row! { row => Session { display_name, last_seen_at, language, shortcuts; caller } }
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
    let values = params![secret_hash(token), ram_id.as_str(), now, expires_at.millis()];
    tx.run("", sql, values)
}

/// Notes that a session is in use, so that it lasts longer.
pub fn touch(tx: &WriteTx<'_>, token: &str, expires_at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE console_session SET last_seen_at = ?2, expires_at = ?3
                WHERE session_hash = ?1";
    tx.run("", sql, params![secret_hash(token), tx.expiry_now().millis(), expires_at.millis()])
}

/// Ends a session.
pub fn delete(tx: &WriteTx<'_>, token: &str) -> Result<(), Error> {
    tx.run("", "DELETE FROM console_session WHERE session_hash = ?1", [secret_hash(token)])
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
    tx.run("", sql, params![ram_id.as_str(), language, shortcuts])
}
