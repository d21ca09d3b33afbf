//! Making users, changing them, and removing them: all or nothing.

use super::batch;
use super::passwords::HashedPassword;
use super::stop::kept_if;
use crate::domain::Optional;
use crate::domain::batch::{BatchItem, BatchMode, BatchReport};
use crate::domain::error::{END_FIRST, USE_FORCE};
use crate::domain::run::AT_ONCE;
use crate::domain::text::counted;
use crate::domain::{
    Error, Existing, InstanceAccess, InstanceId, LoginName, Membership, Missing, NewLogin, NewUser,
    RamId, Role, Rule, User, UserEdit, UserId, WorkMode,
};
use crate::store::key_file::random_bytes;
use crate::store::{WriteTx, memberships, ram_users, reservations, skill_groups, users};

/// Makes a login, without a password, and a user of it.
///
/// # Errors
/// [`Error::AlreadyExists`] for the login name; [`Error::NotFound`] for a skill group.
pub fn create(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    login: &NewLogin,
    new: &NewUser,
) -> Result<User, Error> {
    match ram_users::insert(tx, login) {
        Err(Error::Rule { rule: Rule::RowKeepsItsKey, .. }) => {
            return Err(taken(tx, instance_id, &login.login_name)?);
        }
        inserted => inserted?,
    }
    assign_one(tx, instance_id, &login.ram_id, new)
}

/// Makes somebody a user, with the login of that name, which is made if nobody has it, and gives
/// them numbers: all or nothing. Where the report says that a number was refused, nobody has become
/// a user.
///
/// # Errors
/// [`Error::AlreadyExists`] for one who is a user already; [`Error::NotFound`] for a skill group.
pub fn join(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    login: &NewLogin,
    new: &NewUser,
    numbers: &[String],
) -> Result<BatchReport, Error> {
    let join = || {
        let user_id = enter(tx, instance_id, login, new)?.user_id;
        let give = |number: &String| BatchItem::Assign {
            number: number.clone(),
            user_id: user_id.clone(),
        };
        let items: Vec<BatchItem> = numbers.iter().map(give).collect();
        batch::run(tx, instance_id, &items, BatchMode::AllOrNothing)
    };
    kept_if(tx, |report| report.applied, join)
}

/// Makes somebody a user, with the login of that name, which is made if nobody has it.
///
/// # Errors
/// Like [`join`].
pub fn enter(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    login: &NewLogin,
    new: &NewUser,
) -> Result<User, Error> {
    match ram_users::find(tx, login.login_name.as_str())? {
        Some(ram_id) => assign_one(tx, instance_id, &ram_id, new),
        None => create(tx, instance_id, login, new),
    }
}

/// Makes a login that belongs to no instance yet, unless there is one of that name, which stays as
/// it is.
///
/// # Errors
/// [`Error::Rule`] for an id that another login has.
pub(super) fn create_login(tx: &WriteTx<'_>, login: &NewLogin) -> Result<bool, Error> {
    match ram_users::find(tx, login.login_name.as_str())? {
        Some(_) => Ok(false),
        None => ram_users::insert(tx, login).map(|()| true),
    }
}

/// The error for a taken login name: held in this instance, or elsewhere in the account.
fn taken(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    login_name: &LoginName,
) -> Result<Error, Error> {
    let user_id = UserId::of(login_name.as_str(), instance_id);
    Ok(Error::AlreadyExists(match users::require(tx, instance_id, &user_id).optional()? {
        Some(()) => Existing::User(user_id.to_string(), instance_id.clone()),
        None => Existing::UserName(login_name.to_string()),
    }))
}

/// A new RAM id: eighteen decimal digits, as at the vendor's.
pub fn new_ram_id() -> Result<RamId, Error> {
    let random = u64::from_be_bytes(random_bytes()?) % 900_000_000_000_000_000;
    Ok(RamId::new((random + 100_000_000_000_000_000).to_string()))
}

