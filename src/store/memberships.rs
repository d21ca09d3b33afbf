//! Who belongs to which skill group, and at which level.
//!
//! # Performance
//! The members of a group are counted in its row, and a page of them, or of those who are not, is read along the index
//! that it is ordered by. Who is not in a group are the instance's users less its members.

use super::phone_numbers::contains;
use super::skill_groups::{self, skill_group};
use super::users::user;
use super::{ReadTx, WriteTx};
use crate::domain::{Error, InstanceId, Membership, Page, PageRequest, SkillGroup, SkillGroupId, User, UserId};
use rusqlite::params;

/// The skill groups that a user is in, with his level in each, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_of_user(tx: &ReadTx<'_>, user_id: &UserId, search_pattern: Option<&str>, page: PageRequest) -> Result<Page<(SkillGroup, u8)>, Error> {
    let like = search_pattern.map(contains);
    let total = match &like {
        None => count_of_user(tx, user_id)?,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_member AS m CROSS JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
               WHERE m.user_id = ?1 AND (g.name LIKE ?2 ESCAPE '\' OR g.display_name LIKE ?2 ESCAPE '\')",
            params![user_id.as_str(), like],
        )?,
    };
    let shown = page.within(total);
    let rows = tx.rows(
        r"SELECT g.skill_group_id, g.instance_id, g.name, g.display_name, g.description, g.media_type, g.phone_number_count, g.user_count, m.skill_level
            FROM skill_group_member AS m CROSS JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
           WHERE m.user_id = ?1 AND (?2 IS NULL OR g.name LIKE ?2 ESCAPE '\' OR g.display_name LIKE ?2 ESCAPE '\')
           ORDER BY m.skill_group_id LIMIT ?3 OFFSET ?4",
        params![user_id.as_str(), like, shown.size, shown.offset()],
        |row| Ok((skill_group(row)?, row.get(8)?)),
    )?;
    Ok(Page { rows, shown, total })
}

/// The skill groups of the instance that a user is not in, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_without_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<SkillGroup>, Error> {
    let like = search_pattern.map(contains);
    let total = match &like {
        None => skill_groups::count(tx, instance_id)?.saturating_sub(count_of_user(tx, user_id)?),
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group AS g
               WHERE g.instance_id = ?1 AND (g.name LIKE ?3 ESCAPE '\' OR g.display_name LIKE ?3 ESCAPE '\')
                 AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m WHERE m.skill_group_id = g.skill_group_id AND m.user_id = ?2)",
            params![instance_id.as_str(), user_id.as_str(), like],
        )?,
    };
    let shown = page.within(total);
    let rows = tx.rows(
        r"SELECT g.skill_group_id, g.instance_id, g.name, g.display_name, g.description, g.media_type, g.phone_number_count, g.user_count
            FROM skill_group AS g
           WHERE g.instance_id = ?1 AND (?3 IS NULL OR g.name LIKE ?3 ESCAPE '\' OR g.display_name LIKE ?3 ESCAPE '\')
             AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m WHERE m.skill_group_id = g.skill_group_id AND m.user_id = ?2)
           ORDER BY g.skill_group_id LIMIT ?4 OFFSET ?5",
        params![instance_id.as_str(), user_id.as_str(), like, shown.size, shown.offset()],
        skill_group,
    )?;
    Ok(Page { rows, shown, total })
}

/// The members of a skill group, with the level of each, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_of_skill_group(tx: &ReadTx<'_>, group: &SkillGroup, search_pattern: Option<&str>, page: PageRequest) -> Result<Page<(User, u8)>, Error> {
    let like = search_pattern.map(contains);
    let total = match &like {
        None => group.user_count,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_member AS m CROSS JOIN user AS u ON u.user_id = m.user_id CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
               WHERE m.skill_group_id = ?1 AND (r.login_name LIKE ?2 ESCAPE '\' OR u.display_name LIKE ?2 ESCAPE '\')",
            params![group.skill_group_id.as_str(), like],
        )?,
    };
    let shown = page.within(total);
    let rows = tx.rows(
        r"SELECT u.user_id, u.instance_id, u.ram_id, r.login_name, u.role, u.extension, u.display_name, u.email, u.mobile, u.work_mode,
                 u.nickname, u.avatar_url, u.display_id, r.is_root, m.skill_level
            FROM skill_group_member AS m CROSS JOIN user AS u ON u.user_id = m.user_id CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
           WHERE m.skill_group_id = ?1 AND (?2 IS NULL OR r.login_name LIKE ?2 ESCAPE '\' OR u.display_name LIKE ?2 ESCAPE '\')
           ORDER BY m.user_id LIMIT ?3 OFFSET ?4",
        params![group.skill_group_id.as_str(), like, shown.size, shown.offset()],
        |row| Ok((user(row)?, row.get("skill_level")?)),
    )?;
    Ok(Page { rows, shown, total })
}

