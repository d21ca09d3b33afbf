//! The verifier against requests that the vendor's own SDKs signed, against all that is almost such
//! a request, and against noise.

use super::*;
use crate::domain::{Author, Clock, Origin, Paging};
use crate::http::Headers;
use crate::ops::credentials;
use crate::store::{self, Migrate, Store, seed};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use proptest::prelude::*;
use std::path::Path;

/// A store with the sample and an AccessKey, which is that of the recorded requests.
pub(in crate::ccc) fn store_with_access_key(directory: &Path, clock: Clock) -> (Store, KeyFile) {
    let path = directory.join("numberd.db");
    store::create(&path).unwrap();
    KeyFile::create(&path.with_extension("key")).unwrap();
    let key_file = || KeyFile::open(&path.with_extension("key")).unwrap();
    let store = Store::open(&path, Migrate::Apply, clock).unwrap();
    let key = key_file();
    let made = store.write(Author::new("test", Origin::Cli, ""), move |tx| {
        seed::load(tx)?;
        access_keys::adopt_key_file(tx, &key)?;
        credentials::add_access_key(tx, &key, "user-test", "testid", "testsecret")
    });
    made.unwrap();
    (store, key_file())
}

struct Fixture {
    store: Store,
    key_file: KeyFile,
    _directory: tempfile::TempDir,
}

impl Fixture {
    fn at(now: Timestamp) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (store, key_file) = store_with_access_key(directory.path(), Clock::Fixed(now));
        Self { store, key_file, _directory: directory }
    }

    /// What the face does with a request until it knows who sent it.
    fn verify(&self, request: &Recorded) -> Result<String, Failure> {
        let headers = request.headers();
        let wire = request.wire(&headers)?;
        let pairs: Vec<(String, String)> = wire.pairs().cloned().collect();
        let scheme = Scheme::of(&wire, &pairs)?;
        let params = Params::unique(pairs, Paging::Strict)?;
        self.store
            .read(|tx| verify(tx, &self.key_file, &scheme, &wire, &params))
            .map(|verified| verified.caller.login_name)
    }
}

/// A request as it was on the wire.
#[derive(Clone)]
struct Recorded {
    method: Vec<u8>,
    target: Vec<u8>,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
}

impl Recorded {
    fn of(vector: &serde_json::Value) -> Self {
        let bytes = |value: &serde_json::Value| value.as_str().unwrap().as_bytes().to_vec();
        let request = &vector["request"];
        let headers = request["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (bytes(&pair[0]).to_ascii_lowercase(), bytes(&pair[1])));
        Self {
            method: bytes(&request["method"]),
            target: bytes(&request["path"]),
            headers: headers.collect(),
            body: bytes(&request["body"]),
        }
    }

    /// The path is `/`, or the request never reaches the face.
    fn query(&self) -> Option<&str> {
        match std::str::from_utf8(&self.target).ok()? {
            "/" => Some(""),
            target => target.strip_prefix("/?"),
        }
    }

    fn headers(&self) -> Headers {
        let pairs = self.headers.iter();
        let lower = pairs
            .map(|(name, value)| (String::from_utf8_lossy(name).to_lowercase(), value.clone()));
        Headers::new(lower.collect())
    }

    fn wire<'a>(&'a self, headers: &'a Headers) -> Result<Wire<'a>, Failure> {
        let no_route = || Failure::Unreadable("path".to_owned());
        let method = std::str::from_utf8(&self.method).map_err(|_| no_route())?;
        Wire::new(method, self.query().ok_or_else(no_route)?, headers, &self.body)
    }

    fn header(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.headers.iter_mut().find(|(key, _)| key == name.as_bytes()).unwrap().1
    }

    fn is_v3(&self) -> bool {
        self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"authorization"))
    }

    /// What the signature has to cover, worked out without the verifier. Two requests with one
    /// meaning are the same request.
    fn meaning(&self, signed: &[String]) -> impl PartialEq + use<> {
        let decoded = |encoded: &[u8]| -> Vec<Vec<u8>> {
            let mut pairs = Vec::new();
            for pair in encoded.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
                let (name, value) =
                    pair.split_at(pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len()));
                let plain = |half: &[u8]| {
                    percent_decode(
                        &half
                            .iter()
                            .map(|b| if *b == b'+' { b' ' } else { *b })
                            .collect::<Vec<_>>(),
                    )
                    .collect::<Vec<u8>>()
                };
                pairs.push(
                    [plain(name), vec![0], plain(value.get(1..).unwrap_or_default())].concat(),
                );
            }
            pairs
        };
        let query = self.query().map(|query| decoded(query.as_bytes()));
        let (mut pairs, body) = if self.is_v3() {
            (query, self.body.clone())
        } else {
            (query.map(|query| [query, decoded(&self.body)].concat()), Vec::new())
        };
        if let Some(pairs) = &mut pairs {
            pairs.sort();
        }
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        headers.retain(|(name, _)| {
            name == b"authorization" || signed.iter().any(|signed| signed.as_bytes() == name)
        });
        (self.method.clone(), pairs, body, headers)
    }
}

