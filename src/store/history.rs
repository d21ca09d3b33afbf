//! Who held what from when to when.
//!
//! Personal numbers are rows from–to. What was bound, and who was a member, is in the change
//! log: a row added begins a line, a row removed ends it. A line begins at the time that its row
//! names, which may be before the log began (a number bound for years, imported today). A row that
//! was removed and put back with its old time, as undoing does, begins when it was put back.
//! Where the change that begins one was archived, the row itself, or the line that ends
//! it, says since when.

use super::{ReadTx, change_archives, phone_numbers, spellings, users};
use crate::domain::history::{
    ChangedBy, HeldNumber, History, HistoryEntry, Holder, HolderKind, HoldersAt, Relation,
};
use crate::domain::{Error, InstanceId, Missing, Page, PageRequest, Timestamp, UserId};
use crate::store::engine::{Row, of_row};
use rusqlite::params;
use std::collections::HashMap;

/// A statement that selects assignments, each with the changes that began and ended it.
macro_rules! select_assignments {
    ($which:literal) => {
        concat!(
            "SELECT a.number, a.user_id, a.assigned_at AS \"from\", a.released_at AS \"to\",
                    g.change_id AS given_change_id, g.actor AS given_by, g.via AS given_via,
                    g.request_id AS given_request_id, g.reason AS given_reason,
                    t.change_id AS taken_change_id, t.actor AS taken_by, t.via AS taken_via,
                    t.request_id AS taken_request_id, t.reason AS taken_reason
               FROM personal_assignment AS a
               LEFT JOIN change AS g ON g.assignment_id = a.assignment_id AND g.action = 'insert'
               LEFT JOIN change AS t ON t.assignment_id = a.assignment_id AND t.action = 'update'
              WHERE ",
            $which,
            " ORDER BY a.assigned_at, a.assignment_id"
        )
    };
}

/// Who held a number at a moment: users and skill groups; without a moment, who holds it now, which
/// is what the open rows say, whatever the clock says. A number that was removed since can be asked
/// for, too.
///
/// # Errors
/// [`Error::NotFound`] for a number that the instance never had.
pub fn whois(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    at: Option<Timestamp>,
) -> Result<Vec<Holder>, Error> {
    let entries = entries_of_number(tx, instance_id, number)?;
    let then = entries.into_iter().filter(|entry| match at {
        Some(at) => entry.from <= at && entry.to.is_none_or(|to| to > at),
        None => entry.to.is_none(),
    });
    let mut holders =
        then.map(|entry| holder(tx, entry)).collect::<Result<Vec<Holder>, Error>>()?;
    holders.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
    Ok(holders)
}

/// Like [`whois`], but with where the log of that time is when it was archived. Whoever holds a
/// number at the end of what was archived, or later, is among the holders all the same.
pub fn holders_at(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: String,
    at: Option<Timestamp>,
) -> Result<HoldersAt, Error> {
    let holders = whois(tx, instance_id, &number, at)?;
    let archived = change_archives::before(tx, at)?;
    Ok(HoldersAt { number, at: at.unwrap_or_else(|| tx.now()), holders, archived })
}

/// A page of a history, with where the older part of it is.
pub fn with_archived(tx: &ReadTx<'_>, page: Page<HistoryEntry>) -> Result<History, Error> {
    Ok(History { listing: page.into(), archived: change_archives::archived(tx)? })
}

/// The numbers that a user held at a moment, or without one holds now, by number. A user who was
/// removed since can be asked for, too.
///
/// # Errors
/// [`Error::NotFound`] for a user whom the instance never had.
pub fn numbers_of_user_at(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    at: Option<Timestamp>,
) -> Result<Vec<HeldNumber>, Error> {
    require_user_ever(tx, instance_id, user_id)?;
    let sql = "SELECT number, assigned_at AS since, released_at AS until FROM personal_assignment
                WHERE user_id = ?2 AND instance_id = ?1 AND CASE
                  WHEN ?3 IS NULL THEN released_at IS NULL
                       ELSE assigned_at <= ?3 AND (released_at IS NULL OR released_at > ?3) END
                       ORDER BY number";
    tx.rows(sql, params![instance_id, user_id, at], held_number)
}

pub(super) fn held_number(row: &Row<'_>) -> rusqlite::Result<HeldNumber> {
    of_row! { row => HeldNumber { number, since, until } }
}

/// The history of a number, the newest first: whom it was personal to, and what it was bound to.
///
/// # Errors
/// [`Error::NotFound`] for a number that the instance never had.
pub fn of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    page: PageRequest,
) -> Result<Page<HistoryEntry>, Error> {
    Ok(shown(entries_of_number(tx, instance_id, number)?, page))
}

