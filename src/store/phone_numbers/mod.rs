//! Lists of numbers.
//!
//! # Performance
//! A list without a pattern takes its total from a counter and its page from a partial index, so it
//! costs the same whatever the number of numbers. A pattern scans that index, never the table; a
//! usage or whether a number is active is looked for in the index that has all that numbers are
//! searched by. Where a page begins is found in an index too (`number >= (… OFFSET)`): an OFFSET
//! over whole rows would fetch every row that it skips. And no more rows are asked for than the
//! total says are left, so that a scan ends at the last of them.

mod conditions;
mod details;
mod edit;
mod query;

pub use crate::domain::phone_number::NumberOrder;
pub(super) use conditions::{Conditions, value};
pub(super) use details::in_order;
pub use details::{get, list, version};
pub use edit::update;
pub use query::{NumberQuery, matching, search, with_words};

use crate::domain::phone_number::{Filters, NumberFilter, PhoneNumber, Property};
use crate::domain::{
    Error, InstanceId, Missing, Page, PageRequest, SearchWords, SkillGroupId, UserId,
};
use crate::store::engine::{Row, like_pattern, of_row, to_json};
use crate::store::instances::counter;
use crate::store::number_index::{self, InstanceIndex};
use crate::store::{ReadTx, reservations, spellings, users};
use roaring::RoaringBitmap;
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};
use std::sync::Arc;

/// Checks that the instance has a number, however it is spelled; returns the stored spelling.
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<String, Error> {
    spellings::find(tx, instance_id, number)?.ok_or_else(|| missing(instance_id, number))
}

pub(super) fn missing(instance_id: &InstanceId, number: &str) -> Error {
    Error::NotFound(Missing::Number(number.to_owned(), instance_id.clone()))
}

