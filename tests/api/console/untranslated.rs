//! Somebody who reads Chinese sees no English sentence and no moment in UTC, whatever goes wrong.

use super::pages::PAGES;
use super::{PASSWORD, Visitor, app, hidden};
use crate::support::{App, Reply};
use numberd::domain::run::MAY_NO_LONGER;
use std::time::Duration;

/// What is the same in both languages.
const NAMES: [&str; 5] =
    ["numberd password set", "numberd instances create ID", "http", "OAuth2", "Vonage client"];

/// The words of a page: its texts, and what its attributes say to whoever reads it.
pub fn texts(page: &str) -> String {
    let mut texts = String::new();
    for (at, part) in page.split('<').enumerate() {
        let (tag, text) = if at == 0 { ("", part) } else { part.split_once('>').unwrap() };
        for attribute in
            ["aria-label=\"", "placeholder=\"", "title=\"", "data-summary=\"", "alt=\""]
        {
            let said = tag.split(attribute).nth(1).and_then(|rest| rest.split('"').next());
            texts += &format!("\n{}", said.unwrap_or_default());
        }
        texts += &format!("\n{text}");
    }
    texts.replace("&#39;", "'").replace("&#34;", "\"").replace("&#38;", "&")
}

/// Two words of small letters in a row, or a moment as the log has it.
pub fn untranslated(texts: &str) -> Option<String> {
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| ".,:;!?()\"".contains(c));
        word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == '\'')
    };
    texts.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let english = words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1]));
        let utc =
            words.iter().any(|word| word.contains("T") && word.contains(":") && word.contains("Z"));
        (english || utc).then(|| line.trim().to_owned())
    })
}

/// Somebody who reads Chinese, and the texts that people have written.
struct Reader<'a> {
    visitor: Visitor<'a>,
    written: Vec<String>,
}

impl<'a> Reader<'a> {
    fn of(app: &'a App, login: &str) -> Self {
        let written = app.database.query("SELECT group_concat(DISTINCT reason) FROM change");
        let written = written.split(',').map(str::to_owned);
        let written = written.chain(NAMES.map(str::to_owned)).collect();
        Self { visitor: Visitor::of(app, login).reading("zh-CN"), written }
    }

    fn check(&self, what: &str, statuses: &[u16], reply: Reply) -> Reply {
        assert!(statuses.contains(&reply.status), "{what}: {} {}", reply.status, reply.body);
        let mut texts = texts(&reply.body);
        for written in self.written.iter().filter(|text| !text.is_empty()) {
            texts = texts.replace(written.as_str(), "");
        }
        let found = untranslated(&texts);
        assert!(found.is_none(), "{what}: {}", found.unwrap_or_default());
        reply
    }

    fn get(&self, status: u16, path: &str) -> Reply {
        self.check(path, &[status], self.visitor.get(&format!("/console/ccc-test/{path}")))
    }

    fn post(&self, status: u16, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.visitor.post(&format!("/console/ccc-test/{path}"), fields);
        self.check(&format!("{path} {fields:?}"), &[status], reply)
    }

    fn preview(&self, fields: &[(&str, &str)]) -> Reply {
        let reply = self.visitor.post("/console/ccc-test/numbers/preview", fields);
        // Nobody is called so, or nothing was said.
        self.check(&format!("preview {fields:?}"), &[200, 400], reply)
    }

    /// Applies what a preview shows, and gives the page that it leads to.
    fn apply(&self, fields: &[(&str, &str)]) -> String {
        let preview = self.preview(fields).body;
        let (hash, seen) = (hidden(&preview, "hash"), hidden(&preview, "seen"));
        let fields =
            [fields, &[("hash", &hash), ("seen", &seen), ("mode", "best_effort")]].concat();
        let reply = self.post(303, "numbers/apply", &fields);
        reply.header("location").unwrap().trim_start_matches("/console/ccc-test/").to_owned()
    }
}

