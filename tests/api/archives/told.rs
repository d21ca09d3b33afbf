//! What every face says of what has left the log.

use super::{archive, done, now, run, said};
use crate::admin::{CCC, Caller};
use crate::console::{Visitor, app};
use crate::support::App;
use serde_json::{Value, json};

/// A number that is bound, one that is personal, and one that was bound once.
struct Numbers {
    bound: String,
    once_bound: String,
}

fn numbers(app: &App) -> Numbers {
    let bound = "SELECT min(number) FROM skill_group_number WHERE instance_id = 'ccc-test'";
    let free = "SELECT min(number) FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' AND active = 1";
    let found = Numbers { bound: app.database.query(bound), once_bound: app.database.query(free) };
    let path = format!("{CCC}/skill-groups/sales@ccc-test/numbers/{}", found.once_bound);
    assert_eq!(Caller::root(app).put(&path).status, 200);
    found
}

#[test]
fn who_holds_what_is_known_as_before_and_periods_that_reach_into_the_archive_are_whole() {
    let app = App::spawn();
    let Numbers { bound, once_bound } = numbers(&app);
    let root = Caller::root(&app);
    let read = |path: &str| -> Value {
        let reply = root.get(&format!("{CCC}/{path}"));
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.json()
    };
    // From when to when, of which kind; by whom is what the log knew.
    let periods = |path: &str| -> Vec<Value> {
        let found = read(path);
        let items = found["items"].as_array().unwrap();
        let mut periods: Vec<Value> = items
            .iter()
            .map(|item| {
                json!([
                    item["relation"],
                    item["number"],
                    item["skill_group_id"],
                    item["from"],
                    item["to"]
                ])
            })
            .collect();
        // Those that began at the same time are in the order of the log.
        periods.sort_by_key(ToString::to_string);
        periods
    };
    let paths = [
        format!("numbers/{bound}/history"),
        "numbers/083xxxx0011/history".to_owned(),
        "users/user-test@ccc-test/history?per_page=100".to_owned(),
        "users/zhangwei@ccc-test/history?per_page=100".to_owned(),
    ];
    let before: Vec<_> = paths.iter().map(|path| periods(path)).collect();
    let holders = read(&format!("numbers/{bound}/holders"))["holders"].clone();
    assert_eq!(holders.as_array().unwrap().len(), 1);
    archive(&app.database);
    let archived = now();
    assert_eq!(paths.iter().map(|path| periods(path)).collect::<Vec<_>>(), before);
    assert_eq!(read(&format!("numbers/{bound}/holders"))["holders"], holders);
    // What ends now began in the archive.
    let path = format!("{CCC}/skill-groups/sales@ccc-test/numbers/{once_bound}");
    assert_eq!(root.delete(&path).status, 200);
    let told = read(&format!("numbers/{once_bound}/history"));
    assert_eq!((&told["total"], &told["items"][0]["begun"]), (&json!(1), &Value::Null), "{told}");
    assert_eq!(told["items"][0]["ended"]["by"], "user-test");
    let at = |moment: &str| read(&format!("numbers/{once_bound}/holders?at={moment}"));
    assert_eq!(at(&archived)["holders"][0]["id"], "sales@ccc-test");
    assert_eq!(at(&archived)["archived"], Value::Null, "of that time everything is known");
    assert_eq!(at(&now())["holders"], json!([]));
    let view = "SELECT holder, ended_at IS NULL FROM v_history WHERE instance_id = 'ccc-test' AND number = ";
    assert_eq!(app.database.query(&format!("{view}'{once_bound}'")), "sales@ccc-test|0");
    assert!(app.database.query(&format!("{view}'{bound}'")).ends_with("|1"));
}

