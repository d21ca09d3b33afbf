//! A form that is refused comes back with what was typed, and says below each field what is wrong.

use super::actions::{apply, held, post};
use super::{Visitor, app};

const PREVIEW: &str = "/console/ccc-test/numbers/preview";

/// Whether a field is wrong, by the summary and beside it.
fn is_told(page: &str, field: &str) -> bool {
    page.contains(&format!("<a href=\"#f-{field}\">"))
        && page.contains(&format!("id=\"e-{field}\""))
}

#[test]
fn an_action_that_is_refused_keeps_the_selection_and_what_was_typed() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let selected =
        [("number", "01055500011"), ("number", "01055500012"), ("reason", "for the new desk")];
    for (action, field, value) in [
        ("hold", "until", "2020-01-01T10:00"),
        ("hold", "until", ""),
        ("hold", "target", "nobody"),
        ("release", "days", "soon"),
        ("release", "days", "3651"),
        ("assign", "target", "nobody"),
        ("assign", "target", " "),
        ("transfer", "target", ""),
        ("bind", "group", "none"),
        ("bind", "group", ""),
    ] {
        for path in [PREVIEW, "/console/ccc-test/numbers/apply"] {
            let form = [&selected[..], &[("action", action), (field, value)]].concat();
            let reply = visitor.post(path, &form);
            assert_eq!(reply.status, 400, "{action} {field}: {}", reply.body);
            assert!(is_told(&reply.body, field), "{action} {field}: {}", reply.body);
            for kept in ["01055500011", "01055500012", "for the new desk", value.trim()] {
                let kept = format!("value=\"{kept}");
                assert!(reply.body.contains(&kept), "{action} {field} {kept}: {}", reply.body);
            }
        }
    }
    let nothing = visitor.post(PREVIEW, &[("action", "assign"), ("target", "lina")]);
    assert!(nothing.status == 400 && nothing.body.contains("No number is selected"));
    // What belongs to another action is not looked at.
    let other = [&selected[..], &[("action", "assign"), ("target", "lina"), ("days", "soon")]];
    assert_eq!(visitor.post(PREVIEW, &other.concat()).status, 200);
}

#[test]
fn cancelling_leads_to_a_page_of_the_console_whatever_a_link_says() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let cancels_to = |back: &str, target: &str| {
        let said = [("action", "assign"), ("target", target), ("number", "01055500011")];
        let query = serde_html_form::to_string([&said[..], &[("back", back)]].concat()).unwrap();
        let page = visitor.get(&format!("{PREVIEW}?{query}")).body;
        page.contains(&format!("href=\"{back}\""))
    };
    for target in ["lina", "nobody"] {
        assert!(cancels_to("/console/ccc-test/users", target), "{target}");
        for back in ["https://example.com/", "//example.com", "javascript:alert(1)"] {
            assert!(!cancels_to(back, target), "{target} {back}");
        }
    }
}

#[test]
fn somebody_is_named_as_people_call_them_unless_several_are_called_so() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [("action", "assign"), ("target", "王芳"), ("number", "01055500011")];
    let preview = visitor.post(PREVIEW, &form);
    assert!(preview.body.contains("Give 1 number to 王芳"), "{}", preview.body);
    let done = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(held(&app, "wangfang@ccc-test").contains("01055500011"));
    let bound = [("action", "bind"), ("group", "销售组"), ("number", "01055500012")];
    let preview = visitor.post(PREVIEW, &bound);
    assert!(preview.body.contains("1 would change"), "{}", preview.body);
    let leaver =
        visitor.get("/console/ccc-test/users/lina%40ccc-test/leaver?target=%E7%8E%8B%E8%8A%B3");
    assert!(leaver.body.contains("go to 王芳"), "{}", leaver.body);
    let add = [("action", "add"), ("user", "王芳"), ("level", "3")];
    assert_eq!(visitor.post("/console/ccc-test/groups/night%40ccc-test/members", &add).status, 303);

    app.database.query("UPDATE user SET display_name = '王芳' WHERE user_id = 'lina@ccc-test'");
    let several = visitor.post(PREVIEW, &form);
    assert!(several.status == 400 && is_told(&several.body, "target"), "{}", several.body);
    assert!(several.body.contains("Several are called"), "{}", several.body);
}

#[test]
fn members_and_passwords_say_below_their_field_what_is_wrong() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let members = "/console/ccc-test/groups/test%40ccc-test/members";
    for (field, value, rest) in [
        ("user", "nobody", ("level", "7")),
        ("user", " ", ("level", "7")),
        ("level", "11", ("user", "lina")),
    ] {
        let reply = visitor.post(members, &[("action", "add"), (field, value), rest]);
        assert!(reply.status >= 400 && is_told(&reply.body, field), "{field}: {}", reply.body);
        let kept = format!("value=\"{}\"", rest.1);
        assert!(reply.body.contains(&kept), "{field}: {}", reply.body);
    }
    let reset = "/console/ccc-test/users/lina%40ccc-test/password";
    let short = visitor.post(reset, &[("password", "short")]);
    assert!(short.status == 400 && is_told(&short.body, "password"), "{}", short.body);
    let own = [("present", "wrong"), ("new", "long enough"), ("again", "other")];
    let wrong = visitor.post("/console/ccc-test/password", &own);
    assert!(is_told(&wrong.body, "present") && is_told(&wrong.body, "again"), "{}", wrong.body);
}

