//! Users of instances.

use super::ReadTx;
use crate::domain::{Error, InstanceId, Missing, Page, PageRequest, RamId, Role, User, UserId, UserProfile};
use rusqlite::{Row, params};

/// A RAM user's place in an instance, if he has one that is not archived.
///
/// # Errors
/// Only those of the database.
pub fn of_ram_user(tx: &ReadTx<'_>, instance_id: &InstanceId, ram_id: &RamId) -> Result<Option<(UserId, Role)>, Error> {
    let sql = "SELECT user_id, role FROM user WHERE instance_id = ?1 AND ram_id = ?2 AND active";
    let found = tx.row(sql, params![instance_id.as_str(), ram_id.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    // The schema knows no other names; one that is unknown here gives no rights.
    Ok(found.and_then(|(user_id, role)| Some((UserId::new(user_id), Role::of_instance(&role)?))))
}

/// The user of an instance who has this GUID, archived or not.
///
/// # Errors
/// Only those of the database.
pub fn find_by_guid(tx: &ReadTx<'_>, instance_id: &InstanceId, guid: &str) -> Result<Option<UserProfile>, Error> {
    let sql = "SELECT u.user_id, u.user_guid, r.login_name, u.role, u.display_name, u.email, u.extension, u.display_id, u.active, u.locked,
                      u.selected_callback_number_id, u.prevent_auto_callback_number, u.last_login_at
                 FROM user AS u JOIN ram_user AS r ON r.ram_id = u.ram_id WHERE u.user_guid = ?1 AND u.instance_id = ?2";
    tx.row(sql, params![guid, instance_id.as_str()], profile)
}

/// The users of an instance, by login name; only those who are active or only the archived ones, if asked for.
///
/// # Errors
/// Only those of the database.
pub fn list_profiles(tx: &ReadTx<'_>, instance_id: &InstanceId, active: Option<bool>, page: PageRequest) -> Result<Page<UserProfile>, Error> {
    let total = tx.count("SELECT count(*) FROM user WHERE instance_id = ?1 AND (?2 IS NULL OR active = ?2)", params![instance_id.as_str(), active])?;
    let shown = page.within(total);
    let rows = tx.rows(
        "SELECT u.user_id, u.user_guid, r.login_name, u.role, u.display_name, u.email, u.extension, u.display_id, u.active, u.locked,
                u.selected_callback_number_id, u.prevent_auto_callback_number, u.last_login_at
           FROM user AS u JOIN ram_user AS r ON r.ram_id = u.ram_id
          WHERE u.instance_id = ?1 AND (?2 IS NULL OR u.active = ?2) ORDER BY r.login_name LIMIT ?3 OFFSET ?4",
        params![instance_id.as_str(), active, shown.size, shown.offset()],
        profile,
    )?;
    Ok(Page { rows, shown, total })
}

/// That the user exists in the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<(), Error> {
    let sql = "SELECT count(*) FROM user WHERE instance_id = ?1 AND user_id = ?2";
    match tx.count(sql, params![instance_id.as_str(), user_id.as_str()])? {
        0 => Err(Error::NotFound(Missing::User(user_id.to_string(), instance_id.clone()))),
        _ => Ok(()),
    }
}

/// The administrators of an instance, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_admins(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<User>, Error> {
    let sql = "SELECT u.user_id, u.instance_id, u.ram_id, r.login_name, u.role, u.extension, u.display_name, u.email, u.mobile, u.work_mode
                 FROM user AS u JOIN ram_user AS r ON r.ram_id = u.ram_id
                WHERE u.instance_id = ?1 AND u.role = 'Admin' ORDER BY u.user_id";
    tx.rows(sql, [instance_id.as_str()], user)
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        user_id: UserId::new(row.get::<_, String>(0)?),
        instance_id: InstanceId::new(row.get::<_, String>(1)?),
        ram_id: RamId::new(row.get::<_, String>(2)?),
        login_name: row.get(3)?,
        role: row.get(4)?,
        extension: row.get(5)?,
        display_name: row.get(6)?,
        email: row.get(7)?,
        mobile: row.get(8)?,
        work_mode: row.get(9)?,
    })
}

fn profile(row: &Row<'_>) -> rusqlite::Result<UserProfile> {
    Ok(UserProfile {
        user_id: UserId::new(row.get::<_, String>(0)?),
        user_guid: row.get(1)?,
        login_name: row.get(2)?,
        role: row.get(3)?,
        display_name: row.get(4)?,
        email: row.get(5)?,
        extension: row.get(6)?,
        display_id: row.get(7)?,
        active: row.get(8)?,
        locked: row.get(9)?,
        selected_callback_number_id: row.get(10)?,
        prevent_auto_callback_number: row.get(11)?,
        last_login_at: row.get(12)?,
    })
}
