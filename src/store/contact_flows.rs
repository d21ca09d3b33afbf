//! Contact flows: what an incoming call runs through.

use super::ReadTx;
use super::engine::like_pattern;
use crate::domain::contact_flow::{ContactFlow, ContactFlowFilter, ContactFlowOrder};
use crate::domain::{ContactFlowId, Error, InstanceId, Missing, Page, PageRequest};
use rusqlite::{Row, params};

/// That the contact flow exists in the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(tx: &ReadTx<'_>, instance_id: &InstanceId, id: &ContactFlowId) -> Result<(), Error> {
    get(tx, instance_id, id).map(|_| ())
}

/// A contact flow of the instance.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
) -> Result<ContactFlow, Error> {
    let sql = "SELECT contact_flow_id, name, description, type, definition, draft_id, editor, published, version, created_at, updated_at
                 FROM contact_flow WHERE instance_id = ?1 AND contact_flow_id = ?2";
    let found = tx.row(sql, params![instance_id, id], contact_flow)?;
    found.ok_or_else(|| Error::NotFound(Missing::ContactFlow(id.to_string(), instance_id.clone())))
}

/// The contact flows of an instance.
///
/// # Errors
/// Only those of the database.
pub fn list(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    filter: &ContactFlowFilter,
    page: PageRequest,
) -> Result<Page<ContactFlow>, Error> {
    let like = filter.search_pattern.as_deref().map(like_pattern);
    let total = tx.count(
        r"SELECT count(*) FROM contact_flow WHERE instance_id = ?1 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '\') AND (?3 IS NULL OR type = ?3)",
        params![instance_id, like, filter.flow_type],
    )?;
    let shown = page.within(total);
    // One of three keys, each forward or backward: a CASE a combination, so that the statement
    // stays one literal.
    let (key, backward) = match filter.order {
        ContactFlowOrder::Name => (0, filter.backward),
        ContactFlowOrder::CreatedTime => (1, filter.backward),
        ContactFlowOrder::UpdatedTime => (2, filter.backward),
    };
    let rows = tx.rows(
        r"SELECT contact_flow_id, name, description, type, definition, draft_id, editor, published, version, created_at, updated_at FROM contact_flow
           WHERE instance_id = ?1 AND (?2 IS NULL OR name LIKE ?2 ESCAPE '\') AND (?3 IS NULL OR type = ?3)
           ORDER BY CASE WHEN ?5 THEN NULL WHEN ?4 = 1 THEN created_at WHEN ?4 = 2 THEN updated_at END,
                    CASE WHEN ?5 THEN NULL ELSE name END,
                    CASE WHEN NOT ?5 THEN NULL WHEN ?4 = 1 THEN created_at WHEN ?4 = 2 THEN updated_at END DESC,
                    CASE WHEN NOT ?5 THEN NULL ELSE name END DESC,
                    contact_flow_id LIMIT ?6 OFFSET ?7",
        params![instance_id, like, filter.flow_type, key, backward, shown.size, shown.offset()],
        contact_flow,
    )?;
    Ok(Page { rows, shown, total })
}

/// The numbers that run through a contact flow.
///
/// # Errors
/// Only those of the database.
pub fn numbers(tx: &ReadTx<'_>, id: &ContactFlowId) -> Result<Vec<String>, Error> {
    tx.rows(
        "SELECT number FROM phone_number WHERE contact_flow_id = ?1 ORDER BY number",
        [id],
        |row| row.get(0),
    )
}

fn contact_flow(row: &Row<'_>) -> rusqlite::Result<ContactFlow> {
    Ok(ContactFlow {
        contact_flow_id: row.get("contact_flow_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        flow_type: row.get("type")?,
        definition: row.get("definition")?,
        draft_id: row.get("draft_id")?,
        editor: row.get("editor")?,
        published: row.get("published")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
