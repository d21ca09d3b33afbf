//! Pages show what is in the file, in both languages, whatever their address says.

use super::{Visitor, app, encoded};

/// Every page that only shows something.
pub(super) const PAGES: &[&str] = &[
    "",
    "password",
    "numbers",
    "numbers?q=0833&state=free&city=%E4%B9%90%E5%B1%B1&usage=Bidirection&active=true&sort=-city&page=2",
    "numbers/083xxxx0011",
    "numbers/083xxxx0011?at=2026-02-15T10:00&offset=480",
    "numbers/083xxxx0011/edit",
    "numbers/083xxxx0011/swap",
    "numbers/add",
    "users",
    "users?q=li&role=Agent&sort=-name",
    "users/user-test%40ccc-test?blocked=true",
    "users/user-test%40ccc-test/edit",
    "users/user-test%40ccc-test/leaver",
    "users/add",
    "groups?sort=-numbers",
    "groups/test%40ccc-test",
    "changes?via=cli",
    "import",
    "settings",
    "capacity",
    "capacity?city=%E8%A5%BF%E5%AE%89&usage=Bidirection",
];

/// What is not in [`PAGES`]: files, JSON, and what shows something that has to be made first. Each
/// has tests of its own.
const OTHERS: &[&str] = &[
    "suggest",
    "numbers.csv",
    "numbers.xlsx",
    "import/template.xlsx",
    "numbers/preview",
    "requests/{request}",
    "requests/{request}/undo",
    "imports/{import}",
    "imports/{import}/bad-lines.csv",
];

#[test]
fn no_page_of_the_console_is_missing_in_the_list_of_pages() {
    let fits = |pattern: &str, path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        pattern.split('/').count() == path.split('/').count()
            && pattern.split('/').zip(path.split('/')).all(|(a, b)| a == b || a.starts_with('{'))
    };
    for route in numberd::console::PAGES.iter().filter(|route| route.method == "GET") {
        let is_listed = PAGES.iter().any(|path| fits(route.pattern, path));
        assert_ne!(is_listed, OTHERS.contains(&route.pattern), "{}", route.pattern);
    }
}

#[test]
fn every_page_is_there_in_both_languages_and_has_no_message_without_a_text() {
    let app = app();
    for language in ["en", "zh-CN"] {
        let visitor = Visitor::of(&app, "user-test").reading(language);
        for path in PAGES {
            let page = visitor.get(&format!("/console/ccc-test/{path}"));
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{path}");
            // A key without a message is shown as itself, with its hyphens.
            for prefix in ["state-", "usage-", "role-", "change-", "why-", "column-", "via-"] {
                let bare = page.body.split(&format!(">{prefix}")).nth(1);
                assert!(bare.is_none(), "{language} {path}: {prefix}{:.40}", bare.unwrap_or(""));
            }
        }
    }
}

#[test]
fn the_language_follows_the_browser_until_the_person_chooses_and_then_the_person() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-TW,zh;q=0.9,en;q=0.1");
    assert!(visitor.get("/console/ccc-test/").body.contains("lang=\"zh-CN\""));
    let visitor = visitor.reading("de");
    assert!(visitor.get("/console/ccc-test/").body.contains("lang=\"en\""));
    let form = [("language", "zh-CN"), ("back", "/console/ccc-test/numbers")];
    let reply = visitor.post("/console/ccc-test/preferences", &form);
    assert_eq!(reply.header("location"), Some("/console/ccc-test/numbers"));
    assert!(visitor.get("/console/ccc-test/").body.contains("lang=\"zh-CN\""));
    // Kept with the login, for the next browser too.
    assert!(Visitor::of(&app, "user-test").get("/console/ccc-test/").body.contains("zh-CN"));
}

