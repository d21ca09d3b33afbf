//! Who held what from when to when.

use super::fields::{Nothing, Paged, fields};
use super::path::Number;
use super::problem::Failure;
use super::reply::{Listed, Plain};
use super::report::Blocker;
use super::scope::InInstance;
use crate::domain::history::{self, Relation};
use crate::domain::{Timestamp, UserId};
use crate::store::{ReadTx, history as store};
use serde::Serialize;
use utoipa::ToSchema;

/// Who held a number at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HoldersAt {
    /// The moment.
    at: String,
    /// Users or skill groups; empty when nobody held it.
    holders: Vec<Blocker>,
}

/// A number that a user held at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Holding {
    /// The number.
    number: String,
    /// Since when.
    since: String,
    /// Until when; null: he holds it still.
    #[schema(required = true)]
    until: Option<String>,
}

/// The numbers that a user held at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HoldingsAt {
    /// The moment.
    at: String,
    /// The numbers.
    numbers: Vec<Holding>,
}

/// Who made a change, from where, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangedBy {
    /// The line of the change log.
    change_id: i64,
    /// The login name, OAuth client or operating system's user; empty for a hand edit.
    by: String,
    /// `ccc`, `vcc`, `admin`, `console`, `cli`, or `sql` for a hand edit.
    via: String,
    /// The request; empty for a hand edit.
    request_id: String,
    /// Why; empty when it was not said.
    reason: String,
}

/// A line of a history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HistoryEntry {
    /// `personal`, `bound` or `member`.
    relation: &'static str,
    /// The number; null for a membership.
    #[schema(required = true)]
    number: Option<String>,
    /// The user; null for a binding.
    #[schema(required = true)]
    user_id: Option<String>,
    /// The skill group; null for a personal number.
    #[schema(required = true)]
    skill_group_id: Option<String>,
    /// Since when.
    from: String,
    /// Until when; null: still.
    #[schema(required = true)]
    to: Option<String>,
    /// Who began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    begun: Option<ChangedBy>,
    /// Who ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<ChangedBy>,
}

fields! {
    /// A moment.
    AtMoment {
        /// The moment; without it, now.
        at: Option<Timestamp> = optional(moment()),
    }
}

fn credit(credit: history::ChangedBy) -> ChangedBy {
    ChangedBy {
        change_id: credit.change_id,
        by: credit.by,
        via: credit.via,
        request_id: credit.request_id,
        reason: credit.reason,
    }
}

fn shown(entry: history::HistoryEntry) -> HistoryEntry {
    let relation = match entry.relation {
        Relation::Personal => "personal",
        Relation::Bound => "bound",
        Relation::Member => "member",
    };
    HistoryEntry {
        relation,
        number: entry.number,
        user_id: entry.user_id,
        skill_group_id: entry.skill_group_id,
        from: entry.from.to_string(),
        to: entry.to.map(|to| to.to_string()),
        begun: entry.begun.map(credit),
        ended: entry.ended.map(credit),
    }
}

/// Who held a number at a moment.
pub(super) fn holders(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (number,): (Number,),
    query: AtMoment,
) -> Result<Plain<HoldersAt>, Failure> {
    let at = query.at.unwrap_or(tx.now());
    let holders = store::whois(tx, &entry.instance_id, &number.0, at)?;
    Ok(Plain(HoldersAt {
        at: at.to_string(),
        holders: holders.into_iter().map(Blocker::from).collect(),
    }))
}

/// The numbers that a user held at a moment.
pub(super) fn holdings(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (user_id,): (UserId,),
    query: AtMoment,
) -> Result<Plain<HoldingsAt>, Failure> {
    let at = query.at.unwrap_or(tx.now());
    let numbers = store::numbers_of_user_at(tx, &entry.instance_id, &user_id, at)?;
    let shown = |held: history::HeldNumber| Holding {
        number: held.number,
        since: held.since.to_string(),
        until: held.until.map(|until| until.to_string()),
    };
    Ok(Plain(HoldingsAt { at: at.to_string(), numbers: numbers.into_iter().map(shown).collect() }))
}

/// The history of a number.
pub(super) fn of_number(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (number,): (Number,),
    Paged { page, .. }: Paged<Nothing>,
) -> Result<Listed<HistoryEntry>, Failure> {
    Ok(Listed::of(store::of_number(tx, &entry.instance_id, &number.0, page)?, shown))
}

/// The history of a user.
pub(super) fn of_user(
    tx: &ReadTx<'_>,
    entry: &InInstance,
    (user_id,): (UserId,),
    Paged { page, .. }: Paged<Nothing>,
) -> Result<Listed<HistoryEntry>, Failure> {
    Ok(Listed::of(store::of_user(tx, &entry.instance_id, &user_id, page)?, shown))
}
