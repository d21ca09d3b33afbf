//! Numbers of an instance with everything that is shown of them.

use super::{Conditions, missing, part, require};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::phone_number::{NumberDetails, NumberFilter, NumberState};
use crate::domain::{Error, InstanceId, Page, PageRequest, Timestamp};
use crate::store::engine::{Row, of_row, to_json};
use crate::store::instances::counter;
use crate::store::{ReadTx, number_index, reservations};
use rusqlite::{params, params_from_iter};
use std::collections::HashMap;

/// The columns of a [`NumberDetails`].
macro_rules! columns {
    () => {
        "SELECT n.number, n.state,
                CASE n.state
                WHEN 'personal' THEN
                    (SELECT json_group_array(json_array(a.user_id, coalesce(u.display_name, ''), a.assigned_at))
                       FROM personal_assignment AS a INDEXED BY personal_assignment_open_by_number
                       LEFT JOIN user AS u ON u.user_id = a.user_id
                      WHERE a.instance_id = n.instance_id AND a.number = n.number
                        AND a.released_at IS NULL)
                WHEN 'bound' THEN
                    (SELECT json_group_array(json_array(b.skill_group_id, coalesce(nullif(g.display_name, ''), g.name, ''), b.bound_at))
                       FROM skill_group_number AS b
                       LEFT JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                      WHERE b.instance_id = n.instance_id AND b.number = n.number)
                ELSE '[]' END AS holders,
                n.usage, n.active, n.province, n.city, n.contact_flow_id,
                (SELECT f.name FROM contact_flow AS f WHERE f.contact_flow_id = n.contact_flow_id) AS contact_flow_name,
                n.provider, n.corp_name, n.tags, n.note, n.callback_number_name, n.callback_number_id, n.version, n.created_at "
    };
}

/// A part of an instance's numbers, forward and backward.
macro_rules! by_number {
    ($which:literal) => {
        [by_number!($which, ">=", ""), by_number!($which, "<=", " DESC")]
    };
    ($which:literal, $from:literal, $direction:literal) => {
        concat!(
            columns!(),
            "FROM phone_number AS n WHERE instance_id = ?1",
            $which,
            " AND number ",
            $from,
            " (SELECT number FROM phone_number WHERE instance_id = ?1",
            $which,
            " ORDER BY number",
            $direction,
            " LIMIT 1 OFFSET ?4) ORDER BY number",
            $direction,
            " LIMIT ?3"
        )
    };
}

/// All numbers.
pub(super) const ALL: [&str; 2] = by_number!("");

/// Those of the state `?2`.
pub(super) const OF_STATE: [&str; 2] = by_number!(" AND state = ?2");

/// The page of all numbers of an instance, or of those of a state, by number.
pub(super) fn by_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    state: Option<NumberState>,
    backward: bool,
    (page, total): (PageRequest, u64),
) -> Result<Page<NumberDetails>, Error> {
    let sql = if state.is_some() { OF_STATE } else { ALL };
    let params = params![instance_id, state];
    let mut found = tx.page(page, total, sql[usize::from(backward)], params, number_row)?;
    add_reservations(tx, instance_id, &mut found.rows)?;
    Ok(found)
}

/// A number of the instance.
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<NumberDetails, Error> {
    let sql =
        concat!(columns!(), "FROM phone_number AS n WHERE n.instance_id = ?1 AND n.number = ?2");
    let number = &require(tx, instance_id, number)?;
    let found = tx.row(sql, params![instance_id, number], number_row)?;
    let mut details = found.ok_or_else(|| missing(instance_id, number))?;
    if details.state == NumberState::Free {
        details.reservation = reservations::of_number(tx, instance_id, number)?;
    }
    Ok(details)
}

/// The version of a number, and when it was made.
pub fn version(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<(u64, i64), Error> {
    let sql = "SELECT version, created_at FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    let stored = require(tx, instance_id, number)?;
    let found = tx.row(sql, params![instance_id, stored], |row| {
        Ok((row.get("version")?, row.get("created_at")?))
    })?;
    found.ok_or_else(|| missing(instance_id, number))
}

/// The numbers of an instance that a filter lets through, by number.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    filter: &NumberFilter,
    page: PageRequest,
) -> Result<Page<NumberDetails>, Error> {
    if filter.is_narrow()
        && let Some(found) = number_index::page(tx, instance_id, page, |index| part(index, filter))
    {
        return found.try_rows(|numbers| of_numbers(tx, instance_id, &numbers));
    }
    let matching = Conditions::of(instance_id).matching(filter);
    let total =
        if filter.is_narrow() { matching.count(tx)? } else { counter(tx, instance_id)?.total() };
    let shown = page.within(total);
    let (numbers, values) =
        matching.page("SELECT n.number", "n.number", shown.rows(total), shown.offset());
    let sql = format!(
        "{}FROM phone_number AS n
          WHERE n.instance_id = ?1 AND n.number IN ({numbers}) ORDER BY n.number",
        columns!()
    );
    let mut rows = tx.rows(&sql, params_from_iter(values), number_row)?;
    add_reservations(tx, instance_id, &mut rows)?;
    Ok(Page { rows, shown, total })
}

