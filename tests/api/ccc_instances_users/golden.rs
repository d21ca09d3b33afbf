//! What the golden requests try, and who is the author of a change.

use super::{OPERATIONS, app_with_tokens, contract, requests};

#[test]
fn every_parameter_of_the_vendors_is_in_the_golden_requests() {
    // Either of two, or without a meaning here: the tests of the users and of the errors have them.
    let elsewhere = ["GetUser.Extension", "RemoveUsers.FilePath"];
    for name in OPERATIONS {
        let known: Vec<&str> = requests::golden(name).iter().map(|(name, _)| *name).collect();
        for parameter in contract(name)["params"].as_array().unwrap() {
            let parameter = parameter["name"].as_str().unwrap();
            assert!(
                known.contains(&parameter)
                    || elsewhere.contains(&format!("{name}.{parameter}").as_str()),
                "{name} is not tried with {parameter}"
            );
        }
    }
}

#[test]
fn a_caller_who_is_not_the_root_is_the_author_of_what_he_changes() {
    let app = app_with_tokens(&["xufei"]);
    let reply = app.call_as("xufei", "ModifyInstance", requests::golden("ModifyInstance"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        app.database
            .query("SELECT actor, via, entity, action FROM change ORDER BY change_id DESC LIMIT 1"),
        "xufei|ccc|instance|update"
    );
}
