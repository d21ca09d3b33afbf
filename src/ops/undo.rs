//! Undoing a change, or all changes of a request, in one request, which can itself be undone.
//!
//! Each change is set back on its own, newest first, and refused when something newer blocks it:
//! when the row is no longer what the log says it became, or when a rule refuses. What was given is
//! taken back by closing its row of the assignment history, and what was released is given again as
//! a new row: history is never rewritten. Everything else comes back with the times and GUIDs that
//! it had. Credentials and passwords stay as they are.

use super::stop::{Stop, attempt, kept_if, stop};
use super::users::keeping_an_admin;
use crate::domain::batch::{BatchMode, Outcome, Refusal, RefusalCode};
use crate::domain::history::{Action, Change, Entity};
use crate::domain::run::AT_ONCE;
use crate::domain::undo::{UndoReport, UndoTarget, UndoneChange};
use crate::domain::{Error, InstanceId, Missing, Rule, UserId};
use crate::store::changes::Undoing;
use crate::store::undo::{Undoable, open_assignment, record_undone, undone_by};
use crate::store::{
    ReadTx, WriteTx, change_archives, changes, forgotten_people, holders, personal_assignments,
    reservations,
};
use serde_json::{Value, json};

/// Undoes one change, or all of a request, newest first. A change is refused when something newer
/// blocks it; the mode says whether the others are set back then. `within`: only changes of this
/// instance are seen; the account's root gives none.
///
/// # Errors
/// [`Error::NotFound`] for the change, and [`Error::LastAdmin`] for the one that made them Admin.
pub fn undo(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    target: &UndoTarget,
    mode: BatchMode,
) -> Result<UndoReport, Error> {
    let (seen, untried) = seen(tx, within, target)?;
    let all = || {
        let refusals = set_back(tx, &seen)?;
        let rows = seen.iter().zip(refusals).map(|(change, refusal)| UndoneChange {
            change_id: change.change_id,
            entity: change.entity,
            action: change.action,
            subject: change.subject(),
            outcome: if refusal.is_some() { Outcome::Refused } else { Outcome::Done },
            refusal,
        });
        Ok(UndoReport { untried, ..UndoReport::new(mode, rows.collect()) })
    };
    keeping_an_admin(tx, within, || kept_if(tx, |report| report.applied, all))
}

/// The changes that are to be undone, newest first; of a request the newest thousand, and how many
/// more there are.
fn seen(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    target: &UndoTarget,
) -> Result<(Vec<Change>, Option<u64>), Error> {
    let (seen, untried, name) = match target {
        UndoTarget::Change(id) => {
            let is_within = |change: &Change| {
                within.is_none_or(|within| change.instance_id.as_deref() == Some(within.as_str()))
            };
            let found = changes::get(tx, *id)?.filter(is_within);
            (Vec::from_iter(found), None, id.to_string())
        }
        UndoTarget::Request(id) => {
            let seen = changes::of_request(tx, within, id, AT_ONCE as u64)?;
            let untried = changes::count_of_request(tx, within, id)? - seen.len() as u64;
            (seen, Some(untried).filter(|untried| *untried > 0), id.clone())
        }
    };
    if seen.is_empty() {
        return Err(change_archives::not_found(tx, Missing::Change(name))?);
    }
    Ok((seen, untried))
}

/// Sets the rows back, and says of each why it could not be. What a trigger changed along with a
/// row may come before or after it in the log, so whatever was refused is tried again as long as
/// others are done.
fn set_back(tx: &WriteTx<'_>, changes: &[Change]) -> Result<Vec<Option<Refusal>>, Error> {
    let mut refusals: Vec<Option<Refusal>> = vec![None; changes.len()];
    let mut left: Vec<usize> = (0..changes.len()).collect();
    loop {
        let mut refused = Vec::new();
        for &index in &left {
            refusals[index] = attempt(tx, || set_back_one(tx, &changes[index]))?.err();
            if refusals[index].is_some() {
                refused.push(index);
            }
        }
        if refused.is_empty() || refused.len() == left.len() {
            return Ok(refusals);
        }
        left = refused;
    }
}

