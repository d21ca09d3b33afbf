//! Numbers that are kept: given to and bound by nobody else through any door, until the moment
//! comes.

use super::{Case, assert_refused, case, read};
use crate::support::{App, SeededDatabase, author};
use numberd::domain::reservation::{ReservationKind, days};
use numberd::domain::{Clock, InstanceId, Paging, SkillGroupId, Timestamp, UserId};
use numberd::ops::phone_numbers::assign;
use numberd::ops::{reservations as acts, skill_groups};
use numberd::store::{Store, candidates, reservations};
use serde_json::json;

const ROOT: [(&str, &str); 1] = [("authorization", "Bearer demo-token")];
/// Free in the sample, and kept for lina in these tests.
const KEPT: &str = "02855500018";
/// Free in the sample, and kept from everybody in these tests.
const KEPT_FROM_ALL: &str = "01055500011";

/// The sample with both numbers on hold for a day.
fn with_holds() -> SeededDatabase {
    let database = SeededDatabase::new();
    let until = "(SELECT now FROM v_now) + 86400000";
    read(
        &database,
        &format!(
            "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at, reason) VALUES
                ('ccc-test', '{KEPT}', 'hold', 'lina@ccc-test', {until}, 'new colleague'),
                ('ccc-test', '{KEPT_FROM_ALL}', 'hold', NULL, {until}, '');"
        ),
    );
    database
}

#[test]
fn a_number_that_is_kept_is_given_to_and_bound_by_nobody_else() {
    assert_refused(&with_holds(), NUMBER_IS_RESERVED);
}

#[rustfmt::skip]
const NUMBER_IS_RESERVED: &[Case] = &[
    case("give somebody else a number on hold", "rule:number_is_reserved",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '02855500018', 'wangfang@ccc-test')"),
    case("give it dated back to before the hold", "rule:number_is_reserved",
        "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at) VALUES ('ccc-test', '02855500018', 'wangfang@ccc-test', 0)"),
    case("give anybody a number that is kept from everybody", "rule:number_is_reserved",
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '01055500011', 'lina@ccc-test')"),
    case("bind a number on hold", "rule:number_is_reserved",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('sales@ccc-test', '02855500018', 'ccc-test')"),
    case("bind a number that is kept from everybody", "rule:number_is_reserved",
        "INSERT INTO skill_group_number (skill_group_id, number, instance_id) VALUES ('sales@ccc-test', '01055500011', 'ccc-test')"),
    case("keep a number for a second user", "rule:number_is_reserved",
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at) VALUES ('ccc-test', '02855500018', 'hold', 'wangfang@ccc-test', 9999999999999)"),
    case("keep a number that a user holds", "rule:number_is_reserved",
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at) VALUES ('ccc-test', '02855500002', 'hold', 'lina@ccc-test', 9999999999999)"),
    case("keep a number that a skill group holds", "rule:number_is_reserved",
        "INSERT INTO reservation (instance_id, number, kind, until_at) VALUES ('ccc-test', '02855500001', 'cool-down', 9999999999999)"),
    case("keep a number of another instance", "rule:same_instance",
        "INSERT INTO reservation (instance_id, number, kind, until_at) VALUES ('vcc-test', '02855500019', 'hold', 9999999999999)"),
    case("keep a number for a user of another instance", "rule:same_instance",
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at) VALUES ('ccc-test', '02855500019', 'hold', 'marysmith@vcc-test', 9999999999999)"),
    case("replace a reservation", "rule:history_is_kept",
        "INSERT INTO reservation (reservation_id, instance_id, number, kind, until_at) VALUES (1, 'ccc-test', '02855500019', 'hold', 9999999999999)"),
    case("take the last id that there is", "rule:history_is_kept",
        "INSERT INTO reservation (reservation_id, instance_id, number, kind, until_at) VALUES (9223372036854775807, 'ccc-test', '02855500019', 'hold', 9223372036854775807)"),
    case("keep a number from tomorrow on", "rule:history_is_kept",
        "INSERT INTO reservation (instance_id, number, kind, reserved_at, until_at) VALUES ('ccc-test', '02855500019', 'hold', 9999999999998, 9999999999999)"),
    case("end a reservation tomorrow", "rule:history_is_kept",
        "UPDATE reservation SET ended_at = 9999999999999 WHERE number = '02855500018'"),
    case("hand a hold over to another user", "rule:history_is_kept",
        "UPDATE reservation SET for_user_id = 'wangfang@ccc-test' WHERE number = '02855500018'"),
    case("turn a hold into one of another number", "rule:history_is_kept",
        "UPDATE reservation SET number = '02855500019' WHERE number = '02855500018'"),
    case("say that somebody else made it", "rule:history_is_kept",
        "UPDATE reservation SET made_by = 'zhangwei'"),
    case("delete reservations", "rule:history_is_kept", "DELETE FROM reservation"),
];

#[test]
fn the_user_a_number_is_kept_for_gets_it_which_ends_the_hold() {
    let database = with_holds();
    let state = || {
        let sql = format!(
            "SELECT in_force, ended_at IS NOT NULL FROM v_reservation WHERE number = '{KEPT}';"
        );
        read(&database, &sql)
    };
    assert_eq!(state(), "1|0\n");
    let give = format!(
        "INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('ccc-test', '{KEPT}', 'lina@ccc-test');"
    );
    read(&database, &give);
    assert_eq!(state(), "0|1\n");
    let again = super::refusal(&database, "UPDATE reservation SET ended_at = NULL;");
    assert!(again.contains("rule:number_is_reserved: only a free number"), "{again}");
    database.assert_no_rule_violation();
}

#[test]
fn a_number_that_leaves_its_instance_is_kept_no_longer() {
    let database = with_holds();
    read(
        &database,
        &format!(
            "UPDATE phone_number SET instance_id = NULL WHERE number = '{KEPT}'; DELETE FROM phone_number WHERE number = '{KEPT_FROM_ALL}';"
        ),
    );
    assert_eq!(read(&database, "SELECT sum(in_force) FROM v_reservation;"), "0\n");
    database.assert_no_rule_violation();
}

/// A number on hold for somebody who is gone could be given to nobody; one that cools down is kept
/// from everybody else on purpose.
#[test]
fn a_hold_ends_with_the_user_it_is_for_and_comes_back_with_them() {
    let app = App::over(with_holds(), Paging::Strict, Clock::System);
    let in_force = || {
        app.database.query(
            "SELECT group_concat(number) FROM
                (SELECT number FROM v_reservation
                  WHERE in_force AND for_user_id = 'lina@ccc-test' ORDER BY number)",
        )
    };
    app.database.shell(
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at) VALUES
            ('ccc-test', '02855500020', 'cool-down', 'lina@ccc-test', 4102444800000);",
    );
    let before = in_force();
    assert!(before.contains(KEPT) && before.contains("02855500020"), "{before}");
    let path = "/api/v1/instances/ccc-test/users/lina@ccc-test?force=true";
    let removed = app.send("DELETE", path, &ROOT, None);
    assert_eq!(removed.status, 200, "{}", removed.body);
    assert_eq!(in_force(), "02855500020");
    let undo = removed.json()["undo"].as_str().unwrap().to_owned();
    let undone = app.send("POST", &undo, &ROOT, Some(&json!({})));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(in_force(), before);
    app.database.assert_no_rule_violation();
}

