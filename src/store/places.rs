//! How many active numbers each city and usage has, read from a covering index.

use super::ReadTx;
use super::engine::of_row;
use crate::domain::capacity::PlaceCount;
use crate::domain::{Error, InstanceId};
use rusqlite::params;

/// The active numbers of an instance by city and usage, most numbers first.
pub fn counts(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<PlaceCount>, Error> {
    let sql = "WITH kept (city, usage, numbers) AS (
                   SELECT n.city, n.usage, count(*)
                     FROM reservation AS r
                     JOIN phone_number AS n ON n.instance_id = r.instance_id AND n.number = r.number
                    WHERE r.instance_id = ?1 AND r.ended_at IS NULL AND r.until_at > ?2 AND n.active
                    GROUP BY n.city, n.usage)
               SELECT city, usage, free - reserved AS free, reserved, bound, personal
                 FROM (SELECT p.city, p.usage, sum(state = 'free') AS free,
                              sum(state = 'bound') AS bound, sum(state = 'personal') AS personal,
                              coalesce((SELECT numbers FROM kept AS k
                                         WHERE k.city = p.city AND k.usage = p.usage), 0)
                              AS reserved
                         FROM phone_number AS p INDEXED BY phone_number_searched
                        WHERE p.instance_id = ?1 AND p.phone_number_id > 0 AND p.active
                        GROUP BY p.city, p.usage)
                ORDER BY free + reserved + bound + personal DESC, city, usage";
    tx.rows(
        sql,
        params![instance_id, tx.now()],
        |row| of_row! { row => PlaceCount { city, usage, free, reserved, bound, personal } },
    )
}
