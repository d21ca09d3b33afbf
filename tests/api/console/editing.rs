//! Editing in forms: what was typed is never lost, what somebody else did is never overwritten
//! unseen.

use super::{Visitor, app, encoded, hidden};

const EDIT: &str = "/console/ccc-test/numbers/083xxxx0011/edit";

#[test]
fn a_number_is_edited_with_a_reason() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let version = hidden(&visitor.get(EDIT).body, "version");
    let form = [
        ("version", version.as_str()),
        ("usage", "Bidirection"),
        ("active", "true"),
        ("city", "成都"),
        ("province", "四川"),
        ("tags", "vip desk"),
        ("note", " the front desk "),
        ("reason", "typo"),
    ];
    let reply = visitor.post(EDIT, &form);
    assert_eq!(reply.status, 303, "{}", reply.body);
    let sql = "SELECT city || tags || note FROM phone_number WHERE number = '083xxxx0011'";
    assert_eq!(app.database.query(sql), "成都[\"vip\",\"desk\"]the front desk");
    let page = visitor.get("/console/ccc-test/numbers/083xxxx0011");
    assert!(page.body.contains("city 乐山 → 成都") && page.body.contains("typo"));
    assert!(page.body.contains("<dd>the front desk</dd>"), "{}", page.body);
}

#[test]
fn what_colleagues_want_to_remember_of_a_person_is_on_their_page() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let user = "/console/ccc-test/users/lina%40ccc-test";
    let edit = format!("{user}/edit");
    let version = hidden(&visitor.get(&edit).body, "version");
    let note = "on leave <until> May";
    let form = [("version", version.as_str()), ("display_name", "李娜"), ("note", note)];
    assert_eq!(visitor.post(&edit, &form).status, 303);
    let shown = "on leave &#60;until&#62; May";
    assert!(visitor.get(user).body.contains(shown), "{}", visitor.get(user).body);
    assert!(visitor.get(&edit).body.contains(shown));
    let long = "x".repeat(501);
    let form = [("version", version.as_str()), ("display_name", "李娜"), ("note", &long)];
    let refused = visitor.post(&edit, &form);
    assert!(refused.status == 400 && refused.body.contains("not 501"), "{}", refused.body);
}

#[test]
fn a_page_from_yesterday_shows_what_somebody_else_did_and_keeps_what_was_typed() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let version = hidden(&visitor.get(EDIT).body, "version");
    let other = [("InstanceId", "ccc-test"), ("Number", "083xxxx0011"), ("Usage", "Outbound")];
    app.call("ModifyPhoneNumber", &[other[0], other[1], ("Usage", "Inbound")]);
    let form = [("version", version.as_str()), ("usage", "Inbound"), ("city", "我的城市")];
    let reply = visitor.post(EDIT, &form);
    assert_eq!(reply.status, 412);
    assert!(reply.body.contains("value=\"我的城市\""), "{}", reply.body);
    assert!(reply.body.contains("Somebody else changed this"));
    let newer = hidden(&reply.body, "version");
    let form = [("version", newer.as_str()), ("usage", "Inbound"), ("city", "我的城市")];
    assert_eq!(visitor.post(EDIT, &form).status, 303);
}

