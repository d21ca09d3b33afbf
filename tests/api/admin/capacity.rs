//! How many numbers are free, when they run out, and the low-water marks: through REST and the
//! command line.

use super::{CCC, Caller, problem};
use crate::support::{App, Program, Reply};
use numberd::domain::{Clock, Paging};
use numberd::store::seed;
use serde_json::{Value, json};

fn mark(root: &Caller<'_>, body: Value) -> Reply {
    root.send("PUT", &format!("{CCC}/low-water-marks"), &[], Some(&body))
}

fn items(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["items"].as_array().unwrap().clone()
}

fn at<'a>(places: &'a [Value], city: &str, usage: &str) -> &'a Value {
    places.iter().find(|place| place["city"] == city && place["usage"] == usage).unwrap()
}

fn numberd(app: &App, arguments: &[&str]) -> std::process::Output {
    let database = app.database.path().to_str().unwrap();
    let place = ["--instance", "ccc-test", "--database", database];
    Program::run(&[arguments, &place].concat(), "")
}

#[test]
fn the_places_add_up_to_the_active_numbers_and_the_sample_runs_low_in_one_city() {
    let app = App::with(Paging::Strict, Clock::Fixed(seed::HISTORY_ENDS));
    let root = Caller::root(&app);
    let places = items(&root.get(&format!("{CCC}/capacity?per_page=500")));
    let kept = root.get(&format!("{CCC}/reservations")).json()["total"].as_u64().unwrap();
    assert!(kept > 0);
    let sum = |member: &str| -> u64 { places.iter().map(|at| at[member].as_u64().unwrap()).sum() };
    for (found, state) in
        [(sum("bound"), "bound"), (sum("personal"), "personal"), (sum("free") + kept, "free")]
    {
        let sql = format!(
            "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test' AND active AND state = '{state}'"
        );
        assert_eq!(found.to_string(), app.database.query(&sql), "{state}");
    }
    assert_eq!(sum("reserved"), kept);
    let xian = at(&places, "西安", "Bidirection");
    assert_eq!((&xian["outlook"], &xian["weeks"]), (&json!("runs_out"), &json!(26)), "{xian}");
    assert!(xian["events"].as_u64().unwrap() >= 8, "{xian}");
    assert_eq!(at(&places, "西安", "Outbound")["outlook"], "none_free");
    assert_eq!(at(&places, "乐山", "Bidirection")["outlook"], "unknown");

    let file = root.get(&format!("{CCC}/capacity.csv"));
    assert!(file.body.contains("city,usage,free,reserved,bound,personal,low_water_mark,outlook"));
    assert_eq!(file.body.lines().count(), places.len() + 1, "{}", file.body);
}

