//! Who holds what now: personal numbers, bindings, memberships, each with since when.

use crate::domain::{Error, InstanceId, Page, PageRequest, SkillGroupId, UserId};
use crate::store::ReadTx;
use crate::store::engine::like_pattern;
use crate::store::instances;
use rusqlite::params;

/// A number that is personal to a user.
#[derive(Clone, Debug)]
pub struct AssignmentRow {
    /// The number.
    pub number: String,
    /// The user.
    pub user_id: String,
    /// Since when, in milliseconds since the epoch.
    pub since: i64,
}

/// A number that is bound to a skill group.
#[derive(Clone, Debug)]
pub struct BindingRow {
    /// The number.
    pub number: String,
    /// The skill group.
    pub skill_group_id: String,
    /// Since when, in milliseconds since the epoch.
    pub since: i64,
}

/// A user who is in a skill group.
#[derive(Clone, Debug)]
pub struct MembershipRow {
    /// The skill group.
    pub skill_group_id: String,
    /// The user.
    pub user_id: String,
    /// From 1, the strongest, to 10.
    pub skill_level: u8,
    /// Since when, in milliseconds since the epoch.
    pub since: i64,
}

/// The numbers that a user of the instance holds.
macro_rules! of_user {
    () => {
        r" FROM personal_assignment INDEXED BY personal_assignment_open_by_user
           WHERE user_id = ?2 AND released_at IS NULL AND EXISTS (SELECT 1 FROM user WHERE instance_id = ?1 AND user_id = ?2)
             AND (?3 IS NULL OR number LIKE ?3 ESCAPE '\') "
    };
}

/// The personal numbers of the instance, or of one user, by number.
///
/// # Errors
/// Only those of the database.
pub fn assignments(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: Option<&str>,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<AssignmentRow>, Error> {
    let like = search.map(like_pattern);
    let instance = instance_id;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(AssignmentRow {
            number: row.get("number")?,
            user_id: row.get("user_id")?,
            since: row.get("since")?,
        })
    };
    let Some(user_id) = user_id else {
        let total = if like.is_none() {
            count_assigned(tx, instance_id)?
        } else {
            count_assigned_like(tx, instance_id, &like)?
        };
        let shown = page.within(total);
        let sql = r"SELECT number, user_id, assigned_at AS since FROM personal_assignment WHERE instance_id = ?1 AND released_at IS NULL
                       AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\' OR user_id LIKE ?2 ESCAPE '\') ORDER BY number, user_id LIMIT ?3 OFFSET ?4";
        return Ok(Page {
            rows: tx.rows(sql, params![instance, like, shown.rows(total), shown.offset()], read)?,
            shown,
            total,
        });
    };
    let total =
        tx.count(concat!("SELECT count(*)", of_user!()), params![instance, user_id, like])?;
    let shown = page.within(total);
    let sql = concat!(
        "SELECT number, user_id, assigned_at AS since",
        of_user!(),
        "ORDER BY number LIMIT ?4 OFFSET ?5"
    );
    Ok(Page {
        rows: tx.rows(
            sql,
            params![instance, user_id, like, shown.rows(total), shown.offset()],
            read,
        )?,
        shown,
        total,
    })
}

/// In an exclusive instance each personal number has one holder; in a shared one the holders are
/// counted along an index.
fn count_assigned(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<u64, Error> {
    if instances::is_shared(tx, instance_id.as_str())? == Some(true) {
        return count_assigned_like(tx, instance_id, &None);
    }
    Ok(instances::counter(tx, instance_id)?.personal)
}

fn count_assigned_like(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    like: &Option<String>,
) -> Result<u64, Error> {
    let sql = r"SELECT count(*) FROM personal_assignment INDEXED BY personal_assignment_open_by_number WHERE instance_id = ?1 AND released_at IS NULL
                   AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\' OR user_id LIKE ?2 ESCAPE '\')";
    tx.count(sql, params![instance_id, like])
}

/// Since when a user holds a number; `None` when he does not.
///
/// # Errors
/// Only those of the database.
pub fn assigned_since(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<Option<i64>, Error> {
    let sql = "SELECT assigned_at FROM personal_assignment WHERE instance_id = ?1 AND user_id = ?2 AND number = ?3 AND released_at IS NULL";
    tx.row(sql, params![instance_id, user_id, number], |row| row.get(0))
}

/// The bindings of the instance, or of one skill group, by number.
///
/// # Errors
/// Only those of the database.
pub fn bindings(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    skill_group_id: Option<&str>,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<BindingRow>, Error> {
    let like = search.map(like_pattern);
    let instance = instance_id;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(BindingRow {
            number: row.get("number")?,
            skill_group_id: row.get("skill_group_id")?,
            since: row.get("since")?,
        })
    };
    let total = match &like {
        None => tx.count(
            "SELECT coalesce(sum(phone_number_count), 0) FROM skill_group WHERE instance_id = ?1 AND (?2 IS NULL OR skill_group_id = ?2)",
            params![instance, skill_group_id],
        )?,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_number WHERE instance_id = ?1 AND (?2 IS NULL OR skill_group_id = ?2)
                 AND (number LIKE ?3 ESCAPE '\' OR skill_group_id LIKE ?3 ESCAPE '\')",
            params![instance, skill_group_id, like],
        )?,
    };
    let shown = page.within(total);
    let sql = match skill_group_id {
        None => {
            r"SELECT number, skill_group_id, bound_at AS since FROM skill_group_number WHERE instance_id = ?1 AND ?2 IS NULL
                 AND (?3 IS NULL OR number LIKE ?3 ESCAPE '\' OR skill_group_id LIKE ?3 ESCAPE '\')
               ORDER BY number, skill_group_id LIMIT ?4 OFFSET ?5"
        }
        Some(_) => {
            r"SELECT number, skill_group_id, bound_at AS since FROM skill_group_number WHERE instance_id = ?1 AND skill_group_id = ?2
                 AND (?3 IS NULL OR number LIKE ?3 ESCAPE '\' OR skill_group_id LIKE ?3 ESCAPE '\')
               ORDER BY number LIMIT ?4 OFFSET ?5"
        }
    };
    let rows = tx.rows(
        sql,
        params![instance, skill_group_id, like, shown.rows(total), shown.offset()],
        read,
    )?;
    Ok(Page { rows, shown, total })
}

/// Since when a skill group holds a number; `None` when it does not.
///
/// # Errors
/// Only those of the database.
pub fn bound_since(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    number: &str,
) -> Result<Option<i64>, Error> {
    let sql = "SELECT bound_at FROM skill_group_number WHERE instance_id = ?1 AND skill_group_id = ?2 AND number = ?3";
    tx.row(sql, params![instance_id, id, number], |row| row.get(0))
}

/// The members of a skill group, by user id.
///
/// # Errors
/// Only those of the database.
pub fn members(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<MembershipRow>, Error> {
    let like = search.map(like_pattern);
    let (instance, group) = (instance_id, id);
    let total = match &like {
        None => tx.count("SELECT user_count FROM skill_group WHERE instance_id = ?1 AND skill_group_id = ?2", params![instance, group])?,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_member WHERE instance_id = ?1 AND skill_group_id = ?2 AND user_id LIKE ?3 ESCAPE '\'",
            params![instance, group, like],
        )?,
    };
    let sql = r"SELECT skill_group_id, user_id, skill_level, added_at AS since FROM skill_group_member
                 WHERE instance_id = ?1 AND skill_group_id = ?2 AND (?3 IS NULL OR user_id LIKE ?3 ESCAPE '\') ORDER BY user_id LIMIT ?4 OFFSET ?5";
    tx.page(page, total, sql, params![instance, group, like], membership)
}

/// A user's place in a skill group; `None` when he has none.
///
/// # Errors
/// Only those of the database.
pub fn member(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    user_id: &UserId,
) -> Result<Option<MembershipRow>, Error> {
    let sql = "SELECT skill_group_id, user_id, skill_level, added_at AS since FROM skill_group_member WHERE instance_id = ?1 AND skill_group_id = ?2 AND user_id = ?3";
    tx.row(sql, params![instance_id, id, user_id], membership)
}

fn membership(row: &rusqlite::Row<'_>) -> rusqlite::Result<MembershipRow> {
    Ok(MembershipRow {
        skill_group_id: row.get("skill_group_id")?,
        user_id: row.get("user_id")?,
        skill_level: row.get("skill_level")?,
        since: row.get("since")?,
    })
}