/// The history of a user, the newest first: their numbers, and the skill groups that they were in.
///
/// # Errors
/// [`Error::NotFound`] for a user whom the instance never had.
pub fn of_user(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    page: PageRequest,
) -> Result<Page<HistoryEntry>, Error> {
    require_user_ever(tx, instance_id, user_id)?;
    let mut entries = tx.rows(
        select_assignments!("a.user_id = ?2 AND a.instance_id = ?1"),
        params![instance_id, user_id],
        assignment,
    )?;
    let logged = tx.rows(
        "SELECT action = 'insert' AS begins, skill_group_id, user_id AS what, changed_at,
                json_extract(coalesce(new, old), '$.added_at') AS since,
                change_id, actor AS by, via, request_id, reason
           FROM change WHERE user_id = ?2 AND instance_id = ?1 AND entity = 'skill_group_member'
             AND action <> 'update' ORDER BY change_id",
        params![instance_id, user_id],
        logged,
    )?;
    let open = tx.rows(
        "SELECT skill_group_id, user_id AS what, added_at AS since FROM skill_group_member
          WHERE user_id = ?2 AND instance_id = ?1 ORDER BY skill_group_id",
        params![instance_id, user_id],
        open,
    )?;
    entries.extend(lines(logged, open, Relation::Member));
    Ok(shown(entries, page))
}

/// What happened to a number, under whatever spelling the instance had it then.
fn entries_of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<HistoryEntry>, Error> {
    let mut entries = Vec::new();
    let mut known = false;
    for spelling in spellings::ever(tx, instance_id, number)? {
        entries.extend(entries_of_spelling(tx, instance_id, &spelling)?);
        known |= tx.count(
            "SELECT EXISTS (SELECT 1 FROM change WHERE instance_id = ?1 AND number = ?2)",
            params![instance_id, spelling],
        )? == 1;
    }
    if entries.is_empty() && !known {
        or_archived(tx, phone_numbers::require(tx, instance_id, number).map(|_| ()))?;
    }
    Ok(entries)
}

