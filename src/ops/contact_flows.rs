//! Contact flows: creating, changing and deleting them.

use crate::domain::contact_flow::{ContactFlowEdit, NewContactFlow};
use crate::domain::error::USE_FORCE;
use crate::domain::run::AT_ONCE;
use crate::domain::{ContactFlowId, Error, InstanceId, Rule};
use crate::store::{WriteTx, contact_flows};

/// The most numbers that a refusal names.
const MAX_NAMED: usize = 5;

/// Creates a contact flow, which is published at once; its id is a new UUID, as the vendor's are.
pub fn create(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    new: &NewContactFlow,
    editor: &str,
) -> Result<ContactFlowId, Error> {
    let id = ContactFlowId::new(uuid::Uuid::new_v4().to_string());
    contact_flows::insert(tx, instance_id, &id, new, "", editor)?;
    Ok(id)
}

/// Changes a contact flow.
pub fn modify(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
    edit: &ContactFlowEdit,
    editor: &str,
) -> Result<(), Error> {
    contact_flows::require(tx, instance_id, id)?;
    contact_flows::update(tx, instance_id, id, edit, editor)
}

/// Deletes a contact flow; by force, even one that numbers use, which then have none.
///
/// # Errors
/// [`Error::NotFound`], and [`Error::Rule`]: without force it names the numbers that use it, by
/// force it says when these are more than one transaction can change.
pub fn delete(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &ContactFlowId,
    force: bool,
) -> Result<(), Error> {
    contact_flows::require(tx, instance_id, id)?;
    if force {
        require_few_numbers(tx, id)?;
        contact_flows::take_from_numbers(tx, instance_id, id)?;
    }
    match contact_flows::delete(tx, instance_id, id) {
        Err(Error::Rule { rule: rule @ Rule::ReferencedRowIsKept, subject, .. }) => {
            let mut numbers = contact_flows::numbers(tx, id)?;
            let others = if numbers.len() > MAX_NAMED { " and others" } else { "" };
            numbers.truncate(MAX_NAMED);
            let advice = format!(
                "incoming calls of {}{others} run through it; give them another contact flow first, or {USE_FORCE}",
                numbers.join(", ")
            );
            Err(Error::Rule { rule, subject, advice })
        }
        deleted => deleted,
    }
}

/// Checks that no more numbers use a contact flow than can lose it together.
fn require_few_numbers(tx: &WriteTx<'_>, id: &ContactFlowId) -> Result<(), Error> {
    let numbers = contact_flows::numbers(tx, id)?.len();
    if numbers <= AT_ONCE {
        return Ok(());
    }
    let advice = format!(
        "incoming calls of its {numbers} numbers run through it, more than the {AT_ONCE} that lose it together; give them another contact flow first"
    );
    Err(Error::still_needed(id, advice))
}
