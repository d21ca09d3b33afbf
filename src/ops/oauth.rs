//! OAuth2 clients and their tokens: making clients on the command line, giving them tokens over
//! HTTP, ending both.

use super::credentials::{Issued, alphanumeric};
use crate::domain::{Client, Error, InstanceId, Missing, Scopes};
use crate::store::key_file::random_bytes;
use crate::store::{WriteTx, instances, oauth_clients, oauth_tokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;

/// How long a token can be used.
pub const TOKEN_LIFE: Duration = Duration::from_secs(7200);

/// Makes a client of an instance.
///
/// # Errors
/// [`Error::NotFound`] for the instance.
pub fn create_client(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    name: &str,
    scopes: &Scopes,
) -> Result<Issued, Error> {
    let issued = Issued { id: alphanumeric(random_bytes::<20>()?), secret: secret()? };
    add_client(tx, instance_id, &issued, name, scopes)?;
    Ok(issued)
}

/// Adds a client whose id and secret are given; the demo's are.
///
/// # Errors
/// [`Error::NotFound`] for the instance.
pub fn add_client(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    client: &Issued,
    name: &str,
    scopes: &Scopes,
) -> Result<(), Error> {
    instances::is_shared(tx, instance_id.as_str())?
        .ok_or_else(|| Error::NotFound(Missing::Instance(instance_id.to_string())))?;
    oauth_clients::insert(tx, &client.id, &client.secret, instance_id, name, scopes)
}

/// Gives a client another secret; the old one and every token that it got end at once.
///
/// # Errors
/// [`Error::NotFound`] for a client that does not exist or is revoked.
pub fn rotate_client(tx: &WriteTx<'_>, client_id: &str) -> Result<Issued, Error> {
    let issued = Issued { id: client_id.to_owned(), secret: secret()? };
    oauth_clients::replace_secret(tx, client_id, &issued.secret)?;
    oauth_tokens::delete_of_client(tx, client_id)?;
    Ok(issued)
}

/// Ends a client, and every token that it got.
///
/// # Errors
/// [`Error::NotFound`].
pub fn revoke_client(tx: &WriteTx<'_>, client_id: &str) -> Result<(), Error> {
    oauth_clients::revoke(tx, client_id)?;
    oauth_tokens::delete_of_client(tx, client_id).map(|_| ())
}

/// Gives a client a token for some of its scopes, and forgets the tokens that have expired.
///
/// # Errors
/// Only those of the database, and of the system's random bytes.
pub fn issue_token(tx: &WriteTx<'_>, client: &Client, scopes: &Scopes) -> Result<String, Error> {
    oauth_tokens::delete_expired(tx)?;
    let token = URL_SAFE_NO_PAD.encode(random_bytes::<32>()?);
    oauth_tokens::insert(tx, &token, &client.client_id, scopes, tx.now().after(TOKEN_LIFE))?;
    Ok(token)
}

/// 256 random bits as text of letters, digits, `-` and `_`, which no encoding of a form or of HTTP
/// Basic changes.
fn secret() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}
