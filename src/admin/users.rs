//! Users of an instance.

use super::fields::{Nothing, fields};
use super::instances::{moment, page};
use super::kinds::Order;
use super::phone_numbers::store_order;
use super::problem::Failure;
use super::reply::{ETag, Listed, Tagged};
use super::request::{MustMatch, Write};
use super::scope::InInstance;
use crate::domain::user::WORK_MODES;
use crate::domain::{InstanceId, Role, UserChanges, UserId};
use crate::ops;
use crate::store::versioned::users::{UserQuery, UserRow};
use crate::store::{ReadTx, WriteTx, versioned};
use serde::Serialize;
use utoipa::ToSchema;

/// The roles of an instance.
const ROLES: &[&str] = &["Admin", "Manager", "Agent"];

/// What users are sorted by.
const ORDERS: &[&str] = &["user_id", "display_name", "role", "extension", "created_at"];

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct User {
    /// Login name @ instance.
    user_id: String,
    /// His login's id.
    ram_id: String,
    /// His login's name.
    login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    role: String,
    /// Digits, or empty.
    extension: String,
    /// What people call him.
    display_name: String,
    /// His e-mail address.
    email: String,
    /// His mobile number.
    mobile: String,
    /// What customers call him.
    nickname: String,
    /// The id that his employer knows him by.
    display_id: String,
    /// `ON_SITE`, `OFF_SITE` or `OFFICE_PHONE`.
    work_mode: String,
    /// Whether he is not archived.
    active: bool,
    /// Whether he is locked out.
    locked: bool,
    /// The id that VCC clients know him by.
    user_guid: String,
    /// Grows with every change.
    version: u64,
    /// When he was made.
    created_at: String,
}

fields! {
    /// Which users are listed.
    ListUsers {
        /// Which page, counted from 1; one past the end becomes the last.
        page: u64 = page(),
        /// Rows on a page, moved into 1 to 500.
        per_page: u64 = per_page(),
        /// Part of the id, of a name, the e-mail address, the extension or the display id.
        q: Option<String> = may(pattern()),
        /// Only of this role.
        role: Option<&'static str> = may(choice(ROLES)),
        /// false: only archived ones; true: only the others.
        active: Option<bool> = may(flag()),
        /// Only members of this skill group.
        skill_group_id: Option<String> = may(id()),
        /// The order; with - before it, the last first.
        sort: Order = sort(ORDERS),
    }
    /// What of a user is changed; what is absent stays as it is.
    UserEdit {
        /// His role in the instance.
        role: Option<&'static str> = may(choice(ROLES)),
        /// Where he works.
        work_mode: Option<&'static str> = may(choice(&WORK_MODES)),
        /// What people call him.
        display_name: Option<String> = may(text(1, 64)),
        /// His mobile number.
        mobile: Option<String> = may(text(0, 32)),
        /// What customers call him.
        nickname: Option<String> = may(text(0, 64)),
        /// The id that his employer knows him by.
        display_id: Option<String> = may(text(0, 64)),
    }
}

fn shown(row: UserRow) -> User {
    User {
        user_id: row.user_id,
        ram_id: row.ram_id,
        login_name: row.login_name,
        role: row.role,
        extension: row.extension,
        display_name: row.display_name,
        email: row.email,
        mobile: row.mobile,
        nickname: row.nickname,
        display_id: row.display_id,
        work_mode: row.work_mode,
        active: row.active,
        locked: row.locked,
        user_guid: row.user_guid,
        version: row.version,
        created_at: moment(row.created_at),
    }
}

fn tagged(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<Tagged<User>, Failure> {
    let row = versioned::users::get(tx, instance_id, user_id)?;
    let tag = ETag::new(&[row.version], row.created_at);
    Ok(Tagged(shown(row), tag))
}

/// The users of an instance.
pub(super) fn list(tx: &ReadTx<'_>, entry: &InInstance, (): (), query: ListUsers) -> Result<Listed<User>, Failure> {
    let asked = page(query.page, query.per_page);
    let order = store_order(query.sort, ORDERS);
    let query = UserQuery { search: query.q, role: query.role, active: query.active, skill_group_id: query.skill_group_id, order };
    Ok(Listed::of(versioned::users::list(tx, &entry.instance_id, &query, asked)?, shown))
}

/// A user.
pub(super) fn get(tx: &ReadTx<'_>, entry: &InInstance, (user_id,): (UserId,), _: Nothing) -> Result<Tagged<User>, Failure> {
    tagged(tx, &entry.instance_id, &user_id)
}

/// Changes a user, if he is still what the caller read.
pub(super) fn modify(tx: &WriteTx<'_>, entry: &InInstance, (user_id,): (UserId,), write: Write<UserEdit, MustMatch>) -> Result<Tagged<User>, Failure> {
    let Tagged(present, tag) = tagged(tx, &entry.instance_id, &user_id)?;
    write.guard.check(&tag)?;
    let fields = write.fields;
    let kept = WORK_MODES.into_iter().find(|mode| *mode == present.work_mode).unwrap_or(WORK_MODES[0]);
    let changes = UserChanges {
        work_mode: fields.work_mode.unwrap_or(kept),
        role: fields.role.and_then(Role::of_instance),
        display_name: fields.display_name,
        mobile: fields.mobile,
        nickname: fields.nickname,
        avatar_url: None,
        display_id: fields.display_id,
    };
    ops::users::modify(tx, &entry.instance_id, &user_id, &changes)?;
    tagged(tx, &entry.instance_id, &user_id)
}
