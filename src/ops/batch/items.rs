//! One item of a batch.

use super::Did;
use crate::domain::batch::{BatchItem, Refusal, RefusalCode};
use crate::domain::history::Holder;
use crate::domain::{Error, InstanceId, SkillGroupId, Timestamp, UserId};
use crate::ops::phone_numbers::give;
use crate::ops::reservations;
use crate::ops::stop::{Stop, stop};
use crate::store::{
    WriteTx, bindings, holders, personal_assignments, phone_numbers, skill_groups, spellings, users,
};

pub(in crate::ops) fn apply(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    item: &BatchItem,
) -> Result<Did, Stop> {
    let number = &spellings::stored_or_given(tx, instance_id, item.number())?;
    let act = Item { tx, instance_id, number };
    match item {
        BatchItem::Assign { user_id, .. } => act.assign(user_id),
        BatchItem::Release { user_id, cool_down_days, .. } => {
            act.release(user_id.as_ref(), *cool_down_days)
        }
        BatchItem::Transfer { from, user_id, .. } => act.transfer(from.as_ref(), user_id),
        BatchItem::Bind { skill_group_id, .. } => act.bind(skill_group_id),
        BatchItem::Unbind { skill_group_id, .. } => act.unbind(skill_group_id.as_ref()),
        BatchItem::Hold { user_id, until, .. } => act.hold(user_id.as_ref(), *until),
        BatchItem::EndReservation { .. } => act.end_reservation(),
    }
}

/// What every act on a number needs.
struct Item<'a> {
    tx: &'a WriteTx<'a>,
    instance_id: &'a InstanceId,
    number: &'a str,
}

impl Item<'_> {
    fn assign(&self, user_id: &UserId) -> Result<Did, Stop> {
        self.require_user(user_id)?;
        give(self.tx, self.instance_id, user_id, self.number)
            .map(Did::when)
            .map_err(|error| self.refused(error))
    }

    fn release(&self, user_id: Option<&UserId>, days: Option<u32>) -> Result<Did, Stop> {
        self.require_number()?;
        if let Some(user_id) = user_id {
            self.require_user(user_id)?;
        }
        reservations::release(self.tx, self.instance_id, self.number, user_id, days)
            .map(Did::when)
            .map_err(Stop::from)
    }

    fn hold(&self, user_id: Option<&UserId>, until: Timestamp) -> Result<Did, Stop> {
        reservations::hold(self.tx, self.instance_id, self.number, user_id, until)
            .map(Did::when)
            .map_err(|error| self.refused(error))
    }

    fn end_reservation(&self) -> Result<Did, Stop> {
        reservations::end(self.tx, self.instance_id, self.number)
            .map(Did::when)
            .map_err(|error| self.refused(error))
    }

    fn transfer(&self, from: Option<&UserId>, to: &UserId) -> Result<Did, Stop> {
        self.require_number()?;
        self.require_user(to)?;
        let closed = match from {
            Some(from) => {
                self.require_user(from)?;
                if from != to && !personal_assignments::close(self.tx, from, self.number)? {
                    return Err(self.not_held_by(from)?);
                }
                from != to
            }
            None => {
                personal_assignments::close_all_but(
                    self.tx,
                    self.instance_id,
                    self.number,
                    Some(to),
                )? > 0
            }
        };
        let given = self.assign(to)?;
        Ok(Did::when(closed || given == Did::Something))
    }

    fn bind(&self, id: &SkillGroupId) -> Result<Did, Stop> {
        self.require_skill_group(id)?;
        bindings::bind(self.tx, self.instance_id, id, self.number)
            .map(Did::when)
            .map_err(|error| self.refused(error))
    }

    fn unbind(&self, id: Option<&SkillGroupId>) -> Result<Did, Stop> {
        self.require_number()?;
        let Some(id) = id else {
            let held = !holders::skill_groups(self.tx, self.instance_id, self.number)?.is_empty();
            bindings::unbind_from_all(self.tx, self.instance_id, self.number)?;
            return Ok(Did::when(held));
        };
        self.require_skill_group(id)?;
        Ok(Did::when(bindings::unbind(self.tx, id, self.number)?))
    }

    fn require_number(&self) -> Result<(), Stop> {
        phone_numbers::require(self.tx, self.instance_id, self.number)
            .map(|_| ())
            .map_err(|error| self.refused(error))
    }

    fn require_user(&self, user_id: &UserId) -> Result<(), Stop> {
        users::require(self.tx, self.instance_id, user_id).map_err(|error| self.refused(error))
    }

    fn require_skill_group(&self, id: &SkillGroupId) -> Result<(), Stop> {
        skill_groups::require(self.tx, self.instance_id, id).map_err(|error| self.refused(error))
    }

    /// After a refusal: who stands in the way.
    fn refused(&self, error: Error) -> Stop {
        stop(self.tx, self.instance_id, self.number, error)
    }

    fn not_held_by(&self, user_id: &UserId) -> Result<Stop, Error> {
        let holders = holders::of_number(self.tx, self.instance_id, self.number)?;
        let detail = format!("{} is not held by {user_id}{}", self.number, but_by(&holders));
        Ok(Stop::Refused(Refusal {
            code: RefusalCode::NumberNotHeld,
            detail,
            blocked_by: holders,
            reservation: None,
            why: None,
        }))
    }
}

fn but_by(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return ", nobody holds it".to_owned();
    }
    let names: Vec<String> = holders.iter().map(ToString::to_string).collect();
    format!(" but by {}", names.join(", "))
}
