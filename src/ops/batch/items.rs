//! One item of a batch.

use super::{Did, Stop};
use crate::domain::batch::{BatchItem, Refusal, RefusalCode};
use crate::domain::history::Holder;
use crate::domain::{Error, InstanceId, Missing, Rule, SkillGroupId, UserId};
use crate::store::{
    WriteTx, bindings, holders, personal_assignments, phone_numbers, skill_groups, users,
};

/// Does one item.
pub(super) fn apply(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    item: &BatchItem,
) -> Result<Did, Stop> {
    let act = Item { tx, instance_id, number: item.number() };
    match item {
        BatchItem::Assign { user_id, .. } => act.assign(user_id),
        BatchItem::Release { user_id, .. } => act.release(user_id.as_ref()),
        BatchItem::Transfer { from, user_id, .. } => act.transfer(from.as_ref(), user_id),
        BatchItem::Bind { skill_group_id, .. } => act.bind(skill_group_id),
        BatchItem::Unbind { skill_group_id, .. } => act.unbind(skill_group_id.as_ref()),
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
        match personal_assignments::open(self.tx, self.instance_id, user_id, self.number) {
            Ok(()) => Ok(Did::Something),
            Err(Error::Rule { .. })
                if personal_assignments::is_held(self.tx, user_id, self.number)? =>
            {
                Ok(Did::Nothing)
            }
            Err(error) => Err(self.refused(error)),
        }
    }

    fn release(&self, user_id: Option<&UserId>) -> Result<Did, Stop> {
        self.require_number()?;
        let closed = match user_id {
            Some(user_id) => {
                self.require_user(user_id)?;
                personal_assignments::close(self.tx, user_id, self.number)?
            }
            None => {
                personal_assignments::close_all_but(self.tx, self.instance_id, self.number, None)?
                    > 0
            }
        };
        Ok(Did::when(closed))
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
        refusal(self.tx, self.instance_id, self.number, error)
    }

    fn not_held_by(&self, user_id: &UserId) -> Result<Stop, Error> {
        let holders = holders::of_number(self.tx, self.instance_id, self.number)?;
        let detail = format!("{} is not held by {user_id}{}", self.number, but_by(&holders));
        Ok(Stop::Refused(Refusal { code: RefusalCode::NumberNotHeld, detail, blocked_by: holders }))
    }
}

/// What a refusal of the schema, or something missing, means for an item about `number`; anything
/// else ends the batch.
pub(in crate::ops) fn refusal(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    error: Error,
) -> Stop {
    match explain(tx, instance_id, number, &error) {
        Ok(Some(refusal)) => Stop::Refused(refusal),
        Ok(None) => Stop::Failed(error),
        Err(failed) => Stop::Failed(failed),
    }
}

/// The refusal that an error is; `None` for a failure of the database.
pub(in crate::ops) fn explain(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    error: &Error,
) -> Result<Option<Refusal>, Error> {
    let sentence = error.to_string();
    let plain = |code| Ok(Some(Refusal { code, detail: sentence.clone(), blocked_by: Vec::new() }));
    match error {
        Error::NotFound(Missing::Number(..)) => plain(RefusalCode::NumberNotFound),
        Error::NotFound(Missing::User(..)) => plain(RefusalCode::UserNotFound),
        Error::NotFound(Missing::SkillGroup(..)) => plain(RefusalCode::SkillGroupNotFound),
        Error::NotFound(_) => plain(RefusalCode::NotFound),
        Error::Rule { rule, advice, .. } => {
            match missing_or_held(tx, instance_id, number, *rule)? {
                Some(refusal) => Ok(Some(refusal)),
                None => Ok(Some(Refusal {
                    code: RefusalCode::from(*rule),
                    detail: advice.clone(),
                    blocked_by: Vec::new(),
                })),
            }
        }
        Error::AlreadyExists(_) => plain(RefusalCode::AlreadyExists),
        Error::SkillGroupInUse(_) => plain(RefusalCode::StillInUse),
        Error::Forbidden(_) | Error::NonceUsed | Error::Unavailable(_) | Error::Internal(_) => {
            Ok(None)
        }
    }
}

/// The rules about instances and about rows in use stand for several things; of a number they mean
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
        Rule::SameInstance | Rule::ReferencedRowIsKept => {}
        _ => return Ok(None),
    }
    match phone_numbers::require(tx, instance_id, number) {
        Err(Error::NotFound(missing)) => Ok(Some(Refusal {
            code: RefusalCode::NumberNotFound,
            detail: missing.to_string(),
            blocked_by: Vec::new(),
        })),
        Err(failed) => Err(failed),
        Ok(()) => held(tx, instance_id, number),
    }
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
    Ok(Some(Refusal {
        code: holders::code(&holders),
        detail: holders::sentence(number, &holders),
        blocked_by: holders,
    }))
}

fn but_by(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return ", nobody holds it".to_owned();
    }
    let names: Vec<String> = holders.iter().map(ToString::to_string).collect();
    format!(" but by {}", names.join(", "))
}
