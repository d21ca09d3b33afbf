//! Which numbers of an instance are listed: words, a value or several of each property, an order.
//!
//! # The definition
//! [`let_through`] says in SQL which numbers a query lets through; lists, totals, facets and bulk
//! actions all use it. It reads `phone_number_searched`, the index that has all columns that are
//! looked at. Words are compared by [`SearchWords`] itself, as a function of SQLite, so that there
//! is one place that knows what a word matches. The index in memory ([`number_index`]) answers the
//! same where it can.

use super::get;
use crate::domain::phone_number::{Filters, NumberDetails, NumberState, Property};
use crate::domain::{Error, InstanceId, Order, Page, PageRequest, SearchWords, words};
use crate::store::engine::Row;
use crate::store::instances::counter;
use crate::store::{ReadTx, number_index};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

/// Which numbers are listed.
#[derive(Clone, Debug, Default)]
pub struct NumberQuery {
    /// What all of them have; none lets every number through.
    pub words: SearchWords,
    /// What each property may be.
    pub filters: Filters,
    /// What they are sorted by.
    pub order: Order<NumberOrder>,
}

words! {
    /// What numbers are sorted by.
    #[derive(Default)]
    NumberOrder {
        /// The number.
        #[default]
        Number = "number",
        /// Its city.
        City = "city",
        /// Its usage.
        Usage = "usage",
        /// Its state.
        State = "state",
        /// When it was made.
        CreatedAt = "created_at",
    }
}

/// The condition that a number `n` is let through: `?1` is the instance, `?2` the words, and from
/// `?3` on there is a JSON array of values for each [`Property`], in its order. NULL lets every
/// number through.
macro_rules! let_through {
    () => {
        r#" n.instance_id = ?1 AND n.phone_number_id > 0
       AND (?3 IS NULL OR n.state IN (SELECT value FROM json_each(?3)))
       AND (?4 IS NULL OR n.city IN (SELECT value FROM json_each(?4)))
       AND (?5 IS NULL OR n.province IN (SELECT value FROM json_each(?5)))
       AND (?6 IS NULL OR n.usage IN (SELECT value FROM json_each(?6)))
       AND (?7 IS NULL OR iif(n.active, 'true', 'false') IN (SELECT value FROM json_each(?7)))
       AND (?8 IS NULL OR n.provider IN (SELECT value FROM json_each(?8)))
       AND (?9 IS NULL OR iif(n.state = 'bound',
                n.number IN (SELECT number FROM skill_group_number
                              WHERE instance_id = ?1
                                AND skill_group_id IN (SELECT value FROM json_each(?9))),
                '' IN (SELECT value FROM json_each(?9))))
       AND (?10 IS NULL OR EXISTS (
                SELECT 1 FROM json_each(iif(json_array_length(n.tags) = 0, '[""]', n.tags)) AS t
                 WHERE t.value IN (SELECT value FROM json_each(?10))))
       AND (?11 IS NULL
            OR coalesce(n.contact_flow_id, '') IN (SELECT value FROM json_each(?11)))
       AND (?2 IS NULL
            OR has_words(?2, n.number, n.tags, n.city, n.province, n.provider)
            OR (n.number IN (
                    SELECT a.number FROM user AS u
                     CROSS JOIN personal_assignment AS a
                        INDEXED BY personal_assignment_open_by_user ON a.user_id = u.user_id
                     WHERE u.instance_id = ?1 AND a.released_at IS NULL
                       AND has_a_word(?2, u.user_id, u.display_name)
                    UNION ALL
                    SELECT b.number FROM skill_group AS g
                     CROSS JOIN skill_group_number AS b ON b.skill_group_id = g.skill_group_id
                     WHERE g.instance_id = ?1 AND has_a_word(?2, g.skill_group_id, g.display_name)
                    UNION ALL
                    SELECT m.number FROM contact_flow AS f
                     CROSS JOIN phone_number AS m INDEXED BY phone_number_by_contact_flow
                        ON m.contact_flow_id = f.contact_flow_id
                     WHERE f.instance_id = ?1 AND has_a_word(?2, f.contact_flow_id, f.name)
                    UNION ALL
                    SELECT m.number FROM phone_number AS m INDEXED BY phone_number_noted
                     WHERE m.instance_id = ?1 AND m.note <> '' AND has_a_word(?2, m.note))
                AND has_words(?2, n.number, n.tags, n.city, n.province, n.provider,
                    (SELECT group_concat(u.user_id || char(10) || u.display_name, char(10))
                       FROM personal_assignment AS a JOIN user AS u ON u.user_id = a.user_id
                      WHERE a.instance_id = ?1 AND a.number = n.number AND a.released_at IS NULL),
                    (SELECT group_concat(g.skill_group_id || char(10) || g.display_name, char(10))
                       FROM skill_group_number AS b
                       JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                      WHERE b.instance_id = ?1 AND b.number = n.number),
                    (SELECT m.note FROM phone_number AS m
                      WHERE m.phone_number_id = n.phone_number_id),
                    n.contact_flow_id,
                    (SELECT f.name FROM contact_flow AS f
                      WHERE f.contact_flow_id = n.contact_flow_id)))) "#
    };
}
pub(in crate::store) use let_through;

