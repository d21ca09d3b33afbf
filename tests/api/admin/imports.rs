//! Spreadsheets by REST: sent and previewed, looked at again, and applied exactly as previewed.

use super::{CCC, Caller, problem};
use crate::support::{App, LONG_PATIENCE, PATIENCE, Reply};
use numberd::domain::Clock;
use numberd::ops::credentials::{self, Issued};
use numberd::ops::last_use::{Credential, LastUse};
use numberd::store::api_tokens::NewToken;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(super) const CSV: &str = "text/csv";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Two lines that can be imported, one that changes nothing, and two that can't.
const MIXED: &str = "number;city;user_ids;note\r\n\
    02877770001;成都;lina;\r\n\
    083xxxx0011;;;new note\r\n\
    02855500007;;;\r\n\
    8.33667E+10;;;\r\n\
    02877770002;;nobody;\r\n";

impl Caller<'_> {
    /// Sends a file.
    pub(crate) fn upload(&self, query: &str, label: &str, file: &[u8]) -> Reply {
        self.upload_to(&format!("{CCC}/imports{query}"), &[], label, file)
    }

    pub(crate) fn upload_to(
        &self,
        path: &str,
        more: &[(&str, &str)],
        label: &str,
        file: &[u8],
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [&[("authorization", bearer.as_str())], more].concat();
        self.app.send_labelled("POST", path, &headers, label, Some(file)).0
    }

    /// Sends a file that can be previewed: its address and its preview.
    fn preview(&self, query: &str, file: &str) -> (String, Value) {
        let reply = self.upload(query, CSV, file.as_bytes());
        assert_eq!(reply.status, 201, "{}", reply.body);
        (reply.header("location").unwrap().to_owned(), reply.json())
    }

    fn apply(&self, address: &str, preview: &Value, more: Value) -> Reply {
        let mut body = json!({ "plan": preview["plan"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&format!("{address}:apply"), body)
    }

    /// Waits until what is done in slices has ended.
    fn followed(&self, run: &str) -> Value {
        let began = Instant::now();
        loop {
            let run = self.get(run).json();
            if run["state"] != "running" {
                return run;
            }
            assert!(began.elapsed() < LONG_PATIENCE, "{run}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Everything of the call centre, and how much was changed.
fn state(app: &App) -> String {
    app.database.query(
        "SELECT (SELECT group_concat(number || state || note || version) FROM phone_number)
             || (SELECT count(*) FROM change) || (SELECT count(*) FROM user)",
    )
}

fn note(app: &App, number: &str) -> String {
    app.database.query(&format!("SELECT note FROM phone_number WHERE number = '{number}'"))
}

/// A form as browsers send it, with these parts: name, file name, content.
pub(super) fn form(parts: &[(&str, Option<&str>, &str)]) -> String {
    let part = |(name, file, content): &(&str, Option<&str>, &str)| {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: text/csv"));
        let file = file.unwrap_or_default();
        format!(
            "--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        )
    };
    parts.iter().map(part).collect::<String>() + "--cut--\r\n"
}

pub(super) const FORM: &str = "multipart/form-data; boundary=cut";

#[test]
fn a_preview_says_everything_changes_nothing_and_is_applied_exactly() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = state(&app);
    let (address, preview) = root.preview("", MIXED);
    assert_eq!(state(&app), before, "a preview changes nothing");
    for (name, count) in [("new", 1), ("changed", 1), ("same", 1), ("skipped", 0), ("refused", 2)] {
        assert_eq!(preview[name], count, "{name}: {preview}");
    }
    assert_eq!(preview["format"], "CSV, UTF-8, semicolons");
    assert_eq!(preview["applied"], Value::Null);
    let fault = &preview["faults"][0];
    assert_eq!((&fault["line"], &fault["column"]), (&json!(5), &json!("number")));
    assert_eq!(fault["value"], "8.33667E+10");
    assert!(fault["reason"].as_str().unwrap().contains("scientific notation"), "{fault}");
    assert_eq!(preview["faults"][1]["line"], 6);
    assert_eq!(preview["lines"][1]["changes"][0]["to"], "new note");
    let again = root.get(&address);
    assert_eq!(again.json(), preview);

    let bad = root.get(&format!("{address}/bad-lines"));
    assert_eq!(bad.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(bad.header("content-disposition").unwrap().contains("bad-lines.csv"));
    assert!(bad.body.starts_with("number,city,user_ids,note,error\r\n"), "{}", bad.body);
    assert_eq!(bad.body.lines().count(), 3, "{}", bad.body);

    let refused = root.apply(&address, &preview, json!({}));
    assert_eq!((refused.status, problem(&refused).as_str()), (409, "import-has-faults"));
    assert!(refused.body.contains("2 of 5 lines"), "{}", refused.body);
    assert_eq!(state(&app), before);

    let dry = root.apply(&address, &preview, json!({ "best_effort": true, "dry_run": true }));
    let tried = json!({ "dry_run": true, "applied": false, "done": 2, "refused": 2 });
    assert_eq!((dry.status, dry.json()), (200, tried));
    assert_eq!(state(&app), before);

    let why = json!({ "best_effort": true, "reason": "the new office" });
    let done = root.apply(&address, &preview, why);
    let request = done.header("x-request-id").unwrap();
    let undo = format!("{CCC}/requests/{request}:undo");
    let report = json!({
        "dry_run": false, "applied": true, "done": 2, "refused": 2,
        "request_id": request, "undo": undo,
    });
    assert_eq!((done.status, done.json()), (200, report));
    assert_eq!(note(&app, "083xxxx0011"), "new note");
    let now = root.get(&address).json();
    assert_eq!(now["applied"]["request_id"], request);
    assert_eq!(now["applied"]["run"], Value::Null);
    let reasons =
        format!("SELECT DISTINCT via || ':' || reason FROM change WHERE request_id = '{request}'");
    assert_eq!(app.database.query(&reasons), "admin:the new office");

    let twice = root.apply(&address, &preview, json!({ "best_effort": true }));
    assert_eq!((twice.status, problem(&twice).as_str()), (409, "import-applied"));
    assert!(twice.body.contains(request), "{}", twice.body);
    let undone = root.post(&format!("{CCC}/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(note(&app, "083xxxx0011"), "");
}

#[test]
fn what_changed_since_the_preview_is_refused_whichever_line_it_is_of() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let tag = &[("if-match", "*")];
    let file = "number,note\n083xxxx0011,a\n02855500007,\n02877770001,b\n";
    for (number, named) in [("083xxxx0011", "Line 2"), ("02855500007", "02855500007 has changed")] {
        let (address, preview) = root.preview("", file);
        let number = format!("{CCC}/numbers/{number}");
        let body = json!({ "note": format!("changed meanwhile: {named}") });
        assert_eq!(root.send("PATCH", &number, tag, Some(&body)).status, 200);
        let before = state(&app);
        for dry_run in [true, false] {
            let reply = root.apply(&address, &preview, json!({ "dry_run": dry_run }));
            assert_eq!((reply.status, problem(&reply).as_str()), (409, "import-changed"));
            assert!(reply.body.contains(named), "{}", reply.body);
        }
        assert_eq!(state(&app), before, "nothing is done");
        assert_eq!(root.get(&address).json()["applied"], Value::Null);
    }
    let (address, preview) = root.preview("", file);
    let other = root.apply(&address, &json!({ "plan": "0".repeat(64) }), json!({}));
    assert_eq!((other.status, problem(&other).as_str()), (409, "import-changed"));
    // A number that was new is there now.
    root.post(&format!("{CCC}/numbers"), json!({ "number": "02877770001" }));
    let reply = root.apply(&address, &preview, json!({}));
    assert!(reply.body.contains("02877770001 is new since the preview"), "{}", reply.body);
}

#[test]
fn many_lines_are_imported_in_slices_by_a_run_that_can_be_followed_and_undone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT count(*) FROM phone_number");
    let lines: String = (0..2500).map(|at| format!("0299{:07},{at}\r\n", at * 7)).collect();
    let (address, preview) = root.preview("", &format!("number,note\r\n{lines}"));
    assert_eq!((&preview["new"], preview["lines"].as_array().unwrap().len()), (&json!(2500), 1000));
    let dry = root.apply(&address, &preview, json!({ "dry_run": true }));
    assert_eq!((dry.status, &dry.json()["done"]), (200, &json!(2500)), "{}", dry.body);
    let begun = root.apply(&address, &preview, json!({ "reason": "a large office" }));
    assert_eq!(begun.status, 202, "{}", begun.body);
    let run = begun.header("location").unwrap();
    let ended = root.followed(run);
    assert_eq!((&ended["state"], &ended["done"]), (&json!("ended"), &json!(2500)), "{ended}");
    let seen = root.get(&address).json();
    assert_eq!(seen["applied"]["run"]["done"], 2500);
    assert!(run.ends_with(seen["applied"]["request_id"].as_str().unwrap()));
    let undo = run.replace("/runs/", "/requests/") + ":undo";
    let undone = root.post(&undo, json!({}));
    assert_eq!(undone.status, 202, "{}", undone.body);
    root.followed(undone.header("location").unwrap());
    assert_eq!(app.database.query("SELECT count(*) FROM phone_number"), before);
}

#[test]
fn a_form_and_a_workbook_and_other_kinds_are_read_too() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let csv = "number,note\n083xxxx0011,a\n";
    let (_, plain) = root.preview("", csv);
    let body = form(&[("file", Some("numbers.csv"), csv)]);
    let sent = root.upload("", FORM, body.as_bytes());
    assert_eq!((sent.status, &sent.json()["plan"]), (201, &plain["plan"]), "{}", sent.body);
    let (_, book) = {
        let headers = [("authorization", "Bearer demo-token"), ("accept", XLSX)];
        app.send_labelled("GET", &format!("{CCC}/users"), &headers, "", None)
    };
    for label in [XLSX, "application/octet-stream"] {
        let read = root.upload("?what=users&mode=overwrite", label, &book).json();
        assert_eq!((&read["format"], &read["what"]), (&json!("XLSX"), &json!("users")), "{read}");
        assert_eq!((&read["changed"], &read["refused"]), (&json!(0), &json!(0)), "{read}");
    }
    let groups = root.upload("?what=groups&duplicates=fail", CSV, b"name\ntest\nnew\n").json();
    assert_eq!((&groups["new"], &groups["refused"]), (&json!(1), &json!(1)), "{groups}");
    let gb = b"number;note\n083xxxx0011;\xc0\xd6\xc9\xbd\n";
    let read = root.upload("", "text/plain", gb).json();
    assert_eq!(read["format"], "CSV, GB18030, semicolons");
    assert_eq!(read["lines"][0]["changes"][0]["to"], "乐山");
}

#[test]
fn a_file_that_may_not_be_sent_is_not_read_and_roles_decide_for_each_kind() {
    let app = App::spawn();
    let reader = Issued { id: "reader".to_owned(), secret: "reader".to_owned() };
    let read_only = NewToken { read_only: true, ..NewToken::default() };
    app.database.write(move |tx| credentials::add_token(tx, "user-test", &reader, &read_only));
    let agent = Caller::of(&app, "wangfang");
    for (token, status) in [("nobody's", 401), (&agent.token, 403), ("reader", 403)] {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST {CCC}/imports HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: text/csv\r\nContent-Length: 9999999\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 32];
        stream.read_exact(&mut answer).unwrap();
        let status = format!("HTTP/1.1 {status}");
        assert!(answer.starts_with(status.as_bytes()), "{token}, before any of the body came");
    }

    let (root, manager) = (Caller::root(&app), Caller::of(&app, "zhangwei"));
    let role = app.database.query("SELECT role FROM user WHERE user_id = 'zhangwei@ccc-test'");
    assert_eq!(role, "Manager");
    let (address, preview) = root.preview("", "number\n083xxxx0011\n");
    for what in ["numbers", "users", "groups"] {
        let reply = manager.upload(&format!("?what={what}"), CSV, b"number\n");
        assert_eq!((reply.status, problem(&reply).as_str()), (403, "role-not-allowed"));
    }
    for path in [address.clone(), format!("{address}/bad-lines")] {
        assert_eq!(manager.get(&path).status, 403);
    }
    assert_eq!(manager.apply(&address, &preview, json!({})).status, 403);
    let elsewhere = address.replace("ccc-test", "vcc-test");
    let reply = root.get(&elsewhere);
    assert_eq!((reply.status, problem(&reply).as_str()), (404, "import-not-found"));
    assert_eq!(root.apply(&elsewhere, &preview, json!({})).status, 404);
}

#[test]
fn a_key_makes_an_upload_and_an_import_safe_to_repeat_and_a_dry_run_keeps_nothing() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let file = b"number,note\n083xxxx0011,a\n";
    let dry = root.upload("?dry_run=true", CSV, file);
    assert_eq!((dry.status, &dry.json()["import_id"]), (200, &Value::Null), "{}", dry.body);
    assert_eq!((dry.header("location"), &dry.json()["changed"]), (None, &json!(1)));
    assert_eq!(app.database.query("SELECT count(*) FROM import"), "0");

    let path = format!("{CCC}/imports");
    let keyed = |file: &[u8]| root.upload_to(&path, &[("idempotency-key", "k")], CSV, file);
    let (first, again) = (keyed(file), keyed(file));
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    let other = keyed(b"number,note\n083xxxx0011,b\n");
    assert_eq!((other.status, problem(&other).as_str()), (422, "idempotency-key-reused"));

    let apply = format!("{}:apply", first.header("location").unwrap());
    let body = json!({ "plan": first.json()["plan"] });
    let apply = || root.send("POST", &apply, &[("idempotency-key", "a")], Some(&body));
    let (done, repeated) = (apply(), apply());
    assert_eq!((done.status, &done.body), (200, &repeated.body));
    assert_eq!(repeated.header("idempotency-replayed"), Some("true"));
}

#[test]
fn a_preview_is_forgotten_after_a_day_and_ten_are_kept_of_each_person() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let file = "number,note\n083xxxx0011,a\n";
    let (oldest, _) = root.preview("", file);
    app.database.query("UPDATE import SET created_at = created_at - 1000");
    let kept: Vec<String> = (0..10).map(|_| root.preview("", file).0).collect();
    assert_eq!(problem(&root.get(&oldest)), "import-not-found");
    assert!(kept.iter().all(|address| root.get(address).status == 200));
    // After the clock was set back.
    app.database.query("UPDATE import SET created_at = created_at + 3600000");
    root.preview("", file);
    assert_eq!(app.database.query("SELECT count(*) FROM import"), "10");
    app.database.query("UPDATE import SET expires_at = created_at - 7200000");
    assert_eq!(root.get(&kept[0]).status, 404);
    root.preview("", file);
    assert_eq!(app.database.query("SELECT count(*) FROM import"), "1");
    // Nobody sends another, but somebody uses a credential.
    app.database.query("UPDATE import SET expires_at = created_at");
    let last_use = LastUse::new(Arc::new(app.database.store(Clock::System)));
    last_use.note(Credential::ApiToken("nobody".to_owned()));
    last_use.write_down();
    assert_eq!(app.database.query("SELECT count(*) FROM import"), "0");
}
