//! What a thief of the file has in their hands.

use super::code;
use super::signer::{self, pairs};
use super::wire::{NOON, NOON_TEXT, Request, v1_call, v1_common};
use crate::support::{App, SeededDatabase};
use numberd::domain::{Clock, Paging, Timestamp};
use numberd::ops::credentials;
use numberd::store::api_tokens::NewToken;
use std::sync::Arc;

const LIST: &[(&str, &str)] = &[("PageNumber", "1"), ("PageSize", "10")];

#[test]
fn no_secret_and_no_token_lies_in_the_file_in_clear() {
    let app = App::over(
        SeededDatabase::new(),
        Paging::Strict,
        Clock::Fixed(Timestamp::from_millis(NOON)),
    );
    assert_eq!(
        code(
            &v1_call(
                "1",
                "RemovePersonalNumbersFromUser",
                super::requests::golden("RemovePersonalNumbersFromUser")
            )
            .send(&app)
        ),
        "OK"
    );
    assert_eq!(
        app.call("AddPersonalNumbersToUser", super::requests::golden("AddPersonalNumbersToUser"))
            .status,
        200
    );
    let database = Arc::clone(&app.database);
    drop(app);
    let (mut searched, mut id_is_there) = (0, false);
    for entry in std::fs::read_dir(database.path().parent().unwrap()).unwrap() {
        // The write-ahead log goes away when the last connection closes, which may be just now.
        let Ok(bytes) = std::fs::read(entry.unwrap().path()) else { continue };
        searched += bytes.len();
        for secret in ["demo-access-secret", "demo-token"] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret}"
            );
        }
        id_is_there |= bytes.windows(15).any(|window| window == b"demo-access-key");
    }
    assert!(id_is_there, "the search finds what is there");
    assert!(searched > 100_000);
}

#[test]
fn the_encrypted_secret_of_one_access_key_does_not_serve_another() {
    let database = SeededDatabase::new();
    let key_file = database.key_file();
    database.write(move |tx| {
        credentials::add_access_key(tx, &key_file, "wangfang", "thief", "thiefs-own-secret")
    });
    // Whoever can write the file puts their own secret under another's name.
    database.query(
        "UPDATE access_key SET secret_ciphertext = (SELECT secret_ciphertext FROM access_key WHERE access_key_id = 'thief'),
                               secret_nonce = (SELECT secret_nonce FROM access_key WHERE access_key_id = 'thief') WHERE access_key_id = 'demo-access-key'",
    );
    let app = App::over(database, Paging::Strict, Clock::Fixed(Timestamp::from_millis(NOON)));
    let signed = |key: &str, nonce: &str| {
        let mut parameters =
            [v1_common(nonce, NOON_TEXT), pairs(&[("Action", "ListInstancesOfUser")]), pairs(LIST)]
                .concat();
        parameters
            .iter_mut()
            .filter(|(name, _)| name == "AccessKeyId")
            .for_each(|(_, value)| *value = key.to_owned());
        let signature = signer::v1_signature("GET", &parameters, b"thiefs-own-secret");
        Request::get(&format!(
            "{}&Signature={}",
            signer::form(&parameters),
            signer::encode(&signature)
        ))
        .send(&app)
    };
    assert_eq!(code(&signed("thief", "1")), "OK");
    assert_eq!(
        code(&signed("demo-access-key", "2")),
        "InternalError",
        "it can't be decrypted under that name"
    );
}

#[test]
fn a_token_works_until_it_is_revoked_or_expires_and_not_a_moment_longer() {
    let database = SeededDatabase::new();
    database.write(|tx| {
        for (token, expires_at) in [("past", NOON - 1), ("now", NOON), ("future", NOON + 1)] {
            let issued = credentials::Issued { id: token.to_owned(), secret: token.to_owned() };
            credentials::add_token(
                tx,
                "user-test",
                &issued,
                &NewToken {
                    expires_at: Some(Timestamp::from_millis(expires_at)),
                    ..NewToken::default()
                },
            )?;
        }
        Ok(())
    });
    let app = App::over(database, Paging::Strict, Clock::Fixed(Timestamp::from_millis(NOON)));
    let asked = |token| code(&app.call_as(token, "ListInstancesOfUser", LIST));
    assert_eq!(
        ["past", "now", "future"].map(asked),
        ["InvalidBearerToken", "InvalidBearerToken", "OK"]
    );
    app.database.write(|tx| credentials::revoke_token(tx, "future"));
    assert_eq!(asked("future"), "InvalidBearerToken");
}
