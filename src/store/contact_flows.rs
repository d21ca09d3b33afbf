//! Contact flows: what an incoming call runs through.

use super::engine::{like_pattern, of_row};
use super::{ReadTx, WriteTx};
use crate::domain::contact_flow::{
    ContactFlow, ContactFlowEdit, ContactFlowFilter, ContactFlowOrder, NewContactFlow,
};
use crate::domain::{ContactFlowId, Error, InstanceId, Missing, Page, PageRequest};
use crate::store::engine::Row;
use rusqlite::params;

/// What is selected of contact flows.
macro_rules! flows {
    ($tail:expr) => {
        concat!(
            "SELECT contact_flow_id, name, description, type, definition, draft_id, editor,
                    published, version, created_at, updated_at FROM contact_flow ",
            $tail
        )
    };
}

/// Which flows a filter lets through.
macro_rules! let_through {
    () => {
        r"WHERE instance_id = ?1 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '\')
            AND (?3 IS NULL OR type = ?3)"
    };
}

/// Checks that the contact flow exists in the instance.
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, id: &ContactFlowId) -> Result<(), Error> {
    get(tx, instance_id, id).map(|_| ())
}

/// A contact flow of the instance.
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
) -> Result<ContactFlow, Error> {
    let sql = flows!("WHERE instance_id = ?1 AND contact_flow_id = ?2");
    let found = tx.row(sql, params![instance_id, id], contact_flow)?;
    found.ok_or_else(|| Error::NotFound(Missing::ContactFlow(id.to_string(), instance_id.clone())))
}

/// The contact flows that a filter lets through, in an order.
macro_rules! in_order {
    ($order:literal) => {
        flows!(concat!(
            let_through!(),
            " ORDER BY ",
            $order,
            ", contact_flow_id LIMIT ?4 OFFSET ?5"
        ))
    };
}

/// The contact flows of an instance.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    filter: &ContactFlowFilter,
    page: PageRequest,
) -> Result<Page<ContactFlow>, Error> {
    let like = filter.search_pattern.as_deref().map(like_pattern);
    let values = params![instance_id, like, filter.flow_type];
    let total = tx.count(concat!("SELECT count(*) FROM contact_flow ", let_through!()), values)?;
    let sql = match (filter.order, filter.backward) {
        (ContactFlowOrder::Name, false) => in_order!("name"),
        (ContactFlowOrder::Name, true) => in_order!("name DESC"),
        (ContactFlowOrder::CreatedTime, false) => in_order!("created_at, name"),
        (ContactFlowOrder::CreatedTime, true) => in_order!("created_at DESC, name DESC"),
        (ContactFlowOrder::UpdatedTime, false) => in_order!("updated_at, name"),
        (ContactFlowOrder::UpdatedTime, true) => in_order!("updated_at DESC, name DESC"),
    };
    tx.page(page, total, sql, values, contact_flow)
}

/// The numbers that run through a contact flow.
pub fn numbers(tx: &ReadTx<'_>, id: &ContactFlowId) -> Result<Vec<String>, Error> {
    tx.column("SELECT number FROM phone_number WHERE contact_flow_id = ?1 ORDER BY number", [id])
}

/// Adds a contact flow.
pub fn insert(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
    new: &NewContactFlow,
    draft_id: &str,
    editor: &str,
) -> Result<(), Error> {
    let sql = "INSERT INTO contact_flow (contact_flow_id, instance_id, name, description, type,
                                         definition, editor, created_at, updated_at, draft_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)";
    let NewContactFlow { name, description, flow_type, definition } = new;
    let values = params![
        id,
        instance_id,
        name,
        description,
        flow_type,
        definition,
        editor,
        tx.now(),
        draft_id
    ];
    tx.run(id, sql, values)
}

/// Changes a contact flow. An edit that changes nothing is not written, so that it gets neither
/// another editor nor another time.
pub fn update(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
    edit: &ContactFlowEdit,
    editor: &str,
) -> Result<(), Error> {
    let sql = "UPDATE contact_flow
                  SET name = coalesce(?3, name), description = coalesce(?4, description),
                      definition = coalesce(?5, definition), published = coalesce(?6, published),
                      editor = ?7, updated_at = ?8
                WHERE instance_id = ?1 AND contact_flow_id = ?2
                  AND (name <> ?3 OR description <> ?4 OR definition <> ?5 OR published <> ?6)";
    let ContactFlowEdit { name, description, definition, published } = edit;
    let values =
        params![instance_id, id, name, description, definition, published, editor, tx.now()];
    tx.run(id, sql, values)
}

/// Takes a contact flow from every number that runs through it.
pub fn take_from_numbers(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
) -> Result<(), Error> {
    let sql = "UPDATE phone_number SET contact_flow_id = NULL
                WHERE instance_id = ?1 AND contact_flow_id = ?2";
    tx.run(id, sql, params![instance_id, id])
}

/// Deletes a contact flow.
///
/// # Errors
/// [`Error::Rule`] while a number uses it.
pub fn delete(tx: &WriteTx<'_>, instance_id: &InstanceId, id: &ContactFlowId) -> Result<(), Error> {
    let sql = "DELETE FROM contact_flow WHERE instance_id = ?1 AND contact_flow_id = ?2";
    tx.run(id, sql, params![instance_id, id])
}

fn contact_flow(row: &Row<'_>) -> rusqlite::Result<ContactFlow> {
    of_row! { row => ContactFlow {
        contact_flow_id, name, description, definition, draft_id, editor, published, version,
        created_at, updated_at; flow_type: row.get("type")?
    } }
}