/// A page without the moments in it, of which pictures show the present one.
fn without_moments(page: &str) -> String {
    let mut pieces = page.split("datetime=\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    first + &pieces.filter_map(|piece| piece.split_once('"')).map(|two| two.1).collect::<String>()
}

#[test]
fn the_region_of_a_list_is_the_same_alone_as_inside_its_page() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for path in [
        "",
        "numbers?state=free",
        "users",
        "users/wangfang%40ccc-test?blocked=true",
        "groups",
        "groups/test%40ccc-test",
        "numbers/083xxxx0011",
        "capacity",
        "changes",
    ] {
        let address = format!("/console/ccc-test/{path}");
        let whole = visitor.get(&address).body;
        let headers = [("x-region", "1"), ("sec-fetch-site", "same-origin")];
        let region = visitor.send("GET", &address, &headers, None).body;
        assert!(region.trim_start().starts_with("<div id=\"region\""), "{path}");
        let (whole, region) = (without_moments(&whole), without_moments(region.trim()));
        assert!(whole.contains(&region), "{path}");
        assert!(region.contains("data-follow"), "{path}: others may change what it shows");
    }
}

#[test]
fn the_counts_of_a_facet_are_what_the_list_under_it_has() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for (query, sql) in [
        ("state=free", "state = 'free'"),
        ("state=free&city=%E6%88%90%E9%83%BD", "state = 'free' AND city = '成都'"),
        ("usage=Inbound&active=false", "usage = 'Inbound' AND NOT active"),
        ("city=none&state=bound", "city = '' AND state = 'bound'"),
    ] {
        let page = visitor.get(&format!("/console/ccc-test/numbers?{query}")).body;
        let count = app.database.query(&format!(
            "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test' AND {sql}"
        ));
        let summary = format!("data-summary=\"{count} number");
        assert!(page.contains(&summary), "{query}: {count}");
        let facets = page.split("class=\"facets\"").nth(1).unwrap();
        let chosen = facets.split("aria-current=\"true\"").nth(1).unwrap();
        assert!(chosen.contains(&format!("<span class=\"num\">{count}</span>")), "{query}");
    }
}

#[test]
fn a_page_past_the_end_is_the_last_and_odd_words_of_a_filter_are_ignored() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let page = visitor.get("/console/ccc-test/numbers?page=999&state=nonsense&sort=nonsense");
    assert!(page.status == 200 && page.body.contains("201–205"), "{}", page.body);
    let page = visitor.get("/console/ccc-test/numbers?page=minus");
    assert_eq!(page.status, 400);
}

#[test]
fn an_address_with_nothing_behind_it_says_so_inside_the_frame() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for path in [
        "nothing",
        "numbers/999",
        "numbers/999/edit",
        "users/nobody%40ccc-test",
        "groups/none%40ccc-test",
        "requests/NONE",
        "numbers/%00",
        "numbers/a%2Fb",
    ] {
        let page = visitor.get(&format!("/console/ccc-test/{path}"));
        assert_eq!(page.status, 404, "{path}: {}", page.body);
    }
    assert_eq!(visitor.get("/console/ccc-test/numbers/%ff").status, 404);
    assert_eq!(visitor.send("DELETE", "/console/ccc-test/", &[], None).status, 403);
}

#[test]
fn who_had_a_number_at_a_moment_is_asked_in_the_readers_own_time() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let (number, from, user) = {
        let row = app.database.query(
            "SELECT number || '|' || (assigned_at / 1000) || '|' || display_name
               FROM personal_assignment JOIN user USING (user_id)
              WHERE personal_assignment.instance_id = 'ccc-test' AND released_at IS NOT NULL LIMIT 1",
        );
        let parts: Vec<String> = row.split('|').map(str::to_owned).collect();
        (parts[0].clone(), parts[1].parse::<i64>().unwrap(), parts[2].clone())
    };
    let at = |seconds: i64, offset: i64| {
        let moment = numberd::domain::Timestamp::from_millis((seconds + offset * 60) * 1000);
        let text = moment.to_string();
        format!("numbers/{number}?at={}&offset={offset}", encoded(&text[..16]))
    };
    for offset in [0, 480, -300] {
        let page = visitor.get(&format!("/console/ccc-test/{}", at(from + 60, offset)));
        let answer = page.body.split("class=\"notice\" role=\"status\"").nth(1).unwrap();
        assert!(answer.split("</p>").next().unwrap().contains(&user), "{offset}");
    }
    let page = visitor.get(&format!("/console/ccc-test/numbers/{number}?at=yesterday"));
    assert!(page.body.contains("is not a moment"), "{}", page.body);
}

