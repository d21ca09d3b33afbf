//! Spreadsheets in the console: sent by a form, shown, applied as shown, followed and undone.

use super::{App, Reply, Visitor, app, hidden};
use crate::support::LONG_PATIENCE;

const IMPORT: &str = "/console/ccc-test/import";

/// Sends the form of the import page with these fields and a file.
pub fn send(visitor: &Visitor<'_>, fields: &[(&str, &str)], file: &[u8]) -> Reply {
    send_from(visitor, "same-origin", fields, file)
}

fn send_from(visitor: &Visitor<'_>, site: &str, fields: &[(&str, &str)], file: &[u8]) -> Reply {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let head = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    body.extend([head.as_bytes(), file, b"\r\n--cut--\r\n"].concat());
    let cookie = visitor.cookie();
    let headers = [
        ("sec-fetch-site", site),
        ("accept-language", visitor.language),
        ("cookie", cookie.as_str()),
    ];
    let label = "multipart/form-data; boundary=cut";
    visitor.app.send_labelled("POST", IMPORT, &headers, label, Some(&body)).0
}

/// The preview that a file leads to: its address and its page.
pub fn previewed(visitor: &Visitor<'_>, fields: &[(&str, &str)], file: &str) -> (String, String) {
    let reply = send(visitor, fields, file.as_bytes());
    assert_eq!(reply.status, 303, "{}", reply.body);
    let address = reply.header("location").unwrap().to_owned();
    let page = visitor.get(&address);
    assert_eq!(page.status, 200, "{}", page.body);
    (address, page.body)
}

fn note(app: &App, number: &str) -> String {
    app.database.query(&format!("SELECT note FROM phone_number WHERE number = '{number}'"))
}

const MIXED: &str = "number;note\r\n083xxxx0011;<b>new</b>\r\n02877770001;\r\n8.3E+10;\r\n";

#[test]
fn a_file_is_shown_with_its_faults_and_imported_exactly_and_undone() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for list in ["numbers", "users", "groups"] {
        let page = visitor.get(&format!("/console/ccc-test/{list}"));
        assert!(page.body.contains("href=\"/console/ccc-test/import"), "{list}");
    }
    let form = visitor.get(&format!("{IMPORT}?what=users"));
    assert!(form.body.contains("<option value=\"users\" selected>"), "{}", form.body);

    let (address, page) = previewed(&visitor, &[("what", "numbers")], MIXED);
    for said in ["1 new", "1 would change", "1 line can", "CSV, UTF-8, semicolons", "8.3E+10"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains("&#60;b&#62;new") && !page.contains("<b>new"), "{page}");
    assert!(page.contains("Import the 2 other lines"), "{page}");
    assert_eq!(note(&app, "083xxxx0011"), "", "a preview changes nothing");
    let bad = visitor.get(&format!("{address}/bad-lines.csv"));
    assert!(bad.body.starts_with("\u{feff}number,note,error\r\n8.3E+10,,"), "{}", bad.body);

    let (plan, apply) = (hidden(&page, "plan"), format!("{address}/apply"));
    let refused = visitor.post(&apply, &[("plan", &plan)]);
    assert!(refused.status == 409 && refused.body.contains("1 line can"), "{}", refused.body);
    let done = visitor
        .post(&apply, &[("plan", &plan), ("best_effort", "true"), ("reason", "the new list")]);
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(note(&app, "083xxxx0011"), "<b>new</b>");
    let logged = "SELECT DISTINCT via || reason FROM change ORDER BY change_id DESC LIMIT 1";
    assert_eq!(app.database.query(logged), "consolethe new list");
    let result = done.header("location").unwrap();
    assert!(visitor.get(result).body.contains("Done: 2 changes"));
    let again = visitor.get(&address);
    assert!(again.body.contains("It was imported.") && !again.body.contains("/apply\""));
    let twice = visitor.post(&apply, &[("plan", &plan), ("best_effort", "true")]);
    assert!(twice.status == 409 && twice.body.contains("already"), "{}", twice.body);
    let request = result.split('?').next().unwrap();
    assert_eq!(visitor.post(&format!("{request}/undo"), &[]).status, 303);
    assert_eq!(note(&app, "083xxxx0011"), "");
}

#[test]
fn what_changed_behind_the_preview_is_said_and_nothing_is_done() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let (address, page) = previewed(&visitor, &[], "number,note\n083xxxx0011,a\n02877770001,\n");
    app.database.query("UPDATE phone_number SET note = 'by hand' WHERE number = '083xxxx0011'");
    let reply = visitor.post(&format!("{address}/apply"), &[("plan", &hidden(&page, "plan"))]);
    assert!(reply.status == 409 && reply.body.contains("预览之后数据已变"), "{}", reply.body);
    assert!(reply.body.contains("083xxxx0011"), "{}", reply.body);
    let other = visitor.post(&format!("{address}/apply"), &[("plan", "x")]);
    assert!(other.status == 409 && other.body.contains("不是本次预览"), "{}", other.body);
    let new = "SELECT count(*) FROM phone_number WHERE number = '02877770001'";
    assert_eq!(
        (app.database.query(new), note(&app, "083xxxx0011")),
        ("0".into(), "by hand".into())
    );
}

