//! What is answered to a write that has nothing of its own to show: from whom to whom numbers went,
//! its request, and how it is undone.

use super::{CCC, Caller};
use crate::support::App;
use serde_json::{Value, json};

/// A number that nobody holds.
const FREE: &str = "02855500007";

fn ids(holders: &Value) -> Vec<&str> {
    holders.as_array().into_iter().flatten().map(|holder| holder["id"].as_str().unwrap()).collect()
}

#[test]
fn a_write_of_a_pair_says_from_whom_to_whom_and_undoes_itself() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let (lina, sales) = (["lina@ccc-test"].as_slice(), ["sales@ccc-test"].as_slice());
    let wang = ["wangfang@ccc-test"].as_slice();
    let none: &[&str] = &[];
    let to_wang = json!({ "user_id": "wangfang@ccc-test" });
    let until = json!({ "user_id": "lina@ccc-test", "until": "2099-01-01T00:00:00Z" });
    let of = |who: &str| format!("{CCC}/{who}/numbers/{FREE}");
    let number = format!("{CCC}/numbers/{FREE}");
    let (at_lina, at_sales) = (of("users/lina@ccc-test"), of("skill-groups/sales@ccc-test"));
    for (method, path, body, action, from, to) in [
        ("PUT", at_lina, None, "assign", none, lina),
        ("PUT", format!("{number}/assignment"), Some(&to_wang), "transfer", lina, wang),
        ("DELETE", of("users/wangfang@ccc-test"), None, "release", wang, none),
        ("PUT", at_sales.clone(), None, "bind", none, sales),
        ("DELETE", at_sales, None, "unbind", sales, none),
        ("PUT", format!("{number}/reservation"), Some(&until), "hold", none, none),
        ("DELETE", format!("{number}/reservation"), None, "end-reservation", none, none),
        ("DELETE", number.clone(), None, "remove", none, none),
    ] {
        let now = || {
            let told = root.get(&number).json();
            let ids = ids(&told["holders"]).join(" ");
            (told["state"].clone(), ids, told["reservation"]["user_id"].clone())
        };
        let before = now();
        let reply = root.send(method, &path, &[], body);
        assert_eq!(reply.status, 200, "{method} {path}: {}", reply.body);
        let said = reply.json();
        let item = &said["items"][0];
        assert_eq!((&said["outcome"], &item["outcome"]), (&json!("done"), &json!("done")));
        assert_eq!((&item["number"], &item["action"]), (&json!(FREE), &json!(action)));
        assert_eq!((ids(&item["from"]), ids(&item["to"])), (from.to_vec(), to.to_vec()), "{said}");
        assert_eq!(item["kept"]["user_id"] == "lina@ccc-test", action == "hold", "{said}");
        assert_eq!(reply.header("x-request-id"), said["request_id"].as_str());
        let after = now();
        // It is undone and done again, each by the address that the one before named.
        let undone = root.post(said["undo"].as_str().unwrap(), json!({}));
        assert_eq!(undone.json()["applied"], true, "{}", undone.body);
        assert_ne!(after, before, "{action}");
        assert_eq!(now(), before, "{action}");
        let again = root.post(undone.json()["undo"].as_str().unwrap(), json!({}));
        assert_eq!(again.json()["applied"], true, "{}", again.body);
        assert_eq!(now(), after, "{action}");
    }
}

#[test]
fn whoever_may_not_undo_is_told_what_was_done_and_promised_no_undo() {
    let app = App::spawn();
    let manager = Caller::of(&app, "lina");
    let admin = Caller::root(&app);
    let items = json!([{ "action": "release", "number": FREE }]);
    for (method, path, body) in [
        ("PUT", format!("{CCC}/users/lina@ccc-test/numbers/{FREE}"), None),
        ("POST", format!("{CCC}/assignments:batch"), Some(&json!({ "items": items }))),
        ("PUT", format!("{CCC}/skill-groups/sales@ccc-test/numbers/{FREE}"), None),
        ("PUT", format!("{CCC}/skill-groups/night@ccc-test/users/zhaolei@ccc-test"), None),
    ] {
        let reply = manager.send(method, &path, &[], body);
        let said = reply.json();
        assert_eq!(reply.status, 200, "{method} {path}: {said}");
        let done = said["outcome"] == "done" || said["done"] == 1;
        assert!(done && said["undo"].is_null(), "{method} {path}: {said}");
        let undo = format!("{CCC}/requests/{}:undo", said["request_id"].as_str().unwrap());
        assert_eq!(manager.post(&undo, json!({ "dry_run": true })).status, 403);
        assert_eq!(admin.post(&undo, json!({ "dry_run": true })).json()["applied"], false);
    }
}