/// Whether nobody holds a number of the instance.
pub fn is_free(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<bool, Error> {
    let sql = "SELECT state = 'free' FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    Ok(tx.value(sql, params![instance_id, number])?.unwrap_or(false))
}

/// The numbers that a user holds.
pub fn list_personal(
    tx: &ReadTx<'_>,
    user_id: &UserId,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<PhoneNumber>, Error> {
    let like = search_pattern.map(like_pattern);
    let total = tx.count(
        r"SELECT count(*) FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')",
        params![user_id, like],
    )?;
    tx.page(page, total,
        r"SELECT number, usage, active, province, city, contact_flow_id FROM v_personal_number
           WHERE user_id = ?1 AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')
             AND number >= (SELECT number FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')
                             ORDER BY number LIMIT 1 OFFSET ?4)
           ORDER BY number LIMIT ?3",
        params![user_id, like],
        phone_number,
    )
}

/// The rest of a condition: not reserved at `?4`, in the instance `?3`, for anybody but `?1`.
macro_rules! unreserved {
    () => {
        " AND number NOT IN (SELECT r.number FROM reservation AS r
                              WHERE r.instance_id = ?3 AND r.ended_at IS NULL AND r.until_at > ?4
                                AND r.for_user_id IS NOT ?1) "
    };
}

/// The numbers that neither a holder nor a reservation keeps from the user `?1`.
macro_rules! not_held {
    () => {
        concat!(
            r" FROM v_not_held WHERE user_id = ?1 AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')",
            unreserved!()
        )
    };
}

/// A page of the free numbers, without those that a condition leaves out.
macro_rules! free {
    ($unless:expr) => {
        concat!(
            "SELECT number, usage, active, province, city, contact_flow_id
               FROM phone_number WHERE instance_id = ?3 AND state = 'free'",
            $unless,
            " AND number >= (SELECT number FROM phone_number
                              WHERE instance_id = ?3 AND state = 'free'",
            $unless,
            "                 ORDER BY number LIMIT 1 OFFSET ?6)
              ORDER BY number LIMIT ?5"
        )
    };
}

/// The numbers that could be given to a user: none to an archived or locked one.
pub fn list_assignable(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    shared: bool,
    user_id: &UserId,
    search_pattern: Option<&str>,
    page: PageRequest,
) -> Result<Page<PhoneNumber>, Error> {
    if !users::is_active(tx, user_id)? {
        return Ok(Page { rows: Vec::new(), shown: page.within(0), total: 0 });
    }
    if search_pattern.is_none() && !shared {
        // All that an exclusive instance has to give: they have a counter and an index.
        let free = counter(tx, instance_id)?.free;
        let reserved = reservations::count_for_others(tx, instance_id, Some(user_id))?;
        let sql = if reserved > 0 { free!(unreserved!()) } else { free!("") };
        let values = params![user_id, None::<String>, instance_id, tx.now()];
        return tx.page(page, free.saturating_sub(reserved), sql, values, phone_number);
    }
    let reserved = reservations::numbers_for_others(tx, instance_id, Some(user_id))?;
    let pattern = search_pattern.unwrap_or_default();
    let assignable = |index: &InstanceIndex| {
        let set = match shared {
            true => of_shared(index, &index.containing(pattern), user_id),
            false => index.free_containing(pattern),
        };
        index.without(set, &reserved)
    };
    if let Some(found) = number_index::page(tx, instance_id, page, assignable) {
        return whole(tx, instance_id, found);
    }
    let like = search_pattern.map(like_pattern);
    let now = tx.now();
    let total = match &like {
        None => count_shared(tx, instance_id, user_id)?,
        // What the view says of an exclusive instance, without the view's other half: half the time
        // of a scan.
        Some(like) if !shared => tx.count(
            concat!(
                r"SELECT count(*) FROM phone_number
                   WHERE instance_id = ?3 AND state = 'free' AND number LIKE ?2 ESCAPE '\'",
                unreserved!()
            ),
            params![user_id, like, instance_id, now],
        )?,
        Some(_) => tx.count(
            concat!("SELECT count(*)", not_held!()),
            params![user_id, like, instance_id, now],
        )?,
    };
    let sql = concat!(
        "SELECT number, usage, active, province, city, contact_flow_id",
        not_held!(),
        "AND number >= (SELECT number",
        not_held!(),
        "ORDER BY number LIMIT 1 OFFSET ?6) ORDER BY number LIMIT ?5"
    );
    tx.page(page, total, sql, params![user_id, like, instance_id, now], phone_number)
}

/// Like [`list_assignable`], but found by words, as in the list of numbers.
pub fn find_assignable(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    shared: bool,
    user_id: &UserId,
    words: &SearchWords,
    page: PageRequest,
) -> Result<Page<PhoneNumber>, Error> {
    if !users::is_active(tx, user_id)? {
        return Ok(Page { rows: Vec::new(), shown: page.within(0), total: 0 });
    }
    let reserved = reservations::numbers_for_others(tx, instance_id, Some(user_id))?;
    let assignable = |index: &InstanceIndex| {
        let all = Filters::default();
        let set = match shared {
            true => of_shared(index, &index.matching(words, &all), user_id),
            false => index.matching(words, &all.with(Property::State, vec!["free".to_owned()])),
        };
        index.without(set, &reserved)
    };
    if let Some(found) = number_index::page(tx, instance_id, page, assignable) {
        return whole(tx, instance_id, found);
    }
    let numbers = with_words(tx, instance_id, words)?;
    let values = params![user_id, None::<String>, instance_id, tx.now(), numbers];
    let total = tx.count(
        concat!("SELECT count(*)", not_held!(), " AND number IN (SELECT value FROM json_each(?5))"),
        values,
    )?;
    let sql = concat!(
        "SELECT number, usage, active, province, city, contact_flow_id",
        not_held!(),
        " AND number IN (SELECT value FROM json_each(?5)) ORDER BY number LIMIT ?6 OFFSET ?7"
    );
    tx.page(page, total, sql, values, phone_number)
}

/// Those of a set that could be given to a user of an instance whose numbers are shared.
fn of_shared(index: &InstanceIndex, set: &RoaringBitmap, user_id: &UserId) -> Arc<RoaringBitmap> {
    let set = set - index.having(Property::State, "bound");
    Arc::new(set - index.held_by(user_id.as_str()))
}

/// The numbers that a filter lets through.
fn part(index: &InstanceIndex, filter: &NumberFilter) -> RoaringBitmap {
    let pattern = filter.search_pattern.as_deref().unwrap_or_default();
    let mut set = (*index.containing(pattern)).clone();
    if let Some(usage) = filter.usage {
        set &= index.having(Property::Usage, usage.name());
    }
    if let Some(active) = filter.active {
        set &= index.having(Property::Active, if active { "true" } else { "false" });
    }
    set
}

/// The rows of a page that was found in memory.
fn whole(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    found: Page<String>,
) -> Result<Page<PhoneNumber>, Error> {
    let sql = "SELECT n.number, n.usage, n.active, n.province, n.city, n.contact_flow_id
                 FROM json_each(?2) AS w
                CROSS JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = w.value";
    found.try_rows(|numbers| {
        let read = tx.rows(sql, params![instance_id, to_json(&numbers)?], phone_number)?;
        in_order(read, &numbers, |row| &row.number)
    })
}

/// In a shared instance, the numbers that no skill group holds, minus the user's own and the
/// reserved ones, which are all free.
fn count_shared(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<u64, Error> {
    let counter = counter(tx, instance_id)?;
    let reserved = reservations::count_for_others(tx, instance_id, Some(user_id))?;
    let own = tx.count(
        "SELECT count(*) FROM personal_assignment WHERE user_id = ?1 AND released_at IS NULL",
        [user_id],
    )?;
    Ok((counter.free + counter.personal).saturating_sub(own + reserved))
}

/// The numbers bound to a skill group.
pub fn list_bound(
    tx: &ReadTx<'_>,
    id: &SkillGroupId,
    filter: &NumberFilter,
    page: PageRequest,
) -> Result<Page<PhoneNumber>, Error> {
    let like = filter.search_pattern.as_deref().map(like_pattern);
    let total = if like.is_none() && filter.active.is_none() {
        tx.count("SELECT phone_number_count FROM skill_group WHERE skill_group_id = ?1", [id])?
    } else {
        tx.count(
            r"SELECT count(*) FROM skill_group_number AS b CROSS JOIN phone_number AS n ON n.instance_id = b.instance_id AND n.number = b.number
               WHERE b.skill_group_id = ?1 AND (?2 IS NULL OR b.number LIKE ?2 ESCAPE '\') AND (?3 IS NULL OR n.active = ?3)",
            params![id, like, filter.active],
        )?
    };
    tx.page(page, total,
        r"SELECT n.number, n.usage, n.active, n.province, n.city, n.contact_flow_id
            FROM skill_group_number AS b CROSS JOIN phone_number AS n ON n.instance_id = b.instance_id AND n.number = b.number
           WHERE b.skill_group_id = ?1 AND (?2 IS NULL OR b.number LIKE ?2 ESCAPE '\') AND (?3 IS NULL OR n.active = ?3)
             AND b.number >= (SELECT s.number FROM skill_group_number AS s
                               WHERE s.skill_group_id = ?1 AND (?2 IS NULL OR s.number LIKE ?2 ESCAPE '\')
                                 AND (?3 IS NULL OR ?3 = (SELECT active FROM phone_number WHERE instance_id = s.instance_id AND number = s.number))
                               ORDER BY s.number LIMIT 1 OFFSET ?5)
           ORDER BY b.number LIMIT ?4",
        params![id, like, filter.active],
        phone_number,
    )
}

/// The numbers that could be bound to a skill group: not bound to it, not personal to anyone and
/// not reserved.
pub fn list_bindable(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    filter: &NumberFilter,
    page: PageRequest,
) -> Result<Page<PhoneNumber>, Error> {
    let reserved = reservations::numbers_for_others(tx, instance_id, None)?;
    let bindable = |index: &InstanceIndex| {
        let set = part(index, filter)
            - index.having(Property::State, "personal")
            - index.having(Property::SkillGroup, id.as_str());
        index.without(Arc::new(set), &reserved)
    };
    if let Some(found) = number_index::page(tx, instance_id, page, bindable) {
        return whole(tx, instance_id, found);
    }
    let bindable = Conditions::of(instance_id)
        .always("n.state <> 'personal'")
        .matching(filter)
        .and(
            "NOT EXISTS (SELECT 1 FROM skill_group_number AS b
                          WHERE b.skill_group_id = ?v AND b.number = n.number)",
            Some(Value::from(id.to_string())),
        )
        .and(
            "n.number NOT IN (SELECT r.number FROM reservation AS r
                               WHERE r.instance_id = ?1 AND r.ended_at IS NULL AND r.until_at > ?v)",
            Some(Value::from(tx.now().millis())),
        );
    let total = if filter.search_pattern.is_none() && filter.active.is_none() {
        let counter = counter(tx, instance_id)?;
        let bound_to_it =
            tx.count("SELECT phone_number_count FROM skill_group WHERE skill_group_id = ?1", [id])?;
        let reserved = reservations::count_for_others(tx, instance_id, None)?;
        (counter.free + counter.bound).saturating_sub(bound_to_it + reserved)
    } else {
        bindable.count(tx)?
    };
    let shown = page.within(total);
    let what = "SELECT n.number, n.usage, n.active, n.province, n.city, n.contact_flow_id";
    let (sql, values) = bindable.page(what, "n.number", shown.rows(total), shown.offset());
    let rows = tx.rows(&sql, params_from_iter(values), phone_number)?;
    Ok(Page { rows, shown, total })
}

pub(in crate::store) fn phone_number(row: &Row<'_>) -> rusqlite::Result<PhoneNumber> {
    of_row! { row => PhoneNumber { number, usage, active, province, city, contact_flow_id } }
}
