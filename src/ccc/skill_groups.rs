//! Operations on skill groups and the numbers bound to them.

use super::error::{Failure, Result};
use super::number::ListedNumber;
use super::params::{NO_NUMBER_GROUPS, request};
use super::reply::{Paged, Reply};
use crate::domain::phone_number::NumberFilter;
use crate::domain::skill_group::{
    MediaType, NewSkillGroup, SkillGroup, SkillGroupEdit, SkillGroupFilter,
};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
use crate::domain::{PageRequest, SkillGroupId, SkillGroupName};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{phone_numbers, skill_groups};
use serde::Serialize;

request! {
    CreateSkillGroup {
        description: Option<String> = optional_text("Description", LONGEST_DESCRIPTION),
        display_name: String = text_of("DisplayName", 1, LONGEST_NAME),
        media_type: Option<MediaType> = optional_word("MediaType"),
        name: SkillGroupName = skill_group_name("Name"),
    }
    ModifySkillGroup {
        description: Option<String> = new_text("Description", LONGEST_DESCRIPTION),
        display_name: Option<String> = optional_text("DisplayName", LONGEST_NAME),
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    DeleteSkillGroup {
        force: bool = flag_or("Force", false),
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    GetSkillGroup {
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    ListSkillGroups {
        media_type: Option<MediaType> = optional_word("MediaType"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
    }
    ListPhoneNumbersOfSkillGroup {
        active: Option<bool> = optional_flag("Active"),
        is_member: bool = flag("IsMember"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    AddNumbersToSkillGroup {
        _number_groups: () = unsupported("InstNumberGroupIdList", NO_NUMBER_GROUPS),
        numbers: Vec<String> = list("NumberList"),
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    RemovePhoneNumbersFromSkillGroup {
        numbers: Vec<String> = list("NumberList"),
        skill_group_id: SkillGroupId = id("SkillGroupId"),
    }
    AddPhoneNumberToSkillGroups {
        number: String = id("Number"),
        skill_group_ids: Vec<SkillGroupId> = ids("SkillGroupIdList"),
    }
    RemovePhoneNumberFromSkillGroups {
        number: String = id("Number"),
        skill_group_ids: Vec<SkillGroupId> = ids("SkillGroupIdList"),
    }
}

/// One skill group. What is not shown of one that was just created is absent there.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OneSkillGroup {
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    instance_id: String,
    media_type: MediaType,
    name: String,
    skill_group_id: String,
}

/// A skill group in a list, which calls its name otherwise.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedSkillGroup {
    description: String,
    display_name: String,
    instance_id: String,
    media_type: MediaType,
    phone_number_count: u64,
    skill_group_id: String,
    skill_group_name: String,
    user_count: u64,
}

/// Creates a skill group, `AUDIO` unless another media type is asked for.
pub(super) fn create(at: Writing<'_>, request: CreateSkillGroup) -> Result<Reply<OneSkillGroup>> {
    let new = NewSkillGroup {
        name: request.name,
        display_name: request.display_name,
        description: request.description.unwrap_or_default(),
        media_type: request.media_type.unwrap_or_default(),
        guid: None,
    };
    let id = ops::skill_groups::create(at.tx, at.instance_id(), &new)?;
    Ok(Reply::data(OneSkillGroup {
        description: new.description,
        display_name: None,
        instance_id: at.instance_id().to_string(),
        media_type: new.media_type,
        name: new.name.into(),
        skill_group_id: id.to_string(),
    }))
}

/// Changes what a skill group is called and what it is for; an absent parameter leaves its field as
/// it is.
pub(super) fn modify(at: Writing<'_>, request: ModifySkillGroup) -> Result<Reply<()>> {
    let edit =
        SkillGroupEdit { display_name: request.display_name, description: request.description };
    ops::skill_groups::modify(at.tx, at.instance_id(), &request.skill_group_id, &edit)?;
    Ok(Reply::done())
}

/// Deletes a skill group; one that holds numbers or has members only by force.
pub(super) fn delete(at: Writing<'_>, request: DeleteSkillGroup) -> Result<Reply<()>> {
    ops::skill_groups::delete(at.tx, at.instance_id(), &request.skill_group_id, request.force)?;
    Ok(Reply::done())
}

pub(super) fn get(at: Reading<'_>, request: GetSkillGroup) -> Result<Reply<OneSkillGroup>> {
    let group = skill_groups::get(at.tx, at.instance_id(), &request.skill_group_id)?;
    Ok(Reply::data(OneSkillGroup {
        description: group.description,
        display_name: Some(group.display_name),
        instance_id: group.instance_id.to_string(),
        media_type: group.media_type,
        name: group.name,
        skill_group_id: group.skill_group_id.to_string(),
    }))
}

/// Answers `ListBriefSkillGroups` too: the vendor's brief list has the fields of the long one.
pub(super) fn list(
    at: Reading<'_>,
    request: ListSkillGroups,
) -> Result<Reply<Paged<ListedSkillGroup>>> {
    let filter =
        SkillGroupFilter { search_pattern: request.search_pattern, media_type: request.media_type };
    let page = skill_groups::list(at.tx, at.instance_id(), &filter, request.page)?;
    Ok(Reply::data(Paged::of(page, listed)))
}

/// The numbers bound to a skill group, or with `IsMember=false` those that could be bound to it.
pub(super) fn list_phone_numbers(
    at: Reading<'_>,
    request: ListPhoneNumbersOfSkillGroup,
) -> Result<Reply<Paged<ListedNumber>>> {
    let (id, group) = (at.instance_id(), &request.skill_group_id);
    skill_groups::require(at.tx, id, group)?;
    let (search_pattern, active) = (request.search_pattern, request.active);
    let filter = NumberFilter { search_pattern, active, usage: None };
    let page = if request.is_member {
        phone_numbers::list_bound(at.tx, group, &filter, request.page)?
    } else {
        phone_numbers::list_bindable(at.tx, id, group, &filter, request.page)?
    };
    Ok(Reply::data(Paged::of(page, |row| ListedNumber::of_skill_group(id, row))))
}

/// Binds numbers to a skill group: all of them or none.
pub(super) fn add_numbers(at: Writing<'_>, request: AddNumbersToSkillGroup) -> Result<Reply<()>> {
    ops::skill_groups::bind(at.tx, at.instance_id(), &[request.skill_group_id], &request.numbers)
        .map_err(Failure::of("NumberList"))?;
    Ok(Reply::done())
}

/// Unbinds numbers from a skill group; those that it does not hold are left alone.
pub(super) fn remove_numbers(
    at: Writing<'_>,
    request: RemovePhoneNumbersFromSkillGroup,
) -> Result<Reply<()>> {
    let RemovePhoneNumbersFromSkillGroup { numbers, skill_group_id } = request;
    ops::skill_groups::unbind(at.tx, at.instance_id(), &[skill_group_id], &numbers)?;
    Ok(Reply::done())
}

/// Binds a number to skill groups: to all of them or to none.
pub(super) fn add_number_to_groups(
    at: Writing<'_>,
    request: AddPhoneNumberToSkillGroups,
) -> Result<Reply<()>> {
    ops::skill_groups::bind(at.tx, at.instance_id(), &request.skill_group_ids, &[request.number])
        .map_err(Failure::of("Number"))?;
    Ok(Reply::done())
}

/// Unbinds a number from skill groups; those that do not hold it are left alone.
pub(super) fn remove_number_from_groups(
    at: Writing<'_>,
    request: RemovePhoneNumberFromSkillGroups,
) -> Result<Reply<()>> {
    let RemovePhoneNumberFromSkillGroups { number, skill_group_ids } = request;
    phone_numbers::require(at.tx, at.instance_id(), &number)?;
    ops::skill_groups::unbind(at.tx, at.instance_id(), &skill_group_ids, &[number])?;
    Ok(Reply::done())
}

fn listed(group: SkillGroup) -> ListedSkillGroup {
    ListedSkillGroup {
        description: group.description,
        display_name: group.display_name,
        instance_id: group.instance_id.to_string(),
        media_type: group.media_type,
        phone_number_count: group.phone_number_count,
        skill_group_id: group.skill_group_id.to_string(),
        skill_group_name: group.name,
        user_count: group.user_count,
    }
}
