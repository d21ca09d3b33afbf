//! Creating, changing, deleting and listing skill groups.

use super::{App, changes, column};
use crate::support::SeededDatabase;
use numberd::domain::{Clock, Paging};

const INSTANCE: (&str, &str) = ("InstanceId", "ccc-test");
const FIRST_PAGE: [(&str, &str); 3] = [INSTANCE, ("PageNumber", "1"), ("PageSize", "100")];

fn listed(app: &App, more: &[(&str, &str)]) -> Vec<String> {
    column(&app.call("ListSkillGroups", &[&FIRST_PAGE, more].concat()), &["SkillGroupName"])
}

#[test]
fn a_created_group_is_got_and_listed_with_what_it_was_created_with() {
    let app = App::spawn();
    let created =
        app.call("CreateSkillGroup", &[INSTANCE, ("Name", "new"), ("DisplayName", "新组")]);
    assert_eq!(created.status, 200, "{}", created.body);
    let got = app.call("GetSkillGroup", &[INSTANCE, ("SkillGroupId", "new@ccc-test")]);
    let expected = serde_json::json!({
        "Description": "", "DisplayName": "新组", "InstanceId": "ccc-test", "MediaType": "AUDIO", "Name": "new", "SkillGroupId": "new@ccc-test",
    });
    assert_eq!(got.json()["Data"], expected);
    let fields = ["SkillGroupId", "DisplayName", "MediaType", "PhoneNumberCount", "UserCount"];
    let list =
        app.call("ListSkillGroups", &[&FIRST_PAGE[..], &[("SearchPattern", "new")]].concat());
    assert_eq!(column(&list, &fields), ["new@ccc-test 新组 AUDIO 0 0"]);
}

#[test]
fn names_of_one_and_of_sixty_four_characters_are_taken_in_every_media_type() {
    let app = App::spawn();
    let longest = format!("z{}", "9".repeat(63));
    let display_name = "组".repeat(64);
    for (name, media_type) in [("A", "AUDIO"), ("b", "CHAT"), (longest.as_str(), "VIDEO")] {
        let reply = app.call(
            "CreateSkillGroup",
            &[INSTANCE, ("Name", name), ("DisplayName", &display_name), ("MediaType", media_type)],
        );
        assert_eq!(reply.json()["Data"]["MediaType"], media_type, "{}", reply.body);
        assert_eq!(reply.json()["Data"]["SkillGroupId"], format!("{name}@ccc-test"));
        assert!(
            listed(&app, &[("MediaType", media_type), ("SearchPattern", name)])
                .contains(&name.to_owned())
        );
    }
}

#[test]
fn a_name_is_free_in_another_instance_and_again_after_deletion() {
    let app = App::spawn();
    for instance in ["ccc-test", "vcc-test", "ccc-test"] {
        let parameters = [("InstanceId", instance), ("Name", "again"), ("DisplayName", "x")];
        assert_eq!(app.call("CreateSkillGroup", &parameters).status, 200);
        assert_eq!(app.call("CreateSkillGroup", &parameters).status, 409);
        let id = format!("again@{instance}");
        assert_eq!(
            app.call("DeleteSkillGroup", &[("InstanceId", instance), ("SkillGroupId", &id)]).status,
            200
        );
    }
}

#[test]
fn an_absent_parameter_leaves_its_field_and_an_empty_description_clears_it() {
    let app = App::spawn();
    let group = ("SkillGroupId", "test@ccc-test");
    let steps: [(&[(&str, &str)], &str, &str, bool); 5] = [
        (&[], "测试技能组", "测试", false),
        (&[("DisplayName", "甲")], "甲", "测试", true),
        (&[("DisplayName", ""), ("Description", "乙")], "甲", "乙", true),
        (&[("Description", "")], "甲", "", true),
        (&[("Description", ""), ("DisplayName", "甲")], "甲", "", false),
    ];
    for (given, display_name, description, logged) in steps {
        let reply = app.call("ModifySkillGroup", &[&[INSTANCE, group], given].concat());
        let got = app.call("GetSkillGroup", &[INSTANCE, group]).json();
        assert_eq!(
            (&got["Data"]["DisplayName"], &got["Data"]["Description"]),
            (&display_name.into(), &description.into()),
            "{given:?}"
        );
        assert_eq!(!changes(&app, &reply).is_empty(), logged, "{given:?}");
    }
}

