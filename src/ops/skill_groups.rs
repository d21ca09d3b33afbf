//! Creating, changing and deleting skill groups; binding numbers to them and unbinding them: all or
//! nothing.

use crate::domain::Optional;
use crate::domain::run::AT_ONCE;
use crate::domain::skill_group::{NewSkillGroup, SkillGroupEdit};
use crate::domain::text::counted;
use crate::domain::{Error, Existing, InstanceId, Missing, Rule, SkillGroupId};
use crate::store::{WriteTx, bindings, memberships, phone_numbers, skill_groups, spellings};

/// Creates a skill group, and returns its id.
pub fn create(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    new: &NewSkillGroup,
) -> Result<SkillGroupId, Error> {
    let id = SkillGroupId::of(new.name.as_str(), instance_id);
    match skill_groups::insert(tx, instance_id, &id, new) {
        Ok(()) => Ok(id),
        Err(Error::Rule { rule: Rule::RowKeepsItsKey, .. }) => {
            Err(Error::AlreadyExists(Existing::SkillGroup(id.to_string(), instance_id.clone())))
        }
        Err(error) => Err(error),
    }
}

/// Changes what a skill group is called and what it is for.
pub fn modify(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    edit: &SkillGroupEdit,
) -> Result<(), Error> {
    found(skill_groups::update(tx, instance_id, id, edit)?, instance_id, id)
}

/// Deletes a skill group; by force, with its bindings and memberships, each of which is in the log.
///
/// # Errors
/// [`Error::NotFound`] for the skill group, and without force [`Error::SkillGroupInUse`] when it
/// holds numbers or has members; by force [`Error::Rule`] when that is more than one transaction
/// can take away.
pub fn delete(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
    force: bool,
) -> Result<(), Error> {
    if force {
        require_few_held(tx, instance_id, id)?;
        bindings::unbind_all(tx, instance_id, id)?;
        memberships::delete_all(tx, instance_id, id)?;
    }
    match skill_groups::delete(tx, instance_id, id) {
        Ok(deleted) => found(deleted, instance_id, id),
        Err(Error::Rule { rule: Rule::ReferencedRowIsKept, .. }) => {
            let group = skill_groups::get(tx, instance_id, id)?;
            let (numbers, members) = (group.phone_number_count, group.user_count);
            let held = [
                (numbers > 0).then(|| format!("holds {}", counted(numbers, "number", "numbers"))),
                (members > 0).then(|| format!("has {}", counted(members, "member", "members"))),
            ];
            let held: Vec<String> = held.into_iter().flatten().collect();
            Err(Error::SkillGroupInUse(id.to_string(), held.join(" and ")))
        }
        Err(error) => Err(error),
    }
}

/// Checks that a skill group holds no more than is taken away together with it.
fn require_few_held(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<(), Error> {
    let Some(group) = skill_groups::get(tx, instance_id, id).optional()? else { return Ok(()) };
    let (numbers, members) = (group.phone_number_count, group.user_count);
    if numbers + members <= AT_ONCE as u64 {
        return Ok(());
    }
    let advice = format!(
        "its {numbers} numbers and {members} members are more than the {AT_ONCE} that go together with it; unbind the numbers first"
    );
    Err(Error::still_needed(id, advice))
}

fn found(found: bool, instance_id: &InstanceId, id: &SkillGroupId) -> Result<(), Error> {
    if found {
        Ok(())
    } else {
        Err(Error::NotFound(Missing::SkillGroup(id.to_string(), instance_id.clone())))
    }
}

/// Binds every number to every skill group; what is bound already stays so. Returns whether
/// anything was changed.
///
/// # Errors
/// [`Error::NotFound`] for a skill group or a number, and [`Error::Rule`] for a number that is
/// personal.
pub fn bind(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    ids: &[SkillGroupId],
    numbers: &[impl AsRef<str>],
) -> Result<bool, Error> {
    let mut changed = false;
    for id in ids {
        skill_groups::require(tx, instance_id, id)?;
    }
    for number in numbers.iter().map(AsRef::as_ref) {
        let stored = phone_numbers::require(tx, instance_id, number)?;
        for id in ids {
            let bound = bindings::bind(tx, instance_id, id, &stored);
            changed |= bound.map_err(|error| error.about(number))?;
        }
    }
    Ok(changed)
}

/// Unbinds every number from every skill group; what is not bound is left alone. Returns whether
/// anything was changed.
pub fn unbind(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    ids: &[SkillGroupId],
    numbers: &[impl AsRef<str>],
) -> Result<bool, Error> {
    let mut changed = false;
    for id in ids {
        skill_groups::require(tx, instance_id, id)?;
        for number in numbers.iter().map(AsRef::as_ref) {
            changed |=
                bindings::unbind(tx, id, &spellings::stored_or_given(tx, instance_id, number)?)?;
        }
    }
    Ok(changed)
}
