//! A shared instance: several users may hold one number.

use super::{code, listed, with_tokens};
use crate::support::App;
use numberd::domain::{Clock, Paging};

fn personal(app: &App, user: &str, member: &str) -> (Vec<String>, u64) {
    let user = format!("{user}@vcc-test");
    listed(&app.call(
        "ListPersonalNumbersOfUser",
        &[
            ("InstanceId", "vcc-test"),
            ("UserId", &user),
            ("IsMember", member),
            ("PageNumber", "1"),
            ("PageSize", "100"),
        ],
    ))
}

fn change(app: &App, action: &str, user: &str, list: &str) -> serde_json::Value {
    let user = format!("{user}@vcc-test");
    let reply =
        app.call(action, &[("InstanceId", "vcc-test"), ("UserId", &user), ("NumberList", list)]);
    assert_eq!(code(&reply), "OK", "{}", reply.body);
    reply.json()["Data"].clone()
}

#[test]
fn a_number_that_one_user_holds_can_still_be_given_to_another_and_the_counts_are_right() {
    let app = App::spawn();
    let reception = "+442079460001";
    let others = [
        "+12025550102",
        "+12025550103",
        "+442079460003",
        "+442079460004",
        "+48600000000",
        "+48600000009",
        "+48600000050",
    ];
    // tomaszlis holds the reception's number only; the bound +442079460002 is nobody's to have.
    assert_eq!(personal(&app, "tomaszlis", "true"), (vec![reception.to_owned()], 1));
    let (offered, total) = personal(&app, "tomaszlis", "false");
    assert_eq!(offered, [&["+12025550101"], &others[..]].concat());
    assert_eq!(total, 8);
    assert!(
        personal(&app, "annakowalska", "false").0.contains(&reception.to_owned()),
        "two users hold it, and a third could too"
    );

    assert_eq!(
        change(
            &app,
            "AddPersonalNumbersToUser",
            "annakowalska",
            r#"["+442079460001","+442079460002","+48600000000"]"#
        ),
        serde_json::json!(["+442079460002"])
    );
    assert_eq!(personal(&app, "annakowalska", "true").1, 4);
    assert_eq!(personal(&app, "annakowalska", "false").1, 5);
    assert_eq!(personal(&app, "tomaszlis", "true").1, 1);
    assert_eq!(
        app.database.query(
            "SELECT user_id FROM v_personal_number WHERE number = '+442079460001' ORDER BY user_id"
        ),
        "annakowalska@vcc-test\njamesgreen@vcc-test\ntomaszlis@vcc-test"
    );

    // Each takes their own away; the number is free when the last has.
    for (user, state) in
        [("tomaszlis", "personal"), ("jamesgreen", "personal"), ("annakowalska", "free")]
    {
        change(&app, "RemovePersonalNumbersFromUser", user, r#"["+442079460001"]"#);
        assert_eq!(
            app.database.query("SELECT state FROM phone_number WHERE number = '+442079460001'"),
            state,
            "after {user}"
        );
        assert!(personal(&app, user, "false").0.contains(&reception.to_owned()));
    }
    for user in ["annakowalska", "tomaszlis", "jamesgreen", "marysmith"] {
        let (own, own_total) = personal(&app, user, "true");
        let (offered, offered_total) = personal(&app, user, "false");
        assert_eq!((own.len() as u64, offered.len() as u64), (own_total, offered_total), "{user}");
        assert_eq!(own_total + offered_total, 9, "{user}: all but the bound one");
    }
}

#[test]
fn a_shared_number_is_shown_once_and_can_not_be_bound_while_anybody_holds_it() {
    let app = App::spawn();
    let (rows, total) = listed(&app.call(
        "ListPhoneNumbers",
        &[("InstanceId", "vcc-test"), ("PageNumber", "1"), ("PageSize", "100")],
    ));
    assert_eq!((rows.len(), total), (10, 10));
    let bind = [
        ("InstanceId", "vcc-test"),
        ("SkillGroupId", "support@vcc-test"),
        ("NumberList", r#"["+442079460001"]"#),
    ];
    assert_eq!(code(&app.call("AddNumbersToSkillGroup", &bind)), "Parameter.Invalid");
    change(&app, "RemovePersonalNumbersFromUser", "tomaszlis", r#"["+442079460001"]"#);
    assert_eq!(
        code(&app.call("AddNumbersToSkillGroup", &bind)),
        "Parameter.Invalid",
        "jamesgreen holds it still"
    );
    change(&app, "RemovePersonalNumbersFromUser", "jamesgreen", r#"["+442079460001"]"#);
    assert_eq!(code(&app.call("AddNumbersToSkillGroup", &bind)), "OK");
}

#[test]
fn an_agent_sees_every_number_that_they_hold_also_together_with_others_and_no_other() {
    let app = App::over(with_tokens(&["tomaszlis", "jamesgreen"]), Paging::Strict, Clock::System);
    for user in ["tomaszlis", "jamesgreen"] {
        let id = format!("{user}@vcc-test");
        let role = "SELECT role FROM user WHERE user_id = '";
        assert_eq!(app.database.query(&format!("{role}{id}'")), "Agent");
        let held = app.database.query(&format!(
            "SELECT number FROM v_personal_number WHERE user_id = '{id}' ORDER BY number"
        ));
        assert!(held.lines().any(|number| number == "+442079460001"), "{held}");
        let reply =
            app.call_as(user, "ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "10")]);
        assert_eq!(code(&reply), "OK", "{}", reply.body);
        let instance = &reply.json()["Data"]["List"][0];
        assert_eq!(instance["Id"], "vcc-test");
        let numbers = instance["NumberList"].as_array().unwrap();
        let shown: Vec<&str> = numbers.iter().map(|row| row["Number"].as_str().unwrap()).collect();
        assert_eq!(shown, held.lines().collect::<Vec<_>>(), "{user}");
        assert!(numbers.iter().all(|row| row["UserId"] == id), "{numbers:?}");
    }
}
