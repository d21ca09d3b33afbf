//! API tokens: the credentials of the admin API, and of `curl` on the CCC face.

use super::engine::{of_row, secret_hash};
use super::{ReadTx, WriteTx, ram_users};
use crate::domain::{ApiToken, Caller, Error, InstanceId, Missing, RamId, Timestamp};
use rusqlite::params;

/// A token as it is listed: without what would let one use it. Moments are milliseconds since the
/// epoch.
#[derive(Clone, Debug, serde::Serialize)]
#[expect(missing_docs, reason = "its fields are the columns")]
pub struct ListedToken {
    pub token_id: String,
    pub name: String,
    /// The login name of its RAM user.
    pub login_name: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub read_only: bool,
    /// The only instance that it is for; absent: all of its RAM user's.
    pub instance_id: Option<String>,
    /// About when it was last used, in milliseconds since the epoch; absent: never.
    pub last_used_at: Option<i64>,
}

/// Whose token this is, if it can be used now.
pub fn caller(tx: &ReadTx<'_>, token: &str) -> Result<Option<Caller>, Error> {
    let sql = "SELECT u.ram_id, u.login_name, u.is_root, t.token_id, t.read_only, t.instance_id
                FROM api_token AS t JOIN ram_user AS u ON u.ram_id = t.ram_id
                WHERE t.token_hash = ?1 AND t.revoked_at IS NULL
                  AND (t.expires_at IS NULL OR t.expires_at > ?2)";
    tx.row(sql, params![secret_hash(token), tx.expiry_now()], |row| {
        let token = of_row! { row => ApiToken { token_id, read_only, instance_id } }?;
        ram_users::caller(row, Some(token))
    })
}

/// Whether a token exists that can be used now.
pub fn can_be_used(tx: &ReadTx<'_>, token_id: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM api_token WHERE token_id = ?1 AND revoked_at IS NULL
                  AND (expires_at IS NULL OR expires_at > ?2)";
    tx.exists(sql, params![token_id, tx.expiry_now()])
}

/// A token that is to be made.
#[derive(Clone, Debug, Default)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// From when on it can't be used.
    pub expires_at: Option<Timestamp>,
    /// Whether it is for reading only.
    pub read_only: bool,
    /// The only instance that it is for.
    pub instance_id: Option<InstanceId>,
}

/// Adds a token, of which only the hash is kept.
pub fn insert(
    tx: &WriteTx<'_>,
    token_id: &str,
    token: &str,
    ram_id: &RamId,
    new: &NewToken,
) -> Result<(), Error> {
    let sql = "INSERT INTO api_token (token_id, ram_id, name, token_hash, created_at, expires_at,
                                      read_only, instance_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let row = params![
        token_id,
        ram_id,
        new.name,
        secret_hash(token),
        tx.now(),
        new.expires_at,
        new.read_only,
        new.instance_id
    ];
    tx.run(token_id, sql, row)
}

/// Notes about when a token was used.
pub fn set_last_used(tx: &WriteTx<'_>, token_id: &str, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE api_token SET last_used_at = max(coalesce(last_used_at, 0), ?2)
                WHERE token_id = ?1";
    tx.run(token_id, sql, params![token_id, at])
}

/// All of them, by id.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<ListedToken>, Error> {
    let sql = "SELECT t.token_id, t.name, u.login_name, t.created_at, t.expires_at, t.revoked_at,
                      t.read_only, t.instance_id, t.last_used_at
                 FROM api_token AS t JOIN ram_user AS u ON u.ram_id = t.ram_id ORDER BY t.token_id";
    tx.rows(sql, [], |row| {
        of_row! { row => ListedToken {
            token_id, name, login_name, created_at, expires_at, revoked_at, read_only,
            instance_id, last_used_at
        } }
    })
}

/// Ends a token; ending it again changes nothing.
pub fn revoke(tx: &WriteTx<'_>, token_id: &str) -> Result<(), Error> {
    let sql = "UPDATE api_token SET revoked_at = coalesce(revoked_at, ?2) WHERE token_id = ?1";
    match tx.execute(token_id, sql, params![token_id, tx.now()])? {
        0 => Err(Error::NotFound(Missing::Credential("API token".into(), token_id.to_owned()))),
        _ => Ok(()),
    }
}
