//! The schema's rules as the faces and the program meet them: archived users, a clock that was set
//! back, text that is not UTF-8, and what an earlier writer left behind.

use super::{read, shell};
use crate::support::{App, SeededDatabase, author};
use numberd::domain::{Clock, InstanceId, Paging, Timestamp, UserId};
use numberd::ops::phone_numbers::{assign, release_personal};
use numberd::store::{candidates, history};
use serde_json::json;

const ROOT: [(&str, &str); 1] = [("authorization", "Bearer demo-token")];
const FREE: &str = "02855500018";

#[test]
fn an_archived_or_locked_user_is_given_no_number_by_any_face_and_keeps_what_they_hold() {
    let database = SeededDatabase::new();
    read(&database, "UPDATE user SET locked = 1 WHERE user_id = 'user-test@ccc-test'");
    let app = App::over(database, Paging::Strict, Clock::System);
    for user in ["wuxia@ccc-test", "user-test@ccc-test"] {
        let path = format!("/api/v1/instances/ccc-test/users/{user}/numbers/{FREE}");
        let rest = app.send("PUT", &path, &ROOT, None);
        assert_eq!(rest.status, 409, "{}", rest.body);
        assert!(rest.json()["type"].as_str().unwrap().ends_with("/holder-not-active"));

        let list = format!("[\"{FREE}\"]");
        let parameters =
            [("InstanceId", "ccc-test"), ("UserId", user), ("NumberList", list.as_str())];
        let ccc = app.call("AddPersonalNumbersToUser", &parameters);
        assert_eq!((ccc.status, ccc.json()["Code"].clone()), (400, json!("Parameter.Invalid")));
        assert!(ccc.body.contains("archived or locked"), "{}", ccc.body);

        let batch = json!({ "items": [{ "action": "assign", "number": FREE, "user_id": user }] });
        let path = "/api/v1/instances/ccc-test/assignments:batch";
        let batch = app.send("POST", path, &ROOT, Some(&batch));
        assert!(batch.body.contains("\"code\":\"holder-not-active\""), "{}", batch.body);
    }
    let why = app
        .database
        .store(Clock::System)
        .read(|tx| candidates::why(tx, &"ccc-test".into(), &UserId::new("wuxia@ccc-test"), FREE));
    let why = why.unwrap();
    assert!(!why.assignable);
    assert_eq!(why.reasons[0].code.name(), "holder-not-active");
    let held = "SELECT count(*) FROM personal_assignment WHERE user_id = 'user-test@ccc-test' AND released_at IS NULL;";
    assert_ne!(read(&app.database, held), "0\n");
}

#[test]
fn after_the_clock_was_set_back_assignments_follow_one_another_and_the_open_row_is_the_holder() {
    const EARLIER: i64 = 1_790_000_000_000;
    let later = Clock::Fixed(Timestamp::from_millis(EARLIER + 3_600_000));
    let earlier = Clock::Fixed(Timestamp::from_millis(EARLIER));
    let database = SeededDatabase::new();
    let give = |clock, user: &'static str| {
        let given = database.store(clock).write(author(), move |tx| {
            assign(tx, &InstanceId::from("ccc-test"), &UserId::new(user), FREE)
        });
        given.unwrap();
    };
    let take = |clock, user: &'static str| {
        let taken = database.store(clock).write(author(), move |tx| {
            release_personal(tx, &InstanceId::from("ccc-test"), &UserId::new(user), &[FREE])
        });
        taken.unwrap();
    };
    give(later, "lina@ccc-test");
    take(later, "lina@ccc-test");
    give(later, "zhangwei@ccc-test");
    // One that began ahead of the clock ends when it began, the next begins there.
    take(earlier, "zhangwei@ccc-test");
    give(earlier, "wangfang@ccc-test");
    let holders = database
        .store(earlier)
        .read(|tx| history::whois(tx, &InstanceId::from("ccc-test"), FREE, None))
        .unwrap();
    let holders: Vec<&str> = holders.iter().map(|holder| holder.id.as_str()).collect();
    assert_eq!(holders, ["wangfang@ccc-test"]);
    take(earlier, "wangfang@ccc-test");
    let rows = format!(
        "SELECT user_id, assigned_at - {EARLIER}, released_at - {EARLIER} FROM personal_assignment
          WHERE number = '{FREE}' ORDER BY assignment_id;"
    );
    assert_eq!(
        read(&database, &rows),
        "lina@ccc-test|3600000|3600000\nzhangwei@ccc-test|3600000|3600000\nwangfang@ccc-test|3600000|3600000\n"
    );
}

#[test]
fn text_that_is_not_utf_8_is_shown_as_far_as_it_can_be_read() {
    let database = SeededDatabase::new();
    let spoil = "UPDATE phone_number SET city = CAST(x'B3C9B6BC' AS TEXT) WHERE number = '02855500018';
                 UPDATE user SET display_name = CAST(x'41FF' AS TEXT) WHERE user_id = 'lina@ccc-test';";
    read(&database, spoil);
    let app = App::over(database, Paging::Strict, Clock::System);
    for path in ["numbers?per_page=500", "users", "changes", "numbers/02855500018"] {
        let reply = app.get(&format!("/api/v1/instances/ccc-test/{path}"), &ROOT);
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        assert!(reply.body.contains('\u{FFFD}'), "{path}: {}", reply.body);
    }
    let parameters = [("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "100")];
    for operation in ["ListUsers", "ListPhoneNumbers"] {
        assert_eq!(app.call(operation, &parameters).status, 200, "{operation}");
    }
    let mend = "UPDATE phone_number SET city = '成都' WHERE number = '02855500018';
                UPDATE user SET display_name = '李娜' WHERE user_id = 'lina@ccc-test';";
    read(&app.database, mend);
    // The log keeps what was there, and says so.
    let found = app.database.store(Clock::System).examine().unwrap().findings;
    assert!(!found.is_empty() && found.iter().all(|found| found.subject == "change"), "{found:?}");
    app.database.discard_at_the_end();
}

#[test]
fn what_an_earlier_writer_left_behind_does_not_stop_the_next_one() {
    let database = SeededDatabase::new();
    let by_hand = shell(&database);
    by_hand
        .execute_batch(
            "INSERT INTO counting VALUES (1);
             INSERT INTO write_context VALUES (1, 4102444800000, 'forged', 'ccc', 'r-1', '');",
        )
        .unwrap();
    let given = database.store(Clock::System).write(author(), |tx| {
        assign(tx, &InstanceId::from("ccc-test"), &UserId::new("lina@ccc-test"), FREE)
    });
    given.unwrap();
    assert_eq!(read(&database, "SELECT count(*) FROM change WHERE actor = 'forged';"), "0\n");
    database.assert_no_rule_violation();
}
