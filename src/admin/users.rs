//! Users of an instance.

use super::etag::{ETag, Guarded, MustMatch, Versioned};
use super::fields::{Nothing, Paged, fields, fields_of};
use super::holding::do_away;
use super::problem::Result;
use super::reply::{Created, Done, Plain, Tagged};
use super::request::Write;
use crate::domain::batch::ItemAction;
use crate::domain::text::{LONGEST_MOBILE, LONGEST_NOTE, LONGEST_PERSON_NAME};
use crate::domain::{
    Email, Listing, LoginName, NewLogin, NewUser, Order, Role, User, UserEdit, UserId, WorkMode,
};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::ops::users::Removal;
use crate::store::personal_assignments;
use crate::store::users::{self, UserOrder, UserQuery};
use serde::Serialize;
use utoipa::ToSchema;

/// The new users.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportedUsers {
    /// The users, in the order of the request.
    items: Vec<User>,
}

fields! {
    /// Which users are listed.
    ListUsers {
        /// Part of the id, a name, the e-mail address, the extension or the display id.
        q: Option<String> = optional(pattern()),
        /// Only of this role.
        role: Option<Role> = optional(one_of::<Role>()),
        /// Only users who are not archived (true), or only archived ones (false).
        active: Option<bool> = optional(flag()),
        /// Only members of this skill group.
        skill_group_id: Option<String> = optional(id()),
        /// The order; descending with - in front.
        sort: Order<UserOrder> = sort::<UserOrder>(),
    }
    /// A new user, with a new login.
    UserToCreate = r#"{"login_name": "sunli", "display_name": "孙丽", "role": "Agent", "email": "sunli@example.com"}"# {
        /// The login name, new to the account; it becomes part of the user's id.
        login_name: LoginName = required(login_name()),
        /// The display name.
        display_name: String = required(name_text(LONGEST_PERSON_NAME)),
        /// The role in the instance.
        role: Role = default(one_of::<Role>(), Role::Agent),
        /// The e-mail address.
        email: Option<Email> = optional(email()),
        /// The mobile number.
        mobile: String = default(text(0, LONGEST_MOBILE), String::new()),
        /// Where the user works.
        work_mode: WorkMode = default(one_of::<WorkMode>(), WorkMode::default()),
        /// The nickname, which customers see.
        nickname: String = default(name_or_nothing(LONGEST_PERSON_NAME), String::new()),
        /// The personnel number or the like.
        display_id: String = default(name_or_nothing(LONGEST_PERSON_NAME), String::new()),
        /// What colleagues want to remember of the user.
        note: String = default(text(0, LONGEST_NOTE), String::new()),
    }
    /// Logins of the account that become users of the instance, all of them or none.
    UsersToImport = r#"{"login_names": ["annakowalska"], "role": "Agent"}"# {
        /// The login names.
        login_names: Vec<LoginName> = required(list(login_name(), 1, 100)),
        /// The role of all of them in the instance.
        role: Role = default(one_of::<Role>(), Role::Agent),
        /// Where all of them work.
        work_mode: WorkMode = default(one_of::<WorkMode>(), WorkMode::default()),
    }
    /// How a user is removed.
    UserRemoval {
        /// Also release the user's numbers and end the memberships; without it, a user who has any
        /// is not removed.
        force: bool = default(flag(), false),
    }
}

fields_of! {
    UserEdit for UserEdit = r#"{"display_name": "李娜", "role": "Manager"}"# {
        /// The role in the instance.
        role = optional(one_of::<Role>()),
        /// Where the user works.
        work_mode = optional(one_of::<WorkMode>()),
        /// The display name.
        display_name = optional(name_text(LONGEST_PERSON_NAME)),
        /// The e-mail address.
        email = optional(email()),
        /// The extension: digits, or empty for none.
        extension = optional(made::<String, _>(extension())),
        /// The mobile number.
        mobile = optional(text(0, LONGEST_MOBILE)),
        /// The nickname, which customers see.
        nickname = optional(name_or_nothing(LONGEST_PERSON_NAME)),
        /// The personnel number or the like.
        display_id = optional(name_or_nothing(LONGEST_PERSON_NAME)),
        /// Whether the user is active, not archived. What an archived user holds stays.
        active = optional(flag()),
        /// Whether the user is locked out.
        locked = optional(flag()),
        /// What colleagues want to remember of the user.
        note = optional(text(0, LONGEST_NOTE)),
        ..UserEdit::default()
    }
}

