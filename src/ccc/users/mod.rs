//! Operations on the users of an instance.

mod reply;

use super::error::{Failure, Result};
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::{InInstanceUserUnchecked, OfUser};
use crate::domain::Word;
use crate::domain::text::{LONGEST_AVATAR_URL, LONGEST_MOBILE, LONGEST_PERSON_NAME};
use crate::domain::{
    Act, Allowed, Email, Error, LoginName, NewLogin, NewUser, PageRequest, RamId, Role,
    SkillGroupId, UserEdit, UserId, UserKey, WorkMode,
};
use crate::ops::access::{Reading, Writing};
use crate::ops::passwords::HashedPassword;
use crate::ops::users::Removal;
use crate::ops::{self, access};
use crate::store::{skill_groups, users};
pub(super) use reply::ShownUser;
use reply::{ListedRole, Privilege, UserDetail, WorkState};

/// Why skill groups to sign in to are refused.
const NO_SIGNING_IN: &str = "can't be signed in to: no calls are routed here; leave the list out";

// No device registers here, so `DeviceId` is read and changes nothing. No e-mail is sent:
// `NeedEmailNotification` and `NotificationEmail` are not read. `ResetPassword` is read and changes
// nothing: a new login has no password until ResetUserPassword sets one.
// `Async` of AssignUsers and `Force` of ModifyUser change nothing either: everything is done at
// once, and no role stands in the way of another.
request! {
    CreateUser {
        avatar_url: Option<String> = optional_text("AvatarUrl", LONGEST_AVATAR_URL),
        display_id: Option<String> = optional_text("DisplayId", LONGEST_PERSON_NAME),
        display_name: String = text_of("DisplayName", 1, LONGEST_PERSON_NAME),
        email: Email = email("Email"),
        login_name: LoginName = new_name("LoginName"),
        mobile: Option<String> = optional_text("Mobile", LONGEST_MOBILE),
        nickname: Option<String> = optional_text("Nickname", LONGEST_PERSON_NAME),
        _reset_password: bool = flag_or("ResetPassword", false),
        role_id: String = text_of("RoleId", 1, 128),
        skill_levels: Vec<(SkillGroupId, u8)> = skill_levels(),
        work_mode: Option<WorkMode> = optional_word("WorkMode"),
    }
    AssignUsers {
        _async: bool = flag_or("Async", true),
        ram_ids: Vec<RamId> = ids("RamIdList"),
        role_id: String = text_of("RoleId", 1, 128),
        skill_levels: Vec<(SkillGroupId, u8)> = skill_levels(),
        work_mode: WorkMode = word("WorkMode"),
    }
    RemoveUsers {
        _file_path: () = refused("FilePath", "No files are kept here; name the users in UserIdList"),
        // Clients made before the parameter existed expect removal.
        force: bool = flag_or("Force", true),
        user_ids: Vec<UserId> = ids("UserIdList"),
    }
    GetUser { key: UserKey = user_or_extension(), }
    ListUsers {
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        skill_group_id: Option<SkillGroupId> = optional_skill_group("SkillGroupId"),
    }
    ModifyUser {
        avatar_url: Option<String> = new_text("AvatarUrl", LONGEST_AVATAR_URL),
        display_id: Option<String> = new_text("DisplayId", LONGEST_PERSON_NAME),
        display_name: Option<String> = new_full_text("DisplayName", LONGEST_PERSON_NAME),
        _force: bool = flag_or("Force", false),
        mobile: Option<String> = new_text("Mobile", LONGEST_MOBILE),
        nickname: Option<String> = new_text("Nickname", LONGEST_PERSON_NAME),
        role_id: Option<String> = optional_text("RoleId", 128),
        user_id: UserId = id("UserId"),
        work_mode: WorkMode = word("WorkMode"),
    }
    ChangeWorkMode {
        _device_id: Option<String> = optional_text("DeviceId", 128),
        mobile: Option<String> = optional_text("Mobile", LONGEST_MOBILE),
        _signed_in: () = unsupported("SignedSkillGroupIdList", NO_SIGNING_IN),
        work_mode: WorkMode = word("WorkMode"),
    }
    ResetUserPassword {
        password: HashedPassword = password("Password"),
        user_id: UserId = id("UserId"),
    }
}

/// Makes a login and a user of it.
pub(super) fn create(at: Writing<'_>, request: CreateUser) -> Result<Reply<ShownUser>> {
    let login = NewLogin {
        ram_id: ops::users::new_ram_id()?,
        login_name: request.login_name,
        display_name: request.display_name,
        email: Some(request.email),
        mobile: request.mobile.unwrap_or_default(),
    };
    let role = Role::of_role_id(&request.role_id, at.instance_id())?;
    let work_mode = request.work_mode.unwrap_or_default();
    let new = NewUser {
        nickname: request.nickname.unwrap_or_default(),
        avatar_url: request.avatar_url.unwrap_or_default(),
        display_id: request.display_id.unwrap_or_default(),
        ..NewUser::new(role, work_mode, request.skill_levels)
    };
    let made = ops::users::create(at.tx, at.instance_id(), &login, &new)?;
    Ok(Reply::data(ShownUser::created(made)).with_params())
}

