//! Numbers as VCC clients see them: by GUID and name. A callback number of an instance is one that
//! no skill group holds; a callback number of a user is one that is personal to them.
//!
//! # Performance
//! The numbers of an instance come from an index by name, of which a page fetches its rows and
//! skips the others.

use super::instances::counter;
use super::{ReadTx, personal_assignments};
use crate::domain::phone_number::CallbackNumber;
use crate::domain::{Error, InstanceId, Page, PageRequest, UserId};
use crate::store::engine::{Row, of_row};
use rusqlite::params;

/// The numbers of an instance that no skill group holds, by name.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    page: PageRequest,
) -> Result<Page<CallbackNumber>, Error> {
    let counter = counter(tx, instance_id)?;
    let total = counter.free + counter.personal;
    let sql = "SELECT callback_number_id,
                      coalesce(callback_number_name, number) AS callback_number_name,
                      number AS callback_number_clid
                 FROM phone_number
                WHERE instance_id = ?1 AND state <> 'bound' AND phone_number_id > 0
                ORDER BY coalesce(callback_number_name, number), callback_number_id
                LIMIT ?2 OFFSET ?3";
    tx.page(page, total, sql, params![instance_id], callback_number)
}

/// The numbers that are personal to a user, by name.
pub fn list_of_user(
    tx: &ReadTx<'_>,
    user_id: &UserId,
    page: PageRequest,
) -> Result<Page<CallbackNumber>, Error> {
    let total = personal_assignments::count_held(tx, user_id)?;
    tx.page(
        page,
        total,
        "SELECT n.callback_number_id,
                coalesce(n.callback_number_name, n.number) AS callback_number_name,
                n.number AS callback_number_clid
           FROM personal_assignment AS a CROSS JOIN phone_number AS n
             ON n.instance_id = a.instance_id AND n.number = a.number
          WHERE a.user_id = ?1 AND a.released_at IS NULL
          ORDER BY coalesce(n.callback_number_name, n.number),
            n.callback_number_id LIMIT ?2 OFFSET ?3",
        params![user_id],
        callback_number,
    )
}

/// The number of an instance that has this id, held or not.
pub fn number_of(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    callback_number_id: &str,
) -> Result<Option<String>, Error> {
    let sql = "SELECT number FROM phone_number WHERE callback_number_id = ?1 AND instance_id = ?2";
    tx.value(sql, params![callback_number_id, instance_id])
}

/// Who holds a number now, in the words of VCC clients: `user lina (<guid>)`, by id.
pub fn holders(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<String>, Error> {
    let sql = "SELECT 'user ' || r.login_name || ' (' || u.user_guid || ')' AS holder,
                  u.user_id AS id
                 FROM personal_assignment AS a JOIN user AS u ON u.user_id = a.user_id
                   JOIN ram_user AS r ON r.ram_id = u.ram_id
                WHERE a.instance_id = ?1 AND a.number = ?2 AND a.released_at IS NULL
                UNION ALL
               SELECT 'skill group ' || coalesce(nullif(g.display_name, ''),
                                                 g.name) || ' (' || g.skill_group_guid || ')',
                                                   g.skill_group_id
                 FROM skill_group_number AS b JOIN skill_group AS g
                   ON g.skill_group_id = b.skill_group_id
                WHERE b.instance_id = ?1 AND b.number = ?2 ORDER BY id";
    tx.column(sql, params![instance_id, number])
}

fn callback_number(row: &Row<'_>) -> rusqlite::Result<CallbackNumber> {
    of_row! { row => CallbackNumber {
        callback_number_id, callback_number_name, callback_number_clid
    } }
}
