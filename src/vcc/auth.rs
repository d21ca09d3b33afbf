//! What every request to the User Admin API must bring: the version of the API in `Accept`
//! (`application/vnd.newvoicemedia.v4+json`), and a bearer token.

use super::error::{Failure, Result};
use crate::domain::Client;
use crate::http::{Headers, LoginAttempts, Request};
use crate::store::{ReadTx, oauth_tokens};

const VERSION: u32 = 4;

/// Requires a media type of this version in the `Accept` headers. Its parameters don't matter.
pub(super) fn require_version(headers: &Headers) -> Result<()> {
    let accept = headers.values("accept").unwrap_or_default();
    let versions: Vec<&str> =
        accept.iter().flat_map(|header| header.split(',')).filter_map(version).collect();
    match versions.as_slice() {
        [] => Err(Failure::VersionMissing),
        named if named.iter().any(|version| version.parse() == Ok(VERSION)) => Ok(()),
        _ => Err(Failure::VersionInvalid),
    }
}

/// The digits of a media type that names a version.
fn version(media_type: &str) -> Option<&str> {
    let (prefix, suffix) = ("application/vnd.newvoicemedia.v", "+json");
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let (start, rest) = essence.split_at_checked(prefix.len())?;
    let (digits, end) = rest.split_at_checked(rest.len().checked_sub(suffix.len())?)?;
    let named = start.eq_ignore_ascii_case(prefix) && end.eq_ignore_ascii_case(suffix);
    (named && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(digits)
}

/// Verifies the bearer token of a request.
pub(super) fn verify(
    tx: &ReadTx<'_>,
    attempts: &LoginAttempts,
    request: &Request,
) -> Result<Client> {
    let token = request.headers.bearer().ok_or(Failure::Unauthorized)?;
    match oauth_tokens::client(tx, token)? {
        Some(client) => Ok(client),
        None => {
            attempts.failed(request.client, None).map_err(Failure::Throttled)?;
            Err(Failure::Unauthorized)
        }
    }
}

/// The client of a token that was verified a moment ago.
pub(super) fn still_valid(tx: &ReadTx<'_>, token: &str) -> Result<Client> {
    oauth_tokens::client(tx, token)?.ok_or(Failure::Unauthorized)
}
