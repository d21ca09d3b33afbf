//! What becomes of users: making, assigning, changing and removing them.

use super::{app_with_admin, code, data, requests};
use crate::support::App;
use numberd::domain::batch::BatchMode;
use numberd::domain::undo::UndoTarget;
use numberd::ops::undo::undo;

fn user(app: &App, user_id: &str) -> serde_json::Value {
    data(&app.call("GetUser", &[("InstanceId", "ccc-test"), ("UserId", user_id)]))
}

/// `CreateUser` with another login name.
fn create(app: &App, login_name: &str) -> serde_json::Value {
    data(
        &app.call(
            "CreateUser",
            &requests::changed("CreateUser", &[("LoginName", Some(login_name))]),
        ),
    )
}

#[test]
fn a_user_is_found_by_id_by_extension_or_by_both() {
    let app = app_with_admin(&[]);
    let (id, extension) = (("UserId", "wangfang@ccc-test"), ("Extension", "80326037"));
    for keys in [&[id][..], &[extension], &[id, extension]] {
        let user = data(&app.call("GetUser", &[&[("InstanceId", "ccc-test")], keys].concat()));
        assert_eq!(
            (user["UserId"].as_str(), user["Extension"].as_str()),
            (Some(id.1), Some(extension.1)),
            "{keys:?}"
        );
    }
}

#[test]
fn a_created_user_gets_a_login_of_18_digits_without_a_password_and_the_next_extension() {
    let app = App::spawn();
    assert_eq!(create(&app, "sunli")["Extension"], "80326045");
    assert_eq!(create(&app, "sunli2")["Extension"], "80326046");
    let login =
        app.database.query("SELECT length(ram_id), display_name, email, mobile, is_root, password_hash IS NULL FROM ram_user WHERE login_name = 'sunli'");
    assert_eq!(login, "18|孙丽|sunli@example.com|139xxxx2001|0|1");
    let made = user(&app, "sunli@ccc-test");
    for (field, expected) in [
        ("RoleName", "Manager"),
        ("WorkMode", "OFFICE_PHONE"),
        ("Nickname", "小孙"),
        ("DisplayId", "2001"),
        ("DeviceState", "UNREGISTERED"),
    ] {
        assert_eq!(made[field], expected, "{field}");
    }
    let levels = app.database.query("SELECT skill_group_id, skill_level FROM skill_group_member WHERE user_id = 'sunli@ccc-test' ORDER BY 1");
    assert_eq!(levels, "night@ccc-test|10\ntest@ccc-test|3");
    assert_eq!(
        app.database
            .query("SELECT user_count FROM skill_group WHERE skill_group_id = 'night@ccc-test'"),
        "3",
        "zhoujie and the two"
    );
}

#[test]
fn a_user_works_on_site_when_nothing_else_is_said() {
    let app = App::spawn();
    let changes = [
        ("WorkMode", None),
        ("SkillLevelList", None),
        ("Mobile", None),
        ("Nickname", None),
        ("AvatarUrl", None),
        ("DisplayId", None),
        ("ResetPassword", None),
    ];
    let made = data(&app.call("CreateUser", &requests::changed("CreateUser", &changes)));
    assert_eq!(
        (made["WorkMode"].as_str(), made["Mobile"].as_str(), made["AvatarUrl"].as_str()),
        (Some("ON_SITE"), Some(""), Some(""))
    );
}

#[test]
fn an_extension_is_found_among_gaps_and_at_the_end_of_the_range() {
    let app = App::spawn();
    let give = |extension: &str, login: &str| {
        app.database.query(&format!(
            "UPDATE user SET extension = '{extension}' WHERE user_id = '{login}@ccc-test'"
        ))
    };
    give("89999999", "wangfang");
    assert_eq!(create(&app, "user1")["Extension"], "80326045", "89999999 has no successor");
    give("89999998", "liuyang");
    assert_eq!(
        create(&app, "user2")["Extension"],
        "80326046",
        "the successor of 89999998 is taken"
    );
    app.database.query("UPDATE user SET extension = '' WHERE instance_id = 'ccc-test'");
    assert_eq!(create(&app, "user3")["Extension"], "80000001");
    give("9", "wangfang");
    give("800000050", "liuyang");
    assert_eq!(create(&app, "user4")["Extension"], "80000002", "only eight digits count");
}

#[test]
fn users_who_are_created_at_the_same_time_have_extensions_of_their_own() {
    let app = App::spawn();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let app = &app;
            scope.spawn(move || create(app, &format!("parallel{number}")));
        }
    });
    assert_eq!(
        app.database.query(
            "SELECT count(*), count(DISTINCT extension) FROM user WHERE user_id LIKE 'parallel%'"
        ),
        "16|16"
    );
}

