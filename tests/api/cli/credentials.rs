//! `access-key` and `token`, and `healthcheck`.

use super::{Place, assert_done, assert_refused, json, stdout};
use crate::support::Program;

#[test]
fn access_keys_are_made_listed_and_revoked() {
    let place = Place::initialized();
    let made = json(&place.run(&["access-key", "create", "root", "--json"]));
    let id = made["id"].as_str().unwrap();
    let listed = json(&place.run(&["access-key", "list", "--json"]));
    let of = |list: &serde_json::Value| {
        list.as_array().unwrap().iter().find(|key| key["access_key_id"] == id).unwrap().clone()
    };
    assert_eq!(
        (of(&listed)["login_name"].as_str(), of(&listed)["revoked_at"].is_null()),
        (Some("root"), true)
    );
    assert!(!listed.to_string().contains(made["secret"].as_str().unwrap()));
    assert_done(&place.run(&["access-key", "revoke", id]));
    let revoked = of(&json(&place.run(&["access-key", "list", "--json"])));
    assert!(revoked["revoked_at"].as_i64().unwrap() > 0);
    assert_done(&place.run(&["access-key", "revoke", id]));
    assert_eq!(
        of(&json(&place.run(&["access-key", "list", "--json"]))),
        revoked,
        "ending it again changes nothing"
    );
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let place = Place::initialized();
    let made = json(&place.run(&[
        "token",
        "create",
        "root",
        "--name",
        "nightly report",
        "--days",
        "30",
        "--json",
    ]));
    let id = made["id"].as_str().unwrap();
    assert!(made["secret"].as_str().unwrap().starts_with("nbd_"));
    let listed = json(&place.run(&["token", "list", "--json"]));
    let token = &listed[0];
    assert_eq!(
        (token["token_id"].as_str(), token["name"].as_str()),
        (Some(id), Some("nightly report"))
    );
    assert_eq!(
        token["expires_at"].as_i64().unwrap() - token["created_at"].as_i64().unwrap(),
        30 * 86_400_000
    );
    assert!(!listed.to_string().contains(made["secret"].as_str().unwrap()));
    assert_done(&place.run(&["token", "revoke", id]));
    assert!(json(&place.run(&["token", "list", "--json"]))[0]["revoked_at"].as_i64().unwrap() > 0);
    assert!(stdout(&place.run(&["token", "list"])).starts_with("TOKEN"));
}

#[test]
fn what_is_not_there_is_not_found() {
    let place = Place::initialized();
    assert_refused(
        &place.run(&["access-key", "create", "nobody"]),
        3,
        "RAM user nobody does not exist",
    );
    assert_refused(
        &place.run_with(&["access-key", "add", "nobody"], "id\na-secret-of-thirty-characters\n"),
        3,
        "RAM user nobody does not exist",
    );
    assert_refused(
        &place.run(&["access-key", "revoke", "NBDnothing"]),
        3,
        "AccessKey NBDnothing does not exist",
    );
    assert_refused(&place.run(&["token", "create", "nobody"]), 3, "RAM user nobody does not exist");
    assert_refused(
        &place.run(&["token", "revoke", "nothing"]),
        3,
        "API token nothing does not exist",
    );
}

#[test]
fn an_existing_access_key_is_taken_over_from_standard_input() {
    let place = Place::initialized();
    assert_done(
        &place
            .run_with(&["access-key", "add", "root"], "LTAI5tExample\nits-secret-of-16-letters\n"),
    );
    assert!(stdout(&place.run(&["access-key", "list"])).contains("LTAI5tExample"));
    let before = place.digest();
    assert_refused(
        &place.run_with(&["access-key", "add", "root"], "short\na\n"),
        2,
        "fewer than 16 characters",
    );
    assert_refused(
        &place.run_with(&["access-key", "add", "root"], "LTAI5tExample\nanother-secret-of-16\n"),
        4,
        "there is an AccessKey of that id already",
    );
    assert_done(&place.run(&["access-key", "revoke", "LTAI5tExample"]));
    assert_refused(
        &place.run_with(&["access-key", "add", "root"], "LTAI5tExample\nanother-secret-of-16\n"),
        4,
        "a revoked one is not used again",
    );
    assert_ne!(place.digest(), before);
}

#[test]
fn standard_input_that_is_no_access_key_is_a_usage_error() {
    let place = Place::initialized();
    let long = format!("{}\nsecret\n", "x".repeat(129));
    let huge = format!("id\n{}", "x".repeat(10_000));
    for (stdin, sentence) in [
        ("", "two lines of standard input"),
        ("\n\n", "two lines of standard input"),
        ("only-an-id\n", "two lines of standard input"),
        ("id\nsecret\nmore\n", "two lines of standard input"),
        ("i'd\nsecret\n", "is not an AccessKey id"),
        ("电话\nsecret\n", "is not an AccessKey id"),
        (long.as_str(), "is not an AccessKey id"),
        (huge.as_str(), "longer than"),
    ] {
        let before = place.digest();
        assert_refused(&place.run_with(&["access-key", "add", "root"], stdin), 2, sentence);
        assert_eq!(place.digest(), before, "{stdin:.20}");
    }
    let mut binary = Program::command(&[
        "access-key",
        "add",
        "root",
        "--database",
        place.database().to_str().unwrap(),
    ]);
    binary.stdin(std::fs::File::open(place.database()).unwrap());
    assert_refused(&binary.output().unwrap(), 2, "tandard input");
}

#[test]
fn the_health_check_tells_a_server_that_answers_from_one_that_does_not() {
    let server = Program::start(&["demo"]);
    let address = server.address.to_string();
    assert_done(&Program::run(&["healthcheck", "--listen", &address], ""));
    drop(server);
    assert_refused(&Program::run(&["healthcheck", "--listen", &address], ""), 5, "does not answer");
}

#[test]
fn a_variable_does_what_its_option_does_and_the_option_goes_first() {
    let place = Place::initialized();
    let run = |database: &std::path::Path, more: &[&str]| {
        Program::command(&[&["token", "list"], more].concat())
            .env("NUMBERD_DATABASE", database)
            .output()
            .unwrap()
    };
    assert_done(&run(&place.database(), &[]));
    assert_refused(&run(&place.path("other.db"), &[]), 5, "other.db does not exist");
    assert_done(&run(&place.path("other.db"), &["--database", place.database().to_str().unwrap()]));
}
