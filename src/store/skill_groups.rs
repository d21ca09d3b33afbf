//! Skill groups and the numbers bound to them.
//!
//! # Performance
//! A list without a filter counts along the index that it is ordered by; the counts of a group are
//! kept in its row.

use super::engine::{like_pattern, new_guid, of_row};
use super::{ReadTx, WriteTx};
use crate::domain::phone_number::{NumberDetails, NumberState};
use crate::domain::skill_group::{MediaType, NewSkillGroup, SkillGroupEdit, SkillGroupFilter};
use crate::domain::{
    Error, InstanceId, Missing, NamedSkillGroup, Order, Page, PageRequest, SkillGroup,
    SkillGroupId, words,
};
use crate::store::engine::Row;
use rusqlite::params;

/// A statement that selects the columns of a [`SkillGroup`] from `skill_group AS g`.
macro_rules! select_groups {
    ($($rest:expr),*) => {
        concat!(
            "SELECT g.skill_group_id, g.instance_id, g.name, g.display_name, g.description,
                    g.media_type, g.skill_group_guid, g.phone_number_count, g.user_count,
                    g.version, g.created_at ",
            $($rest),*
        )
    };
}
pub(super) use select_groups;

/// Which skill groups are listed; an absent filter lets every group through.
#[derive(Clone, Debug, Default)]
pub struct SkillGroupQuery {
    /// Part of a name, or of the description.
    pub search: Option<String>,
    /// Only of this media type.
    pub media_type: Option<MediaType>,
    /// What they are sorted by.
    pub order: Order<SkillGroupOrder>,
}

words! {
    /// What skill groups are sorted by.
    #[derive(Default)]
    SkillGroupOrder {
        /// Its id.
        #[default]
        Id = "skill_group_id",
        /// What people call it.
        DisplayName = "display_name",
        /// How many numbers it holds.
        Numbers = "phone_number_count",
        /// How many members it has.
        Members = "user_count",
        /// When it was made.
        CreatedAt = "created_at",
    }
}

fn missing(instance_id: &InstanceId, id: &SkillGroupId) -> Error {
    Error::NotFound(Missing::SkillGroup(id.to_string(), instance_id.clone()))
}

/// Checks that the skill group exists in the instance.
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, id: &SkillGroupId) -> Result<(), Error> {
    let sql = "SELECT count(*) FROM skill_group WHERE instance_id = ?1 AND skill_group_id = ?2";
    match tx.count(sql, params![instance_id, id])? {
        0 => Err(missing(instance_id, id)),
        _ => Ok(()),
    }
}

/// A skill group of the instance.
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<SkillGroup, Error> {
    let sql =
        select_groups!("FROM skill_group AS g WHERE g.instance_id = ?1 AND g.skill_group_id = ?2");
    let found = tx.row(sql, params![instance_id, id], skill_group)?;
    found.ok_or_else(|| missing(instance_id, id))
}

/// The skill groups of an instance, by id.
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
               WHERE instance_id = ?1 AND (?3 IS NULL OR media_type = ?3)
                 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '\' OR composed(display_name) LIKE ?2 ESCAPE '\')",
            params![instance_id, like, filter.media_type],
        )?
    };
    let sql = select_groups!(
        r"FROM skill_group AS g
           WHERE g.instance_id = ?1 AND (?3 IS NULL OR g.media_type = ?3)
             AND (?2 IS NULL OR g.name LIKE ?2 ESCAPE '\' OR composed(g.display_name) LIKE ?2 ESCAPE '\')
           ORDER BY g.skill_group_id LIMIT ?4 OFFSET ?5"
    );
    tx.page(page, total, sql, params![instance_id, like, filter.media_type], skill_group)
}

/// How many skill groups an instance has.
pub(super) fn count(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<u64, Error> {
    tx.count("SELECT count(*) FROM skill_group WHERE instance_id = ?1", [instance_id])
}

/// Creates a skill group.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    new: &NewSkillGroup,
) -> Result<(), Error> {
    let sql = "INSERT INTO skill_group (skill_group_id, instance_id, name, display_name,
                                        description, media_type, created_at,
                                        skill_group_guid)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let row = params![
        id,
        instance_id,
        new.name.as_str(),
        new.display_name,
        new.description,
        new.media_type,
        tx.now(),
        new.guid.clone().unwrap_or_else(new_guid)
    ];
    tx.run(id, sql, row)
}