#[test]
fn tags_that_nobody_touched_in_the_form_stay_whatever_somebody_else_made_of_them() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let tags = |tags: &str| {
        let sql = format!("UPDATE phone_number SET tags = '{tags}' WHERE number = '083xxxx0011'");
        app.database.query(&sql);
    };
    tags(r#"["a b"]"#);
    let page = visitor.get(EDIT).body;
    let [version, shown, typed] = ["version", "tags_shown", "tags"].map(|name| hidden(&page, name));
    assert_eq!((shown.as_str(), typed.as_str()), ("a b", "a b"));
    tags(r#"["a b","c"]"#);
    let save = |version: &str| {
        let form = [("version", version), ("usage", "Inbound"), ("tags_shown", &shown)];
        visitor.post(EDIT, &[&form[..], &[("tags", &typed)]].concat())
    };
    let stale = save(&version);
    assert_eq!(stale.status, 412);
    assert_eq!(hidden(&stale.body, "tags_shown"), "a b");
    assert_eq!(save(&hidden(&stale.body, "version")).status, 303);
    let sql = "SELECT tags FROM phone_number WHERE number = '083xxxx0011'";
    assert_eq!(app.database.query(sql), r#"["a b","c"]"#);
}

#[test]
fn who_has_no_name_that_can_be_seen_is_shown_by_what_else_they_are_called() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for table in ["user", "skill_group"] {
        app.database.query(&format!("UPDATE {table} SET display_name = ' '"));
    }
    for (path, name) in [("users/lina%40ccc-test/edit", "lina"), ("groups/test%40ccc-test", "test")]
    {
        let page = visitor.get(&format!("/console/ccc-test/{path}")).body;
        assert_eq!(hidden(&page, "display_name"), name);
    }
}

#[test]
fn a_rule_that_stands_in_the_way_is_said_beside_the_form() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let version = hidden(&visitor.get(EDIT).body, "version");
    let flow = app
        .database
        .query("SELECT contact_flow_id FROM contact_flow WHERE instance_id = 'ccc-test' LIMIT 1");
    let form = [
        ("version", version.as_str()),
        ("usage", "Outbound"),
        ("contact_flow_id", flow.as_str()),
        ("provider", "typed before"),
    ];
    let reply = visitor.post(EDIT, &form);
    assert!(reply.status == 409 && reply.body.contains("typed before"), "{}", reply.body);
}

#[test]
fn texts_with_control_characters_or_without_end_are_refused_by_name() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let long = "x".repeat(600);
    for (field, value) in [
        ("city", "a\u{1b}[2J"),
        ("reason", long.as_str()),
        ("provider", "\u{202e}"),
        ("note", "a\nb"),
    ] {
        let form = [("version", "1"), ("usage", "Inbound"), (field, value)];
        let reply = visitor.post(EDIT, &form);
        assert_eq!(reply.status, 400, "{field}: {}", reply.body);
    }
}

#[test]
fn a_choice_that_the_page_does_not_offer_is_refused_by_name_and_changes_nothing() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let before = app.database.query("SELECT max(change_id) FROM change");
    let user = "users/lina%40ccc-test/edit";
    for (path, field) in [(EDIT, "usage"), (user, "role"), (user, "work_mode")] {
        let path = path.trim_start_matches("/console/ccc-test/");
        let page = format!("/console/ccc-test/{path}");
        let version = hidden(&visitor.get(&page).body, "version");
        let form = [("version", version.as_str()), ("display_name", "x"), (field, "Nonsense")];
        let reply = visitor.post(&page, &form);
        assert_eq!(reply.status, 400, "{field}: {}", reply.body);
        assert!(reply.body.contains(&format!("#f-{field}")), "{field}: {}", reply.body);
        assert!(reply.body.contains("Nonsense"), "{field}: {}", reply.body);
    }
    assert_eq!(app.database.query("SELECT max(change_id) FROM change"), before);
}

#[test]
fn a_form_with_a_wrong_type_is_refused_and_not_a_fault() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for (path, field, value) in [
        ("numbers/083xxxx0011/edit", "version", "one"),
        ("numbers/preview", "all", "perhaps"),
        ("numbers/apply", "seen", "x"),
        ("groups/test%40ccc-test/members", "level", "300"),
        ("groups/test%40ccc-test/members", "level", "11"),
        ("preferences", "shortcuts", "perhaps"),
    ] {
        let form = [(field, value), ("user", "lina"), ("action", "add")];
        let reply = visitor.post(&format!("/console/ccc-test/{path}"), &form);
        assert_eq!(reply.status, 400, "{path} {field}: {}", reply.body);
    }
}

