//! No secret is stored in clear or logged.

use super::{Place, assert_done, json};
use crate::support::{Client, Program, figure};
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use std::process::Stdio;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The query of a V1 request, signed; and its signature.
fn signed(id: &str, secret: &str, nonce: &str, parameters: &[(&str, &str)]) -> (String, String) {
    let now = numberd::domain::Clock::System.now().to_string();
    // The wire has no fractions of a second.
    let now = format!("{}Z", now.split(['.', 'Z']).next().unwrap());
    let mut pairs = parameters.to_vec();
    pairs.extend([
        ("AccessKeyId", id),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", nonce),
    ]);
    pairs.extend([("Timestamp", now.as_str()), ("Version", "2020-07-01"), ("Format", "JSON")]);
    pairs.sort_unstable();
    let encode = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let query = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<String>>()
        .join("&");
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()).unwrap();
    mac.update(format!("GET&%2F&{}", encode(&query)).as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    (format!("{query}&Signature={}", encode(&signature)), signature)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn no_issued_secret_is_found_in_the_database_its_log_or_the_programs() {
    let place = Place::initialized();
    let key = json(&place.run(&["access-key", "create", "root", "--json"]));
    let token = json(&place.run(&["token", "create", "root", "--json"]));
    assert_done(
        &place.run_with(&["access-key", "add", "root"], "LTAI5tTakenOver\ntaken-over-secret\n"),
    );
    let log = place.path("log.txt");
    let mut command = Program::command(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        place.database().to_str().unwrap(),
    ]);
    command.env("RUST_LOG", "trace");
    let mut server =
        Program::start_logged(command, Stdio::from(std::fs::File::create(&log).unwrap()));
    let client = Client::new(server.address);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut secrets =
        vec![text(&key["secret"]), text(&token["secret"]), "taken-over-secret".to_owned()];

    let list = [("Action", "ListInstancesOfUser"), ("PageNumber", "1"), ("PageSize", "10")];
    for (id, secret) in
        [(text(&key["id"]), &secrets[0]), ("LTAI5tTakenOver".to_owned(), &secrets[2])]
            .map(|(id, secret)| (id, secret.clone()))
    {
        let (query, signature) = signed(&id, &secret, &format!("nonce-of-{id}"), &list);
        assert_eq!(client.get(&format!("/?{query}")).status, 200);
        assert_eq!(client.get(&format!("/?{query}")).json()["Code"], "SignatureNonceUsed");
        let (forged, _) = signed(&id, "another secret", "nonce-of-a-forger", &list);
        assert_eq!(client.get(&format!("/?{forged}")).json()["Code"], "SignatureDoesNotMatch");
        // A write stores its nonce, refused or not.
        let write = [
            ("Action", "AddPersonalNumbersToUser"),
            ("InstanceId", "none"),
            ("UserId", "u@none"),
            ("NumberList", "[\"1234\"]"),
        ];
        let (query, write_signature) =
            signed(&id, &secret, &format!("nonce-of-a-write-of-{id}"), &write);
        assert_eq!(client.get(&format!("/?{query}")).json()["Code"], "NotExists.InstanceId");
        secrets.extend([signature, write_signature]);
    }
    let bearer = |token: &str| {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!(
            "http://{}/?Action=ListInstancesOfUser&PageNumber=1&PageSize=10",
            server.address
        );
        agent
            .get(&url)
            .header("authorization", format!("Bearer {token}"))
            .call()
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!((bearer(&secrets[1]), bearer("nbd_a-wrong-token")), (200, 401));
    secrets.push("nbd_a-wrong-token".to_owned());
    // While the server runs there is a write-ahead log as well.
    assert_done(&place.run(&["token", "create", "root"]));
    let files = place.files();
    assert_eq!(files, ["log.txt", "numberd.db", "numberd.db-shm", "numberd.db-wal", "numberd.key"]);
    let key_text = std::fs::read_to_string(place.key_file()).unwrap().trim().to_owned();
    secrets.push(key_text);
    for file in files.iter().filter(|file| *file != "numberd.key") {
        let bytes = std::fs::read(place.path(file)).unwrap();
        for secret in &secrets {
            assert!(!contains(&bytes, secret), "{file} holds the secret {secret}");
        }
    }
    let logged = std::fs::read(&log).unwrap();
    assert!(
        contains(&logged, "ListInstancesOfUser answered OK"),
        "{}",
        String::from_utf8_lossy(&logged)
    );
    assert!(!contains(&logged, "\u{1b}["), "a log in a file has no colours");
    // The search would find what is there.
    assert!(contains(&[&logged[..], secrets[0].as_bytes(), &logged[..]].concat(), &secrets[0]));
    figure(
        "secrets in the database and in a log at trace level",
        0,
        secrets.len() * (files.len() - 1),
        &format!("{} bytes of log searched", logged.len()),
        "a secret put into the log is found",
    );
    server.kill();
    place.assert_sound();
}

#[test]
fn the_log_is_json_when_asked_to() {
    let place = Place::initialized();
    let log = place.path("log.txt");
    let mut command = Program::command(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log-format",
        "json",
        "--database",
        place.database().to_str().unwrap(),
    ]);
    command.env("RUST_LOG", "debug");
    let mut server =
        Program::start_logged(command, Stdio::from(std::fs::File::create(&log).unwrap()));
    Client::new(server.address).get("/healthz");
    // A stop waits for the log; kill -9 can't.
    server.terminate();
    server.child.wait().unwrap();
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["path"] == "/healthz" && line["status"] == 200), "{text}");
}
