//! The change log: its lines by filter and by request, and which of them are undone.

use super::{ReadTx, change_archives, spellings};
use crate::domain::history::{Change, ChangeFilter, Changes};
use crate::domain::{Error, InstanceId};
use crate::store::engine::{Row, of_row};
use rusqlite::params;

/// The changes that a filter lets through.
macro_rules! changes {
    ($tail:expr) => {
        changes!("", "", $tail)
    };
    ($blocks:literal, $condition:expr, $tail:expr) => {
        concat!(
            "SELECT c.change_id, c.changed_at, c.actor, c.via, c.request_id, c.reason, c.entity,
                    c.action, c.instance_id, c.number,
                    c.user_id, c.skill_group_id, c.assignment_id, c.old, c.new FROM ",
            $blocks,
            "change AS c WHERE ",
            $condition,
            " (?1 IS NULL OR c.instance_id = ?1) AND (?2 IS NULL OR c.number = ?2)
                AND (?3 IS NULL OR c.user_id = ?3) AND (?4 IS NULL OR c.skill_group_id = ?4)
                AND (?5 IS NULL OR c.request_id = ?5) AND (?6 IS NULL OR c.entity = ?6)
                AND (?7 IS NULL OR c.actor = ?7) AND (?8 IS NULL OR c.via = ?8)
                AND c.change_id > ?9 AND c.change_id < ?13
                AND (?14 IS NULL OR c.request_id <> ?14)
                AND (?11 IS NULL OR c.changed_at >= ?11) AND (?12 IS NULL OR c.changed_at < ?12) ",
            $tail
        )
    };
}

/// The changes along an index, oldest first and newest first. The indexes hold the rows in the
/// order in which they were made, so that a page is read and not sorted.
macro_rules! along {
    ($condition:literal) => {
        [
            changes!(concat!($condition, " ORDER BY c.change_id LIMIT ?10")),
            changes!(concat!($condition, " ORDER BY c.change_id DESC LIMIT ?10")),
        ]
    };
}

/// The changes in the blocks of the log in which something occurs.
macro_rules! in_blocks {
    ($condition:literal) => {
        [in_blocks!($condition, ""), in_blocks!($condition, " DESC")]
    };
    ($condition:literal, $direction:literal) => {
        changes!(
            "change_block AS b CROSS JOIN ",
            concat!(
                $condition,
                " AND b.instance_id = coalesce(?1, '*') AND b.block BETWEEN ?9 / 256 AND ?13 / 256
                  AND c.change_id BETWEEN b.block * 256 AND b.block * 256 + 255 AND"
            ),
            concat!(" ORDER BY b.block", $direction, ", c.change_id", $direction, " LIMIT ?10")
        )
    };
}

/// The statements of the index that finds the fewest rows for a filter; rows that pass it are
/// checked one by one.
fn statements(filter: &ChangeFilter) -> [&'static str; 2] {
    if filter.request_id.is_some() {
        along!("AND c.request_id = ?5 AND c.request_id <> ''")
    } else if filter.number.is_some() && filter.instance_id.is_some() {
        along!("AND c.instance_id = ?1 AND c.number = ?2")
    } else if filter.user_id.is_some() {
        along!("AND c.user_id = ?3")
    } else if filter.skill_group_id.is_some() {
        along!("AND c.skill_group_id = ?4")
    } else if filter.actor.is_some() {
        in_blocks!("b.kind = 'actor' AND b.value = ?7")
    } else if filter.entity.is_some() {
        in_blocks!("b.kind = 'entity' AND b.value = ?6")
    } else if filter.via.is_some() {
        in_blocks!("b.kind = 'via' AND b.value = ?8")
    } else if filter.instance_id.is_some() {
        in_blocks!("b.kind = 'instance' AND b.value = ''")
    } else {
        along!("")
    }
}

/// The changes that come after one, oldest first, or the last ones, newest first; and, if older
/// ones that were asked for were archived, where those are.
pub fn list(
    tx: &ReadTx<'_>,
    filter: &ChangeFilter,
    after: Option<i64>,
    limit: u64,
) -> Result<Changes, Error> {
    let items = match after {
        Some(seen) => self::after(tx, filter, seen, limit),
        None => newest(tx, filter, limit),
    }?;
    let archived = change_archives::archived(tx)?.filter(|archived| {
        let reached = match after {
            Some(seen) => seen < archived.last_change_id,
            None => (items.len() as u64) < limit,
        };
        reached && filter.since.is_none_or(|since| since < archived.before)
    });
    Ok(Changes { last: items.iter().map(|change| change.change_id).max(), items, archived })
}

