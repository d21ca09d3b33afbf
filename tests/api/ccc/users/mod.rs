//! The operations on users and RAM users, and those on instances that make users.
//!
//! - `lifecycle`, `passwords`: what the operations do.
//! - `refusals`: every error and every bad input with its whole body, and that nothing was changed.
//! - `roles`: what each role sees.
//! - `lists`: paging and searching.

mod lifecycle;
mod lists;
mod passwords;
mod refusals;
mod roles;

use super::{assert_snapshot, code, data, requests, with_tokens};
use crate::support::App;
use numberd::domain::{Clock, InstanceId, Paging, RamId};
use numberd::ops;

/// The operations that these tests are about.
pub(super) const OPERATIONS: [&str; 18] = [
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
    "ChangeWorkMode",
    "ListRoles",
    "ListRamUsers",
    "ImportAdmins",
    "ImportRamUsers",
    "ListPrivilegesOfUser",
    "ResetUserPassword",
];

/// A server whose database knows a token for each of these logins, the login's name.
/// `xufei` is an administrator of `ccc-test`, whose only other one is the root.
pub(super) fn app_with_admin(logins: &'static [&'static str]) -> App {
    let database = with_tokens(logins);
    database.write(|tx| {
        let (instance, xufei) = (InstanceId::new("ccc-test"), RamId::new("4000000000000001"));
        ops::users::import_admins(tx, &instance, &[xufei])
    });
    App::over(database, Paging::Strict, Clock::System)
}
