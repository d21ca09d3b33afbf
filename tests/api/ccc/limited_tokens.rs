//! API tokens that are for reading only, or for one instance, and when credentials were last used.

use super::wire::{NOON, v3_call};
use super::{code, requests};
use crate::support::{App, SeededDatabase};
use numberd::ccc::Operation;
use numberd::domain::{Clock, InstanceId, ManualClock, Paging, Timestamp};
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::NewToken;

/// The sample with two more tokens of the root: `reader` only reads, `one` is for `ccc-test`.
fn database() -> SeededDatabase {
    let database = SeededDatabase::new();
    database.write(|tx| {
        let reader = NewToken { read_only: true, ..NewToken::default() };
        let one =
            NewToken { instance_id: Some(InstanceId::from("ccc-test")), ..NewToken::default() };
        for (name, new) in [("reader", reader), ("one", one)] {
            let issued = Issued { id: name.to_owned(), secret: name.to_owned() };
            credentials::add_token(tx, "user-test", &issued, &new)?;
        }
        Ok(())
    });
    database
}

#[test]
fn a_token_for_reading_only_reads_everything_and_changes_nothing() {
    let app = App::over(database(), Paging::Strict, Clock::System);
    let changes = "SELECT count(*) FROM change";
    let before = app.database.query(changes);
    for operation in Operation::ALL {
        let reply = app.call_as("reader", operation.name(), requests::golden(operation.name()));
        if operation.is_write() {
            assert_eq!(
                (reply.status, code(&reply).as_str()),
                (403, "Permission.Common"),
                "{operation:?}"
            );
        } else {
            assert_eq!(code(&reply), "OK", "{operation:?}: {}", reply.body);
        }
    }
    assert_eq!(app.database.query(changes), before);
}

#[test]
fn a_token_of_one_instance_sees_no_other_and_nothing_of_the_account() {
    let app = App::over(database(), Paging::Strict, Clock::System);
    let page = [("PageNumber", "1"), ("PageSize", "10")];
    let reply = app.call_as("one", "ListInstancesOfUser", &page);
    let seen: Vec<&str> = reply.body.matches("\"Id\":\"vcc-test\"").collect();
    assert_eq!((reply.json()["Data"]["TotalCount"].as_u64(), seen.len()), (Some(1), 0));
    let of = |instance: &'static str, token: &str| {
        let parameters = [page.as_slice(), &[("InstanceId", instance)]].concat();
        let reply = app.call_as(token, "ListPhoneNumbers", &parameters);
        (reply.status, code(&reply))
    };
    assert_eq!(of("ccc-test", "one").0, 200);
    assert_eq!(of("vcc-test", "one"), of("no-such", "one"));
    assert_eq!(of("vcc-test", "one").0, 404);
    assert_eq!(of("vcc-test", "demo-token").0, 200, "the control");
    for operation in ["ListInstances", "CreateInstance", "ImportCorpNumbers"] {
        let reply = app.call_as("one", operation, requests::golden(operation));
        assert_eq!(
            (reply.status, code(&reply).as_str()),
            (403, "Permission.Common"),
            "{operation}"
        );
    }
    let write = "RemovePersonalNumbersFromUser";
    assert_eq!(code(&app.call_as("one", write, requests::golden(write))), "OK");
}

#[test]
fn the_last_use_of_a_credential_is_kept_without_a_write_for_each_request() {
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(NOON));
    let app = App::over(database(), Paging::Strict, Clock::Manual(&CLOCK));
    let page = [("PageNumber", "1"), ("PageSize", "10")];
    let used = |table: &str| {
        app.database.query(&format!("SELECT last_used_at FROM {table} WHERE last_used_at > 0"))
    };
    let lines = "SELECT count(*) FROM change";
    let before = app.database.query(lines);
    for _ in 0..3 {
        assert_eq!(code(&app.call_as("reader", "ListInstancesOfUser", &page)), "OK");
        CLOCK.advance(1_000);
    }
    assert_eq!(code(&v3_call("used", "ListInstancesOfUser", &page).send(&app)), "OK");
    assert_eq!(
        code(&v3_call("used", "ListInstancesOfUser", &page).send(&app)),
        "SignatureNonceUsed"
    );
    assert_eq!((used("api_token"), used("access_key")), (String::new(), String::new()));
    CLOCK.advance(3_600_000);
    assert_eq!(code(&app.call_as("one", "ListInstancesOfUser", &page)), "OK");
    let at = |seconds: i64| (NOON + seconds * 1_000).to_string();
    assert_eq!(used("api_token"), format!("{}\n{}", at(3_603), at(2)), "once an hour");
    assert_eq!(used("access_key"), at(3));
    CLOCK.advance(1_000);
    assert_eq!(code(&app.call_as("reader", "ListInstancesOfUser", &page)), "OK");
    let app = app.restarted(Clock::Manual(&CLOCK));
    let at_the_end = "SELECT last_used_at FROM api_token WHERE token_id = 'reader'";
    assert_eq!(app.database.query(at_the_end), at(3_604), "and at the end");
    assert_eq!(app.database.query(lines), before, "it is no line of the log");
}
