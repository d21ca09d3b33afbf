//! How many numbers of an instance have each value, under the present filter: what a list offers
//! to narrow it down by.

use super::phone_numbers::{NumberQuery, bound, let_through};
use super::{ReadTx, number_index};
use crate::domain::phone_number::{Property, ValueCount};
use crate::domain::{Error, InstanceId};
use rusqlite::params_from_iter;

/// The most values of a facet; the statements say the same.
const MOST_VALUES: usize = 1000;

/// The values of one property and how many numbers have each, most numbers first.
pub type Facet = Vec<ValueCount>;

/// Counts the numbers that are let through by a value. A value has a name of its own, or is called
/// by itself.
macro_rules! counted {
    ($value:literal) => {
        counted!($value, "", "count(*)", "value")
    };
    ($value:literal, $join:literal, $count:literal, $name:literal) => {
        concat!(
            "SELECT iif(value = '', 'none', value) AS value,
                    iif(value = '', 'none', coalesce(",
            $name,
            ", value)) AS name, numbers
               FROM (SELECT ",
            $value,
            " AS value, ",
            $count,
            " AS numbers
                       FROM phone_number AS n INDEXED BY phone_number_searched ",
            $join,
            " WHERE",
            let_through!(),
            "GROUP BY 1)
              ORDER BY numbers DESC, value LIMIT 1000"
        )
    };
}

const fn statement(property: Property) -> &'static str {
    match property {
        Property::State => counted!("n.state"),
        Property::City => counted!("n.city"),
        Property::Province => counted!("n.province"),
        Property::Usage => counted!("n.usage"),
        Property::Active => counted!("iif(n.active, 'true', 'false')"),
        Property::Provider => counted!("n.provider"),
        Property::SkillGroup => counted!(
            "coalesce(b.skill_group_id, '')",
            "LEFT JOIN skill_group_number AS b
                    ON b.instance_id = n.instance_id AND b.number = n.number",
            "count(*)",
            "(SELECT coalesce(nullif(g.display_name, ''), g.name) FROM skill_group AS g
               WHERE g.skill_group_id = value)"
        ),
        // A hand edit can have left a tag twice.
        Property::Tag => counted!(
            "w.value",
            "JOIN json_each(iif(json_array_length(n.tags) = 0, '[\"\"]', n.tags)) AS w",
            "count(DISTINCT n.phone_number_id)",
            "value"
        ),
        Property::ContactFlow => counted!(
            "coalesce(n.contact_flow_id, '')",
            "",
            "count(*)",
            "(SELECT f.name FROM contact_flow AS f WHERE f.contact_flow_id = value)"
        ),
    }
}

/// How many numbers have each value of a property, without the query's own filter for it.
pub fn of_numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    property: Property,
) -> Result<Facet, Error> {
    let filters = query.filters.clone().with(property, Vec::new());
    let in_memory = number_index::look(tx, instance_id, |index| {
        index.counts(&index.matching(&query.words, &filters), property, MOST_VALUES)
    });
    if let Some(counts) = in_memory {
        return Ok(counts);
    }
    let values = bound(instance_id, &query.words, &filters);
    tx.rows(statement(property), params_from_iter(values), |row| {
        let (value, name) = (row.get("value")?, row.get("name")?);
        Ok(ValueCount { value, name, count: row.get("numbers")? })
    })
}
