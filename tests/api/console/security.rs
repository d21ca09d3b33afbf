//! What another site, another tenant or another role can't do.

use super::{Visitor, app};

const ASSIGN: [(&str, &str); 3] =
    [("action", "assign"), ("target", "lina"), ("number", "01055500011")];

#[test]
fn a_form_of_another_page_is_refused_and_one_of_the_console_is_not() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let address = "/console/ccc-test/numbers/preview";
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://127.0.0.1:1")],
        &[("origin", "null")],
        &[],
    ] {
        let reply = visitor.send("POST", address, headers, Some(&ASSIGN));
        assert_eq!(reply.status, 403, "{headers:?}");
    }
    let origin = format!("http://{}", app.address);
    for headers in [[("sec-fetch-site", "same-origin")], [("origin", origin.as_str())]] {
        let reply = visitor.send("POST", address, &headers, Some(&ASSIGN));
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
}

#[test]
fn every_page_forbids_scripts_and_frames_of_others_and_is_not_stored() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for path in ["/console/login", "/console/ccc-test/", "/console/ccc-test/nothing"] {
        let reply = visitor.get(path);
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert!(!reply.body.contains("<script>") && !reply.body.contains("style=\""));
    }
}

#[test]
fn another_call_centre_is_one_that_does_not_exist() {
    let app = app();
    let admin = app.database.query(
        "SELECT login_name FROM ram_user JOIN user USING (ram_id)
          WHERE instance_id = 'vcc-test' AND role = 'Admin' AND NOT is_root AND NOT EXISTS (
                SELECT 1 FROM user AS u WHERE u.ram_id = user.ram_id AND u.instance_id <> 'vcc-test')
          ORDER BY login_name LIMIT 1",
    );
    let visitor = Visitor::of(&app, &admin);
    assert_eq!(visitor.get("/console/vcc-test/").status, 200);
    let foreign = visitor.get("/console/ccc-test/");
    let missing = visitor.get("/console/no-such/");
    assert_eq!((foreign.status, missing.status), (404, 404));
    let page = "/console/ccc-test/numbers/083xxxx0011";
    assert_eq!(visitor.get(page).status, 404);
    assert_eq!(visitor.post("/console/ccc-test/numbers/preview", &ASSIGN).status, 404);
}

#[test]
fn an_agent_sees_their_own_page_and_nothing_else() {
    let app = app();
    let agent = app.database.query(
        "SELECT login_name FROM ram_user JOIN user USING (ram_id)
          WHERE instance_id = 'ccc-test' AND role = 'Agent' AND active ORDER BY login_name LIMIT 1",
    );
    let visitor = Visitor::of(&app, &agent);
    let own = format!("/console/ccc-test/users/{agent}%40ccc-test");
    let page = visitor.get(&own);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains("id=\"give\"") && !page.body.contains("palette-open"));
    let first = visitor.get("/console/ccc-test/");
    assert_eq!(first.status, 303, "{}", first.body);
    assert_eq!(visitor.get(first.header("location").unwrap()).status, 200);
    for link in page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let reply = visitor.get(link);
        assert!(reply.status < 400, "{link}: {}", reply.status);
    }
    for path in ["numbers", "users/user-test%40ccc-test", "groups", "changes", "settings"] {
        assert_eq!(visitor.get(&format!("/console/ccc-test/{path}")).status, 403, "{path}");
    }
    for path in ["numbers/preview", "numbers/apply", "settings", "groups"] {
        assert_eq!(visitor.post(&format!("/console/ccc-test/{path}"), &ASSIGN).status, 403);
    }
}

#[test]
fn a_manager_has_no_buttons_for_what_they_may_not_do_and_is_refused_if_they_try() {
    let app = app();
    let manager = app.database.query(
        "SELECT login_name FROM ram_user JOIN user USING (ram_id)
          WHERE instance_id = 'ccc-test' AND role = 'Manager' ORDER BY login_name LIMIT 1",
    );
    let visitor = Visitor::of(&app, &manager);
    let page = visitor.get("/console/ccc-test/numbers");
    assert!(page.body.contains("id=\"act\"") && !page.body.contains("numbers/add"));
    assert_eq!(visitor.get("/console/ccc-test/numbers/add").status, 403);
    assert_eq!(visitor.post("/console/ccc-test/users/add", &[("login_name", "x")]).status, 403);
    assert_eq!(visitor.post("/console/ccc-test/requests/x/undo", &[]).status, 403);
}