#[test]
fn assigned_logins_keep_their_names_and_addresses_and_get_the_role_and_the_groups() {
    let app = App::spawn();
    let reply = app.call("AssignUsers", requests::golden("AssignUsers"));
    assert_eq!(data(&reply), reply.json()["WorkflowId"]);
    let made = user(&app, "annakowalska@ccc-test");
    assert_eq!(
        (made["DisplayName"].as_str(), made["Email"].as_str(), made["RoleId"].as_str()),
        (Some("Anna Kowalska"), Some("annakowalska@example.com"), Some("Agent@ccc-test"))
    );
    assert_eq!(app.database.query("SELECT count(*) FROM skill_group_member WHERE skill_group_id = 'sales@ccc-test' AND skill_level = 5"), "2");
    // The whole list again: both are users already, and nothing more than once.
    assert_eq!(
        code(&app.call("AssignUsers", requests::golden("AssignUsers"))),
        "AlreadyExists.User"
    );
}

#[test]
fn an_imported_administrator_is_made_raised_or_brought_back() {
    let app = App::spawn();
    let list = r#"["4000000000000001","2000000000000003","2000000000000010","4000000000000001"]"#;
    let admins =
        data(&app.call("ImportAdmins", &[("InstanceId", "ccc-test"), ("RamIdList", list)]));
    let ids: Vec<&str> =
        admins.as_array().unwrap().iter().map(|admin| admin["UserId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["xufei@ccc-test", "wangfang@ccc-test", "wuxia@ccc-test"]);
    let roles = app.database.query("SELECT user_id, role, active, extension FROM user WHERE role = 'Admin' AND instance_id = 'ccc-test' ORDER BY user_id");
    assert_eq!(
        roles,
        "user-test@ccc-test|Admin|1|80326034\nwangfang@ccc-test|Admin|1|80326037\nwuxia@ccc-test|Admin|1|80326044\nxufei@ccc-test|Admin|1|80326045"
    );
}

#[test]
fn a_user_is_changed_in_what_is_given_and_cleared_in_what_is_empty() {
    let app = App::spawn();
    let modify = |changes: &[(&'static str, &'static str)]| {
        let parameters = [
            &[("InstanceId", "ccc-test"), ("UserId", "wangfang@ccc-test"), ("WorkMode", "ON_SITE")],
            changes,
        ]
        .concat();
        let reply = app.call("ModifyUser", &parameters);
        assert_eq!(data(&reply), "", "{}", reply.body);
        user(&app, "wangfang@ccc-test")
    };
    let full = [
        ("AvatarUrl", "a"),
        ("DisplayId", "b"),
        ("DisplayName", "c"),
        ("Mobile", "d"),
        ("Nickname", "e"),
        ("RoleId", "Manager@ccc-test"),
    ];
    let before = modify(&full);
    for (field, expected) in full {
        assert_eq!(before[field], expected);
    }
    assert_eq!(modify(&[]), before, "what is absent stays");
    assert_eq!(modify(&[("RoleId", "")]), before);
    let after = modify(&[
        ("AvatarUrl", ""),
        ("DisplayId", ""),
        ("Mobile", ""),
        ("Nickname", ""),
        ("RoleId", "Admin@ccc-test"),
    ]);
    for (field, expected) in [
        ("AvatarUrl", ""),
        ("DisplayId", ""),
        ("DisplayName", "c"),
        ("Mobile", ""),
        ("Nickname", ""),
        ("RoleName", "Admin"),
    ] {
        assert_eq!(after[field], expected, "{field}");
    }
    assert_eq!(after["Email"], before["Email"]);
    // The login, which other instances show too, is another row.
    assert_eq!(
        app.database.query("SELECT mobile FROM ram_user WHERE login_name = 'wangfang'"),
        "139xxxx0003"
    );
    let log = app
        .database
        .query("SELECT old ->> 'role', new ->> 'role' FROM change WHERE user_id = 'wangfang@ccc-test' AND entity = 'user' ORDER BY change_id DESC LIMIT 1");
    assert_eq!(log, "Manager|Admin");
}

#[test]
fn the_root_stays_the_root_whatever_their_role_in_an_instance() {
    let app = app_with_admin(&["xufei"]);
    let parameters = [
        ("InstanceId", "ccc-test"),
        ("UserId", "user-test@ccc-test"),
        ("WorkMode", "ON_SITE"),
        ("RoleId", "Agent@ccc-test"),
    ];
    assert_eq!(code(&app.call_as("xufei", "ModifyUser", &parameters)), "OK");
    assert_eq!(
        code(&app.call_as(
            "xufei",
            "RemoveUsers",
            &[
                ("InstanceId", "ccc-test"),
                ("UserIdList", r#"["user-test@ccc-test"]"#),
                ("Force", "true")
            ]
        )),
        "OK"
    );
    let back = [("InstanceId", "ccc-test"), ("RamIdList", r#"["1571234567890123"]"#)];
    assert_eq!(
        code(&app.call("ImportAdmins", &back)),
        "OK",
        "the root needs no place in the instance to enter it"
    );
}

#[test]
fn a_user_who_holds_nothing_is_removed_and_their_login_stays() {
    let app = App::spawn();
    let remove =
        [("InstanceId", "ccc-test"), ("UserIdList", r#"["wuxia@ccc-test","wuxia@ccc-test"]"#)];
    assert_eq!(code(&app.call("RemoveUsers", &remove)), "OK");
    assert_eq!(
        app.database.query("SELECT count(*) FROM user WHERE user_id = 'wuxia@ccc-test'"),
        "0"
    );
    assert_eq!(app.database.query("SELECT count(*) FROM ram_user WHERE login_name = 'wuxia'"), "1");
    assert_eq!(
        app.database
            .query("SELECT count(*) FROM v_assignment_history WHERE user_id = 'wuxia@ccc-test'"),
        "2",
        "their history too"
    );
    assert_eq!(code(&app.call("RemoveUsers", &remove)), "NotExists.UserId");
    // The same login can come back.
    let back = [
        ("InstanceId", "ccc-test"),
        ("RamIdList", r#"["2000000000000010"]"#),
        ("RoleId", "Agent@ccc-test"),
        ("WorkMode", "ON_SITE"),
    ];
    assert_eq!(code(&app.call("ImportRamUsers", &back)), "OK");
}

#[test]
fn removing_without_a_word_about_force_removes_as_old_clients_expect_and_can_be_undone() {
    let app = App::spawn();
    let state = || {
        app.database.query(
            "SELECT group_concat(number, ' ') FROM (SELECT number FROM v_personal_number WHERE user_id = 'wangfang@ccc-test' ORDER BY number)
             UNION ALL SELECT group_concat(skill_group_id || skill_level, ' ') FROM (SELECT * FROM skill_group_member WHERE user_id = 'wangfang@ccc-test' ORDER BY skill_group_id)",
        )
    };
    let before = state();
    let remove = [("InstanceId", "ccc-test"), ("UserIdList", r#"["wangfang@ccc-test"]"#)];
    let reply = app.call("RemoveUsers", &remove);
    assert_eq!(code(&reply), "OK", "{}", reply.body);
    let user = "SELECT count(*) FROM user WHERE user_id = 'wangfang@ccc-test'";
    assert_eq!(app.database.query(user), "0");
    let request = reply.json()["RequestId"].as_str().unwrap().to_owned();
    let report = app
        .database
        .write(move |tx| undo(tx, None, &UndoTarget::Request(request), BatchMode::AllOrNothing));
    assert_eq!(report.refused, 0, "{report:?}");
    assert_eq!(app.database.query(user), "1");
    assert_eq!(state(), before);
}

#[test]
fn removing_by_force_releases_the_numbers_and_leaves_the_groups() {
    let app = App::spawn();
    let remove = |force: &'static str| {
        app.call(
            "RemoveUsers",
            &[
                ("InstanceId", "ccc-test"),
                ("UserIdList", r#"["wangfang@ccc-test"]"#),
                ("Force", force),
            ],
        )
    };
    let refused = remove("false");
    assert_eq!(code(&refused), "Parameter.Invalid");
    let message = refused.json()["Message"].to_string();
    assert!(
        message.contains("wangfang@ccc-test")
            && message.contains("5 numbers")
            && message.contains("2 skill groups"),
        "{message}"
    );
    assert_eq!(code(&remove("True")), "OK");
    let history = app.database.query("SELECT count(*) FROM v_assignment_history WHERE user_id = 'wangfang@ccc-test' AND released_by = 'user-test'");
    assert_eq!(history, "5");
    assert_eq!(
        app.database.query("SELECT state FROM phone_number WHERE number = '02855500010'"),
        "free"
    );
    assert_eq!(
        app.database
            .query("SELECT user_count FROM skill_group WHERE skill_group_id = 'sales@ccc-test'"),
        "3"
    );
}
