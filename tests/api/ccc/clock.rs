//! Time stamps and nonces.

use super::signer::pairs;
use super::wire::{
    NOON, NOON_TEXT, Request, v1_call, v1_common, v1_get, v3_call, v3_headers, v3_post,
};
use super::{code, requests};
use crate::support::{App, SeededDatabase};
use numberd::domain::{Clock, ManualClock, Paging, Timestamp};

const LIST: &[(&str, &str)] = &[("PageNumber", "1"), ("PageSize", "10")];
const MINUTES_15: i64 = 15 * 60 * 1000;

fn app_at(millis: i64) -> App {
    App::over(SeededDatabase::new(), Paging::Strict, Clock::Fixed(Timestamp::from_millis(millis)))
}

/// The two ways to sign a list at a moment.
fn lists(nonce: &str, timestamp: &str) -> [Request; 2] {
    let v1 =
        [v1_common(nonce, timestamp), pairs(&[("Action", "ListInstancesOfUser")]), pairs(LIST)]
            .concat();
    [
        v1_get(&v1),
        v3_post(LIST, &v3_headers(&format!("{nonce}-3"), "ListInstancesOfUser", timestamp, b"")),
    ]
}

#[test]
fn a_request_may_be_fifteen_minutes_off_to_either_side_and_not_a_moment_more() {
    for (server, expected) in [
        (NOON, "OK"),
        (NOON + MINUTES_15, "OK"),
        (NOON - MINUTES_15, "OK"),
        (NOON + MINUTES_15 + 1, "InvalidTimeStamp.Expired"),
        (NOON - MINUTES_15 - 1, "InvalidTimeStamp.Expired"),
        (NOON + MINUTES_15 + 1000, "InvalidTimeStamp.Expired"),
        (NOON - MINUTES_15 - 1000, "InvalidTimeStamp.Expired"),
        (0, "InvalidTimeStamp.Expired"),
        (i64::MAX / 1000, "InvalidTimeStamp.Expired"),
    ] {
        let app = app_at(server);
        for request in lists("edge", NOON_TEXT) {
            assert_eq!(code(&request.send(&app)), expected, "the server is at {server}");
        }
    }
}

#[test]
fn a_time_stamp_of_any_other_form_is_refused() {
    let app = app_at(NOON);
    for text in [
        "2026-11-21",
        "2026-11-21T12:00:00",
        "2026-11-21T12:00:00z",
        "2026-11-21t12:00:00Z",
        "2026-11-21 12:00:00Z",
        "2026-11-21T12:00:00.Z",
        "2026-11-21T12:00:00+0000",
        "2026-11-21T12:00:00-00:00",
        "2026-11-21T20:00:00+08:00",
        "2026-11-21T12:00Z",
        "20261121T120000Z",
        "2026-11-21T12:00:00ZZ",
        "2026-11-21T24:00:00Z",
        "2026-11-21T11:60:00Z",
        "2026-11-21T11:59:60Z",
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-00-00T00:00:00Z",
        "+026-11-21T12:00:00Z",
        "1795262400",
        "Sat, 21 Nov 2026 12:00:00 GMT",
        "noon",
        "２026-11-21T12:00:00Z",
    ] {
        for request in lists("form", text) {
            assert_eq!(code(&request.send(&app)), "InvalidTimeStamp.Format", "{text:?}");
        }
    }
    for request in lists("form", NOON_TEXT) {
        assert_eq!(code(&request.send(&app)), "OK", "none of them used up the nonce");
    }
}

#[test]
fn a_read_or_a_write_is_answered_once() {
    let app = app_at(NOON);
    let write = requests::golden("RemovePersonalNumbersFromUser");
    for request in [
        v1_call("a", "ListInstancesOfUser", LIST),
        v3_call("b", "ListInstancesOfUser", LIST),
        v1_call("c", "RemovePersonalNumbersFromUser", write),
        v3_call("d", "RemovePersonalNumbersFromUser", write),
    ] {
        assert_eq!(code(&request.send(&app)), "OK");
        assert_eq!(code(&request.send(&app)), "SignatureNonceUsed");
        assert_eq!(code(&request.send(&app)), "SignatureNonceUsed");
    }
}

#[test]
fn reads_and_writes_of_both_schemes_share_one_space_of_nonces_and_each_access_key_has_its_own() {
    let app = app_at(NOON);
    let write = requests::golden("RemovePersonalNumbersFromUser");
    assert_eq!(code(&v1_call("read", "ListInstancesOfUser", LIST).send(&app)), "OK");
    assert_eq!(
        code(&v1_call("read", "RemovePersonalNumbersFromUser", write).send(&app)),
        "SignatureNonceUsed"
    );
    assert_eq!(app.database.query("SELECT count(*) FROM nonce"), "0");
    assert_eq!(code(&v3_call("write", "RemovePersonalNumbersFromUser", write).send(&app)), "OK");
    assert_eq!(
        app.database.query("SELECT access_key_id, nonce FROM nonce"),
        "demo-access-key|write"
    );
    assert_eq!(
        code(&v1_call("write", "ListInstancesOfUser", LIST).send(&app)),
        "SignatureNonceUsed"
    );

    let key_file = app.database.key_file();
    app.database.write(move |tx| {
        numberd::ops::credentials::add_access_key(
            tx,
            &key_file,
            "user-test",
            "second",
            "demo-access-secret",
        )
    });
    let mut second =
        [v1_common("read", NOON_TEXT), pairs(&[("Action", "ListInstancesOfUser")]), pairs(LIST)]
            .concat();
    second
        .iter_mut()
        .filter(|(name, _)| name == "AccessKeyId")
        .for_each(|(_, value)| *value = "second".to_owned());
    assert_eq!(code(&v1_get(&second).send(&app)), "OK");
}