/// The changes that come after one, oldest first: the feed. `after` is the last change that was
/// seen; 0 for none.
pub fn after(
    tx: &ReadTx<'_>,
    filter: &ChangeFilter,
    after: i64,
    limit: u64,
) -> Result<Vec<Change>, Error> {
    let [oldest_first, _] = statements(filter);
    read(tx, oldest_first, filter, after, limit)
}

/// The last changes, newest first.
pub fn newest(tx: &ReadTx<'_>, filter: &ChangeFilter, limit: u64) -> Result<Vec<Change>, Error> {
    let [_, newest_first] = statements(filter);
    read(tx, newest_first, filter, 0, limit)
}

/// One change.
pub fn get(tx: &ReadTx<'_>, change_id: i64) -> Result<Option<Change>, Error> {
    let found = read(
        tx,
        changes!("AND c.change_id = ?10"),
        &ChangeFilter::default(),
        0,
        u64::try_from(change_id).unwrap_or(0),
    )?;
    Ok(found.into_iter().next())
}

/// The changes of a request, newest first, up to a limit; `within`: only those of this instance.
/// Hand edits have no request: each is for itself.
pub fn of_request(
    tx: &ReadTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
    most: u64,
) -> Result<Vec<Change>, Error> {
    let filter = ChangeFilter {
        instance_id: within.cloned(),
        request_id: Some(request_id.to_owned()),
        ..ChangeFilter::default()
    };
    newest(tx, &filter, most)
}

/// How many changes a request made; `within`: only those of this instance.
pub fn count_of_request(
    tx: &ReadTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
) -> Result<u64, Error> {
    let sql = "SELECT count(*) FROM change WHERE request_id = ?1 AND request_id <> ''
                  AND (?2 IS NULL OR instance_id = ?2)";
    tx.count(sql, params![request_id, within])
}

/// The instance that a request changed something of, unless there are several.
pub fn instance_of_request(tx: &ReadTx<'_>, request_id: &str) -> Result<Option<InstanceId>, Error> {
    let sql = "SELECT min(instance_id) AS instance_id FROM change
                WHERE request_id = ?1 AND request_id <> ''
               HAVING min(instance_id) = max(instance_id)";
    tx.value(sql, [request_id])
}

/// Whether the log has changes of a request.
pub fn are_of_request(tx: &ReadTx<'_>, request_id: &str) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM change WHERE request_id = ?1 AND request_id <> '')";
    tx.exists(sql, [request_id])
}

/// Whether a change `c` is undone in effect: what undid it last may have been undone itself, and so
/// on.
const UNDONE: &str = "(
    WITH RECURSIVE undoing(change_id, times) AS (
        SELECT c.change_id, 0
        UNION ALL
        SELECT (SELECT max(undone_by) FROM undone AS u WHERE u.change_id = undoing.change_id),
               times + 1
          FROM undoing WHERE undoing.change_id IS NOT NULL)
    SELECT max(times) % 2 FROM undoing WHERE change_id IS NOT NULL)";

/// Whether a change is undone in effect.
pub fn is_undone(tx: &ReadTx<'_>, change_id: i64) -> Result<bool, Error> {
    let sql = format!("SELECT count(*) FROM change AS c WHERE change_id = ?1 AND {UNDONE}");
    tx.exists(&sql, [change_id])
}

/// The request by which the oldest change of a request was undone, which is set back last; none
/// unless the newest is undone, too.
pub fn ends_undone_by(tx: &ReadTx<'_>, request_id: &str) -> Result<Option<String>, Error> {
    let sql = format!(
        "SELECT (SELECT b.request_id FROM undone AS u JOIN change AS b ON b.change_id = u.undone_by
                  WHERE u.change_id = c.change_id ORDER BY u.undone_by DESC LIMIT 1) AS request_id
           FROM change AS c
          WHERE change_id = (SELECT min(change_id) FROM change
                              WHERE request_id = ?1 AND request_id <> '')
            AND {UNDONE}
            AND EXISTS (SELECT 1 FROM change AS c
                         WHERE change_id = (SELECT max(change_id) FROM change
                                             WHERE request_id = ?1 AND request_id <> '')
                           AND {UNDONE})"
    );
    let found: Option<Option<String>> = tx.value(&sql, [request_id])?;
    Ok(found.flatten())
}

/// Whether all changes of a request are undone in effect; of a few.
pub fn are_undone(tx: &ReadTx<'_>, request_id: &str) -> Result<bool, Error> {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT 1 FROM change AS c
                             WHERE request_id = ?1 AND request_id <> '' AND NOT {UNDONE})"
    );
    tx.exists(&sql, [request_id])
}

