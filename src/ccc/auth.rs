//! Who is calling: the one verifier that every request of this face passes.
//!
//! Exactly one of three schemes: a V1 signature in the parameters, a V3 signature in the headers,
//! or a bearer API token. The order of checks is the gateway's: time stamp, key, signature, nonce.

use super::error::Failure;
use super::params::Params;
use super::signature::{self, same};
use super::wire::Wire;
use crate::domain::{AccessKeyId, Caller, Timestamp};
use crate::store::{KeyFile, ReadTx, access_keys, api_tokens};
use std::time::Duration;

/// How far a request's time stamp may be from the server's clock.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// How long a nonce is remembered: longer than its time stamp can be valid.
const NONCE_LIFE: Duration = Duration::from_secs(30 * 60);

/// The longest nonce.
const LONGEST_NONCE: usize = 128;

/// What V3 must sign at least.
const V3_SIGNED: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
];

/// How a request proves who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    V1,
    V3(String),
    Bearer(String),
}

/// Who sent a request, and the nonce that it may use once.
pub(super) struct Verified {
    pub(super) caller: Caller,
    pub(super) nonce: Option<Nonce>,
}

/// A nonce with the AccessKey it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Nonce {
    pub(super) access_key_id: AccessKeyId,
    pub(super) nonce: String,
    pub(super) expires_at: Timestamp,
}

impl Scheme {
    /// Tells the scheme by what is there.
    ///
    /// # Errors
    /// Two schemes at once, none, or one that is not known.
    pub(super) fn of(wire: &Wire, pairs: &[(String, String)]) -> Result<Self, Failure> {
        let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
        let in_parameters = has("Signature") || has("AccessKeyId") || has("SignatureNonce");
        match wire.header("authorization")? {
            Some(_) if in_parameters => Err(Failure::Unusable(
                "Authorization".to_owned(),
                "the parameters hold a signature as well",
            )),
            None if in_parameters => Ok(Self::V1),
            None => Err(Failure::Missing("AccessKeyId")),
            Some(value) => match value.split_once(' ') {
                Some(("ACS3-HMAC-SHA256", rest)) => Ok(Self::V3(rest.to_owned())),
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                    Ok(Self::Bearer(token.trim().to_owned()))
                }
                _ => Err(Failure::SignatureMethod),
            },
        }
    }
}

/// Verifies a request.
///
/// # Errors
/// The gateway's error for the first check that fails.
pub(super) fn verify(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    scheme: &Scheme,
    wire: &Wire,
    params: &Params,
) -> Result<Verified, Failure> {
    match scheme {
        Scheme::V1 => verify_v1(tx, key_file, wire, params),
        Scheme::V3(credentials) => verify_v3(tx, key_file, credentials, wire),
        Scheme::Bearer(token) => {
            let caller = api_tokens::caller(tx, token)?.ok_or(Failure::TokenNotFound)?;
            Ok(Verified { caller, nonce: None })
        }
    }
}

fn verify_v1(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    wire: &Wire,
    params: &Params,
) -> Result<Verified, Failure> {
    let common =
        |name| params.get(name).filter(|value| !value.is_empty()).ok_or(Failure::Missing(name));
    let id = common("AccessKeyId")?;
    let signature = common("Signature")?;
    let nonce = common("SignatureNonce")?;
    if params.get("SignatureMethod").is_some_and(|method| method != "HMAC-SHA1") {
        return Err(Failure::SignatureMethod);
    }
    for (name, only) in [("SignatureVersion", "1.0"), ("SignatureType", "")] {
        if params.get(name).is_some_and(|value| value != only) {
            return Err(Failure::Unusable(name.to_owned(), "it is none that is known here"));
        }
    }
    let sent_at = sent_at(tx, common("Timestamp")?)?;
    let string_to_sign = signature::v1_string_to_sign(&wire.method, params.iter());
    let matches =
        |secret: &[u8]| same(&signature::v1_signature(secret, &string_to_sign), signature);
    let caller = check(tx, key_file, id, matches)?
        .ok_or_else(|| Failure::SignatureMismatch(string_to_sign.clone()))?;
    Ok(Verified { caller, nonce: Some(use_once(tx, id, nonce, sent_at)?) })
}