/// The recorded requests, with what the SDK computed.
fn vectors() -> Vec<serde_json::Value> {
    let recorded = include_str!("../../../tests/contracts/ccc-signed-requests.json");
    serde_json::from_str(recorded).unwrap()
}

/// The moment at which a recorded request was sent.
fn sent_at(vector: &serde_json::Value) -> Timestamp {
    let text = vector["request"].to_string();
    let at = text.find("2026-11-21T").unwrap();
    let end = at + text[at..].find('Z').unwrap();
    Timestamp::parse_utc(&text[at..=end].replace("%3A", ":")).unwrap()
}

#[test]
fn every_request_that_an_sdk_signed_is_verified_and_its_string_to_sign_is_ours() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 14);
    for vector in &vectors {
        let name = vector["name"].as_str().unwrap();
        let request = Recorded::of(vector);
        assert_eq!(Fixture::at(sent_at(vector)).verify(&request).unwrap(), "user-test", "{name}");
        let headers = request.headers();
        let wire = request.wire(&headers).unwrap();
        let string_to_sign = if request.is_v3() {
            let authorization = wire.header("authorization").unwrap().unwrap();
            let credentials =
                v3::Credentials::parse(authorization.strip_prefix("ACS3-HMAC-SHA256 ").unwrap())
                    .unwrap();
            let canonical = credentials
                .canonical_request(&wire, "/", &signature::sha256_hex(wire.body))
                .unwrap();
            assert_eq!(
                canonical,
                vector["expected"]["canonical_request"].as_str().unwrap(),
                "{name}"
            );
            signature::v3_string_to_sign(&canonical)
        } else {
            let params = Params::unique(wire.pairs().cloned().collect(), Paging::Strict).unwrap();
            signature::v1_string_to_sign(wire.method, params.iter())
        };
        assert_eq!(
            string_to_sign,
            vector["expected"]["string_to_sign"].as_str().unwrap(),
            "{name}"
        );
    }
}

/// How a part of a request is reached in a copy.
type Part = Box<dyn Fn(&mut Recorded) -> &mut Vec<u8>>;

/// The parts that the signature has to cover.
fn parts(request: &Recorded, signed: &[String]) -> Vec<(String, Part)> {
    let mut parts: Vec<(String, Part)> = Vec::new();
    parts.push(("method".to_owned(), Box::new(|request| &mut request.method)));
    parts.push(("target".to_owned(), Box::new(|request| &mut request.target)));
    parts.push(("body".to_owned(), Box::new(|request| &mut request.body)));
    for (at, (name, _)) in request.headers.iter().enumerate() {
        let text = String::from_utf8(name.clone()).unwrap();
        if request.is_v3() && (text == "authorization" || signed.contains(&text)) {
            let name = format!("name of {text}");
            parts.push((name, Box::new(move |request| &mut request.headers[at].0)));
            parts.push((text, Box::new(move |request| &mut request.headers[at].1)));
        }
    }
    parts
}

#[test]
fn no_request_is_verified_with_any_one_byte_changed_unless_it_decodes_to_the_same_request() {
    for vector in &vectors() {
        let name = vector["name"].as_str().unwrap();
        let original = Recorded::of(vector);
        let fixture = Fixture::at(sent_at(vector));
        let authorization = original
            .headers
            .iter()
            .find(|(name, _)| name == b"authorization")
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        let listed = authorization.as_deref().and_then(|text| text.split_once("SignedHeaders="));
        let listed = listed.and_then(|(_, rest)| rest.split_once(','));
        let signed: Vec<String> = listed
            .map_or_else(Vec::new, |(names, _)| names.split(';').map(str::to_owned).collect());
        let meaning = original.meaning(&signed);
        let mut same = 0;
        for (part, reach) in parts(&original, &signed) {
            let length = reach(&mut original.clone()).len();
            let changes = [|b: u8| b ^ 1, |b: u8| b ^ 0x20, |_| b'+', |_| b'&'];
            for (at, replacement) in (0..length).flat_map(|at| changes.map(|change| (at, change))) {
                let mut changed = original.clone();
                let byte = &mut reach(&mut changed)[at];
                let (before, after) = (*byte, replacement(*byte));
                *byte = after;
                if before == after {
                    continue;
                }
                let outcome = fixture.verify(&changed);
                let change = format!(
                    "{name}: {part}[{at}] from {:?} to {:?}: {outcome:?}",
                    char::from(before),
                    char::from(after)
                );
                if changed.meaning(&signed) == meaning {
                    same += 1;
                    assert!(outcome.is_ok(), "the same request is refused: {change}");
                } else {
                    assert!(outcome.is_err(), "another request is taken for this one: {change}");
                }
            }
        }
        // `%2a` for `%2A` is the same request; every recorded one has at least an encoded letter in
        // it, except the two whose parameters are plain, or are in a hashed body.
        assert!(
            same > 0
                || ["v3_sts", "v3_node_form_chunked"].contains(&name)
                || !String::from_utf8_lossy(&original.target).contains("%2"),
            "{name}"
        );
    }
}

