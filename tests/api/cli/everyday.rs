//! What a back office asks and types all day: lists in an order, one thing whole, people by their
//! short names, the log in words and in local time, a question in SQL.

use super::{Place, assert_done, assert_refused, json, stdout};
use crate::support::Program;

/// The sample's larger instance is the one that is meant.
fn run(place: &Place, arguments: &[&str]) -> std::process::Output {
    place.run(&[arguments, &["--instance", "ccc-test"]].concat())
}

/// The first cell of each row of a table.
fn first_cells(table: &str) -> Vec<&str> {
    let rows = table.lines().skip(1).take_while(|line| !line.is_empty());
    rows.filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn a_list_is_sorted_both_ways_and_shown_whole_when_asked() {
    let place = Place::seeded();
    let numbers = |arguments: &[&str]| {
        let printed = stdout(&run(&place, &[&["numbers", "list"], arguments].concat()));
        first_cells(&printed).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (all, backward) = (numbers(&["--all"]), numbers(&["--all", "--sort", "-number"]));
    assert!(all.len() > 150 && all.is_sorted(), "{}", all.len());
    assert_eq!(all, backward.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(numbers(&[]).len(), 100);

    let groups = ["groups", "list", "--sort", "-phone_number_count", "--json"];
    let groups = json(&run(&place, &groups));
    let counts: Vec<i64> = groups["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| -group["phone_number_count"].as_i64().unwrap())
        .collect();
    assert!(counts.len() > 2 && counts.is_sorted(), "{groups}");
    assert_refused_usage(&run(&place, &["numbers", "list", "--sort", "colour"]), "one of number");
    assert_refused_usage(&run(&place, &["numbers", "list", "--all", "--page", "2"]), "--page");
}

#[track_caller]
fn assert_refused_usage(output: &std::process::Output, part: &str) {
    let said = super::stderr(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(part), "{said}");
}

#[test]
fn users_are_listed_by_role_with_how_many_numbers_each_holds() {
    let place = Place::seeded();
    let list = json(&run(&place, &["users", "list", "--role", "Agent", "--all", "--json"]));
    let users = list["items"].as_array().unwrap();
    assert!(users.iter().all(|user| user["role"] == "Agent") && users.len() > 3, "{list}");
    for user in users {
        let id = user["user_id"].as_str().unwrap();
        let held = json(&run(&place, &["users", "numbers", id, "--json"]));
        assert_eq!(
            user["number_count"].as_u64().unwrap(),
            held["numbers"].as_array().unwrap().len() as u64,
            "{id}"
        );
    }
}

#[test]
fn one_number_user_or_group_is_shown_whole() {
    let place = Place::seeded();
    let number = stdout(&run(&place, &["numbers", "show", "083xxxx0011"]));
    for part in ["personal", "user-test@ccc-test (云呼测试1) since 2026-", "乐山", "主流程"]
    {
        assert!(number.contains(part), "{part} is not in\n{number}");
    }
    let user = stdout(&run(&place, &["users", "show", "user-test"]));
    for part in ["user-test@ccc-test", "Admin", "80326034", "083xxxx0011"] {
        assert!(user.contains(part), "{part} is not in\n{user}");
    }
    let group = json(&run(&place, &["groups", "show", "test", "--json"]));
    assert_eq!(group["skill_group_id"], "test@ccc-test");
    assert_done(&run(&place, &["groups", "edit", "test", "--description", "新的说明"]));
    assert_eq!(
        json(&run(&place, &["groups", "show", "test", "--json"]))["description"],
        "新的说明"
    );
    assert_refused(&run(&place, &["numbers", "show", "0000"]), 3, "0000");
    place.assert_sound();
}

#[test]
fn people_and_groups_are_known_by_the_part_before_the_at_and_the_nearest_is_named() {
    let place = Place::seeded();
    assert_done(&run(&place, &["numbers", "assign", "01055500011", "--to", "lina"]));
    let whois = stdout(&run(&place, &["whois", "01055500011"]));
    assert!(whois.contains("lina@ccc-test"), "{whois}");
    assert_done(&run(&place, &["groups", "add-user", "sales", "huangting", "--level", "4"]));
    let members = stdout(&run(&place, &["groups", "members", "sales"]));
    assert!(members.contains("huangting@ccc-test"), "{members}");

    for (arguments, nearest) in [
        (["numbers", "assign", "01055500012", "--to", "lna"], "lina@ccc-test (李娜)"),
        (["numbers", "assign", "01055500012", "--to", "王芳"], "wangfang@ccc-test (王芳)"),
        (["numbers", "bind", "01055500012", "--to", "sale"], "sales@ccc-test"),
    ] {
        assert_refused(&run(&place, &arguments), 3, nearest);
    }
    let nobody = run(&place, &["numbers", "assign", "01055500012", "--to", "somebody-else"]);
    assert_refused(&nobody, 3, "somebody-else@ccc-test");
    assert_eq!(json(&run(&place, &["numbers", "show", "01055500012", "--json"]))["state"], "free");
}

#[test]
fn the_log_is_told_in_words_and_in_local_time() {
    let place = Place::seeded();
    assert_done(&run(&place, &["numbers", "assign", "01055500011", "--to", "lina"]));
    assert_done(&run(&place, &["numbers", "release", "01055500011", "--reason", "wrong desk"]));
    let told = |zone: &str, arguments: &[&str]| {
        let database = place.database();
        let always = ["changes", "--instance", "ccc-test", "--number", "01055500011"];
        let mut command = Program::command(&[&always, arguments].concat());
        let output = command.arg("--database").arg(database).env("TZ", zone).output().unwrap();
        assert_done(&output);
        stdout(&output)
    };
    let log = told("CST-8", &["--limit", "2"]);
    let lines: Vec<&str> = log.lines().skip(1).collect();
    assert!(lines[0].contains("01055500011 taken back from 李娜"), "{log}");
    assert!(lines[1].contains("01055500011 given to 李娜"), "{log}");
    assert!(lines[0].contains("+08:00") && lines[0].ends_with("wrong desk"), "{log}");
    let request =
        json(&run(&place, &["changes", "--limit", "1", "--json"]))["items"][0]["request_id"]
            .as_str()
            .unwrap()
            .to_owned();
    assert!(!log.contains(&request) && told("UTC", &["--wide"]).contains(&request));

    // In another zone the log shows another hour, which is read back as it is shown.
    let shown = |zone: &str| {
        let log = told(zone, &["--limit", "1"]);
        let words: Vec<&str> = log.lines().nth(1).unwrap().split_whitespace().collect();
        format!("{} {}", words[1], words[2])
    };
    assert_ne!(shown("CST-8")[..19], shown("UTC")[..19]);
    let moment = shown("CST-8");
    // What is shown is a whole second, in which both may have been made.
    let since = told("UTC", &["--since", &moment]);
    assert!(since.contains("taken back"), "{since}");
    assert!(!told("UTC", &["--until", &moment]).contains("taken back"));
    assert!(
        told("UTC", &["--since", "2020-01-01", "--until", "2020-01-02"]).starts_with("Nothing")
    );
}

#[test]
fn a_day_is_a_moment_and_begins_where_one_is() {
    let place = Place::seeded();
    let at = |zone: &str| {
        let mut command =
            Program::command(&["whois", "083xxxx0011", "--json", "--at", "2026-04-01"]);
        command.args(["--instance", "ccc-test", "--database"]).arg(place.database());
        json(&command.env("TZ", zone).output().unwrap())["at"].as_str().unwrap().to_owned()
    };
    assert_eq!(at("UTC"), "2026-04-01T00:00:00.000Z");
    assert_eq!(at("CST-8"), "2026-03-31T16:00:00.000Z");
    for text in ["yesterday", "2026-13-01", "2026-04-01 25:00"] {
        let refused = run(&place, &["whois", "083xxxx0011", "--at", text]);
        assert_refused_usage(&refused, "a moment is a day");
    }
}

#[test]
fn a_question_in_sql_is_answered_and_nothing_else_is_done() {
    let place = Place::seeded();
    let ask = |arguments: &[&str]| place.run(&[&["sql"], arguments].concat());
    let select = "SELECT user_id, role FROM user WHERE instance_id = 'ccc-test' ORDER BY user_id";
    let table = stdout(&ask(&[select]));
    assert!(table.starts_with("user_id") && table.contains("lina@ccc-test"), "{table}");
    let rows =
        json(&ask(&["SELECT 1 AS one, 0.5 AS half, NULL AS none, x'00ff' AS bytes", "--json"]));
    assert_eq!(rows, serde_json::json!([{ "one": 1, "half": 0.5, "none": null, "bytes": "00ff" }]));
    let twice = ask(&["SELECT 1 AS one, 2 AS two, 3 AS one", "--json"]);
    assert_refused_usage(&twice, "Two columns are called one");
    assert_eq!(stdout(&ask(&["SELECT 1 WHERE 0"])), "Nothing.\n");
    let before = place.digest();
    for (statement, reason) in [
        ("DELETE FROM phone_number", "one statement that reads"),
        ("DELETE FROM phone_number RETURNING number", "one statement that reads"),
        ("ATTACH 'other.db' AS other", "one statement that reads"),
        ("BEGIN IMMEDIATE", "one statement that reads"),
        ("PRAGMA journal_mode = DELETE", ""),
        ("SELECT 1; DELETE FROM phone_number", ""),
        ("SELEC 1", "syntax error"),
        ("SELECT x FROM nowhere", "no such table"),
        ("", ""),
    ] {
        assert_refused(&ask(&[statement]), 2, reason);
        assert_eq!(place.digest(), before, "{statement}");
    }
    assert!(!place.path("other.db").exists());
}

#[test]
fn whoever_gets_or_gives_up_a_number_is_also_the_user_or_the_group() {
    let place = Place::seeded();
    let number = "0990009";
    for step in [
        "numbers add 0990009",
        "numbers assign 0990009 --user lina@ccc-test",
        "numbers release 0990009 --user lina@ccc-test",
        "numbers bind 0990009 --group night@ccc-test",
        "numbers unbind 0990009 --group night@ccc-test",
        "numbers hold 0990009 --user lina@ccc-test --until 2030-01-01",
    ] {
        let output = run(&place, &step.split(' ').collect::<Vec<_>>());
        assert_done(&output);
        let said = stdout(&output);
        assert!(said.contains(number) && said.contains("done"), "{step}: {said}");
    }
}