#[test]
fn the_export_is_what_the_filter_shows_and_safe_in_a_spreadsheet() {
    let app = app();
    let sql = "UPDATE phone_number SET city = '=1+1' WHERE number = '01055500011'";
    rusqlite::Connection::open(app.database.path()).unwrap().execute(sql, []).unwrap();
    let visitor = Visitor::of(&app, "user-test");
    let file = visitor.get("/console/ccc-test/numbers.csv?state=free");
    assert_eq!(file.status, 200);
    let rows: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    let free = app.database.query(
        "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free'",
    );
    assert_eq!((rows.len() - 1).to_string(), free);
    assert!(file.body.contains("\"'=1+1\""), "{}", file.body);
    let cookie = visitor.cookie();
    let headers = [("cookie", cookie.as_str())];
    let path = "/console/ccc-test/numbers.xlsx?state=free";
    let (reply, bytes) = app.send_labelled("GET", path, &headers, "", None);
    let book = numberd::domain::sheet::Sheet::read(&bytes).unwrap();
    assert_eq!((reply.status, book.lines.len()), (200, rows.len() - 1));
    assert!(book.lines.iter().any(|line| line.cells.iter().any(|cell| cell == "=1+1")));
}

#[test]
fn people_groups_and_numbers_are_suggested_by_any_part_of_their_name() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let found = |kind: &str, text: &str| {
        let path = format!("/console/ccc-test/suggest?kind={kind}&q={}", encoded(text));
        let reply = visitor.get(&path);
        let choices: Vec<serde_json::Value> = serde_json::from_str(&reply.body).unwrap();
        choices
            .iter()
            .map(|choice| choice["value"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(found("user", "lina").contains(&"lina@ccc-test".to_owned()));
    assert!(found("group", "测试").contains(&"test@ccc-test".to_owned()));
    assert!(found("all", "xxxx0011").contains(&"083xxxx0011".to_owned()));
    assert!(found("user", "%").is_empty());
}

#[test]
fn who_has_left_has_no_page_but_their_past_and_whoever_was_never_there_has_none() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let left = visitor.get("/console/ccc-test/users/sunli%40ccc-test");
    let changes = "/console/ccc-test/changes?user=sunli%40ccc-test";
    assert_eq!((left.status, left.header("location")), (303, Some(changes)));
    let past = visitor.get(changes);
    assert!(past.status == 200 && past.body.contains("02855500020"), "{}", past.body);
    assert_eq!(visitor.get("/console/ccc-test/users/nobody%40ccc-test").status, 404);
}

#[test]
fn the_list_of_changes_leads_to_its_beginning_and_shows_whole_requests() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let change = |at: usize| {
        let city = [("InstanceId", "ccc-test"), ("Number", "01055500011"), ("Usage", "Outbound")];
        let usage = if at.is_multiple_of(2) { "Inbound" } else { "Bidirection" };
        assert_eq!(
            app.call("ModifyPhoneNumber", &[city[0], city[1], ("Usage", usage)]).status,
            200
        );
    };
    (0..150).for_each(change);
    let mut listed: Vec<String> = Vec::new();
    let mut at = "/console/ccc-test/changes".to_owned();
    let mut pages = 0;
    while !at.is_empty() {
        pages += 1;
        let page = visitor.get(&at).body;
        for deed in page.split("<div class=\"meta\">").skip(1) {
            let meta = deed.split("</div>").next().unwrap();
            let request = meta.split("/requests/").nth(1).and_then(|rest| rest.split('"').next());
            listed.extend(request.map(str::to_owned));
        }
        let older =
            page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        at = older.unwrap_or_default().replace("&#38;", "&");
        assert_eq!(pages > 1, page.contains(">Newest</a>"), "{page}");
    }
    // What another request cut into is shown as two.
    let all =
        "SELECT count(*) FROM (SELECT request_id, lag(request_id) OVER (ORDER BY change_id) AS
                      before FROM change WHERE instance_id = 'ccc-test')
                WHERE request_id <> '' AND request_id IS NOT before";
    assert!(pages > 2, "{pages}");
    assert_eq!(listed.len().to_string(), app.database.query(all), "{listed:?}");
}