fn verify_v3(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    credentials: &str,
    wire: &Wire,
) -> Result<Verified, Failure> {
    let credentials = V3Credentials::parse(credentials)?;
    let header = |name: &'static str, missing| {
        wire.header(name)?.filter(|value| !value.is_empty()).ok_or(Failure::Missing(missing))
    };
    let sent_at = sent_at(tx, &header("x-acs-date", "Timestamp")?)?;
    let nonce = header("x-acs-signature-nonce", "SignatureNonce")?;
    let body_hash = signature::sha256_hex(&wire.body);
    let string_to_sign =
        signature::v3_string_to_sign(&canonical_request(wire, &credentials, &body_hash)?);
    if !credentials.cover(wire, &body_hash) {
        return Err(Failure::SignatureIncomplete(string_to_sign));
    }
    let matches = |secret: &[u8]| {
        same(&signature::v3_signature(secret, &string_to_sign), credentials.signature)
    };
    let caller = check(tx, key_file, credentials.access_key_id, matches)?
        .ok_or_else(|| Failure::SignatureMismatch(string_to_sign.clone()))?;
    Ok(Verified { caller, nonce: Some(use_once(tx, credentials.access_key_id, &nonce, sent_at)?) })
}

/// Looks up the AccessKey and checks the signature. For a key that does not exist the signature is
/// computed all the same, so that the time taken does not tell.
fn check(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    id: &str,
    matches: impl Fn(&[u8]) -> bool,
) -> Result<Option<Caller>, Failure> {
    match access_keys::find(tx, key_file, &AccessKeyId::new(id))? {
        None => {
            matches(b"no such key");
            Err(Failure::AccessKeyNotFound)
        }
        Some(key) if !key.active => Err(Failure::AccessKeyInactive),
        Some(key) => Ok(matches(&key.secret).then_some(key.caller)),
    }
}

/// Reads the time stamp and checks it against the window, its edges included.
fn sent_at(tx: &ReadTx<'_>, text: &str) -> Result<Timestamp, Failure> {
    let sent_at = Timestamp::parse_utc_seconds(text).ok_or(Failure::TimestampFormat)?;
    if sent_at.distance(tx.now()) > WINDOW { Err(Failure::TimestampExpired) } else { Ok(sent_at) }
}

/// The nonce, remembered from the later of the two clocks on, so that setting a clock back does not
/// revive it.
fn use_once(tx: &ReadTx<'_>, id: &str, nonce: &str, sent_at: Timestamp) -> Result<Nonce, Failure> {
    if nonce.len() > LONGEST_NONCE {
        return Err(Failure::Unusable("SignatureNonce".to_owned(), "it is longer than 128 bytes"));
    }
    Ok(Nonce {
        access_key_id: AccessKeyId::new(id),
        nonce: nonce.to_owned(),
        expires_at: sent_at.max(tx.now()).after(NONCE_LIFE),
    })
}

/// `Credential=…,SignedHeaders=…;…,Signature=…`
struct V3Credentials<'a> {
    access_key_id: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> V3Credentials<'a> {
    fn parse(text: &'a str) -> Result<Self, Failure> {
        let mut parts = text.split(',').map(str::trim);
        let mut part = |name: &str, missing| {
            let value = parts
                .next()
                .and_then(|part| part.strip_prefix(name))
                .and_then(|rest| rest.strip_prefix('='));
            value.filter(|value| !value.is_empty()).ok_or(Failure::Missing(missing))
        };
        let access_key_id = part("Credential", "AccessKeyId")?;
        let signed_headers = part("SignedHeaders", "SignedHeaders")?.split(';').collect();
        let signature = part("Signature", "Signature")?;
        match parts.next() {
            None => Ok(Self { access_key_id, signed_headers, signature }),
            Some(_) => Err(Failure::Unusable(
                "Authorization".to_owned(),
                "it has more than Credential, SignedHeaders and Signature",
            )),
        }
    }

    /// Whether the signature covers what it must: the list is sorted, without repetition, in lower
    /// case; it names what V3 prescribes, and whatever else of the request carries meaning, and
    /// nothing that is not there; and the body is the one that was hashed.
    fn cover(&self, wire: &Wire, body_hash: &str) -> bool {
        let signed = |name: &str| self.signed_headers.contains(&name);
        self.signed_headers.is_sorted_by(|a, b| a < b)
            && self
                .signed_headers
                .iter()
                .all(|name| !name.bytes().any(|byte| byte.is_ascii_uppercase()))
            && V3_SIGNED.iter().all(|name| signed(name))
            && self.signed_headers.iter().all(|name| wire.headers.has(name))
            && wire
                .headers
                .names()
                .filter(|name| name.starts_with("x-acs-") || *name == "content-type")
                .all(signed)
            && matches!(wire.header("x-acs-content-sha256"), Ok(Some(hash)) if hash == body_hash)
    }
}

fn canonical_request(
    wire: &Wire,
    credentials: &V3Credentials<'_>,
    body_hash: &str,
) -> Result<String, Failure> {
    let query = signature::canonical_query(
        wire.query_pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let mut headers = String::new();
    for name in &credentials.signed_headers {
        headers.push_str(&format!("{name}:{}\n", wire.header(name)?.unwrap_or_default()));
    }
    Ok(format!(
        "{}\n/\n{query}\n{headers}\n{}\n{body_hash}",
        wire.method,
        credentials.signed_headers.join(";")
    ))
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
