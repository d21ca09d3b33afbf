//! Operations on numbers, and on the numbers of a user.

use super::error::Failure;
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::InInstance;
use crate::domain::phone_number::NumberDetails;
use crate::domain::phone_number::{NumberFilter, PhoneNumber, Usage};
use crate::domain::{Act, Error, InstanceId, Page, PageRequest, UserId};
use crate::ops::{self, access};
use crate::store::{ReadTx, WriteTx, phone_numbers, skill_groups, users};
use serde::Serialize;

request! {
    ListPhoneNumbers {
        active: Option<bool> = optional_flag("Active"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        usage: Option<Usage> = optional_usage(),
    }
    ListPersonalNumbersOfUser {
        is_member: bool = flag("IsMember"),
        page: PageRequest = page(),
        user_id: UserId = user("UserId"),
        search_pattern: Option<String> = search_pattern(),
    }
    AddPersonalNumbersToUser {
        numbers: Vec<String> = list("NumberList"),
        user_id: UserId = user("UserId"),
    }
    RemovePersonalNumbersFromUser {
        numbers: Vec<String> = list("NumberList"),
        user_id: UserId = user("UserId"),
    }
}

/// A number of a user.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PersonalNumber {
    active: bool,
    number: String,
    instance_id: String,
    contact_flow_id: String,
    city: String,
    province: String,
}

/// A number of an instance.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedPhoneNumber {
    active: bool,
    city: String,
    contact_flow_id: String,
    contact_flow_name: String,
    create_time: String,
    instance_id: String,
    number: String,
    provider: String,
    province: String,
    skill_groups: Vec<BriefSkillGroup>,
    tags: String,
    usage: &'static str,
    user_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BriefSkillGroup {
    display_name: String,
    instance_id: String,
    name: String,
    skill_group_id: String,
}

/// The numbers of the instance, with who holds them.
pub(super) fn list(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    request: ListPhoneNumbers,
) -> Result<Reply<Paged<ListedPhoneNumber>>, Failure> {
    let filter = NumberFilter {
        search_pattern: request.search_pattern,
        usage: request.usage,
        active: request.active,
    };
    let Page { rows, shown, total } =
        phone_numbers::list(tx, &entry.instance_id, &filter, request.page)?;
    let rows = rows
        .into_iter()
        .map(|row| listed(tx, &entry.instance_id, row))
        .collect::<Result<_, _>>()?;
    Ok(Reply::data(Paged::of(Page { rows, shown, total }, |row| row)))
}

/// The numbers that are personal to a user, or with `IsMember=false` those that could be given to
/// them.
pub(super) fn list_personal(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    request: ListPersonalNumbersOfUser,
) -> Result<Reply<Paged<PersonalNumber>>, Failure> {
    if !request.is_member && !entry.may(Act::ReadInstance) {
        // What could be given to a user is not their own yet.
        return Err(access::forbidden(entry.role, Act::ReadInstance).into());
    }
    users::require(tx, &entry.instance_id, &request.user_id)?;
    let pattern = request.search_pattern.as_deref();
    let page = if request.is_member {
        phone_numbers::list_personal(tx, &request.user_id, pattern, request.page)?
    } else {
        phone_numbers::list_assignable(tx, entry, &request.user_id, pattern, request.page)?
    };
    Ok(Reply::data(Paged::of(page, |row| personal(entry.instance_id.as_str(), row))))
}

/// Gives numbers to a user; `Data` lists those that could not be given.
pub(super) fn add_personal(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    request: AddPersonalNumbersToUser,
) -> Result<Reply<Vec<String>>, Failure> {
    let refused = ops::phone_numbers::assign_personal(
        tx,
        &entry.instance_id,
        &request.user_id,
        &request.numbers,
    )?;
    Ok(Reply::data(refused))
}

/// Takes numbers back from a user.
pub(super) fn remove_personal(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    request: RemovePersonalNumbersFromUser,
) -> Result<Reply<()>, Failure> {
    ops::phone_numbers::release_personal(
        tx,
        &entry.instance_id,
        &request.user_id,
        &request.numbers,
    )?;
    Ok(Reply::done())
}

fn personal(instance_id: &str, row: PhoneNumber) -> PersonalNumber {
    PersonalNumber {
        active: row.active,
        number: row.number,
        instance_id: instance_id.to_owned(),
        contact_flow_id: row.contact_flow_id.unwrap_or_default(),
        city: row.city,
        province: row.province,
    }
}

fn listed(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    row: NumberDetails,
) -> Result<ListedPhoneNumber, Error> {
    let skill_groups = skill_groups::list_of_number(tx, instance_id, &row)?;
    let brief = skill_groups.into_iter().map(|group| BriefSkillGroup {
        display_name: group.display_name,
        instance_id: group.instance_id.to_string(),
        name: group.name,
        skill_group_id: group.skill_group_id.to_string(),
    });
    Ok(ListedPhoneNumber {
        skill_groups: brief.collect(),
        active: row.active,
        city: row.city,
        contact_flow_id: row.contact_flow_id.unwrap_or_default(),
        contact_flow_name: row.contact_flow_name.unwrap_or_default(),
        create_time: row.created_at.millis().to_string(),
        instance_id: instance_id.to_string(),
        number: row.number,
        provider: row.provider,
        province: row.province,
        tags: serde_json::to_string(&row.tags).unwrap_or_default(),
        usage: row.usage.name(),
        user_id: row.user_ids.into_iter().next().unwrap_or_default(),
    })
}
