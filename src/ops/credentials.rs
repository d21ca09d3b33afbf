//! Credentials: AccessKeys, API tokens, OAuth2 clients and the tokens those get. The command line
//! makes, takes over and ends them; only tokens of OAuth2 clients are given out over HTTP.

use super::passwords::HashedPassword;
use super::users::new_ram_id;
use crate::domain::{AccessKeyId, Client, Error, InstanceId, LoginName, RamId, Scopes};
use crate::store::api_tokens::NewToken;
use crate::store::key_file::random_bytes;
use crate::store::{
    KeyFile, WriteTx, access_keys, api_tokens, instances, oauth_clients, oauth_tokens, ram_users,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;

/// A credential that was just made: the only time its secret is seen.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Issued {
    /// The public half.
    pub id: String,
    /// The secret half.
    pub secret: String,
}

/// The account's first login, with its password and its first AccessKey; the key file becomes the
/// database's.
///
/// # Errors
/// [`Error::Rule`] when the account has a root already.
pub fn found_account(
    tx: &WriteTx<'_>,
    key_file: &KeyFile,
    login_name: &LoginName,
    password: &HashedPassword,
) -> Result<Issued, Error> {
    access_keys::adopt_key_file(tx, key_file)?;
    let root = new_ram_id()?;
    ram_users::insert_root(tx, &root, login_name)?;
    set_password(tx, &root, password)?;
    create_access_key(tx, key_file, login_name.as_str())
}

/// A password to begin with: letters and digits, 95 bits.
pub fn random_password() -> Result<String, Error> {
    Ok(alphanumeric(random_bytes::<16>()?))
}

/// Makes an AccessKey for a RAM user.
pub fn create_access_key(
    tx: &WriteTx<'_>,
    key_file: &KeyFile,
    login_name: &str,
) -> Result<Issued, Error> {
    let issued = Issued {
        id: format!("NBD{}", alphanumeric(random_bytes::<21>()?)),
        secret: alphanumeric(random_bytes::<30>()?),
    };
    add_access_key(tx, key_file, login_name, &issued.id, &issued.secret)?;
    Ok(issued)
}

/// Takes over an AccessKey that exists elsewhere, so that its clients need no new one.
///
/// # Errors
/// [`Error::NotFound`] for the RAM user; [`Error::Rule`] when there is one of that id.
pub fn add_access_key(
    tx: &WriteTx<'_>,
    key_file: &KeyFile,
    login_name: &str,
    id: &str,
    secret: &str,
) -> Result<(), Error> {
    let ram_id = ram_users::require(tx, login_name)?;
    let id = AccessKeyId::new(id);
    if access_keys::exists(tx, &id)? {
        return Err(Error::Rule {
            rule: crate::domain::Rule::RowKeepsItsKey,
            subject: id.to_string(),
            advice: "there is an AccessKey of that id already, and a revoked one is not used again"
                .to_owned(),
        });
    }
    access_keys::insert(tx, key_file, &id, &ram_id, secret)
}

/// Makes a key file the database's when its own is lost: every AccessKey ends, since nobody can
/// decrypt its secret any more. Returns how many could be used until now.
pub fn renew_key_file(tx: &WriteTx<'_>, new: &KeyFile) -> Result<u64, Error> {
    let mut ended = 0;
    for key in access_keys::list(tx)? {
        let id = AccessKeyId::new(key.access_key_id);
        ended += u64::from(key.revoked_at.is_none());
        // A secret that nobody knows, so that every row can be decrypted.
        access_keys::replace_secret(tx, new, &id, &random_bytes::<32>()?)?;
        access_keys::revoke(tx, &id)?;
    }
    access_keys::replace_key_file(tx, new)?;
    Ok(ended)
}

/// Encrypts every AccessKey secret with a new key. Returns how many.
///
/// # Errors
/// [`Error::Internal`] for a secret that the old key doesn't decrypt.
pub fn rotate_key_file(tx: &WriteTx<'_>, old: &KeyFile, new: &KeyFile) -> Result<u64, Error> {
    let mut count = 0;
    for key in access_keys::list(tx)? {
        let id = AccessKeyId::new(key.access_key_id);
        if let Some(found) = access_keys::find(tx, old, &id)? {
            access_keys::replace_secret(tx, new, &id, &found.secret)?;
            count += 1;
        }
    }
    access_keys::replace_key_file(tx, new)?;
    Ok(count)
}

/// Ends an AccessKey.
pub fn revoke_access_key(tx: &WriteTx<'_>, id: &str) -> Result<(), Error> {
    access_keys::revoke(tx, &AccessKeyId::new(id))
}

/// Makes an API token for a RAM user.
pub fn create_token(tx: &WriteTx<'_>, login_name: &str, new: &NewToken) -> Result<Issued, Error> {
    let id = alphanumeric(random_bytes::<9>()?);
    let issued = Issued { secret: format!("nbd_{}", secret()?), id };
    add_token(tx, login_name, &issued, new)?;
    Ok(issued)
}

/// Adds a token whose text is given; the demo's is.
pub fn add_token(
    tx: &WriteTx<'_>,
    login_name: &str,
    token: &Issued,
    new: &NewToken,
) -> Result<(), Error> {
    let ram_id = ram_users::require(tx, login_name)?;
    if let Some(only) = &new.instance_id {
        instances::find(tx, only)?;
    }
    api_tokens::insert(tx, &token.id, &token.secret, &ram_id, new)
}

/// Ends an API token.
pub fn revoke_token(tx: &WriteTx<'_>, token_id: &str) -> Result<(), Error> {
    api_tokens::revoke(tx, token_id)
}

/// How long a token can be used.
pub const TOKEN_LIFE: Duration = Duration::from_secs(7200);

/// Makes a client of an instance.
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
pub fn add_client(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    client: &Issued,
    name: &str,
    scopes: &Scopes,
) -> Result<(), Error> {
    instances::find(tx, instance_id)?;
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
pub fn revoke_client(tx: &WriteTx<'_>, client_id: &str) -> Result<(), Error> {
    oauth_clients::revoke(tx, client_id)?;
    oauth_tokens::delete_of_client(tx, client_id).map(|_| ())
}

/// Gives a client a token for some of its scopes, and forgets the tokens that have expired.
pub fn issue_token(tx: &WriteTx<'_>, client: &Client, scopes: &Scopes) -> Result<String, Error> {
    oauth_tokens::delete_expired(tx)?;
    let token = secret()?;
    oauth_tokens::insert(tx, &token, &client.client_id, scopes, tx.expiry_now().after(TOKEN_LIFE))?;
    Ok(token)
}

/// 256 random bits as text of letters, digits, `-` and `_`, which no encoding of a form or of HTTP
/// Basic changes.
pub(super) fn secret() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

/// One letter or digit for each byte. The few values over 248 fold onto the first letters, which
/// costs less than a hundredth of a bit each.
fn alphanumeric<const N: usize>(bytes: [u8; N]) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}

/// Sets the password of a login, of which only the hash is kept; its console sessions end.
pub fn set_password(
    tx: &WriteTx<'_>,
    ram_id: &RamId,
    password: &HashedPassword,
) -> Result<(), Error> {
    ram_users::set_password(tx, ram_id, password.as_str())
}
