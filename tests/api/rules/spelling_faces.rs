//! A number is found by any spelling, through every face, and another spelling is never added.

use crate::admin::{CCC, Caller, problem};
use crate::support::{App, Program};
use serde_json::{Value, json};

/// A free number of the sample as it is stored, and other spellings of it.
const STORED: &str = "02855500018";
const SPELLINGS: [&str; 4] =
    ["+862855500018", "00862855500018", "028-5550-0018", "+86028-55500018"];

#[test]
fn the_rest_api_finds_a_number_by_any_spelling_and_answers_with_the_one_that_is_there() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for spelling in SPELLINGS {
        let number = format!("{CCC}/numbers/{spelling}");
        let held = format!("{CCC}/users/lina@ccc-test/numbers/{spelling}");
        let bound = format!("{CCC}/skill-groups/night@ccc-test/numbers/{spelling}");
        assert_eq!(root.get(&number).json()["number"], STORED);
        let why = root.get(&format!("{CCC}/users/lina@ccc-test/candidates/{spelling}"));
        assert_eq!(why.json()["number"], STORED, "{}", why.body);

        assert_eq!(root.put(&held).status, 200);
        assert_eq!(root.get(&held).json()["number"], STORED);
        let holders = root.get(&format!("{number}/holders")).json();
        assert_eq!(holders["holders"][0]["id"], "lina@ccc-test", "{holders}");
        assert_ne!(root.get(&format!("{number}/history")).json()["total"], 0);
        let refused = root.put(&bound);
        assert_eq!((refused.status, problem(&refused)), (409, "number-held-by-user".to_owned()));
        assert_eq!(root.delete(&held).status, 200);

        assert_eq!(root.put(&bound).status, 200);
        assert_eq!(root.get(&bound).json()["number"], STORED);
        assert_eq!(root.delete(&bound).status, 200);

        let tagged =
            root.send("PATCH", &number, &[("if-match", "*")], Some(&json!({ "tags": [spelling] })));
        assert_eq!((tagged.status, &tagged.json()["number"]), (200, &json!(STORED)));
        let q = spelling.replace('+', "%2B");
        for list in ["numbers?", "users/lina@ccc-test/candidates?", "changes?limit=1&number="] {
            let found = match list {
                "changes?limit=1&number=" => root.get(&format!("{CCC}/{list}{q}")),
                list => root.get(&format!("{CCC}/{list}q={q}")),
            };
            assert_eq!(found.json()["items"][0]["number"], STORED, "{list}{q}: {}", found.body);
        }
        let items = json!([
            { "action": "assign", "number": spelling, "user_id": "lina@ccc-test" },
            { "action": "transfer", "number": STORED, "from": "lina@ccc-test", "user_id": "wangfang@ccc-test" },
            { "action": "release", "number": spelling, "user_id": "wangfang@ccc-test" },
        ]);
        let batch = root.post(&format!("{CCC}/assignments:batch"), json!({ "items": items }));
        assert_eq!((batch.status, &batch.json()["done"]), (200, &json!(3)), "{}", batch.body);
    }
}

#[test]
fn a_search_finds_parts_of_numbers_whatever_separates_them() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let add = |number: &str| {
        let added = root.post(&format!("{CCC}/numbers"), json!({ "number": number }));
        assert_eq!(added.status, 201, "{}", added.body);
    };
    ["138-1000-1234", "+8657188887777"].into_iter().for_each(add);
    let total = |q: &str| {
        root.get(&format!("{CCC}/numbers?q={}", crate::console::encoded(q))).json()["total"].clone()
    };
    for (q, there) in [
        ("13810001234", 1),
        ("1000 1234", 1),
        ("+86 138-1000", 1),
        ("0086138", 1),
        ("10001", 1),
        ("0571 8888 7777", 1),
        ("(0571) 8888", 1),
        ("8888-7777", 1),
        ("+8657188887777", 1),
        ("13810001235", 0),
        ("+87138", 0),
        ("0572 8888", 0),
    ] {
        assert_eq!(total(q), there, "{q}");
    }
}

#[test]
fn another_spelling_is_refused_with_the_one_that_is_there_and_nothing_is_changed() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT max(change_id) FROM change");
    for spelling in SPELLINGS {
        let expected = format!("number {spelling} exists already, as {STORED}");
        let said = |reply: &Value| reply.to_string().to_lowercase().contains(&expected);
        let rest = root.post(&format!("{CCC}/numbers"), json!({ "number": spelling }));
        assert_eq!((rest.status, problem(&rest)), (409, "number-exists".to_owned()));
        assert!(said(&rest.json()), "{}", rest.body);
        let range =
            root.post(&format!("{CCC}/numbers:range"), json!({ "start": spelling, "count": 1 }));
        assert_eq!(range.status, 409, "{}", range.body);
        assert!(said(&range.json()), "{}", range.body);

        let list = format!("[\"{spelling}\"]");
        let ccc = app.call("ImportCorpNumbers", &[("NumberList", &list), ("Provider", "x")]);
        assert_eq!((ccc.status, &ccc.json()["Code"]), (409, &json!("AlreadyExists.PhoneNumber")));
        assert_eq!(
            ccc.json()["Message"],
            format!(
                "The specified number {spelling} (as {STORED}) already exists in the instance."
            )
        );
        let parameters =
            [("InstanceId", "ccc-test"), ("NumberList", &list), ("Usage", "Bidirection")];
        let ccc = app.call("AddPhoneNumbers", &parameters);
        assert_eq!((ccc.status, &ccc.json()["Data"]), (200, &json!([spelling])), "{}", ccc.body);

        let path = app.database.path().to_str().unwrap().to_owned();
        let cli = Program::run(
            &["numbers", "add", spelling, "--instance", "ccc-test", "--database", &path],
            "",
        );
        let printed = String::from_utf8_lossy(&cli.stdout).to_lowercase();
        assert_eq!(cli.status.code(), Some(4), "{printed}");
        assert!(printed.contains(&expected), "{printed}");
    }
    assert_eq!(app.database.query("SELECT max(change_id) FROM change"), before);
}