#[test]
fn a_request_is_not_verified_by_another_secret_however_near() {
    for vector in &vectors() {
        let fixture = Fixture::at(sent_at(vector));
        let request = Recorded::of(vector);
        let headers = request.headers();
        let wire = request.wire(&headers).unwrap();
        let params = Params::unique(wire.pairs().cloned().collect(), Paging::Strict).unwrap();
        for bit in 0.."testsecret".len() * 8 {
            let mut secret = b"testsecret".to_vec();
            secret[bit / 8] ^= 1 << (bit % 8);
            let (ours, theirs) = if request.is_v3() {
                (
                    signature::v3_signature(
                        &secret,
                        vector["expected"]["string_to_sign"].as_str().unwrap(),
                    ),
                    vector["expected"]["signature"].as_str().unwrap(),
                )
            } else {
                (
                    signature::v1_signature(
                        &secret,
                        &signature::v1_string_to_sign(wire.method, params.iter()),
                    ),
                    params.get("Signature").unwrap(),
                )
            };
            assert!(!same(&ours, theirs), "{}: bit {bit}", vector["name"]);
        }
        assert!(fixture.verify(&request).is_ok());
    }
}

#[test]
fn a_signature_of_one_scheme_is_none_of_the_other() {
    for vector in &vectors() {
        let fixture = Fixture::at(sent_at(vector));
        let mut request = Recorded::of(vector);
        if request.is_v3() {
            let value = String::from_utf8(request.header("authorization").clone()).unwrap();
            for other in [
                "ACS3-HMAC-SM3",
                "ACS3-RSA-SHA256",
                "ACS4-HMAC-SHA256",
                "acs3-hmac-sha256",
                "HMAC-SHA1",
                "none",
            ] {
                *request.header("authorization") =
                    value.replace("ACS3-HMAC-SHA256", other).into_bytes();
                assert!(
                    matches!(fixture.verify(&request), Err(Failure::SignatureMethod)),
                    "{other}"
                );
            }
        } else {
            let change = |bytes: &[u8]| {
                String::from_utf8_lossy(bytes).replace("HMAC-SHA1", "none").into_bytes()
            };
            (request.target, request.body) = (change(&request.target), change(&request.body));
            assert!(matches!(fixture.verify(&request), Err(Failure::SignatureMethod)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_verifier_takes_any_bytes_without_a_panic_and_verifies_none(
        method in "[A-Z]{0,5}",
        query in proptest::collection::vec(any::<u8>(), 0..80),
        common in proptest::collection::vec((proptest::sample::select(vec!["AccessKeyId", "Signature", "SignatureNonce", "Timestamp", "SignatureMethod", "Action"]), "\\PC{0,12}"), 0..5),
        authorization in proptest::option::of(prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..60),
            "(ACS3-HMAC-SHA256|Bearer|bearer) ((Credential|SignedHeaders|Signature)=[a-z;,=]{0,20},? ?){0,4}".prop_map(String::into_bytes),
        ]),
        headers in proptest::collection::vec((proptest::sample::select(vec!["host", "x-acs-date", "x-acs-action", "x-acs-signature-nonce", "content-type"]), proptest::collection::vec(any::<u8>(), 0..24)), 0..5),
        body in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        const AT: Timestamp = Timestamp::from_millis(1_795_262_400_000);
        thread_local!(static FIXTURE: Fixture = Fixture::at(AT));
        let encoded: String = common
            .iter()
            .map(|(name, value)| {
                let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
                format!("&{name}={value}")
            })
            .collect();
        let mut headers: Vec<(Vec<u8>, Vec<u8>)> = headers
            .into_iter()
            .map(|(name, value)| (name.as_bytes().to_vec(), value))
            .collect();
        headers.extend(authorization.map(|value| (b"authorization".to_vec(), value)));
        let target = format!("/?{}{encoded}", String::from_utf8_lossy(&query)).into_bytes();
        let request = Recorded { method: method.into_bytes(), target, headers, body };
        prop_assert!(FIXTURE.with(|fixture| fixture.verify(&request)).is_err());
    }
}