#[test]
fn a_write_is_not_answered_again_after_the_server_was_stopped_and_started() {
    let add =
        v3_call("once", "AddPersonalNumbersToUser", requests::golden("AddPersonalNumbersToUser"));
    let release = v1_call(
        "back",
        "RemovePersonalNumbersFromUser",
        &[
            ("InstanceId", "ccc-test"),
            ("UserId", "liuyang@ccc-test"),
            ("NumberList", r#"["02855500007"]"#),
        ],
    );
    let mut app = app_at(NOON);
    assert_eq!(code(&add.send(&app)), "OK");
    for minutes in [0, 10, 14] {
        app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON + minutes * 60_000)));
        assert_eq!(code(&add.send(&app)), "SignatureNonceUsed", "after {minutes} minutes");
        let held = app.database.query("SELECT count(*) FROM v_personal_number WHERE user_id = 'liuyang@ccc-test' AND number = '02855500007'");
        if minutes == 0 {
            assert_eq!((held.as_str(), code(&release.send(&app)).as_str()), ("1", "OK"));
        } else {
            assert_eq!(held, "0", "the replay would have given it to them again");
        }
        // Nor is it answered as a read, asked first by a server that has not seen it yet.
        app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON + minutes * 60_000)));
        assert_eq!(
            code(&v1_call("once", "ListInstancesOfUser", LIST).send(&app)),
            "SignatureNonceUsed",
            "after {minutes} minutes"
        );
    }
    // Where its time stamp is too old, the nonce need not be remembered; and a clock set back does
    // not revive it.
    app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON + MINUTES_15 + 1)));
    assert_eq!(code(&add.send(&app)), "InvalidTimeStamp.Expired");
    app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON - 60_000)));
    assert_eq!(code(&add.send(&app)), "SignatureNonceUsed");
}

/// Binds a number to a skill group: refused as long as a user holds it.
fn bind(nonce: &str) -> Request {
    let parameters = [
        ("InstanceId", "ccc-test"),
        ("SkillGroupId", "test@ccc-test"),
        ("NumberList", r#"["083xxxx0011"]"#),
    ];
    v3_call(nonce, "AddNumbersToSkillGroup", &parameters)
}

fn release(nonce: &str) -> Request {
    let parameters = [
        ("InstanceId", "ccc-test"),
        ("UserId", "user-test@ccc-test"),
        ("NumberList", r#"["083xxxx0011"]"#),
    ];
    v1_call(nonce, "RemovePersonalNumbersFromUser", &parameters)
}

/// Creates a skill group that is called like the nonce.
fn create(nonce: &str, millis: i64) -> Request {
    let timestamp = Timestamp::from_millis(millis).to_string();
    let named = [
        ("Action", "CreateSkillGroup"),
        ("InstanceId", "ccc-test"),
        ("Name", nonce),
        ("DisplayName", "Another"),
    ];
    v1_get(&[v1_common(nonce, &timestamp), pairs(&named)].concat())
}

#[test]
fn a_write_that_was_refused_is_refused_after_a_restart_too_and_changed_nothing() {
    let app = app_at(NOON);
    let before = app.database.query("SELECT count(*), max(change_id) FROM change");
    assert_eq!(code(&bind("early").send(&app)), "Parameter.Invalid");
    assert_eq!(app.database.query("SELECT count(*), max(change_id) FROM change"), before);
    assert_eq!(app.database.query("SELECT nonce FROM nonce"), "early");
    let app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON)));
    assert_eq!(code(&release("back").send(&app)), "OK");
    assert_eq!(code(&bind("early").send(&app)), "SignatureNonceUsed");
    assert_eq!(code(&bind("anew").send(&app)), "OK");
}

#[test]
fn a_write_that_found_no_database_to_write_may_be_sent_again_even_after_a_restart() {
    let app = app_at(NOON);
    let lock = rusqlite::Connection::open(app.database.path()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(release("busy").send(&app).status, 503);
    drop(lock);
    assert_eq!(app.database.query("SELECT count(*) FROM nonce"), "0");
    let app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON)));
    assert_eq!(code(&release("busy").send(&app)), "OK");
    assert_eq!(code(&release("busy").send(&app)), "SignatureNonceUsed");
}

