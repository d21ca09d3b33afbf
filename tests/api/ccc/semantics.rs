//! What the operations do: who holds which number, who could, and what a change leaves alone.

use super::{code, listed, requests, with_tokens};
use crate::support::{App, SeededDatabase, Watch};
use numberd::domain::{Clock, Paging};

/// The numbers that a query yields, one a line.
fn numbers(database: &SeededDatabase, sql: &str) -> Vec<String> {
    database.query(sql).lines().map(str::to_owned).collect()
}

/// Every page of a list, put together; each page has the same total.
fn whole(app: &App, action: &str, changes: &[(&str, Option<&str>)]) -> Vec<String> {
    let mut all = Vec::new();
    for page in 1.. {
        let page = page.to_string();
        let paged =
            [changes, &[("PageNumber", Some(page.as_str())), ("PageSize", Some("37"))]].concat();
        let (rows, total) = listed(&app.call(action, &requests::changed(action, &paged)));
        all.extend(rows.iter().cloned());
        if rows.is_empty() {
            assert_eq!(all.len() as u64, total, "{action}: the total of {changes:?}");
            return all;
        }
    }
    all
}

#[test]
fn the_numbers_of_a_user_are_those_they_hold_and_the_others_those_that_nobody_holds() {
    let app = App::spawn();
    for user in ["user-test", "wangfang", "zhoujie", "lina", "wuxia"] {
        let id = format!("{user}@ccc-test");
        let held = format!(
            "SELECT number FROM personal_assignment WHERE user_id = '{id}' AND released_at IS NULL ORDER BY number"
        );
        let list = |member| {
            whole(
                &app,
                "ListPersonalNumbersOfUser",
                &[("UserId", Some(&id)), ("IsMember", Some(member))],
            )
        };
        assert_eq!(list("true"), numbers(&app.database, &held));
        let free = "SELECT number FROM phone_number WHERE instance_id = 'ccc-test'
                       AND number NOT IN (SELECT number FROM skill_group_number WHERE instance_id = 'ccc-test')
                       AND number NOT IN (SELECT number FROM personal_assignment WHERE instance_id = 'ccc-test' AND released_at IS NULL) ORDER BY number";
        let free = numbers(&app.database, free);
        assert!(free.len() > 100);
        // An archived user is given none.
        let free = if user == "wuxia" { Vec::new() } else { free };
        assert_eq!(list("false"), free, "neither usage nor activity plays a part");
    }
}

#[test]
fn the_numbers_of_a_skill_group_are_those_it_holds_and_the_others_those_that_no_user_holds() {
    let app = App::spawn();
    for group in ["test", "sales", "support", "night"] {
        let id = format!("{group}@ccc-test");
        for (active, condition) in
            [(None, ""), (Some("true"), "AND active = 1"), (Some("False"), "AND active = 0")]
        {
            let list = |member| {
                whole(
                    &app,
                    "ListPhoneNumbersOfSkillGroup",
                    &[("SkillGroupId", Some(&id)), ("IsMember", Some(member)), ("Active", active)],
                )
            };
            let of_instance = format!(
                "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' {condition}"
            );
            let held =
                format!("SELECT number FROM skill_group_number WHERE skill_group_id = '{id}'");
            let personal = "SELECT number FROM personal_assignment WHERE instance_id = 'ccc-test' AND released_at IS NULL";
            assert_eq!(
                list("true"),
                numbers(
                    &app.database,
                    &format!("{of_instance} AND number IN ({held}) ORDER BY number")
                ),
                "{group} {active:?}"
            );
            let others = format!(
                "{of_instance} AND number NOT IN ({held}) AND number NOT IN ({personal}) ORDER BY number"
            );
            assert_eq!(list("false"), numbers(&app.database, &others), "{group} {active:?}");
        }
    }
}

#[test]
fn the_numbers_of_the_instance_are_filtered_by_usage_activity_and_pattern_together() {
    let app = App::spawn();
    for usage in [None, Some("Inbound"), Some("Outbound"), Some("Bidirection")] {
        for active in [None, Some("true"), Some("false")] {
            for pattern in [None, Some("555000"), Some("4005")] {
                let list = whole(
                    &app,
                    "ListPhoneNumbers",
                    &[("Usage", usage), ("Active", active), ("SearchPattern", pattern)],
                );
                let sql = format!(
                    "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND usage LIKE '{}' AND active LIKE '{}' AND number LIKE '%{}%' ORDER BY number",
                    usage.unwrap_or("%"),
                    active.map_or("%", |active| if active == "true" { "1" } else { "0" }),
                    pattern.unwrap_or_default()
                );
                assert_eq!(list, numbers(&app.database, &sql), "{usage:?} {active:?} {pattern:?}");
            }
        }
    }
}

