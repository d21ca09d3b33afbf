//! Section 4: paging of every list.

use super::{ANNA, SUPPORT, Vcc, message};
use crate::support::App;
use serde_json::{Value, json};

/// Every list, with the name of its array.
fn lists() -> Vec<(String, &'static str)> {
    vec![
        ("/callbackNumbers".to_owned(), "callbackNumbers"),
        (format!("/users/{ANNA}/callbackNumbers"), "callbackNumbers"),
        ("/users".to_owned(), "users"),
        (format!("/users/{ANNA}/skills"), "agentSkills"),
        (format!("/users/{ANNA}/groups"), "agentGroups"),
        ("/skills".to_owned(), "skills"),
        ("/groups".to_owned(), "groups"),
        (format!("/skills/{SUPPORT}/users"), "users"),
        (format!("/groups/{SUPPORT}/users"), "users"),
    ]
}

fn meta(page: u64, count: u64, pages: u64, total: u64) -> Value {
    json!({ "page": page, "count": count, "pageCount": pages, "totalCount": total })
}

#[test]
fn limit_is_an_integer_from_1_to_5000() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (path, _) in lists() {
        for limit in ["1", "5000", "0025"] {
            vcc.read(&format!("{path}?limit={limit}"));
        }
        for limit in ["0", "5001", "-1", "18446744073709551616"] {
            let message = message(&vcc.get(&format!("{path}?limit={limit}")), 400);
            assert_eq!(
                message,
                format!("limit must be an integer from 1 to 5000, but is \"{limit}\".")
            );
        }
    }
}

#[test]
fn page_is_an_integer_from_1_to_1000000000_and_0_is_refused() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (path, _) in lists() {
        for page in ["1", "1000000000"] {
            vcc.read(&format!("{path}?page={page}"));
        }
        for page in ["0", "1000000001", "-1", "99999999999999999999"] {
            let message = message(&vcc.get(&format!("{path}?page={page}")), 400);
            assert_eq!(
                message,
                format!("page must be an integer from 1 to 1000000000, but is \"{page}\".")
            );
        }
    }
}

#[test]
fn limit_is_25_and_page_1_when_absent() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:read");
    let body = vcc.read("/callbackNumbers");
    assert_eq!(
        (body["meta"]["page"].as_u64(), body["meta"]["count"].as_u64()),
        (Some(1), Some(25))
    );
    assert_eq!(body, vcc.read("/callbackNumbers?limit=25&page=1"));
}

#[test]
fn meta_is_the_first_member_of_every_list() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (path, list) in lists() {
        let reply = vcc.get(&path);
        assert!(
            reply.body.starts_with("{\"meta\":{\"page\":1,\"count\":"),
            "{path}: {}",
            reply.body
        );
        assert!(reply.json()[list].is_array(), "{path}");
    }
}

#[test]
fn count_is_the_items_of_this_response_and_page_count_those_of_the_limit() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (page, count) in [(1, 4), (2, 4), (3, 1)] {
        let body = vcc.read(&format!("/callbackNumbers?limit=4&page={page}"));
        assert_eq!(body["meta"], meta(page, count, 3, 9));
        assert_eq!(body["callbackNumbers"].as_array().unwrap().len() as u64, count);
    }
    // An exact fit makes no further page.
    assert_eq!(vcc.read("/callbackNumbers?limit=3&page=3")["meta"], meta(3, 3, 3, 9));
}

#[test]
fn total_count_follows_the_include_filter() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (include, total) in
        [("", 6), ("?include=Active", 6), ("?include=Archived", 1), ("?include=All", 7)]
    {
        assert_eq!(vcc.read(&format!("/users{include}"))["meta"]["totalCount"], total, "{include}");
    }
}

#[test]
fn page_past_the_end_is_empty_with_true_totals() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (path, list) in lists() {
        let total = vcc.read(&path)["meta"]["totalCount"].as_u64().unwrap();
        let body = vcc.read(&format!("{path}?limit=2&page=7"));
        assert_eq!(body["meta"], meta(7, 0, total.div_ceil(2), total), "{path}");
        assert_eq!(body[list], json!([]));
    }
}

#[test]
fn empty_set_has_no_pages() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    assert_eq!(vcc.read(&format!("/users/{ANNA}/skills"))["meta"], meta(1, 0, 0, 0));
}

#[test]
fn overflow_is_none_at_the_last_page_of_the_largest_size() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for (path, list) in lists() {
        let body = vcc.read(&format!("{path}?limit=5000&page=1000000000"));
        assert_eq!(
            (&body["meta"]["page"], &body["meta"]["count"], &body[list]),
            (&json!(1_000_000_000), &json!(0), &json!([])),
            "{path}"
        );
    }
}

#[test]
fn order_is_by_name_then_id_and_users_by_username_and_pages_join_without_gaps() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:read");
    let whole = vcc.read("/callbackNumbers?limit=5000");
    let rows = whole["callbackNumbers"].as_array().unwrap();
    let mut sorted = rows.clone();
    let key = |row: &Value| {
        (
            row["callbackNumberName"].as_str().unwrap().to_owned(),
            row["callbackNumberId"].as_str().unwrap().to_owned(),
        )
    };
    sorted.sort_by_key(key);
    assert_eq!(rows, &sorted);
    let joined: Vec<Value> = (1..=whole["meta"]["totalCount"].as_u64().unwrap().div_ceil(7))
        .flat_map(|page| {
            vcc.read(&format!("/callbackNumbers?limit=7&page={page}"))["callbackNumbers"]
                .as_array()
                .unwrap()
                .clone()
        })
        .collect();
    assert_eq!(&joined, rows);
    let names = super::column(&vcc.read("/users?include=All")["users"], "username");
    assert!(names.is_sorted() && names.len() == 11, "{names:?}");
}

#[test]
fn non_integers_and_repeats_are_refused_and_unknown_parameters_ignored() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for query in [
        "limit=abc",
        "limit=1.5",
        "limit=",
        "limit",
        "limit=+1",
        "limit=1e2",
        "limit=%EF%BC%91",
        "limit=%ff",
        "page=",
        "page=x",
        "page=1&page=1",
        "limit=5&limit=6",
    ] {
        message(&vcc.get(&format!("/callbackNumbers?{query}")), 400);
    }
    for query in ["Limit=0", "x", "&&", "=", "offset=abc&limit=3", "%ff=1", "include=%ff"] {
        vcc.read(&format!("/callbackNumbers?{query}"));
    }
}

#[test]
fn write_endpoints_ignore_paging_parameters() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let reply = vcc.put(
        &format!("/users/{ANNA}/callbackNumbers?limit=1&page=9&page=x"),
        &super::callback_numbers(&[super::TEST1, super::TEST2]),
    );
    assert_eq!((reply.status, &reply.json()["meta"]), (200, &meta(1, 2, 1, 2)));
}
