//! How many numbers of an instance have each value, under the present filter: what a list offers
//! to narrow it down by.

use super::ReadTx;
use super::phone_numbers::NumberQuery;
use crate::domain::phone_number::{NumberState, Usage};
use crate::domain::{Error, InstanceId};
use crate::store::engine::like_pattern;
use rusqlite::params;

/// The values of one property and how many numbers have each.
pub type Facet = Vec<(String, u64)>;

/// The counts of each property, each without the filter's own word for it.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// `free`, `bound`, `personal`.
    pub state: Facet,
    /// By city, most numbers first; `""` for numbers without one.
    pub city: Facet,
    /// `Inbound`, `Outbound`, `Bidirection`.
    pub usage: Facet,
    /// `1` can be used, `0` can't.
    pub active: Facet,
}

/// Numbers that a search and the filters let through; a filter that is NULL lets all through.
macro_rules! counted {
    ($column:literal) => {
        concat!(
            "SELECT CAST(n.", $column, r" AS TEXT) AS value, count(*) AS numbers
               FROM phone_number AS n INDEXED BY phone_number_searched
              WHERE n.instance_id = ?1 AND n.phone_number_id > 0
                AND (?2 IS NULL OR n.number LIKE ?2 ESCAPE '\' OR n.city LIKE ?2 ESCAPE '\'
                     OR n.province LIKE ?2 ESCAPE '\' OR n.provider LIKE ?2 ESCAPE '\'
                     OR n.tags LIKE ?2 ESCAPE '\'
                     OR n.number IN (
                         SELECT a.number FROM user AS u
                          CROSS JOIN personal_assignment AS a
                             INDEXED BY personal_assignment_open_by_user ON a.user_id = u.user_id
                          WHERE u.instance_id = ?1 AND a.released_at IS NULL
                            AND (u.user_id LIKE ?2 ESCAPE '\' OR u.display_name LIKE ?2 ESCAPE '\'))
                     OR n.number IN (
                         SELECT b.number FROM skill_group AS g
                          CROSS JOIN skill_group_number AS b ON b.skill_group_id = g.skill_group_id
                          WHERE g.instance_id = ?1
                            AND (g.skill_group_id LIKE ?2 ESCAPE '\'
                                 OR g.display_name LIKE ?2 ESCAPE '\')))
                AND (?3 IS NULL OR n.state = ?3) AND (?4 IS NULL OR n.city = ?4)
                AND (?5 IS NULL OR n.usage = ?5) AND (?6 IS NULL OR n.active = ?6)
              GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    };
}

/// The facets of an instance's numbers under a query.
pub fn of_numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
) -> Result<Facets, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let usage = query.usage;
    let count =
        |sql, state: Option<NumberState>, city: Option<&str>, usage: Option<Usage>, active| {
            let values = params![instance_id, like, state, city, usage, active];
            tx.rows(sql, values, |row| Ok((row.get("value")?, row.get("numbers")?)))
        };
    let (state, city) = (query.state, query.city.as_deref());
    Ok(Facets {
        state: count(counted!("state"), None, city, usage, query.active)?,
        city: count(counted!("city"), state, None, usage, query.active)?,
        usage: count(counted!("usage"), state, city, None, query.active)?,
        active: count(counted!("active"), state, city, usage, None)?,
    })
}

/// How many numbers of a city and usage are in each state.
#[derive(Clone, Debug)]
pub struct Place {
    /// The city; empty when unknown.
    pub city: String,
    /// What the numbers are used for.
    pub usage: String,
    /// Held by nobody.
    pub free: u64,
    /// Held by a skill group.
    pub bound: u64,
    /// Held by a user.
    pub personal: u64,
}

/// The numbers of an instance that can be used, by city and usage; most numbers first.
pub fn by_place(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<Place>, Error> {
    let sql = "SELECT city, usage, sum(state = 'free') AS free, sum(state = 'bound') AS bound,
                      sum(state = 'personal') AS personal
                 FROM phone_number INDEXED BY phone_number_searched
                WHERE instance_id = ?1 AND phone_number_id > 0 AND active
                GROUP BY city, usage ORDER BY count(*) DESC, city, usage";
    tx.rows(sql, [instance_id.as_str()], |row| {
        Ok(Place {
            city: row.get("city")?,
            usage: row.get("usage")?,
            free: row.get("free")?,
            bound: row.get("bound")?,
            personal: row.get("personal")?,
        })
    })
}