/// A change that is not undone.
pub struct Undoing {
    /// Its id.
    pub change_id: i64,
    /// The number that it is about.
    pub number: Option<String>,
    /// Whether nothing else depends on it: credentials are not undone.
    pub alone: bool,
}

/// The changes of a request that are not undone, newest first: those before a change, up to a
/// limit. `within`: only those of this instance.
pub fn not_undone(
    tx: &ReadTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
    before: i64,
    most: usize,
) -> Result<Vec<Undoing>, Error> {
    let sql = format!(
        "SELECT change_id, number,
                entity IN ('access_key', 'api_token', 'oauth_client', 'oauth_token') AS alone
           FROM change AS c
                WHERE request_id = ?1 AND request_id <> '' AND change_id < ?2
                  AND (?4 IS NULL OR instance_id = ?4) AND NOT {UNDONE}
                ORDER BY change_id DESC LIMIT ?3"
    );
    let values = params![request_id, before, most as u64, within];
    tx.rows(&sql, values, |row| of_row! { row => Undoing { change_id, number, alone } })
}

/// The request that changed an instance's own row last.
pub fn last_request_for_instance(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
) -> Result<Option<String>, Error> {
    let sql = "SELECT request_id FROM change WHERE entity = 'instance' AND instance_id = ?1
                ORDER BY change_id DESC LIMIT 1";
    // A hand edit has no request.
    Ok(tx.value(sql, [instance_id])?.filter(|id: &String| !id.is_empty()))
}

/// The last change of all; 0 when there is none.
pub fn last_id(tx: &ReadTx<'_>) -> Result<i64, Error> {
    let found = tx.value("SELECT coalesce(max(change_id), 0) FROM change", [])?;
    Ok(found.unwrap_or(0))
}

fn read(
    tx: &ReadTx<'_>,
    sql: &str,
    filter: &ChangeFilter,
    after: i64,
    limit: u64,
) -> Result<Vec<Change>, Error> {
    let instance_id = filter.instance_id.as_ref();
    let number = match (instance_id, &filter.number) {
        (Some(instance_id), Some(number)) => {
            Some(spellings::stored_or_given(tx, instance_id, number)?)
        }
        (_, number) => number.clone(),
    };
    let values = params![
        instance_id,
        number,
        filter.user_id,
        filter.skill_group_id,
        filter.request_id,
        filter.entity,
        filter.actor,
        filter.via,
        after,
        limit,
        filter.since,
        filter.until,
        filter.before.unwrap_or(i64::MAX),
        filter.without
    ];
    tx.rows(sql, values, change)
}

fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    // The log's CHECK says that these are JSON.
    let json = |column| {
        row.get::<_, Option<String>>(column)
            .map(|text| text.and_then(|text| serde_json::from_str(&text).ok()))
    };
    of_row! { row => Change {
        change_id, changed_at, actor, via, request_id, reason, entity, action, instance_id,
        number, user_id, skill_group_id, assignment_id; old: json("old")?, new: json("new")?
    } }
}

#[cfg(test)]
mod tests {
    use super::statements;
    use crate::domain::history::{ChangeFilter, Entity};
    use crate::domain::{InstanceId, Origin};
    use crate::store::fixtures::plan;

    const BLOCKS: &str = "SEARCH b USING PRIMARY KEY (kind=? AND value=? AND instance_id=?";

    #[test]
    fn every_way_into_the_log_has_an_index_in_the_order_of_the_log() {
        let (some, none) = (|| Some("x".to_owned()), ChangeFilter::default);
        let of = || ChangeFilter { instance_id: Some(InstanceId::from("x")), ..none() };
        for (filter, index) in [
            (ChangeFilter { request_id: some(), ..none() }, "change_by_request (request_id=?"),
            (
                ChangeFilter { number: some(), ..of() },
                "change_by_number (instance_id=? AND number=?",
            ),
            (ChangeFilter { user_id: some(), ..none() }, "change_by_user (user_id=?"),
            (
                ChangeFilter { skill_group_id: some(), ..none() },
                "change_by_skill_group (skill_group_id=?",
            ),
            (ChangeFilter { actor: some(), ..of() }, BLOCKS),
            (ChangeFilter { entity: Some(Entity::User), ..of() }, BLOCKS),
            (ChangeFilter { via: Some(Origin::Cli), ..of() }, BLOCKS),
            (of(), BLOCKS),
            (none(), "INTEGER PRIMARY KEY"),
        ] {
            for sql in statements(&filter) {
                let plan = plan(sql, 14);
                let steps = if index == BLOCKS { 2 } else { 1 };
                assert!(plan.len() == steps && plan[0].contains(index), "{index}: {plan:?}");
            }
        }
    }
}