/// The ids of the logins of these names.
pub fn logins(tx: &WriteTx<'_>, login_names: &[LoginName]) -> Result<Vec<RamId>, Error> {
    login_names.iter().map(|login_name| ram_users::require(tx, login_name.as_str())).collect()
}

/// Makes RAM users users of an instance, each with the same role and skill groups.
///
/// # Errors
/// [`Error::NotFound`] for a RAM user or a skill group, [`Error::AlreadyExists`] for one who is a
/// user already.
pub fn assign(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    ram_ids: &[RamId],
    new: &NewUser,
) -> Result<(), Error> {
    for ram_id in ram_ids {
        assign_one(tx, instance_id, ram_id, new)?;
    }
    Ok(())
}

fn assign_one(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    ram_id: &RamId,
    new: &NewUser,
) -> Result<User, Error> {
    let missing = || Error::NotFound(Missing::RamUser(ram_id.to_string()));
    match users::insert(tx, instance_id, ram_id, new) {
        Err(Error::Rule { rule: Rule::RowKeepsItsKey, .. }) => {
            let held = users::find_of_ram_user(tx, instance_id, ram_id)?.ok_or_else(missing)?;
            return Err(Error::AlreadyExists(Existing::User(
                held.user_id.to_string(),
                instance_id.clone(),
            )));
        }
        Ok(false) => return Err(missing()),
        inserted => inserted?,
    };
    let made = users::find_of_ram_user(tx, instance_id, ram_id)?.ok_or_else(missing)?;
    for (skill_group_id, level) in &new.skill_levels {
        skill_groups::require(tx, instance_id, skill_group_id)?;
        let membership = Membership {
            skill_group_id: skill_group_id.clone(),
            user_id: made.user_id.clone(),
            skill_level: *level,
        };
        memberships::insert(tx, instance_id, &membership)?;
    }
    Ok(made)
}

/// Makes RAM users administrators of an instance; one who is its user already becomes Admin.
/// Returns them all.
pub fn import_admins(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    ram_ids: &[RamId],
) -> Result<Vec<User>, Error> {
    let new = NewUser::new(Role::Admin, WorkMode::default(), Vec::new());
    let mut admins = Vec::with_capacity(ram_ids.len());
    for ram_id in ram_ids {
        match assign_one(tx, instance_id, ram_id, &new) {
            Err(Error::AlreadyExists(Existing::User(user_id, _))) => {
                users::raise_to_admin(tx, &UserId::new(user_id))?
            }
            assigned => assigned.map(|_| ())?,
        }
        admins.extend(users::find_of_ram_user(tx, instance_id, ram_id)?);
    }
    Ok(admins)
}

/// Changes the fields of a user that are not `None`; archiving keeps what the user holds.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::LastAdmin`] when the instance would be left without one;
/// [`Error::Rule`] for an extension that another user has, or a preferred callback number that the
/// user does not hold.
pub fn edit(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    edit: &UserEdit,
) -> Result<(), Error> {
    keeping_an_admin(tx, Some(instance_id), || users::update(tx, instance_id, user_id, edit))
}

/// Runs `act`, after which an instance that had an administrator must still have one. Without an
/// instance nothing is checked: the root and the machine's owner need no administrator to let
/// somebody in.
pub(super) fn keeping_an_admin<T, E: From<Error>>(
    tx: &WriteTx<'_>,
    instance_id: Option<&InstanceId>,
    act: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let Some(instance_id) = instance_id else { return act() };
    let had_one = users::has_admin(tx, instance_id)?;
    let done = act()?;
    if had_one && !users::has_admin(tx, instance_id)? {
        return Err(Error::LastAdmin(instance_id.clone()).into());
    }
    Ok(done)
}

/// How users are removed.
#[derive(Clone, Copy, Debug)]
pub struct Removal<'a> {
    /// Those too who hold numbers or belong to skill groups.
    pub force: bool,
    /// The user who asks for it, who can't be among them; `None` for a client or for the operating
    /// system's user.
    pub caller: Option<&'a UserId>,
    /// Even the last administrator of the instance.
    pub last_admin: bool,
}

