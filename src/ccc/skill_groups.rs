//! Operations on skill groups and the numbers bound to them.

use super::error::Failure;
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::InInstance;
use crate::domain::phone_number::{NumberFilter, PhoneNumber};
use crate::domain::{PageRequest, SkillGroupId};
use crate::ops;
use crate::store::{ReadTx, WriteTx, phone_numbers, skill_groups};
use serde::Serialize;

request! {
    ListPhoneNumbersOfSkillGroup {
        active: Option<bool> = optional_flag("Active"),
        is_member: bool = flag("IsMember"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        skill_group_id: SkillGroupId = skill_group("SkillGroupId"),
    }
    AddNumbersToSkillGroup {
        _number_groups: () = unsupported("InstNumberGroupIdList"),
        numbers: Vec<String> = list("NumberList"),
        skill_group_id: SkillGroupId = skill_group("SkillGroupId"),
    }
    RemovePhoneNumbersFromSkillGroup {
        numbers: Vec<String> = list("NumberList"),
        skill_group_id: SkillGroupId = skill_group("SkillGroupId"),
    }
    AddPhoneNumberToSkillGroups {
        number: String = number("Number"),
        skill_group_ids: Vec<SkillGroupId> = skill_groups("SkillGroupIdList"),
    }
    RemovePhoneNumberFromSkillGroups {
        number: String = number("Number"),
        skill_group_ids: Vec<SkillGroupId> = skill_groups("SkillGroupIdList"),
    }
}

/// A number of a skill group.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SkillGroupNumber {
    active: bool,
    city: String,
    contact_flow_id: String,
    instance_id: String,
    number: String,
    province: String,
    usage: String,
}

/// The numbers bound to a skill group, or with `IsMember=false` those that could be bound to it.
pub(super) fn list_phone_numbers(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    request: ListPhoneNumbersOfSkillGroup,
) -> Result<Reply<Paged<SkillGroupNumber>>, Failure> {
    skill_groups::require(tx, &entry.instance_id, &request.skill_group_id)?;
    let filter = NumberFilter { search_pattern: request.search_pattern, active: request.active, usage: None };
    let page = if request.is_member {
        phone_numbers::list_bound(tx, &request.skill_group_id, &filter, request.page)?
    } else {
        phone_numbers::list_bindable(tx, &entry.instance_id, &request.skill_group_id, &filter, request.page)?
    };
    Ok(Reply::data(Paged::of(page, |row| skill_group_number(entry.instance_id.as_str(), row))))
}

/// Binds numbers to a skill group: all of them or none.
pub(super) fn add_numbers(tx: &WriteTx<'_>, entry: &InInstance, request: AddNumbersToSkillGroup) -> Result<Reply<()>, Failure> {
    ops::skill_groups::bind(tx, &entry.instance_id, &[request.skill_group_id], &request.numbers).map_err(Failure::of("NumberList"))?;
    Ok(Reply::done())
}

/// Unbinds numbers from a skill group; those that it does not hold are left alone.
pub(super) fn remove_numbers(tx: &WriteTx<'_>, entry: &InInstance, request: RemovePhoneNumbersFromSkillGroup) -> Result<Reply<()>, Failure> {
    ops::skill_groups::unbind(tx, &entry.instance_id, &[request.skill_group_id], &request.numbers)?;
    Ok(Reply::done())
}

/// Binds a number to skill groups: to all of them or to none.
pub(super) fn add_number_to_groups(tx: &WriteTx<'_>, entry: &InInstance, request: AddPhoneNumberToSkillGroups) -> Result<Reply<()>, Failure> {
    ops::skill_groups::bind(tx, &entry.instance_id, &request.skill_group_ids, &[request.number]).map_err(Failure::of("Number"))?;
    Ok(Reply::done())
}

/// Unbinds a number from skill groups; those that do not hold it are left alone.
pub(super) fn remove_number_from_groups(tx: &WriteTx<'_>, entry: &InInstance, request: RemovePhoneNumberFromSkillGroups) -> Result<Reply<()>, Failure> {
    phone_numbers::require(tx, &entry.instance_id, &request.number)?;
    ops::skill_groups::unbind(tx, &entry.instance_id, &request.skill_group_ids, &[request.number])?;
    Ok(Reply::done())
}

fn skill_group_number(instance_id: &str, row: PhoneNumber) -> SkillGroupNumber {
    SkillGroupNumber {
        active: row.active,
        city: row.city,
        contact_flow_id: row.contact_flow_id.unwrap_or_default(),
        instance_id: instance_id.to_owned(),
        number: row.number,
        province: row.province,
        usage: row.usage,
    }
}
