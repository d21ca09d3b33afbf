//! Lists: pages, filters, orders, and what is refused.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn pages_are_moved_into_their_limits_and_the_answer_says_which_were_used() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let shown = |query: &str| {
        let list = root.get(&format!("{CCC}/numbers?{query}")).json();
        (
            list["page"].as_u64().unwrap(),
            list["per_page"].as_u64().unwrap(),
            list["pages"].as_u64().unwrap(),
            list["items"].as_array().unwrap().len(),
        )
    };
    let total = root.get(&format!("{CCC}/numbers")).json()["total"].as_u64().unwrap();
    assert_eq!(
        total,
        app.database
            .query("SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test'")
            .parse::<u64>()
            .unwrap()
    );
    assert_eq!(shown("per_page=0"), (1, 1, total, 1));
    assert_eq!(shown("per_page=-5&page=-1"), (1, 1, total, 1));
    assert_eq!(shown("per_page=501"), (1, 500, 1, usize::try_from(total).unwrap()));
    assert_eq!(
        shown(
            "per_page=100000000000000000000000000000000000000000&page=99999999999999999999999999999999999999999"
        ),
        (1, 500, 1, usize::try_from(total).unwrap())
    );
    assert_eq!(
        shown("per_page=100&page=99"),
        (3, 100, 3, usize::try_from(total).unwrap() - 200),
        "a page past the end is the last"
    );
    assert_eq!(shown("q=nothing-like-it"), (1, 50, 1, 0));
}

#[test]
fn every_page_together_is_the_whole_list_in_every_order() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for (list, key, orders) in [
        (
            "numbers",
            "number",
            &["number", "-number", "city", "-city", "usage", "-state", "created_at"][..],
        ),
        (
            "users",
            "user_id",
            &["user_id", "-user_id", "display_name", "-role", "extension", "-created_at"],
        ),
        (
            "skill-groups",
            "skill_group_id",
            &[
                "skill_group_id",
                "-skill_group_id",
                "display_name",
                "-phone_number_count",
                "user_count",
            ],
        ),
        ("contact-flows", "contact_flow_id", &["name", "-name", "created_at", "-updated_at"]),
    ] {
        for order in orders {
            let mut seen = Vec::new();
            let mut page = 1;
            loop {
                let shown =
                    root.get(&format!("{CCC}/{list}?per_page=3&page={page}&sort={order}")).json();
                seen.extend(
                    shown["items"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|item| item[key].as_str().unwrap().to_owned()),
                );
                page += 1;
                if page > shown["pages"].as_u64().unwrap() {
                    assert_eq!(
                        seen.len() as u64,
                        shown["total"].as_u64().unwrap(),
                        "{list} {order}"
                    );
                    break;
                }
            }
            let mut sorted = seen.clone();
            sorted.sort();
            if *order == key {
                assert_eq!(seen, sorted, "{list} {order}");
            } else if *order == format!("-{key}") {
                assert!(seen.iter().rev().eq(sorted.iter()), "{list} {order}");
            }
            sorted.dedup();
            assert_eq!(seen.len(), sorted.len(), "{list} {order}: a row is on two pages");
        }
    }
}

#[test]
fn numbers_are_sorted_by_their_holders_names_since_when_and_by_their_tags_both_ways() {
    let app = App::spawn();
    let root = Caller::root(&app);
    // Some have several holders, of whom the first by name is not the first by time.
    app.database
        .query("UPDATE instance SET personal_numbers = 'shared' WHERE instance_id = 'ccc-test'");
    for user in ["zhangwei", "lina", "wangfang"] {
        for number in ["083xxxx0011", "02855500007", "02855500010"] {
            let put = root.put(&format!("{CCC}/users/{user}@ccc-test/numbers/{number}"));
            assert_eq!(put.status, 200, "{}", put.body);
        }
    }
    let list = |sort: &str| {
        let all = root.get(&format!("{CCC}/numbers?per_page=500&sort={sort}"));
        assert_eq!(all.status, 200, "{}", all.body);
        all.json()["items"].as_array().unwrap().clone()
    };
    let least = |row: &Value, list: &str, field: Option<&str>| {
        let entries = row[list].as_array().unwrap().iter();
        let texts =
            entries.map(|entry| field.map_or(entry, |field| &entry[field]).as_str().unwrap());
        texts.min().unwrap_or_default().to_owned()
    };
    for (order, entries, field) in [
        ("holder", "holders", Some("display_name")),
        ("since", "holders", Some("since")),
        ("tags", "tags", None),
    ] {
        let keys = |rows: Vec<Value>| {
            let key = |row: &Value| {
                (least(row, entries, field), row["number"].as_str().unwrap().to_owned())
            };
            rows.iter().map(key).collect::<Vec<_>>()
        };
        let several =
            list(order).iter().filter(|row| row["user_ids"].as_array().unwrap().len() > 2).count();
        assert_eq!(several, 3);
        let (forward, backward) = (keys(list(order)), keys(list(&format!("-{order}"))));
        let different: BTreeSet<&String> = forward.iter().map(|(key, _)| key).collect();
        // What has none is last either way.
        let (some, none) = forward.split_at(forward.partition_point(|(key, _)| !key.is_empty()));
        assert!(some.is_sorted() && none.is_sorted(), "{order}: {forward:?}");
        assert!(different.len() > 2 && none.iter().all(|(key, _)| key.is_empty()), "{order}");
        let reversed = some.iter().rev().chain(none.iter().rev());
        assert!(reversed.eq(backward.iter()), "{order}: {backward:?}");
    }
}

