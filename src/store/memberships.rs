//! Who belongs to which skill group, and at which level.
//!
//! # Performance
//! The members of a group are counted in its row; who is not in it are the instance's users less
//! these. A page of either is found along indexes alone, the two of them merged for those who are
//! not in it, so that a late page reads no more users than an early one.

use super::engine::{like_pattern, of_row};
use super::skill_groups::{self, select_groups, skill_group};
use super::users::{membership_count, select_users, user};
use super::{ReadTx, WriteTx};
use crate::domain::membership::DatedMembership;
use crate::domain::{
    Error, InstanceId, Membership, NamedSkillGroup, Page, PageRequest, SkillGroup, SkillGroupId,
    User, UserId,
};
use rusqlite::params;

/// The skill groups that a user is in, with the level in each, by id.
pub fn list_of_user(
    tx: &ReadTx<'_>,
    user_id: &UserId,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<(SkillGroup, u8)>, Error> {
    let like = search_pattern.map(like_pattern);
    let total = match &like {
        None => membership_count(tx, user_id)?,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_member AS m
                 CROSS JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
               WHERE m.user_id = ?1 AND (g.name LIKE ?2 ESCAPE '\'
                                          OR composed(g.display_name) LIKE ?2 ESCAPE '\')",
            params![user_id, like],
        )?,
    };
    tx.page(page, total,
        select_groups!(r", m.skill_level
            FROM skill_group_member AS m CROSS JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
           WHERE m.user_id = ?1 AND (?2 IS NULL OR g.name LIKE ?2 ESCAPE '\' OR composed(g.display_name) LIKE ?2 ESCAPE '\')
           ORDER BY m.skill_group_id LIMIT ?3 OFFSET ?4"),
        params![user_id, like],
        |row| Ok((skill_group(row)?, row.get("skill_level")?)),
    )
}

/// The skill groups of the instance that a user is not in, by id.
pub fn list_without_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<SkillGroup>, Error> {
    let like = search_pattern.map(like_pattern);
    let total = match &like {
        None => {
            skill_groups::count(tx, instance_id)?.saturating_sub(membership_count(tx, user_id)?)
        }
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group AS g
               WHERE g.instance_id = ?1 AND (g.name LIKE ?3 ESCAPE '\'
                                              OR composed(g.display_name) LIKE ?3 ESCAPE '\')
                 AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m
                                 WHERE m.skill_group_id = g.skill_group_id AND m.user_id = ?2)",
            params![instance_id, user_id, like],
        )?,
    };
    tx.page(
        page,
        total,
        select_groups!(
            r"
            FROM skill_group AS g
           WHERE g.instance_id = ?1 AND (?3 IS NULL OR g.name LIKE ?3 ESCAPE '\'
                                          OR composed(g.display_name) LIKE ?3 ESCAPE '\')
             AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m
                             WHERE m.skill_group_id = g.skill_group_id AND m.user_id = ?2)
           ORDER BY g.skill_group_id LIMIT ?4 OFFSET ?5"
        ),
        params![instance_id, user_id, like],
        skill_group,
    )
}

/// The members of a skill group, with the level of each, by id.
pub fn list_of_skill_group(
    tx: &ReadTx<'_>,
    group: &SkillGroup,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<(User, u8)>, Error> {
    let like = search_pattern.map(like_pattern);
    let total = match &like {
        None => group.user_count,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_member AS m
                 CROSS JOIN user AS u ON u.user_id = m.user_id
                 CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
               WHERE m.skill_group_id = ?1 AND (r.login_name LIKE ?2 ESCAPE '\'
                                                 OR composed(u.display_name) LIKE ?2 ESCAPE '\')",
            params![group.skill_group_id, like],
        )?,
    };
    tx.page(page, total,
        select_users!(r", p.skill_level
FROM (SELECT m.user_id, m.skill_level FROM skill_group_member AS m
                   WHERE m.skill_group_id = ?1
                     AND (?2 IS NULL OR EXISTS (SELECT 1 FROM user AS w CROSS JOIN ram_user AS s ON s.ram_id = w.ram_id
                                                 WHERE w.user_id = m.user_id AND (s.login_name LIKE ?2 ESCAPE '\' OR composed(w.display_name) LIKE ?2 ESCAPE '\')))
                   ORDER BY m.user_id LIMIT ?3 OFFSET ?4) AS p
           CROSS JOIN user AS u ON u.user_id = p.user_id CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
           ORDER BY u.user_id"),
        params![group.skill_group_id, like],
        |row| Ok((user(row)?, row.get("skill_level")?)),
    )
}

/// The users of the instance who are not in a skill group, by id.
pub fn list_outside_skill_group(
    tx: &ReadTx<'_>,
    group: &SkillGroup,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<User>, Error> {
    let like = search_pattern.map(like_pattern);
    let (instance_id, group_id) = (&group.instance_id, &group.skill_group_id);
    let total = match &like {
        None => tx
            .count(
                "SELECT count(*) FROM user
                           WHERE instance_id = ?1",
                [instance_id],
            )?
            .saturating_sub(group.user_count),
        Some(like) => tx.count(
            r"SELECT count(*) FROM user AS u CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
               WHERE u.instance_id = ?1 AND (r.login_name LIKE ?3 ESCAPE '\'
                                              OR composed(u.display_name) LIKE ?3 ESCAPE '\')
                 AND NOT EXISTS (SELECT 1 FROM skill_group_member AS m
                                 WHERE m.skill_group_id = ?2 AND m.user_id = u.user_id)",
            params![instance_id, group_id, like],
        )?,
    };
    tx.page(page, total,
        select_users!(r"FROM (SELECT a.user_id FROM user AS a
                   WHERE a.instance_id = ?1
                     AND (?3 IS NULL OR EXISTS (SELECT 1
                                                FROM user AS w CROSS JOIN ram_user AS s
                                                  ON s.ram_id = w.ram_id
                                                 WHERE w.user_id = a.user_id AND (s.login_name LIKE ?3 ESCAPE '\' OR composed(w.display_name) LIKE ?3 ESCAPE '\')))
                  EXCEPT SELECT m.user_id FROM skill_group_member AS m WHERE m.skill_group_id = ?2
                   ORDER BY 1 LIMIT ?4 OFFSET ?5) AS p
           CROSS JOIN user AS u ON u.user_id = p.user_id
           CROSS JOIN ram_user AS r ON r.ram_id = u.ram_id
           ORDER BY u.user_id"),
        params![instance_id, group_id, like],
        user,
    )
}

/// Puts a user into a skill group.
///
/// # Errors
/// [`Error::Rule`]: the user is in it already, or one of the two is not in the instance.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    membership: &Membership,
) -> Result<(), Error> {
    let Membership { skill_group_id, user_id, skill_level } = membership;
    let sql = "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id, skill_level,
                                               added_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = params![skill_group_id, user_id, instance_id, skill_level, tx.now()];
    tx.run(user_id, sql, row)
}

/// Sets the level of a member; `false` when the user is not in it.
pub fn set_level(tx: &WriteTx<'_>, membership: &Membership) -> Result<bool, Error> {
    let Membership { skill_group_id, user_id, skill_level } = membership;
    let sql =
        "UPDATE skill_group_member SET skill_level = ?3 WHERE skill_group_id = ?1 AND user_id = ?2";
    tx.changed(user_id, sql, params![skill_group_id, user_id, skill_level])
}

/// Takes a user out of a skill group; `false` when the user was not in it.
pub fn delete(
    tx: &WriteTx<'_>,
    skill_group_id: &SkillGroupId,
    user_id: &UserId,
) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group_member WHERE skill_group_id = ?1 AND user_id = ?2";
    tx.changed(user_id, sql, params![skill_group_id, user_id])
}

/// Takes every user out of a skill group.
pub fn delete_all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    skill_group_id: &SkillGroupId,
) -> Result<(), Error> {
    let sql = "DELETE FROM skill_group_member WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.run(skill_group_id, sql, params![instance_id, skill_group_id])
}

/// Takes a user out of every skill group.
pub fn delete_all_of_user(tx: &WriteTx<'_>, user_id: &UserId) -> Result<(), Error> {
    tx.run(user_id, "DELETE FROM skill_group_member WHERE user_id = ?1", [user_id])
}

/// A skill group of a user, with the level there.
#[derive(Clone, Debug)]
pub struct GroupOfUser {
    /// The skill group.
    pub skill_group: NamedSkillGroup,
    /// 1 to 10.
    pub skill_level: u8,
}

/// A member of a skill group, as VCC clients see them.
#[derive(Clone, Debug)]
pub struct Member {
    /// The id that VCC clients know them by.
    pub user_guid: String,
    /// The display id, or empty.
    pub display_id: String,
    /// What people call them; the login name when they have no other.
    pub name: String,
    /// 1 to 10.
    pub skill_level: u8,
}

/// The skill groups of a user, by name.
pub fn list_named_of_user(
    tx: &ReadTx<'_>,
    user_id: &UserId,
    page: PageRequest,
) -> Result<Page<GroupOfUser>, Error> {
    let total = membership_count(tx, user_id)?;
    tx.page(
        page,
        total,
        "SELECT g.skill_group_id, g.skill_group_guid, g.name,
            coalesce(nullif(g.display_name, ''), g.name) AS shown_name, m.skill_level
           FROM skill_group_member AS m JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
          WHERE m.user_id = ?1 ORDER BY shown_name, g.skill_group_guid LIMIT ?2 OFFSET ?3",
        params![user_id],
        |row| {
            Ok(GroupOfUser {
                skill_group: skill_groups::named(row)?,
                skill_level: row.get("skill_level")?,
            })
        },
    )
}

/// The members of a skill group, by login name.
pub fn list_members(
    tx: &ReadTx<'_>,
    id: &SkillGroupId,
    page: PageRequest,
) -> Result<Page<Member>, Error> {
    let total =
        tx.count("SELECT count(*) FROM skill_group_member WHERE skill_group_id = ?1", [id])?;
    tx.page(
        page,
        total,
        "SELECT u.user_guid, u.display_id,
            coalesce(nullif(u.display_name, ''), r.login_name) AS name, m.skill_level
           FROM skill_group_member AS m JOIN user AS u ON u.user_id = m.user_id
             JOIN ram_user AS r ON r.ram_id = u.ram_id
          WHERE m.skill_group_id = ?1 ORDER BY r.login_name LIMIT ?2 OFFSET ?3",
        params![id],
        |row| of_row! { row => Member { user_guid, display_id, name, skill_level } },
    )
}

/// The level that a user has in each of their skill groups.
pub fn levels_of_user(tx: &ReadTx<'_>, user_id: &UserId) -> Result<Vec<(SkillGroupId, u8)>, Error> {
    let sql = "SELECT skill_group_id, skill_level FROM skill_group_member WHERE user_id = ?1";
    tx.rows(sql, [user_id], |row| Ok((row.get("skill_group_id")?, row.get("skill_level")?)))
}

/// The level that each member of a skill group has in it.
pub fn levels_of_skill_group(
    tx: &ReadTx<'_>,
    id: &SkillGroupId,
) -> Result<Vec<(UserId, u8)>, Error> {
    let sql = "SELECT user_id, skill_level FROM skill_group_member WHERE skill_group_id = ?1";
    tx.rows(sql, [id], |row| Ok((row.get("user_id")?, row.get("skill_level")?)))
}

/// The members of a skill group, by user id.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<DatedMembership>, Error> {
    let like = search.map(like_pattern);
    let (instance, group) = (instance_id, id);
    let total = match &like {
        None => tx.count(
            "SELECT user_count FROM skill_group
                           WHERE instance_id = ?1 AND skill_group_id = ?2",
            params![instance, group],
        )?,
        Some(like) => tx.count(
            r"SELECT count(*) FROM skill_group_member
               WHERE instance_id = ?1 AND skill_group_id = ?2 AND user_id LIKE ?3 ESCAPE '\'",
            params![instance, group, like],
        )?,
    };
    let sql = r"SELECT skill_group_id, user_id, skill_level, added_at AS since
                 FROM skill_group_member
                 WHERE instance_id = ?1 AND skill_group_id = ?2
                   AND (?3 IS NULL OR user_id LIKE ?3 ESCAPE '\')
                   ORDER BY user_id LIMIT ?4 OFFSET ?5";
    tx.page(page, total, sql, params![instance, group, like], membership)
}

/// A user's place in a skill group; `None` when there is none.
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    user_id: &UserId,
) -> Result<Option<DatedMembership>, Error> {
    let sql = "SELECT skill_group_id, user_id, skill_level, added_at AS since
                FROM skill_group_member WHERE instance_id = ?1 AND skill_group_id = ?2
                  AND user_id = ?3";
    tx.row(sql, params![instance_id, id, user_id], membership)
}

fn membership(row: &crate::store::engine::Row<'_>) -> rusqlite::Result<DatedMembership> {
    of_row! { row => DatedMembership { skill_group_id, user_id, skill_level, since } }
}