/// The values that [`let_through`] takes.
pub(in crate::store) fn bound(
    instance_id: &InstanceId,
    words: &SearchWords,
    filters: &Filters,
) -> Vec<Value> {
    let text = |text: &str| Value::from(text.to_owned());
    let words = if words.is_empty() { Value::Null } else { text(words.text()) };
    let arrays = Property::ALL.iter().map(|property| match filters.of(*property) {
        [] => Value::Null,
        some => text(&serde_json::Value::from(some).to_string()),
    });
    [text(instance_id.as_str()), words].into_iter().chain(arrays).collect()
}

/// A statement over the numbers that are let through.
macro_rules! filtered {
    ($select:literal, $order:expr) => {
        concat!(
            $select,
            " FROM phone_number AS n INDEXED BY phone_number_searched WHERE",
            let_through!(),
            $order
        )
    };
}

macro_rules! all {
    ($index:literal, $order:expr) => {
        concat!(
            "SELECT n.number FROM phone_number AS n INDEXED BY ",
            $index,
            " WHERE n.instance_id = ?1 AND n.phone_number_id > 0 ORDER BY ",
            $order,
            " LIMIT ?2 OFFSET ?3"
        )
    };
}

/// The statements for each order of the list, forward and backward: for all numbers, and for those
/// that a query lets through.
macro_rules! orders {
    ($($key:literal along $index:literal,)*) => {
        const ALL: &[[&str; 2]] = &[$([
            all!($index, concat!($key, ", n.number")),
            all!($index, concat!($key, " DESC, n.number DESC")),
        ],)*];
        const FILTERED: &[[&str; 2]] = &[$([
            filtered!("SELECT n.number",
                concat!("ORDER BY ", $key, ", n.number LIMIT ?12 OFFSET ?13")),
            filtered!("SELECT n.number",
                concat!("ORDER BY ", $key, " DESC, n.number DESC LIMIT ?12 OFFSET ?13")),
        ],)*];
    };
}

orders! {
    "n.number" along "phone_number_in_instance",
    // Sorted; the index in memory has them in order.
    "n.city" along "phone_number_searched",
    "n.usage" along "phone_number_searched",
    "n.state" along "phone_number_by_state",
    "n.created_at" along "phone_number_by_created",
}

/// The numbers of one state, forward and backward.
const OF_STATE: [&str; 2] = [
    "SELECT number FROM phone_number WHERE instance_id = ?1 AND state = ?4
      ORDER BY number LIMIT ?2 OFFSET ?3",
    "SELECT number FROM phone_number WHERE instance_id = ?1 AND state = ?4
      ORDER BY number DESC LIMIT ?2 OFFSET ?3",
];

/// A page of the instance's numbers.
pub fn search(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    page: PageRequest,
) -> Result<Page<NumberDetails>, Error> {
    let NumberQuery { words, filters, order } = query;
    let only_state = filters.only_state().filter(|_| words.is_empty());
    // What has an index of its own is as fast there.
    let indexed = match only_state {
        None => false,
        Some(None) => !matches!(order.key, NumberOrder::City | NumberOrder::Usage),
        Some(Some(_)) => matches!(order.key, NumberOrder::Number),
    };
    if !indexed && let Some(Page { rows, shown, total }) = in_memory(tx, instance_id, query, page) {
        return Ok(Page { rows: whole(tx, instance_id, &rows)?, shown, total });
    }
    let total = match only_state {
        Some(state) => {
            let counter = counter(tx, instance_id)?;
            match state {
                None => counter.total(),
                Some(NumberState::Free) => counter.free,
                Some(NumberState::Bound) => counter.bound,
                Some(NumberState::Personal) => counter.personal,
            }
        }
        None => tx.count(
            filtered!("SELECT count(*)", ""),
            params_from_iter(bound(instance_id, words, filters)),
        )?,
    };
    let shown = page.within(total);
    let (size, offset) = (shown.rows(total), shown.offset());
    let (key, direction) = (order.key as usize, usize::from(order.backward));
    let read = |row: &Row<'_>| row.get("number");
    // Only the numbers of the page, out of an index; whole rows are fetched for these alone.
    let numbers: Vec<String> = match (only_state, key) {
        (Some(None), _) => {
            tx.rows(ALL[key][direction], params![instance_id, size, offset], read)?
        }
        (Some(Some(state)), 0) => {
            tx.rows(OF_STATE[direction], params![instance_id, size, offset, state], read)?
        }
        _ => {
            let mut values = bound(instance_id, words, filters);
            values.extend([size, offset].map(|rows| Value::from(rows as i64)));
            tx.rows(FILTERED[key][direction], params_from_iter(values), read)?
        }
    };
    Ok(Page { rows: whole(tx, instance_id, &numbers)?, shown, total })
}

