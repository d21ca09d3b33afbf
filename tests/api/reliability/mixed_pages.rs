//! A page is one moment: while two numbers are exchanged between two people, again and again, no
//! page shows both with one of them.

use crate::support::{App, figure, times};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CCC: &str = "/api/v1/instances/ccc-test";
const NUMBERS: [&str; 2] = ["07770001", "07770002"];
const BEARER: (&str, &str) = ("authorization", "Bearer demo-token");

/// Who holds the two numbers, as a list shows them.
fn holders(list: &Value, holder: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    let held = items.iter().filter(|item| NUMBERS.contains(&item["number"].as_str().unwrap()));
    held.map(|item| item[holder].to_string()).collect()
}

#[test]
fn no_page_mixes_two_moments() {
    let app = App::spawn();
    for (number, user) in NUMBERS.iter().zip(["lina", "zhangwei"]) {
        app.database.query(&format!(
            "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '{number}')"
        ));
        app.database.query(&format!(
            "INSERT INTO personal_assignment (instance_id, number, user_id)
             VALUES ('ccc-test', '{number}', '{user}@ccc-test')"
        ));
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let swaps = scope.spawn(|| {
            let body = json!({ "one": NUMBERS[0], "other": NUMBERS[1] });
            let mut swaps = 0;
            while !over.load(Ordering::Relaxed) {
                let path = format!("{CCC}/numbers:swap");
                let reply = app.send("POST", &path, &[BEARER], Some(&body));
                assert_eq!(reply.status, 200, "{}", reply.body);
                swaps += 1;
            }
            swaps
        });
        let get = |path: &str| app.get(&format!("{CCC}/{path}"), &[BEARER]).json();
        let pages = times(300, 5000);
        for page in 0..pages {
            let (path, holder) = [
                ("numbers?q=0777", "user_ids"),
                ("assignments?q=0777", "user_id"),
                ("numbers?state=personal&per_page=500", "user_ids"),
            ][page % 3];
            let list = get(path);
            let held = holders(&list, holder);
            assert!(held.len() == 2 && held[0] != held[1], "{path}: {list}");
            if page % 3 < 2 {
                assert_eq!(list["total"], 2, "{path}");
            }
        }
        // Two requests are two moments, so they mix sooner or later.
        let (began, mut looks, mut mixed) = (Instant::now(), 0, false);
        while !mixed && began.elapsed() < Duration::from_secs(60) {
            let [one, other] = NUMBERS.map(|number| get(&format!("numbers/{number}")));
            mixed = one["user_ids"] == other["user_ids"];
            looks += 1;
        }
        over.store(true, Ordering::Relaxed);
        let swaps = swaps.join().unwrap();
        assert!(mixed, "{looks} pairs of requests never saw two moments");
        figure(
            "pages that mix two moments",
            0,
            pages,
            &format!("three kinds of list beside {swaps} swaps"),
            &format!("a page read by two requests mixed them within {looks} looks"),
        );
    });
}
