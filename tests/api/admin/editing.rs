//! Two editors, ETags, pairs that may be put twice, reasons.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::json;

const FREE: &str = "02855500007";

#[test]
fn of_two_editors_of_one_number_the_second_is_told_and_loses_nothing() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/numbers/{FREE}");
    let read = root.get(&path);
    let tag = read.header("etag").unwrap();
    let patch = |tag: &str, body| root.send("PATCH", &path, &[("if-match", tag)], Some(&body));

    let first = patch(tag, json!({ "city": "绵阳" }));
    assert_eq!(first.status, 200, "{first:?}");
    let second = patch(tag, json!({ "provider": "中国移动" }));
    assert_eq!((second.status, problem(&second).as_str()), (412, "version-is-stale"));
    assert_eq!(
        second.header("etag"),
        first.header("etag"),
        "the answer says which version it is by now"
    );
    let present = root.get(&path);
    assert_eq!(
        (&present.json()["city"], &present.json()["provider"]),
        (&json!("绵阳"), &read.json()["provider"]),
        "nothing of the second was written"
    );

    let again = patch(present.header("etag").unwrap(), json!({ "provider": "中国移动" }));
    assert_eq!(
        (again.status, &again.json()["city"]),
        (200, &json!("绵阳")),
        "and nothing of the first is lost"
    );
}

/// The fields are those of the description, so that a new one is tried, too.
#[test]
fn every_field_of_a_number_is_kept_when_it_is_given_alone_and_is_logged_and_undone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let description = app.get("/openapi.json", &[]).json();
    let fields = |schema: &str| -> Vec<String> {
        let schema = &description["components"]["schemas"][schema]["properties"];
        let about = ["number", "reason", "dry_run"];
        let names = schema.as_object().unwrap().keys().cloned();
        names.filter(|name| !about.contains(&name.as_str())).collect()
    };
    let flow =
        root.get(&format!("{CCC}/contact-flows")).json()["items"][0]["contact_flow_id"].clone();
    let value = |field: &str| match field {
        "usage" => json!("Inbound"),
        "active" => json!(false),
        "tags" => json!(["x"]),
        "contact_flow_id" => flow.clone(),
        _ => json!("x"),
    };

    let new = fields("NumberToAdd");
    assert!(new.len() >= 8, "{new:?}");
    for (at, field) in new.iter().enumerate() {
        let number = format!("0289999000{at}");
        let body = json!({ "number": number, field.as_str(): value(field) });
        let added = root.post(&format!("{CCC}/numbers"), body);
        assert_eq!((added.status, &added.json()[field]), (201, &value(field)), "{added:?}");
    }

    let path = format!("{CCC}/numbers/{FREE}");
    let edited = fields("PhoneNumberEdit");
    assert!(edited.len() >= 10, "{edited:?}");
    for field in edited {
        let before = root.get(&path);
        let body = json!({ field.as_str(): value(&field) });
        let patched = root.send("PATCH", &path, &[("if-match", "*")], Some(&body));
        assert_eq!((patched.status, &patched.json()[&field]), (200, &value(&field)), "{patched:?}");
        assert_ne!(patched.header("etag"), before.header("etag"), "{field}");
        let request = patched.header("x-request-id").unwrap();
        let changes = root.get(&format!("{CCC}/changes?request_id={request}")).json();
        assert_eq!(changes["items"].as_array().unwrap().len(), 1, "{changes}");
        assert_ne!(changes["items"][0]["old"][&field], changes["items"][0]["new"][&field]);
        assert_eq!(root.post(&format!("{CCC}/requests/{request}:undo"), json!({})).status, 200);
        assert_eq!(root.get(&path).json()[&field], before.json()[&field]);
    }
}

