//! Numbers as seen for one user: which could be given to him, and what stands in the way of the
//! others.

use super::fields::{Nothing, Paged, fields};
use super::path::Number;
use super::problem::Failure;
use super::reply::{Listed, Plain};
use super::report::Blocker;
use super::scope::InInstance;
use crate::domain::UserId;
use crate::domain::batch::{BatchItem, RefusalCode};
use crate::domain::candidate::{self, CandidateFilter};
use crate::store::{ReadTx, candidates, users};
use serde::Serialize;
use utoipa::ToSchema;

/// A number as seen for one user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Candidate {
    /// The number.
    number: String,
    /// What it is used for.
    usage: &'static str,
    /// Whether it can be used.
    active: bool,
    /// Where it belongs; empty when unknown.
    province: String,
    /// Where it belongs; empty when unknown.
    city: String,
    /// Whether it could be given to him now.
    assignable: bool,
    /// Why not; empty when it could.
    reasons: Vec<Reason>,
}

/// Why a number can't be given, and what would free it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reason {
    /// For programs.
    code: &'static str,
    /// For people.
    detail: String,
    /// Who holds it.
    blocked_by: Vec<Blocker>,
    /// Items of a batch that would take this reason away.
    freed_by: Vec<FreeingItem>,
}

/// An item of a batch that would free a number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FreeingItem {
    /// `release` or `unbind`.
    action: &'static str,
    /// The number.
    number: String,
    /// From whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    /// From which skill group.
    #[serde(skip_serializing_if = "Option::is_none")]
    skill_group_id: Option<String>,
}

fields! {
    /// Which candidates are listed.
    ListCandidates {
        /// Part of the number.
        q: Option<String> = optional(pattern()),
        /// blocked: the numbers that can't be given, too, each with its reasons.
        include: Option<&'static str> = optional(choice(&["blocked"])),
    }
}

fn freeing(item: BatchItem) -> FreeingItem {
    let action = item.action();
    let number = item.number().to_owned();
    let (user_id, skill_group_id) = match item {
        BatchItem::Assign { user_id, .. } | BatchItem::Transfer { user_id, .. } => {
            (Some(user_id.to_string()), None)
        }
        BatchItem::Release { user_id, .. } => (user_id.map(|id| id.to_string()), None),
        BatchItem::Bind { skill_group_id, .. } => (None, Some(skill_group_id.to_string())),
        BatchItem::Unbind { skill_group_id, .. } => (None, skill_group_id.map(|id| id.to_string())),
    };
    FreeingItem { action, number, user_id, skill_group_id }
}

fn shown(row: candidate::Candidate) -> Candidate {
    let reasons = row.reasons.into_iter().map(|reason| Reason {
        code: RefusalCode::as_str(reason.code),
        detail: reason.detail,
        blocked_by: reason.blocked_by.into_iter().map(Blocker::from).collect(),
        freed_by: reason.freed_by.into_iter().map(freeing).collect(),
    });
    let number = row.phone_number;
    Candidate {
        reasons: reasons.collect(),
        number: number.number,
        usage: number.usage.name(),
        active: number.active,
        province: number.province,
        city: number.city,
        assignable: row.assignable,
    }
}

/// The numbers that could be given to a user.
pub(super) fn list(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (user_id,): (UserId,),
    Paged { page, filters: query }: Paged<ListCandidates>,
) -> Result<Listed<Candidate>, Failure> {
    users::require(tx, &entry.instance_id, &user_id)?;
    let filter =
        CandidateFilter { search_pattern: query.q, include_blocked: query.include.is_some() };
    Ok(Listed::of(candidates::page(tx, &entry.instance_id, &user_id, &filter, page)?, shown))
}

/// Why a number can't be given to a user.
pub(super) fn why(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (user_id, number): (UserId, Number),
    _: Nothing,
) -> Result<Plain<Candidate>, Failure> {
    Ok(Plain(shown(candidates::why(tx, &entry.instance_id, &user_id, &number.0)?)))
}
