//! OAuth2 clients: each belongs to one instance.

use super::engine::{of_row, secret_hash};
use super::{ReadTx, WriteTx};
use crate::domain::{Client, Error, InstanceId, Missing, Scopes, Timestamp};
use rusqlite::params;
use subtle::ConstantTimeEq;

/// A client as it is listed: without what would let one use it. Moments are milliseconds since the
/// epoch.
#[derive(Clone, Debug, serde::Serialize)]
#[expect(missing_docs, reason = "its fields are the columns")]
pub struct ListedClient {
    pub client_id: String,
    pub instance_id: String,
    pub name: String,
    /// Separated by one space.
    pub scopes: String,
    pub created_at: i64,
    /// When its secret was last replaced, in milliseconds since the epoch; absent: never.
    pub secret_changed_at: Option<i64>,
    pub revoked_at: Option<i64>,
    /// About when it was last used, in milliseconds since the epoch; absent: never.
    pub last_used_at: Option<i64>,
}

/// The client of that id and secret, if it can be used. For an unknown id a secret is compared all
/// the same, so that the time taken reveals nothing.
pub fn verify(tx: &ReadTx<'_>, client_id: &str, secret: &str) -> Result<Option<Client>, Error> {
    let sql = "SELECT c.secret_hash, c.instance_id, c.scopes FROM oauth_client AS c
                 JOIN instance AS i ON i.instance_id = c.instance_id AND i.status <> 'RELEASED'
                WHERE c.client_id = ?1 AND c.revoked_at IS NULL";
    let found = tx.row(sql, [client_id], |row| {
        Ok((
            row.get::<_, [u8; 32]>("secret_hash")?,
            row.get::<_, InstanceId>("instance_id")?,
            row.get::<_, String>("scopes")?,
        ))
    })?;
    let expected = found.as_ref().map_or([0; 32], |(hash, _, _)| *hash);
    let same = bool::from(secret_hash(secret).ct_eq(&expected));
    Ok(found.filter(|_| same).map(|(_, instance_id, scopes)| Client {
        client_id: client_id.to_owned(),
        instance_id,
        scopes: Scopes::known(&scopes),
    }))
}

/// Adds a client, of whose secret only the hash is kept.
pub fn insert(
    tx: &WriteTx<'_>,
    client_id: &str,
    secret: &str,
    instance_id: &InstanceId,
    name: &str,
    scopes: &Scopes,
) -> Result<(), Error> {
    let sql = "INSERT INTO oauth_client (client_id, instance_id, name, secret_hash, scopes,
                                         created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.run(
        client_id,
        sql,
        params![client_id, instance_id, name, secret_hash(secret), scopes.to_string(), tx.now()],
    )
}

/// All of them, by id.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<ListedClient>, Error> {
    let sql = "SELECT client_id, instance_id, name, scopes, created_at, secret_changed_at,
                  revoked_at, last_used_at FROM oauth_client ORDER BY client_id";
    tx.rows(sql, [], |row| {
        of_row! { row => ListedClient {
            client_id, instance_id, name, scopes, created_at, secret_changed_at, revoked_at,
            last_used_at
        } }
    })
}

/// Gives a client another secret. The moment differs from the last one, so that each time is in the
/// change log.
///
/// # Errors
/// [`Error::NotFound`] for a client that does not exist or is revoked.
pub fn replace_secret(tx: &WriteTx<'_>, client_id: &str, secret: &str) -> Result<(), Error> {
    let sql = "UPDATE oauth_client
                SET secret_hash = ?2, secret_changed_at = max(coalesce(secret_changed_at, 0) + 1,
                  ?3)
                WHERE client_id = ?1 AND revoked_at IS NULL";
    match tx.execute(client_id, sql, params![client_id, secret_hash(secret), tx.now()])? {
        0 => Err(missing(client_id)),
        _ => Ok(()),
    }
}

/// Notes about when a client was used.
pub fn set_last_used(tx: &WriteTx<'_>, client_id: &str, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE oauth_client SET last_used_at = max(coalesce(last_used_at, 0), ?2)
                WHERE client_id = ?1";
    tx.run(client_id, sql, params![client_id, at])
}

/// Ends a client; ending it again changes nothing.
pub fn revoke(tx: &WriteTx<'_>, client_id: &str) -> Result<(), Error> {
    let sql = "UPDATE oauth_client SET revoked_at = coalesce(revoked_at, ?2) WHERE client_id = ?1";
    match tx.execute(client_id, sql, params![client_id, tx.now()])? {
        0 => Err(missing(client_id)),
        _ => Ok(()),
    }
}

fn missing(client_id: &str) -> Error {
    Error::NotFound(Missing::Credential("OAuth2 client".into(), client_id.to_owned()))
}
