//! The numbers that suit a user best: kept for them, then in a city or province of the numbers that
//! they and their skill groups hold; of these, the ones that nobody has held for longest.
//!
//! # Performance
//! All that could be given is ranked for each page, so what is looked up for each number is little:
//! reservations and what was unbound are few, and are read once.

use super::ReadTx;
use super::phone_numbers::{self, phone_number};
use crate::domain::candidate::Suggestion;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::{Error, InstanceId, Page, PageRequest, SearchWords, SkillGroupId, UserId};
use crate::store::engine::{Row, to_json};
use rusqlite::params;

/// What could be given to the user: `?1` is the instance, `?2` the user, `?3` the numbers that are
/// asked for, `?4` now.
macro_rules! assignable {
    () => {
        r" FROM phone_number AS n
          WHERE n.instance_id = ?1 AND n.state <> 'bound'
            AND (?3 IS NULL OR n.number IN (SELECT value FROM json_each(?3)))
            AND (n.state = 'free'
                 OR EXISTS (SELECT 1 FROM instance
                             WHERE instance_id = ?1 AND personal_numbers = 'shared')
                    AND NOT EXISTS (SELECT 1 FROM personal_assignment AS a
                                     WHERE a.user_id = ?2 AND a.number = n.number
                                       AND a.released_at IS NULL))
            AND n.number NOT IN (SELECT r.number FROM reservation AS r
                                  WHERE r.instance_id = ?1 AND r.ended_at IS NULL
                                    AND r.until_at > ?4 AND r.for_user_id IS NOT ?2)"
    };
}

/// A page of them; `joins` are the groups of somebody who is not there yet.
pub(super) fn page(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    joins: &[SkillGroupId],
    words: &SearchWords,
    page: PageRequest,
) -> Result<Page<(PhoneNumber, Suggestion)>, Error> {
    let (asked, now) = (phone_numbers::with_words(tx, instance_id, words)?, tx.now());
    let values = params![instance_id, user_id, asked, now];
    let total = tx.count(concat!("SELECT count(*)", assignable!()), values)?;
    // When it was last unbound is in the log only.
    let sql = concat!(
        "WITH own (number) AS MATERIALIZED (
             SELECT number FROM personal_assignment WHERE user_id = ?2 AND released_at IS NULL
             UNION
             SELECT b.number FROM skill_group_number AS b
              WHERE b.skill_group_id IN (
                    SELECT skill_group_id FROM skill_group_member WHERE user_id = ?2
                    UNION SELECT value FROM json_each(?5))),
         home (city, province) AS MATERIALIZED (
             SELECT DISTINCT n.city, n.province FROM own
               JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = own.number),
         kept (number) AS MATERIALIZED (
             SELECT number FROM reservation
              WHERE instance_id = ?1 AND ended_at IS NULL AND until_at > ?4 AND for_user_id = ?2),
         unbound (number, moment) AS MATERIALIZED (
             SELECT c.number, max(c.changed_at) FROM change_block AS b
              CROSS JOIN change AS c ON c.change_id BETWEEN b.block * 256 AND b.block * 256 + 255
              WHERE b.kind = 'entity' AND b.value = 'skill_group_number' AND b.instance_id = ?1
                AND c.instance_id = ?1 AND c.entity = 'skill_group_number'
                AND c.action = 'delete'
              GROUP BY c.number)
         SELECT n.number, n.usage, n.active, n.province, n.city, n.contact_flow_id,
                CASE WHEN NOT n.active OR n.usage = 'Inbound' THEN 'unusable'
                     WHEN n.number IN (SELECT number FROM kept) THEN 'kept'
                     WHEN n.city IN (SELECT city FROM home WHERE city <> '') THEN 'city'
                     WHEN n.province IN (SELECT province FROM home WHERE province <> '')
                     THEN 'province'
                     ELSE 'elsewhere' END AS near,
                max(n.created_at,
                    coalesce((SELECT max(coalesce(a.released_at, ?4))
                                FROM personal_assignment AS a
                               WHERE a.instance_id = ?1 AND a.number = n.number), 0),
                    coalesce((SELECT moment FROM unbound WHERE number = n.number), 0)
                ) AS idle_since",
        assignable!(),
        " ORDER BY instr('kept city province elsewhere unusable', near), idle_since, n.number
          LIMIT ?6 OFFSET ?7"
    );
    let joins = to_json(joins)?;
    tx.page(page, total, sql, params![instance_id, user_id, asked, now, joins], suggested)
}

fn suggested(row: &Row<'_>) -> rusqlite::Result<(PhoneNumber, Suggestion)> {
    let suggestion = Suggestion { near: row.get("near")?, idle_since: row.get("idle_since")? };
    Ok((phone_number(row)?, suggestion))
}