#[test]
fn an_english_sentence_would_be_found() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for path in ["", "numbers", "nothing", "settings", "capacity"] {
        let page = visitor.get(&format!("/console/ccc-test/{path}"));
        assert!(untranslated(&texts(&page.body)).is_some(), "{path}");
    }
    assert!(untranslated("为 李娜 预留 2026-12-01T10:00:00.000Z").is_some());
}

#[test]
fn no_page_and_no_refusal_is_in_english_for_a_reader_of_chinese() {
    let app = app();
    let reader = Reader::of(&app, "user-test");
    for path in PAGES {
        reader.get(200, path);
    }
    for path in ["nothing", "numbers/0000", "numbers/0000/edit", "users/nobody", "groups/none"] {
        reader.get(404, path);
    }
    for path in ["requests/NONE", "requests/NONE/undo", "users/nobody/leaver"] {
        reader.get(404, path);
    }
    reader.check("elsewhere", &[404], reader.visitor.get("/console/no-such/"));
    let many = format!("numbers?q={}", "a+".repeat(40));
    for path in ["numbers?page=minus", "changes?from=today", "changes?before=x", &many] {
        reader.get(400, path);
    }
    let agent = Reader::of(&app, "zhaolei");
    agent.get(403, "numbers");
    agent.get(200, "users/zhaolei%40ccc-test");
}

#[test]
fn no_form_that_is_refused_answers_in_english() {
    let app = app();
    let reader = Reader::of(&app, "user-test");
    let long = "x".repeat(600);
    let edit = "numbers/083xxxx0011/edit";
    for (path, field, value) in [
        (edit, "version", "one"),
        (edit, "city", "a\u{1b}b"),
        (edit, "note", &long),
        ("users/lina%40ccc-test/edit", "display_name", "\u{202e}"),
        ("users/lina%40ccc-test/password", "password", "short"),
        ("numbers/preview", "all", "perhaps"),
        ("numbers/apply", "seen", "x"),
        ("groups/test%40ccc-test/members", "level", "300"),
        ("groups/test%40ccc-test/members", "level", "11"),
        ("groups/test%40ccc-test/members", "action", "add"),
        ("groups/test%40ccc-test/edit", "description", &long),
        ("groups", "name", "a b"),
        ("preferences", "shortcuts", "perhaps"),
        ("settings", "cool_down_days", "many"),
        ("settings", "country_code", "99"),
        ("settings", "personal_numbers", "both"),
        ("settings", "reason", &long),
        ("settings/marks", "least", "-1"),
        ("settings/marks", "least", "many"),
    ] {
        reader.post(
            400,
            path,
            &[(field, value), ("user", if value == "add" { "" } else { "lina" })],
        );
    }
    let until = ("until", "yesterday");
    reader.post(400, "numbers/preview", &[("action", "hold"), ("number", "1"), until]);
    reader.post(400, "numbers/preview", &[("action", "release"), ("days", "-1")]);
    for numbers in
        ["", "hello", "028..0299", "0281..0280", "02811..02812x", "1000..9999999", "x..y"]
    {
        reader.post(400, "numbers/add", &[("numbers", numbers)]);
    }
    for (field, value) in [("login_name", "李 娜"), ("email", "nobody"), ("display_name", "\u{7}")]
    {
        let form = [("login_name", "newcomer"), ("display_name", "x")];
        let form: Vec<_> = form.into_iter().filter(|(name, _)| *name != field).collect();
        reader.post(400, "users/add", &[&form[..], &[(field, value)]].concat());
    }
    reader.post(409, "users/add", &[("login_name", "lina"), ("display_name", "x")]);
    reader.post(400, "groups/test%40ccc-test/members", &[("action", "add"), ("user", "nobody")]);
    reader.post(409, "groups", &[("name", "test")]);
    let own = "users/user-test%40ccc-test";
    reader.get(200, &format!("{own}/leaver?target=nobody"));
    reader.post(409, &format!("{own}/leaver"), &[("target", "user-test")]);
    reader.post(409, &format!("{own}/leaver"), &[("target", "nobody")]);
    reader.post(412, &format!("{own}/leaver"), &[("target", "lina"), ("reason", "x")]);
    reader.get(200, &format!("{own}/leaver?target=lina&remove=true"));
    let hash = hidden(&reader.get(200, &format!("{own}/leaver?target=lina")).body, "hash");
    let form = [("target", "lina"), ("remove", "true"), ("hash", &hash)];
    reader.post(409, &format!("{own}/leaver"), &form);
    let form = [("login_name", "newcomer"), ("display_name", "x"), ("count", "2")];
    reader.post(200, "users/add", &form);
    reader.post(412, "users/add", &[&form[..], &[("apply", "true")]].concat());
    reader.post(400, "users/add", &[&form[..2], &[("count", "21")]].concat());
    reader.post(409, "users/add", &[&form[..], &[("group", "none")]].concat());
    reader.post(200, "numbers/add", &[("numbers", "02877770001")]);
    reader.post(412, "numbers/add", &[("numbers", "02877770001"), ("apply", "true")]);
    reader.get(200, "numbers/083xxxx0011/swap?with=0000");
    let version = hidden(&reader.get(200, &format!("{own}/edit")).body, "version");
    let fields = [("version", version.as_str()), ("role", "Agent"), ("display_name", "x")];
    reader.post(409, &format!("{own}/edit"), &fields);
    reader.post(412, &format!("{own}/edit"), &[("version", "0"), ("display_name", "x")]);
    reader.post(412, edit, &[("version", "0")]);
    let version = hidden(&reader.get(200, edit).body, "version");
    let flow = "SELECT contact_flow_id FROM contact_flow WHERE instance_id = 'ccc-test' LIMIT 1";
    let flow = app.database.query(flow);
    let fields = [("usage", "Outbound"), ("contact_flow_id", &*flow), ("version", &*version)];
    reader.post(409, edit, &fields);
}