/// The page in memory, if there is an index of it: by creation time there is none.
fn in_memory(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    page: PageRequest,
) -> Option<Page<String>> {
    let property = match query.order.key {
        NumberOrder::Number => None,
        NumberOrder::City => Some(Property::City),
        NumberOrder::Usage => Some(Property::Usage),
        NumberOrder::State => Some(Property::State),
        NumberOrder::CreatedAt => return None,
    };
    number_index::look(tx, instance_id, |index| {
        let set = index.matching(&query.words, &query.filters);
        let total = set.len();
        let shown = page.within(total);
        let (offset, size, backward) = (shown.offset(), shown.rows(total), query.order.backward);
        let rows = match property {
            None => index.by_number(&set, offset, size, backward),
            Some(property) => index.by_property(&set, property, offset, size, backward),
        };
        Page { rows, shown, total }
    })
}

fn whole(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    numbers: &[String],
) -> Result<Vec<NumberDetails>, Error> {
    numbers.iter().map(|number| get(tx, instance_id, number)).collect()
}

/// The numbers that a query lets through with their versions, by number; the first `limit`.
pub fn matching(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    limit: usize,
) -> Result<Vec<(String, u64)>, Error> {
    let sql = filtered!(
        "SELECT n.number, (SELECT version FROM phone_number
                            WHERE phone_number_id = n.phone_number_id) AS version",
        "ORDER BY n.number LIMIT ?12"
    );
    let mut values = bound(instance_id, &query.words, &query.filters);
    values.push(Value::from(limit as i64));
    tx.rows(sql, params_from_iter(values), |row| Ok((row.get("number")?, row.get("version")?)))
}

/// The numbers that have all words, by number, as a JSON array for a list that is searched by its
/// numbers; `None` where there are no words, which let every number through.
pub fn with_words(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    words: &SearchWords,
) -> Result<Option<String>, Error> {
    if words.is_empty() {
        return Ok(None);
    }
    let filters = Filters::default();
    let in_memory = number_index::look(tx, instance_id, |index| {
        let set = index.matching(words, &filters);
        index.by_number(&set, 0, set.len(), false)
    });
    let numbers: Vec<String> = match in_memory {
        Some(numbers) => numbers,
        None => {
            let values = params_from_iter(bound(instance_id, words, &filters));
            tx.rows(filtered!("SELECT n.number", ""), values, |row| row.get("number"))?
        }
    };
    Ok(Some(serde_json::Value::from(numbers).to_string()))
}

#[cfg(test)]
mod tests {
    use super::{ALL, FILTERED, OF_STATE};
    use crate::store::engine::plans::plan;

    #[test]
    fn orders_of_all_numbers_and_of_one_state_are_read_along_an_index_but_for_city_and_usage() {
        for (sql, parameters) in
            ALL.iter().flatten().map(|sql| (*sql, 3)).chain(OF_STATE.map(|sql| (sql, 4)))
        {
            let plan = plan(sql, parameters);
            let steps = if sql.contains("phone_number_searched") { 2 } else { 1 };
            let covered = plan[0].contains("USING COVERING INDEX");
            assert!(plan.len() == steps && covered, "{sql}: {plan:?}");
        }
    }

    #[test]
    fn a_search_and_a_filter_read_the_index_that_has_all_they_look_at() {
        for sql in FILTERED.iter().flatten() {
            let plan = plan(sql, 13);
            assert!(
                plan[0].starts_with("SEARCH n USING COVERING INDEX phone_number_searched"),
                "{sql}: {plan:?}"
            );
        }
    }
}
