//! Every type of problem: made, in a snapshot, with a page of its own, and in the documentation.

use super::{CCC, Caller, problem};
use crate::support::{App, Reply, assert_snapshot};
use numberd::admin::ProblemType;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

/// A request for each problem that a request alone can meet.
fn met(app: &App) -> Vec<(ProblemType, Reply)> {
    use ProblemType as P;
    let root = Caller::root(app);
    let agent = Caller::of(app, "wangfang");
    let at = |path: &str| format!("{CCC}/{path}");
    let patch = |path: &str, tag: &str, body| {
        root.send("PATCH", &at(path), &[("if-match", tag)], Some(&body))
    };
    let free = "02855500007";
    root.put(&at("skill-groups/sales@ccc-test/numbers/02855500009"));
    let keyed = |body| {
        root.send("POST", &at("assignments:batch"), &[("idempotency-key", "k")], Some(&body))
    };
    let release = |number: &str| json!({ "items": [{ "action": "release", "number": number }] });
    keyed(release(free));
    root.post(&at("numbers:range"), json!({ "start": "4005559999", "count": 1 }));
    patch(&format!("numbers/{free}"), "*", json!({ "usage": "Outbound" }));
    patch(
        "numbers/02855500011",
        "*",
        json!({ "contact_flow_id": "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek" }),
    );
    vec![
        (P::MalformedRequest, root.get(&at("numbers?page=x&colour=red"))),
        (P::AuthenticationRequired, app.get(&at("numbers"), &[])),
        (P::RoleNotAllowed, agent.get(&at("numbers"))),
        (P::NoSuchAddress, root.get(&at("nothing"))),
        (P::InstanceNotFound, root.get("/api/v1/instances/none")),
        (P::NumberNotFound, root.get(&at("numbers/0999"))),
        (P::UserNotFound, root.get(&at("users/nobody@ccc-test"))),
        (P::SkillGroupNotFound, root.get(&at("skill-groups/none@ccc-test"))),
        (P::ContactFlowNotFound, root.get(&at("contact-flows/none"))),
        (P::LoginNotFound, root.post(&at("users:import"), json!({ "login_names": ["nobody"] }))),
        (P::ChangeNotFound, root.get(&at("changes/999999"))),
        (P::ImportNotFound, root.get(&at("imports/none"))),
        (P::AssignmentNotFound, root.get(&at(&format!("users/lina@ccc-test/numbers/{free}")))),
        (P::BindingNotFound, root.get(&at(&format!("skill-groups/sales@ccc-test/numbers/{free}")))),
        (P::ReservationNotFound, root.get(&at(&format!("numbers/{free}/reservation")))),
        (P::MembershipNotFound, root.get(&at("skill-groups/night@ccc-test/users/lina@ccc-test"))),
        (P::MethodNotAllowed, root.delete(&at("numbers"))),
        (P::NumberHeldBySkillGroup, root.put(&at("users/lina@ccc-test/numbers/02855500009"))),
        (P::NumberHeldByUser, root.put(&at("skill-groups/sales@ccc-test/numbers/083xxxx0011"))),
        (P::NumberIsReserved, {
            let hold = json!({ "user_id": "lina@ccc-test", "until": "2099-01-01T00:00:00Z", "reason": "new colleague" });
            root.send("PUT", &at("numbers/02855500019/reservation"), &[], Some(&hold));
            root.put(&at("users/wangfang@ccc-test/numbers/02855500019"))
        }),
        (P::HolderNotActive, root.put(&at(&format!("users/wuxia@ccc-test/numbers/{free}")))),
        (P::ServiceNumberIsInbound, patch("numbers/4005559999", "*", json!({ "usage": "Outbound" }))),
        (P::ContactFlowNeedsInbound, patch(&format!("numbers/{free}"), "*", json!({ "contact_flow_id": "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek" }))),
        (P::StillReferredTo, root.delete(&at("numbers/02855500011"))),
        (P::SkillGroupInUse, root.delete(&at("skill-groups/test@ccc-test"))),
        (P::LastAdmin, patch("users/user-test@ccc-test", "*", json!({ "role": "Agent" }))),
        (P::OwnUser, root.delete(&at("users/user-test@ccc-test?force=true"))),
        (P::InstanceExists, root.post("/api/v1/instances", json!({ "instance_id": "ccc-test", "name": "Test" }))),
        (P::UserExists, root.post(&at("users"), json!({ "login_name": "lina", "display_name": "李娜" }))),
        (P::LoginExists, root.post("/api/v1/instances/vcc-test/users", json!({ "login_name": "lina", "display_name": "李娜" }))),
        (P::ExtensionTaken, patch("users/lina@ccc-test", "*", json!({ "extension": "80326034" }))),
        (P::NumberExists, root.post(&at("numbers"), json!({ "number": free }))),
        (P::SkillGroupExists, root.post(&at("skill-groups"), json!({ "name": "test", "display_name": "Test" }))),
        (
            P::BatchRefused,
            root.post(&at("assignments:batch"), json!({ "items": [{ "action": "assign", "number": "083xxxx0011", "user_id": "lina@ccc-test" }] })),
        ),
        (
            P::SelectionChanged,
            root.post(&at("numbers:batch"), json!({
                "action": "unbind", "query": { "q": "083xxxx0011" },
                "selection": { "count": 2, "hash": "0".repeat(64), "seen": 9_000_000 }
            })),
        ),
        (P::ImportHasFaults, import(&root, "number\n12\nE\n", false)),
        (P::ImportChanged, import(&root, "number\n02855500007\n", true)),
        (P::ImportApplied, {
            let file = root.upload("", "text/csv", b"number,note\n02855500007,a\n");
            let path = format!("{}:apply", file.header("location").unwrap());
            let body = json!({ "plan": file.json()["plan"] });
            root.post(&path, body.clone());
            root.post(&path, body)
        }),
        (P::NotAFile, root.upload("", "image/png", b"")),
        (P::FileUnreadable, root.upload("", "text/csv", b"")),
        (P::UndoRefused, {
            let given = root.put(&at("users/lina@ccc-test/numbers/02855500008"));
            root.delete(&at("users/lina@ccc-test/numbers/02855500008"));
            let request = given.header("x-request-id").unwrap();
            root.post(&at(&format!("requests/{request}:undo")), json!({}))
        }),
        (P::UndoUnderWay, {
            let given = root.put(&at("users/lina@ccc-test/numbers/02855500008"));
            let request = given.header("x-request-id").unwrap();
            app.database.query(&format!(
                "INSERT INTO run (request_id, actor, reason, instance_id, act, mode, total, started_at, slice_at)
                 SELECT '{}', '', '', 'ccc-test', '{}', 'all_or_nothing', 1, now, now
                   FROM (SELECT 1000 * unixepoch() + 9000 AS now)",
                "0".repeat(8), json!({ "run": "undo", "of": request })
            ));
            root.post(&at(&format!("requests/{request}:undo")), json!({}))
        }),
        (P::VersionIsStale, patch(&format!("numbers/{free}"), "\"1-0\"", json!({ "active": false }))),
        (P::BodyTooLarge, patch(&format!("numbers/{free}"), "*", json!({ "provider": "x".repeat(300_000) }))),
        (P::NotJson, {
            let headers = [("authorization", "Bearer demo-token")];
            let config = ureq::Agent::config_builder().http_status_as_error(false).build();
            let agent = ureq::Agent::from(config);
            let mut request = agent.put(format!("http://{}{}", app.address, at(&format!("users/lina@ccc-test/numbers/{free}"))));
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let mut reply = request.content_type("text/plain").send("reason").unwrap();
            let names = ["content-type", "x-acs-request-id"];
            let value = |name| reply.headers().get(name).unwrap().to_str().unwrap().to_owned();
            let headers = names.map(|name| (name.to_owned(), value(name))).to_vec();
            let body = reply.body_mut().read_to_string().unwrap();
            Reply { status: reply.status().as_u16(), headers, body }
        }),
        (P::FieldsInvalid, patch(&format!("numbers/{free}"), "*", json!({ "usage": "Both", "colour": "red" }))),
        (P::ReasonRequired, root.send("PATCH", CCC, &[("if-match", "*")], Some(&json!({ "reason_required": true })))),
        (P::IdempotencyKeyReused, keyed(release("02855500011"))),
        (P::VersionRequired, root.send("PATCH", &at(&format!("numbers/{free}")), &[], Some(&json!({ "active": false })))),
    ]
}

