//! The credentials that programs use for this call centre, and when each was last used. Root sees
//! those of the whole account; nobody sees what would let one use them.

use super::page::Chrome;
use crate::domain::{Error, Role, Timestamp};
use crate::store::{ReadTx, access_keys, api_tokens, oauth_clients};

/// A credential as the settings list it.
pub(super) struct Credential {
    /// The key of what it is called.
    pub(super) kind: &'static str,
    pub(super) id: String,
    /// What it is for, or whose it is.
    pub(super) name: String,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
}

/// The credentials that this person may see.
pub(super) fn seen_by(tx: &ReadTx<'_>, chrome: &Chrome) -> Result<Vec<Credential>, Error> {
    let (own, is_root) = (chrome.instance_id().as_str(), chrome.access.role == Role::Root);
    let at = Timestamp::from_millis;
    let clients = oauth_clients::list(tx)?.into_iter().filter(|client| client.instance_id == own);
    let mut seen: Vec<Credential> = clients
        .map(|client| Credential {
            kind: "oauth-client",
            id: client.client_id,
            name: client.name,
            created_at: at(client.created_at),
            last_used_at: client.last_used_at.map(at),
            ended_at: client.revoked_at.map(at),
        })
        .collect();
    let tokens = api_tokens::list(tx)?.into_iter();
    let tokens = tokens.filter(|token| is_root || token.instance_id.as_deref() == Some(own));
    seen.extend(tokens.map(|token| Credential {
        kind: "api-token",
        id: token.token_id,
        name: format!("{} · {}", token.login_name, token.name).trim_end_matches(" · ").to_owned(),
        created_at: at(token.created_at),
        last_used_at: token.last_used_at.map(at),
        ended_at: token.revoked_at.or(token.expires_at).map(at).filter(|end| *end <= tx.now()),
    }));
    if is_root {
        seen.extend(access_keys::list(tx)?.into_iter().map(|key| Credential {
            kind: "access-key",
            id: key.access_key_id,
            name: key.login_name,
            created_at: at(key.created_at),
            last_used_at: key.last_used_at.map(at),
            ended_at: key.revoked_at.map(at),
        }));
    }
    Ok(seen)
}