#[test]
fn many_lines_are_followed_on_the_page_of_their_request_which_survives_a_reload() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let lines: String = (0..1500).map(|at| format!("0299{:07},\r\n", at * 7)).collect();
    let (address, page) = previewed(&visitor, &[], &format!("number,note\r\n{lines}"));
    assert!(page.contains("1,500 new") || page.contains("1500 new"), "{page}");
    let plan = hidden(&page, "plan");
    let begun = visitor.post(&format!("{address}/apply"), &[("plan", &plan)]);
    let request = begun.header("location").unwrap().to_owned();
    let began = std::time::Instant::now();
    while !visitor.get(&request).body.contains("data-run=\"ended\"") {
        assert!(began.elapsed() < LONG_PATIENCE);
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let count = "SELECT count(*) FROM phone_number WHERE number LIKE '0299%'";
    assert_eq!(app.database.query(count), "1500");
    let link = request.replace("/requests/", "|").replace('-', "%2D").replace('|', "/requests/");
    let link = link.replace("ccc%2Dtest", "ccc-test");
    assert!(visitor.get(&address).body.contains(&link), "the preview leads to the request");
}

#[test]
fn a_file_that_cant_be_read_is_refused_where_it_was_chosen() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    for (file, status, said) in [
        (&b""[..], 422, "has no lines"),
        (b"colour\nred\n", 422, "no such column"),
        (&large, 400, "larger than 10 MiB"),
    ] {
        let reply = send(&visitor, &[("what", "groups"), ("mode", "overwrite")], file);
        assert!(reply.status == status && reply.body.contains(said), "{said}: {}", reply.body);
        // Nothing is known of a form that can't be read.
        let kept = reply.body.contains("<option value=\"overwrite\" selected>");
        assert_eq!(kept, status == 422, "what was chosen: {}", reply.body);
    }
    let plain = visitor.post(IMPORT, &[("what", "numbers")]);
    assert!(
        plain.status == 400 && plain.body.contains("did not arrive complete"),
        "{}",
        plain.body
    );
    let wrong = send(&visitor, &[("what", "cars")], b"number\n1\n");
    assert_eq!(wrong.status, 400, "{}", wrong.body);
    assert_eq!(app.database.query("SELECT count(*) FROM import"), "0");
}

#[test]
fn a_file_of_another_site_or_of_nobody_is_not_taken_and_roles_decide() {
    let app = app();
    let admin = Visitor::of(&app, "user-test");
    let foreign = send_from(&admin, "cross-site", &[], b"number\n1\n");
    assert_eq!(foreign.status, 403, "{}", foreign.body);
    let stranger = send(&Visitor::stranger(&app), &[], b"number\n1\n");
    assert_eq!(stranger.status, 303);
    assert!(stranger.header("location").unwrap().starts_with("/console/login?next="));
    let (address, _) = previewed(&admin, &[], "number\n083xxxx0011\n");
    let manager = Visitor::of(&app, "zhangwei");
    assert_eq!(send(&manager, &[], b"number\n1\n").status, 403);
    for path in [IMPORT.to_owned(), address.clone(), format!("{address}/bad-lines.csv")] {
        assert_eq!(manager.get(&path).status, 403, "{path}");
    }
    assert_eq!(manager.post(&format!("{address}/apply"), &[]).status, 403);
    assert!(!manager.get("/console/ccc-test/numbers").body.contains("ccc-test/import"));
}

#[test]
fn what_changed_behind_the_preview_is_one_sentence_that_ends_once() {
    let app = app();
    for (language, said, twice) in [
        ("zh-CN", "没有 wuxia@ccc-test 这个人", "。。"),
        ("en", "nobody called wuxia@ccc-test", ".."),
    ] {
        let visitor = Visitor::of(&app, "user-test").reading(language);
        app.database.query("UPDATE user SET active = 1 WHERE user_id = 'wuxia@ccc-test'");
        let file = "number,user_ids\n02855500007,wuxia\n";
        let (address, page) = previewed(&visitor, &[], file);
        let row = "SELECT json_group_array(json_array(user_id)) FROM user";
        let there = app.database.query(row);
        app.database.query("DELETE FROM user WHERE user_id = 'wuxia@ccc-test'");
        assert_ne!(app.database.query(row), there);
        let reply = visitor.post(&format!("{address}/apply"), &[("plan", &hidden(&page, "plan"))]);
        assert!(reply.status == 409 && reply.body.contains(said), "{}", reply.body);
        assert!(!reply.body.contains(twice), "{}", reply.body);
        app.database.query(
            "INSERT INTO user (user_id, ram_id, instance_id, role)
             SELECT 'wuxia@ccc-test', ram_id, 'ccc-test', 'Agent' FROM ram_user
              WHERE login_name = 'wuxia'",
        );
    }
}

