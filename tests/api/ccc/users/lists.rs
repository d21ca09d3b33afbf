//! Pages of users, logins and instances, and searching them.

use super::{code, data};
use crate::support::App;
use numberd::domain::{Clock, Paging};
use numberd::ops::credentials::{self, Issued};
use numberd::store::api_tokens::NewToken;

/// The field of every row of a list, and its total.
fn listed(app: &App, action: &str, field: &str, parameters: &[(&str, &str)]) -> (Vec<String>, u64) {
    let data = data(&app.call(action, parameters));
    let rows = data["List"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[field].as_str().unwrap().to_owned())
        .collect();
    (rows, data["TotalCount"].as_u64().unwrap())
}

fn users(app: &App, more: &[(&str, &str)]) -> (Vec<String>, u64) {
    listed(
        app,
        "ListUsers",
        "UserId",
        &[&[("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "100")], more].concat(),
    )
}

#[test]
fn users_are_found_by_part_of_their_login_or_display_name_taken_literally() {
    let app = App::spawn();
    app.database
        .query("UPDATE user SET display_name = '100%_a\\b' WHERE user_id = 'lina@ccc-test'");
    for (pattern, expected) in [
        ("zh", &["zhangwei@ccc-test", "zhaolei@ccc-test", "zhoujie@ccc-test"][..]),
        ("ZHANG", &["zhangwei@ccc-test"]),
        ("王", &["wangfang@ccc-test"]),
        ("%", &["lina@ccc-test"]),
        ("_", &["lina@ccc-test"]),
        ("\\", &["lina@ccc-test"]),
        ("0%_a", &["lina@ccc-test"]),
        ("*", &[]),
        ("@ccc-test", &[]),
    ] {
        assert_eq!(
            users(&app, &[("SearchPattern", pattern)]),
            (expected.iter().map(ToString::to_string).collect(), expected.len() as u64),
            "{pattern}"
        );
    }
    assert_eq!(users(&app, &[("SearchPattern", "")]).1, 11, "the archived one too");
    let (both, total) =
        users(&app, &[("SkillGroupId", "support@ccc-test"), ("SearchPattern", "h")]);
    assert_eq!(
        (both.join(" ").as_str(), total),
        ("huangting@ccc-test zhaolei@ccc-test zhoujie@ccc-test", 3)
    );
    assert_eq!(users(&app, &[("SkillGroupId", "night@ccc-test")]).0, ["zhoujie@ccc-test"]);
}

#[test]
fn logins_are_found_by_part_of_their_login_or_display_name() {
    let app = App::spawn();
    let logins = |pattern| {
        listed(
            &app,
            "ListRamUsers",
            "LoginName",
            &[
                ("InstanceId", "ccc-test"),
                ("PageNumber", "1"),
                ("PageSize", "100"),
                ("SearchPattern", pattern),
            ],
        )
    };
    assert_eq!(logins("").1, 18);
    assert_eq!(logins("Ewa"), (vec!["ewawisniewska".to_owned()], 1));
    assert_eq!(logins("徐"), (vec!["xufei".to_owned()], 1));
    assert_eq!(logins("%"), (Vec::new(), 0));
}

#[test]
fn every_list_is_whole_in_pages_of_any_size_and_empty_past_its_end() {
    let app = App::spawn();
    for (action, field) in
        [("ListUsers", "UserId"), ("ListRamUsers", "LoginName"), ("ListInstances", "Id")]
    {
        let page = |number: &str, size: &str| {
            listed(
                &app,
                action,
                field,
                &[("InstanceId", "ccc-test"), ("PageNumber", number), ("PageSize", size)],
            )
        };
        let (whole, total) = page("1", "100");
        let mut sorted = whole.clone();
        sorted.sort_unstable();
        assert_eq!(whole, sorted, "{action} is ordered bytewise");
        assert_eq!(whole.len() as u64, total, "{action}");
        let pages: Vec<String> = (1..=whole.len().div_ceil(3))
            .flat_map(|number| page(&number.to_string(), "3").0)
            .collect();
        assert_eq!(pages, whole, "{action}");
        assert_eq!(page("100", "100"), (Vec::new(), total), "{action} past its end");
    }
    assert_eq!(
        code(&app.call(
            "ListRamUsers",
            &[("InstanceId", "ccc-test"), ("PageNumber", "1000"), ("PageSize", "1")]
        )),
        "OK"
    );
}

#[test]
fn pages_are_clamped_when_the_server_is_told_to() {
    let app = App::with(Paging::Clamp, Clock::System);
    let shown = data(&app.call(
        "ListRamUsers",
        &[("InstanceId", "ccc-test"), ("PageNumber", "5000"), ("PageSize", "0")],
    ));
    assert_eq!((shown["PageNumber"].as_u64(), shown["PageSize"].as_u64()), (Some(18), Some(1)));
    let shown = data(&app.call(
        "ListUsers",
        &[("InstanceId", "ccc-test"), ("PageNumber", "7"), ("PageSize", "1000")],
    ));
    assert_eq!((shown["PageNumber"].as_u64(), shown["PageSize"].as_u64()), (Some(1), Some(100)));
}

#[test]
fn an_admin_sees_addresses_only_of_people_in_instances_of_their_own() {
    let app = App::spawn();
    let token = "token-of-lina";
    let issued = Issued { id: "lina".to_owned(), secret: token.to_owned() };
    app.database.write(move |tx| {
        credentials::add_token(
            tx,
            "lina",
            &issued,
            &NewToken { name: "test".to_owned(), ..NewToken::default() },
        )
    });
    app.database.query("UPDATE user SET role = 'Admin' WHERE user_id = 'lina@ccc-test'");
    app.database.query("UPDATE ram_user SET email = login_name || '@example.com', mobile = '1'");
    let parameters = [("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "100")];
    let rows = |token: &str| {
        let data = data(&app.call_as(token, "ListRamUsers", &parameters));
        data["List"].as_array().unwrap().clone()
    };
    let of = |rows: &[serde_json::Value], login: &str| {
        let row = rows.iter().find(|row| row["LoginName"] == login).unwrap().clone();
        (row["Email"].as_str().unwrap().to_owned(), row["Mobile"].as_str().unwrap().to_owned())
    };
    let (seen, all) = (rows(token), rows("demo-token"));
    assert_eq!(seen.len(), all.len(), "everybody can be imported");
    let shown = ("wangfang@example.com".to_owned(), "1".to_owned());
    assert_eq!(of(&seen, "wangfang"), shown);
    assert_eq!(of(&seen, "annakowalska"), (String::new(), String::new()));
    assert_ne!(of(&all, "annakowalska"), (String::new(), String::new()));
}