#[test]
fn a_mark_is_set_shown_passed_undone_and_taken_away() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = root.get(CCC);
    let set = mark(&root, json!({ "city": "西安", "usage": "Bidirection", "least": 5 }));
    assert_eq!(set.status, 200, "{}", set.body);
    assert_eq!(mark(&root, json!({ "least": 3 })).status, 200);
    // It is a setting of the instance: whoever edits that one has to read it again.
    let stale = [("if-match", before.header("etag").unwrap())];
    let refused = root.send("PATCH", CCC, &stale, Some(&json!({ "name": "x" })));
    assert_eq!(refused.status, 412, "{}", refused.body);

    let marks = items(&root.get(&format!("{CCC}/low-water-marks")));
    assert_eq!(
        (&marks[0]["city"], &marks[0]["too_few"], &marks[0]["passed"]),
        (&json!(null), &json!(false), &json!(false)),
        "{marks:?}"
    );
    assert_eq!(
        (&marks[1]["city"], &marks[1]["too_few"], &marks[1]["passed"]),
        (&json!("西安"), &json!(true), &json!(true)),
        "{marks:?}"
    );
    let places = items(&root.get(&format!("{CCC}/capacity?per_page=500")));
    assert_eq!(at(&places, "西安", "Bidirection")["low_water_mark"], 5);
    let metrics = app.get("/metrics", &[("authorization", "Bearer demo-token")]);
    let figure = "numberd_low_water_marks_passed{instance=\"ccc-test\"} 1\n";
    assert!(metrics.body.contains(figure), "{}", metrics.body);

    let checked = numberd(&app, &["capacity", "--check"]);
    assert_eq!(checked.status.code(), Some(1));
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    let wanted = format!("西安, Bidirection: {} free, at least 5 wanted", marks[1]["free"]);
    assert!(said.contains(&wanted), "{said}");
    assert!(!said.contains("all cities"), "{said}");

    let request = set.header("x-request-id").unwrap().to_owned();
    let undone = root.post(&format!("{CCC}/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(numberd(&app, &["capacity", "--check"]).status.code(), Some(0));
    assert_eq!(mark(&root, json!({ "least": 0 })).status, 200);
    assert!(items(&root.get(&format!("{CCC}/low-water-marks"))).is_empty());
}

#[test]
fn a_mark_that_makes_no_sense_is_refused_by_name_and_not_everybody_sets_one() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for (body, pointer) in [
        (json!({}), "/least"),
        (json!({ "least": -1 }), "/least"),
        (json!({ "least": 1_000_001 }), "/least"),
        (json!({ "least": 5, "usage": "both" }), "/usage"),
        (json!({ "least": 5, "city": "a\nb" }), "/city"),
    ] {
        let refused = mark(&root, body.clone());
        assert_eq!(
            (refused.status, problem(&refused)),
            (422, "fields-invalid".to_owned()),
            "{body}"
        );
        assert!(refused.body.contains(pointer), "{}", refused.body);
    }
    assert_eq!(mark(&Caller::of(&app, "lina"), json!({ "least": 5 })).status, 403);
    assert_eq!(app.database.query("SELECT count(*) FROM low_water_mark"), "0");
    for wrong in [&["low-water-mark", "-1"][..], &["low-water-mark", "5", "--usage", "both"]] {
        assert_eq!(numberd(&app, wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn the_numbers_that_suit_a_user_best_come_first() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let address = format!("{CCC}/users/lina@ccc-test/candidates?per_page=500");
    let suggested = items(&root.get(&format!("{address}&order=suggested")));
    let (mut numbers, mut all): (Vec<_>, Vec<_>) = (suggested.clone(), items(&root.get(&address)));
    for list in [&mut numbers, &mut all] {
        list.sort_by_key(|row| row["number"].to_string());
    }
    let number = |rows: &[Value]| rows.iter().map(|row| row["number"].clone()).collect::<Vec<_>>();
    assert_eq!(number(&numbers), number(&all), "the same numbers, in another order");

    let home = "SELECT group_concat(DISTINCT n.city) FROM phone_number AS n
                 WHERE n.instance_id = 'ccc-test' AND n.number IN (
                       SELECT number FROM v_personal_number WHERE user_id = 'lina@ccc-test'
                       UNION SELECT b.number FROM v_bound_number AS b JOIN v_member AS m
                          ON m.skill_group_id = b.skill_group_id AND m.user_id = 'lina@ccc-test')";
    let home = app.database.query(home);
    let rank = |row: &Value| {
        let near = row["suggestion"]["near"].as_str().unwrap().to_owned();
        let ranks = ["kept", "city", "province", "elsewhere", "unusable"];
        (
            ranks.iter().position(|rank| *rank == near).unwrap(),
            row["suggestion"]["idle_since"].to_string(),
        )
    };
    assert!(suggested.is_sorted_by_key(rank));
    for row in &suggested {
        let (near, city) = (&row["suggestion"]["near"], row["city"].as_str().unwrap());
        let usable = row["active"] == true && row["usage"] != "Inbound";
        assert_eq!(near != "unusable", usable, "{row}");
        if near == "city" || near == "elsewhere" {
            assert_eq!(near == "city", !city.is_empty() && home.contains(city), "{home}: {row}");
        }
    }
    let both = root.get(&format!("{address}&order=suggested&include=blocked"));
    assert!(both.status == 400 && both.body.contains("/order"), "{}", both.body);
}
