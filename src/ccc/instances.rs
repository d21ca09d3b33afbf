//! Operations on instances.

use super::error::Failure;
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::InAccount;
use crate::domain::phone_number::NumberFilter;
use crate::domain::{Instance, PageRequest, Role, User};
use crate::store::{ReadTx, instances, phone_numbers, ram_users, users};
use serde::Serialize;

request! {
    ListInstancesOfUser { page: PageRequest = page(), }
}

/// An instance with its administrators and numbers.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CallCenterInstance {
    status: String,
    description: String,
    domain_name: String,
    console_url: String,
    aliyun_uid: String,
    id: String,
    name: String,
    admin_list: Vec<Admin>,
    number_list: Vec<InstanceNumber>,
}

/// An administrator of an instance.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Admin {
    extension: String,
    login_name: String,
    role_name: String,
    email: String,
    instance_id: String,
    user_id: String,
    display_name: String,
    role_id: String,
    mobile: String,
    work_mode: String,
}

/// A number of an instance, with the skill groups that hold it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceNumber {
    usage: String,
    active: bool,
    number: String,
    instance_id: String,
    contact_flow_id: String,
    user_id: String,
    city: String,
    province: String,
    skill_groups: Vec<NumberSkillGroup>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NumberSkillGroup {
    description: String,
    phone_number_count: u64,
    instance_id: String,
    user_count: u64,
    display_name: String,
    skill_group_id: String,
    name: String,
}

/// The instances that the caller belongs to, each whole. An agent sees only his own numbers in them.
pub(super) fn list_of_user(tx: &ReadTx<'_>, account: &InAccount, request: ListInstancesOfUser) -> Result<Reply<Paged<CallCenterInstance>>, Failure> {
    let caller = &account.caller;
    let uid = ram_users::root(tx)?.map(|root| root.to_string()).unwrap_or_default();
    let page = instances::list_of_ram_user(tx, &caller.ram_id, caller.is_root, request.page)?;
    let mut whole = Vec::with_capacity(page.rows.len());
    for instance in &page.rows {
        whole.push(call_center_instance(tx, account, instance, uid.clone())?);
    }
    let mut whole = whole.into_iter();
    Ok(Reply::data(Paged::of(crate::domain::Page { rows: whole.by_ref().collect(), shown: page.shown, total: page.total }, |row| row)).with_params())
}

fn call_center_instance(tx: &ReadTx<'_>, account: &InAccount, instance: &Instance, aliyun_uid: String) -> Result<CallCenterInstance, Failure> {
    let id = instance.instance_id.to_string();
    let own = match users::of_ram_user(tx, &instance.instance_id, &account.caller.ram_id)? {
        Some((user_id, Role::Agent)) if !account.caller.is_root => Some(user_id.to_string()),
        _ => None,
    };
    let everything = PageRequest { number: 1, size: u64::from(u32::MAX), paging: crate::domain::Paging::Strict };
    let numbers = phone_numbers::list(tx, &instance.instance_id, &NumberFilter::default(), everything)?.rows;
    Ok(CallCenterInstance {
        status: instance.status.clone(),
        description: instance.description.clone(),
        domain_name: id.clone(),
        console_url: format!("https://ccc-v2.aliyun.com/#/workbench/{id}"),
        aliyun_uid,
        name: instance.name.clone(),
        admin_list: users::list_admins(tx, &instance.instance_id)?.into_iter().map(admin).collect(),
        number_list: numbers.into_iter().filter(|number| own.is_none() || number.user_id == own).map(|number| instance_number(&id, number)).collect(),
        id,
    })
}

fn admin(user: User) -> Admin {
    Admin {
        extension: user.extension,
        login_name: user.login_name,
        role_id: format!("{}@{}", user.role, user.instance_id),
        role_name: user.role,
        email: user.email,
        instance_id: user.instance_id.to_string(),
        user_id: user.user_id.to_string(),
        display_name: user.display_name,
        mobile: user.mobile,
        work_mode: user.work_mode,
    }
}

fn instance_number(instance_id: &str, row: phone_numbers::ListedNumber) -> InstanceNumber {
    let skill_groups = row.skill_groups.iter().map(|group| NumberSkillGroup {
        description: group.description.clone(),
        phone_number_count: group.phone_number_count,
        instance_id: group.instance_id.to_string(),
        user_count: group.user_count,
        display_name: group.display_name.clone(),
        skill_group_id: group.skill_group_id.to_string(),
        name: group.name.clone(),
    });
    InstanceNumber {
        skill_groups: skill_groups.collect(),
        usage: row.phone_number.usage,
        active: row.phone_number.active,
        number: row.phone_number.number,
        instance_id: instance_id.to_owned(),
        contact_flow_id: row.phone_number.contact_flow_id.unwrap_or_default(),
        user_id: row.user_id.unwrap_or_default(),
        city: row.phone_number.city,
        province: row.phone_number.province,
    }
}
