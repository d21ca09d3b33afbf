//! Skill groups and the numbers bound to them.
//!
//! # Performance
//! A list without a filter counts along the index that it is ordered by; the counts of a group are
//! kept in its row.

use super::engine::like_pattern;
use super::{ReadTx, WriteTx};
use crate::domain::skill_group::{NewSkillGroup, SkillGroupEdit, SkillGroupFilter};
use crate::domain::{
    Error, InstanceId, Missing, NamedSkillGroup, Page, PageRequest, SkillGroup, SkillGroupId,
};
use rusqlite::{Row, params};

/// That the skill group exists in the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, id: &SkillGroupId) -> Result<(), Error> {
    let sql = "SELECT count(*) FROM skill_group WHERE instance_id = ?1 AND skill_group_id = ?2";
    match tx.count(sql, params![instance_id, id])? {
        0 => Err(Error::NotFound(Missing::SkillGroup(id.to_string(), instance_id.clone()))),
        _ => Ok(()),
    }
}

/// A skill group of the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<SkillGroup, Error> {
    let sql = "SELECT skill_group_id, instance_id, name, display_name, description, media_type, phone_number_count, user_count
                 FROM skill_group WHERE instance_id = ?1 AND skill_group_id = ?2";
    let found = tx.row(sql, params![instance_id, id], skill_group)?;
    found.ok_or_else(|| Error::NotFound(Missing::SkillGroup(id.to_string(), instance_id.clone())))
}

/// The skill groups of an instance, by id.
///
/// # Errors
/// Only those of the database.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    filter: &SkillGroupFilter,
    page: PageRequest,
) -> Result<Page<SkillGroup>, Error> {
    let like = filter.search_pattern.as_deref().map(like_pattern);
    let total = if like.is_none() && filter.media_type.is_none() {
        count(tx, instance_id)?
    } else {
        tx.count(
            r"SELECT count(*) FROM skill_group
               WHERE instance_id = ?1 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '\' OR display_name LIKE ?2 ESCAPE '\') AND (?3 IS NULL OR media_type = ?3)",
            params![instance_id, like, filter.media_type],
        )?
    };
    tx.page(page, total,
        r"SELECT skill_group_id, instance_id, name, display_name, description, media_type, phone_number_count, user_count FROM skill_group
           WHERE instance_id = ?1 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '\' OR display_name LIKE ?2 ESCAPE '\') AND (?3 IS NULL OR media_type = ?3)
           ORDER BY skill_group_id LIMIT ?4 OFFSET ?5",
        params![instance_id, like, filter.media_type],
        skill_group,
    )
}

/// How many skill groups an instance has.
pub(super) fn count(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<u64, Error> {
    tx.count("SELECT count(*) FROM skill_group WHERE instance_id = ?1", [instance_id])
}

/// Creates a skill group.
///
/// # Errors
/// [`Error::Rule`] when there is one of that name.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    new: &NewSkillGroup,
) -> Result<(), Error> {
    let sql = "INSERT INTO skill_group (skill_group_id, instance_id, name, display_name, description, media_type, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = params![
        id,
        instance_id,
        new.name.as_str(),
        new.display_name,
        new.description,
        new.media_type,
        tx.now()
    ];
    tx.execute(id, sql, row).map(|_| ())
}

/// Changes a skill group; `false` when it is not in the instance.
///
/// # Errors
/// Only those of the database.
pub fn update(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    edit: &SkillGroupEdit,
) -> Result<bool, Error> {
    let sql = "UPDATE skill_group SET display_name = coalesce(?3, display_name), description = coalesce(?4, description)
                WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.execute(id, sql, params![instance_id, id, edit.display_name, edit.description])
        .map(|rows| rows == 1)
}

/// Deletes a skill group; `false` when it is not in the instance.
///
/// # Errors
/// [`Error::Rule`]: it holds numbers or has members.
pub fn delete(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.execute(id, sql, params![instance_id, id]).map(|rows| rows == 1)
}

