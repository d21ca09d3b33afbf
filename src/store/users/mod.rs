//! Users of instances.

/// A statement that selects the columns of a [`User`] from `user AS u` and `ram_user AS r`.
macro_rules! select_users {
    ($rest:expr) => {
        concat!(
            "SELECT u.user_id, u.instance_id, u.ram_id, r.login_name, u.role, u.extension,
                    u.display_name, u.email, u.mobile, u.nickname, u.avatar_url, u.display_id,
                    u.note, u.work_mode, u.active, u.locked, u.user_guid,
                    u.selected_callback_number_id, u.prevent_auto_callback_number,
                    u.last_login_at, r.is_root, u.version, u.created_at ",
            $rest
        )
    };
}
pub(in crate::store) use select_users;

/// Those of the instance `?1` of which something is so.
macro_rules! of_instance {
    ($what:literal) => {
        concat!(
            "FROM user AS u JOIN ram_user AS r ON r.ram_id = u.ram_id WHERE u.instance_id = ?1 AND ",
            $what
        )
    };
}

mod search;

pub use search::{UserOrder, UserQuery, search};

use crate::domain::{
    Error, InstanceId, Missing, NewUser, Page, PageRequest, RamId, Role, SkillGroupId, User,
    UserEdit, UserId, UserKey,
};
use crate::store::engine::{Row, of_row};
use crate::store::engine::{like_pattern, new_guid};
use crate::store::{ReadTx, WriteTx};
use rusqlite::params;

/// A RAM user's place in an instance, if they have one that is neither archived nor locked.
pub fn of_ram_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    ram_id: &RamId,
) -> Result<Option<(UserId, Role)>, Error> {
    let sql = "SELECT user_id, role FROM user
                WHERE instance_id = ?1 AND ram_id = ?2 AND active AND NOT locked";
    tx.row(sql, params![instance_id, ram_id], |row| Ok((row.get("user_id")?, row.get("role")?)))
}

/// The user of an instance who has this GUID, archived or not.
pub fn find_by_guid(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    guid: &str,
) -> Result<Option<User>, Error> {
    tx.row(select_users!(of_instance!("u.user_guid = ?2")), params![instance_id, guid], user)
}

/// A user of the instance, archived or not.
pub fn get(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<User, Error> {
    let sql = select_users!(of_instance!("u.user_id = ?2"));
    let found = tx.row(sql, params![instance_id, user_id], user)?;
    found.ok_or_else(|| missing(instance_id, user_id.as_str()))
}

/// The users of an instance, by login name; only those who are active or only the archived ones, if
/// asked for.
pub fn list_by_login_name(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    active: Option<bool>,
    page: PageRequest,
) -> Result<Page<User>, Error> {
    let total = tx.count(
        "SELECT count(*) FROM user WHERE instance_id = ?1 AND (?2 IS NULL OR active = ?2)",
        params![instance_id, active],
    )?;
    tx.page(
        page,
        total,
        select_users!(of_instance!(
            "(?2 IS NULL OR u.active = ?2) ORDER BY r.login_name LIMIT ?3 OFFSET ?4"
        )),
        params![instance_id, active],
        user,
    )
}

/// Checks that the user exists in the instance.
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<(), Error> {
    let sql = "SELECT count(*) FROM user WHERE instance_id = ?1 AND user_id = ?2";
    match tx.count(sql, params![instance_id, user_id])? {
        0 => Err(missing(instance_id, user_id.as_str())),
        _ => Ok(()),
    }
}

/// Whether a user can be given numbers: neither archived nor locked. `false` for one that does not
/// exist, too.
pub fn is_active(tx: &ReadTx<'_>, user_id: &UserId) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM user WHERE user_id = ?1 AND active = 1 AND locked = 0";
    tx.exists(sql, [user_id])
}

/// Whether an instance has an administrator who is neither archived nor locked.
pub fn has_admin(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM user
                              WHERE instance_id = ?1 AND role = 'Admin' AND active = 1
                                AND locked = 0)";
    tx.exists(sql, [instance_id])
}

fn missing(instance_id: &InstanceId, user_id: &str) -> Error {
    Error::NotFound(Missing::User(user_id.to_owned(), instance_id.clone()))
}

