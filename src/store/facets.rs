//! How many numbers of an instance have each value, under the present filter: what a list offers
//! to narrow it down by.

use super::phone_numbers::{Conditions, NumberQuery, value};
use super::{ReadTx, number_index};
use crate::domain::phone_number::{Property, ValueCount};
use crate::domain::{Error, InstanceId};
use rusqlite::params_from_iter;

/// The values of one property and how many numbers have each, most numbers first.
pub type Facet = Vec<ValueCount>;

/// How numbers are counted by a property.
struct Counted {
    join: &'static str,
    count: &'static str,
    /// What the value is called.
    name: &'static str,
}

/// By the numbers' own columns, whose values are called by themselves.
const PLAIN: Counted = Counted { join: "", count: "count(*)", name: "value" };

const fn counted(property: Property) -> Counted {
    match property {
        Property::Holder => Counted {
            join: "LEFT JOIN (SELECT instance_id, number, user_id AS id
                                FROM personal_assignment
                               WHERE instance_id = ?1 AND released_at IS NULL
                              UNION ALL
                              SELECT instance_id, number, skill_group_id
                                FROM skill_group_number WHERE instance_id = ?1)
                     AS w ON w.instance_id = n.instance_id AND w.number = n.number",
            name: "coalesce((SELECT coalesce(nullif(u.display_name, ''), u.user_id)
                               FROM user AS u WHERE u.user_id = value),
                            (SELECT coalesce(nullif(g.display_name, ''), g.name)
                               FROM skill_group AS g WHERE g.skill_group_id = value))",
            ..PLAIN
        },
        Property::SkillGroup => Counted {
            join: "LEFT JOIN skill_group_number AS w
                     ON w.instance_id = n.instance_id AND w.number = n.number",
            name: "(SELECT coalesce(nullif(g.display_name, ''), g.name) FROM skill_group AS g
                     WHERE g.skill_group_id = value)",
            ..PLAIN
        },
        // A hand edit can have left a tag twice.
        Property::Tag => Counted {
            join: r#"JOIN json_each(iif(json_array_length(n.tags) = 0, '[""]', n.tags)) AS w"#,
            count: "count(DISTINCT n.phone_number_id)",
            ..PLAIN
        },
        Property::ContactFlow => Counted {
            name: "(SELECT nullif(f.name, '') FROM contact_flow AS f WHERE f.contact_flow_id = value)",
            ..PLAIN
        },
        _ => PLAIN,
    }
}

/// The statement that counts the numbers that are let through.
fn statement(property: Property, conditions: &Conditions) -> String {
    let Counted { join, count, name } = counted(property);
    let select = format!("SELECT {} AS value, {count} AS numbers", value(property));
    let counts = conditions.select_with(&select, join, "GROUP BY 1");
    format!(
        "SELECT iif(value = '', 'none', value) AS value,
                iif(value = '', 'none', coalesce({name}, value)) AS name, numbers
           FROM ({counts}) ORDER BY numbers DESC, value LIMIT {}",
        ValueCount::MOST
    )
}

/// How many numbers have each value of each property, without the query's own filter for it.
pub fn of_numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    properties: &[Property],
) -> Result<Vec<Facet>, Error> {
    let NumberQuery { words, filters, .. } = query;
    let others = |property| filters.clone().with(property, Vec::new());
    let in_memory = number_index::with_index(tx, instance_id, |index| {
        let counts = |property: &Property| index.counts(words, &others(*property), *property);
        properties.iter().map(counts).collect()
    });
    if let Some(counts) = in_memory {
        return Ok(counts);
    }
    let counts = |property: &Property| {
        let conditions = Conditions::let_through(instance_id, words, &others(*property));
        let sql = statement(*property, &conditions);
        tx.rows(&sql, params_from_iter(conditions.values()), |row| {
            let (value, name) = (row.get("value")?, row.get("name")?);
            Ok(ValueCount { value, name, count: row.get("numbers")? })
        })
    };
    properties.iter().map(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::of_numbers;
    use crate::domain::phone_number::Property;
    use crate::domain::{Error, InstanceId};
    use crate::store::fixtures::{author, store};
    use crate::store::number_index::{await_index, keep};
    use crate::store::phone_numbers::NumberQuery;
    use crate::store::{ReadTx, WriteTx, briefly, seed};

    #[test]
    fn among_many_texts_values_are_not_counted_at_once_until_they_were_counted_and_then_anew() {
        let (_directory, store) = store();
        store.write(author(), seed::load).unwrap();
        let add = |from: u32, to: u32| {
            let sql = format!(
                "WITH RECURSIVE n (value) AS
                    (VALUES ({from}) UNION ALL SELECT value + 1 FROM n WHERE value < {to})
                 INSERT INTO phone_number (instance_id, number, note, city)
                 SELECT 'ccc-test', format('0%09d', value), 'n' || value, 'here' FROM n"
            );
            store.write::<_, Error>(author(), move |tx: &WriteTx<'_>| tx.batch(&sql)).unwrap();
        };
        add(1, 5001);
        let _indexer = keep(&store).unwrap();
        let id = InstanceId::new("ccc-test");
        await_index(&store, &id);
        let look = |tx: &ReadTx<'_>| {
            let facets = of_numbers(tx, &id, &NumberQuery::default(), &[Property::City])?;
            let here = facets[0].iter().find(|city| city.value == "here");
            Ok::<_, Error>(here.map(|city| city.count))
        };
        let at_once = || briefly(|| store.read(look)).map(Result::unwrap);
        assert_eq!((at_once(), store.read(look).unwrap()), (None, Some(5001)));
        assert_eq!(at_once(), Some(Some(5001)), "it is remembered");
        add(5002, 5003);
        assert_eq!(store.read(look).unwrap(), Some(5003), "it was forgotten");
    }
}
