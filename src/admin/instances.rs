//! Instances.

use super::etag::{ETag, Guarded, MustMatch, Versioned};
use super::fields::{MAX_ITEMS, Nothing, Paged, fields, fields_of};
use super::holding::do_away;
use super::problem::Result;
use super::reply::{Created, Done, Tagged};
use super::request::Write;
use super::scope::InAccount;
use crate::domain::Listing;
use crate::domain::batch::ItemAction;
use crate::domain::instance::{CountryCode, InstanceEdit, NewInstance, Sharing};
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
use crate::domain::{Error, Instance, InstanceId, LoginName};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{ReadTx, holders, instances};

fields! {
    /// A new instance.
    InstanceToCreate = r#"{"instance_id": "new-test", "name": "New call centre", "admins": ["lina"]}"# {
        /// The id, which is also the domain name and the end of the ids of users and skill groups.
        /// It can't be changed.
        instance_id: InstanceId = required(instance_id()),
        /// The name.
        name: String = required(name_text(LONGEST_NAME)),
        /// The description.
        description: String = default(text(0, LONGEST_DESCRIPTION), String::new()),
        /// Whether one user or several may hold a number.
        personal_numbers: Sharing = default(one_of::<Sharing>(), Sharing::default()),
        /// The country whose national numbers are read as its international ones: `86` for China,
        /// or empty for none. By default, `86` for an exclusive instance and none for a shared one.
        country_code: Option<CountryCode> = optional(one_of::<CountryCode>()),
        /// The login names of the first administrators. The account's root may do everything
        /// anyway.
        admins: Vec<LoginName> = default(list(login_name(), 0, 50), Vec::new()),
    }
    /// How an instance is given up.
    InstanceDeletion {
        /// Give it up although it has users or numbers; without it, such an instance stays.
        force: bool = default(flag(), false),
    }
}

fields_of! {
    InstanceChanges for InstanceEdit = r#"{"name": "云呼测试实例", "personal_numbers": "shared"}"# {
        /// The name.
        name = optional(name_text(LONGEST_NAME)),
        /// The description.
        description = optional(text(0, LONGEST_DESCRIPTION)),
        /// Whether one user or several may hold a number. It can't become exclusive while several
        /// users hold one number.
        personal_numbers = optional(one_of::<Sharing>()),
        /// The country whose national numbers are read as its international ones: `86` for China,
        /// or empty for none. It can't be set while the instance has one number in two spellings.
        country_code = optional(one_of::<CountryCode>()),
        /// For how many days a number that was released is kept for its last holder; 0: not at all.
        cool_down_days = optional(integer(0..=MAX_COOL_DOWN_DAYS)),
        /// Whether every change by REST, in the console and at the command line needs a reason.
        reason_required = optional(flag()),
    }
}

impl Versioned for Instance {
    fn tag(&self) -> ETag {
        ETag::new(&[self.version], self.created_at.millis())
    }
}

pub(super) fn tag(tx: &ReadTx<'_>, id: &InstanceId) -> Result<ETag, Error> {
    instances::find(tx, id).map(|row| row.tag())
}

/// The instances that the caller belongs to.
pub(super) fn list(
    at: Reading<'_, InAccount>,
    (): (),
    list: Paged<Nothing>,
) -> Result<Listing<Instance>> {
    Ok(instances::list_of_caller(at.tx, &at.place.caller, list.page)?.into())
}

pub(super) fn get(at: Reading<'_>, (): (), _: Nothing) -> Result<Tagged<Instance>> {
    Ok(Tagged::of(instances::find(at.tx, at.instance_id())?))
}

/// Creates an instance, which runs at once.
pub(super) fn create(
    at: Writing<'_, InAccount>,
    (): (),
    write: Write<InstanceToCreate>,
) -> Result<Created<Instance>> {
    let fields = write.fields;
    let country_code = || CountryCode::of_new(fields.personal_numbers);
    let new = NewInstance {
        admins: ops::users::logins(at.tx, &fields.admins)?,
        country_code: fields.country_code.unwrap_or_else(country_code),
        instance_id: fields.instance_id,
        name: fields.name,
        description: fields.description,
        personal_numbers: fields.personal_numbers,
        numbers: Vec::new(),
    };
    ops::instances::create(at.tx, &new)?;
    let body = instances::find(at.tx, &new.instance_id)?;
    Ok(Created { location: format!("{}/instances/{}", super::ROOT, new.instance_id), body })
}

/// Changes an instance, if the caller has read the current version.
pub(super) fn modify(
    at: Writing<'_>,
    (): (),
    write: Write<InstanceEdit, MustMatch>,
) -> Result<Tagged<Instance>> {
    write.guard.check(&tag(at.tx, at.instance_id())?)?;
    ops::instances::modify(at.tx, at.instance_id(), &write.fields)?;
    Ok(Tagged::of(instances::find(at.tx, at.instance_id())?))
}

/// Gives up an instance.
pub(super) fn delete(
    at: Writing<'_>,
    (): (),
    write: Write<InstanceDeletion, Guarded>,
) -> Result<Done> {
    write.guard.check(|| tag(at.tx, at.instance_id()))?;
    let held = holders::held(at.tx, at.instance_id(), MAX_ITEMS)?;
    do_away(&at, ItemAction::Remove, &held, || {
        ops::instances::release(at.tx, at.instance_id(), write.fields.force)
    })
}
