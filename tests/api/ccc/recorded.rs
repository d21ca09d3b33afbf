//! Requests as the vendor's SDKs sent them.

use super::code;
use super::wire::{NOON, Request};
use crate::support::{App, SeededDatabase, contract};
use numberd::domain::{Clock, Paging, Timestamp};

#[test]
fn every_request_that_an_sdk_sent_is_answered_byte_for_byte_as_it_was_sent() {
    let vectors: Vec<serde_json::Value> =
        serde_json::from_str(&contract("ccc-signed-requests.json")).unwrap();
    for vector in &vectors {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let (name, recorded) = (text(&vector["name"]), &vector["request"]);
        // One was recorded later in the day; its body came in chunks.
        let sent_at = if vector.to_string().contains("2026-11-21T23:19:01Z") {
            NOON + (11 * 3600 + 19 * 60 + 1) * 1000
        } else {
            NOON
        };
        let database = SeededDatabase::new();
        let key_file = database.key_file();
        database.write(move |tx| {
            numberd::ops::credentials::add_access_key(
                tx,
                &key_file,
                "user-test",
                "testid",
                "testsecret",
            )
        });
        let app =
            App::over(database, Paging::Strict, Clock::Fixed(Timestamp::from_millis(sent_at)));
        let headers = recorded["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (text(&pair[0]), text(&pair[1])))
            .collect();
        let request = Request {
            method: text(&recorded["method"]),
            target: text(&recorded["path"]),
            headers,
            body: text(&recorded["body"]).into_bytes(),
        };
        let reply = request.send(&app);
        assert_eq!(code(&reply), "OK", "{name}: {}", reply.body);
        assert_eq!(code(&request.send(&app)), "SignatureNonceUsed", "{name}");
    }
}