#[test]
fn a_group_with_a_number_or_with_a_member_is_in_use_and_one_with_neither_is_not() {
    let app = App::spawn();
    let code = |name: &str| {
        app.call("DeleteSkillGroup", &[INSTANCE, ("SkillGroupId", &format!("{name}@ccc-test"))])
            .json()["Code"]
            .clone()
    };
    for name in ["numbered", "manned", "empty"] {
        app.call("CreateSkillGroup", &[INSTANCE, ("Name", name), ("DisplayName", name)]);
    }
    let bound = app.call(
        "AddNumbersToSkillGroup",
        &[INSTANCE, ("SkillGroupId", "numbered@ccc-test"), ("NumberList", r#"["02855500018"]"#)],
    );
    let levels = ("UserSkillLevelList", r#"[{"userId":"lina@ccc-test","skillLevel":5}]"#);
    let added =
        app.call("AddUsersToSkillGroup", &[INSTANCE, ("SkillGroupId", "manned@ccc-test"), levels]);
    assert_eq!((bound.status, added.status), (200, 200), "{} {}", bound.body, added.body);
    assert_eq!(
        [code("numbered"), code("manned"), code("empty")],
        ["InUse.SkillGroup", "InUse.SkillGroup", "OK"]
    );
}

#[test]
fn deleting_by_force_unbinds_every_number_and_removes_every_member_and_logs_each() {
    let app = App::spawn();
    let of_support = "SELECT (SELECT count(*) FROM skill_group_number WHERE skill_group_id = 'support@ccc-test')
                          || ' ' || (SELECT count(*) FROM skill_group_member WHERE skill_group_id = 'support@ccc-test')";
    assert_eq!(app.database.query(of_support), "11 4");
    let others = "SELECT skill_group_id, user_count, phone_number_count FROM skill_group WHERE skill_group_id <> 'support@ccc-test' ORDER BY 1";
    let before = app.database.query(others);

    let reply = app.call(
        "DeleteSkillGroup",
        &[INSTANCE, ("SkillGroupId", "support@ccc-test"), ("Force", "True")],
    );

    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(app.database.query(of_support), "0 0");
    assert_eq!(app.database.query(others), before);
    let log: Vec<String> = changes(&app, &reply)
        .lines()
        .map(|line| line.split('|').skip(2).take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        log,
        [
            vec!["delete skill_group_number"; 11],
            vec!["delete skill_group_member"; 4],
            vec!["delete skill_group"]
        ]
        .concat()
    );
    // One of its numbers is also another group's, the rest are free again.
    let states = "SELECT state, count(*) FROM phone_number WHERE number IN ('02155500001', '4005550001', '02055500001') AND instance_id = 'ccc-test' GROUP BY 1 ORDER BY 1";
    assert_eq!(app.database.query(states), "bound|1\nfree|2");
    assert_eq!(
        app.call("GetSkillGroup", &[INSTANCE, ("SkillGroupId", "support@ccc-test")]).status,
        404
    );
}

#[test]
fn a_pattern_is_part_of_the_name_or_of_the_display_name_and_taken_literally() {
    let app = App::spawn();
    for (name, display_name) in
        [("a_b", "100%"), ("axb", "100"), ("back", r"a\b"), ("video", "组 video")]
    {
        app.call(
            "CreateSkillGroup",
            &[INSTANCE, ("Name", name), ("DisplayName", display_name), ("MediaType", "VIDEO")],
        );
    }
    let cases: &[(&[(&str, &str)], &[&str])] = &[
        (&[], &["a_b", "axb", "back", "night", "returns", "sales", "support", "test", "video"]),
        (
            &[("SearchPattern", "")],
            &["a_b", "axb", "back", "night", "returns", "sales", "support", "test", "video"],
        ),
        (&[("SearchPattern", "支持")], &["support"]),
        (&[("SearchPattern", "ale")], &["sales"]),
        (&[("SearchPattern", "a_")], &["a_b"]),
        (&[("SearchPattern", "%")], &["a_b"]),
        (&[("SearchPattern", r"a\")], &["back"]),
        (&[("SearchPattern", "*")], &[]),
        (&[("SearchPattern", "ccc-test")], &[]),
        (&[("MediaType", "VIDEO")], &["a_b", "axb", "back", "video"]),
        (&[("MediaType", "CHAT")], &[]),
        (&[("MediaType", "VIDEO"), ("SearchPattern", "组")], &["video"]),
        (
            &[("MediaType", "AUDIO"), ("SearchPattern", "组")],
            &["night", "returns", "sales", "support", "test"],
        ),
    ];
    for (given, expected) in cases {
        for action in ["ListSkillGroups", "ListBriefSkillGroups"] {
            let reply = app.call(action, &[&FIRST_PAGE, *given].concat());
            assert_eq!(column(&reply, &["SkillGroupName"]), *expected, "{action} {given:?}");
            assert_eq!(reply.json()["Data"]["TotalCount"], expected.len(), "{action} {given:?}");
        }
    }
}

#[test]
fn the_pages_are_the_whole_list_in_bytewise_order_and_a_page_past_the_end_is_empty() {
    let app = App::spawn();
    for name in ["Zeta", "alpha", "test-2", "test0"] {
        app.call("CreateSkillGroup", &[INSTANCE, ("Name", name), ("DisplayName", "x")]);
    }
    let page = |number: &str| {
        app.call("ListSkillGroups", &[INSTANCE, ("PageNumber", number), ("PageSize", "4")])
    };
    let pages: Vec<String> = ["1", "2", "3"]
        .iter()
        .flat_map(|number| column(&page(number), &["SkillGroupId"]))
        .collect();
    assert_eq!(
        pages,
        ["Zeta", "alpha", "night", "returns", "sales", "support", "test-2", "test0", "test"]
            .map(|name| format!("{name}@ccc-test"))
    );
    let past = page("4").json();
    assert_eq!(
        (&past["Data"]["List"], &past["Data"]["TotalCount"]),
        (&serde_json::json!([]), &9.into())
    );
}

#[test]
fn a_clamping_server_shows_the_last_page_instead() {
    let app = App::over(SeededDatabase::new(), Paging::Clamp, Clock::System);
    let data = app
        .call("ListSkillGroups", &[INSTANCE, ("PageNumber", "900"), ("PageSize", "2")])
        .json()["Data"]
        .clone();
    assert_eq!(
        (&data["PageNumber"], &data["List"][0]["SkillGroupName"]),
        (&3.into(), &"test".into())
    );
}
