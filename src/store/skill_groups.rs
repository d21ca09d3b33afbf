//! Skill groups and the numbers bound to them.

use super::{ReadTx, WriteTx};
use crate::domain::{Error, InstanceId, Missing, NamedSkillGroup, Page, PageRequest, SkillGroup, SkillGroupId};
use rusqlite::{Row, params};

/// That the skill group exists in the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, id: &SkillGroupId) -> Result<(), Error> {
    let sql = "SELECT count(*) FROM skill_group WHERE instance_id = ?1 AND skill_group_id = ?2";
    match tx.count(sql, params![instance_id.as_str(), id.as_str()])? {
        0 => Err(Error::NotFound(Missing::SkillGroup(id.to_string(), instance_id.clone()))),
        _ => Ok(()),
    }
}

/// The skill groups that hold a number, by id.
///
/// # Errors
/// Only those of the database.
pub fn list_of_number(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<Vec<SkillGroup>, Error> {
    let sql = "SELECT g.skill_group_id, g.instance_id, g.name, g.display_name, g.description, g.phone_number_count, g.user_count
                 FROM skill_group_number AS b JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                WHERE b.instance_id = ?1 AND b.number = ?2 ORDER BY g.skill_group_id";
    tx.rows(sql, params![instance_id.as_str(), number], skill_group)
}

/// The skill groups of an instance by their names.
///
/// # Errors
/// Only those of the database.
pub fn list_by_name(tx: &ReadTx<'_>, instance_id: &InstanceId, page: PageRequest) -> Result<Page<NamedSkillGroup>, Error> {
    let total = tx.count("SELECT count(*) FROM skill_group WHERE instance_id = ?1", [instance_id.as_str()])?;
    let shown = page.within(total);
    let rows = tx.rows(
        "SELECT skill_group_id, skill_group_guid, name, coalesce(nullif(display_name, ''), name) AS shown_name
           FROM skill_group WHERE instance_id = ?1 ORDER BY shown_name, skill_group_guid LIMIT ?2 OFFSET ?3",
        params![instance_id.as_str(), shown.size, shown.offset()],
        named,
    )?;
    Ok(Page { rows, shown, total })
}

/// The skill group of an instance that has this GUID.
///
/// # Errors
/// Only those of the database.
pub fn find_by_guid(tx: &ReadTx<'_>, instance_id: &InstanceId, guid: &str) -> Result<Option<NamedSkillGroup>, Error> {
    let sql = "SELECT skill_group_id, skill_group_guid, name, coalesce(nullif(display_name, ''), name)
                 FROM skill_group WHERE skill_group_guid = ?1 AND instance_id = ?2";
    tx.row(sql, params![guid, instance_id.as_str()], named)
}

/// Binds a number to a skill group; `false` when it was bound to it already.
///
/// # Errors
/// [`Error::Rule`]: the number is personal, or not in the instance.
pub fn bind(tx: &WriteTx<'_>, instance_id: &InstanceId, id: &SkillGroupId, number: &str) -> Result<bool, Error> {
    let sql = "INSERT INTO skill_group_number (instance_id, skill_group_id, number, bound_at) SELECT ?1, ?2, ?3, ?4
                WHERE NOT EXISTS (SELECT 1 FROM skill_group_number WHERE skill_group_id = ?2 AND number = ?3)";
    tx.execute(number, sql, params![instance_id.as_str(), id.as_str(), number, tx.now().millis()]).map(|rows| rows == 1)
}

/// Unbinds a number from a skill group; `false` when it was not bound to it.
///
/// # Errors
/// Only those of the database.
pub fn unbind(tx: &WriteTx<'_>, id: &SkillGroupId, number: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM skill_group_number WHERE skill_group_id = ?1 AND number = ?2";
    tx.execute(number, sql, params![id.as_str(), number]).map(|rows| rows == 1)
}

fn skill_group(row: &Row<'_>) -> rusqlite::Result<SkillGroup> {
    Ok(SkillGroup {
        skill_group_id: SkillGroupId::new(row.get::<_, String>(0)?),
        instance_id: InstanceId::new(row.get::<_, String>(1)?),
        name: row.get(2)?,
        display_name: row.get(3)?,
        description: row.get(4)?,
        phone_number_count: row.get(5)?,
        user_count: row.get(6)?,
    })
}

pub(super) fn named(row: &Row<'_>) -> rusqlite::Result<NamedSkillGroup> {
    Ok(NamedSkillGroup {
        skill_group_id: SkillGroupId::new(row.get::<_, String>(0)?),
        skill_group_guid: row.get(1)?,
        name: row.get(2)?,
        display_name: row.get(3)?,
    })
}
