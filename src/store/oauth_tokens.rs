//! The tokens of OAuth2 clients, of which only the hashes are kept. They outlive a restart.
//!
//! A token that was issued later than now is not one: the clock was set back, and the token would
//! live longer than it should.

use super::engine::{of_row, secret_hash};
use super::{ReadTx, WriteTx};
use crate::domain::{Client, Error, Scopes, Timestamp};
use rusqlite::params;

/// The client that a token was given to, if the token can be used now: neither the token nor the
/// client has ended, and the client has not lost the scope since.
pub fn client(tx: &ReadTx<'_>, token: &str) -> Result<Option<Client>, Error> {
    let sql = "SELECT c.client_id, c.instance_id, t.scopes AS asked, c.scopes AS granted
                FROM oauth_token AS t
                 JOIN oauth_client AS c ON c.client_id = t.client_id AND c.revoked_at IS NULL
                 JOIN instance AS i ON i.instance_id = c.instance_id AND i.status <> 'RELEASED'
                WHERE t.token_hash = ?1 AND t.expires_at > ?2 AND t.issued_at <= ?2 + 60000";
    tx.row(sql, params![secret_hash(token), tx.expiry_now()], |row| {
        let (asked, granted): (String, String) = (row.get("asked")?, row.get("granted")?);
        of_row! { row => Client {
            client_id, instance_id;
            scopes: Scopes::known(&asked).within(&Scopes::known(&granted))
        } }
    })
}

/// Adds a token.
pub fn insert(
    tx: &WriteTx<'_>,
    token: &str,
    client_id: &str,
    scopes: &Scopes,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO oauth_token (token_hash, client_id, scopes, issued_at, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.run(
        client_id,
        sql,
        params![secret_hash(token), client_id, scopes.to_string(), tx.expiry_now(), expires_at],
    )
}

/// Forgets the tokens that have expired.
pub fn delete_expired(tx: &WriteTx<'_>) -> Result<usize, Error> {
    tx.execute("", "DELETE FROM oauth_token WHERE expires_at <= ?1", [tx.expiry_now()])
}

/// Ends all tokens of a client.
pub fn delete_of_client(tx: &WriteTx<'_>, client_id: &str) -> Result<usize, Error> {
    tx.execute(client_id, "DELETE FROM oauth_token WHERE client_id = ?1", [client_id])
}