/// The user of that id, of that extension, or of both.
pub fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, key: &UserKey) -> Result<User, Error> {
    let sql = select_users!(of_instance!("u.user_id = ?2 AND (?3 IS NULL OR u.extension = ?3)"));
    let by_extension = select_users!(of_instance!("u.extension = ?2 AND u.extension <> ''"));
    let extension = key.extension.as_deref();
    let found = match &key.user_id {
        Some(user_id) => tx.row(sql, params![instance_id, user_id, extension], user)?,
        None => tx.row(by_extension, params![instance_id, extension], user)?,
    };
    found.ok_or_else(|| match (&key.user_id, extension) {
        (Some(user_id), Some(extension)) => {
            missing(instance_id, &format!("{user_id} with extension {extension}"))
        }
        (Some(user_id), None) => missing(instance_id, user_id.as_str()),
        (None, extension) => missing(instance_id, extension.unwrap_or_default()),
    })
}

/// A RAM user's place in an instance, archived or not.
pub fn find_of_ram_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    ram_id: &RamId,
) -> Result<Option<User>, Error> {
    let sql = select_users!(of_instance!("u.ram_id = ?2"));
    tx.row(sql, params![instance_id, ram_id], user)
}

/// The users of an instance whose login name or display name contains the pattern, of one skill
/// group or of all; by id. Archived ones too: they keep their id and their extension.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    search_pattern: Option<&str>,
    skill_group_id: Option<&SkillGroupId>,
    page: PageRequest,
) -> Result<Page<User>, Error> {
    let like = search_pattern.map(like_pattern);
    let group = skill_group_id;
    let total = if like.is_none() && group.is_none() {
        tx.count("SELECT count(*) FROM user WHERE instance_id = ?1", [instance_id])?
    } else {
        tx.count(
            r"SELECT count(*) FROM user AS u JOIN ram_user AS r ON r.ram_id = u.ram_id
               WHERE u.instance_id = ?1 AND (?2 IS NULL OR r.login_name LIKE ?2 ESCAPE '\'
                                              OR composed(u.display_name) LIKE ?2 ESCAPE '\')
                 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM skill_group_member AS m
                                            WHERE m.user_id = u.user_id AND m.skill_group_id = ?3))",
            params![instance_id, like, group],
        )?
    };
    // CROSS JOIN keeps the users' index in front, which yields the order; the other way round every
    // user would be sorted.
    tx.page(
        page,
        total,
        select_users!(
            r"FROM user AS u CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
           WHERE u.instance_id = ?1 AND (?2 IS NULL OR r.login_name LIKE ?2 ESCAPE '\'
                                          OR composed(u.display_name) LIKE ?2 ESCAPE '\')
             AND (?3 IS NULL OR EXISTS (SELECT 1 FROM skill_group_member AS m
                                        WHERE m.user_id = u.user_id AND m.skill_group_id = ?3))
           ORDER BY u.user_id LIMIT ?4 OFFSET ?5"
        ),
        params![instance_id, like, group],
        user,
    )
}

/// The administrators of an instance, by id.
pub fn list_admins(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<User>, Error> {
    let sql = select_users!(of_instance!("u.role = 'Admin' ORDER BY u.user_id"));
    tx.rows(sql, [instance_id], user)
}

/// Whether a RAM user belongs to another instance too, archived there or not.
pub fn is_elsewhere(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    ram_id: &RamId,
) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM user WHERE ram_id = ?2 AND instance_id <> ?1";
    tx.exists(sql, params![instance_id, ram_id])
}

/// How many numbers a user holds, and how many skill groups the user belongs to.
pub fn holds(tx: &ReadTx<'_>, user_id: &UserId) -> Result<(u64, u64), Error> {
    let numbers = tx.count(
        "SELECT count(*) FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL",
        [user_id],
    )?;
    Ok((numbers, membership_count(tx, user_id)?))
}

/// How many skill groups a user belongs to.
pub(super) fn membership_count(tx: &ReadTx<'_>, user_id: &UserId) -> Result<u64, Error> {
    tx.count("SELECT count(*) FROM skill_group_member WHERE user_id = ?1", [user_id])
}

