//! Which numbers of an instance are listed: words, a value or several of each property, an order.

use super::Conditions;
use super::details::{by_number, of_numbers};
use crate::domain::phone_number::{Filters, NumberDetails, NumberOrder, NumberState};
use crate::domain::{Error, InstanceId, Order, Page, PageRequest, SearchWords};
use crate::store::engine::{Row, may_take_long, require_patience};
use crate::store::instances::counter;
use crate::store::{ReadTx, number_index};
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

/// What is read of the index: a page's rows are fetched by their numbers.
const NUMBER: &str = "SELECT n.number";

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

/// The orders of the list, forward and backward, and for all numbers the statement of each.
macro_rules! orders {
    ($($key:literal $nulls:literal along $index:literal,)*) => {
        const ALL: &[[&str; 2]] = &[$([
            all!($index, concat!($key, $nulls, ", n.number")),
            all!($index, concat!($key, " DESC", $nulls, ", n.number DESC")),
        ],)*];
        const ORDERS: &[[&str; 2]] = &[$([
            concat!($key, $nulls, ", n.number"),
            concat!($key, " DESC", $nulls, ", n.number DESC"),
        ],)*];
    };
}

orders! {
    "n.number" "" along "phone_number_in_instance",
    // Sorted; the index in memory has them in order.
    "n.city" "" along "phone_number_searched",
    "n.usage" "" along "phone_number_searched",
    "n.state" "" along "phone_number_by_state",
    // Sorted, too.
    "n.created_at" "" along "phone_number_searched",
    "(SELECT min(h.name) FROM
        (SELECT coalesce(nullif(u.display_name, ''), a.user_id) AS name
           FROM personal_assignment AS a LEFT JOIN user AS u ON u.user_id = a.user_id
          WHERE a.instance_id = n.instance_id AND a.number = n.number AND a.released_at IS NULL
          UNION ALL
         SELECT coalesce(nullif(g.display_name, ''), g.name, b.skill_group_id)
           FROM skill_group_number AS b
           LEFT JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
          WHERE b.instance_id = n.instance_id AND b.number = n.number) AS h)"
        " NULLS LAST" along "phone_number_searched",
    "(SELECT min(h.since) FROM
        (SELECT a.assigned_at AS since FROM personal_assignment AS a
          WHERE a.instance_id = n.instance_id AND a.number = n.number AND a.released_at IS NULL
          UNION ALL SELECT b.bound_at FROM skill_group_number AS b
          WHERE b.instance_id = n.instance_id AND b.number = n.number) AS h)"
        " NULLS LAST" along "phone_number_searched",
    "(SELECT min(tag.value) FROM json_each(n.tags) AS tag)" " NULLS LAST" along "phone_number_searched",
}

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
        Some(None) => matches!(order.key, NumberOrder::Number | NumberOrder::State),
        Some(Some(_)) => matches!(order.key, NumberOrder::Number),
    };
    if !indexed && let Some(found) = in_memory(tx, instance_id, query, page) {
        return found.try_rows(|numbers| of_numbers(tx, instance_id, &numbers));
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
        None => Conditions::let_through(instance_id, words, filters).count(tx)?,
    };
    if let (Some(state), NumberOrder::Number) = (only_state, order.key) {
        return by_number(tx, instance_id, state, order.backward, (page, total));
    }
    let shown = page.within(total);
    let (size, offset) = (shown.rows(total), shown.offset());
    let (key, direction) = (order.key as usize, usize::from(order.backward));
    let read = |row: &Row<'_>| row.get("number");
    // Only the numbers of the page, out of an index; whole rows are fetched for these alone.
    let numbers: Vec<String> = match only_state {
        Some(None) => tx.rows(ALL[key][direction], params![instance_id, size, offset], read)?,
        _ => {
            let conditions = Conditions::let_through(instance_id, words, filters);
            let (sql, values) = conditions.page(NUMBER, ORDERS[key][direction], size, offset);
            tx.rows(&sql, params_from_iter(values), read)?
        }
    };
    Ok(Page { rows: of_numbers(tx, instance_id, &numbers)?, shown, total })
}

/// The page in memory.
fn in_memory(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    page: PageRequest,
) -> Option<Page<String>> {
    use NumberOrder::{CreatedAt, Holder, Since, Tags};
    // These sort, or walk along all numbers, which no budget counts.
    if matches!(query.order.key, CreatedAt | Holder | Since | Tags) && !may_take_long() {
        return None;
    }
    number_index::with_index(tx, instance_id, |index| {
        let set = index.matching(&query.words, &query.filters);
        let total = set.len();
        let shown = page.within(total);
        let rows = index.part(&set, query.order, (shown.offset(), shown.rows(total)));
        Page { rows, shown, total }
    })
}

