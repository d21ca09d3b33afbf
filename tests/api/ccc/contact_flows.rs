//! Contact flows: made, used, and deleted.

use super::{assert_snapshot, code, data, redacted, requests, with_tokens};
use crate::support::{App, Watch};
use numberd::domain::{Clock, Paging};

const FLOW: &str = "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek";

#[test]
fn a_fresh_instance_gets_a_contact_flow_a_number_uses_it_and_it_stays_while_one_does() {
    let app = App::spawn();
    let instance = ("InstanceId", "ccc-new_1");
    assert_eq!(code(&app.call("CreateInstance", requests::golden("CreateInstance"))), "OK");
    let made = requests::changed("CreateContactFlow", &[("InstanceId", Some(instance.1))]);
    let id = data(&app.call("CreateContactFlow", &made)).as_str().unwrap().to_owned();
    let get = [instance, ("ContactFlowId", &id), ("DraftId", "any")];
    let got = data(&app.call("GetContactFlow", &get));
    assert_eq!((&got["Name"], &got["Description"]), (&"假日 <流程>".into(), &"1.0".into()));
    assert_eq!((&got["Type"], &got["Published"]), (&"MAIN_FLOW".into(), &true.into()));
    let definition = requests::golden("CreateContactFlow")[0].1;
    assert_eq!((&got["Definition"], &got["Editor"]), (&definition.into(), &"".into()));

    let modify =
        [instance, ("ContactFlowId", &id), ("Number", "02555500001"), ("Usage", "Bidirection")];
    assert_eq!(code(&app.call("ModifyPhoneNumber", &modify)), "OK");
    let watch = Watch::over(&app.database);
    let delete = [instance, ("ContactFlowId", id.as_str())];
    let refused = app.call("DeleteContactFlow", &delete);
    assert_eq!((refused.status, code(&refused).as_str()), (400, "Parameter.Invalid"));
    watch.assert_unchanged("a contact flow in use");

    let free = [&modify[..1], &[("ContactFlowId", "")], &modify[2..]].concat();
    assert_eq!(code(&app.call("ModifyPhoneNumber", &free)), "OK");
    assert_eq!(code(&app.call("DeleteContactFlow", &delete)), "OK");
    assert_eq!(code(&app.call("GetContactFlow", &get)), "NotExists.ContactFlowId");
}

#[test]
fn what_is_wrong_with_a_contact_flow_is_answered_with_its_whole_body_and_changes_nothing() {
    let app = App::over(with_tokens(&["lina", "user-test"]), Paging::Strict, Clock::System);
    let watch = Watch::over(&app.database);
    let long = |length: usize| "长".repeat(length);
    let (name, description, definition) = (long(65), long(257), "{\n}");
    let cases: [(&str, &str, &str, &[(&str, Option<&str>)]); 8] = [
        ("numbers use it", "user-test", "DeleteContactFlow", &[("Force", Some("false"))]),
        ("no word about force", "user-test", "DeleteContactFlow", &[("Force", None)]),
        ("none of that id", "user-test", "DeleteContactFlow", &[("ContactFlowId", Some("none"))]),
        ("by a manager", "lina", "DeleteContactFlow", &[]),
        ("made by a manager", "lina", "CreateContactFlow", &[]),
        ("a name of 65", "user-test", "CreateContactFlow", &[("Name", Some(&name))]),
        ("too much said", "user-test", "CreateContactFlow", &[("Description", Some(&description))]),
        ("a line end", "user-test", "CreateContactFlow", &[("Definition", Some(definition))]),
    ];
    let mut text = String::new();
    for (what, token, action, changes) in cases {
        let reply = app.call_as(token, action, &requests::changed(action, changes));
        assert_ne!(reply.status, 200, "{what}: {}", reply.body);
        text += &format!("{action}: {what}\n  {} {}\n", reply.status, redacted(&app, &reply));
        watch.assert_unchanged(what);
    }
    assert_snapshot("refusals_of_contact_flows", &text);
}

#[test]
fn a_contact_flow_that_is_deleted_by_force_leaves_its_numbers_without_one() {
    let app = App::spawn();
    let using = format!("SELECT count(*) FROM phone_number WHERE contact_flow_id = '{FLOW}'");
    assert_eq!(app.database.query(&using), "9");
    assert_eq!(code(&app.call("DeleteContactFlow", requests::golden("DeleteContactFlow"))), "OK");
    assert_eq!(app.database.query(&using), "0");
    app.database.assert_no_rule_violation();
}

#[test]
fn a_user_changes_where_they_work_themselves_named_or_not_and_keeps_the_mobile_that_is_not_given() {
    let app = App::over(with_tokens(&["wangfang"]), Paging::Strict, Clock::System);
    let row = "SELECT work_mode || ' ' || mobile FROM user WHERE user_id = 'wangfang@ccc-test'";
    let mobile = app.database.query(row).split_once(' ').unwrap().1.to_owned();
    let call = |changes: &[(&'static str, Option<&'static str>)]| {
        let parameters = requests::changed("ChangeWorkMode", changes);
        let state = data(&app.call_as("wangfang", "ChangeWorkMode", &parameters));
        assert_eq!(state["UserId"], "wangfang@ccc-test");
        format!("{} {}", state["WorkMode"].as_str().unwrap(), app.database.query(row))
    };
    let kept = call(&[("UserId", None), ("Mobile", None)]);
    assert_eq!(kept, format!("OFF_SITE OFF_SITE {mobile}"));
    let kept = call(&[("Mobile", Some("")), ("WorkMode", Some("ON_SITE"))]);
    assert_eq!(kept, format!("ON_SITE ON_SITE {mobile}"));
    let new = call(&[("WorkMode", Some("OFFICE_PHONE"))]);
    assert_eq!(new, "OFFICE_PHONE OFFICE_PHONE 1382114xxxx");
}
