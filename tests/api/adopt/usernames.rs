//! Usernames of VCC, some of which can't be login names.

use super::Office;
use super::stand_in::{Instead, Vendor};
use super::vendor::assert_refused;
use serde_json::{Value, json};

#[test]
fn a_username_of_vcc_with_an_at_is_named_with_all_that_it_keeps_out() {
    let rename = |row: &mut Value| {
        if row["username"] == "annakowalska" {
            row["username"] = json!("anna.kowalska@example.com");
        }
    };
    let vendor = Vendor::new(move |asked, _| match asked {
        "GET /useradmin/users" => Instead::Edit(Box::new(move |body| {
            body["users"].as_array_mut().unwrap().iter_mut().for_each(rename);
        })),
        _ => Instead::Pass,
    });
    let office = Office::new();
    let output = office.vcc(vendor.address, &["--json"]);
    assert_refused(&office, &output, 1, "can't be taken over. Nothing was changed.");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused: Vec<String> = told["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let [kind, key, reason] = ["kind", "key", "reason"].map(|of| row[of].as_str().unwrap());
            format!("{kind} {key}: {reason}")
        })
        .collect();
    let login = "anna.kowalska@example.com";
    let why = format!(
        "login_name: \"{login}\" is not a login name: 1 to 64 ASCII letters, digits, -, . and _; give them another username at the vendor's"
    );
    assert_eq!(
        refused[..2],
        [
            format!("users {login}: {why}"),
            format!("memberships {login}: the user can't be taken over")
        ]
    );
    assert!(refused.len() > 2, "{refused:?}");
    for number in &refused[2..] {
        assert!(
            number.starts_with("numbers +")
                && number.ends_with(&format!(": its holder {login} can't be taken over")),
            "{number}"
        );
    }
    // The rest is whole, and the numbers of that user are not there without a holder.
    let output = office.vcc(vendor.address, &["--best-effort", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &told["applied"]), (Some(1), &json!(true)));
    assert_eq!(office.query("SELECT count(*) FROM user"), "6");
    let there = office.query("SELECT group_concat(number) FROM phone_number");
    for number in &refused[2..] {
        let number = number.split([' ', ':']).nth(1).unwrap();
        assert!(!there.contains(number), "{number} in {there}");
    }
    office.assert_sound();
}

#[test]
fn a_user_of_vcc_who_cannot_be_taken_over_is_listed_with_all_that_is_wrong() {
    let change = |row: &mut Value| match row["username"].as_str().unwrap() {
        "annakowalska" => {
            row["username"] = json!("anna@example.com");
            row["userAccountConfiguration"]["role"] = json!("Wallboard");
        }
        other => {
            assert!(!other.contains('@'), "{other}");
            row["userAccountConfiguration"]["role"] = json!("Wallboard");
        }
    };
    let vendor = Vendor::new(move |asked, _| match asked {
        "GET /useradmin/users" => Instead::Edit(Box::new(move |body| {
            body["users"].as_array_mut().unwrap().iter_mut().for_each(change);
        })),
        _ => Instead::Pass,
    });
    let office = Office::new();
    let output = office.vcc(vendor.address, &["--json"]);
    assert_refused(&office, &output, 1, "can't be taken over. Nothing was changed.");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused = told["refused"].as_array().unwrap().iter().filter(|row| row["kind"] == "users");
    for row in refused {
        let (key, reason) = (row["key"].as_str().unwrap(), row["reason"].as_str().unwrap());
        let role = "role: It must be one of Admin, Manager, Agent (Wallboard)";
        assert!(reason.contains(role), "{reason}");
        assert_eq!(reason.contains("is not a login name"), key.contains('@'), "{reason}");
        assert_eq!(reason.ends_with("another username at the vendor's"), key.contains('@'));
    }
}
