//! Who held what from when to when.

use super::fields::{FaultCode, Nothing, Paged, Source, fields};
use super::problem::{Failure, Result};
use super::reply::Plain;
use super::scope::InInstance;
use crate::domain::history::{History, HoldersAt, HoldingsAt};
use crate::domain::{Number, Timestamp, UserId};
use crate::store::{ReadTx, history as store};
use std::time::Duration;

fields! {
    /// A moment.
    AtMoment {
        /// The moment asked about; not in the future. By default, now.
        at: Option<Timestamp> = optional(moment()),
    }
}

/// How far ahead of the server's clock a caller's may be.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

impl AtMoment {
    /// The moment asked about.
    fn moment(&self, tx: &ReadTx<'_>) -> Result<Timestamp> {
        let now = tx.now();
        match self.at {
            Some(at) if at > now.after(CLOCK_SKEW) => {
                let detail = format!("at must not be in the future; {at} is later than {now}.");
                Err(Failure::malformed(Source::Query, "/at", FaultCode::Future, detail))
            }
            at => Ok(at.unwrap_or(now)),
        }
    }
}

/// Who held a number at a moment.
pub(super) fn holders(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (number,): (Number,),
    query: AtMoment,
) -> Result<Plain<HoldersAt>> {
    let at = query.moment(tx)?;
    Ok(Plain(store::holders_at(tx, &entry.instance_id, number.into(), query.at.map(|_| at))?))
}

/// The numbers that a user held at a moment.
pub(super) fn holdings(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (user_id,): (UserId,),
    query: AtMoment,
) -> Result<Plain<HoldingsAt>> {
    let at = query.moment(tx)?;
    let numbers =
        store::numbers_of_user_at(tx, &entry.instance_id, &user_id, query.at.map(|_| at))?;
    Ok(Plain(HoldingsAt { user_id, at, numbers }))
}

pub(super) fn of_number(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (number,): (Number,),
    Paged { page, .. }: Paged<Nothing>,
) -> Result<History> {
    let page = store::of_number(tx, &entry.instance_id, &number, page)?;
    Ok(store::with_archived(tx, page)?)
}

pub(super) fn of_user(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (user_id,): (UserId,),
    Paged { page, .. }: Paged<Nothing>,
) -> Result<History> {
    let page = store::of_user(tx, &entry.instance_id, &user_id, page)?;
    Ok(store::with_archived(tx, page)?)
}