impl Versioned for User {
    fn tag(&self) -> ETag {
        ETag::new(&[self.version], self.created_at.millis())
    }
}

pub(super) fn list(at: Reading<'_>, (): (), list: Paged<ListUsers>) -> Result<Listing<User>> {
    let query = UserQuery {
        search: list.filters.q,
        role: list.filters.role,
        active: list.filters.active,
        skill_group_id: list.filters.skill_group_id,
        order: list.filters.sort,
    };
    Ok(users::search(at.tx, at.instance_id(), &query, list.page)?.into())
}

pub(super) fn get(at: Reading<'_>, (user_id,): (UserId,), _: Nothing) -> Result<Tagged<User>> {
    Ok(Tagged::of(users::get(at.tx, at.instance_id(), &user_id)?))
}

/// Makes a login and a user of it.
pub(super) fn create(at: Writing<'_>, (): (), write: Write<UserToCreate>) -> Result<Created<User>> {
    let fields = write.fields;
    let login = NewLogin {
        ram_id: ops::users::new_ram_id()?,
        login_name: fields.login_name,
        display_name: fields.display_name,
        email: fields.email,
        mobile: fields.mobile,
    };
    let new = NewUser {
        nickname: fields.nickname,
        display_id: fields.display_id,
        note: fields.note,
        ..NewUser::new(fields.role, fields.work_mode, Vec::new())
    };
    let user_id = ops::users::create(at.tx, at.instance_id(), &login, &new)?.user_id;
    let body = users::get(at.tx, at.instance_id(), &user_id)?;
    Ok(Created::in_instance(at.instance_id(), format_args!("users/{user_id}"), body))
}

/// Makes people of the account users of the instance.
pub(super) fn import(
    at: Writing<'_>,
    (): (),
    write: Write<UsersToImport>,
) -> Result<Plain<ImportedUsers>> {
    let UsersToImport { login_names, role, work_mode } = write.fields;
    let instance_id = at.instance_id();
    let (logins, new) =
        (ops::users::logins(at.tx, &login_names)?, NewUser::new(role, work_mode, Vec::new()));
    ops::users::assign(at.tx, instance_id, &logins, &new)?;
    let made = |login_name: LoginName| {
        users::get(at.tx, instance_id, &UserId::of(&login_name, instance_id))
    };
    Ok(Plain(ImportedUsers { items: login_names.into_iter().map(made).collect::<Result<_, _>>()? }))
}

/// Changes a user, if the caller has read the current version.
pub(super) fn modify(
    at: Writing<'_>,
    (user_id,): (UserId,),
    write: Write<UserEdit, MustMatch>,
) -> Result<Tagged<User>> {
    write.guard.check(&users::get(at.tx, at.instance_id(), &user_id)?.tag())?;
    ops::users::edit(at.tx, at.instance_id(), &user_id, &write.fields)?;
    Ok(Tagged::of(users::get(at.tx, at.instance_id(), &user_id)?))
}

/// Removes a user; the login stays.
pub(super) fn remove(
    at: Writing<'_>,
    (user_id,): (UserId,),
    write: Write<UserRemoval, Guarded>,
) -> Result<Done> {
    let instance_id = at.instance_id();
    write.guard.check(|| users::get(at.tx, instance_id, &user_id).map(|row| row.tag()))?;
    let (force, caller) = (write.fields.force, at.place.user_id.as_ref());
    let removal = Removal { force, caller, last_admin: false };
    do_away(&at, ItemAction::Release, &personal_assignments::list_held(at.tx, &user_id)?, || {
        ops::users::remove(at.tx, instance_id, std::slice::from_ref(&user_id), removal)
    })
}
