//! Contact flows of an instance.

use super::etag::{ETag, Guarded, MustMatch, Versioned};
use super::fields::{Nothing, Paged, fields, fields_of};
use super::holding::do_away;
use super::problem::Result;
use super::reply::{Created, Done, Tagged};
use super::request::Write;
use super::scope::InInstance;
use crate::domain::batch::ItemAction;
use crate::domain::contact_flow::{
    ContactFlow, ContactFlowEdit, ContactFlowFilter, ContactFlowKey, ContactFlowOrder, FlowType,
    LONGEST_DEFINITION, NewContactFlow, WholeContactFlow,
};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
use crate::domain::{ContactFlowId, Error, Listing, Order, UserId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{ReadTx, contact_flows};

fields! {
    /// Which contact flows are listed.
    ListContactFlows {
        /// Part of the name.
        q: Option<String> = optional(pattern()),
        /// Only of this type.
        r#type: Option<FlowType> = optional(one_of::<FlowType>()),
        /// The order; descending with - in front.
        sort: Order<ContactFlowKey> = sort::<ContactFlowKey>(),
    }
    /// A new contact flow.
    ContactFlowToCreate = r#"{"name": "Evening", "description": "After 18:00"}"# {
        /// The name.
        name: String = required(name_text(LONGEST_NAME)),
        /// The description.
        description: String = default(text(0, LONGEST_DESCRIPTION), String::new()),
        /// The type.
        r#type: FlowType = default(one_of::<FlowType>(), FlowType::default()),
        /// The definition, in the vendor's notation.
        definition: String = default(text(0, LONGEST_DEFINITION), String::new()),
    }
    /// How a contact flow is deleted.
    ContactFlowDeletion {
        /// Take it from the numbers that use it; without, one that a number uses stays.
        force: bool = default(flag(), false),
    }
}

fields_of! {
    ContactFlowChanges for ContactFlowEdit = r#"{"description": "After 19:00", "published": true}"# {
        /// The name.
        name = optional(name_text(LONGEST_NAME)),
        /// The description.
        description = optional(text(0, LONGEST_DESCRIPTION)),
        /// The definition, in the vendor's notation.
        definition = optional(text(0, LONGEST_DEFINITION)),
        /// Whether calls run through it.
        published = optional(flag()),
    }
}

pub(super) fn list(
    at: Reading<'_>,
    (): (),
    list: Paged<ListContactFlows>,
) -> Result<Listing<ContactFlow>> {
    let order = match list.filters.sort.key {
        ContactFlowKey::Name => ContactFlowOrder::Name,
        ContactFlowKey::CreatedAt => ContactFlowOrder::CreatedTime,
        ContactFlowKey::UpdatedAt => ContactFlowOrder::UpdatedTime,
    };
    let filter = ContactFlowFilter {
        search_pattern: list.filters.q,
        flow_type: list.filters.r#type,
        order,
        backward: list.filters.sort.backward,
    };
    let found = contact_flows::list(at.tx, at.instance_id(), &filter, list.page)?;
    Ok(found.into())
}

impl Versioned for WholeContactFlow {
    fn tag(&self) -> ETag {
        ETag::new(&[self.version], self.brief.created_at.millis())
    }
}

fn find(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    id: &ContactFlowId,
) -> Result<WholeContactFlow, Error> {
    contact_flows::get(tx, &entry.instance_id, id).map(WholeContactFlow::from)
}

/// Who edits: the caller's user, or nobody if the root has none in the instance.
fn editor(entry: &InInstance) -> &str {
    entry.user_id.as_ref().map_or("", UserId::as_str)
}

pub(super) fn get(
    at: Reading<'_>,
    (id,): (ContactFlowId,),
    _: Nothing,
) -> Result<Tagged<WholeContactFlow>> {
    Ok(Tagged::of(find(at.tx, at.place, &id)?))
}

pub(super) fn create(
    at: Writing<'_>,
    (): (),
    write: Write<ContactFlowToCreate>,
) -> Result<Created<WholeContactFlow>> {
    let ContactFlowToCreate { name, description, r#type, definition } = write.fields;
    let new = NewContactFlow { name, description, flow_type: r#type, definition };
    let instance_id = at.instance_id();
    let id = ops::contact_flows::create(at.tx, instance_id, &new, editor(at.place))?;
    let body = find(at.tx, at.place, &id)?;
    Ok(Created::in_instance(instance_id, format_args!("contact-flows/{id}"), body))
}

/// Changes a contact flow, if the caller has read the current version.
pub(super) fn modify(
    at: Writing<'_>,
    (id,): (ContactFlowId,),
    write: Write<ContactFlowEdit, MustMatch>,
) -> Result<Tagged<WholeContactFlow>> {
    write.guard.check(&find(at.tx, at.place, &id)?.tag())?;
    ops::contact_flows::modify(at.tx, at.instance_id(), &id, &write.fields, editor(at.place))?;
    Ok(Tagged::of(find(at.tx, at.place, &id)?))
}

/// Deletes a contact flow. One that a number uses stays, unless it is deleted by force.
pub(super) fn delete(
    at: Writing<'_>,
    (id,): (ContactFlowId,),
    write: Write<ContactFlowDeletion, Guarded>,
) -> Result<Done> {
    let flow = find(at.tx, at.place, &id)?;
    write.guard.check(|| Ok(flow.tag()))?;
    do_away(&at, ItemAction::Edit, &contact_flows::numbers(at.tx, &id)?, || {
        ops::contact_flows::delete(at.tx, at.instance_id(), &id, write.fields.force)
    })
}