#[test]
fn what_changed_nothing_says_who_holds_the_number_and_offers_no_undo() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let held = format!("{CCC}/users/lina@ccc-test/numbers/083xxxx0011");
    let member = format!("{CCC}/skill-groups/test@ccc-test/users/lina@ccc-test");
    let before = app.database.query("SELECT max(change_id) FROM change");
    let released = root.delete(&held).json();
    assert_eq!((&released["outcome"], &released["undo"]), (&json!("unchanged"), &Value::Null));
    assert_eq!(ids(&released["items"][0]["held_by"]), ["user-test@ccc-test"], "{released}");
    let left = root.delete(&member).json();
    assert_eq!((&left["outcome"], &left["items"]), (&json!("unchanged"), &Value::Null), "{left}");
    assert_eq!(app.database.query("SELECT max(change_id) FROM change"), before);
    let joined = root.put(&member).json();
    assert_eq!(joined["outcome"], "done", "{joined}");
    let undo = joined["undo"].as_str().unwrap();
    assert_eq!(root.post(undo, json!({})).json()["applied"], true);
    assert_eq!(root.get(&member).status, 404);
}

#[test]
fn what_is_removed_says_what_became_of_its_numbers() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for (path, action, table) in [
        ("users/wangfang@ccc-test", "release", "v_personal_number WHERE user_id"),
        ("skill-groups/sales@ccc-test", "unbind", "v_bound_number WHERE skill_group_id"),
    ] {
        let (_, id) = path.split_once('/').unwrap();
        let count = app.database.query(&format!("SELECT count(*) FROM {table} = '{id}'"));
        let reply = root.delete(&format!("{CCC}/{path}?force=true"));
        assert_eq!(reply.status, 200, "{}", reply.body);
        let said = reply.json();
        let items = said["items"].as_array().unwrap();
        assert!(items.len() > 2 && items.len().to_string() == count, "{said}");
        for item in items {
            assert_eq!((&item["action"], ids(&item["from"])), (&json!(action), vec![id]), "{said}");
        }
    }
}

#[test]
fn a_call_centre_or_contact_flow_that_is_deleted_says_which_numbers_lost_something() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let flow = app.database.query(
        "SELECT contact_flow_id FROM phone_number WHERE contact_flow_id IS NOT NULL
          GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    );
    for (path, action, those) in [
        (
            format!("{CCC}/contact-flows/{flow}"),
            "edit",
            format!("SELECT number FROM phone_number WHERE contact_flow_id = '{flow}' ORDER BY 1"),
        ),
        (
            "/api/v1/instances/vcc-test".to_owned(),
            "remove",
            "SELECT number FROM phone_number
              WHERE instance_id = 'vcc-test' AND state <> 'free' ORDER BY state, number"
                .to_owned(),
        ),
    ] {
        let lost = app.database.query(&those);
        let said = root.delete(&format!("{path}?force=true")).json();
        let items = said["items"].as_array().unwrap();
        let numbers: Vec<&str> = items.iter().map(|it| it["number"].as_str().unwrap()).collect();
        assert_eq!(numbers.join("\n"), lost, "{said}");
        assert!(numbers.len() > 1, "{said}");
        for item in items {
            let from = ids(&item["from"]);
            assert_eq!((&item["action"], &item["outcome"]), (&json!(action), &json!("done")));
            assert_eq!(from.is_empty(), action == "edit", "{item}");
        }
    }
}

#[test]
fn a_report_has_its_request_and_one_of_an_account_is_undone_there() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let items = json!([{ "action": "assign", "number": FREE, "user_id": "lina@ccc-test" }]);
    let path = format!("{CCC}/assignments:batch");
    let tried = root.post(&path, json!({ "items": items, "dry_run": true })).json();
    assert_eq!((&tried["request_id"], &tried["undo"]), (&Value::Null, &Value::Null));
    let done = root.post(&path, json!({ "items": items }));
    assert_eq!(done.json()["request_id"].as_str(), done.header("x-request-id"));
    let again = root.post(&path, json!({ "items": items })).json();
    assert_eq!((&again["unchanged"], &again["undo"]), (&json!(1), &Value::Null), "{again}");
    assert_eq!(ids(&again["items"][0]["held_by"]), ["lina@ccc-test"]);

    let given_up = root.delete("/api/v1/instances/vcc-test?force=true").json();
    let undo = given_up["undo"].as_str().unwrap();
    assert!(undo.starts_with("/api/v1/requests/"), "{given_up}");
    let undone = root.post(undo, json!({ "mode": "best_effort" }));
    assert_eq!(undone.json()["applied"], true, "{}", undone.body);
    assert_eq!(root.get("/api/v1/instances/vcc-test").status, 200);
}