#[test]
fn numbers_are_added_from_lines_and_ranges_after_a_preview() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let add = "/console/ccc-test/numbers/add";
    let numbers = "057177770000..057177770009\n\n057177770100\n01055500011";
    let preview = visitor.post(add, &[("numbers", numbers)]);
    assert!(preview.body.contains("11 numbers would be added"), "{}", preview.body);
    assert!(preview.body.contains("1 already so"));
    let hash = hidden(&preview.body, "hash");
    let more = format!("{numbers}\n057177770101");
    let form = [("numbers", more.as_str()), ("apply", "true"), ("hash", &hash)];
    let stale = visitor.post(add, &form);
    assert!(stale.status == 412 && stale.body.contains("12 numbers would"), "{}", stale.body);
    let reply = visitor.post(add, &[("numbers", numbers), ("apply", "true"), ("hash", &hash)]);
    assert_eq!(reply.status, 303, "{}", reply.body);
    let sql = "SELECT count(*) FROM phone_number WHERE number LIKE '05717777%' AND city = '杭州'";
    assert_eq!(app.database.query(sql), "11");
    for wrong in ["", "hello", "028..0299", "057177770000..057177799999"] {
        let reply = visitor.post(add, &[("numbers", wrong)]);
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.body);
    }
    let lines = "hello\n02877770001\n\n028..0299\n0281..x";
    let reply = visitor.post(add, &[("numbers", lines)]).body;
    for said in ["line 1: \"hello\"".replace('"', "&#34;"), "line 4: ".into(), "line 5: ".into()] {
        assert_eq!(reply.matches(&said).count(), 2, "{said}: {reply}");
    }
    assert!(!reply.contains("line 2") && !reply.contains("line 3"), "{reply}");
    let many = visitor.post(add, &[("numbers", "x\n".repeat(25).as_str())]).body;
    assert!(many.contains("line 10:") && !many.contains("line 11:"), "{many}");
    assert!(many.contains("and 15 more"), "{many}");
}

#[test]
fn several_faults_of_a_form_are_listed_at_its_top_and_lead_to_their_fields() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let before = app.database.query("SELECT max(change_id) FROM change");
    let joiner = [("login_name", "li na"), ("email", "nobody"), ("display_name", "x\u{7}")];
    let number =
        [("version", "1"), ("city", "a\u{1b}"), ("note", "a\nb"), ("provider", "\u{202e}")];
    let group = [("name", "a b"), ("display_name", "\u{7}"), ("description", "a\u{1b}")];
    let long_tag = "x".repeat(65);
    let mark = [("city", "\u{7}"), ("usage", "some"), ("least", "nobody"), ("reason", "kept")];
    let added = [("numbers", "hello"), ("tags", &long_tag), ("usage", "some"), ("reason", "kept")];
    let settings = [("name", "\u{7}"), ("cool_down_days", "9999"), ("personal_numbers", "ours")];
    for (path, form, fields) in [
        ("users/add", &joiner[..], ["login_name", "email", "display_name"]),
        ("numbers/083xxxx0011/edit", &number[..], ["city", "note", "provider"]),
        ("settings", &settings[..], ["name", "cool_down_days", "personal_numbers"]),
        ("numbers/add", &added[..], ["numbers", "tags", "usage"]),
        ("groups", &group[..], ["name", "display_name", "description"]),
        ("settings/marks", &mark[..], ["city", "usage", "least"]),
    ] {
        let reply = visitor.post(&format!("/console/ccc-test/{path}"), form);
        assert_eq!(reply.status, 400, "{path}: {}", reply.body);
        assert!(reply.body.contains("3 fields have to be corrected"), "{path}: {}", reply.body);
        assert_eq!(reply.body.matches("aria-invalid=\"true\"").count(), 3, "{path}");
        for field in fields {
            assert!(reply.body.contains(&format!("<a href=\"#f-{field}\">")), "{path} {field}");
            let marked = format!("id=\"f-{field}\" name=\"{field}\" aria-invalid=\"true\"");
            assert_eq!(reply.body.matches(&marked).count(), 1, "{path} {field}: {}", reply.body);
            for said in [format!("aria-describedby=\"e-{field}\""), format!("id=\"e-{field}\">")] {
                assert_eq!(reply.body.matches(&said).count(), 1, "{path} {field}: {}", reply.body);
            }
            let beside = reply.body.split(&format!("id=\"e-{field}\">")).nth(1).unwrap();
            let beside = beside.split('<').next().unwrap();
            let listed = format!("<a href=\"#f-{field}\">{beside}</a>");
            assert!(reply.body.contains(&listed), "{path} {field}: {}", reply.body);
        }
        assert!(reply.body.contains("value=\"nobody\"") || path != "users/add", "{}", reply.body);
        assert!(reply.body.contains("value=\"a b\"") || path != "groups", "{}", reply.body);
        let kept = reply.body.contains("value=\"nobody\"") && reply.body.contains("=\"kept\"");
        assert!(kept || path != "settings/marks", "{}", reply.body);
    }
    let long = "x".repeat(501);
    let mark = [("least", "7"), ("mark_reason", long.as_str())];
    let reply = visitor.post("/console/ccc-test/settings/marks", &mark);
    let marked = "id=\"f-mark_reason\" name=\"mark_reason\" aria-invalid=\"true\"";
    assert!(reply.status == 400 && reply.body.contains(marked), "{}", reply.body);
    let form = [("login_name", "li na"), ("display_name", "x")];
    let one = visitor.post("/console/ccc-test/users/add", &form);
    assert!(!one.body.contains("have to be corrected") && one.body.contains("#f-login_name"));
    assert_eq!(app.database.query("SELECT max(change_id) FROM change"), before);
}

