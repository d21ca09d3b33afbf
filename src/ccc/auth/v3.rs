//! V3: `Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…;…,Signature=…`.

use crate::ccc::error::{Failure, Result};
use crate::ccc::params::Wire;
use crate::http::signature;

/// What a V3 signature must cover at least.
const REQUIRED: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
];

/// The parts of the header.
#[derive(Debug)]
pub(super) struct Credentials<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
}

impl<'a> Credentials<'a> {
    /// Finds the three parts by their names, in whatever order.
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        let unusable = |why| Failure::Unusable("Authorization".to_owned(), why);
        let (mut access_key_id, mut signed_headers, mut signature) = (None, None, None);
        let mut unknown = false;
        for part in text.split(',').map(str::trim) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let place = match name {
                "Credential" => &mut access_key_id,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => {
                    unknown = true;
                    continue;
                }
            };
            if place.replace(value).is_some() {
                return Err(unusable("one of its parts is given more than once"));
            }
        }
        let given = |part: Option<&'a str>, missing| {
            part.filter(|value| !value.is_empty()).ok_or(Failure::Missing(missing))
        };
        let parsed = Self {
            access_key_id: given(access_key_id, "AccessKeyId")?,
            signed_headers: given(signed_headers, "SignedHeaders")?.split(';').collect(),
            signature: given(signature, "Signature")?,
        };
        if unknown {
            return Err(unusable("it has more than Credential, SignedHeaders and Signature"));
        }
        Ok(parsed)
    }

    /// What keeps the signature from covering the request: the list must be sorted, without
    /// repetition, in lower case, name what V3 prescribes and every `x-acs-` header there is, and
    /// nothing that is not there; and the body must be the one that was hashed. `Content-Type` need
    /// not be signed: HTTP libraries add one after the SDK has signed, and what a body means is
    /// fixed by its hash. `None` if all is well.
    pub(super) fn gap(&self, wire: &Wire<'_>, body_hash: &str) -> Option<String> {
        let signed = |name: &str| self.signed_headers.contains(&name);
        let upper_case = |name: &&&str| name.bytes().any(|byte| byte.is_ascii_uppercase());
        if let Some(name) = self.signed_headers.iter().find(upper_case) {
            return Some(format!("SignedHeaders names {name}, which must be in lower case"));
        }
        if let Some(pair) = self.signed_headers.windows(2).find(|pair| pair[0] >= pair[1]) {
            let (first, second) = (pair[0], pair[1]);
            return Some(format!(
                "SignedHeaders must be sorted and name each header once, but {second} comes after {first}"
            ));
        }
        if let Some(name) = self.signed_headers.iter().find(|name| !wire.headers.has(name)) {
            return Some(format!("SignedHeaders names {name}, which the request does not have"));
        }
        let unsigned = wire.headers.names().filter(|name| name.starts_with("x-acs-"));
        if let Some(name) = REQUIRED.into_iter().chain(unsigned).find(|name| !signed(name)) {
            return Some(format!("SignedHeaders lacks {name}"));
        }
        let hash = wire.header("x-acs-content-sha256").ok().flatten().unwrap_or_default();
        (hash != body_hash).then(|| {
            format!(
                "x-acs-content-sha256 is {hash}, but the SHA-256 of the body in lower-case hexadecimal digits is {body_hash}"
            )
        })
    }

    /// The canonical request for a path, which the string to sign is made of.
    pub(super) fn canonical_request(
        &self,
        wire: &Wire<'_>,
        path: &str,
        body_hash: &str,
    ) -> Result<String> {
        let pairs = wire.query_pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut headers = Vec::with_capacity(self.signed_headers.len());
        for name in &self.signed_headers {
            headers.push((*name, wire.header(name)?.unwrap_or_default()));
        }
        Ok(signature::v3_canonical_request(wire.method, path, pairs, &headers, body_hash))
    }
}
