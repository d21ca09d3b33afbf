//! `key-file`, and a database whose key file is lost; `seed` without one.

use super::{Place, assert_done, assert_refused, json, stdout};
use crate::support::Program;

#[test]
fn a_lost_key_file_is_made_anew_and_the_access_keys_that_it_encrypted_end() {
    let place = Place::initialized();
    assert_done(&place.run(&["access-key", "create", "root"]));
    assert_refused(&place.run(&["key-file", "renew"]), 4, "is there and fits");
    std::fs::remove_file(place.key_file()).unwrap();
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_refused(&refused, 5, "numberd key-file renew");
    let rehearsed = json(&place.run(&["key-file", "renew", "--dry-run", "--json"]));
    assert_eq!(rehearsed["dry_run"], true);
    assert_eq!(place.kept(), ["numberd.db"]);
    let renewed = json(&place.run(&["key-file", "renew", "--json"]));
    assert_eq!(renewed["access_keys"], 2);
    assert_eq!(place.kept(), ["numberd.db", "numberd.key"]);
    let listed = json(&place.run(&["access-key", "list", "--json"]));
    for key in listed.as_array().unwrap() {
        assert!(key["revoked_at"].is_string() || key["revoked_at"].is_number(), "{key}");
    }
    assert_done(&place.run(&["access-key", "create", "root"]));
    let server = Program::start(&["serve", "--database", place.database().to_str().unwrap()]);
    drop(server);
    place.assert_sound();
}

#[test]
fn check_says_what_is_wrong_with_the_key_file_and_how_to_mend_it() {
    let place = Place::initialized();
    let keys = json(&place.run(&["access-key", "list", "--json"]));
    let id = keys[0]["access_key_id"].as_str().unwrap().to_owned();
    let key_file = std::fs::read(place.key_file()).unwrap();
    let other = Place::initialized();
    let checked = |place: &Place| {
        let output = place.run(&["check"]);
        (output.status.code(), stdout(&output))
    };
    let (code, said) = checked(&place);
    assert!(code == Some(0) && !said.contains("key"), "the control: {said}");
    for (with_keys, remedy) in [(true, "ends the AccessKeys"), (false, "nothing is lost")] {
        if !with_keys {
            std::fs::write(place.key_file(), &key_file).unwrap();
            assert_done(&place.run(&["access-key", "revoke", &id]));
        }
        std::fs::remove_file(place.key_file()).unwrap();
        let (code, said) = checked(&place);
        assert_eq!(code, Some(0), "a backup has no key file beside it: {said}");
        assert!(said.contains("No such file") && said.contains("numberd.key"), "{said}");
        assert!(said.contains("numberd key-file renew") && said.contains(remedy), "{said}");
        std::fs::copy(other.key_file(), place.key_file()).unwrap();
        let (code, said) = checked(&place);
        assert_eq!(code, Some(5), "{said}");
        assert!(said.contains("is not the key file of this database"), "{said}");
        assert!(said.contains("numberd key-file renew"), "{said}");
    }
    std::fs::remove_file(place.key_file()).unwrap();
    assert_done(&place.run(&["key-file", "renew"]));
    let (code, said) = checked(&place);
    assert!(code == Some(0) && !said.contains("key file"), "{said}");
}

#[test]
fn a_token_can_be_made_for_reading_only_and_for_one_instance_and_the_list_shows_it() {
    let place = Place::new();
    assert_done(&place.run(&["seed"]));
    let made =
        place.run(&["token", "create", "user-test", "--read-only", "--instance", "ccc-test"]);
    assert!(stdout(&made).contains("for reading only"), "{}", stdout(&made));
    assert!(stdout(&made).contains("for ccc-test only"), "{}", stdout(&made));
    let tokens = json(&place.run(&["token", "list", "--json"]));
    assert_eq!(
        (&tokens[0]["read_only"], &tokens[0]["instance_id"]),
        (&true.into(), &"ccc-test".into())
    );
    assert!(tokens[0]["last_used_at"].is_null(), "{tokens}");
    let listed = stdout(&place.run(&["token", "list"]));
    assert!(listed.contains("for reading only, for ccc-test only"), "{listed}");
    let missing = ["token", "create", "user-test", "--instance", "no-such"];
    assert_refused(&place.run(&missing), 3, "no-such");
}

#[test]
fn a_key_that_is_replaced_decrypts_every_secret_and_the_old_one_none() {
    let place = Place::initialized();
    let old = std::fs::read(place.key_file()).unwrap();
    let rotated = json(&place.run(&["key-file", "rotate", "--json"]));
    assert_eq!(rotated["access_keys"], 1);
    assert_ne!(std::fs::read(place.key_file()).unwrap(), old);
    assert_done(&place.run(&["access-key", "create", "root"]));
    assert_eq!(json(&place.run(&["key-file", "rotate", "--json"]))["access_keys"], 2);
    std::fs::write(place.key_file(), &old).unwrap();
    assert_refused(&place.run(&["access-key", "create", "root"]), 5, "is not the key file of");
    // A key of another database is not overwritten.
    assert_refused(&place.run(&["key-file", "renew"]), 4, "another key or none");
}

#[test]
fn a_key_that_was_not_put_in_place_when_the_program_was_killed_is_found() {
    let place = Place::initialized();
    let next = place.path("numberd.key.next");
    std::fs::rename(place.key_file(), &next).unwrap();
    assert_done(&place.run(&["access-key", "create", "root"]));
    assert_eq!(place.kept(), ["numberd.db", "numberd.key"]);
}

#[test]
fn a_key_is_not_replaced_under_a_server() {
    let place = Place::initialized();
    let _server = Program::start(&["serve", "--database", place.database().to_str().unwrap()]);
    assert_refused(&place.run(&["key-file", "rotate"]), 4, "stop it first");
}

#[test]
fn the_sample_makes_its_database_and_key_when_there_are_none() {
    let place = Place::new();
    assert_done(&place.run(&["seed"]));
    assert_eq!(place.kept(), ["numberd.db", "numberd.key"]);
    assert_done(&place.run(&["token", "create", "user-test"]));
    assert_done(&place.run(&["access-key", "create", "user-test"]));
    let listed = stdout(&place.run(&["instances", "list"]));
    assert!(listed.contains("ccc-test"), "{listed}");
    assert_refused(&place.run(&["seed"]), 4, "holds something already");
    let server = Program::start(&["serve", "--database", place.database().to_str().unwrap()]);
    drop(server);
}

#[test]
fn what_everybody_knows_of_a_demo_is_not_served_beyond_this_machine() {
    let place = Place::new();
    let database = place.database();
    let demo = Program::start(&["demo", "--database", database.to_str().unwrap()]);
    drop(demo);
    let serve = ["serve", "--listen", "0.0.0.0:0"];
    assert_refused(&place.run(&serve), 1, "everybody knows");
    for revoked in [
        &["access-key", "revoke", "demo-access-key"][..],
        &["token", "revoke", "demo"],
        &["oauth-client", "revoke", "demo-client"],
    ] {
        assert_done(&place.run(revoked));
        assert_refused(&place.run(&serve), 1, "everybody knows");
    }
}
