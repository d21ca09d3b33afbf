//! Why an act on a number or a row stops: it is refused, with who stands in the way, or the
//! database fails. Batches and undo share it.

use crate::domain::batch::{Refusal, RefusalCode};
use crate::domain::history::Holder;
use crate::domain::import::Why;
use crate::domain::reservation::Reservation;
use crate::domain::{Error, Existing, InstanceId, Missing, Rule};
use crate::store::{WriteTx, holders, phone_numbers, reservations, spellings};

/// Why something is not done.
pub(super) enum Stop {
    /// This is refused; others may go on.
    Refused(Refusal),
    /// The database fails, and with it everything.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Stop {
    /// A refusal for which nobody stands in the way.
    pub(super) fn refused(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self::Refused(plain(code, detail.into()))
    }

    /// A refusal because of those who hold the number.
    pub(super) fn held_by(code: RefusalCode, detail: String, blocked_by: Vec<Holder>) -> Self {
        Self::Refused(Refusal { blocked_by, ..plain(code, detail) })
    }

    /// Like [`Self::refused`], with the reason as a type.
    pub(super) fn because(code: RefusalCode, why: Why) -> Self {
        Self::Refused(typed(code, why))
    }
}

fn plain(code: RefusalCode, detail: String) -> Refusal {
    Refusal { code, detail, blocked_by: Vec::new(), reservation: None, why: None }
}

fn of_error(code: RefusalCode, error: &Error) -> Refusal {
    Refusal { why: Why::of(error).map(Box::new), ..plain(code, error.to_string()) }
}

fn typed(code: RefusalCode, why: Why) -> Refusal {
    Refusal { why: Some(Box::new(why.clone())), ..plain(code, why.to_string()) }
}

/// Tries something in a savepoint, so that it leaves nothing behind where it is refused.
pub(super) fn attempt<T>(
    tx: &WriteTx<'_>,
    act: impl FnOnce() -> Result<T, Stop>,
) -> Result<Result<T, Refusal>, Error> {
    match tx.attempt(act) {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Does something, and takes it back unless its report says that it is applied.
pub(super) fn kept_if<R>(
    tx: &WriteTx<'_>,
    is_applied: impl FnOnce(&R) -> bool,
    act: impl FnOnce() -> Result<R, Error>,
) -> Result<R, Error> {
    enum NotKept<R> {
        TakenBack(R),
        Failed(Error),
    }
    impl<R> From<Error> for NotKept<R> {
        fn from(error: Error) -> Self {
            Self::Failed(error)
        }
    }
    let done = tx.attempt(|| {
        let report = act()?;
        if is_applied(&report) { Ok(report) } else { Err(NotKept::TakenBack(report)) }
    });
    match done {
        Ok(report) | Err(NotKept::TakenBack(report)) => Ok(report),
        Err(NotKept::Failed(error)) => Err(error),
    }
}

/// Does these things, all of them or none; `report` turns the first refusal into the result.
pub(super) fn all_or_none<T, D, F>(
    tx: &WriteTx<'_>,
    items: &[T],
    one: impl Fn(&T) -> Result<D, Stop>,
    report: impl Fn(&T, Refusal) -> F,
) -> Result<Result<(), F>, Error> {
    kept_if(tx, Result::is_ok, || {
        for item in items {
            if let Err(refusal) = attempt(tx, || one(item))? {
                return Ok(Err(report(item, refusal)));
            }
        }
        Ok(Ok(()))
    })
}

/// What a refusal of the schema, or something missing, means for an item about `number`; anything
/// else ends the batch.
pub(super) fn stop(tx: &WriteTx<'_>, instance_id: &InstanceId, number: &str, error: Error) -> Stop {
    match explain(tx, instance_id, number, &error) {
        Ok(Some(refusal)) => Stop::Refused(refusal),
        Ok(None) => Stop::Failed(error),
        Err(failed) => Stop::Failed(failed),
    }
}

/// The refusal that an error is; `None` for a failure of the database.
fn explain(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    error: &Error,
) -> Result<Option<Refusal>, Error> {
    let plain = |code| Ok(Some(of_error(code, error)));
    match error {
        Error::NotFound(Missing::Number(..)) => plain(RefusalCode::NumberNotFound),
        Error::NotFound(Missing::User(..)) => plain(RefusalCode::UserNotFound),
        Error::NotFound(Missing::SkillGroup(..)) => plain(RefusalCode::SkillGroupNotFound),
        Error::NotFound(_) => plain(RefusalCode::NotFound),
        // It is the whole request that has none.
        Error::ReasonRequired => Ok(None),
        Error::Rule { rule, advice, .. } => {
            match missing_or_held(tx, instance_id, number, *rule)? {
                Some(refusal) => Ok(Some(refusal)),
                None => Ok(Some(self::plain(RefusalCode::from(*rule), advice.clone()))),
            }
        }
        Error::AlreadyExists(Existing::Spelling(..)) => plain(RefusalCode::NumberTaken),
        Error::AlreadyExists(_) => plain(RefusalCode::AlreadyExists),
        Error::SkillGroupInUse(..) => plain(RefusalCode::StillInUse),
        // Nothing that is done with a number removes a user.
        Error::LastAdmin(_) | Error::OwnUser(_) => Ok(None),
        // Nor does an item name two numbers.
        Error::SameNumber(_) => Ok(None),
        Error::Forbidden(_) | Error::NonceUsed | Error::Unavailable(_) | Error::Internal(_) => {
            Ok(None)
        }
    }
}

/// The rules about instances and about rows in use mean several things; for a number they mean
/// that the instance does not have it, or that somebody holds it.
fn missing_or_held(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    rule: Rule,
) -> Result<Option<Refusal>, Error> {
    if number.is_empty() {
        return Ok(None);
    }
    match rule {
        Rule::BoundNumberIsNotPersonal | Rule::PersonalNumberHasOneHolder => {
            return held(tx, instance_id, number);
        }
        Rule::NumberIsReserved => {
            return match reservations::of_number(tx, instance_id, number)? {
                Some(found) => Ok(Some(reserved(number, found))),
                None => held(tx, instance_id, number),
            };
        }
        Rule::NumberExistsOnce => {
            let there = spellings::find(tx, instance_id, number)?;
            let spelling = |there| Why::Existing(Existing::Spelling(number.to_owned(), there));
            return Ok(there.map(|there| typed(RefusalCode::NumberTaken, spelling(there))));
        }
        Rule::SameInstance | Rule::ReferencedRowIsKept => {}
        _ => return Ok(None),
    }
    match phone_numbers::require(tx, instance_id, number) {
        Err(error @ Error::NotFound(_)) => Ok(Some(of_error(RefusalCode::NumberNotFound, &error))),
        Err(failed) => Err(failed),
        Ok(_) => held(tx, instance_id, number),
    }
}

fn reserved(number: &str, reservation: Reservation) -> Refusal {
    let detail = reservations::sentence(number, &reservation);
    let reservation = Some(Box::new(reservation));
    Refusal { reservation, ..plain(RefusalCode::NumberIsReserved, detail) }
}

/// Who holds the number, since when; `None` when nobody does.
pub(super) fn held(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Option<Refusal>, Error> {
    let holders = holders::of_number(tx, instance_id, number)?;
    if holders.is_empty() {
        return Ok(None);
    }
    let refusal = plain(holders::code(&holders), holders::sentence(number, &holders));
    Ok(Some(Refusal { blocked_by: holders, ..refusal }))
}
