//! Who is in which skill group and at which level, in both directions.

use super::{App, Call, Reply, call, changes, column, state};

const INSTANCE: (&str, &str) = ("InstanceId", "ccc-test");
const GROUP: (&str, &str) = ("SkillGroupId", "test@ccc-test");
const USER: (&str, &str) = ("UserId", "wangfang@ccc-test");
const FIRST_PAGE: [(&str, &str); 3] = [INSTANCE, ("PageNumber", "1"), ("PageSize", "100")];

/// `user level` of a group's members, or of those who are not.
fn of_group(app: &App, group_id: &str, is_member: &str) -> Vec<String> {
    let reply = app.call(
        "ListUserLevelsOfSkillGroup",
        &[&FIRST_PAGE[..], &[("SkillGroupId", group_id), ("IsMember", is_member)]].concat(),
    );
    total_is_true(&reply);
    column(&reply, &["UserId", "SkillLevel"])
}

/// `group level` of the groups that a user is in, or of those that they are not in.
fn of_user(app: &App, user_id: &str, is_member: &str) -> Vec<String> {
    let reply = app.call(
        "ListSkillLevelsOfUser",
        &[&FIRST_PAGE[..], &[("UserId", user_id), ("IsMember", is_member)]].concat(),
    );
    total_is_true(&reply);
    column(&reply, &["SkillGroupId", "SkillLevel"])
}

fn total_is_true(reply: &Reply) {
    let data = &reply.json()["Data"];
    assert_eq!(data["TotalCount"], data["List"].as_array().unwrap().len(), "{}", reply.body);
}

#[test]
fn the_two_directions_of_is_member_part_all_users_and_all_groups_in_two() {
    let app = App::spawn();
    for (group_id, members) in [("test@ccc-test", 2), ("sales@ccc-test", 4), ("night@ccc-test", 1)]
    {
        let inside = of_group(&app, group_id, "true");
        let outside = of_group(&app, group_id, "false");
        assert_eq!((inside.len(), outside.len()), (members, 11 - members), "{group_id}");
        assert!(inside.is_sorted() && outside.is_sorted());
        assert!(outside.iter().all(|row| row.ends_with(" 0")), "{outside:?}");
        assert!(
            inside
                .iter()
                .all(|row| !outside.contains(&format!("{} 0", row.split(' ').next().unwrap())))
        );
    }
    for (user_id, groups) in
        [("wangfang@ccc-test", 2), ("user-test@ccc-test", 0), ("huangting@ccc-test", 2)]
    {
        let inside = of_user(&app, user_id, "true");
        let outside = of_user(&app, user_id, "false");
        assert_eq!((inside.len(), outside.len()), (groups, 5 - groups), "{user_id}");
        assert!(inside.is_sorted() && outside.is_sorted());
        assert!(outside.iter().all(|row| row.ends_with(" 0")), "{outside:?}");
    }
    assert_eq!(
        of_user(&app, "wangfang@ccc-test", ""),
        ["sales@ccc-test 3", "test@ccc-test 5"],
        "absent or empty, IsMember is true"
    );
}

#[test]
fn adding_puts_users_into_the_group_and_sets_the_level_of_those_who_are_in_it() {
    let app = App::spawn();
    let list = r#"[{"userId":"liuyang@ccc-test","skillLevel":8},{"userId":"zhoujie@ccc-test","skillLevel":"3"},{"userId":"zhoujie@ccc-test","skillLevel":2}]"#;
    let add = [INSTANCE, GROUP, ("UserSkillLevelList", list)];
    let reply = app.call("AddUsersToSkillGroup", &add);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        of_group(&app, GROUP.1, "true"),
        ["liuyang@ccc-test 8", "wangfang@ccc-test 5", "zhoujie@ccc-test 2"]
    );
    assert_eq!(changes(&app, &reply).lines().count(), 2);

    let again = app.call("AddUsersToSkillGroup", &add);
    assert_eq!(
        (again.status, changes(&app, &again).as_str()),
        (200, ""),
        "what is so already changes nothing"
    );
}

#[test]
fn adding_groups_to_a_user_is_the_same_seen_from_the_other_side() {
    let app = App::spawn();
    let list = (
        "SkillLevelList",
        r#"[{"skillGroupId":"night@ccc-test","skillLevel":1},{"skillGroupId":"test@ccc-test","skillLevel":9}]"#,
    );
    let reply = app.call("AddSkillGroupsToUser", &[INSTANCE, USER, list]);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        of_user(&app, USER.1, "true"),
        ["night@ccc-test 1", "sales@ccc-test 3", "test@ccc-test 9"]
    );
    assert_eq!(
        of_group(&app, "night@ccc-test", "true"),
        ["wangfang@ccc-test 1", "zhoujie@ccc-test 10"]
    );
    let counts =
        app.call("ListSkillGroups", &[&FIRST_PAGE[..], &[("SearchPattern", "night")]].concat());
    assert_eq!(column(&counts, &["UserCount"]), ["2"]);
}

