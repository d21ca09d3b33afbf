//! Doing something with numbers: a preview of every outcome, then exactly that, then undoing it.

use super::{Visitor, app, hidden};

pub fn held(app: &super::App, user: &str) -> String {
    app.database.query(&format!(
        "SELECT group_concat(number) FROM (SELECT number FROM personal_assignment
          WHERE user_id = '{user}' AND released_at IS NULL ORDER BY number)"
    ))
}

/// The fields of a preview's form, to be sent on.
pub fn apply<'a>(page: &str, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let mut all: Vec<(&str, String)> =
        fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    all.extend([("hash", hidden(page, "hash")), ("seen", hidden(page, "seen"))]);
    all
}

pub fn post(visitor: &Visitor<'_>, path: &str, fields: &[(&str, String)]) -> super::Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    visitor.post(path, &fields)
}

#[test]
fn numbers_are_given_after_a_preview_and_the_result_can_be_undone() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let before = held(&app, "lina@ccc-test");
    let form = [
        ("action", "assign"),
        ("target", "lina"),
        ("number", "01055500011"),
        ("number", "01055500012"),
        ("reason", "new desk"),
    ];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    assert!(preview.status == 200 && preview.body.contains("2 would change"), "{}", preview.body);
    assert_eq!(held(&app, "lina@ccc-test"), before, "a preview changes nothing");

    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_ne!(held(&app, "lina@ccc-test"), before);
    let logged = app.database.query(
        "SELECT DISTINCT via || ' ' || actor || ' ' || reason FROM change
          ORDER BY change_id DESC LIMIT 1",
    );
    assert_eq!(logged, "console user-test new desk");

    let result = reply.header("location").unwrap();
    let page = visitor.get(result);
    assert!(page.body.contains("Done: 2 changes"), "{}", page.body);
    let request = result.split('?').next().unwrap();
    let undo = visitor.get(&format!("{request}/undo"));
    assert!(undo.status == 200 && undo.body.contains("Undo 2"), "{}", undo.body);
    let reply = visitor.post(&format!("{request}/undo"), &[("reason", "too early")]);
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(held(&app, "lina@ccc-test"), before);
}

#[test]
fn a_refused_number_is_shown_with_its_holder_and_the_others_can_be_done_alone() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [
        ("action", "assign"),
        ("target", "lina@ccc-test"),
        ("number", "01055500001"),
        ("number", "01055500011"),
        ("number", "nonsense"),
    ];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    assert!(preview.body.contains("In the group 销售组"), "{}", preview.body);
    assert!(preview.body.contains("1 would change") && preview.body.contains("2 refused"));

    let mut fields = apply(&preview.body, &form);
    let refused = post(&visitor, "/console/ccc-test/numbers/apply", &fields);
    assert_eq!(refused.status, 409, "all or nothing unless the person says otherwise");
    assert!(!held(&app, "lina@ccc-test").contains("01055500011"));
    fields.push(("mode", "best_effort".to_owned()));
    assert_eq!(post(&visitor, "/console/ccc-test/numbers/apply", &fields).status, 303);
    assert!(held(&app, "lina@ccc-test").contains("01055500011"));
}

#[test]
fn what_changed_behind_a_preview_is_shown_and_not_done() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [("action", "assign"), ("target", "lina"), ("number", "01055500011")];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    let other = [("InstanceId", "ccc-test"), ("Number", "01055500011"), ("Usage", "Outbound")];
    assert_eq!(app.call("ModifyPhoneNumber", &other).status, 200);
    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(reply.status, 412);
    assert!(reply.body.contains("1 of these numbers changed meanwhile"), "{}", reply.body);
    assert!(!held(&app, "lina@ccc-test").contains("01055500011"));
    // The new preview carries the new state, and can be applied.
    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&reply.body, &form));
    assert_eq!(reply.status, 303);
}

#[test]
fn all_that_match_are_those_of_the_preview_however_the_filter_would_answer_later() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [
        ("action", "bind"),
        ("group", "test"),
        ("all", "true"),
        ("filter", "state=free&city=%E6%88%90%E9%83%BD&active=true"),
    ];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    let free = app.database.query(
        "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test'
            AND state = 'free' AND city = '成都' AND active",
    );
    assert!(preview.body.contains(&format!("{free} would change")), "{free}: {}", preview.body);
    let add =
        [("InstanceId", "ccc-test"), ("NumberList", "[\"02866660000\"]"), ("Usage", "Bidirection")];
    app.call(
        "ImportCorpNumbers",
        &[
            ("NumberList", "[\"02866660000\"]"),
            ("City", "成都"),
            ("Province", "四川"),
            ("Provider", "p"),
            ("CorpName", "c"),
        ],
    );
    assert_eq!(app.call("AddPhoneNumbers", &add).status, 200);
    let fields = apply(&preview.body, &form);
    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &fields);
    assert_eq!(reply.status, 412, "one more number matches now than the person saw");
    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&reply.body, &form));
    assert_eq!(reply.status, 303, "{}", reply.body);
}