#[test]
fn filters_let_through_what_the_database_has() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let count = |sql: &str| {
        app.database
            .query(&format!(
                "SELECT count(*) FROM phone_number AS n WHERE instance_id = 'ccc-test' AND {sql}"
            ))
            .parse::<u64>()
            .unwrap()
    };
    for (query, sql) in [
        ("state=free", "state = 'free'"),
        ("state=bound", "state = 'bound'"),
        ("state=personal", "state = 'personal'"),
        ("state=personal&sort=-city", "state = 'personal'"),
        ("usage=Inbound&active=true", "usage = 'Inbound' AND active = 1"),
        ("city=%E6%88%90%E9%83%BD", "city = '成都'"),
        ("q=028", "instr(number, '028')"),
        ("q=%25", "0"),
        ("q=_", "0"),
        ("q=%E4%B9%90%E5%B1%B1", "city = '乐山'"),
        (
            "contact_flow=a3fb6c62-9b49-4942-ae5b-cf2abd4123ek",
            "contact_flow_id = 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'",
        ),
        ("contact_flow=none&usage=Inbound", "contact_flow_id IS NULL AND usage = 'Inbound'"),
        ("city=%E6%88%90%E9%83%BD&city=%E7%BB%B5%E9%98%B3", "city IN ('成都', '绵阳')"),
        ("city=none&city=%E4%B9%90%E5%B1%B1", "city IN ('', '乐山')"),
        ("state=free&state=bound&active=false", "state <> 'personal' AND NOT active"),
        (
            "holder=lina@ccc-test",
            "number IN (SELECT number FROM personal_assignment WHERE user_id = 'lina@ccc-test' AND released_at IS NULL)",
        ),
        (
            "holder=lina@ccc-test&holder=sales@ccc-test",
            "number IN (SELECT number FROM personal_assignment WHERE user_id = 'lina@ccc-test' AND released_at IS NULL
                        UNION SELECT number FROM skill_group_number WHERE skill_group_id = 'sales@ccc-test')",
        ),
        ("holder=none", "state = 'free'"),
        (
            "holder=none&holder=lina@ccc-test&active=true",
            "active AND (state = 'free' OR number IN (SELECT number FROM personal_assignment WHERE user_id = 'lina@ccc-test' AND released_at IS NULL))",
        ),
        (
            "skill_group=sales@ccc-test",
            "number IN (SELECT number FROM skill_group_number WHERE skill_group_id = 'sales@ccc-test')",
        ),
        (
            "skill_group=none&skill_group=sales@ccc-test",
            "(state <> 'bound' OR number IN (SELECT number FROM skill_group_number WHERE skill_group_id = 'sales@ccc-test'))",
        ),
        ("tag=none", "tags = '[]'"),
        ("tag=vip", "instr(tags, '\"vip\"')"),
        (
            "q=lina",
            "number IN (SELECT number FROM personal_assignment WHERE user_id = 'lina@ccc-test' AND released_at IS NULL)",
        ),
    ] {
        let list = root.get(&format!("{CCC}/numbers?per_page=500&{query}")).json();
        assert_eq!(list["total"].as_u64(), Some(count(sql)), "{query}");
        assert_eq!(list["items"].as_array().unwrap().len() as u64, count(sql), "{query}");
    }
}

#[test]
fn a_field_that_is_not_known_is_refused_on_every_list_and_all_faults_are_reported_at_once() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for route in numberd::admin::ROUTES.iter().filter(|route| route.method == "GET") {
        let path = route
            .pattern
            .replace("{instance}", "ccc-test")
            .replace("{user}", "lina@ccc-test")
            .replace("{change}", "1");
        let path = path
            .replace("{number}", "02855500007")
            .replace("{skill_group}", "sales@ccc-test")
            .replace("{contact_flow}", "x");
        let reply = root.get(&format!("/api/v1{path}?statee=free"));
        assert_eq!((reply.status, problem(&reply).as_str()), (400, "malformed-request"), "{path}");
        assert_eq!(reply.json()["errors"][0]["pointer"], "/statee", "{path}");
    }
    let reply = root.get(&format!("{CCC}/numbers?state=lost&page=x&q=&page=2&active=yes&filter=1"));
    let pointers: Vec<String> = reply.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(pointers, ["/page", "/q", "/state", "/active", "/filter"], "{}", reply.body);
}