#[test]
fn modifying_sets_levels_of_members_only() {
    let app = App::spawn();
    let of_skill_group = (
        "UserLevelList",
        r#"[{"userId":"liuyang@ccc-test","skillLevel":1},{"userId":"wangfang@ccc-test","skillLevel":2}]"#,
    );
    assert_eq!(
        app.call("ModifyUserLevelsOfSkillGroup", &[INSTANCE, GROUP, of_skill_group]).status,
        200
    );
    assert_eq!(of_group(&app, GROUP.1, "true"), ["liuyang@ccc-test 1", "wangfang@ccc-test 2"]);
    let of_one_user = (
        "SkillLevelList",
        r#"[{"skillGroupId":"sales@ccc-test","skillLevel":10},{"skillGroupId":"test@ccc-test","skillLevel":2}]"#,
    );
    let reply = app.call("ModifySkillLevelsOfUser", &[INSTANCE, USER, of_one_user]);
    assert_eq!(of_user(&app, USER.1, "true"), ["sales@ccc-test 10", "test@ccc-test 2"]);
    assert_eq!(changes(&app, &reply).lines().count(), 1, "the other level was so already");
}

#[test]
fn removing_leaves_alone_who_is_not_a_member() {
    let app = App::spawn();
    let steps: &[(Call, usize)] = &[
        (
            call(
                "RemoveUsersFromSkillGroup",
                &[
                    INSTANCE,
                    GROUP,
                    ("UserIdList", r#"["lina@ccc-test","liuyang@ccc-test","lina@ccc-test"]"#),
                ],
            ),
            1,
        ),
        (
            call(
                "RemoveUsersFromSkillGroup",
                &[
                    INSTANCE,
                    GROUP,
                    ("UserIdList.1", "liuyang@ccc-test"),
                    ("UserIdList.2", "lina@ccc-test"),
                ],
            ),
            0,
        ),
        (
            call(
                "RemoveSkillGroupsFromUser",
                &[INSTANCE, USER, ("SkillGroupIdList", r#"["test@ccc-test","night@ccc-test"]"#)],
            ),
            1,
        ),
        (
            call(
                "RemoveSkillGroupsFromUser",
                &[INSTANCE, USER, ("SkillGroupIdList.1", "test@ccc-test")],
            ),
            0,
        ),
    ];
    for (call, logged) in steps {
        let reply = call.send(&app);
        assert_eq!(
            (reply.status, changes(&app, &reply).lines().count()),
            (200, *logged),
            "{}: {}",
            call.shown(),
            reply.body
        );
    }
    assert_eq!(of_group(&app, GROUP.1, "true"), Vec::<String>::new());
    assert_eq!(of_user(&app, USER.1, "true"), ["sales@ccc-test 3"]);
}

#[test]
fn a_pattern_is_part_of_a_users_login_or_display_name_and_of_a_groups_name_or_display_name() {
    let app = App::spawn();
    let users: &[(&str, &str, &[&str])] = &[
        ("true", "zhang", &["zhangwei"]),
        ("true", "王", &["wangfang"]),
        ("true", "_", &[]),
        ("true", "ccc-test", &[]),
        ("true", "", &["chenjing", "wangfang", "yangmin", "zhangwei"]),
        ("false", "黄", &["huangting"]),
        ("false", "ang", &["huangting", "liuyang"]),
        ("false", "%", &[]),
    ];
    for (is_member, pattern, expected) in users {
        let given = [
            ("SkillGroupId", "sales@ccc-test"),
            ("IsMember", is_member),
            ("SearchPattern", pattern),
        ];
        let reply = app.call("ListUserLevelsOfSkillGroup", &[&FIRST_PAGE, &given[..]].concat());
        assert_eq!(column(&reply, &["LoginName"]), *expected, "{is_member} {pattern}");
        total_is_true(&reply);
    }
    let groups: &[(&str, &str, &[&str])] = &[
        ("true", "销售", &["sales"]),
        ("true", "t", &["test"]),
        ("true", "%", &[]),
        ("false", "回访", &["returns"]),
        ("false", "t", &["night", "returns", "support"]),
    ];
    for (is_member, pattern, expected) in groups {
        let reply = app.call(
            "ListSkillLevelsOfUser",
            &[&FIRST_PAGE[..], &[USER, ("IsMember", is_member), ("SearchPattern", pattern)]]
                .concat(),
        );
        assert_eq!(column(&reply, &["SkillGroupName"]), *expected, "{is_member} {pattern}");
        total_is_true(&reply);
    }
}

#[test]
fn the_pages_of_members_and_of_others_follow_each_other() {
    let app = App::spawn();
    for is_member in ["true", "false"] {
        let page = |number: &str| {
            let given = [
                INSTANCE,
                ("SkillGroupId", "sales@ccc-test"),
                ("IsMember", is_member),
                ("PageNumber", number),
                ("PageSize", "3"),
            ];
            app.call("ListUserLevelsOfSkillGroup", &given)
        };
        let pages: Vec<String> = ["1", "2", "3", "4"]
            .iter()
            .flat_map(|number| column(&page(number), &["UserId", "SkillLevel"]))
            .collect();
        assert_eq!(pages, of_group(&app, "sales@ccc-test", is_member));
    }
}

#[test]
fn totals_and_pages_are_right_with_five_hundred_groups_and_five_thousand_users_in_one() {
    let app = App::spawn();
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    connection
        .execute_batch(
            "BEGIN IMMEDIATE;
             WITH RECURSIVE s(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s WHERE n < 5000)
             INSERT INTO ram_user (ram_id, login_name) SELECT 5000000 + n, printf('u%05d', n) FROM s;
             INSERT INTO user (user_id, instance_id, ram_id) SELECT login_name || '@ccc-test', 'ccc-test', ram_id FROM ram_user WHERE login_name GLOB 'u0*';
             WITH RECURSIVE s(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s WHERE n < 500)
             INSERT INTO skill_group (skill_group_id, instance_id, name) SELECT printf('g%03d@ccc-test', n), 'ccc-test', printf('g%03d', n) FROM s;
             INSERT INTO skill_group_member (skill_group_id, user_id, instance_id) SELECT 'g001@ccc-test', user_id, 'ccc-test' FROM user WHERE user_id GLOB 'u0*';
             INSERT INTO skill_group_member (skill_group_id, user_id, instance_id)
             SELECT skill_group_id, 'lina@ccc-test', 'ccc-test' FROM skill_group WHERE name GLOB 'g*';
             COMMIT;",
        )
        .unwrap();
    // The total, and the last row of a page.
    let last = |action: &str, given: &[(&str, &str)]| {
        let reply = app.call(action, &[&[INSTANCE, ("PageSize", "100")], given].concat());
        let id = if action == "ListUserLevelsOfSkillGroup" { "UserId" } else { "SkillGroupId" };
        (reply.json()["Data"]["TotalCount"].as_u64().unwrap(), column(&reply, &[id]).pop().unwrap())
    };
    let g001 = ("SkillGroupId", "g001@ccc-test");
    assert_eq!(last("ListSkillGroups", &[("PageNumber", "5")]), (505, "g500@ccc-test".to_owned()));
    assert_eq!(
        last("ListUserLevelsOfSkillGroup", &[g001, ("IsMember", "true"), ("PageNumber", "51")]),
        (5001, "u05000@ccc-test".to_owned())
    );
    assert_eq!(
        last("ListUserLevelsOfSkillGroup", &[g001, ("IsMember", "false"), ("PageNumber", "1")]),
        (10, "zhoujie@ccc-test".to_owned())
    );
    assert_eq!(
        last("ListSkillLevelsOfUser", &[("UserId", "lina@ccc-test"), ("PageNumber", "5")]),
        (502, "g500@ccc-test".to_owned())
    );
    assert_eq!(
        last(
            "ListSkillLevelsOfUser",
            &[("UserId", "lina@ccc-test"), ("IsMember", "false"), ("PageNumber", "1")]
        ),
        (3, "test@ccc-test".to_owned())
    );
}

#[test]
fn a_repeated_list_of_levels_changes_nothing_twice() {
    let app = App::spawn();
    let modify =
        [INSTANCE, GROUP, ("UserLevelList", r#"[{"userId":"wangfang@ccc-test","skillLevel":7}]"#)];
    assert_eq!(app.call("ModifyUserLevelsOfSkillGroup", &modify).status, 200);
    let once = state(&app);
    assert_eq!(app.call("ModifyUserLevelsOfSkillGroup", &modify).status, 200);
    assert_eq!(state(&app), once);
}
