//! Operations for dialling out: which numbers, the best of them, and where a number belongs.

use super::error::Result;
use super::number::ListedNumber;
use super::params::request;
use super::reply::{Paged, Reply};
use super::scope::{InInstance, OfUser};
use crate::domain::{PageRequest, SkillGroupId, location};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{ReadTx, outbound_numbers, skill_groups};
use serde::Serialize;

const MOST_PICKED: u64 = 100;

request! {
    ListOutboundNumbersOfUser {
        page: PageRequest = page(),
        skill_group_ids: Vec<String> = optional_list("SkillGroupIdList"),
    }
    PickOutboundNumbers {
        called_number: String = id("CalledNumber"),
        count: u64 = count_or("Count", 1, MOST_PICKED),
        skill_group_ids: Vec<String> = list("SkillGroupIdList"),
    }
    GetNumberLocation { number: String = id("Number"), }
}

/// A number to call from, and the number to call.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NumberPair {
    callee: ListedNumber,
    caller: ListedNumber,
}

/// The numbers that a user, or without `UserId` the caller, can dial out with.
pub(super) fn list_of_user(
    at: Reading<'_, OfUser>,
    request: ListOutboundNumbersOfUser,
) -> Result<Reply<Paged<ListedNumber>>> {
    let OfUser { entry, user_id } = at.place;
    let (id, ListOutboundNumbersOfUser { page, skill_group_ids }) = (&entry.instance_id, request);
    require_groups(at.tx, entry, &skill_group_ids)?;
    let groups = (!skill_group_ids.is_empty()).then(|| json_array(&skill_group_ids));
    let page = outbound_numbers::list_of_user(at.tx, id, user_id, groups.as_deref(), page)?;
    Ok(Reply::data(Paged::of(page, ListedNumber::outbound)))
}

/// The best numbers of skill groups for calling a number: of the same city, then of the same
/// province, then unused for longest. What is picked counts as used, so this is a write, though
/// whoever may read the instance may do it.
pub(super) fn pick(
    at: Writing<'_>,
    request: PickOutboundNumbers,
) -> Result<Reply<Vec<NumberPair>>> {
    require_groups(at.tx, at.place, &request.skill_group_ids)?;
    let callee = place(at.tx, at.place, &request.called_number)?;
    let (id, groups) = (at.instance_id(), json_array(&request.skill_group_ids));
    let (province, city, count) = (&callee.province, &callee.city, request.count);
    let picked = ops::number_pool::pick_outbound(at.tx, id, &groups, province, city, count)?;
    let pair = |row: outbound_numbers::OutboundNumber| NumberPair {
        callee: callee.clone(),
        caller: ListedNumber::place(row.number, row.province, row.city),
    };
    Ok(Reply::data(picked.into_iter().map(pair).collect()))
}

/// Where a number belongs: as it is stored, or else by its area code or mobile prefix; empty
/// when neither does.
pub(super) fn get_location(
    at: Reading<'_>,
    request: GetNumberLocation,
) -> Result<Reply<ListedNumber>> {
    Ok(Reply::data(place(at.tx, at.place, &request.number)?))
}

fn place(tx: &ReadTx<'_>, entry: &InInstance, number: &str) -> Result<ListedNumber> {
    let stored = outbound_numbers::stored_location(tx, &entry.instance_id, number)?;
    let known =
        || location::of(number).map(|known| (known.province.to_owned(), known.city.to_owned()));
    let (province, city) = stored
        .filter(|(province, city)| !(province.is_empty() && city.is_empty()))
        .or_else(known)
        .unwrap_or_default();
    Ok(ListedNumber::place(number.to_owned(), province, city))
}

fn require_groups(tx: &ReadTx<'_>, entry: &InInstance, ids: &[String]) -> Result<()> {
    for id in ids {
        skill_groups::require(tx, &entry.instance_id, &SkillGroupId::from(id.as_str()))?;
    }
    Ok(())
}

fn json_array(ids: &[String]) -> String {
    serde_json::Value::from(ids).to_string()
}