/// Names that would be something else than text, if a page, a script or an address took them so.
const HOSTILE: [&str; 40] = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</script><script>alert(1)//",
    "<svg/onload=alert(1)>",
    "\"><b>bold",
    "'><b>bold",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "</title><b>",
    "</textarea><b>",
    "</select><b>",
    "</template><b>",
    "</svg><b>",
    "<!-- ",
    "--> ",
    "<![CDATA[",
    "]]>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<style>*{display:none}</style>",
    "<form action=//evil.example>",
    "<input name=csrf>",
    "<a href=javascript:alert(1)>x",
    "javascript:alert(1)",
    "{{7*7}}",
    "${7*7}",
    "{ $user }",
    "{% raw %}",
    "%3Cb%3E",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&amp;&amp;",
    "'; DROP TABLE user; --",
    "../../etc/passwd",
    "a/b?c=d#e&f",
    "=1+1",
    "@SUM(1)",
    "２<b>３",
    "𝓐<b>́̂̃",
];

#[test]
fn names_that_look_like_markup_are_shown_as_text() {
    let app = app();
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    let visitor = Visitor::of(&app, "user-test");
    let tags = |page: &str| page.matches('<').count();
    let pages = [
        "",
        "numbers",
        "numbers/083xxxx0011",
        "numbers/083xxxx0011/edit",
        "users",
        "users/user-test%40ccc-test",
        "users/user-test%40ccc-test/edit",
        "users/user-test%40ccc-test/leaver",
        "groups",
        "groups/test%40ccc-test",
        "capacity",
        "settings",
    ];
    let mut usual: Option<Vec<usize>> = None;
    for name in std::iter::once("plain").chain(HOSTILE) {
        for sql in [
            "UPDATE user SET display_name = ?1 WHERE user_id = 'user-test@ccc-test'",
            "UPDATE skill_group SET display_name = ?1 WHERE skill_group_id = 'test@ccc-test'",
            "UPDATE phone_number SET city = ?1, note = ?1 WHERE number = '083xxxx0011'",
            "UPDATE instance SET name = ?1 WHERE instance_id = 'ccc-test'",
        ] {
            connection.execute(sql, [name]).unwrap();
        }
        let counts: Vec<usize> = pages
            .iter()
            .map(|path| {
                let page = visitor.get(&format!("/console/ccc-test/{path}"));
                assert_eq!(page.status, 200, "{path} {name}");
                // The log grows with each name, and the list of its lines with it.
                let body = page.body.split("<ul class=\"log\">").next().unwrap().to_owned();
                let escaped = body.replace("&#60;", "<").replace("&#62;", ">");
                let escaped = escaped.replace("&#34;", "\"").replace("&#39;", "'");
                assert!(escaped.replace("&#38;", "&").contains(name), "{path} {name}");
                tags(&body)
            })
            .collect();
        let usual = usual.get_or_insert_with(|| counts.clone());
        assert_eq!(&counts, usual, "{name} makes no tag");
        let found = visitor.get("/console/ccc-test/suggest?kind=user&q=user-test");
        let found: serde_json::Value = serde_json::from_str(&found.body).unwrap();
        assert_eq!(found[0]["label"], name);
    }
}

#[test]
fn no_form_of_the_console_is_a_fault_whatever_is_in_it() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let fields = [
        "action",
        "target",
        "group",
        "holder",
        "until",
        "offset",
        "days",
        "reason",
        "number",
        "all",
        "filter",
        "mode",
        "hash",
        "seen",
        "back",
        "version",
        "usage",
        "active",
        "city",
        "contact_flow_id",
        "tags",
        "note",
        "name",
        "display_name",
        "role",
        "work_mode",
        "password",
        "level",
        "user",
        "numbers",
        "apply",
        "login_name",
        "email",
        "remove",
        "least",
        "country_code",
        "personal_numbers",
        "cool_down_days",
        "language",
        "shortcuts",
        "present",
        "new",
        "again",
        "act",
    ];
    let long = "é".repeat(1500);
    let values =
        ["", "x", "-1", "99999999999999999999", "\u{0}\u{202e}", "true", HOSTILE[0], &long];
    for route in numberd::console::PAGES.iter().filter(|route| route.method == "POST") {
        let path = route.pattern.replace("{number}", "083xxxx0011").replace("{request}", "NONE");
        let path = path.replace("{user}", "lina%40ccc-test").replace("{group}", "test%40ccc-test");
        for value in values {
            let each: Vec<(&str, &str)> = fields.iter().map(|field| (*field, value)).collect();
            let alone = each.iter().map(std::slice::from_ref);
            for form in alone.step_by(7).chain([&each[..], &each[..1]]) {
                let reply = visitor.post(&format!("/console/ccc-test/{path}"), form);
                assert!(reply.status < 500, "{path} {form:?}: {}", reply.body);
            }
        }
    }
    app.database.assert_no_rule_violation();
}

#[test]
fn nothing_of_the_console_is_answered_to_an_api_token() {
    let app = app();
    let headers = [("authorization", "Bearer demo-token")];
    assert_eq!(app.send("GET", "/console/ccc-test/numbers", &headers, None).status, 303);
}
