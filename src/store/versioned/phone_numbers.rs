//! Numbers of an instance, whole.

use crate::domain::phone_number::Usage;
use crate::domain::{ContactFlowId, Error, InstanceId, Missing, Page, PageRequest};
use crate::store::instances::counter;
use crate::store::phone_numbers::contains;
use crate::store::{ReadTx, WriteTx};
use rusqlite::{Row, params};

use super::Order;

/// A number with everything that is kept of it.
#[derive(Clone, Debug)]
pub struct NumberRow {
    /// As it was given.
    pub number: String,
    /// `free`, `bound` or `personal`.
    pub state: String,
    /// The users whom it is personal to, as a JSON array of ids.
    pub user_ids: String,
    /// The skill groups that it is bound to, as a JSON array of ids.
    pub skill_group_ids: String,
    /// What it is used for.
    pub usage: String,
    /// Whether it can be used.
    pub active: bool,
    /// Where it belongs; empty when unknown.
    pub province: String,
    /// Where it belongs; empty when unknown.
    pub city: String,
    /// The contact flow that an incoming call runs through.
    pub contact_flow_id: Option<String>,
    /// Who provides it.
    pub provider: String,
    /// The company that it is registered for.
    pub corp_name: String,
    /// A JSON array of strings.
    pub tags: String,
    /// What VCC clients call it; `None`: its number.
    pub callback_number_name: Option<String>,
    /// Grows with every change, of its holders too.
    pub version: u64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Which numbers are listed; an absent filter lets every number through.
#[derive(Clone, Debug, Default)]
pub struct NumberQuery {
    /// Part of the number, of where it belongs, of its provider or tags, or of a holder's name or id.
    pub search: Option<String>,
    /// `free`, `bound` or `personal`.
    pub state: Option<&'static str>,
    /// Only numbers of this usage.
    pub usage: Option<&'static str>,
    /// Only numbers that can or can't be used.
    pub active: Option<bool>,
    /// Only of this province.
    pub province: Option<String>,
    /// Only of this city.
    pub city: Option<String>,
    /// Only of this contact flow.
    pub contact_flow_id: Option<String>,
    /// 0 by number, 1 by city, 2 by usage, 3 by state, 4 by when it was made.
    pub order: Order,
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

/// The columns of a [`NumberRow`].
macro_rules! columns {
    () => {
        "SELECT n.number, n.state,
                CASE n.state WHEN 'personal' THEN (SELECT json_group_array(user_id) FROM (SELECT a.user_id FROM personal_assignment AS a
                     WHERE a.instance_id = n.instance_id AND a.number = n.number AND a.released_at IS NULL ORDER BY a.user_id)) ELSE '[]' END,
                CASE n.state WHEN 'bound' THEN (SELECT json_group_array(skill_group_id) FROM (SELECT b.skill_group_id FROM skill_group_number AS b
                     WHERE b.instance_id = n.instance_id AND b.number = n.number ORDER BY b.skill_group_id)) ELSE '[]' END,
                n.usage, n.active, n.province, n.city, n.contact_flow_id, n.provider, n.corp_name, n.tags, n.callback_number_name, n.version, n.created_at "
    };
}

/// The rows that a [`NumberQuery`] lets through, but for its state.
macro_rules! filters {
    () => {
        r" FROM phone_number AS n
          WHERE n.instance_id = ?1
            AND (?2 IS NULL OR n.number LIKE ?2 ESCAPE '\' OR n.city LIKE ?2 ESCAPE '\' OR n.province LIKE ?2 ESCAPE '\'
                 OR n.provider LIKE ?2 ESCAPE '\' OR n.tags LIKE ?2 ESCAPE '\'
                 OR (n.state = 'personal' AND EXISTS (SELECT 1 FROM personal_assignment AS a JOIN user AS u ON u.user_id = a.user_id
                      WHERE a.instance_id = n.instance_id AND a.number = n.number AND a.released_at IS NULL
                        AND (u.user_id LIKE ?2 ESCAPE '\' OR u.display_name LIKE ?2 ESCAPE '\')))
                 OR (n.state = 'bound' AND EXISTS (SELECT 1 FROM skill_group_number AS b JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                      WHERE b.instance_id = n.instance_id AND b.number = n.number
                        AND (g.skill_group_id LIKE ?2 ESCAPE '\' OR g.display_name LIKE ?2 ESCAPE '\'))))
            AND (?3 IS NULL OR n.usage = ?3) AND (?4 IS NULL OR n.active = ?4) AND (?5 IS NULL OR n.province = ?5) AND (?6 IS NULL OR n.city = ?6)
            AND (?7 IS NULL OR n.contact_flow_id = ?7) "
    };
}

/// A number of the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<NumberRow, Error> {
    let sql = concat!(columns!(), "FROM phone_number AS n WHERE n.instance_id = ?1 AND n.number = ?2");
    let found = tx.row(sql, params![instance_id.as_str(), number], number_row)?;
    found.ok_or_else(|| Error::NotFound(Missing::Number(number.to_owned(), instance_id.clone())))
}

/// The version of a number, and when it was made.
///
/// # Errors
/// [`Error::NotFound`].
pub fn version(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<(u64, i64), Error> {
    let sql = "SELECT version, created_at FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    let found = tx.row(sql, params![instance_id.as_str(), number], |row| Ok((row.get(0)?, row.get(1)?)))?;
    found.ok_or_else(|| Error::NotFound(Missing::Number(number.to_owned(), instance_id.clone())))
}

/// A page of the instance's numbers.
///
/// # Errors
/// Only those of the database.
pub fn list(tx: &ReadTx<'_>, instance_id: &InstanceId, query: &NumberQuery, page: PageRequest) -> Result<Page<NumberRow>, Error> {
    let like = query.search.as_deref().map(contains);
    let NumberQuery { state, usage, active, province, city, contact_flow_id, order, .. } = query;
    let unfiltered = like.is_none() && usage.is_none() && active.is_none() && province.is_none() && city.is_none() && contact_flow_id.is_none();
    let instance = instance_id.as_str();
    let total = if unfiltered {
        let counter = counter(tx, instance_id)?;
        match *state {
            None => counter.free + counter.bound + counter.personal,
            Some("free") => counter.free,
            Some("bound") => counter.bound,
            Some(_) => counter.personal,
        }
    } else {
        let sql = concat!("SELECT count(*)", filters!(), "AND (?8 IS NULL OR n.state = ?8)");
        tx.count(sql, params![instance, like, usage, active, province, city, contact_flow_id, state])?
    };
    let shown = page.within(total);
    let free = concat!(columns!(), filters!(), "AND n.state = 'free' ORDER BY n.number LIMIT ?8 OFFSET ?9");
    let by_number = concat!(columns!(), filters!(), "AND (?10 IS NULL OR n.state = ?10) ORDER BY n.number LIMIT ?8 OFFSET ?9");
    let by_number_backward = concat!(columns!(), filters!(), "AND (?10 IS NULL OR n.state = ?10) ORDER BY n.number DESC LIMIT ?8 OFFSET ?9");
    let by_key = concat!(
        columns!(),
        filters!(),
        "AND (?10 IS NULL OR n.state = ?10)
         ORDER BY CASE WHEN ?12 THEN NULL WHEN ?11 = 1 THEN n.city WHEN ?11 = 2 THEN n.usage WHEN ?11 = 3 THEN n.state WHEN ?11 = 4 THEN n.created_at END,
                  CASE WHEN NOT ?12 THEN NULL WHEN ?11 = 1 THEN n.city WHEN ?11 = 2 THEN n.usage WHEN ?11 = 3 THEN n.state WHEN ?11 = 4 THEN n.created_at END DESC,
                  n.number LIMIT ?8 OFFSET ?9"
    );
    let (size, offset) = (shown.size, shown.offset());
    let rows = match (order.key, order.backward, *state) {
        // The partial index of the free numbers is used only when the statement says so in letters.
        (0, false, Some("free")) => tx.rows(free, params![instance, like, usage, active, province, city, contact_flow_id, size, offset], number_row)?,
        (0, false, _) => tx.rows(by_number, params![instance, like, usage, active, province, city, contact_flow_id, size, offset, state], number_row)?,
        (0, true, _) => {
            tx.rows(by_number_backward, params![instance, like, usage, active, province, city, contact_flow_id, size, offset, state], number_row)?
        }
        (key, backward, _) => {
            let values = params![instance, like, usage, active, province, city, contact_flow_id, size, offset, state, key, backward];
            tx.rows(by_key, values, number_row)?
        }
    };
    Ok(Page { rows, shown, total })
}

/// Changes a number; `false` when the instance does not have it. What is as it was already is not written, so that
/// neither its version nor the log tells of a change that was none.
///
/// # Errors
/// [`Error::Rule`] for a usage or contact flow that the number can't have.
pub fn update(tx: &WriteTx<'_>, instance_id: &InstanceId, number: &str, edit: &NumberEdit) -> Result<(), Error> {
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
        instance_id.as_str(),
        number,
        edit.usage.map(Usage::name),
        edit.active,
        edit.province,
        edit.city,
        flow.is_some(),
        flow.and_then(|flow| flow.as_ref().map(ContactFlowId::as_str)),
        edit.provider,
        edit.corp_name,
        edit.tags.as_ref().map(|tags| serde_json::Value::from(tags.clone()).to_string()),
        name.is_some(),
        name.and_then(|name| name.as_deref())
    ];
    tx.execute(number, sql, values).map(|_| ())
}

fn number_row(row: &Row<'_>) -> rusqlite::Result<NumberRow> {
    Ok(NumberRow {
        number: row.get(0)?,
        state: row.get(1)?,
        user_ids: row.get(2)?,
        skill_group_ids: row.get(3)?,
        usage: row.get(4)?,
        active: row.get(5)?,
        province: row.get(6)?,
        city: row.get(7)?,
        contact_flow_id: row.get(8)?,
        provider: row.get(9)?,
        corp_name: row.get(10)?,
        tags: row.get(11)?,
        callback_number_name: row.get(12)?,
        version: row.get(13)?,
        created_at: row.get(14)?,
    })
}