#[test]
fn the_ccc_face_takes_any_spelling_and_repeats_the_callers_own() {
    let app = App::spawn();
    let [one, other, third, _] = SPELLINGS;
    let user = [("InstanceId", "ccc-test"), ("UserId", "lina@ccc-test")];
    let call = |operation: &str, numbers: &[&str]| {
        let list = json!(numbers).to_string();
        app.call(operation, &[&user[..], &[("NumberList", list.as_str())]].concat())
    };
    // Bound to a skill group, and in none.
    let given = call("AddPersonalNumbersToUser", &[one, "+862855500001", other, "+8699"]);
    assert_eq!(given.json()["Data"], json!(["+862855500001", "+8699"]), "{}", given.body);
    let holder = format!(
        "SELECT holder FROM v_phone_number WHERE instance_id = 'ccc-test' AND number = '{STORED}'"
    );
    assert_eq!(app.database.query(&holder), "lina@ccc-test");

    let list = json!([third]).to_string();
    let group =
        [("InstanceId", "ccc-test"), ("SkillGroupId", "night@ccc-test"), ("NumberList", &list)];
    let bound = app.call("AddNumbersToSkillGroup", &group);
    assert_eq!((bound.status, &bound.json()["Code"]), (400, &json!("Parameter.Invalid")));
    assert!(bound.body.contains(third), "{}", bound.body);

    // The pattern is compared with the stored text.
    for (pattern, total) in [(one, 0), (STORED, 1)] {
        let parameters = [
            ("IsMember", "true"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
            ("SearchPattern", pattern),
        ];
        let found = app.call("ListPersonalNumbersOfUser", &[&user[..], &parameters].concat());
        assert_eq!(found.json()["Data"]["TotalCount"], total, "{pattern}: {}", found.body);
    }
    let taken = call("RemovePersonalNumbersFromUser", &[third]);
    assert_eq!((taken.status, app.database.query(&holder).as_str()), (200, ""), "{}", taken.body);
    let removed = call("RemovePhoneNumbers", &[one, other, "+8699"]);
    assert_eq!(removed.json()["Data"], json!(["+8699"]), "{}", removed.body);
    let parameters = [("Usage", "Bidirection")];
    let list = json!([one, other, third]).to_string();
    let back = app.call(
        "AddPhoneNumbers",
        &[&user[..1], &parameters, &[("NumberList", list.as_str())]].concat(),
    );
    assert_eq!(back.json()["Data"], json!([]), "{}", back.body);
    assert_eq!(
        app.database
            .query(&format!("SELECT instance_id FROM phone_number WHERE number = '{STORED}'")),
        "ccc-test"
    );
}

#[test]
fn a_number_that_comes_back_in_another_spelling_keeps_its_history() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let [other, ..] = SPELLINGS;
    assert_eq!(root.put(&format!("{CCC}/users/lina@ccc-test/numbers/{STORED}")).status, 200);
    let removed = root.delete(&format!("{CCC}/numbers/{STORED}?force=true"));
    assert_eq!(removed.status, 200, "{}", removed.body);
    app.database.query(&format!("DELETE FROM phone_number WHERE number = '{STORED}'"));
    let added = root.post(&format!("{CCC}/numbers"), json!({ "number": other }));
    assert_eq!(added.status, 201, "{}", added.body);
    assert_eq!(root.put(&format!("{CCC}/users/wangfang@ccc-test/numbers/{other}")).status, 200);
    for spelling in [STORED, other, "028-5550-0018"] {
        let history = root.get(&format!("{CCC}/numbers/{spelling}/history")).json();
        let users: Vec<&Value> =
            history["items"].as_array().unwrap().iter().map(|entry| &entry["user_id"]).collect();
        assert_eq!(
            users[..2],
            [&json!("wangfang@ccc-test"), &json!("lina@ccc-test")],
            "{spelling}"
        );
        let holders = root.get(&format!("{CCC}/numbers/{spelling}/holders")).json();
        assert_eq!(holders["holders"][0]["id"], "wangfang@ccc-test", "{spelling}");
    }
    // What was taken away does not come back beside it.
    let request = removed.header("x-acs-request-id").unwrap().to_owned();
    let undone = root.post(&format!("{CCC}/requests/{request}:undo"), json!({}));
    assert_eq!(undone.status, 409, "{}", undone.body);
}

#[test]
fn a_400_number_is_inbound_however_it_is_spelled() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for spelling in ["400-600-0001", "+864006000001", "0086400-6000001", "04006000001"] {
        let body = json!({ "number": spelling, "usage": "Bidirection" });
        let refused = root.post(&format!("{CCC}/numbers"), body);
        assert_eq!(problem(&refused), "service-number-is-inbound", "{spelling}");
        let added = root.post(&format!("{CCC}/numbers"), json!({ "number": spelling }));
        assert_eq!((added.status, &added.json()["usage"]), (201, &json!("Inbound")), "{spelling}");
        let path = format!("{CCC}/numbers/{spelling}");
        let body = json!({ "usage": "Outbound" });
        let refused = root.send("PATCH", &path, &[("if-match", "*")], Some(&body));
        assert_eq!(problem(&refused), "service-number-is-inbound", "{spelling}");
        assert_eq!(root.delete(&path).status, 200);
        app.database
            .query("DELETE FROM phone_number WHERE instance_id IS NULL AND usage = 'Inbound'");
    }
}
