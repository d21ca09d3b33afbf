//! AccessKeys: the credentials of signed requests.

use super::engine::key_file::{EncryptedSecret, KeyFile};
use super::engine::{Row, of_row};
use super::{ReadTx, WriteTx, ram_users};
use crate::domain::{AccessKeyId, Caller, Error, Missing, RamId, Timestamp};
use rusqlite::params;

/// What the key file's check row says when it is decrypted with the right key.
const CHECK: &[u8] = b"numberd key file";

/// An AccessKey with its secret in clear, for checking one signature.
pub struct AccessKey {
    /// Whose it is.
    pub caller: Caller,
    /// The secret.
    pub secret: Vec<u8>,
    /// Whether it can still be used.
    pub active: bool,
}

/// An AccessKey as it is listed: without its secret. Moments are milliseconds since the epoch.
#[derive(Clone, Debug, serde::Serialize)]
#[expect(missing_docs, reason = "its fields are the columns")]
pub struct ListedAccessKey {
    pub access_key_id: String,
    /// The login name of its RAM user.
    pub login_name: String,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
    /// About when it was last used, in milliseconds since the epoch; absent: never.
    pub last_used_at: Option<i64>,
}

/// The AccessKey of that id, if there is one.
///
/// # Errors
/// Those of the database; [`Error::Internal`] when the row can't be decrypted.
pub fn find(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    id: &AccessKeyId,
) -> Result<Option<AccessKey>, Error> {
    let sql = "SELECT k.secret_nonce AS nonce, k.secret_ciphertext AS ciphertext,
                  k.revoked_at IS NULL AS active, u.ram_id, u.login_name, u.is_root
                 FROM access_key AS k JOIN ram_user AS u ON u.ram_id = k.ram_id
                 WHERE k.access_key_id = ?1";
    let found = tx.row(sql, [id], |row| {
        Ok((sealed(row)?, row.get::<_, bool>("active")?, ram_users::caller(row, None)?))
    })?;
    let Some((sealed, active, caller)) = found else { return Ok(None) };
    let secret = key_file
        .unseal(&belongs_to(id), &sealed)
        .ok_or_else(|| Error::Internal(format!("the secret of AccessKey {id} can't be decrypted: it was changed or moved in the database")))?;
    Ok(Some(AccessKey { caller, secret, active }))
}

/// Adds an AccessKey.
pub fn insert(
    tx: &WriteTx<'_>,
    key_file: &KeyFile,
    id: &AccessKeyId,
    ram_id: &RamId,
    secret: &str,
) -> Result<(), Error> {
    let sealed = key_file.seal(&belongs_to(id), secret.as_bytes())?;
    let sql = "INSERT INTO access_key (access_key_id, ram_id, secret_nonce, secret_ciphertext,
                                       created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.run(id, sql, params![id, ram_id, sealed.nonce, sealed.ciphertext, tx.now()])
}

/// All of them, by id.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<ListedAccessKey>, Error> {
    let sql = "SELECT k.access_key_id, u.login_name, k.created_at, k.revoked_at, k.last_used_at
                 FROM access_key AS k JOIN ram_user AS u ON u.ram_id = k.ram_id
                 ORDER BY k.access_key_id";
    tx.rows(sql, [], |row| {
        of_row! { row => ListedAccessKey {
            access_key_id, login_name, created_at, revoked_at, last_used_at
        } }
    })
}

/// Notes about when an AccessKey was used.
pub fn set_last_used(tx: &WriteTx<'_>, id: &AccessKeyId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE access_key SET last_used_at = max(coalesce(last_used_at, 0), ?2)
                WHERE access_key_id = ?1";
    tx.run(id, sql, params![id, at])
}

/// Whether there is one of that id, revoked or not.
pub fn exists(tx: &ReadTx<'_>, id: &AccessKeyId) -> Result<bool, Error> {
    tx.exists("SELECT count(*) FROM access_key WHERE access_key_id = ?1", [id])
}

/// Ends an AccessKey; ending it again changes nothing.
pub fn revoke(tx: &WriteTx<'_>, id: &AccessKeyId) -> Result<(), Error> {
    let sql =
        "UPDATE access_key SET revoked_at = coalesce(revoked_at, ?2) WHERE access_key_id = ?1";
    match tx.execute(id, sql, params![id, tx.now()])? {
        0 => Err(Error::NotFound(Missing::Credential("AccessKey".into(), id.to_string()))),
        _ => Ok(()),
    }
}

/// Stores a known text under the key, so that another key is noticed at the next start.
pub fn adopt_key_file(tx: &WriteTx<'_>, key_file: &KeyFile) -> Result<(), Error> {
    let sealed = key_file.seal("key_file_check", CHECK)?;
    let sql = "INSERT INTO key_file_check (only_row, nonce, ciphertext) VALUES (1, ?1, ?2)";
    tx.run("", sql, params![sealed.nonce, sealed.ciphertext])
}

/// Encrypts an AccessKey's secret again, with a new nonce.
pub fn replace_secret(
    tx: &WriteTx<'_>,
    key_file: &KeyFile,
    id: &AccessKeyId,
    secret: &[u8],
) -> Result<(), Error> {
    let sealed = key_file.seal(&belongs_to(id), secret)?;
    let sql =
        "UPDATE access_key SET secret_nonce = ?2, secret_ciphertext = ?3 WHERE access_key_id = ?1";
    tx.run(id.as_str(), sql, params![id.as_str(), sealed.nonce, sealed.ciphertext])
}

/// Stores the known text under another key than before.
pub fn replace_key_file(tx: &WriteTx<'_>, key_file: &KeyFile) -> Result<(), Error> {
    tx.execute("", "DELETE FROM key_file_check", [])?;
    adopt_key_file(tx, key_file)
}

/// Whether this is the key file that the database's secrets were encrypted with.
pub fn is_key_file_of(tx: &ReadTx<'_>, key_file: &KeyFile) -> Result<bool, Error> {
    let found = tx.row("SELECT nonce, ciphertext FROM key_file_check", [], sealed)?;
    Ok(found
        .and_then(|sealed| key_file.unseal("key_file_check", &sealed))
        .is_some_and(|text| text == CHECK))
}

/// Whether a key file is needed: an AccessKey can still be used.
pub fn need_a_key_file(tx: &ReadTx<'_>) -> Result<bool, Error> {
    tx.exists("SELECT count(*) FROM access_key WHERE revoked_at IS NULL", [])
}

/// The AccessKeys whose secret can't be decrypted with a key file.
pub fn unreadable(tx: &ReadTx<'_>, key_file: &KeyFile) -> Result<Vec<AccessKeyId>, Error> {
    let sql = "SELECT access_key_id, secret_nonce AS nonce, secret_ciphertext AS ciphertext
                FROM access_key
                WHERE revoked_at IS NULL ORDER BY access_key_id";
    let keys =
        tx.rows(sql, [], |row| Ok((row.get::<_, AccessKeyId>("access_key_id")?, sealed(row)?)))?;
    Ok(keys
        .into_iter()
        .filter(|(id, sealed)| key_file.unseal(&belongs_to(id), sealed).is_none())
        .map(|(id, _)| id)
        .collect())
}

fn sealed(row: &Row<'_>) -> rusqlite::Result<EncryptedSecret> {
    of_row! { row => EncryptedSecret { nonce, ciphertext } }
}

fn belongs_to(id: &AccessKeyId) -> String {
    format!("access_key|{id}")
}
