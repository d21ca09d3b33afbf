//! Numbers of an instance, whole.

use crate::domain::history::{Holder, HolderKind};
use crate::domain::phone_number::{NumberDetails, NumberFilter, NumberState, Usage};
use crate::domain::{ContactFlowId, Error, InstanceId, Missing, Page, PageRequest, Timestamp};
use crate::store::engine::{Order, Row, like_pattern, order_keys};
use crate::store::instances::counter;
use crate::store::{ReadTx, WriteTx};
use rusqlite::params;

/// Which numbers are listed; an absent filter lets every number through.
#[derive(Clone, Debug, Default)]
pub struct NumberQuery {
    /// Part of the number, of where it belongs, of its provider or tags, or of a holder's name or
    /// id.
    pub search: Option<String>,
    /// Only numbers in this state.
    pub state: Option<NumberState>,
    /// Only numbers of this usage.
    pub usage: Option<Usage>,
    /// Only numbers that can or can't be used.
    pub active: Option<bool>,
    /// Only of this province.
    pub province: Option<String>,
    /// Only of this city.
    pub city: Option<String>,
    /// Only of this contact flow.
    pub contact_flow_id: Option<String>,
    /// What they are sorted by.
    pub order: Order<NumberOrder>,
}

/// What of a number is changed; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct NumberEdit {
    /// What it is used for.
    pub usage: Option<Usage>,
    /// Whether it can be used.
    pub active: Option<bool>,
    /// Where it belongs.
    pub province: Option<String>,
    /// Where it belongs.
    pub city: Option<String>,
    /// The contact flow, or none.
    pub contact_flow_id: Option<Option<ContactFlowId>>,
    /// Who provides it.
    pub provider: Option<String>,
    /// The company that it is registered for.
    pub corp_name: Option<String>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// What VCC clients call it, or none.
    pub callback_number_name: Option<Option<String>>,
}

