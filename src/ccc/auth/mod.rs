//! Who is calling: the one verifier that every request of this face passes.
//!
//! Exactly one of three schemes: a V1 signature in the parameters, a V3 signature in the headers,
//! or a bearer API token, in `Authorization` or where the vendor's SDKs put theirs. The order of
//! checks is the gateway's: time stamp, key, signature, nonce.

mod seen_nonces;
mod v3;

pub(super) use seen_nonces::SeenNonces;

use super::error::{Failure, Result};
use super::params::{Params, Wire};
use crate::domain::{AccessKeyId, Caller, Timestamp};
use crate::http::signature::{self, same};
use crate::store::{KeyFile, ReadTx, access_keys, api_tokens};
use std::time::Duration;

/// How far a request's time stamp may be from the server's clock.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// How long a nonce is remembered: longer than its time stamp can be valid.
const NONCE_LIFE: Duration = Duration::from_secs(30 * 60);

/// The `SignatureType` of the SDKs' bearer credential.
const BEARER_TYPE: &str = "BEARERTOKEN";

const LONGEST_NONCE: usize = 128;

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
    /// Finds the scheme by what the request has.
    pub(super) fn of(wire: &Wire<'_>, pairs: &[(String, String)]) -> Result<Self> {
        let get =
            |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let bearer_type = |value: &str| value.eq_ignore_ascii_case(BEARER_TYPE);
        let sdk_token = match (get("BearerToken"), wire.header("x-acs-bearer-token")?) {
            (Some(token), _) => Some(token.to_owned()),
            (None, token) => token,
        };
        let is_sdk_bearer = get("SignatureType").is_some_and(bearer_type)
            || wire.header("x-acs-signature-type")?.as_deref().is_some_and(bearer_type);
        let signed = ["Signature", "AccessKeyId"]
            .iter()
            .any(|name| get(name).is_some_and(|value| !value.is_empty()));
        let in_parameters = !is_sdk_bearer && (signed || get("SignatureNonce").is_some());
        let authorization = wire.header("authorization")?;
        if is_sdk_bearer || (sdk_token.is_some() && authorization.is_none() && !signed) {
            if authorization.is_some() || signed {
                return Err(Failure::Unusable(
                    "SignatureType".to_owned(),
                    "the request has a signature as well as a bearer token",
                ));
            }
            if !is_sdk_bearer {
                return Err(Failure::Missing("SignatureType"));
            }
            let token = sdk_token.filter(|token| !token.is_empty());
            return Ok(Self::Bearer(token.ok_or(Failure::Missing("BearerToken"))?));
        }
        match authorization {
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
pub(super) fn verify(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    scheme: &Scheme,
    wire: &Wire<'_>,
    params: &Params,
) -> Result<Verified> {
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
    wire: &Wire<'_>,
    params: &Params,
) -> Result<Verified> {
    if wire.is_json {
        return Err(Failure::Unusable(
            "ContentType".to_owned(),
            "a V1 signature does not cover a body in JSON",
        ));
    }
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
            return Err(Failure::Unusable(
                name.to_owned(),
                "only its documented value is known here",
            ));
        }
    }
    let sent_at = sent_at(tx, common("Timestamp")?)?;
    let string_to_sign = signature::v1_string_to_sign(wire.method, params.iter());
    let matches =
        |secret: &[u8]| same(&signature::v1_signature(secret, &string_to_sign), signature);
    let caller = check(tx, key_file, id, matches)?
        .ok_or_else(|| Failure::SignatureMismatch(string_to_sign.clone()))?;
    Ok(Verified { caller, nonce: Some(nonce_of(tx, id, nonce, sent_at)?) })
}

fn verify_v3(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    credentials: &str,
    wire: &Wire<'_>,
) -> Result<Verified> {
    let credentials = v3::Credentials::parse(credentials)?;
    let header = |name: &'static str, missing| {
        wire.header(name)?.filter(|value| !value.is_empty()).ok_or(Failure::Missing(missing))
    };
    let sent_at = sent_at(tx, &header("x-acs-date", "Timestamp")?)?;
    let nonce = header("x-acs-signature-nonce", "SignatureNonce")?;
    let body_hash = signature::sha256_hex(wire.body);
    let canonical_request = credentials.canonical_request(wire, "/", &body_hash)?;
    let string_to_sign = signature::v3_string_to_sign(&canonical_request);
    if let Some(gap) = credentials.gap(wire, &body_hash) {
        return Err(Failure::SignatureIncomplete(string_to_sign, gap));
    }
    let mut signed = vec![string_to_sign.clone()];
    if let Some(path) = &wire.path_of_clients {
        let request = credentials.canonical_request(wire, path, &body_hash)?;
        signed.push(signature::v3_string_to_sign(&request));
    }
    let matches = |secret: &[u8]| {
        let fits = |text| same(&signature::v3_signature(secret, text), credentials.signature);
        signed.iter().any(|text| fits(text))
    };
    let caller = check(tx, key_file, credentials.access_key_id, matches)?.ok_or_else(|| {
        // The hash alone can't be compared with anything; the canonical request shows which header
        // a proxy or a library has changed. It is the caller's own and holds no secret.
        Failure::SignatureMismatch(format!(
            "{string_to_sign}, server canonical request is:{canonical_request}"
        ))
    })?;
    Ok(Verified { caller, nonce: Some(nonce_of(tx, credentials.access_key_id, &nonce, sent_at)?) })
}

/// Looks up the AccessKey and checks the signature. For a key that does not exist the signature is
/// computed all the same, so that the time taken reveals nothing.
fn check(
    tx: &ReadTx<'_>,
    key_file: &KeyFile,
    id: &str,
    matches: impl Fn(&[u8]) -> bool,
) -> Result<Option<Caller>> {
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
fn sent_at(tx: &ReadTx<'_>, text: &str) -> Result<Timestamp> {
    let sent_at = Timestamp::parse_utc(text).ok_or(Failure::TimestampFormat)?;
    if sent_at.distance(tx.now()) > WINDOW { Err(Failure::TimestampExpired) } else { Ok(sent_at) }
}

/// The nonce, remembered from the later of the two clocks on, so that setting a clock back does not
/// revive it.
fn nonce_of(tx: &ReadTx<'_>, id: &str, nonce: &str, sent_at: Timestamp) -> Result<Nonce> {
    if nonce.len() > LONGEST_NONCE {
        return Err(Failure::Unusable("SignatureNonce".to_owned(), "it is longer than 128 bytes"));
    }
    Ok(Nonce {
        access_key_id: AccessKeyId::new(id),
        nonce: nonce.to_owned(),
        expires_at: sent_at.max(tx.now()).after(NONCE_LIFE),
    })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(super) use tests::store_with_access_key;