/// The skill groups that hold a number, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<SkillGroup>, Error> {
    let sql = "SELECT g.skill_group_id, g.instance_id, g.name, g.display_name, g.description, g.media_type, g.phone_number_count, g.user_count
                 FROM skill_group_number AS b JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                WHERE b.instance_id = ?1 AND b.number = ?2 ORDER BY g.skill_group_id";
    tx.rows(sql, params![instance_id, number], skill_group)
}

/// The skill groups of an instance by their names.
///
/// # Errors
/// Only those of the database.
pub fn list_by_name(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    page: PageRequest,
) -> Result<Page<NamedSkillGroup>, Error> {
    let total =
        tx.count("SELECT count(*) FROM skill_group WHERE instance_id = ?1", [instance_id])?;
    tx.page(page, total,
        "SELECT skill_group_id, skill_group_guid, name, coalesce(nullif(display_name, ''), name) AS shown_name
           FROM skill_group WHERE instance_id = ?1 ORDER BY shown_name, skill_group_guid LIMIT ?2 OFFSET ?3",
        params![instance_id],
        named,
    )
}

/// The skill group of an instance that has this GUID.
///
/// # Errors
/// Only those of the database.
pub fn find_by_guid(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    guid: &str,
) -> Result<Option<NamedSkillGroup>, Error> {
    let sql =
        "SELECT skill_group_id, skill_group_guid, name, coalesce(nullif(display_name, ''), name) AS shown_name
                 FROM skill_group WHERE skill_group_guid = ?1 AND instance_id = ?2";
    tx.row(sql, params![guid, instance_id], named)
}

/// Binds a number to a skill group; `false` when it was bound to it already.
///
/// # Errors
/// [`Error::Rule`]: the number is personal, or not in the instance.
pub fn bind(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    number: &str,
) -> Result<bool, Error> {
    let sql = "INSERT INTO skill_group_number (instance_id, skill_group_id, number, bound_at) SELECT ?1, ?2, ?3, ?4
                WHERE NOT EXISTS (SELECT 1 FROM skill_group_number WHERE skill_group_id = ?2 AND number = ?3)";
    tx.execute(number, sql, params![instance_id, id, number, tx.now()]).map(|rows| rows == 1)
}

/// Unbinds a number from a skill group; `false` when it was not bound to it.
///
/// # Errors
/// Only those of the database.
pub fn unbind(tx: &WriteTx<'_>, id: &SkillGroupId, number: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group_number WHERE skill_group_id = ?1 AND number = ?2";
    tx.execute(number, sql, params![id, number]).map(|rows| rows == 1)
}

/// Unbinds a number from every skill group.
///
/// # Errors
/// Only those of the database.
pub fn unbind_from_all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<(), Error> {
    tx.execute(
        number,
        "DELETE FROM skill_group_number WHERE instance_id = ?1 AND number = ?2",
        params![instance_id, number],
    )
    .map(|_| ())
}

/// Unbinds every number from a skill group.
///
/// # Errors
/// Only those of the database.
pub fn unbind_all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<(), Error> {
    let sql = "DELETE FROM skill_group_number WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.execute(id, sql, params![instance_id, id]).map(|_| ())
}

/// Reads the first eight columns of a row.
pub(super) fn skill_group(row: &Row<'_>) -> rusqlite::Result<SkillGroup> {
    Ok(SkillGroup {
        skill_group_id: row.get("skill_group_id")?,
        instance_id: row.get("instance_id")?,
        name: row.get("name")?,
        display_name: row.get("display_name")?,
        description: row.get("description")?,
        media_type: row.get("media_type")?,
        phone_number_count: row.get("phone_number_count")?,
        user_count: row.get("user_count")?,
    })
}

pub(super) fn named(row: &Row<'_>) -> rusqlite::Result<NamedSkillGroup> {
    Ok(NamedSkillGroup {
        skill_group_id: row.get("skill_group_id")?,
        skill_group_guid: row.get("skill_group_guid")?,
        name: row.get("name")?,
        display_name: row.get("shown_name")?,
    })
}
