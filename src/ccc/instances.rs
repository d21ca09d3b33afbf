//! Operations on instances.

use super::error::{Failure, Result};
use super::number::ShownNumber;
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::InAccount;
use super::users::ShownUser;
use crate::domain::instance::{CountryCode, InstanceEdit, InstanceStatus, NewInstance, Sharing};
use crate::domain::phone_number::NumberFilter;
use crate::domain::text::LONGEST_DESCRIPTION;
use crate::domain::{Instance, InstanceId, PageRequest, RamId, Role, UserId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{ReadTx, instances, phone_numbers, ram_users, users};
use serde::Serialize;

request! {
    ListInstancesOfUser { page: PageRequest = page(), }
    ListInstances { page: PageRequest = page(), }
    CreateInstance {
        admins: Vec<RamId> = ids("AdminRamIdList"),
        description: Option<String> = optional_text("Description", LONGEST_DESCRIPTION),
        domain_name: InstanceId = new_name("DomainName"),
        name: String = text_of("Name", 4, 32),
        numbers: Vec<String> = optional_list("NumberList"),
    }
    ModifyInstance { description: Option<String> = new_text("Description", LONGEST_DESCRIPTION), }
}

/// An instance with its administrators and numbers. What some operations show of it and others do
/// not is absent there.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CallCenterInstance {
    status: InstanceStatus,
    description: String,
    domain_name: String,
    console_url: String,
    aliyun_uid: String,
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chatbot_business_unit: Option<ChatbotBusinessUnit>,
    admin_list: Vec<ShownUser>,
    number_list: Vec<ShownNumber>,
}

/// The vendor's chat robots; there are none here.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChatbotBusinessUnit {
    unit_id: u64,
    unit_key: &'static str,
}

/// The instances that the caller belongs to, each whole. An agent sees only the numbers that
/// they hold in them.
pub(super) fn list_of_user(
    at: Reading<'_, InAccount>,
    request: ListInstancesOfUser,
) -> Result<Reply<Paged<CallCenterInstance>>> {
    let caller = &at.place.caller;
    let page = instances::list_of_caller(at.tx, caller, request.page)?;
    let page = page.try_map(|instance| {
        let id = &instance.instance_id;
        let numbers = match users::of_ram_user(at.tx, id, &caller.ram_id)? {
            Some((user_id, Role::Agent)) if !caller.is_root => own_numbers(at.tx, id, &user_id)?,
            _ => numbers(at.tx, id)?,
        };
        call_center_instance(at.tx, &instance, numbers)
    })?;
    Ok(Reply::data(page.into()).with_params())
}

/// All instances of the account, released ones too; of their numbers only the number itself.
pub(super) fn list(
    at: Reading<'_, InAccount>,
    request: ListInstances,
) -> Result<Reply<Paged<CallCenterInstance>>> {
    let page = instances::list(at.tx, request.page)?.try_map(|instance| {
        let numbers =
            instances::numbers(at.tx, &instance.instance_id)?.into_iter().map(ShownNumber::bare);
        let whole = call_center_instance(at.tx, &instance, numbers.collect())?;
        let create_time = Some(instance.created_at.millis());
        Ok::<_, Failure>(CallCenterInstance { create_time, ..whole })
    })?;
    Ok(Reply::data(page.into()))
}

pub(super) fn get(at: Reading<'_>, (): ()) -> Result<Reply<CallCenterInstance>> {
    let instance = instances::find(at.tx, at.instance_id())?;
    let whole = call_center_instance(at.tx, &instance, numbers(at.tx, at.instance_id())?)?;
    let unit = ChatbotBusinessUnit { unit_id: 0, unit_key: "" };
    Ok(Reply::data(CallCenterInstance {
        agent_type: Some(""),
        chatbot_business_unit: Some(unit),
        ..whole
    }))
}

/// Makes an instance, which runs at once.
pub(super) fn create(at: Writing<'_, InAccount>, request: CreateInstance) -> Result<Reply<String>> {
    let new = NewInstance {
        instance_id: request.domain_name,
        name: request.name,
        description: request.description.unwrap_or_default(),
        personal_numbers: Sharing::Exclusive,
        country_code: CountryCode::of_new(Sharing::Exclusive),
        admins: request.admins,
        numbers: request.numbers,
    };
    ops::instances::create(at.tx, &new)?;
    Ok(Reply::workflow())
}

/// Changes an instance's description.
pub(super) fn modify(at: Writing<'_>, request: ModifyInstance) -> Result<Reply<String>> {
    let edit = InstanceEdit { description: request.description, ..InstanceEdit::default() };
    ops::instances::modify(at.tx, at.instance_id(), &edit)?;
    Ok(Reply::data(String::new()))
}

/// Gives an instance up.
pub(super) fn delete(at: Writing<'_>, (): ()) -> Result<Reply<String>> {
    ops::instances::release(at.tx, at.instance_id(), true)?;
    Ok(Reply::workflow().with_params())
}

fn call_center_instance(
    tx: &ReadTx<'_>,
    instance: &Instance,
    number_list: Vec<ShownNumber>,
) -> Result<CallCenterInstance> {
    let id = instance.instance_id.to_string();
    Ok(CallCenterInstance {
        status: instance.status,
        description: instance.description.clone(),
        domain_name: id.clone(),
        console_url: format!("https://ccc-v2.aliyun.com/#/workbench/{id}"),
        aliyun_uid: ram_users::root(tx)?.map(|root| root.to_string()).unwrap_or_default(),
        id,
        name: instance.name.clone(),
        create_time: None,
        agent_type: None,
        chatbot_business_unit: None,
        admin_list: users::list_admins(tx, &instance.instance_id)?
            .into_iter()
            .map(ShownUser::admin)
            .collect(),
        number_list,
    })
}

fn numbers(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<ShownNumber>> {
    let page = phone_numbers::list(tx, instance_id, &NumberFilter::default(), PageRequest::ALL)?;
    let rows = page.rows.into_iter();
    Ok(rows.map(|row| ShownNumber::whole(tx, instance_id, row)).collect::<Result<_, _>>()?)
}

/// The numbers that a user holds, alone or together with others: no skill group has one of them.
fn own_numbers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
) -> Result<Vec<ShownNumber>> {
    let rows = phone_numbers::list_personal(tx, user_id, None, PageRequest::ALL)?.rows.into_iter();
    Ok(rows.map(|row| ShownNumber::held(instance_id, user_id.to_string(), row)).collect())
}
