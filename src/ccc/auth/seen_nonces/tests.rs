use super::SeenNonces;
use crate::ccc::auth::Nonce;
use crate::ccc::error::Failure;
use crate::domain::{AccessKeyId, Timestamp};

fn nonce(key: &str, text: &str, expires_at: i64) -> Nonce {
    Nonce {
        access_key_id: AccessKeyId::new(key),
        nonce: text.to_owned(),
        expires_at: Timestamp::from_millis(expires_at),
    }
}

fn use_once(table: &SeenNonces, nonce: &Nonce, now: Timestamp) -> Result<(), Failure> {
    table.use_once(nonce, now, || Ok(Vec::new()))
}

#[test]
fn a_nonce_is_refused_until_it_expires_and_forgotten_only_then() {
    let (table, at) = (SeenNonces::default(), Timestamp::from_millis);
    assert!(use_once(&table, &nonce("a", "1", 100_000), at(0)).is_ok());
    assert!(
        matches!(use_once(&table, &nonce("a", "1", 200_000), at(100_000)), Err(Failure::NonceUsed)),
        "its last moment"
    );
    assert!(
        use_once(&table, &nonce("b", "1", 100_000), at(0)).is_ok(),
        "another key's nonces are its own"
    );
    assert!(use_once(&table, &nonce("a", "2", 300_000), at(170_000)).is_ok(), "a sweep");
    assert!(use_once(&table, &nonce("a", "1", 300_000), at(170_001)).is_ok(), "it had expired");
    assert!(
        matches!(use_once(&table, &nonce("a", "2", 300_000), at(50_000)), Err(Failure::NonceUsed)),
        "a clock set back revives none"
    );
}

#[test]
fn a_full_table_refuses_instead_of_forgetting_and_only_the_key_that_filled_it() {
    let table = SeenNonces::with_room_for(1000);
    let now = Timestamp::from_millis(0);
    for figure in 0..1000 {
        assert!(use_once(&table, &nonce("a", &figure.to_string(), 1000), now).is_ok());
    }
    assert!(matches!(
        use_once(&table, &nonce("a", "one more", 1000), now),
        Err(Failure::Throttled)
    ));
    assert!(
        matches!(use_once(&table, &nonce("a", "0", 1000), now), Err(Failure::NonceUsed)),
        "the first is remembered still"
    );
    assert!(use_once(&table, &nonce("b", "one more", 1000), now).is_ok());
    assert!(
        use_once(&table, &nonce("a", "one more", 99_000), Timestamp::from_millis(61_001)).is_ok(),
        "there is room once they have expired"
    );
}
