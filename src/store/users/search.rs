//! Users of an instance, whole.

use crate::domain::{Error, InstanceId, Missing, Page, PageRequest, UserId};
use crate::store::ReadTx;
use crate::store::engine::Row;
use crate::store::engine::{Order, like_pattern, order_keys};
use rusqlite::params;

/// A user with everything that a back office sees.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// `<login name>@<instance id>`.
    pub user_id: String,
    /// The login's id.
    pub ram_id: String,
    /// The login's name.
    pub login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    pub role: String,
    /// Digits, or empty.
    pub extension: String,
    /// What people call them.
    pub display_name: String,
    /// The e-mail address.
    pub email: String,
    /// The mobile number.
    pub mobile: String,
    /// What customers call them.
    pub nickname: String,
    /// The id that the employer knows them by.
    pub display_id: String,
    /// What colleagues want to remember of them.
    pub note: String,
    /// Where the user works.
    pub work_mode: String,
    /// Whether the user is not archived.
    pub active: bool,
    /// Whether the user is locked out.
    pub locked: bool,
    /// The id that VCC clients know them by.
    pub user_guid: String,
    /// Grows with every change.
    pub version: u64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Which users are listed; an absent filter lets every user through.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    /// Part of the id, of a name, the e-mail address, the extension or the display id.
    pub search: Option<String>,
    /// Only of this role.
    pub role: Option<&'static str>,
    /// Only archived ones, or only the others.
    pub active: Option<bool>,
    /// Only members of this skill group.
    pub skill_group_id: Option<String>,
    /// What they are sorted by.
    pub order: Order<UserOrder>,
}

order_keys! {
    /// What users are sorted by.
    UserOrder {
        /// Their id.
        Id = "user_id",
        /// What people call them.
        DisplayName = "display_name",
        /// Their role.
        Role = "role",
        /// Their extension.
        Extension = "extension",
        /// When they were made.
        CreatedAt = "created_at",
    }
}

/// The columns of a [`UserRow`].
macro_rules! columns {
    () => {
        "SELECT u.user_id, u.ram_id, r.login_name, u.role, u.extension, u.display_name, u.email, u.mobile, u.nickname, u.display_id, u.note, u.work_mode,
                u.active, u.locked, u.user_guid, u.version, u.created_at
           FROM user AS u JOIN ram_user AS r ON r.ram_id = u.ram_id "
    };
}

/// The rows that a [`UserQuery`] lets through.
macro_rules! filters {
    () => {
        r" WHERE u.instance_id = ?1
            AND (?2 IS NULL OR u.user_id LIKE ?2 ESCAPE '\' OR u.display_name LIKE ?2 ESCAPE '\' OR u.nickname LIKE ?2 ESCAPE '\'
                 OR u.email LIKE ?2 ESCAPE '\' OR u.extension LIKE ?2 ESCAPE '\' OR u.display_id LIKE ?2 ESCAPE '\')
            AND (?3 IS NULL OR u.role = ?3) AND (?4 IS NULL OR u.active = ?4)
            AND (?5 IS NULL OR EXISTS (SELECT 1 FROM skill_group_member AS m WHERE m.skill_group_id = ?5 AND m.user_id = u.user_id)) "
    };
}

/// The statements for each order of the list, forward and backward.
macro_rules! in_order {
    ($($key:literal,)*) => {
        const IN_ORDER: &[[&str; 2]] = &[$([
            concat!("SELECT u.user_id FROM user AS u", filters!(), "ORDER BY ", $key, ", u.user_id LIMIT ?6 OFFSET ?7"),
            concat!("SELECT u.user_id FROM user AS u", filters!(), "ORDER BY ", $key, " DESC, u.user_id DESC LIMIT ?6 OFFSET ?7"),
        ],)*];
    };
}

in_order! { "u.user_id", "u.display_name", "u.role", "u.extension", "u.created_at", }

/// A user of the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<UserRow, Error> {
    let sql = concat!(columns!(), "WHERE u.instance_id = ?1 AND u.user_id = ?2");
    let found = tx.row(sql, params![instance_id, user_id], user_row)?;
    found.ok_or_else(|| Error::NotFound(Missing::User(user_id.to_string(), instance_id.clone())))
}

/// A page of the instance's users.
pub fn search(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &UserQuery,
    page: PageRequest,
) -> Result<Page<UserRow>, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let UserQuery { role, active, skill_group_id, order, .. } = query;
    let instance = instance_id;
    let unfiltered =
        like.is_none() && role.is_none() && active.is_none() && skill_group_id.is_none();
    let total = if unfiltered {
        tx.count("SELECT count(*) FROM user WHERE instance_id = ?1", [instance])?
    } else {
        tx.count(
            concat!("SELECT count(*) FROM user AS u", filters!()),
            params![instance, like, role, active, skill_group_id],
        )?
    };
    let shown = page.within(total);
    let sql = IN_ORDER[order.key as usize][usize::from(order.backward)];
    let values =
        params![instance, like, role, active, skill_group_id, shown.rows(total), shown.offset()];
    // Only the ids of the page, out of an index; whole rows are fetched for these alone.
    let ids: Vec<String> = tx.rows(sql, values, |row| row.get(0))?;
    let rows = ids
        .into_iter()
        .map(|id| get(tx, instance_id, &UserId::new(id)))
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, shown, total })
}

fn user_row(row: &Row<'_>) -> rusqlite::Result<UserRow> {
    Ok(UserRow {
        user_id: row.get("user_id")?,
        ram_id: row.get("ram_id")?,
        login_name: row.get("login_name")?,
        role: row.get("role")?,
        extension: row.get("extension")?,
        display_name: row.get("display_name")?,
        email: row.get("email")?,
        mobile: row.get("mobile")?,
        nickname: row.get("nickname")?,
        display_id: row.get("display_id")?,
        note: row.get("note")?,
        work_mode: row.get("work_mode")?,
        active: row.get("active")?,
        locked: row.get("locked")?,
        user_guid: row.get("user_guid")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::IN_ORDER;
    use crate::store::engine::plans::plan;

    #[test]
    fn every_order_of_users_but_that_by_extension_is_read_along_an_index_and_not_sorted() {
        let sorted = |sql| plan(sql, 7).iter().any(|step| step.contains("TEMP B-TREE"));
        let found: Vec<bool> = IN_ORDER.iter().flatten().map(|sql| sorted(sql)).collect();
        assert_eq!(found, [false, false, false, false, false, false, true, true, false, false]);
    }
}