#[test]
fn words_are_understood_as_the_console_says_them_and_what_it_exports_changes_nothing() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let file = "号码,用途,启用\n02877770001,呼出,停用\n02877770002,Incoming,yes\n\
                01055500011,呼入,否\n01055500012,外呼,在用\n";
    let (_, page) = previewed(&visitor, &[("what", "numbers")], file);
    assert!(page.contains("新增 2 行") && page.contains("变更 1 行"), "{page}");
    for said in [
        "用途：双向 → 呼入",
        "启用：启用 → 停用",
        "只能是 呼入、呼出、双向 之一。",
        "只能是“是”或“否”。",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let people = "登录名,姓名,角色,工作模式,锁定\nnewcomer,新人,组长,远程,否\nlina,,坐席,,是\n";
    let (address, page) = previewed(&visitor, &[("what", "users")], people);
    assert!(page.contains("角色：组长 → 坐席"), "{page}");
    let plan = hidden(&page, "plan");
    let done = visitor.post(&format!("{address}/apply"), &[("plan", plan.as_str())]);
    assert_eq!(done.status, 303, "{}", done.body);
    let row = "SELECT group_concat(user_id || role || work_mode || locked) FROM
                (SELECT * FROM user WHERE user_id IN ('newcomer@ccc-test', 'lina@ccc-test')
                  ORDER BY user_id)";
    let kept = app.database.query(row);
    assert!(kept.contains("newcomer@ccc-testManagerOFF_SITE0"), "{kept}");
    assert!(kept.contains("lina@ccc-testAgent") && kept.contains("1,"), "{kept}");

    for path in ["numbers.csv", "numbers.xlsx"] {
        let cookie = visitor.cookie();
        let headers = [("cookie", cookie.as_str()), ("accept-language", "zh-CN")];
        let address = format!("/console/ccc-test/{path}");
        let (reply, bytes) = app.send_labelled("GET", &address, &headers, "", None);
        assert_eq!(reply.status, 200, "{path}");
        let sheet = numberd::domain::sheet::Sheet::read(&bytes).unwrap();
        assert_eq!(sheet.header[..2], ["号码", "状态"], "{path}");
        let cells: Vec<&str> = sheet.lines.iter().flat_map(|line| &line.cells).collect();
        for word in ["双向", "启用", "停用", "个人"] {
            assert!(cells.contains(&word), "{path}: {word}");
        }
        let sent = send(&visitor, &[("what", "numbers")], &bytes);
        assert_eq!(sent.status, 303, "{path}: {}", sent.body);
        let page = visitor.get(sent.header("location").unwrap()).body;
        let same = format!("{} 行无需变更", sheet.lines.len());
        assert!(page.contains(&same) && page.contains("新增 0 行"), "{path}: {page}");
    }
}

#[test]
fn an_empty_spreadsheet_of_each_kind_is_filled_in_in_either_language_and_imported() {
    let app = app();
    for (language, what, title, cell) in [
        ("en", "numbers", "number", "02877770001"),
        ("en", "users", "login_name", "newcomer"),
        ("zh-CN", "numbers", "号码", "02877770001"),
        ("zh-CN", "users", "登录名", "newcomer"),
        ("zh-CN", "groups", "英文名", "evening"),
    ] {
        let visitor = Visitor::of(&app, "user-test").reading(language);
        let address = format!("{IMPORT}/template.xlsx?what={what}");
        assert!(visitor.get(IMPORT).body.contains(&format!("href=\"{address}\"")), "{what}");
        let cookie = visitor.cookie();
        let headers = [("cookie", cookie.as_str()), ("accept-language", language)];
        let (reply, bytes) = app.send_labelled("GET", &address, &headers, "", None);
        assert_eq!(reply.status, 200, "{what}");
        let header = numberd::domain::sheet::Sheet::read(&bytes).unwrap().header;
        assert!(header.len() > 3 && !header.iter().any(|name| name == "version"), "{header:?}");
        let filled = header.iter().map(|name| match name.as_str() {
            name if name == title => cell,
            "display_name" | "名称" => "New",
            _ => "",
        });
        let line = filled.collect::<Vec<_>>().join(",");
        let file = format!("{}\n{line}\n", header.join(","));
        let (_, page) = previewed(&visitor, &[("what", what)], &file);
        let new = if language == "en" { "1 new" } else { "新增 1 行" };
        assert!(page.contains(new) && page.contains(cell), "{what}: {page}");
    }
}
