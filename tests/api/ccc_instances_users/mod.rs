//! The CCC operations on instances, users and RAM users.
//!
//! Their golden requests, replies and rows of the change log are with those of all operations, in
//! `ccc`.
//!
//! - `golden`: what these requests try, and who is the author of a change.
//! - `refusals`: every error and every bad input with its whole body, and that nothing was changed.
//! - `roles`: who may call what.
//! - `instances`, `users`, `passwords`: what the operations do.
//! - `lists`: paging, searching, and that a page costs the same among 5,000 users.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on fails"
)]

mod golden;
mod instances;
mod lists;
mod passwords;
mod refusals;
mod roles;
mod users;

use crate::ccc::requests;
use crate::support::{App, Reply, SeededDatabase};
use numberd::domain::{Clock, InstanceId, Paging, RamId};
use numberd::ops;
use std::path::Path;

/// The operations that these tests are about.
const OPERATIONS: [&str; 17] = [
    "CreateInstance",
    "ModifyInstance",
    "DeleteInstance",
    "GetInstance",
    "ListInstances",
    "CreateUser",
    "AssignUsers",
    "RemoveUsers",
    "GetUser",
    "ListUsers",
    "ModifyUser",
    "ListRoles",
    "ListRamUsers",
    "ImportAdmins",
    "ImportRamUsers",
    "ListPrivilegesOfUser",
    "ResetUserPassword",
];

/// The vendor's description of an operation.
fn contract(operation: &str) -> serde_json::Value {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let file = folders.find_map(|folder| {
        std::fs::read_to_string(folder.join("shared/contracts/ccc-operations.json")).ok()
    });
    let all: serde_json::Value =
        serde_json::from_str(&file.expect("the vendor's descriptions beside the package")).unwrap();
    let described = all["operations"][operation].clone();
    assert!(described.is_object(), "{operation} is not described");
    described
}

/// A server whose database knows a token for each of these logins, the login's name.
/// `xufei` is an administrator of `ccc-test`, whose only other one is the root.
fn app_with_tokens(logins: &'static [&'static str]) -> App {
    let database = SeededDatabase::new();
    database.write(move |tx| {
        ops::users::import_admins(
            tx,
            &InstanceId::new("ccc-test"),
            &[RamId::new("4000000000000001")],
        )?;
        logins.iter().try_for_each(|login| {
            let issued =
                ops::credentials::Issued { id: (*login).to_owned(), secret: (*login).to_owned() };
            ops::credentials::add_token(tx, login, &issued, "test", None)
        })
    });
    App::over(database, Paging::Strict, Clock::System)
}

/// The code of a reply; one that its status contradicts fails.
fn code(reply: &Reply) -> String {
    let code = reply.json()["Code"]
        .as_str()
        .unwrap_or_else(|| panic!("no Code in {}", reply.body))
        .to_owned();
    assert_eq!(code == "OK", reply.status == 200, "{} {code}", reply.status);
    code
}

/// `Data` of a reply that has to be a success.
fn data(reply: &Reply) -> serde_json::Value {
    assert_eq!(code(reply), "OK", "{}", reply.body);
    reply.json()["Data"].clone()
}

/// Every row of every table, as text: two are equal when nothing was changed in between.
fn dump(database: &SeededDatabase) -> String {
    let tables = database.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
    tables
        .lines()
        .map(|table| format!("{table}:\n{}\n", database.query(&format!("SELECT * FROM {table}"))))
        .collect()
}

/// A reply as a snapshot shows it: a line for each object, without its request's id and the port.
fn shown(app: &App, reply: &Reply) -> String {
    let id = reply.header("x-acs-request-id").expect("a request id");
    assert_eq!(
        reply.body.matches(id).count(),
        1,
        "the id {id} of the header is that of the body: {}",
        reply.body
    );
    let body = reply.body.replace(id, "[request id]").replace(&app.address.to_string(), "[host]");
    let xml = [
        "Data",
        "List",
        "AdminList",
        "NumberList",
        "SkillGroups",
        "SkillLevelList",
        "PersonalOutboundNumberList",
    ];
    let body = xml
        .iter()
        .fold(body, |body, name| body.replace(&format!("><{name}>"), &format!(">\n<{name}>")));
    let body = body.replace("{\"", "\n{\"");
    format!(
        "{} {}\n{}\n",
        reply.status,
        reply.header("content-type").unwrap_or("no content type"),
        body.trim_start()
    )
}

/// Compares a text with a file of `tests/api/snapshots/ccc_instances_users`; ids made at random are
/// not told apart.
fn assert_snapshot(name: &str, text: &str) {
    let place =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/snapshots/ccc_instances_users");
    let filters = vec![(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "[workflow id]",
    )];
    insta::with_settings!({snapshot_path => place, prepend_module_to_snapshot => false, omit_expression => true, filters => filters}, {
        insta::assert_snapshot!(name, text);
    });
}