#[test]
fn adding_numbers_to_a_user_adds_what_can_be_added_and_returns_the_rest_in_the_order_asked() {
    let app = App::spawn();
    let list = r#"["999","02855500007","02855500001","083xxxx0011","02855500003","02855500008","02555500001","+48600000000","02855500010","","02855500007"]"#;
    let reply = app.call(
        "AddPersonalNumbersToUser",
        &requests::changed(
            "AddPersonalNumbersToUser",
            &[("NumberList", Some(list)), ("UserId", Some("wangfang@ccc-test"))],
        ),
    );
    // Unknown, bound, another's, another's, in the pool, in another instance, empty; but
    // 02855500010 is theirs already.
    assert_eq!(
        reply.json()["Data"],
        serde_json::json!([
            "999",
            "02855500001",
            "083xxxx0011",
            "02855500003",
            "02555500001",
            "+48600000000",
            ""
        ])
    );
    let (held, total) = listed(&app.call(
        "ListPersonalNumbersOfUser",
        &requests::changed("ListPersonalNumbersOfUser", &[("UserId", Some("wangfang@ccc-test"))]),
    ));
    assert_eq!(
        held,
        [
            "02855500007",
            "02855500008",
            "02855500010",
            "02855500012",
            "02855500013",
            "02855500014",
            "08335550001"
        ]
    );
    assert_eq!(total, 7);
    assert_eq!(
        app.database.query("SELECT count(*) FROM personal_assignment WHERE number = '02855500010' AND user_id = 'wangfang@ccc-test'"),
        "1",
        "nothing was given twice"
    );
}

#[test]
fn every_change_said_twice_is_the_change_said_once() {
    for action in [
        "AddPersonalNumbersToUser",
        "RemovePersonalNumbersFromUser",
        "AddNumbersToSkillGroup",
        "RemovePhoneNumbersFromSkillGroup",
        "AddPhoneNumberToSkillGroups",
        "RemovePhoneNumberFromSkillGroups",
    ] {
        let app = App::spawn();
        let first = app.call(action, requests::golden(action));
        let watch = Watch::over(&app.database);
        let second = app.call(action, requests::golden(action));
        assert_eq!(
            (first.status, &first.json()["Data"]),
            (second.status, &second.json()["Data"]),
            "{action}"
        );
        watch.assert_unchanged(action);
    }
}