#[test]
fn a_range_is_read_as_people_write_one_and_its_city_can_be_said() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let lines = "02866660001-02866660003\n02866660004 ~ 02866660006\n02866660007至02866660009\n\
                 02866660010—02866660012\n028-66660013";
    let form = [("numbers", lines), ("city", "成都"), ("province", "四川")];
    let add = "/console/ccc-test/numbers/add";
    let preview = visitor.post(add, &form);
    assert!(preview.body.contains("13 numbers would be added"), "{}", preview.body);
    assert!(preview.body.contains("02866660001 … 028-66660013"), "{}", preview.body);
    let hash = super::hidden(&preview.body, "hash");
    let rest = [("hash", hash.as_str()), ("apply", "true")];
    let done = visitor.post(add, &[&form[..], &rest].concat());
    assert_eq!(done.status, 303, "{}", done.body);
    let added = "SELECT group_concat(number, ' ') FROM (SELECT number FROM phone_number
                  WHERE number LIKE '028%6666%' AND city = '成都' AND province = '四川'
                  ORDER BY number)";
    assert!(
        app.database.query(added).ends_with("02866660011 02866660012"),
        "{}",
        app.database.query(added)
    );
    let backwards = visitor.post(add, &[("numbers", "02866660003-02866660001")]);
    assert!(backwards.status == 400 && is_told(&backwards.body, "numbers"), "{}", backwards.body);
}

#[test]
fn whoever_has_many_numbers_has_a_page_of_the_first_hundred_that_leads_to_all() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [
        ("action", "assign"),
        ("target", "lina"),
        ("all", "true"),
        ("filter", "state=free&active=true"),
        ("mode", "best_effort"),
    ];
    let preview = visitor.post(PREVIEW, &form);
    let done = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(done.status, 303, "{}", done.body);
    let count = held(&app, "lina@ccc-test").split(',').count();
    assert!(count > 105, "{count}");
    let page = visitor.get("/console/ccc-test/users/lina%40ccc-test").body;
    assert!(page.contains(&format!("<h2>{count} numbers</h2>")), "{page}");
    assert_eq!(page.matches("<tr id=\"h-").count(), 100);
    let all = "/console/ccc-test/numbers?holder=lina%40ccc-test&state=personal";
    assert!(page.contains(&format!("href=\"{}\"", all.replace('&', "&#38;"))), "{page}");
    assert!(visitor.get(all).body.contains(&format!("of {count}<")), "the list has all of them");
    let history =
        page.split("id=\"region\"").nth(1).unwrap().split("scope=\"col\"").last().unwrap();
    assert_eq!(history.matches("<tr>").count(), 100);
    assert!(page.contains("The newest 100 of"), "{page}");
    let leaver = visitor.get("/console/ccc-test/users/lina%40ccc-test/leaver").body;
    assert_eq!(leaver.matches("<tr>").count(), 100);
    assert!(leaver.contains(&format!("{} more", count - 100)), "{leaver}");
}

#[test]
fn a_list_of_somebodys_own_with_chinese_titles_is_imported() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let file = "号码,城市,备注\n02877770001,成都,新\n083xxxx0011,,改\n";
    let sent = super::imports::send(&visitor, &[("what", "numbers")], file.as_bytes());
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = visitor.get(sent.header("location").unwrap()).body;
    assert_eq!(super::cells(&page, "2")[1], "02877770001", "{page}");
    assert!(page.contains("note: ") && page.contains("改"), "{page}");
    let people = "登录名,姓名,角色\nnewcomer,新人,Agent\n";
    let sent = super::imports::send(&visitor, &[("what", "users")], people.as_bytes());
    assert_eq!(sent.status, 303, "{}", sent.body);
    let twice = "号码,number\n02877770001,02877770001\n";
    let sent = super::imports::send(&visitor, &[("what", "numbers")], twice.as_bytes());
    assert!(sent.status == 422 && sent.body.contains("number"), "{}", sent.body);
}

#[test]
fn a_number_is_bound_from_the_page_of_its_group_too() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let group = "/console/ccc-test/groups/night%40ccc-test";
    let page = visitor.get(group).body;
    let form = page.split("<form").find(|form| form.contains("value=\"bind\"")).unwrap();
    assert!(form.contains("name=\"group\" value=\"night@ccc-test\""), "{form}");
    assert!(form.contains("name=\"number\"") && form.contains("numbers/preview"), "{form}");
    let form = [
        ("action", "bind"),
        ("group", "night@ccc-test"),
        ("back", group),
        ("number", "01055500012"),
    ];
    let preview = visitor.post(PREVIEW, &form);
    let done = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(visitor.get(group).body.contains("numbers/01055500012\""));
}
