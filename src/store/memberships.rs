//! Who belongs to which skill group, and at which level.

use super::{ReadTx, WriteTx};
use crate::domain::{Error, InstanceId, NamedSkillGroup, Page, PageRequest, SkillGroupId, UserId};
use rusqlite::params;

/// A skill group of a user, with his level there.
#[derive(Clone, Debug)]
pub struct GroupOfUser {
    /// The skill group.
    pub skill_group: NamedSkillGroup,
    /// 1 to 10.
    pub skill_level: u8,
}

/// A member of a skill group, as VCC clients see him.
#[derive(Clone, Debug)]
pub struct Member {
    /// The id that VCC clients know him by.
    pub user_guid: String,
    /// His display id, or empty.
    pub display_id: String,
    /// What people call him; his login name when he has no other.
    pub name: String,
    /// 1 to 10.
    pub skill_level: u8,
}

/// The skill groups of a user, by name.
///
/// # Errors
/// Only those of the database.
pub fn list_of_user(tx: &ReadTx<'_>, user_id: &UserId, page: PageRequest) -> Result<Page<GroupOfUser>, Error> {
    let total = tx.count("SELECT count(*) FROM skill_group_member WHERE user_id = ?1", [user_id.as_str()])?;
    let shown = page.within(total);
    let rows = tx.rows(
        "SELECT g.skill_group_id, g.skill_group_guid, g.name, coalesce(nullif(g.display_name, ''), g.name) AS shown_name, m.skill_level
           FROM skill_group_member AS m JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
          WHERE m.user_id = ?1 ORDER BY shown_name, g.skill_group_guid LIMIT ?2 OFFSET ?3",
        params![user_id.as_str(), shown.size, shown.offset()],
        |row| Ok(GroupOfUser { skill_group: super::skill_groups::named(row)?, skill_level: row.get(4)? }),
    )?;
    Ok(Page { rows, shown, total })
}

/// The members of a skill group, by login name.
///
/// # Errors
/// Only those of the database.
pub fn list_of_skill_group(tx: &ReadTx<'_>, id: &SkillGroupId, page: PageRequest) -> Result<Page<Member>, Error> {
    let total = tx.count("SELECT count(*) FROM skill_group_member WHERE skill_group_id = ?1", [id.as_str()])?;
    let shown = page.within(total);
    let rows = tx.rows(
        "SELECT u.user_guid, u.display_id, coalesce(nullif(u.display_name, ''), r.login_name), m.skill_level
           FROM skill_group_member AS m JOIN user AS u ON u.user_id = m.user_id JOIN ram_user AS r ON r.ram_id = u.ram_id
          WHERE m.skill_group_id = ?1 ORDER BY r.login_name LIMIT ?2 OFFSET ?3",
        params![id.as_str(), shown.size, shown.offset()],
        |row| Ok(Member { user_guid: row.get(0)?, display_id: row.get(1)?, name: row.get(2)?, skill_level: row.get(3)? }),
    )?;
    Ok(Page { rows, shown, total })
}

/// The level that a user has in each of his skill groups.
///
/// # Errors
/// Only those of the database.
pub fn levels_of_user(tx: &ReadTx<'_>, user_id: &UserId) -> Result<Vec<(SkillGroupId, u8)>, Error> {
    let sql = "SELECT skill_group_id, skill_level FROM skill_group_member WHERE user_id = ?1";
    tx.rows(sql, [user_id.as_str()], |row| Ok((SkillGroupId::new(row.get::<_, String>(0)?), row.get(1)?)))
}

/// The level that each member of a skill group has in it.
///
/// # Errors
/// Only those of the database.
pub fn levels_of_skill_group(tx: &ReadTx<'_>, id: &SkillGroupId) -> Result<Vec<(UserId, u8)>, Error> {
    let sql = "SELECT user_id, skill_level FROM skill_group_member WHERE skill_group_id = ?1";
    tx.rows(sql, [id.as_str()], |row| Ok((UserId::new(row.get::<_, String>(0)?), row.get(1)?)))
}

/// Puts a user into a skill group.
///
/// # Errors
/// [`Error::Rule`]: he is in it already, or the two are not of one instance.
pub fn add(tx: &WriteTx<'_>, instance_id: &InstanceId, id: &SkillGroupId, user_id: &UserId, skill_level: u8) -> Result<(), Error> {
    let sql = "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id, skill_level, added_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.execute(user_id.as_str(), sql, params![id.as_str(), user_id.as_str(), instance_id.as_str(), skill_level, tx.now().millis()]).map(|_| ())
}

/// Changes a member's level; `false` when the user is not in the skill group.
///
/// # Errors
/// Only those of the database.
pub fn set_level(tx: &WriteTx<'_>, id: &SkillGroupId, user_id: &UserId, skill_level: u8) -> Result<bool, Error> {
    let sql = "UPDATE skill_group_member SET skill_level = ?3 WHERE skill_group_id = ?1 AND user_id = ?2";
    tx.execute(user_id.as_str(), sql, params![id.as_str(), user_id.as_str(), skill_level]).map(|rows| rows == 1)
}

/// Takes a user out of a skill group; `false` when he was not in it.
///
/// # Errors
/// Only those of the database.
pub fn remove(tx: &WriteTx<'_>, id: &SkillGroupId, user_id: &UserId) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group_member WHERE skill_group_id = ?1 AND user_id = ?2";
    tx.execute(user_id.as_str(), sql, params![id.as_str(), user_id.as_str()]).map(|rows| rows == 1)
}
