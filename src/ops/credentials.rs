//! Credentials: making them, taking them over, ending them. The command line is their only face.

use crate::domain::{AccessKeyId, Error, RamId, Timestamp};
use crate::store::key_file::random_bytes;
use crate::store::{KeyFile, WriteTx, access_keys, api_tokens, ram_users};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A credential that was just made: the only time its secret is seen.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Issued {
    /// The public half.
    pub id: String,
    /// The secret half.
    pub secret: String,
}

/// The account's first login, with its first AccessKey; the key file becomes the database's.
///
/// # Errors
/// [`Error::Rule`] when the account has a root already.
pub fn found_account(
    tx: &WriteTx<'_>,
    key_file: &KeyFile,
    login_name: &str,
) -> Result<Issued, Error> {
    access_keys::adopt_key_file(tx, key_file)?;
    // A RAM id is sixteen to eighteen decimal digits at the vendor's.
    let id = u64::from_be_bytes(random_bytes()?) % 9_000_000_000_000_000 + 1_000_000_000_000_000;
    ram_users::insert_root(tx, &RamId::new(id.to_string()), login_name)?;
    create_access_key(tx, key_file, login_name)
}

/// Makes an AccessKey for a RAM user.
///
/// # Errors
/// [`Error::NotFound`] for the RAM user.
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

/// Ends an AccessKey.
///
/// # Errors
/// [`Error::NotFound`].
pub fn revoke_access_key(tx: &WriteTx<'_>, id: &str) -> Result<(), Error> {
    access_keys::revoke(tx, &AccessKeyId::new(id))
}

/// Makes an API token for a RAM user.
///
/// # Errors
/// [`Error::NotFound`] for the RAM user.
pub fn create_token(
    tx: &WriteTx<'_>,
    login_name: &str,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Result<Issued, Error> {
    let id = alphanumeric(random_bytes::<9>()?);
    let issued =
        Issued { secret: format!("nbd_{}", URL_SAFE_NO_PAD.encode(random_bytes::<32>()?)), id };
    add_token(tx, login_name, &issued, name, expires_at)?;
    Ok(issued)
}

/// Adds a token whose text is given; the demo's is.
///
/// # Errors
/// [`Error::NotFound`] for the RAM user.
pub fn add_token(
    tx: &WriteTx<'_>,
    login_name: &str,
    token: &Issued,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Result<(), Error> {
    let ram_id = ram_users::require(tx, login_name)?;
    api_tokens::insert(tx, &token.id, &token.secret, &ram_id, name, expires_at)
}

/// Ends an API token.
///
/// # Errors
/// [`Error::NotFound`].
pub fn revoke_token(tx: &WriteTx<'_>, token_id: &str) -> Result<(), Error> {
    api_tokens::revoke(tx, token_id)
}

/// One letter or digit for each byte. The few values over 248 fold onto the first letters, which
/// costs less than a hundredth of a bit each.
pub(super) fn alphanumeric<const N: usize>(bytes: [u8; N]) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}