/// What a request changed before the change `before` and nobody has undone, newest first, in lists
/// of changes that are set back together: what was done with one number, and what followed from
/// that. At most `most` changes, with the last of them if there are more; `within`: only those of
/// this instance.
pub(super) fn next_lists(
    tx: &ReadTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
    before: i64,
    most: usize,
) -> Result<(Vec<Value>, Option<i64>), Error> {
    let changes = changes::not_undone(tx, within, request_id, before, most)?;
    // What names no number, such as a user whose number was taken, may need the older one beside
    // it.
    let are_one = |one: &Undoing, older: &Undoing| match &one.number {
        _ if one.alone || older.alone => false,
        Some(_) => one.number == older.number,
        None => older.number.is_some(),
    };
    let mut lists: Vec<Vec<i64>> = changes
        .chunk_by(are_one)
        .map(|list| list.iter().map(|change| change.change_id).collect())
        .collect();
    if changes.len() == most {
        // The last list may go on.
        if lists.len() == 1 {
            return next_lists(tx, within, request_id, before, most * 2);
        }
        lists.pop();
    }
    let more = if changes.len() == most { lists.last().and_then(|list| list.last()) } else { None };
    Ok((lists.iter().map(|list| json!(list)).collect(), more.copied()))
}

/// Sets changes back that belong together, or none of them. Those that somebody else has undone
/// meanwhile are as they should be; `false` when all of them are.
pub(super) fn set_back_list(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    change_ids: &[i64],
) -> Result<bool, Stop> {
    let run = || {
        let found: Result<Vec<Option<Change>>, _> =
            change_ids.iter().map(|id| changes::get(tx, *id)).collect();
        let found = found?;
        if found.iter().any(Option::is_none) {
            let detail = "it is no longer in the change log: it was archived meanwhile";
            return Err(Stop::refused(RefusalCode::NotUndoable, detail));
        }
        let mut left = Vec::new();
        for change in found.into_iter().flatten() {
            if !changes::is_undone(tx, change.change_id)? {
                left.push(change);
            }
        }
        match set_back(tx, &left)?.into_iter().flatten().next() {
            Some(refusal) => Err(Stop::Refused(refusal)),
            None => Ok(!left.is_empty()),
        }
    };
    keeping_an_admin(tx, within, run)
}

fn set_back_one(tx: &WriteTx<'_>, change: &Change) -> Result<(), Stop> {
    if forgotten_people::is_in(tx, change.change_id)? {
        let detail = "it is about somebody whose data was erased";
        return Err(Stop::refused(RefusalCode::NotUndoable, detail));
    }
    let before = changes::last_id(tx)?;
    match change.entity {
        Entity::PersonalAssignment => assignment(tx, change)?,
        Entity::Reservation if change.action == Action::Insert => reservation(tx, change)?,
        Entity::AccessKey | Entity::ApiToken | Entity::OauthClient | Entity::OauthToken => {
            return Err(Stop::refused(
                RefusalCode::CredentialNotUndone,
                "credentials are not undone: revoke this one, or make another",
            ));
        }
        entity => match Undoable::of(entity) {
            Some(rows) => row(tx, rows, change)?,
            None => {
                return Err(Stop::refused(
                    RefusalCode::NotUndoable,
                    format!("changes of {entity} can't be undone"),
                ));
            }
        },
    }
    Ok(record_undone(tx, change.change_id, change.entity, before)?)
}

/// Takes back what was given, or gives again what was released.
fn assignment(tx: &WriteTx<'_>, change: &Change) -> Result<(), Stop> {
    let (Some(assignment_id), Some(instance_id), Some(number), Some(user_id)) =
        (change.assignment_id, &change.instance_id, &change.number, &change.user_id)
    else {
        return Err(broken(change, "names no assignment"));
    };
    let (instance_id, user_id) =
        (InstanceId::new(instance_id.as_str()), UserId::new(user_id.as_str()));
    if change.action == Action::Update {
        let given = personal_assignments::open(tx, &instance_id, &user_id, number);
        return given.map_err(|error| ruled_out(tx, change, in_two_steps(error)));
    }
    if change.new.as_ref().is_some_and(|row| !row["released_at"].is_null()) {
        return Err(Stop::refused(
            RefusalCode::HistoryIsKept,
            "a closed row of the assignment history stays",
        ));
    }
    if open_assignment(tx, assignment_id)?.is_some() {
        personal_assignments::close(tx, &user_id, number)?;
        return Ok(());
    }
    let holders = holders::of_number(tx, &instance_id, number)?;
    let now = if holders.is_empty() {
        "nobody holds it now".to_owned()
    } else {
        holders::sentence("it", &holders)
    };
    let detail = format!(
        "{user_id} no longer holds {number} as change {} gave it; {now}{}",
        change.change_id,
        since(tx, change)?
    );
    Err(Stop::held_by(RefusalCode::ChangedSince, detail, holders))
}

