//! A signer of its own, written from the vendor's description and not from the program.

use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Parameters or headers.
pub type Pairs = Vec<(String, String)>;

pub fn pairs(list: &[(&str, &str)]) -> Pairs {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// `a=1&b=2`, in the order given.
pub fn form(pairs: &Pairs) -> String {
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn canonical(pairs: &Pairs) -> String {
    let mut sorted = pairs.clone();
    sorted.sort();
    form(&sorted)
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The V1 signature of parameters, wherever they are.
pub fn v1_signature(method: &str, parameters: &Pairs, secret: &[u8]) -> String {
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&[secret, b"&"].concat()).unwrap();
    mac.update(format!("{method}&%2F&{}", encode(&canonical(parameters))).as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// The V3 `Authorization` over these headers, each of them signed, in the order given.
pub fn v3_authorization(
    method: &str,
    query: &Pairs,
    headers: &Pairs,
    body: &[u8],
    key: &str,
    secret: &[u8],
) -> String {
    v3_authorization_of("/", method, query, headers, body, key, secret)
}

/// The same for another path.
pub fn v3_authorization_of(
    path: &str,
    method: &str,
    query: &Pairs,
    headers: &Pairs,
    body: &[u8],
    key: &str,
    secret: &[u8],
) -> String {
    let lines: String =
        headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let names = headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let request =
        format!("{method}\n{path}\n{}\n{lines}\n{names}\n{}", canonical(query), sha256(body));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("ACS3-HMAC-SHA256\n{}", sha256(request.as_bytes())).as_bytes());
    let signature: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}")
}