#[test]
fn members_join_and_leave_a_group_and_its_name_is_edited() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let page = "/console/ccc-test/groups/test%40ccc-test";
    let members = || {
        app.database.query(
            "SELECT count(*) FROM skill_group_member WHERE skill_group_id = 'test@ccc-test'
                AND user_id = 'user-test@ccc-test' AND skill_level = 3",
        )
    };
    let form = [("action", "add"), ("user", "user-test"), ("level", "3")];
    assert_eq!(visitor.post(&format!("{page}/members"), &form).status, 303);
    assert_eq!(members(), "1");
    let form = [("action", "remove"), ("user", "user-test@ccc-test")];
    assert_eq!(visitor.post(&format!("{page}/members"), &form).status, 303);
    assert_eq!(members(), "0");
    assert_eq!(visitor.post(&format!("{page}/members"), &[("action", "remove")]).status, 400);
    // What is refused is shown with everything that was typed.
    for (action, user, level, status, why) in [
        ("add", "nobody", "3", 400, "nobody called nobody"),
        ("add", "lina", "77", 400, "from 1, the strongest, to 10"),
        ("add", "lina", "high", 400, "from 1, the strongest, to 10"),
        ("add", " ", "7", 400, "at least one person"),
        ("promote", "lina", "7", 400, "action can&#39;t be &#34;promote&#34;"),
    ] {
        let form = [("action", action), ("user", user), ("level", level), ("reason", "as agreed")];
        let reply = visitor.post(&format!("{page}/members"), &form);
        assert_eq!(reply.status, status, "{user}: {}", reply.body);
        assert!(
            reply.body.contains(why) && reply.body.contains("role=\"alert\""),
            "{}",
            reply.body
        );
        if action == "add" {
            for typed in [user, level, "as agreed"].map(|text| format!("value=\"{text}\"")) {
                assert!(reply.body.contains(&typed), "{typed}: {}", reply.body);
            }
        }
    }
    let form = [("display_name", "新名字"), ("description", "")];
    assert_eq!(visitor.post(&format!("{page}/edit"), &form).status, 303);
    assert!(visitor.get(page).body.contains("新名字"));
}

#[test]
fn an_admin_sets_a_password_for_somebody_who_can_then_log_in() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let page = format!("/console/ccc-test/users/{}", encoded("lina@ccc-test"));
    let reply = visitor.post(&format!("{page}/password"), &[("password", "lina-password")]);
    assert_eq!(reply.status, 303, "{}", reply.body);
    let form = [("login", "lina"), ("password", "lina-password")];
    assert_eq!(Visitor::stranger(&app).post("/console/login", &form).status, 303);
    let short = visitor.post(&format!("{page}/password"), &[("password", "short")]);
    assert!(short.status == 400 && short.body.contains("8 to 64 characters."), "{}", short.body);
    assert!(short.body.contains("name=\"password\"") && short.body.contains("name=\"note\""));
    // A choice that no form offers is not passed over.
    for (field, value) in [("role", "Boss"), ("work_mode", "AT_HOME")] {
        let form = [("version", "1"), ("display_name", "李娜"), (field, value)];
        let reply = visitor.post(&format!("{page}/edit"), &form);
        assert!(reply.status == 400 && reply.body.contains(value), "{field}: {}", reply.body);
    }
}
