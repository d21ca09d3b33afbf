//! Operations on the account's numbers: getting them, moving them into an instance and back,
//! changing them.

use super::error::{Failure, Result};
use super::number::ListedNumber;
use super::params::{NO_NUMBER_GROUPS, request};
use super::reply::{Paged, Reply};
use super::scope::InAccount;
use crate::domain::phone_number::{NewNumbers, NumberEdit, UnassignedNumber, Usage};
use crate::domain::text::{LONGEST_COMPANY, LONGEST_WORD};
use crate::domain::{ContactFlowId, Number, PageRequest};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::number_pool;

request! {
    ListUnassignedNumbers {
        page: PageRequest = page(),
        search_pattern: Option<String> = search_pattern(),
    }
    ImportCorpNumbers {
        city: Option<String> = optional_text("City", LONGEST_WORD),
        corp_name: Option<String> = optional_text("CorpName", LONGEST_COMPANY),
        numbers: Vec<Number> = new_numbers("NumberList"),
        provider: String = text_of("Provider", 1, LONGEST_WORD),
        province: Option<String> = optional_text("Province", LONGEST_WORD),
        tags: Vec<String> = tags("TagList"),
    }
    AddPhoneNumbers {
        contact_flow_id: Option<ContactFlowId> = optional_contact_flow(),
        _number_group: () = unsupported("NumberGroupId", NO_NUMBER_GROUPS),
        numbers: Vec<String> = list("NumberList"),
        usage: Usage = word("Usage"),
    }
    RemovePhoneNumbers {
        force: bool = flag_or("Force", false),
        numbers: Vec<String> = list("NumberList"),
    }
    ModifyPhoneNumber {
        contact_flow_id: Option<Option<ContactFlowId>> = contact_flow_change(),
        number: String = id("Number"),
        usage: Usage = word("Usage"),
    }
}

/// The account's numbers that are in no instance.
pub(super) fn list_unassigned(
    at: Reading<'_, InAccount>,
    request: ListUnassignedNumbers,
) -> Result<Reply<Paged<ListedNumber>>> {
    let page = number_pool::list(at.tx, request.search_pattern.as_deref(), request.page)?;
    let shown = |row: UnassignedNumber| ListedNumber::place(row.number, row.province, row.city);
    Ok(Reply::data(Paged::of(page, shown)))
}

/// Adds numbers to the account: all of them or none.
pub(super) fn import_corp(
    at: Writing<'_, InAccount>,
    request: ImportCorpNumbers,
) -> Result<Reply<()>> {
    let new = NewNumbers {
        provider: request.provider,
        corp_name: request.corp_name.unwrap_or_default(),
        province: request.province,
        city: request.city,
        tags: request.tags,
        ..NewNumbers::default()
    };
    ops::number_pool::import(at.tx, &request.numbers, &new)?;
    Ok(Reply::done())
}

/// Moves numbers of the account into the instance; `Data` lists those that could not be.
pub(super) fn add(at: Writing<'_>, request: AddPhoneNumbers) -> Result<Reply<Vec<String>>> {
    let AddPhoneNumbers { contact_flow_id, numbers, usage, .. } = request;
    let (id, flow) = (at.instance_id(), contact_flow_id.as_ref());
    let refused = ops::number_pool::add_to_instance(at.tx, id, &numbers, usage, flow)
        .map_err(Failure::of("ContactFlowId"))?;
    Ok(Reply::data(refused))
}

/// Takes numbers out of the instance, back into the account's pool; `Data` lists those that stayed.
pub(super) fn remove(at: Writing<'_>, request: RemovePhoneNumbers) -> Result<Reply<Vec<String>>> {
    let (id, RemovePhoneNumbers { force, numbers }) = (at.instance_id(), request);
    let refused = ops::number_pool::remove_from_instance(at.tx, id, &numbers, force)?;
    Ok(Reply::data(refused).with_params())
}

/// Changes what a number is used for and which contact flow it has.
pub(super) fn modify(at: Writing<'_>, request: ModifyPhoneNumber) -> Result<Reply<()>> {
    let edit = NumberEdit {
        usage: Some(request.usage),
        contact_flow_id: request.contact_flow_id,
        ..NumberEdit::default()
    };
    ops::phone_numbers::edit(at.tx, at.instance_id(), &request.number, &edit)
        .map_err(|error| error.about(&request.number))?;
    Ok(Reply::done())
}
