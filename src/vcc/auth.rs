//! Who is calling: the one verifier that every request to the User Admin API passes.

use super::Incoming;
use super::error::Failure;
use super::guesses::{Guesses, Limit};
use crate::domain::Client;
use crate::store::{ReadTx, oauth_tokens};

/// How many wrong tokens and secrets of one address are forgiven.
pub const ADDRESS_LIMIT: Limit = Limit::new(100, 5);

/// Verifies the bearer token of a request.
///
/// # Errors
/// No token, one that can't be used, or too many of these from the same address.
pub(super) fn verify(
    tx: &ReadTx<'_>,
    guesses: &Guesses,
    incoming: &Incoming,
) -> Result<Client, Failure> {
    let token = bearer(incoming).ok_or(Failure::Unauthorized)?;
    guesses.admit(incoming.address, None).map_err(Failure::Throttled)?;
    match oauth_tokens::client(tx, token)? {
        Some(client) => Ok(client),
        None => {
            guesses.failed(incoming.address, None).map_err(Failure::Throttled)?;
            Err(Failure::Unauthorized)
        }
    }
}

/// The client of a token that was verified a moment ago.
///
/// # Errors
/// It has ended in between.
pub(super) fn still_valid(tx: &ReadTx<'_>, token: &str) -> Result<Client, Failure> {
    oauth_tokens::client(tx, token)?.ok_or(Failure::Unauthorized)
}

/// The token in the one `Authorization` header. A token has letters, digits and `-._~+/=` only (RFC
/// 6750).
pub(super) fn bearer(incoming: &Incoming) -> Option<&str> {
    let values = incoming.header("authorization");
    let &[value] = values.as_slice() else { return None };
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let fits = !token.is_empty()
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    (scheme.eq_ignore_ascii_case("bearer") && fits).then_some(token)
}
