use super::SeenNonces;
use crate::ccc::auth::Nonce;
use crate::ccc::error::Failure;
use crate::domain::{AccessKeyId, Clock, ManualClock, Timestamp};
use crate::store::briefly;

fn nonce(key: &str, text: &str, expires_at: i64) -> Nonce {
    Nonce {
        access_key_id: AccessKeyId::new(key),
        nonce: text.to_owned(),
        expires_at: Timestamp::from_millis(expires_at),
    }
}

fn use_once(table: &SeenNonces, nonce: &Nonce, now: Timestamp) -> Result<(), Failure> {
    table.use_once(nonce, Clock::Fixed(now), || Ok(Vec::new()))
}

const MINUTE: i64 = 60_000;

#[test]
fn a_nonce_is_refused_until_it_expires_and_forgotten_only_then() {
    let table = SeenNonces::default();
    let at = |minutes: i64| Timestamp::from_millis(minutes * MINUTE);
    let nonce = |key, text, minutes| nonce(key, text, minutes * MINUTE);
    assert!(use_once(&table, &nonce("a", "1", 30), at(0)).is_ok());
    assert!(
        matches!(use_once(&table, &nonce("a", "1", 60), at(30)), Err(Failure::NonceUsed)),
        "its last moment"
    );
    assert!(
        use_once(&table, &nonce("b", "1", 30), at(0)).is_ok(),
        "another key's nonces are its own"
    );
    assert!(use_once(&table, &nonce("a", "2", 62), at(32)).is_ok(), "a sweep");
    assert!(use_once(&table, &nonce("a", "1", 62), at(32)).is_ok(), "it had expired");
    assert!(
        matches!(use_once(&table, &nonce("a", "2", 62), at(10)), Err(Failure::NonceUsed)),
        "a clock set back revives none"
    );
}

#[test]
fn a_clock_that_jumps_ahead_and_back_reopens_nothing() {
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(0));
    let (table, clock) = (SeenNonces::default(), Clock::Manual(&CLOCK));
    let stored = || Ok(vec![(AccessKeyId::new("a"), "stored".to_owned(), clock.now())]);
    let send = |text| {
        let expires_at = clock.now().millis() + 30 * MINUTE;
        table.use_once(&nonce("a", text, expires_at), clock, stored)
    };
    assert!(send("1").is_ok());
    CLOCK.set_by(40 * MINUTE);
    CLOCK.advance(2 * MINUTE);
    assert!(send("2").is_ok(), "a sweep");
    CLOCK.set_by(-40 * MINUTE);
    for text in ["1", "2", "stored"] {
        assert!(matches!(send(text), Err(Failure::NonceUsed)), "{text}");
        assert!(table.remembers(&AccessKeyId::new("a"), text));
    }
    CLOCK.advance(29 * MINUTE);
    assert!(send("1").is_ok(), "both times are over");
    assert!(matches!(send("2"), Err(Failure::NonceUsed)), "only the program's own time is over");
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
        use_once(&table, &nonce("a", "one more", 99_000), Timestamp::from_millis(31 * MINUTE))
            .is_ok(),
        "there is room once they have expired"
    );
}

#[test]
fn a_thread_that_must_not_be_held_up_neither_reads_nor_sweeps_the_table_nor_waits_for_it() {
    let table = SeenNonces::default();
    let at = |minutes: i64| Timestamp::from_millis(minutes * MINUTE);
    let nonce = |text| nonce("a", text, 90 * MINUTE);
    let send = |text, minutes| use_once(&table, &nonce(text), at(minutes));
    let stored = || panic!("the stored ones are read");
    assert!(briefly(|| table.use_once(&nonce("1"), Clock::Fixed(at(0)), stored)).is_none());
    assert!(send("1", 0).is_ok(), "nothing was changed");
    assert!(briefly(|| send("2", 0)).is_some_and(|outcome| outcome.is_ok()));
    assert!(briefly(|| send("3", 2)).is_none(), "a sweep is due");
    assert!(send("3", 2).is_ok());
    let held = table.table();
    assert!(briefly(|| send("4", 2)).is_none(), "another has the table");
    drop(held);
    assert!(briefly(|| send("4", 2)).is_some_and(|outcome| outcome.is_ok()));
}