#[test]
fn a_field_of_a_body_that_is_not_known_is_refused_and_nothing_is_changed() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT count(*) FROM change");
    let body = json!({ "usage": "Both", "tags": ["", 3], "colour": "red", "city": 5, "contact_flow_id": null });
    let reply = root.send(
        "PATCH",
        &format!("{CCC}/numbers/083xxxx0011"),
        &[("if-match", "*")],
        Some(&body),
    );
    assert_eq!((reply.status, problem(&reply).as_str()), (422, "fields-invalid"));
    let pointers: Vec<String> = reply.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(pointers, ["/usage", "/city", "/tags/0", "/tags/1", "/colour"]);
    let reply = root.send(
        "PUT",
        &format!("{CCC}/users/lina@ccc-test/numbers/02855500007"),
        &[],
        Some(&json!({ "resaon": "typo" })),
    );
    assert_eq!(reply.json()["errors"][0]["pointer"], "/resaon");
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);
}

#[test]
fn a_part_of_a_number_or_of_an_id_is_looked_for_in_who_holds_what() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let held = "personal_assignment WHERE released_at IS NULL AND instance_id = 'ccc-test'";
    let bound = "skill_group_number WHERE instance_id = 'ccc-test'";
    for (list, from) in [
        ("assignments", held.to_owned()),
        (
            "assignments?q=028",
            format!("{held} AND (instr(number, '028') OR instr(user_id, '028'))"),
        ),
        ("assignments?q=lina", format!("{held} AND instr(user_id, 'lina')")),
        ("assignments?user_id=lina@ccc-test", format!("{held} AND user_id = 'lina@ccc-test'")),
        (
            "assignments?user_id=lina@ccc-test&q=028",
            format!("{held} AND user_id = 'lina@ccc-test' AND instr(number, '028')"),
        ),
        ("users/lina@ccc-test/numbers", format!("{held} AND user_id = 'lina@ccc-test'")),
        (
            "users/lina@ccc-test/numbers?q=08",
            format!("{held} AND user_id = 'lina@ccc-test' AND instr(number, '08')"),
        ),
        ("bindings", bound.to_owned()),
        (
            "bindings?skill_group_id=sales@ccc-test",
            format!("{bound} AND skill_group_id = 'sales@ccc-test'"),
        ),
        (
            "bindings?skill_group_id=sales@ccc-test&q=028",
            format!("{bound} AND skill_group_id = 'sales@ccc-test' AND instr(number, '028')"),
        ),
        (
            "skill-groups/sales@ccc-test/users",
            "skill_group_member WHERE skill_group_id = 'sales@ccc-test'".to_owned(),
        ),
        (
            "skill-groups/sales@ccc-test/users?q=a",
            "skill_group_member WHERE skill_group_id = 'sales@ccc-test' AND instr(user_id, 'a')"
                .to_owned(),
        ),
        // Another instance's are as if they were not there.
        ("assignments?user_id=annakowalska@vcc-test", "user WHERE 0".to_owned()),
        ("bindings?skill_group_id=support@vcc-test", "user WHERE 0".to_owned()),
    ] {
        let shown = root.get(&format!("{CCC}/{list}"));
        assert_eq!(shown.status, 200, "{list}: {}", shown.body);
        let total: u64 =
            app.database.query(&format!("SELECT count(*) FROM {from}")).parse().unwrap();
        let shown = shown.json();
        assert_eq!(
            (shown["total"].as_u64(), shown["items"].as_array().unwrap().len() as u64),
            (Some(total), total.min(50)),
            "{list}"
        );
    }
}

#[test]
fn the_change_log_is_narrowed_to_a_stretch_of_time() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/users/lina@ccc-test/numbers/01055500011");
    assert_eq!(root.send("PUT", &path, &[], Some(&json!({}))).status, 200);
    let items = |query: &str| {
        let reply = root.get(&format!("{CCC}/changes?limit=500&{query}"));
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["items"].as_array().unwrap().clone()
    };
    let newest = items("")[0].clone();
    let moment = newest["changed_at"].as_str().unwrap();
    let since = items(&format!("since={moment}"));
    assert!(since.iter().all(|change| change["changed_at"].as_str().unwrap() >= moment));
    assert!(since.contains(&newest));
    let until = items(&format!("until={moment}"));
    assert!(until.iter().all(|change| change["changed_at"].as_str().unwrap() < moment));
    assert!(!until.is_empty() && !until.contains(&newest));
    let refused = root.get(&format!("{CCC}/changes?since=yesterday"));
    assert_eq!(refused.status, 400, "{}", refused.body);
}
