//! Instances.

use super::etag::{ETag, Guarded, MustMatch, Unguarded};
use super::fields::{Nothing, Paged, fields};
use super::problem::Failure;
use super::reply::{Created, Done, Tagged, moment};
use super::request::Write;
use super::scope::{InAccount, InInstance};
use crate::domain::Listing;
use crate::domain::instance::Sharing;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::{self, Error, InstanceId, LoginName};
use crate::ops;
use crate::ops::instances::NewInstance;
use crate::store::instances::InstanceEdit;
use crate::store::{ReadTx, WriteTx, instances};
use serde::Serialize;
use utoipa::ToSchema;

/// An instance in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BriefInstance {
    /// Its id.
    instance_id: String,
    /// The name.
    name: String,
    /// The description.
    description: String,
    /// `CREATING`, `RUNNING` or `STOPPED`.
    status: String,
    /// When it was created.
    created_at: String,
}

/// An instance.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Instance {
    /// What lists show.
    #[serde(flatten)]
    brief: BriefInstance,
    /// `exclusive`: at most one user holds a number; `shared`: several may.
    personal_numbers: String,
    /// For how many days a number that was released is kept for its last holder; 0: not at all.
    cool_down_days: u32,
    /// Grows with every change.
    version: u64,
}

fields! {
    /// A new instance.
    InstanceToCreate = r#"{"instance_id": "new-test", "name": "New call centre", "admins": ["lina"]}"# {
        /// The id, which is also the domain name and the end of the ids of users and skill groups.
        /// It can't be changed.
        instance_id: InstanceId = required(instance_id()),
        /// The name.
        name: String = required(text(1, 64)),
        /// The description.
        description: String = default(text(0, 256), String::new()),
        /// Whether one user or several may hold a number.
        personal_numbers: &'static str = default(choice(&Sharing::NAMES), Sharing::Exclusive.name()),
        /// The login names of the first administrators. The account's root may do everything
        /// anyway.
        admins: Vec<LoginName> = default(list(login_name(), 0, 50), Vec::new()),
    }
    /// How an instance is given up.
    InstanceDeletion {
        /// Give it up although it has users or numbers; without it, such an instance stays.
        force: bool = default(flag(), false),
    }
    /// The fields to change; absent ones stay as they are.
    InstanceChanges = r#"{"name": "云呼测试实例", "personal_numbers": "shared"}"# {
        /// The name.
        name: Option<String> = optional(text(1, 64)),
        /// The description.
        description: Option<String> = optional(text(0, 256)),
        /// Whether one user or several may hold a number. It can't become exclusive while several
        /// users hold one number.
        personal_numbers: Option<&'static str> = optional(choice(&Sharing::NAMES)),
        /// For how many days a number that was released is kept for its last holder; 0: not at all.
        cool_down_days: Option<u64> = optional(integer(0, MAX_COOL_DOWN_DAYS.into())),
    }
}

fn brief(instance: domain::Instance) -> BriefInstance {
    BriefInstance {
        instance_id: instance.instance_id.to_string(),
        name: instance.name,
        description: instance.description,
        status: instance.status,
        created_at: moment(instance.created_at),
    }
}

/// The ETag of an instance.
fn tag(tx: &ReadTx<'_>, id: &InstanceId) -> Result<ETag, Error> {
    let instance = instances::find(tx, id)?;
    Ok(ETag::new(&[instance.version], instance.created_at))
}

fn tagged(tx: &ReadTx<'_>, id: &InstanceId) -> Result<Tagged<Instance>, Failure> {
    let instance = instances::find(tx, id)?;
    let (version, cool_down_days) = (instance.version, instance.cool_down_days);
    let personal_numbers = instance.sharing.name().to_owned();
    Ok(Tagged(
        Instance { brief: brief(instance), personal_numbers, cool_down_days, version },
        tag(tx, id)?,
    ))
}

/// The instances that the caller belongs to.
pub(super) fn list(
    tx: &ReadTx<'_>,
    account: &InAccount,
    (): (),
    Paged { page, .. }: Paged<Nothing>,
) -> Result<Listing<BriefInstance>, Failure> {
    let found = instances::list_of_caller(tx, &account.caller, page)?;
    Ok(Listing::of(found, brief))
}

/// An instance.
pub(super) fn get(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (): (),
    _: Nothing,
) -> Result<Tagged<Instance>, Failure> {
    tagged(tx, &entry.instance_id)
}

/// Creates an instance, which runs at once.
pub(super) fn create(
    tx: &WriteTx<'_>,
    _: &InAccount,
    (): (),
    write: Write<InstanceToCreate, Unguarded>,
) -> Result<Created<Instance>, Failure> {
    let InstanceToCreate { instance_id, name, description, personal_numbers, admins } =
        write.fields;
    let admins = ops::users::logins(tx, &admins)?;
    let new = NewInstance {
        instance_id,
        name,
        description,
        sharing: Sharing::from_name(personal_numbers).unwrap_or_default(),
        admins,
        numbers: Vec::new(),
    };
    ops::instances::create(tx, &new)?;
    let Tagged(body, _) = tagged(tx, &new.instance_id)?;
    Ok(Created { location: format!("{}/instances/{}", super::ROOT, new.instance_id), body })
}

/// Changes an instance, if the caller has read the current version.
pub(super) fn modify(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    (): (),
    write: Write<InstanceChanges, MustMatch>,
) -> Result<Tagged<Instance>, Failure> {
    write.guard.check(&tag(tx, &entry.instance_id)?)?;
    let InstanceChanges { name, description, personal_numbers, cool_down_days } = write.fields;
    let sharing = personal_numbers.and_then(Sharing::from_name);
    let cool_down_days = cool_down_days.map(|days| days as u32);
    let edit = InstanceEdit { name, description, sharing, cool_down_days };
    ops::instances::modify(tx, &entry.instance_id, &edit)?;
    tagged(tx, &entry.instance_id)
}

/// Gives up an instance.
pub(super) fn delete(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    (): (),
    write: Write<InstanceDeletion, Guarded>,
) -> Result<Done, Failure> {
    write.guard.check(|| tag(tx, &entry.instance_id))?;
    ops::instances::release(tx, &entry.instance_id, write.fields.force)?;
    Ok(Done)
}
