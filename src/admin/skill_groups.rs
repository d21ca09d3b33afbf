//! Skill groups of an instance.

use super::etag::{ETag, Guarded, MustMatch, Versioned};
use super::fields::{MAX_ITEMS, Nothing, Paged, fields, fields_of};
use super::holding::do_away;
use super::problem::Result;
use super::reply::{Created, Done, Tagged};
use super::request::Write;
use crate::domain::batch::ItemAction;
use crate::domain::skill_group::{MediaType, NewSkillGroup, SkillGroupEdit};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
use crate::domain::{
    Error, InstanceId, Listing, Order, PageRequest, Paging, SearchWords, SkillGroup, SkillGroupId,
    SkillGroupName,
};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::skill_groups::{SkillGroupOrder, SkillGroupQuery};
use crate::store::{ReadTx, bindings, skill_groups};

fields! {
    /// Which skill groups are listed.
    ListSkillGroups {
        /// Part of a name, or of the description.
        q: Option<String> = optional(pattern()),
        /// Only of this media type.
        media_type: Option<MediaType> = optional(one_of::<MediaType>()),
        /// The order; descending with - in front.
        sort: Order<SkillGroupOrder> = sort::<SkillGroupOrder>(),
    }
    /// A new skill group.
    SkillGroupToCreate = r#"{"name": "evening", "display_name": "晚班"}"# {
        /// Its short name, part of its id: a letter, then letters, digits, _ and -.
        name: SkillGroupName = required(group_name()),
        /// The display name.
        display_name: String = required(name_text(LONGEST_NAME)),
        /// The description.
        description: String = default(text(0, LONGEST_DESCRIPTION), String::new()),
        /// The medium that it serves.
        media_type: MediaType = default(one_of::<MediaType>(), MediaType::default()),
    }
    /// How a skill group is deleted.
    SkillGroupDeletion {
        /// Also end its bindings and memberships; without it, a group that has any is not deleted.
        force: bool = default(flag(), false),
    }
}

fields_of! {
    SkillGroupChanges for SkillGroupEdit = r#"{"display_name": "售前"}"# {
        /// The display name.
        display_name = optional(name_text(LONGEST_NAME)),
        /// The description.
        description = optional(text(0, LONGEST_DESCRIPTION)),
    }
}

impl Versioned for SkillGroup {
    /// The counts are shown, so they are part of the version.
    fn tag(&self) -> ETag {
        let parts = [self.version, self.phone_number_count, self.user_count];
        ETag::new(&parts, self.created_at.millis())
    }
}

/// The ETag of a skill group, which is also that of its memberships.
pub(super) fn tag(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &SkillGroupId,
) -> Result<ETag, Error> {
    skill_groups::get(tx, instance_id, id).map(|row| row.tag())
}

pub(super) fn list(
    at: Reading<'_>,
    (): (),
    list: Paged<ListSkillGroups>,
) -> Result<Listing<SkillGroup>> {
    let query = SkillGroupQuery {
        search: list.filters.q,
        media_type: list.filters.media_type,
        order: list.filters.sort,
    };
    Ok(skill_groups::search(at.tx, at.instance_id(), &query, list.page)?.into())
}

pub(super) fn get(
    at: Reading<'_>,
    (id,): (SkillGroupId,),
    _: Nothing,
) -> Result<Tagged<SkillGroup>> {
    Ok(Tagged::of(skill_groups::get(at.tx, at.instance_id(), &id)?))
}

pub(super) fn create(
    at: Writing<'_>,
    (): (),
    write: Write<SkillGroupToCreate>,
) -> Result<Created<SkillGroup>> {
    let SkillGroupToCreate { name, display_name, description, media_type } = write.fields;
    let new = NewSkillGroup { name, display_name, description, media_type, guid: None };
    let id = ops::skill_groups::create(at.tx, at.instance_id(), &new)?;
    let body = skill_groups::get(at.tx, at.instance_id(), &id)?;
    Ok(Created::in_instance(at.instance_id(), format_args!("skill-groups/{id}"), body))
}

/// Changes a skill group, if the caller has read the current version.
pub(super) fn modify(
    at: Writing<'_>,
    (id,): (SkillGroupId,),
    write: Write<SkillGroupEdit, MustMatch>,
) -> Result<Tagged<SkillGroup>> {
    write.guard.check(&tag(at.tx, at.instance_id(), &id)?)?;
    ops::skill_groups::modify(at.tx, at.instance_id(), &id, &write.fields)?;
    Ok(Tagged::of(skill_groups::get(at.tx, at.instance_id(), &id)?))
}

pub(super) fn delete(
    at: Writing<'_>,
    (id,): (SkillGroupId,),
    write: Write<SkillGroupDeletion, Guarded>,
) -> Result<Done> {
    skill_groups::require(at.tx, at.instance_id(), &id)?;
    write.guard.check(|| tag(at.tx, at.instance_id(), &id))?;
    let page = PageRequest { number: 1, size: MAX_ITEMS as u64, paging: Paging::Clamp };
    let words = SearchWords::default();
    let bound = bindings::list(at.tx, at.instance_id(), Some(id.as_str()), &words, page)?.rows;
    let numbers: Vec<String> = bound.into_iter().map(|binding| binding.number).collect();
    do_away(&at, ItemAction::Unbind, &numbers, || {
        ops::skill_groups::delete(at.tx, at.instance_id(), &id, write.fields.force)
    })
}