#[test]
fn binding_is_all_or_nothing_and_names_the_number_that_stands_in_the_way() {
    let app = App::spawn();
    let watch = Watch::over(&app.database);
    let refused =
        |action, changes: &[(&'static str, Option<&'static str>)], expected, named: &str| {
            let reply = app.call(action, &requests::changed(action, changes));
            assert_eq!(code(&reply), expected);
            assert!(reply.json()["Message"].as_str().unwrap().contains(named), "{}", reply.body);
            watch.assert_unchanged(action);
        };
    refused(
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["02855500007","02855500002","02855500008"]"#))],
        "Parameter.Invalid",
        "02855500002",
    );
    refused(
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["02855500007","7"]"#))],
        "NotExists.Number",
        "number 7 ",
    );
    refused(
        "AddPhoneNumberToSkillGroups",
        &[("SkillGroupIdList", Some(r#"["night@ccc-test","no@ccc-test"]"#))],
        "NotExists.SkillGroupId",
        "no@ccc-test",
    );
    refused(
        "RemovePhoneNumberFromSkillGroups",
        &[("SkillGroupIdList", Some(r#"["sales@ccc-test","no@ccc-test"]"#))],
        "NotExists.SkillGroupId",
        "no@ccc-test",
    );
}

#[test]
fn a_number_goes_from_group_to_user_and_back_and_every_list_follows() {
    let app = App::spawn();
    let number = "02855500001";
    let user = |member| {
        listed(&app.call(
            "ListPersonalNumbersOfUser",
            &requests::changed(
                "ListPersonalNumbersOfUser",
                &[("IsMember", Some(member)), ("SearchPattern", Some(number))],
            ),
        ))
        .1
    };
    let group = |member| {
        listed(&app.call(
            "ListPhoneNumbersOfSkillGroup",
            &requests::changed(
                "ListPhoneNumbersOfSkillGroup",
                &[("IsMember", Some(member)), ("SearchPattern", Some(number))],
            ),
        ))
        .1
    };
    let list = format!("[\"{number}\"]");
    let call = |action, changes: &[(&str, Option<&str>)]| {
        let reply = app.call(
            action,
            &requests::changed(action, &[changes, &[("NumberList", Some(&list))]].concat()),
        );
        assert_eq!(code(&reply), "OK", "{}", reply.body);
        reply.json()["Data"].clone()
    };
    assert_eq!((user("true"), user("false"), group("true"), group("false")), (0, 0, 1, 0));
    assert_eq!(call("AddPersonalNumbersToUser", &[]), serde_json::json!([number]));
    call("RemovePhoneNumbersFromSkillGroup", &[]);
    assert_eq!((user("true"), user("false"), group("true"), group("false")), (0, 1, 0, 1));
    assert_eq!(
        call("AddPersonalNumbersToUser", &[("UserId", Some("user-test@ccc-test"))]),
        serde_json::json!([])
    );
    assert_eq!((user("true"), user("false"), group("true"), group("false")), (1, 0, 0, 0));
    call("RemovePersonalNumbersFromUser", &[("UserId", Some("lina@ccc-test"))]);
    assert_eq!(user("true"), 1, "lina does not hold it; taking it from them takes it from nobody");
    call("RemovePersonalNumbersFromUser", &[]);
    call("AddNumbersToSkillGroup", &[("SkillGroupId", Some("test@ccc-test"))]);
    assert_eq!((user("true"), user("false"), group("true"), group("false")), (0, 0, 1, 0));
}

#[test]
fn an_agent_reads_their_own_numbers_and_a_manager_those_of_all() {
    let app = App::over(with_tokens(&["wangfang", "zhangwei"]), Paging::Strict, Clock::System);
    let of = |user: &'static str| {
        requests::changed("ListPersonalNumbersOfUser", &[("UserId", Some(user))])
    };
    assert_eq!(
        listed(&app.call_as("wangfang", "ListPersonalNumbersOfUser", &of("wangfang@ccc-test"))).1,
        5
    );
    assert_eq!(
        code(&app.call_as("wangfang", "ListPersonalNumbersOfUser", &of("user-test@ccc-test"))),
        "Permission.Common"
    );
    assert_eq!(
        listed(&app.call_as("zhangwei", "ListPersonalNumbersOfUser", &of("wangfang@ccc-test"))).1,
        5
    );
    // In the other instance the manager of this one is an agent.
    let elsewhere = |user: &'static str| {
        requests::changed(
            "ListPersonalNumbersOfUser",
            &[("UserId", Some(user)), ("InstanceId", Some("vcc-test"))],
        )
    };
    assert_eq!(
        listed(&app.call_as(
            "zhangwei",
            "ListPersonalNumbersOfUser",
            &elsewhere("zhangwei@vcc-test")
        ))
        .1,
        0
    );
    assert_eq!(
        code(&app.call_as(
            "zhangwei",
            "ListPersonalNumbersOfUser",
            &elsewhere("annakowalska@vcc-test")
        )),
        "Permission.Common"
    );
}

#[test]
fn a_caller_sees_the_instances_they_belong_to_and_an_agent_only_their_own_numbers_in_them() {
    let app = App::over(
        with_tokens(&["wangfang", "zhangwei", "annakowalska", "xufei", "wuxia"]),
        Paging::Strict,
        Clock::System,
    );
    let seen = |token: &str| -> Vec<(String, Vec<String>)> {
        let reply =
            app.call_as(token, "ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "10")]);
        let data = &reply.json()["Data"];
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let list = data["List"].as_array().unwrap();
        assert_eq!(data["TotalCount"], list.len());
        list.iter()
            .map(|one| {
                (
                    text(&one["Id"]),
                    one["NumberList"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|number| text(&number["Number"]))
                        .collect(),
                )
            })
            .collect()
    };
    let held = |user: &str| {
        numbers(
            &app.database,
            &format!(
                "SELECT number FROM v_personal_number WHERE user_id = '{user}' ORDER BY number"
            ),
        )
    };
    assert_eq!(seen("wangfang"), [("ccc-test".to_owned(), held("wangfang@ccc-test"))]);
    assert_eq!(seen("annakowalska"), [("vcc-test".to_owned(), held("annakowalska@vcc-test"))]);
    assert_eq!(seen("xufei"), []);
    assert_eq!(seen("wuxia"), [], "an archived user belongs to no instance");
    let all = numbers(
        &app.database,
        "SELECT number FROM phone_number WHERE instance_id = 'ccc-test' ORDER BY number",
    );
    assert_eq!(
        seen("zhangwei"),
        [("ccc-test".to_owned(), all), ("vcc-test".to_owned(), Vec::new())]
    );
}