/// The users of the instance who are not in a skill group, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_outside_skill_group(tx: &ReadTx<'_>, group: &SkillGroup, search_pattern: Option<&str>, page: PageRequest) -> Result<Page<User>, Error> {
    let like = search_pattern.map(contains);
    let (instance_id, group_id) = (group.instance_id.as_str(), group.skill_group_id.as_str());
    let total = match &like {
        None => tx.count("SELECT count(*) FROM user WHERE instance_id = ?1", [instance_id])?.saturating_sub(group.user_count),
        Some(like) => tx.count(
            r"SELECT count(*) FROM user AS u CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
               WHERE u.instance_id = ?1 AND (r.login_name LIKE ?3 ESCAPE '\' OR u.display_name LIKE ?3 ESCAPE '\')
                 AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m WHERE m.skill_group_id = ?2 AND m.user_id = u.user_id)",
            params![instance_id, group_id, like],
        )?,
    };
    let shown = page.within(total);
    let rows = tx.rows(
        r"SELECT u.user_id, u.instance_id, u.ram_id, r.login_name, u.role, u.extension, u.display_name, u.email, u.mobile, u.work_mode,
                 u.nickname, u.avatar_url, u.display_id, r.is_root
            FROM user AS u CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
           WHERE u.instance_id = ?1 AND (?3 IS NULL OR r.login_name LIKE ?3 ESCAPE '\' OR u.display_name LIKE ?3 ESCAPE '\')
             AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m WHERE m.skill_group_id = ?2 AND m.user_id = u.user_id)
           ORDER BY u.user_id LIMIT ?4 OFFSET ?5",
        params![instance_id, group_id, like, shown.size, shown.offset()],
        user,
    )?;
    Ok(Page { rows, shown, total })
}

fn count_of_user(tx: &ReadTx<'_>, user_id: &UserId) -> Result<u64, Error> {
    tx.count("SELECT count(*) FROM skill_group_member WHERE user_id = ?1", [user_id.as_str()])
}

/// Puts a user into a skill group.
///
/// # Errors
/// [`Error::Rule`]: he is in it already, or one of the two is not in the instance.
pub fn insert(tx: &WriteTx<'_>, instance_id: &InstanceId, membership: &Membership) -> Result<(), Error> {
    let Membership { skill_group_id, user_id, skill_level } = membership;
    let sql = "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id, skill_level, added_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = params![skill_group_id.as_str(), user_id.as_str(), instance_id.as_str(), skill_level, tx.now().millis()];
    tx.execute(user_id.as_str(), sql, row).map(|_| ())
}

/// Sets the level of a member; `false` when he is none.
///
/// # Errors
/// Only those of the database.
pub fn set_level(tx: &WriteTx<'_>, membership: &Membership) -> Result<bool, Error> {
    let Membership { skill_group_id, user_id, skill_level } = membership;
    let sql = "UPDATE skill_group_member SET skill_level = ?3 WHERE skill_group_id = ?1 AND user_id = ?2";
    tx.execute(user_id.as_str(), sql, params![skill_group_id.as_str(), user_id.as_str(), skill_level]).map(|rows| rows == 1)
}

/// Takes a user out of a skill group; `false` when he was not in it.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &WriteTx<'_>, skill_group_id: &SkillGroupId, user_id: &UserId) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group_member WHERE skill_group_id = ?1 AND user_id = ?2";
    tx.execute(user_id.as_str(), sql, params![skill_group_id.as_str(), user_id.as_str()]).map(|rows| rows == 1)
}

/// Takes every user out of a skill group.
///
/// # Errors
/// Only those of the database.
pub fn delete_all(tx: &WriteTx<'_>, instance_id: &InstanceId, skill_group_id: &SkillGroupId) -> Result<(), Error> {
    let sql = "DELETE FROM skill_group_member WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.execute(skill_group_id.as_str(), sql, params![instance_id.as_str(), skill_group_id.as_str()]).map(|_| ())
}

/// Takes a user out of every skill group.
///
/// # Errors
/// Only those of the database.
pub fn delete_all_of_user(tx: &WriteTx<'_>, user_id: &UserId) -> Result<(), Error> {
    tx.execute(user_id.as_str(), "DELETE FROM skill_group_member WHERE user_id = ?1", [user_id.as_str()]).map(|_| ())
}
