//! People whose erased data is still in a backup.

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
        if copy.query_row(sql, [&person.pseudonym], |_| Ok(())).optional()?.is_none()
            && !is_newer(there, copy, &person.pseudonym)?
        {
            person.login_name = login_name(there, copy, &person.pseudonym)?;
            returning.push(person);
        }
    }
    Ok(returning)
}

/// Whether somebody came only after the last change that the copy knows.
fn is_newer(there: &Connection, copy: &Connection, pseudonym: &str) -> rusqlite::Result<bool> {
    let last: Option<i64> =
        copy.query_row("SELECT max(changed_at) FROM change", [], |row| row.get(0))?;
    let sql = "SELECT coalesce(min(changed_at) > ?2, 0) FROM change
                WHERE entity = 'ram_user' AND action = 'insert'
                  AND json_extract(new, '$.login_name') = ?1";
    there.query_row(sql, rusqlite::params![pseudonym, last], |row| row.get(0))
}

/// The login name that somebody with a pseudonym has in the copy: a change about their login, or a
/// period of theirs, is looked for in both. Ids alone don't tell, because they mean different
/// things once a backup was restored and work went on.
fn login_name(
    there: &Connection,
    copy: &Connection,
    pseudonym: &str,
) -> rusqlite::Result<Option<String>> {
    let own = "SELECT change_id AS id, changed_at || ' ' || action || ' ' || request_id AS line FROM change
                WHERE entity = 'ram_user' AND json_extract(coalesce(new, old), '$.login_name') = ?1";
    let its = "SELECT json_extract(coalesce(new, old), '$.login_name') FROM change
                WHERE change_id = ?1 AND entity = 'ram_user'
                  AND changed_at || ' ' || action || ' ' || request_id = ?2";
    let by_log = same(there, own, copy, its, pseudonym)?;
    if by_log.is_some() {
        return Ok(by_log);
    }
    let own =
        "SELECT assignment_id AS id, number || ' ' || assigned_at AS line FROM personal_assignment
                WHERE user_id = ?1 || '@' || instance_id";
    let its = "SELECT substr(user_id, 1, length(user_id) - length(instance_id) - 1)
                 FROM personal_assignment
                WHERE assignment_id = ?1 AND number || ' ' || assigned_at = ?2";
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
    let ids = ids.query_map([pseudonym], |row| Ok((row.get("id")?, row.get("line")?)))?;
    for line in ids.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
        let found: Option<String> = copy.query_row(its, line, |row| row.get(0)).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
