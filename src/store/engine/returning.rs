//! Who comes back with a backup that was made before they were forgotten.

use super::backups::identity;
use super::open;
use crate::domain::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// Somebody whose data was erased after a backup was made, which still has them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Returning {
    /// Their login name, in the backup; none if it can't be told.
    pub login_name: Option<String>,
    /// What they were called since.
    pub pseudonym: String,
    /// When they were forgotten.
    pub forgotten_at: Timestamp,
}

/// Those who were forgotten in the database that is there, and not in a copy of its backup. A
/// database that can't be read, or that the backup is not of, says nothing of that.
pub fn returning(database: &Path, copy: &Path) -> Vec<Returning> {
    let both = || {
        let there = open::read_only(database).ok()?;
        Some((there, open::read_only(copy).ok()?))
    };
    let Some((there, copy)) = both().filter(|_| database.exists()) else { return Vec::new() };
    let is_own = identity(&there).is_ok_and(|own| identity(&copy).is_ok_and(|its| its == own));
    if is_own { between(&there, &copy).unwrap_or_default() } else { Vec::new() }
}

fn between(there: &Connection, copy: &Connection) -> rusqlite::Result<Vec<Returning>> {
    let sql = "SELECT pseudonym, forgotten_at FROM forgotten_person ORDER BY forgotten_at";
    let mut forgotten = there.prepare(sql)?;
    let forgotten = forgotten.query_map([], |row| {
        Ok(Returning {
            login_name: None,
            pseudonym: row.get("pseudonym")?,
            forgotten_at: Timestamp::from_millis(row.get("forgotten_at")?),
        })
    })?;
    let mut returning = Vec::new();
    for person in forgotten {
        let mut person = person?;
        let sql = "SELECT 1 FROM forgotten_person WHERE pseudonym = ?1";
        if copy.query_row(sql, [&person.pseudonym], |_| Ok(())).optional()?.is_none() {
            person.login_name = login_name(there, copy, &person.pseudonym)?;
            returning.push(person);
        }
    }
    Ok(returning)
}

/// A line of the change log about their login, or a period of theirs, has the same id in both.
fn login_name(
    there: &Connection,
    copy: &Connection,
    pseudonym: &str,
) -> rusqlite::Result<Option<String>> {
    let own = "SELECT change_id FROM change WHERE entity = 'ram_user'
                  AND json_extract(coalesce(new, old), '$.login_name') = ?1";
    let its = "SELECT json_extract(coalesce(new, old), '$.login_name') FROM change
                WHERE change_id = ?1 AND entity = 'ram_user'";
    let by_log = same(there, own, copy, its, pseudonym)?;
    if by_log.is_some() {
        return Ok(by_log);
    }
    let own = "SELECT assignment_id FROM personal_assignment
                WHERE user_id = ?1 || '@' || instance_id";
    let its = "SELECT substr(user_id, 1, length(user_id) - length(instance_id) - 1)
                 FROM personal_assignment WHERE assignment_id = ?1";
    same(there, own, copy, its, pseudonym)
}

fn same(
    there: &Connection,
    own: &str,
    copy: &Connection,
    its: &str,
    pseudonym: &str,
) -> rusqlite::Result<Option<String>> {
    let mut ids = there.prepare(own)?;
    let ids: Vec<i64> =
        ids.query_map([pseudonym], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for id in ids {
        let found: Option<String> = copy.query_row(its, [id], |row| row.get(0)).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
