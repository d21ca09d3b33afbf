//! Exchanging the holders of two numbers.

use super::in_order;
use crate::domain::batch::{BatchMode, BatchReport, ItemAction, Passage};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::{Error, InstanceId, SkillGroupId, UserId};
use crate::ops::reservations::cool_down;
use crate::ops::stop::{Stop, kept_if, stop};
use crate::store::{WriteTx, bindings, holders, personal_assignments, phone_numbers, reservations};

/// Gives each of two numbers to the holders of the other: users, skill groups, or nobody. Who holds
/// both keeps both. One that a user gave for a free number cools down, as after a release. All or
/// nothing; the report has one item for each number.
///
/// # Errors
/// [`Error::NotFound`] for one of the numbers, and [`Error::SameNumber`].
pub fn swap(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    one: &str,
    other: &str,
) -> Result<BatchReport, Error> {
    let one = phone_numbers::require(tx, instance_id, one)?;
    let other = phone_numbers::require(tx, instance_id, other)?;
    if one == other {
        return Err(Error::SameNumber(one));
    }
    let (one, other) = (one.as_str(), other.as_str());
    let (of_one, of_other) =
        (holders::of_number(tx, instance_id, one)?, holders::of_number(tx, instance_id, other)?);
    let (only_one, only_other) = (without(&of_one, &of_other), without(&of_other, &of_one));
    // Both numbers are freed before either is given away again.
    let swap = || {
        take(tx, one, &only_one)?;
        take(tx, other, &only_other)?;
        let changed = !only_one.is_empty() || !only_other.is_empty();
        let items = [
            (ItemAction::Swap, one, (one, &of_one, &only_other)),
            (ItemAction::Swap, other, (other, &of_other, &only_one)),
        ];
        let all = items.into_iter();
        in_order(tx, BatchMode::AllOrNothing, all, |(number, before, holders)| {
            give(tx, instance_id, number, holders)?;
            if let [last] = before.as_slice()
                && last.kind == HolderKind::User
            {
                cool_down(tx, instance_id, number, Some(&UserId::new(last.id.as_str())), None)?;
            }
            let after = holders::of_number(tx, instance_id, number)?;
            let kept = reservations::of_number(tx, instance_id, number)?;
            Ok((changed, Passage::between(before.clone(), after, kept)))
        })
    };
    kept_if(tx, |report| report.applied, swap)
}

fn without(holders: &[Holder], others: &[Holder]) -> Vec<Holder> {
    let among = |holder: &Holder| others.iter().any(|other| other.is_same(holder));
    holders.iter().filter(|holder| !among(holder)).cloned().collect()
}

fn take(tx: &WriteTx<'_>, number: &str, holders: &[Holder]) -> Result<(), Error> {
    for holder in holders {
        match holder.kind {
            HolderKind::User => {
                personal_assignments::close(tx, &UserId::new(holder.id.as_str()), number)?
            }
            HolderKind::SkillGroup => {
                bindings::unbind(tx, &SkillGroupId::new(holder.id.as_str()), number)?
            }
        };
    }
    Ok(())
}

fn give(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    holders: &[Holder],
) -> Result<(), Stop> {
    for holder in holders {
        let given = match holder.kind {
            HolderKind::User => personal_assignments::open(
                tx,
                instance_id,
                &UserId::new(holder.id.as_str()),
                number,
            ),
            HolderKind::SkillGroup => {
                bindings::bind(tx, instance_id, &SkillGroupId::new(holder.id.as_str()), number)
                    .map(|_| ())
            }
        };
        given.map_err(|error| stop(tx, instance_id, number, error))?;
    }
    Ok(())
}