#[test]
fn a_note_of_a_number_or_a_user_is_kept_logged_and_undone() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let new = json!({ "number": "02899990000", "note": "porting from the old provider" });
    let added = root.post(&format!("{CCC}/numbers"), new);
    assert_eq!(
        (added.status, &added.json()["note"]),
        (201, &json!("porting from the old provider"))
    );
    let new = json!({ "login_name": "sunli", "display_name": "孙丽", "note": "part time" });
    let made = root.post(&format!("{CCC}/users"), new);
    assert_eq!((made.status, &made.json()["note"]), (201, &json!("part time")));

    for path in [format!("{CCC}/numbers/02899990000"), format!("{CCC}/users/sunli@ccc-test")] {
        let read = root.get(&path);
        let patch = |note: &str| {
            let tag = [("if-match", read.header("etag").unwrap())];
            root.send("PATCH", &path, &tag, Some(&json!({ "note": note })))
        };
        for refused in ["x".repeat(501), "two\nlines".to_owned(), "\u{202e}".to_owned()] {
            let refused = patch(&refused);
            assert_eq!(
                (refused.status, &refused.json()["errors"][0]["pointer"]),
                (422, &json!("/note"))
            );
        }
        let longest = "备".repeat(500);
        let patched = patch(&longest);
        assert_eq!(
            (patched.status, &patched.json()["note"]),
            (200, &json!(longest)),
            "{patched:?}"
        );
        assert_ne!(patched.header("etag"), read.header("etag"));
        let request = patched.header("x-request-id").unwrap();
        let change = &root.get(&format!("{CCC}/changes?request_id={request}")).json()["items"][0];
        assert_eq!(
            (&change["old"]["note"], &change["new"]["note"]),
            (&read.json()["note"], &json!(longest))
        );
        assert_eq!(root.post(&format!("{CCC}/requests/{request}:undo"), json!({})).status, 200);
        assert_eq!(root.get(&path).json()["note"], read.json()["note"]);
    }
}

#[test]
fn everything_that_is_kept_of_a_user_can_be_changed() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/users/wangfang@ccc-test");
    let patch = |body| root.send("PATCH", &path, &[("if-match", "*")], Some(&body));
    let all = json!({
        "role": "Manager", "work_mode": "OFF_SITE", "display_name": "王芳芳",
        "email": "fang@example.org", "extension": "80001234", "mobile": "13800001111",
        "nickname": "芳芳", "display_id": "P-7", "active": false, "locked": true, "note": "moved",
    });
    let patched = patch(all.clone());
    assert_eq!(patched.status, 200, "{}", patched.body);
    for (name, value) in all.as_object().unwrap() {
        assert_eq!(patched.json()[name], *value, "{name}");
    }
    assert_eq!(patch(json!({ "extension": "" })).json()["extension"], "");
    for (field, value) in [
        ("email", json!("nowhere")),
        ("email", json!("")),
        ("extension", json!("12a")),
        ("extension", json!("1".repeat(33))),
        ("extension", json!(80001234)),
        ("active", json!("yes")),
        ("locked", json!(null)),
    ] {
        let refused = patch(json!({ field: value }));
        let pointer = json!(format!("/{field}"));
        assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &pointer));
    }
    let taken = root.get(&format!("{CCC}/users/lina@ccc-test")).json()["extension"].clone();
    let refused = patch(json!({ "extension": taken }));
    assert_eq!(refused.status, 409, "{}", refused.body);
    // Who shuts the last Admin out is refused.
    let admin = format!("{CCC}/users/user-test@ccc-test");
    let others = "UPDATE user SET role = 'Agent' WHERE instance_id = 'ccc-test'
                     AND role = 'Admin' AND user_id <> 'user-test@ccc-test'";
    rusqlite::Connection::open(app.database.path()).unwrap().execute_batch(others).unwrap();
    for body in [json!({ "locked": true }), json!({ "active": false })] {
        let refused = root.send("PATCH", &admin, &[("if-match", "*")], Some(&body));
        assert_eq!((refused.status, problem(&refused).as_str()), (409, "last-admin"));
    }
}

