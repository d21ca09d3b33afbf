//! The demo's credentials, which everybody knows, and whether a database has them.

use super::Failure;
use crate::domain::{AccessKeyId, Error};
use crate::ops::passwords;
use crate::store::{KeyFile, Store, access_keys, api_tokens, oauth_clients, ram_users};

pub(super) const LOGIN_NAME: &str = "user-test";
pub(super) const ACCESS_KEY_ID: &str = "demo-access-key";
pub(super) const ACCESS_KEY_SECRET: &str = "demo-access-secret";
pub(super) const TOKEN: &str = "demo-token";
pub(super) const PASSWORD: &str = "demo-password";

/// The OAuth2 clients: id, secret, instance.
pub(super) const OAUTH_CLIENTS: [(&str, &str, &str); 2] = [
    ("demo-client", "demo-client-secret", "vcc-test"),
    ("demo-client-ccc", "demo-client-ccc-secret", "ccc-test"),
];

/// The credentials of a demo that everybody knows and that can be used in a database.
pub(super) fn usable(store: &Store, key_file: &KeyFile) -> Result<Vec<&'static str>, Failure> {
    let found = store.read(|tx| {
        let mut found = Vec::new();
        if api_tokens::caller(tx, TOKEN)?.is_some() {
            found.push(TOKEN);
        }
        let access_key = access_keys::find(tx, key_file, &AccessKeyId::new(ACCESS_KEY_ID))?;
        if access_key.is_some_and(|key| key.active && key.secret == ACCESS_KEY_SECRET.as_bytes()) {
            found.push(ACCESS_KEY_ID);
        }
        for (id, secret, _) in OAUTH_CLIENTS {
            if oauth_clients::verify(tx, id, secret)?.is_some() {
                found.push(id);
            }
        }
        let login = ram_users::password_of(tx, LOGIN_NAME)?;
        let hash = login.and_then(|(_, hash)| hash);
        if hash.is_some_and(|hash| passwords::verify(PASSWORD, &hash)) {
            found.push(PASSWORD);
        }
        Ok::<_, Error>(found)
    })?;
    Ok(found)
}