/// Removes users, and ends the holds for them. Their logins stay.
///
/// # Errors
/// [`Error::NotFound`] for a user, [`Error::OwnUser`], [`Error::LastAdmin`], and [`Error::Rule`]
/// that says what they hold: anything without force, and by force more than one transaction can
/// take away.
pub fn remove(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_ids: &[UserId],
    removal: Removal<'_>,
) -> Result<(), Error> {
    if let Some(own) = removal.caller.filter(|own| user_ids.contains(own)) {
        return Err(Error::OwnUser(own.clone()));
    }
    if removal.force {
        require_few_held(tx, user_ids)?;
    }
    let all = || user_ids.iter().try_for_each(|id| remove_one(tx, instance_id, id, removal.force));
    keeping_an_admin(tx, Some(instance_id).filter(|_| !removal.last_admin), all)
}

/// Checks that users hold no more than is taken away together with them.
fn require_few_held(tx: &WriteTx<'_>, user_ids: &[UserId]) -> Result<(), Error> {
    let (mut numbers, mut groups) = (0, 0);
    for user_id in user_ids {
        let held = users::holds(tx, user_id)?;
        (numbers, groups) = (numbers + held.0, groups + held.1);
    }
    if numbers + groups <= AT_ONCE as u64 {
        return Ok(());
    }
    let who = user_ids.iter().map(UserId::to_string).collect::<Vec<_>>();
    let advice = format!(
        "{numbers} numbers and {groups} memberships are more than the {AT_ONCE} that go together with users; hand the numbers over or release them first"
    );
    Err(Error::still_needed(who.join(", "), advice))
}

fn remove_one(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    force: bool,
) -> Result<(), Error> {
    users::require(tx, instance_id, user_id)?;
    if force {
        super::reservations::release_all(tx, instance_id, user_id)?;
        memberships::delete_all_of_user(tx, user_id)?;
    }
    // What is kept for somebody who does not come would be nobody's; a cool-down is about whoever
    // called the number's last holder, and goes on.
    reservations::end_holds_for(tx, instance_id, user_id)?;
    let (rule, subject) = match users::delete(tx, user_id) {
        Err(Error::Rule { rule, subject, .. }) => (rule, subject),
        deleted => return deleted,
    };
    let (numbers, groups) = users::holds(tx, user_id)?;
    let held = [
        (numbers, format!("holds {}", counted(numbers, "number", "numbers"))),
        (groups, format!("belongs to {}", counted(groups, "skill group", "skill groups"))),
    ];
    let held: Vec<String> =
        held.into_iter().filter(|(count, _)| *count > 0).map(|(_, held)| held).collect();
    let advice = format!("still {}; {END_FIRST}, or {USE_FORCE}", held.join(" and "));
    Err(Error::Rule { rule, subject, advice })
}

/// Sets the password of a user's login. A login is more than its place in one instance, so only the
/// root may set that of the root, or of somebody who belongs to other instances too.
///
/// # Errors
/// [`Error::NotFound`] for the user, [`Error::Forbidden`] for such a login.
pub fn reset_password(
    tx: &WriteTx<'_>,
    entry: &InstanceAccess,
    user_id: &UserId,
    password: &HashedPassword,
) -> Result<(), Error> {
    let found = users::get(tx, &entry.instance_id, user_id)?;
    if entry.role != Role::Root {
        let reason = if found.is_root {
            "is the account's root"
        } else if users::is_elsewhere(tx, &entry.instance_id, &found.ram_id)? {
            "belongs to other instances too"
        } else {
            ""
        };
        if !reason.is_empty() {
            return Err(Error::Forbidden(format!(
                "{user_id} {reason}; only the root may set this password"
            )));
        }
    }
    ram_users::set_password(tx, &found.ram_id, password.as_str())
}