/// What each face makes of a number that is kept: candidates leave it out, inventories don't.
#[test]
fn no_face_gives_away_a_number_that_is_kept_and_each_says_for_whom_and_until_when() {
    let app = App::over(with_holds(), Paging::Strict, Clock::System);
    let why = "on hold for lina@ccc-test (李娜) until ";

    let path = format!("/api/v1/instances/ccc-test/users/wangfang@ccc-test/numbers/{KEPT}");
    let rest = app.send("PUT", &path, &ROOT, None);
    assert_eq!(rest.status, 409, "{}", rest.body);
    assert!(rest.json()["type"].as_str().unwrap().ends_with("/number-is-reserved"));
    assert!(rest.body.contains(why) && rest.body.contains("new colleague"), "{}", rest.body);

    let list = format!("[\"{KEPT}\",\"{KEPT_FROM_ALL}\",\"02855500019\"]");
    let of_user = [("InstanceId", "ccc-test"), ("UserId", "wangfang@ccc-test")];
    let parameters = [of_user[0], of_user[1], ("NumberList", list.as_str())];
    let ccc = app.call("AddPersonalNumbersToUser", &parameters);
    assert_eq!((ccc.status, ccc.json()["Data"].clone()), (200, json!([KEPT, KEPT_FROM_ALL])));

    let list = format!("[\"{KEPT}\"]");
    let of_group = [("InstanceId", "ccc-test"), ("SkillGroupId", "sales@ccc-test")];
    let parameters = [of_group[0], of_group[1], ("NumberList", list.as_str())];
    let ccc = app.call("AddNumbersToSkillGroup", &parameters);
    assert_eq!((ccc.status, ccc.json()["Code"].clone()), (400, json!("Parameter.Invalid")));
    assert!(ccc.body.contains(KEPT) && ccc.body.contains(why), "{}", ccc.body);

    let listed = |action: &str, with: &[(&str, &str)], number: &str| {
        let mut parameters = vec![("InstanceId", "ccc-test"), ("SearchPattern", number)];
        parameters.extend([("PageNumber", "1"), ("PageSize", "10")]);
        parameters.extend_from_slice(with);
        let listed = app.call(action, &parameters);
        assert_eq!(listed.status, 200, "{}", listed.body);
        listed.json()["Data"]["TotalCount"].as_u64().unwrap()
    };
    let candidate = |user, number| {
        let with = [("UserId", user), ("IsMember", "false")];
        listed("ListPersonalNumbersOfUser", &with, number)
    };
    let bindable = [("SkillGroupId", "sales@ccc-test"), ("IsMember", "false")];
    for number in [KEPT, KEPT_FROM_ALL] {
        assert_eq!(candidate("wangfang@ccc-test", number), 0);
        assert_eq!(listed("ListPhoneNumbersOfSkillGroup", &bindable, number), 0);
        assert_eq!(listed("ListPhoneNumbers", &[], number), 1);
    }
    assert_eq!(candidate("lina@ccc-test", KEPT), 1);
    assert_eq!(candidate("lina@ccc-test", KEPT_FROM_ALL), 0);

    let shown = app.send("GET", &format!("/api/v1/instances/ccc-test/numbers/{KEPT}"), &ROOT, None);
    assert_eq!(shown.json()["reservation"]["user_id"], "lina@ccc-test");
    let path = format!("/api/v1/instances/ccc-test/users/lina@ccc-test/numbers/{KEPT}");
    assert_eq!(app.send("PUT", &path, &ROOT, None).status, 200);
}