/// A user whom the same undo brings back archived or locked can't be activated before it.
fn in_two_steps(error: Error) -> Error {
    match error {
        Error::Rule { rule: rule @ Rule::HolderIsActive, subject, .. } => {
            let advice = "the user is archived or locked; undo with best effort, activate or unlock them, and undo again";
            Error::Rule { rule, subject, advice: advice.to_owned() }
        }
        other => other,
    }
}

/// Ends what was made; one that was ended since, or has passed, is as it should be.
fn reservation(tx: &WriteTx<'_>, change: &Change) -> Result<(), Stop> {
    let id = change.new.as_ref().and_then(|row| row["reservation_id"].as_i64());
    let number = change.number.as_deref().unwrap_or_default();
    Ok(reservations::end_one(tx, number, id.unwrap_or_default())?)
}

/// Sets a row of any other table back.
fn row(tx: &WriteTx<'_>, entity: Undoable, change: &Change) -> Result<(), Stop> {
    let [old, new] =
        [&change.old, &change.new].map(|row| row.as_ref().map(|row| complete(row, change)));
    let subject = change.number.as_deref().unwrap_or_default();
    let refused = |error| ruled_out(tx, change, error);
    match (&old, &new) {
        (None, Some(new)) => {
            require_unchanged(tx, entity, new, change)?;
            entity.delete(tx, subject, new).map_err(refused)?;
        }
        (Some(old), None) => {
            if entity.exists(tx, old)? {
                return Err(Stop::refused(
                    RefusalCode::ChangedSince,
                    format!("{} is there again{}", change.subject(), since(tx, change)?),
                ));
            }
            entity.insert(tx, subject, old).map_err(refused)?;
        }
        (Some(old), Some(new)) => {
            if only_password(old, new) {
                return Err(Stop::refused(
                    RefusalCode::CredentialNotUndone,
                    "passwords are not undone: set another",
                ));
            }
            require_unchanged(tx, entity, new, change)?;
            if !entity.update(tx, subject, old, new).map_err(refused)? {
                return Err(Stop::refused(
                    RefusalCode::NotUndoable,
                    format!("changes of {} can't be undone", change.entity),
                ));
            }
        }
        (None, None) => return Err(broken(change, "holds no row")),
    }
    // A column that the log knows and this program does not set back would be lost in silence.
    match old {
        Some(old) if !entity.is_now(tx, &old)? => {
            Err(broken(change, "was not set back completely"))
        }
        _ => Ok(()),
    }
}

fn broken(change: &Change, what: &str) -> Stop {
    Stop::Failed(Error::Internal(format!("change {} {what}", change.change_id)))
}

/// The log holds a row's instance beside it, except for numbers, which move between the pool and
/// instances.
fn complete(row: &Value, change: &Change) -> Value {
    let mut row = row.clone();
    if change.entity != Entity::PhoneNumber
        && let (Some(columns), Some(instance_id)) = (row.as_object_mut(), &change.instance_id)
    {
        columns.insert("instance_id".to_owned(), Value::from(instance_id.as_str()));
    }
    row
}

fn require_unchanged(
    tx: &WriteTx<'_>,
    entity: Undoable,
    row: &Value,
    change: &Change,
) -> Result<(), Stop> {
    if entity.is_now(tx, row)? {
        return Ok(());
    }
    let what =
        if entity.exists(tx, row)? { "is no longer as this change left it" } else { "is gone" };
    Err(Stop::refused(
        RefusalCode::ChangedSince,
        format!("{} {what}{}", change.subject(), since(tx, change)?),
    ))
}

fn only_password(old: &Value, new: &Value) -> bool {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return false };
    old.iter().all(|(name, value)| name.starts_with("password_") || new.get(name) == Some(value))
}

/// Says so when the change was undone before.
fn since(tx: &WriteTx<'_>, change: &Change) -> Result<String, Error> {
    Ok(undone_by(tx, change.change_id)?
        .map_or_else(String::new, |(by, at)| format!("; change {by} undid it at {at}")))
}

/// The refusal by a rule, with those who stand in the way.
fn ruled_out(tx: &WriteTx<'_>, change: &Change, error: Error) -> Stop {
    let instance_id = InstanceId::new(change.instance_id.clone().unwrap_or_default());
    stop(tx, &instance_id, change.number.as_deref().unwrap_or_default(), error)
}