/// Changes a skill group; `false` when it is not in the instance.
pub fn update(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    edit: &SkillGroupEdit,
) -> Result<bool, Error> {
    let sql = "UPDATE skill_group SET display_name = coalesce(?3, display_name),
                  description = coalesce(?4, description)
                WHERE instance_id = ?1 AND skill_group_id = ?2";
    tx.changed(id, sql, params![instance_id, id, edit.display_name, edit.description])
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
    tx.changed(id, sql, params![instance_id, id])
}

/// The skill groups that hold a number, by id.
pub fn list_of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    row: &NumberDetails,
) -> Result<Vec<SkillGroup>, Error> {
    if row.state != NumberState::Bound {
        return Ok(Vec::new());
    }
    let sql = select_groups!(
        "FROM skill_group_number AS b JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
          WHERE b.instance_id = ?1 AND b.number = ?2 ORDER BY g.skill_group_id"
    );
    tx.rows(sql, params![instance_id, row.number], skill_group)
}

/// A statement that selects the columns of a [`NamedSkillGroup`].
macro_rules! select_named {
    ($tail:literal) => {
        concat!(
            "SELECT skill_group_id, skill_group_guid, name,
                    coalesce(nullif(display_name, ''), name) AS shown_name FROM skill_group ",
            $tail
        )
    };
}

/// The skill groups of an instance by their names.
pub fn list_by_name(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    page: PageRequest,
) -> Result<Page<NamedSkillGroup>, Error> {
    let sql = select_named!(
        "WHERE instance_id = ?1 ORDER BY shown_name, skill_group_guid LIMIT ?2 OFFSET ?3"
    );
    tx.page(page, count(tx, instance_id)?, sql, params![instance_id], named)
}

/// A skill group of an instance, as VCC shows it.
pub fn get_named(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<NamedSkillGroup, Error> {
    let sql = select_named!("WHERE skill_group_id = ?2 AND instance_id = ?1");
    tx.row(sql, params![instance_id, id], named)?.ok_or_else(|| missing(instance_id, id))
}

/// The skill group of an instance that has this GUID.
pub fn find_by_guid(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    guid: &str,
) -> Result<Option<NamedSkillGroup>, Error> {
    let sql = select_named!("WHERE skill_group_guid = ?1 AND instance_id = ?2");
    tx.row(sql, params![guid, instance_id], named)
}

pub(super) fn skill_group(row: &Row<'_>) -> rusqlite::Result<SkillGroup> {
    of_row! { row => SkillGroup {
        skill_group_id, instance_id, name, display_name, description, media_type,
        phone_number_count, user_count, skill_group_guid, version, created_at
    } }
}

pub(super) fn named(row: &Row<'_>) -> rusqlite::Result<NamedSkillGroup> {
    of_row! { row => NamedSkillGroup {
        skill_group_id, skill_group_guid, name; display_name: row.get("shown_name")?
    } }
}

/// The rows that a [`SkillGroupQuery`] lets through.
macro_rules! filters {
    () => {
        r" WHERE g.instance_id = ?1
            AND (?2 IS NULL OR g.name LIKE ?2 ESCAPE '\' OR composed(g.display_name) LIKE ?2 ESCAPE '\'
                 OR composed(g.description) LIKE ?2 ESCAPE '\')
            AND (?3 IS NULL OR g.media_type = ?3) "
    };
}

/// The statements for each order of the list, forward and backward.
macro_rules! in_order {
    ($($key:literal,)*) => {
        const IN_ORDER: &[[&str; 2]] = &[$([
            select_groups!(
                "FROM skill_group AS g", filters!(),
                "ORDER BY ", $key, ", g.skill_group_id LIMIT ?4 OFFSET ?5"
            ),
            select_groups!(
                "FROM skill_group AS g", filters!(),
                "ORDER BY ", $key, " DESC, g.skill_group_id LIMIT ?4 OFFSET ?5"
            ),
        ],)*];
    };
}

in_order! {
    "g.skill_group_id", "g.display_name", "g.phone_number_count", "g.user_count", "g.created_at",
}

/// A page of the instance's skill groups.
pub fn search(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &SkillGroupQuery,
    page: PageRequest,
) -> Result<Page<SkillGroup>, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let SkillGroupQuery { media_type, order, .. } = query;
    let values = params![instance_id, like, media_type];
    let count = concat!("SELECT count(*) FROM skill_group AS g", filters!());
    let sql = IN_ORDER[order.key as usize][usize::from(order.backward)];
    tx.page(page, tx.count(count, values)?, sql, values, skill_group)
}
