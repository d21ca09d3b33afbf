//! What becomes of an instance, from its making to its release.

use super::users::{OPERATIONS, app_with_admin};
use super::{code, data, requests};
use crate::support::App;
use numberd::ccc::Operation;

const LIST: [(&str, &str); 2] = [("PageNumber", "1"), ("PageSize", "100")];

/// The element of a list whose field has a value.
fn item<'a>(list: &'a serde_json::Value, field: &str, value: &str) -> &'a serde_json::Value {
    list.as_array()
        .unwrap()
        .iter()
        .find(|item| item[field] == value)
        .unwrap_or_else(|| panic!("no {field}={value} in {list}"))
}

#[test]
fn a_new_instance_runs_at_once_with_its_administrators_its_numbers_and_an_empty_default_group() {
    let app = app_with_admin(&["zhangwei"]);
    let workflow = data(&app.call("CreateInstance", requests::golden("CreateInstance")));
    let workflow = workflow.as_str().unwrap();
    assert!(workflow.len() == 36 && workflow.matches('-').count() == 4, "{workflow} is no UUID");

    // zhangwei was a manager elsewhere; here they may read everything.
    let instance = data(&app.call_as("zhangwei", "GetInstance", &[("InstanceId", "ccc-new_1")]));
    assert_eq!(
        (instance["Status"].as_str(), instance["Name"].as_str(), instance["Description"].as_str()),
        (Some("RUNNING"), Some("新呼叫中心"), Some("华东"))
    );
    let (zhangwei, xufei) = (
        item(&instance["AdminList"], "UserId", "zhangwei@ccc-new_1"),
        item(&instance["AdminList"], "UserId", "xufei@ccc-new_1"),
    );
    assert_eq!(
        (zhangwei["RoleId"].as_str(), zhangwei["DisplayName"].as_str()),
        (Some("Admin@ccc-new_1"), Some("张伟"))
    );
    assert_eq!(
        (xufei["Extension"].as_str(), zhangwei["Extension"].as_str()),
        (Some("80000001"), Some("80000002"))
    );
    let numbers: Vec<&str> = instance["NumberList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number["Number"].as_str().unwrap())
        .collect();
    assert_eq!(numbers, ["02555500001", "4005559001"]);
    let group =
        app.database.query("SELECT skill_group_id, display_name, media_type, phone_number_count, user_count FROM skill_group WHERE instance_id = 'ccc-new_1'");
    assert_eq!(group, "default@ccc-new_1|默认技能组|AUDIO|0|0");
    assert_eq!(
        app.database.query("SELECT count(*) FROM phone_number WHERE instance_id IS NULL"),
        "10"
    );
    assert_eq!(
        app.database.query("SELECT personal_numbers FROM instance WHERE instance_id = 'ccc-new_1'"),
        "exclusive"
    );
}

#[test]
fn a_new_instance_needs_neither_numbers_nor_a_description() {
    let app = App::spawn();
    let reply = app.call(
        "CreateInstance",
        &requests::changed("CreateInstance", &[("NumberList", None), ("Description", None)]),
    );
    assert_eq!(code(&reply), "OK", "{}", reply.body);
    let instance = data(&app.call("GetInstance", &[("InstanceId", "ccc-new_1")]));
    assert_eq!(
        (instance["Description"].as_str(), instance["NumberList"].as_array().unwrap().len()),
        (Some(""), 0)
    );
}

#[test]
fn a_description_is_changed_when_given_cleared_when_empty_and_else_left() {
    let app = App::spawn();
    for (given, expected) in [(None, "测试实例"), (Some("新"), "新"), (None, "新"), (Some(""), "")]
    {
        let reply = app.call(
            "ModifyInstance",
            &requests::changed("ModifyInstance", &[("Description", given)]),
        );
        assert_eq!(code(&reply), "OK");
        assert_eq!(
            data(&app.call("GetInstance", &[("InstanceId", "ccc-test")]))["Description"],
            expected,
            "{given:?}"
        );
    }
}

#[test]
fn a_released_instance_gives_up_everything_but_its_history_and_its_id() {
    let app = app_with_admin(&["zhangwei"]);
    let database = &app.database;
    // One of its numbers is in the account's pool too: a hand edit, as an import can be.
    database
        .query("INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '02555500001')");
    let count =
        |sql: &str| database.query(&format!("SELECT count(*) FROM {sql}")).parse::<i64>().unwrap();
    let (numbers, pool) = (
        count("phone_number WHERE instance_id = 'ccc-test'"),
        count("phone_number WHERE instance_id IS NULL"),
    );
    let history = count("personal_assignment WHERE instance_id = 'ccc-test'");
    let open = count("personal_assignment WHERE instance_id = 'ccc-test' AND released_at IS NULL");
    let elsewhere =
        database.query("SELECT * FROM personal_assignment WHERE instance_id = 'vcc-test'");

    assert_eq!(code(&app.call("DeleteInstance", &[("InstanceId", "ccc-test")])), "OK");

    assert_eq!(count("phone_number WHERE instance_id = 'ccc-test'"), 0);
    assert_eq!(
        count("phone_number WHERE instance_id IS NULL"),
        pool + numbers - 1,
        "the one that the pool had already is there once"
    );
    assert_eq!(
        count(
            "phone_number WHERE instance_id IS NULL AND (contact_flow_id IS NOT NULL OR state <> 'free')"
        ),
        0
    );
    assert_eq!(count("user WHERE instance_id = 'ccc-test'"), 0);
    assert_eq!(
        count("skill_group_member WHERE instance_id = 'ccc-test'")
            + count("skill_group_number WHERE instance_id = 'ccc-test'"),
        0
    );
    assert_eq!(count("personal_assignment WHERE instance_id = 'ccc-test'"), history);
    assert_eq!(
        count("personal_assignment WHERE instance_id = 'ccc-test' AND released_at IS NULL"),
        0
    );
    assert_eq!(
        count(
            "v_assignment_history WHERE instance_id = 'ccc-test' AND released_by = 'user-test' AND released_via = 'ccc'"
        ),
        open
    );
    assert_eq!(
        database.query("SELECT * FROM personal_assignment WHERE instance_id = 'vcc-test'"),
        elsewhere
    );

    for operation in
        Operation::ALL.iter().filter(|operation| OPERATIONS.contains(&operation.name()))
    {
        if requests::golden(operation.name()).iter().any(|(name, _)| *name == "InstanceId") {
            let reply = app.call(
                operation.name(),
                &requests::changed(operation.name(), &[("InstanceId", Some("ccc-test"))]),
            );
            assert_eq!(code(&reply), "NotExists.InstanceId", "{}", operation.name());
        }
    }
    let listed = data(&app.call("ListInstances", &LIST));
    assert_eq!(listed["TotalCount"], 2);
    let released = item(&listed["List"], "Id", "ccc-test");
    assert_eq!(
        (released["Status"].as_str(), released["NumberList"].as_array().unwrap().len()),
        (Some("RELEASED"), 0)
    );
    let own = data(&app.call_as("zhangwei", "ListInstancesOfUser", &LIST));
    assert_eq!(
        (own["TotalCount"].as_u64(), own["List"][0]["Id"].as_str()),
        (Some(1), Some("vcc-test"))
    );

    let again = app.call(
        "CreateInstance",
        &requests::changed("CreateInstance", &[("DomainName", Some("ccc-test"))]),
    );
    assert_eq!(code(&again), "AlreadyExists.InstanceId");
    // Its numbers can go to another at once.
    let other = [
        ("DomainName", Some("ccc-next")),
        ("NumberList", Some(r#"["083xxxx0011","02855500001"]"#)),
    ];
    assert_eq!(
        code(&app.call("CreateInstance", &requests::changed("CreateInstance", &other))),
        "OK"
    );
}

#[test]
fn a_released_instance_revokes_its_oauth_clients() {
    let app = App::spawn();
    let hash = "zeroblob(32)";
    app.database.query(&format!("INSERT INTO oauth_client (client_id, instance_id, secret_hash, scopes) VALUES ('one', 'vcc-test', {hash}, 's')"));
    app.database
        .query(&format!("INSERT INTO oauth_token (token_hash, client_id, scopes, issued_at, expires_at) VALUES ({hash}, 'one', 's', 1, 9999999999999)"));
    assert_eq!(code(&app.call("DeleteInstance", &[("InstanceId", "vcc-test")])), "OK");
    assert_eq!(app.database.query("SELECT revoked_at IS NOT NULL, (SELECT count(*) FROM oauth_token) FROM oauth_client WHERE client_id = 'one'"), "1|0");
}
