//! Operations on contact flows.

use super::error::{Failure, Result};
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::InInstance;
use crate::domain::contact_flow::{
    ContactFlowFilter, ContactFlowOrder, Direction, FlowType, LONGEST_DEFINITION, NewContactFlow,
};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
use crate::domain::{ContactFlowId, Error, Missing, PageRequest, UserId};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::contact_flows;
use serde::Serialize;

request! {
    ListContactFlows {
        order: Option<ContactFlowOrder> = optional_word("OrderByField"),
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
        sort_order: Option<Direction> = optional_word("SortOrder"),
        flow_type: Option<FlowType> = optional_word("Type"),
    }
    GetContactFlow {
        contact_flow_id: ContactFlowId = id("ContactFlowId"),
        draft_id: String = text_of("DraftId", 1, 64),
    }
    CreateContactFlow {
        definition: String = text_of("Definition", 1, LONGEST_DEFINITION),
        description: String = text_of("Description", 1, LONGEST_DESCRIPTION),
        name: String = text_of("Name", 1, LONGEST_NAME),
        flow_type: FlowType = word("Type"),
    }
    DeleteContactFlow {
        contact_flow_id: ContactFlowId = id("ContactFlowId"),
        force: bool = flag_or("Force", false),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ContactFlow {
    contact_flow_id: String,
    created_time: String,
    definition: String,
    description: String,
    draft_id: String,
    editor: String,
    instance_id: String,
    name: String,
    published: bool,
    #[serde(rename = "Type")]
    flow_type: FlowType,
    updated_time: String,
    /// Only in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    number_list: Option<Vec<String>>,
}

/// The contact flows of the instance, each with its numbers.
pub(super) fn list(
    at: Reading<'_>,
    request: ListContactFlows,
) -> Result<Reply<Paged<ContactFlow>>> {
    let filter = ContactFlowFilter {
        search_pattern: request.search_pattern,
        flow_type: request.flow_type,
        order: request.order.unwrap_or_default(),
        backward: request.sort_order == Some(Direction::Descending),
    };
    let page = contact_flows::list(at.tx, at.instance_id(), &filter, request.page)?;
    let page = page.try_map(|flow| {
        let numbers = contact_flows::numbers(at.tx, &flow.contact_flow_id)?;
        Ok::<_, Error>(contact_flow(at.place, flow, Some(numbers)))
    })?;
    Ok(Reply::data(page.into()))
}

/// A contact flow as it was published from a draft.
pub(super) fn get(at: Reading<'_>, request: GetContactFlow) -> Result<Reply<ContactFlow>> {
    let flow = contact_flows::get(at.tx, at.instance_id(), &request.contact_flow_id)?;
    if !flow.draft_id.is_empty() && flow.draft_id != request.draft_id {
        return Err(Error::NotFound(Missing::ContactFlow(
            format!("{} with draft {}", flow.contact_flow_id, request.draft_id),
            at.instance_id().clone(),
        ))
        .into());
    }
    Ok(Reply::data(contact_flow(at.place, flow, None)))
}

/// Creates a contact flow, which is published at once: there are no drafts here.
pub(super) fn create(at: Writing<'_>, request: CreateContactFlow) -> Result<Reply<String>> {
    let CreateContactFlow { definition, description, name, flow_type } = request;
    let new = NewContactFlow { name, description, flow_type, definition };
    let editor = at.place.user_id.as_ref().map_or("", UserId::as_str);
    let id = ops::contact_flows::create(at.tx, at.instance_id(), &new, editor)?;
    Ok(Reply::data(id.to_string()))
}

/// Deletes a contact flow; by force, even one that numbers use.
pub(super) fn delete(at: Writing<'_>, request: DeleteContactFlow) -> Result<Reply<()>> {
    let DeleteContactFlow { contact_flow_id, force } = request;
    ops::contact_flows::delete(at.tx, at.instance_id(), &contact_flow_id, force)
        .map_err(Failure::of("ContactFlowId"))?;
    Ok(Reply::done())
}

fn contact_flow(
    entry: &InInstance,
    flow: crate::domain::contact_flow::ContactFlow,
    number_list: Option<Vec<String>>,
) -> ContactFlow {
    ContactFlow {
        contact_flow_id: flow.contact_flow_id.to_string(),
        created_time: flow.created_at.millis().to_string(),
        definition: flow.definition,
        description: flow.description,
        draft_id: flow.draft_id,
        editor: flow.editor,
        instance_id: entry.instance_id.to_string(),
        name: flow.name,
        published: flow.published,
        flow_type: flow.flow_type,
        updated_time: flow.updated_at.millis().to_string(),
        number_list,
    }
}