/// Makes logins of the account users of the instance: all of them or none.
pub(super) fn assign(at: Writing<'_>, request: AssignUsers) -> Result<Reply<String>> {
    let role = Role::of_role_id(&request.role_id, at.instance_id())?;
    let new = NewUser::new(role, request.work_mode, request.skill_levels);
    ops::users::assign(at.tx, at.instance_id(), &request.ram_ids, &new)?;
    Ok(Reply::workflow().with_workflow_id())
}

/// Removes users from the instance: all of them or none.
pub(super) fn remove(at: Writing<'_>, request: RemoveUsers) -> Result<Reply<()>> {
    let removal =
        Removal { force: request.force, caller: at.place.user_id.as_ref(), last_admin: false };
    ops::users::remove(at.tx, at.instance_id(), &request.user_ids, removal)
        .map_err(Failure::of("UserIdList"))?;
    Ok(Reply::done().with_params())
}

/// One user, by id or extension.
pub(super) fn get(
    at: Reading<'_, InInstanceUserUnchecked>,
    request: GetUser,
) -> Result<Reply<ShownUser>> {
    let entry = &at.place.0;
    let forbidden = || Failure::from(access::forbidden(entry.role, Act::ReadInstance));
    match users::find(at.tx, &entry.instance_id, &request.key) {
        Ok(user) if entry.reaches(&user.user_id) => {
            Ok(Reply::data(ShownUser::single(user)).with_params())
        }
        Ok(_) => Err(forbidden()),
        // Agents see only themselves and do not learn who else is there.
        Err(Error::NotFound(_)) if entry.allowed == Allowed::Own => Err(forbidden()),
        Err(error) => Err(error.into()),
    }
}

/// The users of the instance, of one skill group or of all.
pub(super) fn list(at: Reading<'_>, request: ListUsers) -> Result<Reply<Paged<UserDetail>>> {
    let ListUsers { page, search_pattern, skill_group_id } = request;
    let (id, pattern, group) =
        (at.instance_id(), search_pattern.as_deref(), skill_group_id.as_ref());
    if let Some(group) = group {
        skill_groups::require(at.tx, id, group)?;
    }
    let page = users::list(at.tx, id, pattern, group, page)?;
    let page = page.try_map(|detailed| reply::user_detail(at.tx, detailed))?;
    Ok(Reply::data(page.into()).with_params())
}

/// Changes a user of the instance; their login stays as it is.
pub(super) fn modify(at: Writing<'_>, request: ModifyUser) -> Result<Reply<String>> {
    let edit = UserEdit {
        work_mode: Some(request.work_mode),
        role: request.role_id.map(|id| Role::of_role_id(&id, at.instance_id())).transpose()?,
        display_name: request.display_name,
        mobile: request.mobile,
        nickname: request.nickname,
        avatar_url: request.avatar_url,
        display_id: request.display_id,
        ..UserEdit::default()
    };
    ops::users::edit(at.tx, at.instance_id(), &request.user_id, &edit)
        .map_err(Failure::of("RoleId"))?;
    Ok(Reply::data(String::new()).with_params())
}

/// Changes where a user works. Whoever works outside may say on which number they are called there.
pub(super) fn change_work_mode(
    at: Writing<'_, OfUser>,
    request: ChangeWorkMode,
) -> Result<Reply<WorkState>> {
    let OfUser { entry, user_id } = at.place;
    let edit = UserEdit {
        work_mode: Some(request.work_mode),
        mobile: request.mobile,
        ..UserEdit::default()
    };
    ops::users::edit(at.tx, &entry.instance_id, user_id, &edit)?;
    let changed = users::get(at.tx, &entry.instance_id, user_id)?;
    Ok(Reply::data(reply::work_state(changed)).with_params())
}

/// The three roles that a user can have.
pub(super) fn list_roles(at: Reading<'_>, (): ()) -> Result<Reply<Vec<ListedRole>>> {
    let mut names = Role::NAMES.to_vec();
    names.sort_unstable();
    let role = |name| ListedRole { role_id: format!("{name}@{}", at.instance_id()), name };
    Ok(Reply::data(names.into_iter().map(role).collect()))
}

/// What the caller may do in the instance: the acts of their role, and `SELF_ONLY` for those that
/// cover only the caller.
pub(super) fn list_privileges(
    at: Reading<'_, InInstanceUserUnchecked>,
    (): (),
) -> Result<Reply<Vec<Privilege>>> {
    let entry = &at.place.0;
    let privileges = Act::ALL.iter().filter_map(|act| {
        let scope = match act.allowed(entry.role) {
            Allowed::No => return None,
            Allowed::Own => "SELF_ONLY",
            Allowed::Yes => "ALL",
        };
        let instance_id = entry.instance_id.to_string();
        Some(Privilege { scope, instance_id, name: format!("{act:?}") })
    });
    Ok(Reply::data(privileges.collect()))
}

/// Sets the password of a user's login.
pub(super) fn reset_password(at: Writing<'_>, request: ResetUserPassword) -> Result<Reply<()>> {
    ops::users::reset_password(at.tx, at.place, &request.user_id, &request.password)?;
    Ok(Reply::done())
}