/// Nothing has to happen for a reservation to pass, and a clock that is set back finds no number
/// both held and kept.
#[test]
fn when_the_moment_has_come_the_number_is_anybodys() {
    const NOW: i64 = 1_790_000_000_000;
    let at = |millis: i64| Clock::Fixed(Timestamp::from_millis(NOW + millis));
    let database = SeededDatabase::new();
    let (instance, lina) = (InstanceId::from("ccc-test"), UserId::new("lina@ccc-test"));
    let until = Timestamp::from_millis(NOW).after(days(1));
    let hold = |store: &Store| {
        let (instance, lina) = (instance.clone(), lina.clone());
        store.write(author(), move |tx| acts::hold(tx, &instance, KEPT, Some(&lina), until))
    };
    let give = |store: &Store, user: &str| {
        let (instance, user) = (instance.clone(), UserId::new(user));
        store.write(author(), move |tx| assign(tx, &instance, &user, KEPT))
    };
    let may = |store: &Store, user: &str| {
        let user = UserId::new(user);
        store.read(|tx| candidates::why(tx, &instance, &user, KEPT)).unwrap().assignable
    };
    assert!(hold(&database.store(at(0))).unwrap());
    let last = database.store(at(86_399_999));
    assert!(!may(&last, "wangfang@ccc-test") && may(&last, "lina@ccc-test"));
    give(&last, "wangfang@ccc-test").unwrap_err();
    drop(last);
    let come = database.store(at(86_400_000));
    assert!(may(&come, "wangfang@ccc-test"));
    assert!(come.read(|tx| reservations::of_number(tx, &instance, KEPT)).unwrap().is_none());
    give(&come, "wangfang@ccc-test").unwrap();
    drop(come);
    let back = database.store(at(0));
    assert!(back.read(|tx| reservations::of_number(tx, &instance, KEPT)).unwrap().is_none());
    assert!(
        back.examine().unwrap().findings.iter().all(|found| found.check != "number_is_reserved")
    );
}

#[test]
fn a_release_cools_down_as_the_instance_says_and_the_last_holder_may_have_it_back() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let (instance, number) = (InstanceId::from("ccc-test"), "02855500005");
    let release = |days: Option<u32>| {
        let instance = instance.clone();
        let released = store.write(author(), move |tx| {
            acts::release(tx, &instance, number, Some(&UserId::new("lina@ccc-test")), days)
        });
        assert!(released.unwrap());
        store.read(|tx| reservations::of_number(tx, &InstanceId::from("ccc-test"), number)).unwrap()
    };
    let give = |user: &str| {
        let (instance, user) = (instance.clone(), UserId::new(user));
        store.write(author(), move |tx| assign(tx, &instance, &user, number))
    };
    assert_eq!(release(None), None, "off by default");
    give("lina@ccc-test").unwrap();
    read(&database, "UPDATE instance SET cool_down_days = 30 WHERE instance_id = 'ccc-test';");
    assert_eq!(release(Some(0)), None, "the release says otherwise");
    give("lina@ccc-test").unwrap();
    let cooling = release(None).expect("it cools down");
    assert_eq!(cooling.kind, ReservationKind::CoolDown);
    assert_eq!(cooling.user_id, Some(UserId::new("lina@ccc-test")));
    assert_eq!(cooling.until, cooling.since.after(days(30)));
    give("wangfang@ccc-test").unwrap_err();
    let group = SkillGroupId::new("sales@ccc-test");
    let bound = store.write(author(), move |tx| {
        skill_groups::bind(tx, &InstanceId::from("ccc-test"), &[group], &[number])
    });
    bound.unwrap_err();
    give("lina@ccc-test").unwrap();
    assert_eq!(release(Some(1)).map(|found| found.until.distance(found.since)), Some(days(1)));
    database.assert_no_rule_violation();
}