/// The numbers that a query lets through with their versions, by number; the first `limit`.
pub fn matching(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    limit: usize,
) -> Result<Vec<(String, u64)>, Error> {
    let conditions = Conditions::let_through(instance_id, &query.words, &query.filters);
    let sql = conditions.select(
        "SELECT n.number, (SELECT version FROM phone_number
                            WHERE phone_number_id = n.phone_number_id) AS version",
        &format!("ORDER BY n.number LIMIT {limit}"),
    );
    let read = |row: &Row<'_>| Ok((row.get("number")?, row.get("version")?));
    tx.rows(&sql, params_from_iter(conditions.values()), read)
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
    // Half of all numbers may have them.
    require_patience()?;
    let filters = Filters::default();
    let in_memory = number_index::with_index(tx, instance_id, |index| {
        let set = index.matching(words, &filters);
        index.part(&set, Order::default(), (0, set.len()))
    });
    let numbers: Vec<String> = match in_memory {
        Some(numbers) => numbers,
        None => {
            let conditions = Conditions::let_through(instance_id, words, &filters);
            let sql = conditions.select(NUMBER, "");
            tx.column(&sql, params_from_iter(conditions.values()))?
        }
    };
    Ok(Some(serde_json::Value::from(numbers).to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::details::{self, OF_STATE};
    use super::{ALL, Conditions, NUMBER, NumberQuery, ORDERS, search};
    use crate::domain::phone_number::{Filters, NumberOrder, Property};
    use crate::domain::{Error, InstanceId, Order, PageRequest, Paging, SearchWords};
    use crate::store::fixtures::{author, plan, store};
    use crate::store::number_index::{await_index, keep};
    use crate::store::{ReadTx, WriteTx, briefly, seed};

    #[test]
    fn what_is_looked_for_among_many_texts_is_given_up_at_first_and_so_is_a_sorting_order() {
        let (_directory, store) = store();
        store.write(author(), seed::load).unwrap();
        let many = |tx: &WriteTx<'_>| {
            tx.batch(
                "INSERT INTO phone_number (instance_id, number, note)
                 SELECT 'ccc-test', format('0%09d', value), 'n' || value
                   FROM (WITH RECURSIVE n (value) AS
                            (VALUES (1) UNION ALL SELECT value + 1 FROM n WHERE value < 5001)
                         SELECT value FROM n)",
            )
        };
        store.write::<_, Error>(author(), many).unwrap();
        let _indexer = keep(&store).unwrap();
        let id = InstanceId::new("ccc-test");
        await_index(&store, &id);
        let look = |words, key| {
            let words = SearchWords::parse(words).unwrap();
            let order = Order { key, backward: false };
            let query = NumberQuery { words, order, ..NumberQuery::default() };
            let page = PageRequest { number: 1, size: 10, paging: Paging::Strict };
            let total = |tx: &ReadTx<'_>| search(tx, &id, &query, page).map(|found| found.total);
            (briefly(|| store.read(total)).map(Result::unwrap), store.read(total).unwrap())
        };
        assert_eq!(look("n4999", NumberOrder::Number), (None, 1));
        assert_eq!(look("n4999", NumberOrder::Number), (Some(1), 1), "it is remembered");
        assert_eq!(look("n4999", NumberOrder::City), (Some(1), 1));
        use NumberOrder::{CreatedAt, Holder, Since, Tags};
        for key in [Holder, Since, Tags, CreatedAt] {
            assert_eq!(look("n4999", key), (None, 1));
        }
    }

    #[test]
    fn orders_of_all_numbers_and_of_one_state_are_read_along_an_index_or_sorted_out_of_one() {
        for sql in ALL.iter().flatten() {
            let plan = plan(sql, 3);
            let steps = if sql.contains("phone_number_searched") { 2 } else { 1 };
            let covered = plan[0].contains("USING COVERING INDEX");
            // Holders and tags are looked up for each number, by keys.
            let is_scan = |step: &&String| {
                step.starts_with("SCAN")
                    && !["SCAN h", "SCAN tag"].iter().any(|own| step.starts_with(own))
            };
            let looked_up = sql.contains("min(") && plan.iter().find(is_scan).is_none();
            assert!((plan.len() == steps || looked_up) && covered, "{sql}: {plan:?}");
        }
        for (sql, index) in details::ALL
            .map(|sql| (sql, "phone_number_in_instance"))
            .into_iter()
            .chain(OF_STATE.map(|sql| (sql, "phone_number_by_state")))
        {
            let plan = plan(sql, 4);
            let begins = |start: String| plan.iter().any(|step| step.starts_with(&start));
            let page = begins(format!("SEARCH n USING INDEX {index}"));
            let skipped = begins(format!("SEARCH phone_number USING COVERING INDEX {index}"));
            let unsorted =
                !plan.iter().any(|step| step.contains("TEMP B-TREE") || step.starts_with("SCAN"));
            assert!(page && skipped && unsorted, "{sql}: {plan:?}");
        }
    }

    #[test]
    fn a_search_and_a_filter_read_the_index_that_has_all_they_look_at() {
        let instance_id = InstanceId::new("x");
        let none = (SearchWords::default(), Filters::default());
        let words = SearchWords::parse("x").unwrap();
        let chosen = || vec!["x".to_owned()];
        let all = Property::ALL
            .into_iter()
            .fold(Filters::default(), |filters, property| filters.with(property, chosen()));
        let each = Property::ALL
            .map(|property| (SearchWords::default(), Filters::default().with(property, chosen())));
        let queries = [none, (words.clone(), Filters::default()), (words, all)];
        for (words, filters) in queries.into_iter().chain(each) {
            for order in ORDERS.iter().flatten() {
                let conditions = Conditions::let_through(&instance_id, &words, &filters);
                let (sql, values) = conditions.page(NUMBER, order, 10, 0);
                let plan = plan(&sql, values.len());
                assert!(
                    plan[0].starts_with("SEARCH n USING COVERING INDEX phone_number_searched"),
                    "{sql}: {plan:?}"
                );
            }
        }
    }
}
