//! The numbers that suit a user best: kept for them, then in a city or province of the numbers that
//! they and their skill groups hold; of these, the ones that nobody has held for longest.

use super::ReadTx;
use super::phone_numbers::{self, phone_number};
use crate::domain::candidate::Suggestion;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::{Error, InstanceId, Page, PageRequest, SearchWords, UserId};
use crate::store::engine::Row;
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
            AND NOT EXISTS (SELECT 1 FROM reservation AS r
                             WHERE r.instance_id = ?1 AND r.number = n.number
                               AND r.ended_at IS NULL AND r.until_at > ?4
                               AND r.for_user_id IS NOT ?2)"
    };
}

/// A page of them.
pub(super) fn page(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
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
             SELECT b.number FROM skill_group_member AS m
               JOIN skill_group_number AS b ON b.skill_group_id = m.skill_group_id
              WHERE m.user_id = ?2),
         home (city, province) AS MATERIALIZED (
             SELECT DISTINCT n.city, n.province FROM own
               JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = own.number)
         SELECT number, usage, active, province, city, contact_flow_id, near, idle_since
           FROM (SELECT n.number, n.usage, n.active, n.province, n.city, n.contact_flow_id,
                        CASE WHEN NOT n.active OR n.usage = 'Inbound' THEN 'unusable'
                             WHEN EXISTS (SELECT 1 FROM reservation AS r
                                           WHERE r.instance_id = ?1 AND r.number = n.number
                                             AND r.ended_at IS NULL AND r.until_at > ?4
                                             AND r.for_user_id = ?2) THEN 'kept'
                             WHEN n.city <> '' AND n.city IN (SELECT city FROM home) THEN 'city'
                             WHEN n.province <> ''
                              AND n.province IN (SELECT province FROM home) THEN 'province'
                             ELSE 'elsewhere' END AS near,
                        max(n.created_at,
                            coalesce((SELECT max(coalesce(a.released_at, ?4))
                                        FROM personal_assignment AS a
                                       WHERE a.instance_id = ?1 AND a.number = n.number), 0),
                            coalesce((SELECT max(c.changed_at) FROM change AS c
                                       WHERE c.instance_id = ?1 AND c.number = n.number
                                         AND c.entity = 'skill_group_number'
                                         AND c.action = 'delete'), 0)) AS idle_since",
        assignable!(),
        ")
          ORDER BY CASE near WHEN 'kept' THEN 1 WHEN 'city' THEN 2 WHEN 'province' THEN 3
                             WHEN 'elsewhere' THEN 4 ELSE 5 END, idle_since, number
          LIMIT ?5 OFFSET ?6"
    );
    let shown = page.within(total);
    let values = params![instance_id, user_id, asked, now, shown.size, shown.offset()];
    Ok(Page { rows: tx.rows(sql, values, suggested)?, shown, total })
}

fn suggested(row: &Row<'_>) -> rusqlite::Result<(PhoneNumber, Suggestion)> {
    let suggestion = Suggestion { near: row.get("near")?, idle_since: row.get("idle_since")? };
    Ok((phone_number(row)?, suggestion))
}
