//! People, skill groups and numbers by any part of their name, for whoever types: the first few.

use super::engine::{Row, like_pattern, of_row};
use super::{ReadTx, change_archives, spellings};
use crate::domain::characters::composed;
use crate::domain::history::HolderKind;
use crate::domain::{Error, InstanceId};
use rusqlite::params;

/// Somebody or something that fits what was typed.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The id, or the number.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How many numbers they hold; for a number, nothing.
    pub numbers: u64,
}

/// An id and what people call it.
#[derive(Clone, Debug)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub display_name: String,
}

/// The users of an instance, archived ones too.
pub fn names_of_users(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<Named>, Error> {
    let sql =
        "SELECT user_id AS id, display_name FROM user WHERE instance_id = ?1 ORDER BY user_id";
    tx.rows(sql, [instance_id.as_str()], named)
}

/// The skill groups of an instance.
pub fn names_of_skill_groups(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
) -> Result<Vec<Named>, Error> {
    let sql = "SELECT skill_group_id AS id, display_name FROM skill_group WHERE instance_id = ?1
                ORDER BY skill_group_id";
    tx.rows(sql, [instance_id.as_str()], named)
}

fn named(row: &Row<'_>) -> rusqlite::Result<Named> {
    of_row! { row => Named { id, display_name } }
}

/// The ids of what a text names: an id or the part before its `@`, else those that are called so,
/// at most two of them, which are enough to know that it is ambiguous.
pub fn meant(
    tx: &ReadTx<'_>,
    kind: HolderKind,
    instance_id: &InstanceId,
    text: &str,
) -> Result<Vec<String>, Error> {
    let (by_id, by_name) = match kind {
        HolderKind::User => (
            "SELECT user_id FROM user WHERE instance_id = ?1 AND user_id = ?2",
            "SELECT user_id FROM user
              WHERE instance_id = ?1 AND active AND composed(display_name) = ?2
              ORDER BY user_id LIMIT 2",
        ),
        HolderKind::SkillGroup => (
            "SELECT skill_group_id FROM skill_group
              WHERE instance_id = ?1 AND skill_group_id = ?2",
            "SELECT skill_group_id FROM skill_group
              WHERE instance_id = ?1 AND composed(display_name) = ?2
              ORDER BY skill_group_id LIMIT 2",
        ),
    };
    let ids = |sql, text: &str| tx.column(sql, params![instance_id, text]);
    let found: Vec<String> = ids(by_id, &instance_id.qualify(text))?;
    if found.is_empty() { ids(by_name, &composed(text)) } else { Ok(found) }
}

/// Whether the log has a user or a skill group of the instance, who may be gone; its archives may.
pub fn was_ever(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    kind: HolderKind,
    id: &str,
) -> Result<bool, Error> {
    let sql = match kind {
        HolderKind::User => {
            "SELECT EXISTS (SELECT 1 FROM change WHERE user_id = ?2 AND instance_id = ?1)"
        }
        HolderKind::SkillGroup => {
            "SELECT EXISTS (SELECT 1 FROM change WHERE skill_group_id = ?2 AND instance_id = ?1)"
        }
    };
    Ok(tx.count(sql, params![instance_id, id])? == 1 || change_archives::archived(tx)?.is_some())
}

/// Users who are not archived, with how many numbers each holds.
pub fn users(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    text: &str,
    limit: u64,
) -> Result<Vec<Suggestion>, Error> {
    let sql = r"SELECT u.user_id AS id, coalesce(nullif(u.display_name, ''), u.user_id) AS name,
                       (SELECT count(*) FROM personal_assignment AS a
                         WHERE a.user_id = u.user_id AND a.released_at IS NULL) AS numbers
                  FROM user AS u
                 WHERE u.instance_id = ?1 AND u.active
                   AND (u.user_id LIKE ?2 ESCAPE '\' OR composed(u.display_name) LIKE ?2 ESCAPE '\'
                        OR composed(u.nickname) LIKE ?2 ESCAPE '\' OR u.extension LIKE ?2 ESCAPE '\')
                 ORDER BY u.user_id LIMIT ?3";
    find(tx, sql, instance_id, text, limit)
}

/// Skill groups, with how many numbers each holds.
pub fn skill_groups(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    text: &str,
    limit: u64,
) -> Result<Vec<Suggestion>, Error> {
    let sql = r"SELECT g.skill_group_id AS id, coalesce(nullif(g.display_name, ''), g.name) AS name,
                       g.phone_number_count AS numbers
                  FROM skill_group AS g
                 WHERE g.instance_id = ?1
                   AND (g.skill_group_id LIKE ?2 ESCAPE '\' OR composed(g.display_name) LIKE ?2 ESCAPE '\')
                 ORDER BY g.skill_group_id LIMIT ?3";
    find(tx, sql, instance_id, text, limit)
}

/// Numbers.
pub fn numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    text: &str,
    limit: u64,
) -> Result<Vec<Suggestion>, Error> {
    let sql = r"SELECT n.number AS id, n.city AS name, 0 AS numbers
                  FROM phone_number AS n
                 WHERE n.instance_id = ?1 AND n.number LIKE ?2 ESCAPE '\'
                 ORDER BY n.number LIMIT ?3";
    find(tx, sql, instance_id, &spellings::stored_or_given(tx, instance_id, text)?, limit)
}

fn find(
    tx: &ReadTx<'_>,
    sql: &str,
    instance_id: &InstanceId,
    text: &str,
    limit: u64,
) -> Result<Vec<Suggestion>, Error> {
    tx.rows(
        sql,
        params![instance_id, like_pattern(text), limit],
        |row| of_row! { row => Suggestion { id, name, numbers } },
    )
}

/// What people call a user who is or was there; else the id.
pub fn name_of_user(tx: &ReadTx<'_>, user_id: &str) -> Result<String, Error> {
    let sql = "SELECT coalesce(nullif(display_name, ''), user_id) FROM user WHERE user_id = ?1";
    Ok(tx.value(sql, [user_id])?.unwrap_or_else(|| user_id.to_owned()))
}

/// What people call a skill group that is or was there; else the id.
pub fn name_of_skill_group(tx: &ReadTx<'_>, id: &str) -> Result<String, Error> {
    let sql = "SELECT coalesce(nullif(display_name, ''), name)
                 FROM skill_group WHERE skill_group_id = ?1";
    Ok(tx.value(sql, [id])?.unwrap_or_else(|| id.to_owned()))
}