fn entries_of_spelling(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<HistoryEntry>, Error> {
    let mut entries = tx.rows(
        select_assignments!("a.instance_id = ?1 AND a.number = ?2"),
        params![instance_id, number],
        assignment,
    )?;
    let logged = tx.rows(
        "SELECT action = 'insert' AS begins, skill_group_id, number AS what, changed_at,
                json_extract(coalesce(new, old), '$.bound_at') AS since,
                change_id, actor AS by, via, request_id, reason
           FROM change WHERE instance_id = ?1 AND number = ?2 AND entity = 'skill_group_number'
           ORDER BY change_id",
        params![instance_id, number],
        logged,
    )?;
    let open = tx.rows(
        "SELECT skill_group_id, number AS what, bound_at AS since FROM skill_group_number
          WHERE instance_id = ?1 AND number = ?2",
        params![instance_id, number],
        open,
    )?;
    entries.extend(lines(logged, open, Relation::Bound));
    Ok(entries)
}

/// Checks that the instance has the user, or had them.
pub fn require_user_ever(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
) -> Result<(), Error> {
    let known = tx.count(
        "SELECT EXISTS (SELECT 1 FROM change WHERE user_id = ?2 AND instance_id = ?1)
             OR EXISTS (SELECT 1 FROM personal_assignment WHERE user_id = ?2 AND instance_id = ?1)",
        params![instance_id, user_id],
    )?;
    if known == 1 {
        return Ok(());
    }
    or_archived(tx, users::require(tx, instance_id, user_id))
}

/// What does not exist may have been there when the log that is archived was written.
fn or_archived(tx: &ReadTx<'_>, required: Result<(), Error>) -> Result<(), Error> {
    match required {
        Err(Error::NotFound(missing @ (Missing::Number(..) | Missing::User(..)))) => {
            Err(change_archives::not_found(tx, missing)?)
        }
        other => other,
    }
}

/// A page of a history, the newest first.
fn shown(mut entries: Vec<HistoryEntry>, page: PageRequest) -> Page<HistoryEntry> {
    let begun = |entry: &HistoryEntry| (entry.from, entry.begun.as_ref().map(|by| by.change_id));
    entries.sort_by_key(|entry| std::cmp::Reverse(begun(entry)));
    let total = entries.len() as u64;
    let shown = page.within(total);
    let (skip, take) = (
        usize::try_from(shown.offset()).unwrap_or(usize::MAX),
        usize::try_from(shown.size).unwrap_or(usize::MAX),
    );
    Page { rows: entries.into_iter().skip(skip).take(take).collect(), shown, total }
}

fn holder(tx: &ReadTx<'_>, entry: HistoryEntry) -> Result<Holder, Error> {
    let since = entry.from;
    let (kind, id, sql) = match (entry.user_id, entry.skill_group_id) {
        (Some(user_id), _) => {
            (HolderKind::User, user_id, "SELECT display_name FROM user WHERE user_id = ?1")
        }
        (None, group) => {
            let sql = "SELECT coalesce(nullif(display_name, ''), name) FROM skill_group
                        WHERE skill_group_id = ?1";
            (HolderKind::SkillGroup, group.unwrap_or_default(), sql)
        }
    };
    let display_name = tx.value(sql, [&id])?.unwrap_or_default();
    Ok(Holder { kind, id, display_name, since })
}

/// A change that begins or ends a line.
struct Logged {
    begins: bool,
    skill_group_id: String,
    /// The number that is bound, or the user who is a member.
    what: String,
    changed_at: Timestamp,
    /// The time that the row names.
    since: Timestamp,
    by: ChangedBy,
}

/// A row that is there now.
struct Open {
    skill_group_id: String,
    /// The number that is bound, or the user who is a member.
    what: String,
    since: Timestamp,
}

/// Puts what the log says of one number, or of one user, together into lines from–to.
fn lines(logged: Vec<Logged>, open: Vec<Open>, relation: Relation) -> Vec<HistoryEntry> {
    let mut lines: Vec<HistoryEntry> = Vec::new();
    // For each skill group its last line.
    let mut last: HashMap<String, usize> = HashMap::new();
    for row in logged {
        let before = last.get(&row.skill_group_id).copied();
        let is_open = before.is_some_and(|index| lines[index].to.is_none());
        if row.begins || !is_open {
            let ended = before.and_then(|index| lines[index].to).filter(|_| row.begins);
            let from = match ended {
                // Undone, it began when it was undone, even if both were in one millisecond before.
                Some(ended) if ended >= row.since => row.changed_at,
                _ => row.since,
            };
            last.insert(row.skill_group_id.clone(), lines.len());
            let begun = row.begins.then(|| row.by.clone());
            lines.push(line(relation, row.skill_group_id.clone(), row.what, from, begun));
        }
        let this = last.get(&row.skill_group_id).and_then(|index| lines.get_mut(*index));
        if let (false, Some(line)) = (row.begins, this) {
            line.to = Some(row.changed_at.max(line.from));
            line.ended = Some(row.by);
        }
    }
    let is_known =
        |row: &Open| last.get(&row.skill_group_id).is_some_and(|index| lines[*index].to.is_none());
    let unknown: Vec<Open> = open.into_iter().filter(|row| !is_known(row)).collect();
    lines.extend(
        unknown
            .into_iter()
            .map(|row| line(relation, row.skill_group_id, row.what, row.since, None)),
    );
    lines
}

/// A line that has not ended.
fn line(
    relation: Relation,
    skill_group_id: String,
    what: String,
    from: Timestamp,
    begun: Option<ChangedBy>,
) -> HistoryEntry {
    let (number, user_id) = match relation {
        Relation::Member => (None, Some(what)),
        Relation::Bound | Relation::Personal => (Some(what), None),
    };
    let skill_group_id = Some(skill_group_id);
    HistoryEntry { relation, number, user_id, skill_group_id, from, to: None, begun, ended: None }
}

fn open(row: &Row<'_>) -> rusqlite::Result<Open> {
    of_row! { row => Open { skill_group_id, what, since } }
}

fn logged(row: &Row<'_>) -> rusqlite::Result<Logged> {
    let by = of_row! { row => ChangedBy { change_id, by, via, request_id, reason } }?;
    of_row! { row => Logged { begins, skill_group_id, what, changed_at, since; by } }
}

fn assignment(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let changed_by = |[id, by, via, request_id, reason]: [&'static str; 5]| {
        let Some(change_id) = row.get(id)? else { return Ok(None) };
        let (by, via) = (row.get(by)?, row.get(via)?);
        let (request_id, reason) = (row.get(request_id)?, row.get(reason)?);
        Ok::<_, rusqlite::Error>(Some(ChangedBy { change_id, by, via, request_id, reason }))
    };
    of_row! { row => HistoryEntry {
        number, user_id, from, to; relation: Relation::Personal, skill_group_id: None,
        begun: changed_by([
            "given_change_id", "given_by", "given_via", "given_request_id", "given_reason"
        ])?,
        ended: changed_by([
            "taken_change_id", "taken_by", "taken_via", "taken_request_id", "taken_reason"
        ])?
    } }
}
