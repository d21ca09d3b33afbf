//! Numbers that are bound to skill groups.

use super::etag::{self, Guarded};
use super::fields::{Nothing, Paged, fields};
use super::holding::change_holder;
use super::problem::{Failure, ProblemType, Result};
use super::reply::{Done, Tagged};
use super::request::Write;
use crate::domain::batch::ItemAction;
use crate::domain::phone_number::Binding;
use crate::domain::{Listing, Number, SearchWords, SkillGroupId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{bindings, phone_numbers, skill_groups};

fields! {
    /// Which bindings are listed.
    ListBindings {
        /// Words, all of which are found: as in the list of numbers.
        q: SearchWords = default(words(), SearchWords::default()),
        /// Only of this skill group.
        skill_group_id: Option<String> = optional(id()),
    }
}

/// Which number is bound to which skill group.
pub(super) fn list(at: Reading<'_>, (): (), list: Paged<ListBindings>) -> Result<Listing<Binding>> {
    let (id, Paged { page, filters }) = (at.instance_id(), list);
    Ok(bindings::list(at.tx, id, filters.skill_group_id.as_deref(), &filters.q, page)?.into())
}

/// Since when a number is bound to a skill group. Its ETag is the number's.
pub(super) fn get(
    at: Reading<'_>,
    (id, number): (SkillGroupId, Number),
    _: Nothing,
) -> Result<Tagged<Binding>> {
    let instance_id = at.instance_id();
    skill_groups::require(at.tx, instance_id, &id)?;
    let number = phone_numbers::require(at.tx, instance_id, &number)?;
    let not_bound = || {
        Failure::NotRelated(ProblemType::BindingNotFound, format!("{number} is not bound to {id}."))
    };
    let since = bindings::since(at.tx, instance_id, &id, &number)?.ok_or_else(not_bound)?;
    let tag = etag::of_number(at.tx, instance_id, &number)?;
    Ok(Tagged(Binding { number, skill_group_id: id, since }, tag))
}

/// Binds a number to a skill group; what is bound stays so.
pub(super) fn put(
    at: Writing<'_>,
    (id, number): (SkillGroupId, Number),
    write: Write<Nothing, Guarded>,
) -> Result<Done> {
    skill_groups::require(at.tx, at.instance_id(), &id)?;
    let numbers = std::slice::from_ref(&number);
    change_holder(&at, (ItemAction::Bind, &number), &write.guard, || {
        ops::skill_groups::bind(at.tx, at.instance_id(), &[id], numbers)
    })
}

/// Unbinds a number from a skill group; what is not bound is left alone.
pub(super) fn delete(
    at: Writing<'_>,
    (id, number): (SkillGroupId, Number),
    write: Write<Nothing, Guarded>,
) -> Result<Done> {
    skill_groups::require(at.tx, at.instance_id(), &id)?;
    let numbers = std::slice::from_ref(&number);
    change_holder(&at, (ItemAction::Unbind, &number), &write.guard, || {
        ops::skill_groups::unbind(at.tx, at.instance_id(), &[id], numbers)
    })
}
