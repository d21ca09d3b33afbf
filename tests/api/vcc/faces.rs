//! One truth behind two faces: what is done through one is seen through the other, each step in the
//! history with its face.

use super::{Vcc, column, message};
use crate::support::App;
use serde_json::Value;

const ZHAOLEI: &str = "e0000000-0000-4000-a000-000000001008";
const FREE: &str = "01055500011";

/// A number's id on the VCC face.
fn id_of(app: &App, number: &str) -> String {
    app.database.query(&format!("SELECT callback_number_id FROM phone_number WHERE instance_id = 'ccc-test' AND number = '{number}'"))
}

/// Calls the CCC face, which has to succeed.
fn ccc(app: &App, action: &str, parameters: &[(&str, &str)]) -> Value {
    let parameters = [&[("InstanceId", "ccc-test")], parameters].concat();
    let reply = app.call(action, &parameters);
    assert_eq!(reply.status, 200, "{action}: {}", reply.body);
    reply.json()["Data"].clone()
}

/// The numbers of zhaolei as the CCC face lists them.
fn numbers_by_ccc(app: &App) -> Vec<String> {
    let data = ccc(
        app,
        "ListPersonalNumbersOfUser",
        &[
            ("UserId", "zhaolei@ccc-test"),
            ("IsMember", "true"),
            ("PageNumber", "1"),
            ("PageSize", "100"),
        ],
    );
    column(&data["List"], "Number")
}

/// The same as the VCC face lists them, by number.
fn numbers_by_vcc(vcc: &Vcc) -> Vec<String> {
    let mut numbers = column(
        &vcc.read(&format!("/users/{ZHAOLEI}/callbackNumbers"))["callbackNumbers"],
        "callbackNumberClid",
    );
    numbers.sort();
    numbers
}

/// The faces and actors of a number's changes, oldest first.
fn history(app: &App, number: &str) -> Vec<String> {
    app.database
        .query(&format!(
            "SELECT entity || ' ' || action || ' ' || via || ' ' || actor FROM change WHERE number = '{number}' AND via IN ('ccc', 'vcc') ORDER BY change_id"
        ))
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn given_by_ccc_seen_by_vcc_and_replaced_by_vcc_seen_by_ccc() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:read users:write");
    let before = numbers_by_ccc(&app);
    assert_eq!(numbers_by_vcc(&vcc), before);
    ccc(
        &app,
        "AddPersonalNumbersToUser",
        &[("UserId", "zhaolei@ccc-test"), ("NumberList", &format!("[\"{FREE}\"]"))],
    );
    assert!(numbers_by_vcc(&vcc).contains(&FREE.to_owned()));
    assert_eq!(numbers_by_vcc(&vcc), numbers_by_ccc(&app));
    let kept = &before[0];
    assert_eq!(vcc.replace(ZHAOLEI, &[&id_of(&app, kept)]).status, 200);
    assert_eq!(numbers_by_ccc(&app), std::slice::from_ref(kept));
    assert_eq!(
        history(&app, FREE),
        [
            "personal_assignment insert ccc user-test",
            "personal_assignment update vcc demo-client-ccc"
        ]
    );
}

#[test]
fn bound_by_ccc_gone_from_the_callback_numbers_and_back_when_unbound() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:read users:write");
    let id = id_of(&app, FREE);
    let listed = || super::ids(&vcc.read("/callbackNumbers?limit=5000")).contains(&id);
    assert!(listed());
    let numbers = format!("[\"{FREE}\"]");
    ccc(
        &app,
        "AddNumbersToSkillGroup",
        &[("SkillGroupId", "night@ccc-test"), ("NumberList", &numbers)],
    );
    assert!(!listed());
    assert!(
        message(&vcc.replace(ZHAOLEI, &[&id]), 409)
            .starts_with(&format!("{FREE} is held by skill group 夜间组 "))
    );
    ccc(
        &app,
        "RemovePhoneNumbersFromSkillGroup",
        &[("SkillGroupId", "night@ccc-test"), ("NumberList", &numbers)],
    );
    assert!(listed());
    assert_eq!(vcc.replace(ZHAOLEI, &[&id]).status, 200);
    assert_eq!(numbers_by_ccc(&app), [FREE]);
    let reply = app.call(
        "AddNumbersToSkillGroup",
        &[("InstanceId", "ccc-test"), ("SkillGroupId", "night@ccc-test"), ("NumberList", &numbers)],
    );
    assert_eq!(reply.status, 400, "what VCC gave, CCC can't bind: {}", reply.body);
    assert_eq!(
        history(&app, FREE),
        [
            "skill_group_number insert ccc user-test",
            "skill_group_number delete ccc user-test",
            "personal_assignment insert vcc demo-client-ccc"
        ]
    );
}