/// These numbers of the instance, in this order, in one statement.
pub(super) fn of_numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    numbers: &[String],
) -> Result<Vec<NumberDetails>, Error> {
    let sql = concat!(
        columns!(),
        "FROM json_each(?2) AS w
         CROSS JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = w.value"
    );
    let rows = tx.rows(sql, params![instance_id, to_json(numbers)?], number_row)?;
    let mut rows = in_order(rows, numbers, |row| &row.number)?;
    add_reservations(tx, instance_id, &mut rows)?;
    Ok(rows)
}

/// The rows of these numbers, in this order. A statement over a JSON array of them need not sort,
/// for which SQLite would write each row down and read it once more: it mostly finds them in order.
pub(in crate::store) fn in_order<T>(
    mut rows: Vec<T>,
    numbers: &[String],
    number: fn(&T) -> &String,
) -> Result<Vec<T>, Error> {
    if !rows.iter().map(number).eq(numbers) {
        let places: HashMap<&String, usize> = numbers.iter().zip(0..).collect();
        rows.sort_by_key(|row| places.get(number(row)).copied());
    }
    if !rows.iter().map(number).eq(numbers) {
        let why = format!("{} of {} listed numbers are there", rows.len(), numbers.len());
        return Err(Error::Internal(why));
    }
    Ok(rows)
}

fn add_reservations(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    rows: &mut [NumberDetails],
) -> Result<(), Error> {
    if reservations::count_for_others(tx, instance_id, None)? > 0 {
        for row in rows.iter_mut().filter(|row| row.state == NumberState::Free) {
            row.reservation = reservations::of_number(tx, instance_id, &row.number)?;
        }
    }
    Ok(())
}

/// The holders in the array that [`columns`] makes.
fn holders(state: NumberState, array: &str) -> Vec<Holder> {
    let kind = match state {
        NumberState::Bound => HolderKind::SkillGroup,
        NumberState::Personal | NumberState::Free => HolderKind::User,
    };
    let rows: Vec<(String, String, i64)> = serde_json::from_str(array).unwrap_or_default();
    let holder = |(id, display_name, since)| {
        let since = Timestamp::from_millis(since);
        Holder { kind, id, display_name, since }
    };
    let mut holders: Vec<Holder> = rows.into_iter().map(holder).collect();
    holders.sort_by(|a, b| a.id.cmp(&b.id));
    holders
}

fn number_row(row: &Row<'_>) -> rusqlite::Result<NumberDetails> {
    let (state, array, tags): (_, String, String) =
        (row.get("state")?, row.get("holders")?, row.get("tags")?);
    let holders = holders(state, &array);
    let ids = |kind| {
        let of_kind = holders.iter().filter(|holder| holder.kind == kind);
        of_kind.map(|holder| holder.id.clone()).collect()
    };
    let (user_ids, skill_group_ids) = (ids(HolderKind::User), ids(HolderKind::SkillGroup));
    // The schema checks that this is an array of strings.
    let tags = serde_json::from_str(&tags).unwrap_or_default();
    of_row! { row => NumberDetails {
        number, usage, active, province, city, contact_flow_id, contact_flow_name, provider,
        corp_name, note, callback_number_name, callback_number_id, version, created_at;
        state, user_ids, skill_group_ids, holders, tags, reservation: None
    } }
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::domain::Error;

    #[test]
    fn listed_rows_come_in_the_order_of_their_numbers_and_none_is_missing() {
        let texts =
            |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let ordered = |rows| in_order(texts(rows), &texts(&["b", "c", "a"]), |row| row);
        assert_eq!(ordered(&["b", "c", "a"]).unwrap(), texts(&["b", "c", "a"]));
        assert_eq!(ordered(&["a", "b", "c"]).unwrap(), texts(&["b", "c", "a"]));
        for wrong in [&["b", "c"][..], &["b", "c", "a", "a"], &["b", "c", "d"]] {
            assert!(matches!(ordered(wrong), Err(Error::Internal(_))), "{wrong:?}");
        }
    }
}