#[test]
fn what_can_not_be_done_with_numbers_is_said_in_chinese_and_in_local_time() {
    let app = app();
    let reader = Reader::of(&app, "user-test");
    app.database.query("UPDATE user SET locked = 1 WHERE user_id = 'zhaolei@ccc-test'");
    let kept = app.database.query(
        "SELECT number FROM reservation WHERE instance_id = 'ccc-test' AND ended_at IS NULL
            AND until_at > (SELECT now FROM v_now) LIMIT 1",
    );
    for action in ["assign", "transfer", "hold", "bind", "unbind", "release", "end-reservation"] {
        for target in ["nobody", "lina", "zhaolei", ""] {
            reader.preview(&[
                ("action", action),
                ("target", target),
                ("group", target),
                ("until", "2099-01-01T00:00"),
                ("number", "01055500001"),
                ("number", "083xxxx0011"),
                ("number", "0000"),
                ("number", &kept),
            ]);
        }
    }
    // Undone twice, and when somebody has it by now.
    let give = [("action", "assign"), ("target", "lina"), ("number", "01055500011")];
    let at = reader.apply(&give);
    reader.get(200, &at);
    let request = at.split('?').next().unwrap();
    reader.apply(&[("action", "transfer"), ("target", "wangfang"), ("number", "01055500011")]);
    let refused = reader.get(200, &format!("{request}/undo"));
    assert!(refused.body.contains("王芳 持有"), "{}", refused.body);
    let typed = reader.post(409, &format!("{request}/undo"), &[("reason", "typed before")]);
    assert!(typed.body.contains("typed before"), "{}", typed.body);
    // Settings, a hold and a mark, as the log tells them.
    let mark = [("city", "城都"), ("usage", "Outbound"), ("least", "7")];
    reader.post(303, "settings/marks", &mark);
    reader.post(303, "settings/marks", &[("city", "城都"), ("usage", "Outbound"), ("least", "9")]);
    let settings = reader.get(200, "settings");
    assert!(settings.body.contains("没有启用的号码"), "{}", settings.body);
    reader.post(303, "settings", &[("name", "x"), ("cool_down_days", "3")]);
    let hold = [("action", "hold"), ("target", "lina"), ("until", "2099-01-01T00:00")];
    reader.apply(&[&hold[..], &[("number", "01055500012")]].concat());
    app.database.query(
        "UPDATE phone_number SET active = 0, usage = 'Inbound' WHERE number = '01055500013'",
    );
    app.database
        .query("UPDATE reservation SET until_at = until_at + 1 WHERE number = '01055500012'");
    let log = reader.get(200, "changes");
    for line in ["最低空闲数设为 7", "至少 7 → 9", "启用 是 → 否", "用途 双向 → 呼入"]
    {
        assert!(log.body.contains(line), "{line}: {}", log.body);
    }
    assert!(
        log.body.contains("<time datetime=\"2098-12-31T")
            || log.body.contains("<time datetime=\"2099-")
    );
}

