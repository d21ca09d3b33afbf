//! A whole call centre, taken over; and what differs later.

use super::faces::Faces;
use super::{Adopted, Office, counted, report, stderr, vendor};
use crate::support::App;
use numberd::adopt::ccc::Reading;
use numberd::ccc::Operation;
use serde_json::{Value, json};

#[test]
fn only_operations_that_read_are_called() {
    for reading in Reading::ALL {
        let name = format!("{reading:?}");
        let operation = Operation::ALL.iter().find(|operation| operation.name() == name);
        assert!(!operation.unwrap().is_write(), "{name}");
    }
}

#[test]
fn what_was_adopted_answers_every_list_of_ccc_as_the_vendor_does() {
    let (vendor, office) = (vendor(700, 0), Office::new());
    let report = office.adopted(vendor.address);
    assert_eq!(report["applied"], true);
    assert_eq!(counted(&report, "instance"), [1, 0, 0, 0, 0]);
    assert!(counted(&report, "numbers")[0] > 900, "{report}");
    let adopted = Adopted::start(&office, "ccc-test");
    Faces::of_ccc(&vendor, &adopted).same();
    drop(adopted);
    office.assert_sound();
}

#[test]
fn what_was_adopted_answers_every_list_of_vcc_as_the_vendor_does() {
    let (vendor, office) = (vendor(0, 700), Office::new());
    // One prefers a number of their own.
    vendor.database.query(
        "UPDATE user SET prevent_auto_callback_number = 1, selected_callback_number_id =
           (SELECT min(n.callback_number_id) FROM personal_assignment AS a
              JOIN phone_number AS n ON n.instance_id = a.instance_id AND n.number = a.number
             WHERE a.user_id = user.user_id AND a.released_at IS NULL)
          WHERE user_id = (SELECT min(u.user_id) FROM user AS u
              JOIN personal_assignment AS a ON a.user_id = u.user_id AND a.released_at IS NULL
             WHERE u.instance_id = 'vcc-test' AND u.active AND NOT u.locked)",
    );
    let report = report(&office.vcc(vendor.address, &["--json"]));
    assert_eq!(report["applied"], true, "{report}");
    let adopted = Adopted::start(&office, "vcc-test");
    Faces::of_vcc(&vendor, &adopted).same();
    // VCC has no name for an account.
    office.done(&["instances", "rename", "vcc-test", "Berlin office"]);
    let changes = office.changes();
    let again = office.vcc(vendor.address, &[]);
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(office.changes(), changes, "a second run changes nothing");
    let drift = office.vcc(vendor.address, &["--drift"]);
    assert!(drift.status.success(), "{}", String::from_utf8_lossy(&drift.stdout));
    drop(adopted);
    office.assert_sound();
}

#[test]
fn a_dry_run_and_a_second_run_change_nothing_and_one_undo_takes_all_of_it_back() {
    let (vendor, office) = (App::spawn(), Office::new());
    let theirs = vendor.database.query("SELECT count(*), max(change_id) FROM change");
    let (before, here) = (office.changes(), ["--instance", "ccc-test"]);
    let preview =
        report(&office.ccc(vendor.address, &[&here as &[_], &["--dry-run", "--json"]].concat()));
    assert_eq!((&preview["applied"], office.changes()), (&json!(false), before));
    let done = office.adopted(vendor.address);
    assert_eq!(preview["kinds"], done["kinds"], "what was previewed is done");
    let after = office.changes();
    assert!(after > before + 200);
    let again = office.adopted(vendor.address);
    assert_eq!((&again["applied"], office.changes()), (&json!(false), after));
    for kind in
        ["instance", "logins", "contact flows", "skill groups", "users", "memberships", "numbers"]
    {
        let [new, changed, same, refused, only_here] = counted(&again, kind);
        assert_eq!([new, changed, refused, only_here], [0; 4], "{kind}");
        assert_eq!(same, counted(&done, kind).iter().sum::<u64>(), "{kind}");
    }
    office.done(&["undo", done["request_id"].as_str().unwrap()]);
    assert_eq!(office.query("SELECT count(*) FROM user"), "0");
    assert_eq!(office.query("SELECT count(*) FROM phone_number"), "0");
    office.assert_sound();
    let now = vendor.database.query("SELECT count(*), max(change_id) FROM change");
    assert_eq!(theirs, now, "nothing is ever changed at the vendor's");
}

