//! Several things done with numbers at once: lists of assign, release, transfer, bind and unbind, a
//! leaver's numbers handed over, the holders of two numbers exchanged, ranges added and removed.
//!
//! Every item is tried, so that every failure is reported at once; each in a savepoint, so that a
//! refused one leaves nothing behind. When it is to be all or nothing and one was refused,
//! everything is taken back to a savepoint before the first: the transaction goes on and may keep
//! whatever else its caller wrote.

mod items;
mod numbers;
mod selection;
mod swap;

pub(super) use items::apply;
pub use numbers::{add_numbers, remove_numbers};
pub use selection::{Selection, changed_since};
pub use swap::swap;

use super::stop::{Ending, Stop};
use crate::domain::batch::{BatchItem, BatchMode, BatchReport, ItemOutcome, Outcome};
use crate::domain::{Error, InstanceId, UserId};
use crate::store::{WriteTx, personal_assignments, users};

/// Whether an item changed anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Did {
    Something,
    Nothing,
}

impl Did {
    pub(super) const fn when(changed: bool) -> Self {
        if changed { Self::Something } else { Self::Nothing }
    }
}

/// Does every item, in order. What is refused because of another item of the same batch (a number
/// given twice) is refused as if that had been done before.
///
/// # Errors
/// Only those of the database; whatever an item meets is in the report.
pub fn run(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    items: &[BatchItem],
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    in_order(tx, mode, items.iter().map(|item| (item.action(), item.number(), item)), |item| {
        apply(tx, instance_id, item)
    })
}

/// Gives every number that a user holds to another, who keeps those that they hold already.
pub fn hand_over(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    from: &UserId,
    to: &UserId,
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    users::require(tx, instance_id, from)?;
    users::require(tx, instance_id, to)?;
    let numbers = personal_assignments::list_held(tx, from)?;
    let transfer =
        |number| BatchItem::Transfer { number, from: Some(from.clone()), user_id: to.clone() };
    let items: Vec<BatchItem> =
        if from == to { Vec::new() } else { numbers.into_iter().map(transfer).collect() };
    run(tx, instance_id, &items, mode)
}

/// Tries one thing after the other and reports on all of them.
fn in_order<'a, T>(
    tx: &WriteTx<'_>,
    mode: BatchMode,
    items: impl Iterator<Item = (&'static str, &'a str, T)>,
    act: impl Fn(T) -> Result<Did, Stop>,
) -> Result<BatchReport, Error> {
    let all = || -> Result<BatchReport, Ending<BatchReport>> {
        let mut outcomes = Vec::new();
        for (index, (action, number, item)) in items.enumerate() {
            let (outcome, refusal) = match tx.attempt(|| act(item)) {
                Ok(Did::Something) => (Outcome::Done, None),
                Ok(Did::Nothing) => (Outcome::Unchanged, None),
                Err(Stop::Refused(refusal)) => (Outcome::Refused, Some(refusal)),
                Err(Stop::Failed(error)) => return Err(Ending::Failed(error)),
            };
            outcomes.push(ItemOutcome {
                index,
                action,
                number: number.to_owned(),
                outcome,
                refusal,
            });
        }
        let report = BatchReport::new(mode, outcomes);
        if report.applied { Ok(report) } else { Err(Ending::TakenBack(report)) }
    };
    match tx.attempt(all) {
        Ok(report) | Err(Ending::TakenBack(report)) => Ok(report),
        Err(Ending::Failed(error)) => Err(error),
    }
}