#[test]
fn more_than_a_thousand_are_done_in_steps_that_a_page_follows() {
    let app = app();
    app.database.query(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 1200)
         INSERT INTO phone_number (instance_id, number)
         SELECT 'ccc-test', '0777' || (1000000 + i) FROM n",
    );
    let visitor = Visitor::of(&app, "user-test");
    let form = [("action", "assign"), ("target", "lina"), ("all", "true"), ("filter", "q=0777")];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    let tried = "The first 1000 were tried; 200 more will be done in steps";
    assert!(preview.body.contains(tried), "{}", preview.body);
    let fields = apply(&preview.body, &form);
    let begun = post(&visitor, "/console/ccc-test/numbers/apply", &fields);
    assert_eq!(begun.status, 303, "{}", begun.body);
    let at = begun.header("location").unwrap();
    let mut page = visitor.get(at);
    let mut followed = 0;
    while page.body.contains("data-run=\"running\"") {
        assert_eq!(page.header("refresh"), Some("1"));
        followed += 1;
        std::thread::sleep(std::time::Duration::from_millis(20));
        page = visitor.get(at);
    }
    assert!(followed > 0 && page.body.contains("1200 of 1200 done"), "{}", page.body);
    assert_eq!(page.header("refresh"), None);
    let undo = visitor.post(&format!("{at}/undo"), &[("reason", "too early")]);
    assert_eq!(undo.status, 303, "{}", undo.body);
    let at = undo.header("location").unwrap();
    // Stopped, it waits for somebody.
    let stop = visitor.post(&format!("{at}/run"), &[("act", "stop")]);
    assert_eq!(stop.status, 303, "{}", stop.body);
    let page = visitor.get(at);
    assert!(page.body.contains("data-run=\"stopped\""), "{}", page.body);
    visitor.post(&format!("{at}/run"), &[("mode", "all_or_nothing")]);
    while !visitor.get(at).body.contains("data-run=\"ended\"") {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(!held(&app, "lina@ccc-test").contains("0777"));
}

#[test]
fn a_number_is_held_for_somebody_until_a_moment_of_the_readers_own_time_and_the_hold_ended_early() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [
        ("action", "hold"),
        ("target", "lina"),
        ("number", "01055500011"),
        ("until", "2099-03-03T15:10"),
        ("offset", "480"),
        ("reason", "new colleague"),
    ];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    assert!(preview.body.contains("Keep 1 number for 李娜"), "{}", preview.body);
    assert_eq!(hidden(&preview.body, "until"), "2099-03-03T15:10");
    assert_eq!(hidden(&preview.body, "offset"), "480");
    assert!(preview.body.contains("On hold for 李娜 (new colleague)"), "{}", preview.body);
    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(reply.status, 303, "{}", reply.body);
    let result = visitor.get(reply.header("location").unwrap()).body;
    let title = result.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
    let until = "until <time datetime=\"2099-03-03T07:10:00.000Z\">";
    assert!(title.contains("01055500011 put on hold for 李娜") && title.contains(until), "{title}");

    let until = "2099-03-03T07:10:00.000Z";
    for (language, kept, logged) in [
        ("en", "On hold for 李娜 (new colleague)", "01055500011 put on hold for 李娜 until <time"),
        ("zh-CN", "为 李娜 预留 (new colleague)", "01055500011 为 李娜 预留，至 <time"),
    ] {
        let visitor = Visitor::of(&app, "user-test").reading(language);
        for path in ["", "numbers?q=01055500011", "numbers/01055500011"] {
            let page = visitor.get(&format!("/console/ccc-test/{path}"));
            assert!(page.body.contains(kept) && page.body.contains(until), "{path}: {}", page.body);
        }
        let number = visitor.get("/console/ccc-test/numbers/01055500011");
        assert!(number.body.contains(logged), "{}", number.body);
        let path = "/console/ccc-test/users/wangfang%40ccc-test?q=01055500011&blocked=true";
        let candidates = visitor.get(path);
        assert!(candidates.body.contains(kept), "{}", candidates.body);
        assert!(candidates.body.contains("action=end-reservation"), "{}", candidates.body);
    }

    let form = [("action", "end-reservation"), ("number", "01055500011"), ("reason", "not needed")];
    let preview =
        visitor.get("/console/ccc-test/numbers/preview?action=end-reservation&number=01055500011");
    assert!(preview.body.contains("End the hold or cool-down of 1 number"), "{}", preview.body);
    let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
    assert_eq!(reply.status, 303, "{}", reply.body);
    let number = visitor.get("/console/ccc-test/numbers/01055500011");
    assert!(number.body.contains("01055500011 is no longer kept"), "{}", number.body);
    assert!(!number.body.contains("On hold for"), "{}", number.body);
}