/// Makes a RAM user a user of an instance; `false` when there is no such RAM user.
///
/// # Errors
/// [`Error::Rule`]: the user is one already.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    ram_id: &RamId,
    new: &NewUser,
) -> Result<bool, Error> {
    let extension = next_extension(tx, instance_id)?;
    let sql =
        "INSERT INTO user (user_id, instance_id, ram_id, role, extension, display_name, email,
                                 mobile,
                                 work_mode, nickname, avatar_url, display_id, note, created_at,
                                 user_guid)
               SELECT r.login_name || '@' || ?1, ?1, r.ram_id, ?3, ?4, r.display_name, r.email,
                 r.mobile, ?5, ?6, ?7, ?8, ?9, ?10, ?11
                 FROM ram_user AS r WHERE r.ram_id = ?2";
    let values = params![
        instance_id,
        ram_id,
        new.role,
        extension.to_string(),
        new.work_mode,
        new.nickname,
        new.avatar_url,
        new.display_id,
        new.note,
        tx.now(),
        new.guid.clone().unwrap_or_else(new_guid)
    ];
    tx.changed(ram_id, sql, values)
}

/// A free extension of eight digits: 80000001, or one more than the highest whose successor nobody
/// has.
fn next_extension(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<u64, Error> {
    let sql = "SELECT CAST(u.extension AS INTEGER) + 1 FROM user AS u
                WHERE u.instance_id = ?1 AND u.extension <> ''
                  AND u.extension BETWEEN '80000001' AND '89999998' AND length(u.extension) = 8
                  AND NOT EXISTS (SELECT 1 FROM user AS n
                                  WHERE n.instance_id = ?1 AND n.extension <> ''
                                     AND n.extension = CAST(CAST(u.extension AS INTEGER) + 1 AS TEXT))
                ORDER BY u.extension DESC LIMIT 1";
    Ok(tx.value(sql, [instance_id])?.unwrap_or(80_000_001))
}

/// Changes a user; what is `None` stays as it is.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Rule`] for an extension that another user has, or a preferred
/// callback number that the user does not hold.
pub fn update(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    edit: &UserEdit,
) -> Result<(), Error> {
    let sql =
        "UPDATE user SET role = coalesce(?3, role), display_name = coalesce(?4, display_name),
                               email = coalesce(?5, email), extension = coalesce(?6, extension),
                               mobile = coalesce(?7, mobile), nickname = coalesce(?8, nickname),
                               avatar_url = coalesce(?9, avatar_url),
                                 display_id = coalesce(?10, display_id),
                               note = coalesce(?11, note), work_mode = coalesce(?12, work_mode),
                               active = coalesce(?13, active), locked = coalesce(?14, locked),
                               selected_callback_number_id = CASE WHEN ?15 THEN ?16
                                 ELSE selected_callback_number_id END,
                               prevent_auto_callback_number = coalesce(?17,
                                 prevent_auto_callback_number)
                WHERE instance_id = ?1 AND user_id = ?2";
    let values = params![
        instance_id,
        user_id,
        edit.role,
        edit.display_name,
        edit.email.as_deref(),
        edit.extension,
        edit.mobile,
        edit.nickname,
        edit.avatar_url,
        edit.display_id,
        edit.note,
        edit.work_mode,
        edit.active,
        edit.locked,
        edit.selected_callback_number_id.is_some(),
        edit.selected_callback_number_id.as_ref().and_then(Option::as_ref),
        edit.prevent_auto_callback_number
    ];
    match tx.execute(user_id, sql, values)? {
        0 => Err(missing(instance_id, user_id.as_str())),
        _ => Ok(()),
    }
}

/// Makes a user an administrator; an archived user is unarchived.
pub fn raise_to_admin(tx: &WriteTx<'_>, user_id: &UserId) -> Result<(), Error> {
    let sql = "UPDATE user SET role = 'Admin', active = 1 WHERE user_id = ?1";
    tx.run(user_id, sql, [user_id])
}

/// Removes a user; their RAM user stays.
///
/// # Errors
/// [`Error::Rule`]: the user holds numbers or belongs to skill groups.
pub fn delete(tx: &WriteTx<'_>, user_id: &UserId) -> Result<(), Error> {
    tx.run(user_id, "DELETE FROM user WHERE user_id = ?1", [user_id])
}

/// Reads a user by the names of the columns, since several statements select them.
pub(in crate::store) fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    of_row! { row => User {
        user_id, instance_id, ram_id, login_name, role, extension, display_name, email, mobile,
        nickname, avatar_url, display_id, note, work_mode, active, locked, user_guid,
        selected_callback_number_id, prevent_auto_callback_number, last_login_at, is_root,
        version, created_at
    } }
}