#[test]
fn the_drift_is_told_both_ways_and_changes_nothing() {
    let (vendor, office) = (App::spawn(), Office::new());
    office.adopted(vendor.address);
    let drift = || office.ccc(vendor.address, &["--instance", "ccc-test", "--drift", "--json"]);
    assert!(drift().status.success(), "nothing differs yet");
    // At the vendor's: a number more, one of another city, one given, a level changed.
    vendor.call(
        "CreateSkillGroup",
        &[("InstanceId", "ccc-test"), ("Name", "late"), ("DisplayName", "晚班")],
    );
    vendor.database.query(
        "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '0571-33330001');
         ",
    );
    vendor.database.query("UPDATE phone_number SET city = '宜宾' WHERE number = '08335550009'");
    vendor.database.query("UPDATE skill_group_member SET skill_level = 9 WHERE user_id = 'liuyang@ccc-test' AND skill_group_id = 'test@ccc-test'");
    // Here: a number given, and one that only we have.
    let ours = ["--instance", "ccc-test"];
    office.done(&[&["numbers", "assign", "08335550007", "--to", "lina"], &ours as &[_]].concat());
    office.done(&[&["numbers", "add", "0571-44440001"], &ours as &[_]].concat());
    let changes = office.changes();
    let output = drift();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("6 differences found."), "{}", stderr(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |key: &str| {
        let changes = told["changes"].as_array().unwrap();
        changes
            .iter()
            .find(|row| row["key"] == key)
            .unwrap_or_else(|| panic!("{key}: {told:#}"))
            .clone()
    };
    assert_eq!(of("late")["outcome"], "new");
    assert_eq!(of("0571-33330001")["outcome"], "new");
    assert_eq!(of("08335550009")["changes"][0]["to"], "宜宾");
    assert_eq!(of("liuyang")["changes"][0]["column"], "skill_levels");
    assert_eq!(
        of("08335550007")["changes"][0],
        json!({"column": "user_ids", "from": "lina@ccc-test", "to": ""})
    );
    assert_eq!(told["only_here"], json!([{"kind": "numbers", "key": "0571-44440001"}]));
    assert_eq!(office.changes(), changes, "nothing was changed");
    // Adopted again, only what is here alone differs.
    office.adopted(vendor.address);
    let output = office.ccc(vendor.address, &["--instance", "ccc-test", "--drift"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 difference found."), "{}", stderr(&output));
    office.assert_sound();
}

#[test]
fn the_only_instance_is_meant_when_none_is_named() {
    let (vendor, office) = (App::spawn(), Office::new());
    let output = office.ccc(vendor.address, &["--dry-run"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("with --instance: ccc-test, vcc-test"), "{}", stderr(&output));
    vendor.database.query("DELETE FROM user WHERE ram_id = (SELECT ram_id FROM ram_user WHERE login_name = 'user-test') AND instance_id = 'vcc-test'");
    let output = office.ccc(vendor.address, &["--dry-run", "--json"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stderr(&output).contains("--instance") || said.contains("\"ccc-test\""), "{said}");
}

#[test]
fn what_vcc_clients_know_by_another_id_is_not_taken_for_the_same() {
    let (vendor, office) = (App::spawn(), Office::new());
    office.done(&["instances", "create", "vcc-test", "--personal-numbers", "shared"]);
    let here = ["--instance", "vcc-test"];
    office.done(&[&["numbers", "add", "+48600000000"], &here as &[_]].concat());
    let name = ["--display-name", "Anna", "--email", "anna@example.com"];
    office.done(&[&["users", "create", "annakowalska"], &name as &[_], &here].concat());
    let changes = office.changes();
    let output = office.vcc(vendor.address, &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused = |key: &str| {
        let all = told["refused"].as_array().unwrap();
        let found = all.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{told:#}"));
        found["reason"].as_str().unwrap().to_owned()
    };
    assert!(refused("+48600000000").contains("+48600000000 is here with the VCC id "));
    assert!(refused("annakowalska").contains("annakowalska is here with the VCC id "));
    assert!(refused("annakowalska").ends_with(", and keeps it"));
    assert_eq!(office.changes(), changes, "nothing was changed");
}

#[test]
fn an_account_that_is_another_instance_here_is_not_adopted_a_second_time() {
    let (vendor, office) = (App::spawn(), Office::new());
    report(&office.vcc(vendor.address, &["--json"]));
    let changes = office.changes();
    let endpoint = format!("http://{}", vendor.address);
    let line = ["adopt", "vcc", "--endpoint", &endpoint, "--client-id", "demo-client"];
    for more in [&[][..], &["--dry-run"], &["--drift"], &["--best-effort"]] {
        let line = [&line[..], &["--instance", "other"], more].concat();
        let output = office.run(&line, "demo-client-secret");
        assert_eq!(output.status.code(), Some(4), "{more:?}: {}", stderr(&output));
        assert_eq!(
            stderr(&output),
            "numberd: This account is the instance vcc-test here: what it has is there, with the same ids. Adopt it with --instance vcc-test. Nothing was changed.\n"
        );
    }
    assert_eq!(office.changes(), changes);
    office.done(&["instances", "delete", "vcc-test", "--force"]);
    let output = office.run(&[&line[..], &["--instance", "other"]].concat(), "demo-client-secret");
    let said = stderr(&output);
    let given_up = "numberd: This account was the instance vcc-test here, which has been given up. `numberd undo ";
    let request = said.strip_prefix(given_up).and_then(|rest| rest.split(['`', ' ']).next());
    office.done(&["undo", request.unwrap_or_else(|| panic!("{said}"))]);
    let back = office.run(&[&line[..], &["--instance", "other"]].concat(), "demo-client-secret");
    assert!(stderr(&back).contains("Adopt it with --instance vcc-test"), "{}", stderr(&back));
}

#[test]
fn a_preview_needs_no_reason_where_changes_do() {
    let (vendor, office) = (App::spawn(), Office::new());
    office.adopted(vendor.address);
    let strict = ["--reason-required", "true", "--reason", "the auditors"];
    office.done(&[&["instances", "edit", "ccc-test"], &strict as &[_]].concat());
    vendor.database.query("UPDATE phone_number SET city = '宜宾' WHERE number = '08335550009'");
    let ours = ["--instance", "ccc-test"];
    let shown = office.ccc(vendor.address, &[&ours as &[_], &["--dry-run"]].concat());
    assert!(shown.status.success(), "{}", stderr(&shown));
    let drift = office.ccc(vendor.address, &[&ours as &[_], &["--drift"]].concat());
    assert!(stderr(&drift).contains("1 difference found."), "{}", stderr(&drift));
    let refused = office.ccc(vendor.address, &ours);
    assert!(stderr(&refused).contains("need a reason"), "{}", stderr(&refused));
}
