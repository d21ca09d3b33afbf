//! How many numbers of an instance have each value, under the present filter: what a list offers
//! to narrow it down by.

use super::phone_numbers::{Conditions, NumberQuery};
use super::{ReadTx, number_index};
use crate::domain::phone_number::{Property, ValueCount};
use crate::domain::{Error, InstanceId};
use rusqlite::params_from_iter;

/// The most values of a facet.
const MOST_VALUES: usize = 1000;

/// The values of one property and how many numbers have each, most numbers first.
pub type Facet = Vec<ValueCount>;

/// How numbers are counted by a value.
struct Counted {
    value: &'static str,
    join: &'static str,
    count: &'static str,
    /// What the value is called.
    name: &'static str,
}

/// A value that is a column and is called by itself.
const fn by(value: &'static str) -> Counted {
    Counted { value, join: "", count: "count(*)", name: "value" }
}

/// How numbers are counted by a property.
const fn counted(property: Property) -> Counted {
    match property {
        Property::State => by("n.state"),
        Property::City => by("n.city"),
        Property::Province => by("n.province"),
        Property::Usage => by("n.usage"),
        Property::Active => by("iif(n.active, 'true', 'false')"),
        Property::Provider => by("n.provider"),
        Property::SkillGroup => Counted {
            join: "LEFT JOIN skill_group_number AS b
                     ON b.instance_id = n.instance_id AND b.number = n.number",
            name: "(SELECT coalesce(nullif(g.display_name, ''), g.name) FROM skill_group AS g
                     WHERE g.skill_group_id = value)",
            ..by("coalesce(b.skill_group_id, '')")
        },
        // A hand edit can have left a tag twice.
        Property::Tag => Counted {
            join: r#"JOIN json_each(iif(json_array_length(n.tags) = 0, '[""]', n.tags)) AS w"#,
            count: "count(DISTINCT n.phone_number_id)",
            ..by("w.value")
        },
        Property::ContactFlow => Counted {
            name: "(SELECT f.name FROM contact_flow AS f WHERE f.contact_flow_id = value)",
            ..by("coalesce(n.contact_flow_id, '')")
        },
    }
}

/// The statement that counts the numbers that are let through.
fn statement(property: Property, conditions: &Conditions) -> String {
    let Counted { value, join, count, name } = counted(property);
    let select = format!("SELECT {value} AS value, {count} AS numbers");
    let counts = conditions.select_with(&select, join, "GROUP BY 1");
    format!(
        "SELECT iif(value = '', 'none', value) AS value,
                iif(value = '', 'none', coalesce({name}, value)) AS name, numbers
           FROM ({counts}) ORDER BY numbers DESC, value LIMIT {MOST_VALUES}"
    )
}

/// How many numbers have each value of a property, without the query's own filter for it.
pub fn of_numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    property: Property,
) -> Result<Facet, Error> {
    let filters = query.filters.clone().with(property, Vec::new());
    let in_memory = number_index::with_index(tx, instance_id, |index| {
        index.counts(&index.matching(&query.words, &filters), property, MOST_VALUES)
    });
    if let Some(counts) = in_memory {
        return Ok(counts);
    }
    let conditions = Conditions::let_through(instance_id, &query.words, &filters);
    let sql = statement(property, &conditions);
    tx.rows(&sql, params_from_iter(conditions.values()), |row| {
        let (value, name) = (row.get("value")?, row.get("name")?);
        Ok(ValueCount { value, name, count: row.get("numbers")? })
    })
}
