//! Who held what from when to when.

use super::fields::{FaultCode, Nothing, Paged, Source, fields};
use super::problem::{Failure, Result};
use super::reply::Plain;
use crate::domain::history::{History, HoldersAt, HoldingsAt};
use crate::domain::{Number, Timestamp, UserId};
use crate::ops::access::Reading;
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
    at: Reading<'_>,
    (number,): (Number,),
    query: AtMoment,
) -> Result<Plain<HoldersAt>> {
    let moment = query.moment(at.tx)?;
    let asked = query.at.map(|_| moment);
    Ok(Plain(store::holders_at(at.tx, at.instance_id(), number.into(), asked)?))
}

/// The numbers that a user held at a moment.
pub(super) fn holdings(
    at: Reading<'_>,
    (user_id,): (UserId,),
    query: AtMoment,
) -> Result<Plain<HoldingsAt>> {
    let moment = query.moment(at.tx)?;
    let asked = query.at.map(|_| moment);
    let numbers = store::numbers_of_user_at(at.tx, at.instance_id(), &user_id, asked)?;
    Ok(Plain(HoldingsAt { user_id, at: moment, numbers }))
}

pub(super) fn of_number(
    at: Reading<'_>,
    (number,): (Number,),
    list: Paged<Nothing>,
) -> Result<History> {
    let page = store::of_number(at.tx, at.instance_id(), &number, list.page)?;
    Ok(store::with_archived(at.tx, page)?)
}

pub(super) fn of_user(
    at: Reading<'_>,
    (user_id,): (UserId,),
    list: Paged<Nothing>,
) -> Result<History> {
    let page = store::of_user(at.tx, at.instance_id(), &user_id, list.page)?;
    Ok(store::with_archived(at.tx, page)?)
}