#[test]
fn a_clock_that_jumps_ahead_and_back_reopens_no_write_with_or_without_a_restart() {
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(NOON));
    let mut app = App::with(Paging::Strict, Clock::Manual(&CLOCK));
    assert_eq!(code(&release("once").send(&app)), "OK");
    for restart in [false, true, true] {
        CLOCK.set_by(40 * 60_000);
        if restart {
            app = app.restarted(Clock::Manual(&CLOCK));
        }
        // Another write, signed ahead of time, has the expired nonces looked for.
        CLOCK.advance(61_000);
        let nonce = format!("ahead-{restart}-{}", app.address.port());
        let reply = create(&nonce, NOON + 41 * 60_000).send(&app);
        assert_eq!(code(&reply), "OK", "{}", reply.body);
        CLOCK.set_by(-40 * 60_000);
        assert_eq!(code(&release("once").send(&app)), "SignatureNonceUsed");
        if restart {
            app = app.restarted(Clock::Manual(&CLOCK));
            assert_eq!(code(&release("once").send(&app)), "SignatureNonceUsed");
        }
    }
}

#[test]
fn the_nonce_of_a_write_leaves_the_database_when_it_is_forgotten_and_not_before() {
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(NOON));
    let app = App::with(Paging::Strict, Clock::Manual(&CLOCK));
    assert_eq!(code(&release("first").send(&app)), "OK");
    for (minutes, kept) in [(15, "2"), (14, "3"), (2, "3")] {
        CLOCK.advance(minutes * 60_000);
        let nonce = format!("after-{minutes}");
        let reply = create(&nonce, Clock::Manual(&CLOCK).now().millis()).send(&app);
        assert_eq!(code(&reply), "OK", "{}", reply.body);
        assert_eq!(app.database.query("SELECT count(*) FROM nonce"), kept, "{nonce}");
    }
}

#[test]
fn a_nonce_is_kept_for_half_an_hour_from_the_later_of_the_two_clocks_on() {
    let app = app_at(NOON);
    for (nonce, sent_at) in [("late", NOON - MINUTES_15), ("early", NOON + MINUTES_15)] {
        let reply = create(nonce, sent_at).send(&app);
        assert_eq!(code(&reply), "OK", "{}", reply.body);
    }
    let kept = |nonce: &str| {
        let sql =
            format!("SELECT (expires_at - {NOON}) / 60000 FROM nonce WHERE nonce = '{nonce}'");
        app.database.query(&sql)
    };
    assert_eq!((kept("late"), kept("early")), ("30".to_owned(), "45".to_owned()));
}

#[test]
fn a_read_is_answered_again_after_a_restart_which_is_the_known_limit() {
    let read = v1_call("read", "ListInstancesOfUser", LIST);
    let app = app_at(NOON);
    assert_eq!(code(&read.send(&app)), "OK");
    let app = app.restarted(Clock::Fixed(Timestamp::from_millis(NOON)));
    assert_eq!(code(&read.send(&app)), "OK", "the nonces of reads are kept in memory");
    assert_eq!(code(&read.send(&app)), "SignatureNonceUsed");
}

#[test]
fn of_equal_requests_side_by_side_exactly_one_is_answered() {
    let app = app_at(NOON);
    let write = requests::golden("AddPersonalNumbersToUser");
    for (request, name) in [
        (v3_call("same", "AddPersonalNumbersToUser", write), "a write"),
        (v1_call("same-read", "ListInstancesOfUser", LIST), "a read"),
    ] {
        let codes: Vec<String> = std::thread::scope(|scope| {
            let callers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| code(&request.send(&app)))).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        assert_eq!(codes.iter().filter(|code| *code == "OK").count(), 1, "{name}: {codes:?}");
        assert_eq!(
            codes.iter().filter(|code| *code == "SignatureNonceUsed").count(),
            7,
            "{name}: {codes:?}"
        );
    }
}

#[test]
fn what_was_refused_before_its_signature_was_known_to_be_good_uses_up_no_nonce() {
    let app = app_at(NOON);
    for request in [
        v1_call("kept", "ListInstancesOfUser", LIST),
        v3_call("kept-3", "ListInstancesOfUser", LIST),
    ] {
        let forged = Request {
            target: request.target.replace("PageSize=10", "PageSize=11"),
            ..request.clone()
        };
        assert_eq!(code(&forged.send(&app)), "SignatureDoesNotMatch");
        assert_eq!(
            code(
                &Request { target: format!("{}&x=%ff", request.target), ..request.clone() }
                    .send(&app)
            ),
            "InvalidParameter.Encoding"
        );
        assert_eq!(code(&request.send(&app)), "OK");
    }
}

#[test]
fn a_nonce_is_compared_whole_and_may_have_any_characters() {
    let app = app_at(NOON);
    for nonce in ["N", "n", "n ", "号", "%", "n'--", &"n".repeat(127), &"n".repeat(128)] {
        let request = v1_call(
            nonce,
            "RemovePersonalNumbersFromUser",
            requests::golden("RemovePersonalNumbersFromUser"),
        );
        assert_eq!(code(&request.send(&app)), "OK", "{nonce:?}");
        assert_eq!(code(&request.send(&app)), "SignatureNonceUsed", "{nonce:?}");
    }
}