#[test]
fn changes_are_found_by_the_day_on_which_they_were_made_where_the_reader_is() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let sql = "SELECT changed_at FROM change WHERE instance_id = 'ccc-test'
                ORDER BY change_id DESC LIMIT 1";
    let newest: i64 = app.database.query(sql).parse().unwrap();
    let moment = numberd::domain::Timestamp::from_millis(newest).to_string();
    for offset in [0, 480, -300] {
        let day = |ahead: i64| {
            let local = newest + (offset + ahead * 24 * 60) * 60_000;
            numberd::domain::Timestamp::from_millis(local).to_string()[..10].to_owned()
        };
        for (from, until, found) in [(0, 0, true), (-9, 0, true), (1, 1, false), (-9, -1, false)] {
            let (from, until) = (day(from), day(until));
            let query = format!("from={from}&until={until}&offset={offset}");
            let page = visitor.get(&format!("/console/ccc-test/changes?{query}")).body;
            assert_eq!(page.contains(&moment), found, "{query}");
        }
    }
}

#[test]
fn the_settings_list_the_credentials_of_programs_with_their_last_use_for_whoever_may_see_them() {
    let app = app();
    app.database.query(
        "INSERT INTO oauth_client (client_id, instance_id, name, secret_hash, scopes, created_at,
                                   last_used_at)
         VALUES ('own-client', 'ccc-test', '<b>desk', zeroblob(32), '', 1790000000000,
                 1790000060000),
                ('other-client', 'vcc-test', 'other', zeroblob(32), '', 1790000000000, NULL)",
    );
    let settings = "/console/ccc-test/settings";
    let root = Visitor::of(&app, "user-test").get(settings).body;
    assert!(root.contains("own-client") && root.contains("&#60;b&#62;desk"), "{root}");
    assert!(root.contains("2026-09-21T14:14:20.000Z"), "when it was last used: {root}");
    assert!(!root.contains("other-client"), "{root}");
    assert!(root.contains("test-access-key") || root.contains("AccessKey"), "{root}");
    app.database.query("UPDATE user SET role = 'Admin' WHERE user_id = 'lina@ccc-test'");
    let admin = Visitor::of(&app, "lina").get(settings).body;
    assert!(admin.contains("own-client") && !admin.contains("AccessKey</td>"), "{admin}");
    let manager = Visitor::of(&app, "zhangwei").get(settings).body;
    assert!(!manager.contains("own-client") && manager.contains("One person holds"), "{manager}");
    app.database.query("DELETE FROM oauth_client WHERE instance_id = 'ccc-test'");
    let none = "No credential is limited to this call centre";
    assert!(Visitor::of(&app, "lina").get(settings).body.contains(none));
    assert!(!Visitor::of(&app, "user-test").get(settings).body.contains(none));
}

#[test]
fn the_first_page_says_what_runs_out_first_and_leads_to_its_course() {
    let app = app();
    let page = Visitor::of(&app, "user-test").get("/console/ccc-test/").body;
    let capacity = Visitor::of(&app, "user-test").get("/console/ccc-test/capacity").body;
    let first = page.split("Runs out</h2>").nth(1).expect("what runs out");
    let link = first.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(link.contains("/capacity?") && link.ends_with("#course"), "{link}");
    assert!(capacity.contains(link), "{link}");
    // Where none is free comes before where few are left.
    let rows = first.split("</table>").next().unwrap();
    let (gone, left) = (rows.rfind("none is free").expect(rows), rows.find(" weeks").expect(rows));
    assert!(gone < left, "{rows}");
}
