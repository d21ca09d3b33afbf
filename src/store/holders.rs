//! Who holds a number now: users or skill groups, with their names and since when.

use super::{ReadTx, history};
use crate::domain::batch::RefusalCode;
use crate::domain::history::{HeldNumber, Holder, HolderKind};
use crate::domain::{Error, InstanceId, Page, PageRequest, UserId};
use crate::store::engine::{Row, of_row};
use rusqlite::params;

/// Who holds a number: skill groups, or users; by id.
pub fn of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<Holder>, Error> {
    let mut holders = skill_groups(tx, instance_id, number)?;
    holders.extend(users(tx, instance_id, number)?);
    Ok(holders)
}

/// The first of the numbers that anybody holds.
pub fn held(tx: &ReadTx<'_>, instance_id: &InstanceId, most: usize) -> Result<Vec<String>, Error> {
    let sql = "SELECT number FROM phone_number
                WHERE instance_id = ?1 AND state IN ('bound', 'personal')
                ORDER BY state, number LIMIT ?2";
    tx.column(sql, params![instance_id, most as u64])
}

/// The first numbers that a user holds, and how many these are in all.
pub fn of_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    page: PageRequest,
) -> Result<Page<HeldNumber>, Error> {
    let total = tx.count(
        "SELECT count(*) FROM personal_assignment
          WHERE user_id = ?1 AND instance_id = ?2 AND released_at IS NULL",
        params![user_id, instance_id],
    )?;
    let sql = "SELECT number, assigned_at AS since, released_at AS until FROM personal_assignment
                WHERE user_id = ?1 AND instance_id = ?2 AND released_at IS NULL
                ORDER BY number LIMIT ?3 OFFSET ?4";
    tx.page(page, total, sql, params![user_id, instance_id], history::held_number)
}

/// The skill groups that a number is bound to, by id.
pub fn skill_groups(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<Holder>, Error> {
    let sql = "SELECT b.skill_group_id AS id,
                  coalesce(nullif(g.display_name, ''), g.name) AS display_name,
                      b.bound_at AS since
                 FROM skill_group_number AS b JOIN skill_group AS g
                   ON g.skill_group_id = b.skill_group_id
                WHERE b.instance_id = ?1 AND b.number = ?2 ORDER BY b.skill_group_id";
    tx.rows(sql, params![instance_id, number], |row| holder(HolderKind::SkillGroup, row))
}

/// The users whom a number is personal to, by id.
pub fn users(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<Holder>, Error> {
    let sql = "SELECT a.user_id AS id, coalesce(u.display_name, '') AS display_name,
                  a.assigned_at AS since
                 FROM personal_assignment AS a LEFT JOIN user AS u ON u.user_id = a.user_id
                WHERE a.instance_id = ?1 AND a.number = ?2 AND a.released_at IS NULL
                ORDER BY a.user_id";
    tx.rows(sql, params![instance_id, number], |row| holder(HolderKind::User, row))
}

fn holder(kind: HolderKind, row: &Row<'_>) -> rusqlite::Result<Holder> {
    of_row! { row => Holder { id, display_name, since; kind } }
}

/// The code for a number that these hold.
pub fn code(holders: &[Holder]) -> RefusalCode {
    match holders.iter().any(|holder| holder.kind == HolderKind::SkillGroup) {
        true => RefusalCode::NumberHeldBySkillGroup,
        false => RefusalCode::NumberHeldByUser,
    }
}

/// The sentence for a number that these hold.
pub fn sentence(number: &str, holders: &[Holder]) -> String {
    let names: Vec<String> = holders.iter().map(ToString::to_string).collect();
    format!("{number} is held by {}", names.join(", "))
}
