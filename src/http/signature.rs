//! The two signatures of CCC, computed: V1 (HMAC-SHA1 over the parameters) and V3
//! (`ACS3-HMAC-SHA256` over the request). The face checks them, and the client that adopts a call
//! centre signs with them.
//!
//! Sources: "Request signatures" V2 and V3 of the RPC style, help.aliyun.com, read 2026-11-21.
//! Values are decoded once by the caller and encoded again here, so that `+` and `%20`, `*` and
//! `%2A` are the same.

use crate::domain::text::hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes as the signatures want it: upper-case hex, `%20`, `%2A`.
fn encode(text: &str) -> percent_encoding::PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// `a=1&b=2`, encoded and sorted by name, then value.
pub fn canonical_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<(&str, &str)> = pairs.collect();
    pairs.sort_unstable();
    let mut canonical = String::new();
    for (name, value) in pairs {
        let separator = if canonical.is_empty() { "" } else { "&" };
        canonical
            .extend([separator].into_iter().chain(encode(name)).chain(["="]).chain(encode(value)));
    }
    canonical
}

/// V1's string to sign: all parameters but `Signature`.
pub fn v1_string_to_sign<'a>(
    method: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let canonical = canonical_query(parameters.filter(|(name, _)| *name != "Signature"));
    format!("{method}&%2F&{}", encode(&canonical))
}

/// V1's signature: Base64 of HMAC-SHA1 under the secret and `&`.
pub fn v1_signature(secret: &[u8], string_to_sign: &str) -> String {
    STANDARD.encode(hmac::<Hmac<Sha1>>(&[secret, b"&"].concat(), string_to_sign))
}

/// V3's canonical request: the query's pairs as they are decoded, the signed headers in order.
pub fn v3_canonical_request<'a>(
    method: &str,
    path: &str,
    query: impl Iterator<Item = (&'a str, &'a str)>,
    headers: &[(&str, impl AsRef<str>)],
    body_hash: &str,
) -> String {
    let query = canonical_query(query);
    let line = |(name, value): &(&str, _)| format!("{name}:{}\n", AsRef::<str>::as_ref(value));
    let lines: String = headers.iter().map(line).collect();
    let signed: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    format!("{method}\n{path}\n{query}\n{lines}\n{}\n{body_hash}", signed.join(";"))
}

/// V3's string to sign, from the canonical request.
pub fn v3_string_to_sign(canonical_request: &str) -> String {
    format!("ACS3-HMAC-SHA256\n{}", sha256_hex(canonical_request.as_bytes()))
}

/// V3's signature: lower-case hex of HMAC-SHA256 under the secret.
pub fn v3_signature(secret: &[u8], string_to_sign: &str) -> String {
    hex(&hmac::<Hmac<Sha256>>(secret, string_to_sign))
}

/// Lower-case hex of the SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Compares in a time that does not depend on where the texts differ.
pub fn same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn hmac<M: Mac + KeyInit>(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
