//! What a change leaves behind: who, from where, with which request.

use super::{Servers, code, requests, with_tokens};
use crate::support::App;
use numberd::ccc::Operation;
use numberd::domain::{Clock, Paging};

#[test]
fn every_write_and_no_read_leaves_change_rows_with_its_face_its_caller_and_its_request_id() {
    let servers = Servers::new();
    for operation in Operation::ALL {
        let (name, app) = (operation.name(), servers.of(operation.name()));
        let last = app.database.query("SELECT max(change_id) FROM change");
        let reply = app.call(name, requests::golden(name));
        assert_eq!(code(&reply), "OK");
        let rows = app.database.query(&format!(
            "SELECT DISTINCT via, actor, request_id, reason FROM change WHERE change_id > {last}"
        ));
        // That a number was picked for a call is a mark on it, not a change of who has it.
        if operation.is_write() && operation.name() != "PickOutboundNumbers" {
            assert_eq!(
                rows,
                format!("ccc|user-test|{}|", reply.json()["RequestId"].as_str().unwrap()),
                "{name}"
            );
        } else {
            assert_eq!(rows, "", "{name}");
        }
    }
}

#[test]
fn the_history_of_a_number_says_who_gave_it_and_who_took_it_back() {
    let app = App::over(with_tokens(&["zhangwei", "lina"]), Paging::Strict, Clock::System);
    let change = |token, action: &str, list| {
        let reply = app.call_as(
            token,
            action,
            &[("InstanceId", "ccc-test"), ("UserId", "liuyang@ccc-test"), ("NumberList", list)],
        );
        assert_eq!(code(&reply), "OK");
        reply.json()["RequestId"].as_str().unwrap().to_owned()
    };
    let given = change(
        "zhangwei",
        "AddPersonalNumbersToUser",
        r#"["02855500007","02855500008","02855500001"]"#,
    );
    let taken = change("lina", "RemovePersonalNumbersFromUser", r#"["02855500007"]"#);
    let history = |number: &str| {
        app.database.query(&format!(
            "SELECT user_id, assigned_by, assigned_via, released_by, released_via, assigned_at IS NOT NULL, released_at IS NOT NULL FROM v_assignment_history WHERE number = '{number}'"
        ))
    };
    assert_eq!(history("02855500007"), "liuyang@ccc-test|zhangwei|ccc|lina|ccc|1|1");
    assert_eq!(history("02855500008"), "liuyang@ccc-test|zhangwei|ccc|||1|0");
    assert_eq!(history("02855500001"), "", "what was refused has no history");
    let of_request = |id: &str| {
        app.database.query(&format!(
            "SELECT entity, action, number FROM change WHERE request_id = '{id}' ORDER BY change_id"
        ))
    };
    assert_eq!(
        of_request(&given),
        "personal_assignment|insert|02855500007\npersonal_assignment|insert|02855500008"
    );
    assert_eq!(of_request(&taken), "personal_assignment|update|02855500007");
}

#[test]
fn a_refused_change_leaves_no_row_and_the_rows_of_a_bound_list_share_one_request() {
    let app = App::spawn();
    let count = || app.database.query("SELECT count(*) FROM change");
    let before = count();
    let refused = requests::changed(
        "AddNumbersToSkillGroup",
        &[("NumberList", Some(r#"["02855500007","083xxxx0011"]"#))],
    );
    assert_eq!(code(&app.call("AddNumbersToSkillGroup", &refused)), "Parameter.Invalid");
    assert_eq!(count(), before);
    let reply = app.call("AddNumbersToSkillGroup", requests::golden("AddNumbersToSkillGroup"));
    let id = reply.json()["RequestId"].as_str().unwrap().to_owned();
    let rows = app.database.query(&format!("SELECT entity, action, number, skill_group_id FROM change WHERE request_id = '{id}' ORDER BY change_id"));
    assert_eq!(
        rows,
        "skill_group_number|insert|02855500007|night@ccc-test\nskill_group_number|insert|02855500008|night@ccc-test"
    );
}

#[test]
fn a_caller_who_is_not_the_root_is_the_author_of_their_changes() {
    let app = super::users::app_with_admin(&["xufei"]);
    let reply = app.call_as("xufei", "ModifyInstance", requests::golden("ModifyInstance"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        app.database
            .query("SELECT actor, via, entity, action FROM change ORDER BY change_id DESC LIMIT 1"),
        "xufei|ccc|instance|update"
    );
}
