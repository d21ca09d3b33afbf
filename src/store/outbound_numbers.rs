//! The numbers that a user or a skill group can dial out with: active, and not for incoming calls
//! only.

use super::{ReadTx, WriteTx, spellings};
use crate::domain::{Error, InstanceId, Page, PageRequest, UserId};
use crate::store::engine::{Row, of_row};
use rusqlite::params;

/// A number to dial out with.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `NumberDetails`")]
pub struct OutboundNumber {
    pub number: String,
    pub province: String,
    pub city: String,
    pub provider: String,
}

/// The numbers `?2` can dial out with, in an order.
macro_rules! usable {
    ($select:literal, $inner_order:literal, $order:literal) => {
        concat!(
            $select,
            " FROM (
                 SELECT a.number FROM personal_assignment AS a
                  WHERE a.user_id = ?2 AND a.released_at IS NULL
                 UNION
                 SELECT b.number FROM skill_group_member AS m
                  CROSS JOIN skill_group_number AS b ON b.skill_group_id = m.skill_group_id
                  WHERE m.user_id = ?2
                    AND (?3 IS NULL OR m.skill_group_id IN (SELECT value FROM json_each(?3))) ",
            $inner_order,
            ") AS usable
               CROSS JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = usable.number
               WHERE n.active AND n.usage <> 'Inbound' ",
            $order
        )
    };
}

/// The numbers that a user can dial out with: their personal ones and those of their skill groups.
/// `skill_groups`, a JSON array of ids, narrows the latter.
pub fn list_of_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    skill_groups: Option<&str>,
    page: PageRequest,
) -> Result<Page<OutboundNumber>, Error> {
    let values = params![instance_id, user_id, skill_groups];
    let total = tx.count(usable!("SELECT count(*)", "", ""), values)?;
    let sql = usable!(
        "SELECT n.number, n.province, n.city, n.provider",
        "ORDER BY 1",
        "ORDER BY usable.number LIMIT ?4 OFFSET ?5"
    );
    tx.page(page, total, sql, values, outbound_number)
}

/// The best numbers of skill groups (a JSON array of ids) for calling a place: of the same city
/// first, then of the same province, then those that were not picked for longest.
pub fn best(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    skill_groups: &str,
    province: &str,
    city: &str,
    count: u64,
) -> Result<Vec<OutboundNumber>, Error> {
    tx.rows(
        "SELECT n.number, n.province, n.city, n.provider FROM (
             SELECT DISTINCT b.number FROM skill_group_number AS b
             WHERE b.skill_group_id IN (SELECT value FROM json_each(?2))
         ) AS usable CROSS JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = usable.number
          WHERE n.active AND n.usage <> 'Inbound'
          ORDER BY (?4 <> '' AND n.city = ?4 AND n.province = ?3) DESC, (?3 <> ''
            AND n.province = ?3) DESC, coalesce(n.last_picked_at, 0), n.number LIMIT ?5",
        params![instance_id, skill_groups, province, city, count],
        outbound_number,
    )
}

/// Notes that a number was picked now.
pub fn mark_picked(tx: &WriteTx<'_>, instance_id: &InstanceId, number: &str) -> Result<(), Error> {
    let sql = "UPDATE phone_number SET last_picked_at = ?3 WHERE instance_id = ?1 AND number = ?2";
    tx.run(number, sql, params![instance_id, number, tx.now()])
}

/// Where a number of the instance belongs, as it is stored; `None` for a number that it does not
/// have.
pub fn stored_location(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Option<(String, String)>, Error> {
    let number = spellings::stored_or_given(tx, instance_id, number)?;
    let sql = "SELECT province, city FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    tx.row(sql, params![instance_id, number], |row| Ok((row.get("province")?, row.get("city")?)))
}

fn outbound_number(row: &Row<'_>) -> rusqlite::Result<OutboundNumber> {
    of_row! { row => OutboundNumber { number, province, city, provider } }
}
