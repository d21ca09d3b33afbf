//! A request that is tried twice.

use super::Face;
use crate::ccc::auth::store_with_access_key;
use crate::domain::{Clock, Paging, Timestamp};
use crate::http::{self, BasePath, BodyRoom, Face as _, Headers, LoginAttempts, form, signature};
use crate::ops::last_use::LastUse;
use crate::store::{briefly, number_index};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const NOON: &str = "2026-11-21T12:00:00Z";

/// A face over the sample, at noon, with an AccessKey.
fn face(directory: &tempfile::TempDir) -> Face {
    let clock = Clock::Fixed(Timestamp::parse_utc(NOON).unwrap());
    let (store, key_file) = store_with_access_key(directory.path(), clock);
    let store = Arc::new(store);
    let last_use = Arc::new(LastUse::new(Arc::clone(&store)));
    Face::new(store, Arc::new(LoginAttempts::new(clock)), last_use, key_file, Paging::Strict)
}

/// A signed request for what is not read at once while there is no index of the numbers.
fn request(nonce: &str) -> http::Request {
    let pairs = [
        ("AccessKeyId", "testid"),
        ("Action", "ListPersonalNumbersOfUser"),
        ("Format", "JSON"),
        ("InstanceId", "ccc-test"),
        ("IsMember", "false"),
        ("PageNumber", "1"),
        ("PageSize", "10"),
        ("SearchPattern", "0"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", nonce),
        ("SignatureVersion", "1.0"),
        ("Timestamp", NOON),
        ("UserId", "lina@ccc-test"),
        ("Version", "2020-07-01"),
    ];
    let text = signature::v1_string_to_sign("GET", pairs.into_iter());
    let signature = ("Signature", signature::v1_signature(b"testsecret", &text));
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (name, value.to_owned())).into();
    pairs.push(signature);
    let pairs: Vec<_> = pairs.into_iter().map(|(name, v)| (name.to_owned(), v)).collect();
    http::Request {
        method: "GET".to_owned(),
        path: "/".to_owned(),
        base_path: BasePath::default(),
        query: form::encode(&pairs),
        headers: Headers::default(),
        body: Ok(Vec::new()),
        host: "localhost".to_owned(),
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        request_id: String::new(),
        is_nonce_used: AtomicBool::default(),
        room: BodyRoom::default(),
        upload: None,
    }
}

#[test]
fn a_nonce_belongs_to_its_request_between_the_two_tries_and_is_used_up_by_the_second() {
    let directory = tempfile::tempdir().unwrap();
    let face = face(&directory);
    assert_eq!(face.answer(&request("first")).code, "OK", "the stored nonces were read");
    let _indexer = number_index::keep(&face.resources.store).unwrap();
    let original = request("n");
    assert!(briefly(|| face.answer(&original)).is_none());
    assert_eq!(face.answer(&request("n")).code, "SignatureNonceUsed", "somebody else's copy");
    assert_eq!(face.answer(&original).code, "OK");
    assert_eq!(face.answer(&request("n")).code, "SignatureNonceUsed");
}
