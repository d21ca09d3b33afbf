//! Instances.

use super::fields::{Nothing, fields};
use super::problem::Failure;
use super::reply::{ETag, Listed, Tagged};
use super::request::{MustMatch, Write};
use super::scope::{InAccount, InInstance};
use crate::domain::{self, InstanceId, PageRequest, Paging, Timestamp};
use crate::ops;
use crate::store::{ReadTx, WriteTx, instances, versioned};
use serde::Serialize;
use utoipa::ToSchema;

/// An instance in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BriefInstance {
    /// Its id.
    instance_id: String,
    /// What people call it.
    name: String,
    /// What it is for.
    description: String,
    /// `CREATING`, `RUNNING` or `STOPPED`.
    status: String,
    /// When it was made.
    created_at: String,
}

/// An instance.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Instance {
    /// What lists show.
    #[serde(flatten)]
    brief: BriefInstance,
    /// `exclusive`: a number is personal to one user at most; `shared`: to several.
    personal_numbers: String,
    /// Grows with every change.
    version: u64,
}

fields! {
    /// Which page of the instances.
    ListInstances {
        /// Which page, counted from 1; one past the end becomes the last.
        page: u64 = page(),
        /// Rows on a page, moved into 1 to 500.
        per_page: u64 = per_page(),
    }
    /// What of an instance is changed.
    InstanceEdit {
        /// What it is for.
        description: Option<String> = may(text(0, 256)),
    }
}

/// The page that a query asks for; clamped, as everywhere in this face.
pub(super) fn page(number: u64, size: u64) -> PageRequest {
    PageRequest { number, size, paging: Paging::Clamp }
}

/// A moment as the replies show it.
pub(super) fn moment(millis: i64) -> String {
    Timestamp::from_millis(millis).to_string()
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

fn tagged(tx: &ReadTx<'_>, id: &InstanceId) -> Result<Tagged<Instance>, Failure> {
    let instance = instances::find(tx, id)?;
    let (version, personal_numbers) = versioned::of_instance(tx, id)?;
    let tag = ETag::new(&[version], instance.created_at);
    Ok(Tagged(Instance { brief: brief(instance), personal_numbers, version }, tag))
}

/// The instances that the caller belongs to.
pub(super) fn list(tx: &ReadTx<'_>, account: &InAccount, (): (), query: ListInstances) -> Result<Listed<BriefInstance>, Failure> {
    let caller = &account.caller;
    let found = instances::list_of_ram_user(tx, &caller.ram_id, caller.is_root, page(query.page, query.per_page))?;
    Ok(Listed::of(found, brief))
}

/// An instance.
pub(super) fn get(tx: &ReadTx<'_>, entry: &InInstance, (): (), _: Nothing) -> Result<Tagged<Instance>, Failure> {
    tagged(tx, &entry.instance_id)
}

/// Changes an instance.
pub(super) fn modify(tx: &WriteTx<'_>, entry: &InInstance, (): (), write: Write<InstanceEdit, MustMatch>) -> Result<Tagged<Instance>, Failure> {
    write.guard.check(&tagged(tx, &entry.instance_id)?.1)?;
    ops::instances::modify(tx, &entry.instance_id, write.fields.description.as_deref())?;
    tagged(tx, &entry.instance_id)
}
