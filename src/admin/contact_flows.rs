//! Contact flows of an instance.

use super::etag::ETag;
use super::fields::{Nothing, Order, Paged, fields};
use super::problem::Failure;
use super::reply::{Tagged, moment};
use super::scope::InInstance;
use crate::domain::ContactFlowId;
use crate::domain::Listing;
use crate::domain::contact_flow::{self, ContactFlowFilter, ContactFlowOrder};
use crate::store::{ReadTx, contact_flows};
use serde::Serialize;
use utoipa::ToSchema;

/// What contact flows are sorted by.
const ORDERS: &[&str] = &["name", "created_at", "updated_at"];

/// A contact flow.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactFlow {
    /// Its id.
    contact_flow_id: String,
    /// The name.
    name: String,
    /// The description.
    description: String,
    /// `MAIN_FLOW`, `SUB_FLOW` or `SURVEY_FLOW`.
    #[serde(rename = "type")]
    flow_type: String,
    /// Whether calls run through it.
    published: bool,
    /// Who last edited it.
    editor: String,
    /// When it was created.
    created_at: String,
    /// When it was last changed.
    updated_at: String,
}

/// A contact flow with its definition.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WholeContactFlow {
    /// What lists show.
    #[serde(flatten)]
    brief: ContactFlow,
    /// The definition, in the vendor's notation.
    definition: String,
    /// Grows with every change.
    version: u64,
}

fields! {
    /// Which contact flows are listed.
    ListContactFlows {
        /// Part of the name.
        q: Option<String> = optional(pattern()),
        /// Only of this type.
        r#type: Option<&'static str> = optional(choice(&contact_flow::TYPES)),
        /// The order; descending with - in front.
        sort: Order = sort(ORDERS),
    }
}

fn shown(flow: contact_flow::ContactFlow) -> ContactFlow {
    ContactFlow {
        contact_flow_id: flow.contact_flow_id.to_string(),
        name: flow.name,
        description: flow.description,
        flow_type: flow.flow_type,
        published: flow.published,
        editor: flow.editor,
        created_at: moment(flow.created_at),
        updated_at: moment(flow.updated_at),
    }
}

/// The contact flows of an instance.
pub(super) fn list(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (): (),
    Paged { page, filters: query }: Paged<ListContactFlows>,
) -> Result<Listing<ContactFlow>, Failure> {
    let order = match query.sort.field {
        "created_at" => ContactFlowOrder::CreatedTime,
        "updated_at" => ContactFlowOrder::UpdatedTime,
        _ => ContactFlowOrder::Name,
    };
    let filter = ContactFlowFilter {
        search_pattern: query.q,
        flow_type: query.r#type,
        order,
        backward: query.sort.backward,
    };
    Ok(Listing::of(contact_flows::list(tx, &entry.instance_id, &filter, page)?, shown))
}

/// A contact flow.
pub(super) fn get(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (id,): (ContactFlowId,),
    _: Nothing,
) -> Result<Tagged<WholeContactFlow>, Failure> {
    let flow = contact_flows::get(tx, &entry.instance_id, &id)?;
    let version = flow.version;
    let tag = ETag::new(&[version], flow.created_at);
    let definition = flow.definition.clone();
    Ok(Tagged(WholeContactFlow { brief: shown(flow), definition, version }, tag))
}
