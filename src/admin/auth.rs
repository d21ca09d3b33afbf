//! Who is calling: the one verifier that every request below `/api/v1` passes.

use super::problem::{Failure, Result};
use crate::domain::Caller;
use crate::http::LoginAttempts;
use crate::ops::last_use::{Credential, LastUse};
use crate::store::{ReadTx, api_tokens};
use std::net::IpAddr;

/// Who sends a request, by what it says itself.
#[derive(Clone, Copy)]
pub(super) struct Sender<'a> {
    /// Its bearer API token, the only credential that this face takes.
    pub(super) token: Option<&'a str>,
    pub(super) client: IpAddr,
    pub(super) attempts: &'a LoginAttempts,
    pub(super) last_use: &'a LastUse,
}

impl Sender<'_> {
    /// Verifies the token. Nothing else is answered before, so that a stranger learns nothing, not
    /// even which addresses exist.
    pub(super) fn verify(self, tx: &ReadTx<'_>) -> Result<Caller> {
        let missing = Failure::Unauthenticated(
            "The request carries no API token: send `Authorization: Bearer` and the token.",
        );
        let Some(caller) = api_tokens::caller(tx, self.token.ok_or(missing)?)? else {
            self.attempts.failed(self.client, None).map_err(Failure::TooManyAttempts)?;
            return Err(Failure::Unauthenticated(
                "The API token is unknown, has expired, or was revoked.",
            ));
        };
        if let Some(token) = &caller.token {
            self.last_use.note(Credential::ApiToken(token.token_id.clone()));
        }
        Ok(caller)
    }
}
