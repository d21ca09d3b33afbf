//! RAM users: the account's logins.

use super::{ReadTx, WriteTx};
use crate::domain::{Error, RamId};
use rusqlite::params;

/// The id of the RAM user of that login name.
///
/// # Errors
/// Only those of the database.
pub fn find(tx: &ReadTx<'_>, login_name: &str) -> Result<Option<RamId>, Error> {
    tx.row("SELECT ram_id FROM ram_user WHERE login_name = ?1", [login_name], |row| row.get::<_, String>(0).map(RamId::new))
}

/// The id of the account's root, which is the account's AliyunUid.
///
/// # Errors
/// Only those of the database.
pub fn root(tx: &ReadTx<'_>) -> Result<Option<RamId>, Error> {
    tx.row("SELECT ram_id FROM ram_user WHERE is_root = 1", [], |row| row.get::<_, String>(0).map(RamId::new))
}

/// Adds the account's root.
///
/// # Errors
/// [`Error::Rule`] when there is one.
pub fn insert_root(tx: &WriteTx<'_>, ram_id: &RamId, login_name: &str) -> Result<(), Error> {
    let sql = "INSERT INTO ram_user (ram_id, login_name, display_name, is_root, created_at) VALUES (?1, ?2, ?2, 1, ?3)";
    tx.execute(login_name, sql, params![ram_id.as_str(), login_name, tx.now().millis()]).map(|_| ())
}