#[test]
fn the_preview_says_who_has_a_number_that_stays_where_it_is() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [("action", "release"), ("number", "083xxxx0011"), ("holder", "lina@ccc-test")];
    let page = visitor.post("/console/ccc-test/numbers/preview", &form).body;
    assert!(page.contains("already so") && page.contains(">云呼测试1</a></td>"), "{page}");
}

#[test]
fn a_hold_without_a_moment_to_come_and_days_that_are_none_are_refused_by_name() {
    let app = app();
    let reservations = "SELECT count(*) FROM reservation";
    let before = app.database.query(reservations);
    let visitor = Visitor::of(&app, "user-test");
    let preview = |fields: &[(&str, &str)]| {
        let page = visitor.post("/console/ccc-test/numbers/preview", fields);
        assert_eq!(page.status, 400, "{}", page.body);
        page.body
    };
    let form = [("action", "hold"), ("number", "01055500011"), ("until", "")];
    assert!(preview(&form).contains("Say until when"));
    for until in ["tomorrow", "2020-01-01T00:00", "99999-01-01T00:00"] {
        let form = [("action", "hold"), ("number", "01055500011"), ("until", until)];
        assert!(preview(&form).contains("is not a moment in the future"), "{until}");
    }
    for days in ["-1", "3651", "many", "99999999999"] {
        let form = [("action", "release"), ("number", "02855500005"), ("days", days)];
        assert!(preview(&form).contains("is not a number of days from 0 to 3650"), "{days}");
    }
    let form = [("name", "x"), ("cool_down_days", "3651")];
    let settings = visitor.post("/console/ccc-test/settings", &form);
    assert!(settings.status == 400 && settings.body.contains("3651"), "{}", settings.body);
    assert_eq!(app.database.query(reservations), before);
}

#[test]
fn a_number_that_is_taken_back_cools_down_as_the_settings_or_the_form_say() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form = [("name", "云呼测试实例"), ("cool_down_days", "30")];
    let saved = visitor.post("/console/ccc-test/settings", &form);
    assert_eq!(saved.status, 303, "{}", saved.body);
    let settings = visitor.get("/console/ccc-test/settings");
    assert!(
        settings.body.contains(
            "name=\"cool_down_days\" type=\"number\" min=\"0\" max=\"3650\" value=\"30\""
        ),
        "{}",
        settings.body
    );
    for (number, days, until) in [("02855500005", "", "30"), ("02855500006", "2", "2")] {
        let form = [("action", "release"), ("number", number), ("days", days)];
        let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
        let reply = post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview.body, &form));
        assert_eq!(reply.status, 303, "{}", reply.body);
        let length = format!(
            "SELECT (until_at - reserved_at) / 86400000 FROM reservation WHERE number = '{number}'"
        );
        assert_eq!(app.database.query(&length), until);
        let page = visitor.get(&format!("/console/ccc-test/numbers/{number}"));
        assert!(page.body.contains("Cooling down; 李娜 may have it back"), "{}", page.body);
        assert!(page.body.contains(&format!("{number} cools down")), "{}", page.body);
    }
}

#[test]
fn an_action_that_no_form_offers_is_refused_by_its_name() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let page = "/console/ccc-test/numbers/preview";
    for action in ["zzz+qqq", "remove", "RELEASE", ""] {
        let reply = visitor.get(&format!("{page}?action={action}&number=01055500011"));
        let action = action.replace('+', " ");
        assert_eq!(reply.status, 400, "{action}: {}", reply.body);
        assert!(
            reply.body.contains(&format!("action can&#39;t be &#34;{action}&#34;")),
            "{}",
            reply.body
        );
        for page in ["preview", "apply"] {
            let form = [("action", action.as_str()), ("number", "01055500011")];
            let reply = visitor.post(&format!("/console/ccc-test/numbers/{page}"), &form);
            assert_eq!(reply.status, 400, "{page} {action}: {}", reply.body);
        }
    }
}