#[test]
fn what_was_archived_is_named_wherever_it_is_asked_for_and_nowhere_else() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let read = |path: &str| root.get(&format!("{CCC}/{path}")).json();
    for path in [
        "changes",
        "changes?after=0",
        "numbers/083xxxx0011/history",
        "numbers/083xxxx0011/holders?at=2026-05-01T00:00:00Z",
    ] {
        assert_eq!(read(path)["archived"], Value::Null, "{path}: nothing was archived yet");
    }
    let last: i64 = app.database.query("SELECT max(change_id) FROM change").parse().unwrap();
    let file = archive(&app.database);
    let since = now();
    let name = file.file_name().unwrap().to_str().unwrap();
    let is_told = |path: &str| {
        let told = read(path)["archived"].clone();
        if !told.is_null() {
            assert_eq!(
                (&told["last_change_id"], &told["file"]),
                (&json!(last), &json!(name)),
                "{path}"
            );
            assert!(told["before"].is_string() && told["archived_at"].is_string(), "{told}");
        }
        !told.is_null()
    };
    for path in [
        "changes",
        "changes?after=0",
        "changes?number=083xxxx0011",
        "changes?until=2026-11-01T00:00:00Z",
        "numbers/083xxxx0011/history",
        "users/user-test@ccc-test/history",
        "numbers/083xxxx0011/holders?at=2026-05-01T00:00:00Z",
    ] {
        assert!(is_told(path), "{path}");
    }
    let after_it = format!("changes?after={last}");
    let since_then = format!("changes?since={since}");
    for path in [&after_it, &since_then, "numbers/083xxxx0011/holders"] {
        assert!(!is_told(path), "{path}");
    }
    // A page that is full says nothing of what comes before.
    assert_eq!(
        root.put(&format!("{CCC}/skill-groups/night@ccc-test/users/wangfang@ccc-test")).status,
        200
    );
    assert!(!is_told("changes?limit=1"));
    // What is gone is said to be there, not to have never been.
    let sentence = format!("changes 1 to {last}, made before ");
    for (method, path, status) in [
        ("GET", "changes/3".to_owned(), 404),
        ("POST", "changes/3:undo".to_owned(), 404),
        ("POST", "requests/NO-SUCH:undo".to_owned(), 404),
        ("GET", "numbers/0999/history".to_owned(), 404),
        ("GET", "users/nobody@ccc-test/history".to_owned(), 404),
    ] {
        let body = json!({});
        let body = (method == "POST").then_some(&body);
        let reply = root.send(method, &format!("{CCC}/{path}"), &[], body);
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        assert!(reply.body.contains(&sentence), "{path}: {}", reply.body);
    }
    let command = |line: &str| said(&run(&app.database, line));
    for line in [
        "changes",
        "changes --after 0",
        "numbers history 083xxxx0011",
        "users history lina",
        "whois 083xxxx0011 --at 2026-05-01",
        "undo 3",
        "undo NO-SUCH",
        "whois 0999",
    ] {
        assert!(command(line).contains(&sentence), "{line}: {}", command(line));
    }
    for line in [
        format!("changes --since {since}"),
        format!("changes --after {last}"),
        "whois 083xxxx0011".to_owned(),
    ] {
        assert!(!done(&app.database, &line).contains("archived"), "{line}");
    }
}

#[test]
fn the_consoles_pages_say_so_too() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let told =
        |path: &str| visitor.get(&format!("/console/ccc-test/{path}")).body.contains("changes-1-");
    let pages = ["changes", "numbers/083xxxx0011", "users/user-test%40ccc-test"];
    assert!(!pages.iter().any(|page| told(page)));
    let request =
        app.database.query("SELECT max(request_id) FROM change WHERE instance_id = 'ccc-test'");
    archive(&app.database);
    for page in pages {
        assert!(told(page), "{page}");
    }
    for page in [format!("requests/{request}"), format!("requests/{request}/undo")] {
        let reply = visitor.get(&format!("/console/ccc-test/{page}"));
        assert_eq!(reply.status, 404, "{page}: {}", reply.body);
        assert!(reply.body.contains("in the archives of the log"), "{page}: {}", reply.body);
    }
}