#[test]
fn a_run_says_who_began_it_when_and_why_and_what_was_refused_in_chinese() {
    let app = app();
    app.database.query(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 1200)
         INSERT INTO phone_number (instance_id, number)
         SELECT 'ccc-test', '0777' || (1000000 + i) FROM n",
    );
    let reader = Reader::of(&app, "user-test");
    reader.apply(&[
        ("action", "hold"),
        ("target", "wangfang"),
        ("until", "2099-01-01T00:00"),
        ("number", "07771000002"),
        ("number", "07771000003"),
        ("reason", "给新同事"),
    ]);
    let form = [("action", "assign"), ("target", "lina"), ("all", "true"), ("filter", "q=0777")];
    let at = reader.apply(&[&form[..], &[("reason", "开张")]].concat());
    let mut page = reader.get(200, &at);
    while page.body.contains("data-run=\"running\"") {
        std::thread::sleep(Duration::from_millis(20));
        page = reader.get(200, &at);
    }
    for said in [
        "<h1>将 1200 个号码分配给 李娜</h1>",
        "user-test · 控制台",
        "原因：开张",
        "07771000002 · 为 王芳 预留",
    ] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(page.body.contains("<time datetime=\"2099-01-01T00:00:00.000Z\">"), "{}", page.body);
    let reasons = "SELECT DISTINCT reason FROM change
                    WHERE user_id = 'lina@ccc-test' AND number LIKE '0777%'";
    assert_eq!(app.database.query(reasons), "开张");
    app.database.query("DELETE FROM run_refusal");
    app.database
        .query(&format!("UPDATE run SET ended_at = NULL, stopped = '{MAY_NO_LONGER}: a rule.'"));
    let page = reader.get(200, &at);
    assert!(page.body.contains("启动或继续它的人已无权执行"), "{}", page.body);
}

#[test]
fn a_login_that_is_refused_and_a_session_that_ended_are_said_in_chinese() {
    let app = app();
    let reader = Reader::of(&app, "user-test");
    let form = [("login", "user-test"), ("password", "wrong")];
    reader.check("login", &[403], reader.visitor.post("/console/login", &form));
    reader.visitor.post("/console/logout", &[]);
    reader.check("login", &[200], reader.visitor.get("/console/login"));
    reader.check("login", &[200], reader.visitor.get("/console/login?kept=true"));
    let page = reader.post(401, "settings", &[("name", "x")]);
    let (next, pending) = (hidden(&page.body, "next"), hidden(&page.body, "pending"));
    let form =
        [("login", "user-test"), ("password", PASSWORD), ("next", &next), ("pending", &pending)];
    reader.check("again", &[200], reader.visitor.post("/console/login", &form));
    reader.check(
        "foreign",
        &[403],
        reader.visitor.send("POST", "/console/ccc-test/settings", &[], None),
    );
}

#[test]
fn a_database_that_is_locked_says_so_in_chinese() {
    let app = app();
    let reader = Reader::of(&app, "user-test");
    let other = rusqlite::Connection::open(app.database.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let reply = reader.post(503, "settings", &[("name", "x")]);
    assert!(reply.header("retry-after").is_some());
    assert!(reply.body.contains("没有任何更改"), "{}", reply.body);
}