#[test]
fn a_change_of_the_holder_is_a_change_of_the_number() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let number = format!("{CCC}/numbers/{FREE}");
    let tag = root.get(&number).header("etag").unwrap().to_owned();
    assert_eq!(root.put(&format!("{CCC}/users/lina@ccc-test/numbers/{FREE}")).status, 200);
    let stale = root.send(
        "DELETE",
        &format!("{CCC}/users/lina@ccc-test/numbers/{FREE}"),
        &[("if-match", &tag)],
        None,
    );
    assert_eq!(problem(&stale), "version-is-stale");
    assert_eq!(root.get(&number).json()["user_ids"], json!(["lina@ccc-test"]));
    let tag = root.get(&number).header("etag").unwrap().to_owned();
    assert_eq!(
        root.send(
            "DELETE",
            &format!("{CCC}/users/lina@ccc-test/numbers/{FREE}"),
            &[("if-match", &tag)],
            None
        )
        .status,
        200
    );
}

#[test]
fn what_was_read_already_is_not_sent_again() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for path in [
        format!("{CCC}/numbers/{FREE}"),
        format!("{CCC}/users/lina@ccc-test"),
        format!("{CCC}/skill-groups/sales@ccc-test"),
        CCC.to_owned(),
    ] {
        let tag = root.get(&path).header("etag").unwrap().to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag} is a strong one");
        let again = root.send("GET", &path, &[("if-none-match", &tag)], None);
        assert_eq!(
            (again.status, again.body.as_str(), again.header("etag")),
            (304, "", Some(tag.as_str())),
            "{path}"
        );
        assert_eq!(root.send("GET", &path, &[("if-none-match", "\"another\"")], None).status, 200);
    }
}

#[test]
fn an_edit_without_if_match_is_not_made() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT count(*) FROM change");
    for path in [
        format!("{CCC}/numbers/{FREE}"),
        format!("{CCC}/users/lina@ccc-test"),
        format!("{CCC}/skill-groups/sales@ccc-test"),
        CCC.to_owned(),
    ] {
        let reply = root.send("PATCH", &path, &[], Some(&json!({})));
        assert_eq!((reply.status, problem(&reply).as_str()), (428, "version-required"), "{path}");
    }
    assert_eq!(app.database.query("SELECT count(*) FROM change"), before);
}

#[test]
fn putting_and_deleting_a_pair_twice_is_the_same_as_once() {
    let app = App::spawn();
    let root = Caller::root(&app);
    for pair in [
        "users/lina@ccc-test/numbers/02855500007",
        "skill-groups/sales@ccc-test/numbers/02855500009",
        "skill-groups/night@ccc-test/users/lina@ccc-test",
    ] {
        let path = format!("{CCC}/{pair}");
        let changes = || app.database.query("SELECT count(*) FROM change");
        assert_eq!(root.get(&path).status, 404, "{pair}");
        assert_eq!(root.put(&path).status, 200, "{pair}");
        let once = changes();
        assert_eq!((root.put(&path).status, changes()), (200, once), "{pair}");
        assert_eq!(root.get(&path).status, 200, "{pair}");
        assert_eq!(root.delete(&path).status, 200, "{pair}");
        let once = changes();
        assert_eq!((root.delete(&path).status, changes()), (200, once), "{pair}");
        assert_eq!(root.get(&path).status, 404, "{pair}");
    }
}