order_keys! {
    /// What numbers are sorted by.
    NumberOrder {
        /// The number.
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

/// The columns of a [`NumberDetails`].
macro_rules! columns {
    () => {
        "SELECT n.number, n.state,
                CASE n.state
                WHEN 'personal' THEN
                    (SELECT json_group_array(json_array(user_id, display_name, since))
                       FROM (SELECT a.user_id, coalesce(u.display_name, '') AS display_name,
                                    a.assigned_at AS since
                               FROM personal_assignment AS a
                               LEFT JOIN user AS u ON u.user_id = a.user_id
                              WHERE a.instance_id = n.instance_id AND a.number = n.number
                                AND a.released_at IS NULL
                              ORDER BY a.user_id))
                WHEN 'bound' THEN
                    (SELECT json_group_array(json_array(skill_group_id, display_name, since))
                       FROM (SELECT b.skill_group_id, coalesce(g.display_name, '') AS display_name,
                                    b.bound_at AS since
                               FROM skill_group_number AS b
                               LEFT JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                              WHERE b.instance_id = n.instance_id AND b.number = n.number
                              ORDER BY b.skill_group_id))
                ELSE '[]' END AS holders,
                n.usage, n.active, n.province, n.city, n.contact_flow_id,
                (SELECT f.name FROM contact_flow AS f WHERE f.contact_flow_id = n.contact_flow_id) AS contact_flow_name,
                n.provider, n.corp_name, n.tags, n.callback_number_name, n.version, n.created_at "
    };
}

/// The numbers that a [`NumberQuery`] lets through, along the index that has all that it looks at.
macro_rules! filtered {
    ($select:literal, $order:expr) => {
        concat!(
            $select,
            r" FROM phone_number AS n INDEXED BY phone_number_searched
              WHERE n.instance_id = ?1 AND n.phone_number_id > 0
                AND (?2 IS NULL OR n.number LIKE ?2 ESCAPE '\' OR n.city LIKE ?2 ESCAPE '\' OR n.province LIKE ?2 ESCAPE '\'
                     OR n.provider LIKE ?2 ESCAPE '\' OR n.tags LIKE ?2 ESCAPE '\'
                     OR n.number IN (SELECT a.number
                          FROM user AS u CROSS JOIN personal_assignment AS a INDEXED BY personal_assignment_open_by_user ON a.user_id = u.user_id
                         WHERE u.instance_id = ?1 AND a.released_at IS NULL AND (u.user_id LIKE ?2 ESCAPE '\' OR u.display_name LIKE ?2 ESCAPE '\'))
                     OR n.number IN (SELECT b.number FROM skill_group AS g CROSS JOIN skill_group_number AS b ON b.skill_group_id = g.skill_group_id
                         WHERE g.instance_id = ?1 AND (g.skill_group_id LIKE ?2 ESCAPE '\' OR g.display_name LIKE ?2 ESCAPE '\')))
                AND (?3 IS NULL OR n.usage = ?3) AND (?4 IS NULL OR n.active = ?4) AND (?5 IS NULL OR n.province = ?5) AND (?6 IS NULL OR n.city = ?6)
                AND (?7 IS NULL OR n.contact_flow_id = ?7) AND (?8 IS NULL OR n.state = ?8) ",
            $order
        )
    };
}

/// All numbers in an order, which has an index of its own.
macro_rules! all {
    ($order:expr) => {
        concat!("SELECT n.number FROM phone_number AS n WHERE n.instance_id = ?1 AND n.phone_number_id > 0 ORDER BY ", $order, " LIMIT ?2 OFFSET ?3")
    };
}

/// The statements for each order of the list, forward and backward: for all numbers, and for those
/// that a query lets through.
macro_rules! orders {
    ($($key:literal,)*) => {
        const ALL: &[[&str; 2]] = &[$([all!(concat!($key, ", n.number")), all!(concat!($key, " DESC, n.number DESC"))],)*];
        const FILTERED: &[[&str; 2]] = &[$([
            filtered!("SELECT n.number", concat!("ORDER BY ", $key, ", n.number LIMIT ?9 OFFSET ?10")),
            filtered!("SELECT n.number", concat!("ORDER BY ", $key, " DESC, n.number DESC LIMIT ?9 OFFSET ?10")),
        ],)*];
    };
}

orders! { "n.number", "n.city", "n.usage", "n.state", "n.created_at", }

/// The numbers of one state, forward and backward.
const OF_STATE: [&str; 2] = [
    "SELECT number FROM phone_number WHERE instance_id = ?1 AND state = ?4 ORDER BY number LIMIT ?2 OFFSET ?3",
    "SELECT number FROM phone_number WHERE instance_id = ?1 AND state = ?4 ORDER BY number DESC LIMIT ?2 OFFSET ?3",
];

/// A number of the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<NumberDetails, Error> {
    let sql =
        concat!(columns!(), "FROM phone_number AS n WHERE n.instance_id = ?1 AND n.number = ?2");
    let found = tx.row(sql, params![instance_id, number], number_row)?;
    found.ok_or_else(|| Error::NotFound(Missing::Number(number.to_owned(), instance_id.clone())))
}

/// The version of a number, and when it was made.
///
/// # Errors
/// [`Error::NotFound`].
pub fn version(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<(u64, i64), Error> {
    let sql = "SELECT version, created_at FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    let found = tx.row(sql, params![instance_id, number], |row| {
        Ok((row.get("version")?, row.get("created_at")?))
    })?;
    found.ok_or_else(|| Error::NotFound(Missing::Number(number.to_owned(), instance_id.clone())))
}

/// The numbers of an instance that a filter lets through, by number.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    filter: &NumberFilter,
    page: PageRequest,
) -> Result<Page<NumberDetails>, Error> {
    let NumberFilter { search_pattern, usage, active } = filter;
    let like = search_pattern.as_deref().map(like_pattern);
    let total = if like.is_none() && usage.is_none() && active.is_none() {
        counter(tx, instance_id)?.total()
    } else {
        tx.count(
            r"SELECT count(*) FROM phone_number INDEXED BY phone_number_searched
               WHERE instance_id = ?1 AND phone_number_id > 0
                 AND (?2 IS NULL OR number LIKE ?2 ESCAPE '\')
                 AND (?3 IS NULL OR usage = ?3) AND (?4 IS NULL OR active = ?4)",
            params![instance_id, like, usage, active],
        )?
    };
    let sql = concat!(
        columns!(),
        r"FROM phone_number AS n
          WHERE n.instance_id = ?1
            AND n.number IN (SELECT s.number FROM phone_number AS s INDEXED BY phone_number_searched
                              WHERE s.instance_id = ?1 AND s.phone_number_id > 0
                                AND (?2 IS NULL OR s.number LIKE ?2 ESCAPE '\')
                                AND (?3 IS NULL OR s.usage = ?3) AND (?4 IS NULL OR s.active = ?4)
                              ORDER BY s.number LIMIT ?5 OFFSET ?6)
          ORDER BY n.number"
    );
    tx.page(page, total, sql, params![instance_id, like, usage, active], number_row)
}

/// A page of the instance's numbers.
pub fn search(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    page: PageRequest,
) -> Result<Page<NumberDetails>, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let NumberQuery { state, usage, active, province, city, contact_flow_id, order, .. } = query;
    let unfiltered = like.is_none()
        && usage.is_none()
        && active.is_none()
        && province.is_none()
        && city.is_none()
        && contact_flow_id.is_none();
    let instance = instance_id;
    let total = if unfiltered {
        let counter = counter(tx, instance_id)?;
        match *state {
            None => counter.total(),
            Some(NumberState::Free) => counter.free,
            Some(NumberState::Bound) => counter.bound,
            Some(NumberState::Personal) => counter.personal,
        }
    } else {
        tx.count(
            filtered!("SELECT count(*)", ""),
            params![instance, like, usage, active, province, city, contact_flow_id, state],
        )?
    };
    let shown = page.within(total);
    let (size, offset) = (shown.rows(total), shown.offset());
    let (key, direction) = (order.key as usize, usize::from(order.backward));
    let read = |row: &Row<'_>| row.get("number");
    // Only the numbers of the page, out of an index; whole rows are fetched for these alone.
    let numbers: Vec<String> = match (unfiltered, *state, key) {
        (true, None, key) => tx.rows(ALL[key][direction], params![instance, size, offset], read)?,
        (true, Some(state), 0) => {
            tx.rows(OF_STATE[direction], params![instance, size, offset, state], read)?
        }
        (_, state, key) => tx.rows(
            FILTERED[key][direction],
            params![
                instance,
                like,
                usage,
                active,
                province,
                city,
                contact_flow_id,
                state,
                size,
                offset
            ],
            read,
        )?,
    };
    let rows =
        numbers.iter().map(|number| get(tx, instance_id, number)).collect::<Result<_, _>>()?;
    Ok(Page { rows, shown, total })
}

/// The numbers that a query lets through with their versions, by number; the first `limit`.
pub fn matching(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &NumberQuery,
    limit: usize,
) -> Result<Vec<(String, u64)>, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let NumberQuery { state, usage, active, province, city, contact_flow_id, .. } = query;
    let sql = filtered!(
        "SELECT n.number, (SELECT version FROM phone_number WHERE phone_number_id = n.phone_number_id) AS version",
        "ORDER BY n.number LIMIT ?9"
    );
    let instance = instance_id.as_str();
    let values =
        params![instance, like, usage, active, province, city, contact_flow_id, state, limit];
    tx.rows(sql, values, |row| Ok((row.get("number")?, row.get("version")?)))
}

/// Changes a number. A field that has the value already is not written, so that an edit without a
/// change neither raises the version nor reaches the log.
///
/// # Errors
/// [`Error::Rule`] for a usage or contact flow that the number can't have.
pub fn update(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    edit: &NumberEdit,
) -> Result<(), Error> {
    let sql = "UPDATE phone_number
                  SET usage = coalesce(?3, usage), active = coalesce(?4, active), province = coalesce(?5, province), city = coalesce(?6, city),
                      contact_flow_id = CASE WHEN ?7 THEN ?8 ELSE contact_flow_id END, provider = coalesce(?9, provider),
                      corp_name = coalesce(?10, corp_name), tags = coalesce(?11, tags),
                      callback_number_name = CASE WHEN ?12 THEN ?13 ELSE callback_number_name END
                WHERE instance_id = ?1 AND number = ?2
                  AND (usage <> ?3 OR active <> ?4 OR province <> ?5 OR city <> ?6 OR (?7 AND contact_flow_id IS NOT ?8) OR provider <> ?9
                       OR corp_name <> ?10 OR tags <> ?11 OR (?12 AND callback_number_name IS NOT ?13))";
    let flow = edit.contact_flow_id.as_ref();
    let name = edit.callback_number_name.as_ref();
    let values = params![
        instance_id,
        number,
        edit.usage,
        edit.active,
        edit.province,
        edit.city,
        flow.is_some(),
        flow.and_then(|flow| flow.as_ref()),
        edit.provider,
        edit.corp_name,
        edit.tags.as_ref().map(|tags| serde_json::Value::from(tags.clone()).to_string()),
        name.is_some(),
        name.and_then(|name| name.as_deref())
    ];
    tx.execute(number, sql, values).map(|_| ())
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
    rows.into_iter().map(holder).collect()
}

fn number_row(row: &Row<'_>) -> rusqlite::Result<NumberDetails> {
    let (state, array, tags): (_, String, String) =
        (row.get("state")?, row.get("holders")?, row.get("tags")?);
    let holders = holders(state, &array);
    let ids = |kind: HolderKind| {
        holders
            .iter()
            .filter(|holder| holder.kind == kind)
            .map(|holder| holder.id.clone())
            .collect()
    };
    Ok(NumberDetails {
        number: row.get("number")?,
        state,
        user_ids: ids(HolderKind::User),
        skill_group_ids: ids(HolderKind::SkillGroup),
        holders,
        usage: row.get("usage")?,
        active: row.get("active")?,
        province: row.get("province")?,
        city: row.get("city")?,
        contact_flow_id: row.get("contact_flow_id")?,
        contact_flow_name: row.get("contact_flow_name")?,
        provider: row.get("provider")?,
        corp_name: row.get("corp_name")?,
        // The schema checks that this is an array of strings.
        tags: serde_json::from_str(&tags).unwrap_or_default(),
        callback_number_name: row.get("callback_number_name")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::{ALL, FILTERED, OF_STATE};
    use crate::store::engine::plans::plan;

    #[test]
    fn every_order_of_all_numbers_and_of_one_state_is_read_along_an_index_and_not_sorted() {
        for (sql, parameters) in
            ALL.iter().flatten().map(|sql| (*sql, 3)).chain(OF_STATE.map(|sql| (sql, 4)))
        {
            let plan = plan(sql, parameters);
            assert!(plan.len() == 1 && plan[0].contains("USING COVERING INDEX"), "{sql}: {plan:?}");
        }
    }

    #[test]
    fn a_search_and_a_filter_read_the_index_that_has_all_they_look_at() {
        for sql in FILTERED.iter().flatten() {
            let plan = plan(sql, 10);
            assert!(
                plan[0].starts_with("SEARCH n USING COVERING INDEX phone_number_searched"),
                "{sql}: {plan:?}"
            );
        }
    }
}
