//! Who is calling: the one verifier that every request below `/api/v1` passes.

use super::problem::Failure;
use crate::domain::Caller;
use crate::http::LoginAttempts;
use crate::store::{Store, api_tokens};
use std::net::IpAddr;

/// Verifies a request by its bearer API token, the only credential that this face takes.
///
/// # Errors
/// No token; one that is unknown, expired or revoked; or too many of these from the same address.
pub(super) fn verify(
    store: &Store,
    attempts: &LoginAttempts,
    token: Option<&str>,
    client: IpAddr,
) -> Result<Caller, Failure> {
    let missing = Failure::Unauthenticated(
        "The request carries no API token: send `Authorization: Bearer` and the token.",
    );
    let token = token.ok_or(missing)?;
    if let Some(caller) = store.read(|tx| api_tokens::caller(tx, token))? {
        return Ok(caller);
    }
    attempts.failed(client, None).map_err(Failure::TooManyAttempts)?;
    Err(Failure::Unauthenticated("The API token is unknown, has expired, or was revoked."))
}