#[test]
fn the_reason_of_a_change_is_in_the_log_from_the_header_and_from_the_body() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = format!("{CCC}/users/lina@ccc-test/numbers/{FREE}");
    // 新员工, percent-encoded.
    let reply =
        root.send("PUT", &path, &[("x-change-reason", "%E6%96%B0%E5%91%98%E5%B7%A5")], None);
    assert_eq!(reply.status, 200);
    let reply = root.send("DELETE", &path, &[("x-change-reason", "she left")], None);
    assert_eq!(reply.status, 200);
    assert_eq!(root.send("PUT", &path, &[], Some(&json!({ "reason": "she is back" }))).status, 200);
    let log = root.get(&format!("{CCC}/changes?number={FREE}&limit=3")).json();
    let told: Vec<(&str, &str, &str)> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (
                change["reason"].as_str().unwrap(),
                change["via"].as_str().unwrap(),
                change["actor"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("she is back", "admin", "user-test"),
            ("she left", "admin", "user-test"),
            ("新员工", "admin", "user-test")
        ]
    );
    let long = "a".repeat(501);
    assert_eq!(
        problem(&root.send("DELETE", &path, &[("x-change-reason", &long)], None)),
        "malformed-request"
    );
    for unfit in ["a%20b%0Ac", "a%00", "a%FFb", "a%E2%80%AEb"] {
        let reply = root.send("DELETE", &path, &[("x-change-reason", unfit)], None);
        assert_eq!(
            (reply.status, problem(&reply)),
            (400, "malformed-request".to_owned()),
            "{unfit}"
        );
    }
    assert_eq!(root.send("DELETE", &path, &[("x-change-reason", "100% sure")], None).status, 200);
    assert_eq!(
        root.get(&format!("{CCC}/changes?limit=1")).json()["items"][0]["reason"],
        "100% sure"
    );
}

#[test]
fn a_number_is_named_with_a_plain_plus_and_with_an_encoded_one() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let path = |plus: &str| format!("{CCC}/numbers/{plus}8675500001");
    assert_eq!(
        root.post(&format!("{CCC}/numbers:range"), json!({ "start": "+8675500001", "count": 1 }))
            .status,
        200
    );
    assert_eq!(root.get(&path("+")).json()["number"], "+8675500001");
    assert_eq!(root.get(&path("%2B")).json(), root.get(&path("+")).json());
}

#[test]
fn a_range_of_new_numbers_is_one_line_of_the_log_for_each_and_undoing_it_takes_them_away() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let before = app.database.query("SELECT max(change_id) FROM change");
    let added =
        root.post(&format!("{CCC}/numbers:range"), json!({ "start": "0833009901", "count": 3 }));
    assert_eq!((added.status, &added.json()["done"]), (200, &json!(3)), "{added:?}");
    let lines = format!(
        "SELECT action || ' ' || instance_id || ' ' || number FROM change WHERE change_id > {before} ORDER BY change_id"
    );
    assert_eq!(
        app.database.query(&lines),
        "insert ccc-test 0833009901\ninsert ccc-test 0833009902\ninsert ccc-test 0833009903"
    );
    let last = app.database.query("SELECT max(change_id) FROM change");
    let undone = root.post(&format!("{CCC}/changes/{last}:undo"), json!({ "whole_request": true }));
    assert_eq!((undone.status, &undone.json()["done"]), (200, &json!(3)), "{undone:?}");
    assert_eq!(
        app.database.query("SELECT count(*) FROM phone_number WHERE number GLOB '083300990[123]'"),
        "0"
    );
}

#[test]
fn a_400_number_with_a_contact_flow_is_refused_for_what_it_is() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let number = "4005550001";
    assert!(!root.get(&format!("{CCC}/numbers/{number}")).json()["contact_flow_id"].is_null());
    let body = json!({ "usage": "Outbound" });
    let path = format!("{CCC}/numbers/{number}");
    let refused = root.send("PATCH", &path, &[("if-match", "*")], Some(&body));
    assert_eq!(problem(&refused), "service-number-is-inbound");
    let parameters = [("InstanceId", "ccc-test"), ("Number", number), ("Usage", "Outbound")];
    let refused = app.call("ModifyPhoneNumber", &parameters).json();
    let said = refused["Message"].as_str().unwrap();
    assert!(said.starts_with("The parameter Usage is invalid."), "{said}");
}
