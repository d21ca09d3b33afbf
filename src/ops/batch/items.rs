//! One item of a batch.

use crate::domain::batch::{BatchItem, RefusalCode};
use crate::domain::history::Holder;
use crate::domain::{Error, InstanceId, SkillGroupId, UserId};
use crate::ops::phone_numbers::give;
use crate::ops::reservations;
use crate::ops::stop::{Stop, stop};
use crate::store::{
    WriteTx, bindings, holders, personal_assignments, phone_numbers, skill_groups, spellings, users,
};

/// Does an item; `false` when it is so already.
pub(in crate::ops) fn apply(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    item: &BatchItem,
) -> Result<bool, Stop> {
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
        BatchItem::Hold { user_id, until, .. } => {
            act.explained(reservations::hold(tx, instance_id, number, user_id.as_ref(), *until))
        }
        BatchItem::EndReservation { .. } => {
            act.explained(reservations::end(tx, instance_id, number))
        }
    }
}

/// What every act on a number needs. An act says whether it changed anything.
struct Item<'a> {
    tx: &'a WriteTx<'a>,
    instance_id: &'a InstanceId,
    number: &'a str,
}

impl Item<'_> {
    fn assign(&self, user_id: &UserId) -> Result<bool, Stop> {
        self.require_user(user_id)?;
        self.explained(give(self.tx, self.instance_id, user_id, self.number))
    }

    fn release(&self, user_id: Option<&UserId>, days: Option<u32>) -> Result<bool, Stop> {
        self.require_number()?;
        if let Some(user_id) = user_id {
            self.require_user(user_id)?;
        }
        Ok(reservations::release(self.tx, self.instance_id, self.number, user_id, days)?)
    }

    fn transfer(&self, from: Option<&UserId>, to: &UserId) -> Result<bool, Stop> {
        let (tx, number) = (self.tx, self.number);
        self.require_number()?;
        self.require_user(to)?;
        let closed = match from {
            Some(from) => {
                self.require_user(from)?;
                if from != to && !personal_assignments::close(tx, from, number)? {
                    return Err(self.not_held_by(from)?);
                }
                from != to
            }
            None => {
                personal_assignments::close_all_but(tx, self.instance_id, number, Some(to))? > 0
            }
        };
        Ok(self.assign(to)? || closed)
    }

    fn bind(&self, id: &SkillGroupId) -> Result<bool, Stop> {
        self.require_skill_group(id)?;
        self.explained(bindings::bind(self.tx, self.instance_id, id, self.number))
    }

    fn unbind(&self, id: Option<&SkillGroupId>) -> Result<bool, Stop> {
        self.require_number()?;
        let Some(id) = id else {
            let held = !holders::skill_groups(self.tx, self.instance_id, self.number)?.is_empty();
            bindings::unbind_from_all(self.tx, self.instance_id, self.number)?;
            return Ok(held);
        };
        self.require_skill_group(id)?;
        Ok(bindings::unbind(self.tx, id, self.number)?)
    }

    fn require_number(&self) -> Result<(), Stop> {
        self.explained(phone_numbers::require(self.tx, self.instance_id, self.number)).map(|_| ())
    }

    fn require_user(&self, user_id: &UserId) -> Result<(), Stop> {
        self.explained(users::require(self.tx, self.instance_id, user_id))
    }

    fn require_skill_group(&self, id: &SkillGroupId) -> Result<(), Stop> {
        self.explained(skill_groups::require(self.tx, self.instance_id, id))
    }

    /// After a refusal: who stands in the way.
    fn explained<T>(&self, done: Result<T, Error>) -> Result<T, Stop> {
        done.map_err(|error| stop(self.tx, self.instance_id, self.number, error))
    }

    fn not_held_by(&self, user_id: &UserId) -> Result<Stop, Error> {
        let holders = holders::of_number(self.tx, self.instance_id, self.number)?;
        let detail = format!("{} is not held by {user_id}{}", self.number, but_by(&holders));
        Ok(Stop::held_by(RefusalCode::NumberNotHeld, detail, holders))
    }
}

fn but_by(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return ", nobody holds it".to_owned();
    }
    let names: Vec<String> = holders.iter().map(ToString::to_string).collect();
    format!(" but by {}", names.join(", "))
}