/// What becomes of a file that is previewed, and applied with its plan or another.
fn import(root: &Caller<'_>, file: &str, other: bool) -> Reply {
    let reply = root.upload("", "text/csv", file.as_bytes());
    let plan = if other { json!("0".repeat(64)) } else { reply.json()["plan"].clone() };
    root.post(&format!("{}:apply", reply.header("location").unwrap()), json!({ "plan": plan }))
}

/// The problems that need a server in trouble: a lock that another program holds, a directory that
/// can't be made, a schema in which somebody renamed a column.
fn met_in_trouble(app: &App) -> Vec<(ProblemType, Reply)> {
    let root = Caller::root(app);
    let lock = rusqlite::Connection::open(app.database.path()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let range = json!({ "start": "0833009900", "count": 1 });
    let keyed = || {
        root.send(
            "POST",
            &format!("{CCC}/numbers:range"),
            &[("idempotency-key", "twice-at-once")],
            Some(&range),
        )
    };
    let mut locked = std::thread::scope(|scope| {
        [scope.spawn(keyed), scope.spawn(keyed)].map(|request| request.join().unwrap())
    });
    locked.sort_by_key(|reply| reply.status);
    lock.execute_batch("ROLLBACK").unwrap();
    let [in_use, unavailable] = locked;

    std::fs::write(
        app.database.path().with_file_name("backups"),
        "a file where the directory should be",
    )
    .unwrap();
    let backup = root.post("/api/v1/backups", json!({}));

    app.database.query("ALTER TABLE contact_flow RENAME COLUMN name TO gone");
    let broken = root.get(&format!("{CCC}/contact-flows"));
    app.database.query("ALTER TABLE contact_flow RENAME COLUMN gone TO name");

    app.database.query(
        "INSERT INTO idempotency_key SELECT ram_id, 'big', zeroblob(32), 200, NULL,
                zeroblob(32 * 1024 * 1024), 0, 9000000000000
           FROM ram_user WHERE login_name = 'user-test'",
    );
    let full = keyed();

    use ProblemType as P;
    vec![
        (P::IdempotencyKeysFull, full),
        (P::IdempotencyKeyInUse, in_use),
        (P::Unavailable, unavailable),
        (P::BackupFailed, backup),
        (P::Internal, broken),
    ]
}

/// A request whose body is announced and does not come.
fn with_a_slow_body(app: &App) -> Reply {
    let mut stream = TcpStream::connect(app.address).unwrap();
    let head = format!(
        "PATCH {CCC}/numbers/02855500007 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer demo-token\r\ncontent-length: 10\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Reply { status, headers, body: body.to_owned() }
}

/// Wrong tokens until one is told to wait.
fn guess(app: &App) -> Reply {
    let mut replies =
        (0..1_000).map(|_| app.get("/api/v1/instances", &[("authorization", "Bearer wrong")]));
    let reply = replies.find(|reply| reply.status == 429).expect("a limit");
    assert!(reply.header("retry-after").is_some());
    reply
}

#[test]
fn every_problem_is_met_with_its_status_and_its_body_is_as_it_was() {
    let app = App::spawn();
    let mut bodies = Vec::new();
    let met = std::thread::scope(|scope| {
        let slow = scope.spawn(|| with_a_slow_body(&app));
        let mut met = [met(&app), met_in_trouble(&app)].concat();
        met.push((ProblemType::BodyTooSlow, slow.join().unwrap()));
        met.push((ProblemType::TooManyAttempts, guess(&app)));
        met
    });
    for (kind, reply) in &met {
        assert_eq!(
            (problem(reply).as_str(), reply.status),
            (kind.name(), kind.status()),
            "{reply:?}"
        );
        bodies.push(reply.json());
    }
    for kind in &ProblemType::ALL {
        assert!(met.iter().any(|(other, _)| other == kind), "no request meets {}", kind.name());
    }
    insta::with_settings!({ filters => [(r"[0-9A-F]{8}-[0-9A-F-]{27}", "[request id]"), (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[time]"), (r#""\\"\d[\d.]*-[0-9a-f]+\\"""#, "[etag]"), (r#"\\"\d[\d.]*-[0-9a-f]+\\""#, "[etag]"), (r"/\S+/backups", "[directory]/backups"), (r#""change_id": \d+"#, "\"change_id\": \"[n]\""), (r"change \d+", "change [n]")] }, {
        assert_snapshot("admin/problems", &serde_json::to_string_pretty(&bodies).unwrap());
    });
}

#[test]
fn every_type_of_problem_has_a_page_at_its_address_and_a_line_in_the_documentation() {
    let app = App::spawn();
    let documentation =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/admin-api.md"))
            .unwrap();
    let index = app.get("/problems", &[]).body;
    for kind in &ProblemType::ALL {
        let page = app.get(&format!("/problems/{}", kind.name()), &[]);
        assert_eq!(page.status, 200, "{}", kind.name());
        let text = page.body.replace("&#39;", "'").replace("&#34;", "\"");
        assert!(
            text.contains(kind.title())
                && text.replace("<code>", "`").replace("</code>", "`").contains(kind.explanation())
                && !text.contains('`'),
            "{text}"
        );
        assert!(index.contains(&format!("problems/{}\"", kind.name())), "{}", kind.name());
        let row = format!("| `{}` | {} | {} |", kind.name(), kind.status(), kind.title());
        assert!(documentation.contains(&row), "docs/admin-api.md has no line\n{row}");
    }
    assert_eq!(app.get("/problems/none", &[]).status, 404);
}

#[test]
fn a_locked_database_answers_that_nothing_was_changed_and_reads_go_on() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let connection = rusqlite::Connection::open(app.database.path()).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let reply = root.put(&format!("{CCC}/users/lina@ccc-test/numbers/02855500007"));
    assert_eq!(
        (reply.status, problem(&reply).as_str(), reply.header("retry-after")),
        (503, "unavailable", Some("2"))
    );
    assert_eq!(root.get(&format!("{CCC}/numbers/02855500007")).json()["state"], "free");
    drop(connection);
}
