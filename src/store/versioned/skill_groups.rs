//! Skill groups of an instance, whole.

use super::Order;
use crate::domain::{Error, InstanceId, Missing, Page, PageRequest, SkillGroupId};
use crate::store::ReadTx;
use crate::store::engine::like_pattern;
use rusqlite::{Row, params};

/// A skill group with everything that is kept of it.
#[derive(Clone, Debug)]
pub struct SkillGroupRow {
    /// `<name>@<instance id>`.
    pub skill_group_id: String,
    /// Its short name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// What it answers.
    pub media_type: String,
    /// The id that VCC clients know it by.
    pub skill_group_guid: String,
    /// How many numbers it holds.
    pub phone_number_count: u64,
    /// How many members it has.
    pub user_count: u64,
    /// Grows with every change but those of the counts.
    pub version: u64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Which skill groups are listed; an absent filter lets every group through.
#[derive(Clone, Debug, Default)]
pub struct SkillGroupQuery {
    /// Part of a name, or of the description.
    pub search: Option<String>,
    /// Only of this media type.
    pub media_type: Option<&'static str>,
    /// 0 by id, 1 by display name, 2 by numbers, 3 by members, 4 by when it was made.
    pub order: Order,
}

/// The columns of a [`SkillGroupRow`].
macro_rules! columns {
    () => {
        "SELECT g.skill_group_id, g.name, g.display_name, g.description, g.media_type, g.skill_group_guid, g.phone_number_count, g.user_count,
                g.version, g.created_at FROM skill_group AS g "
    };
}

/// The rows that a [`SkillGroupQuery`] lets through.
macro_rules! filters {
    () => {
        r" WHERE g.instance_id = ?1
            AND (?2 IS NULL OR g.name LIKE ?2 ESCAPE '\' OR g.display_name LIKE ?2 ESCAPE '\' OR g.description LIKE ?2 ESCAPE '\')
            AND (?3 IS NULL OR g.media_type = ?3) "
    };
}

/// A skill group of the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<SkillGroupRow, Error> {
    let sql = concat!(columns!(), "WHERE g.instance_id = ?1 AND g.skill_group_id = ?2");
    let found = tx.row(sql, params![instance_id, id], skill_group_row)?;
    found.ok_or_else(|| Error::NotFound(Missing::SkillGroup(id.to_string(), instance_id.clone())))
}

/// A page of the instance's skill groups.
///
/// # Errors
/// Only those of the database.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &SkillGroupQuery,
    page: PageRequest,
) -> Result<Page<SkillGroupRow>, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let SkillGroupQuery { media_type, order, .. } = query;
    let instance = instance_id;
    let total = tx.count(
        concat!("SELECT count(*) FROM skill_group AS g", filters!()),
        params![instance, like, media_type],
    )?;
    let shown = page.within(total);
    let sql = concat!(
        columns!(),
        filters!(),
        "ORDER BY CASE WHEN ?7 THEN NULL WHEN ?6 = 1 THEN g.display_name WHEN ?6 = 2 THEN g.phone_number_count WHEN ?6 = 3 THEN g.user_count
                       WHEN ?6 = 4 THEN g.created_at ELSE g.skill_group_id END,
                  CASE WHEN NOT ?7 THEN NULL WHEN ?6 = 1 THEN g.display_name WHEN ?6 = 2 THEN g.phone_number_count WHEN ?6 = 3 THEN g.user_count
                       WHEN ?6 = 4 THEN g.created_at ELSE g.skill_group_id END DESC,
                  g.skill_group_id LIMIT ?4 OFFSET ?5"
    );
    let values =
        params![instance, like, media_type, shown.size, shown.offset(), order.key, order.backward];
    Ok(Page { rows: tx.rows(sql, values, skill_group_row)?, shown, total })
}

fn skill_group_row(row: &Row<'_>) -> rusqlite::Result<SkillGroupRow> {
    Ok(SkillGroupRow {
        skill_group_id: row.get("skill_group_id")?,
        name: row.get("name")?,
        display_name: row.get("display_name")?,
        description: row.get("description")?,
        media_type: row.get("media_type")?,
        skill_group_guid: row.get("skill_group_guid")?,
        phone_number_count: row.get("phone_number_count")?,
        user_count: row.get("user_count")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}
