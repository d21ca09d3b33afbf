//! The numbers of an instance as seen for one user: which could be given to them, and what stands
//! in the way of the others.
//!
//! # Performance
//! Without words a total is a counter and a page comes from an index, as in
//! [`super::phone_numbers`]; holders are looked up for the rows of the page only.

use super::phone_numbers::{self, NumberQuery, phone_number};
use super::{ReadTx, holders, instances, reservations, suggested_numbers, users};
use crate::domain::batch::{BatchItem, RefusalCode};
use crate::domain::candidate::{Blocked, Candidate, CandidateFilter, Suggestion};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::phone_number::{NumberState, PhoneNumber};
use crate::domain::{
    Error, InstanceId, Missing, Page, PageRequest, SearchWords, SkillGroupId, UserId,
};
use crate::store::engine::Row;
use rusqlite::params;

/// A page of candidates, by number.
pub fn page(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    filter: &CandidateFilter,
    page: PageRequest,
) -> Result<Page<Candidate>, Error> {
    let view = View::new(tx, instance_id, user_id)?;
    if filter.include_blocked {
        return view.all(&filter.words, page);
    }
    if filter.suggested {
        return view.suggested(&filter.words, page);
    }
    let (shared, words) = (view.shared, &filter.words);
    let page = if words.is_empty() {
        phone_numbers::list_assignable(tx, instance_id, shared, user_id, None, page)?
    } else {
        phone_numbers::find_assignable(tx, instance_id, shared, user_id, words, page)?
    };
    Ok(page.map(|phone_number| Candidate::new(phone_number, Vec::new(), None)))
}

/// Why a number can't be given to a user, or that it can.
pub fn why(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    number: &str,
) -> Result<Candidate, Error> {
    let view = View::new(tx, instance_id, user_id)?;
    let number = &phone_numbers::require(tx, instance_id, number)?;
    let sql = "SELECT number, usage, active, province, city, contact_flow_id, state FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    let found = tx.row(sql, params![instance_id, number], number_and_state)?;
    let (phone_number, state) = found.ok_or_else(|| phone_numbers::missing(instance_id, number))?;
    view.candidate(phone_number, state)
}

/// The numbers that suit somebody best who is not there yet, from the groups that they join.
pub fn for_joiner(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    joins: &[SkillGroupId],
    page: PageRequest,
) -> Result<Vec<Candidate>, Error> {
    let words = SearchWords::default();
    let found = suggested_numbers::page(tx, instance_id, user_id, joins, &words, page)?;
    Ok(found.rows.into_iter().map(suggested).collect())
}

fn suggested((phone_number, suggestion): (PhoneNumber, Suggestion)) -> Candidate {
    Candidate::new(phone_number, Vec::new(), Some(suggestion))
}

/// An instance as seen for one of its users.
struct View<'a> {
    tx: &'a ReadTx<'a>,
    instance_id: &'a InstanceId,
    user_id: &'a UserId,
    shared: bool,
    /// An archived or locked user is given no numbers.
    active: bool,
}

impl<'a> View<'a> {
    fn new(
        tx: &'a ReadTx<'a>,
        instance_id: &'a InstanceId,
        user_id: &'a UserId,
    ) -> Result<Self, Error> {
        let shared = instances::is_shared(tx, instance_id.as_str())?
            .ok_or_else(|| Error::NotFound(Missing::Instance(instance_id.to_string())))?;
        users::require(tx, instance_id, user_id)?;
        let active = users::is_active(tx, user_id)?;
        Ok(Self { tx, instance_id, user_id, shared, active })
    }

    fn all(&self, words: &SearchWords, page: PageRequest) -> Result<Page<Candidate>, Error> {
        if !words.is_empty() {
            let query = NumberQuery { words: words.clone(), ..NumberQuery::default() };
            let found = phone_numbers::search(self.tx, self.instance_id, &query, page)?;
            return found.try_map(|row| why(self.tx, self.instance_id, self.user_id, &row.number));
        }
        let total = instances::counter(self.tx, self.instance_id)?.total();
        let sql = "SELECT number, usage, active, province, city, contact_flow_id, state
                     FROM phone_number
                    WHERE instance_id = ?1 ORDER BY number LIMIT ?2 OFFSET ?3";
        let found = self.tx.page(page, total, sql, params![self.instance_id], number_and_state)?;
        found.try_map(|(number, state)| self.candidate(number, state))
    }

    /// What could be given, the best first; nothing to a user who is given none.
    fn suggested(&self, words: &SearchWords, page: PageRequest) -> Result<Page<Candidate>, Error> {
        let found =
            suggested_numbers::page(self.tx, self.instance_id, self.user_id, &[], words, page)?;
        let rows = if self.active { found.rows } else { Vec::new() };
        let total = if self.active { found.total } else { 0 };
        Ok(Page { rows: rows.into_iter().map(suggested).collect(), shown: found.shown, total })
    }

    fn candidate(&self, phone_number: PhoneNumber, state: NumberState) -> Result<Candidate, Error> {
        let of_number = match state {
            NumberState::Free => self.reserved(&phone_number.number)?,
            NumberState::Bound => self.bound(&phone_number.number)?,
            NumberState::Personal => self.personal(&phone_number.number)?,
        };
        let reasons: Vec<Blocked> = of_number.into_iter().chain(self.of_user()).collect();
        Ok(Candidate::new(phone_number, reasons, None))
    }

    /// What stands in the way of any number.
    fn of_user(&self) -> Option<Blocked> {
        (!self.active).then(|| Blocked {
            code: RefusalCode::HolderNotActive,
            detail: format!(
                "{} is archived or locked; activate or unlock the user first",
                self.user_id
            ),
            blocked_by: Vec::new(),
            reservation: None,
            freed_by: Vec::new(),
        })
    }

    /// What is reserved for them is not in their way.
    fn reserved(&self, number: &str) -> Result<Option<Blocked>, Error> {
        let found = reservations::of_number(self.tx, self.instance_id, number)?;
        let others = found.filter(|found| found.user_id.as_ref() != Some(self.user_id));
        Ok(others.map(|reservation| Blocked {
            code: RefusalCode::NumberIsReserved,
            detail: reservations::sentence(number, &reservation),
            blocked_by: Vec::new(),
            reservation: Some(reservation),
            freed_by: vec![BatchItem::EndReservation { number: number.to_owned() }],
        }))
    }

    fn bound(&self, number: &str) -> Result<Option<Blocked>, Error> {
        let groups = holders::skill_groups(self.tx, self.instance_id, number)?;
        let unbind = |group: &Holder| BatchItem::Unbind {
            number: number.to_owned(),
            skill_group_id: Some(SkillGroupId::new(group.id.as_str())),
        };
        Ok(blocked(number, groups, unbind))
    }

    fn personal(&self, number: &str) -> Result<Option<Blocked>, Error> {
        let mut users = holders::users(self.tx, self.instance_id, number)?;
        if self.shared {
            // Others may hold it too; only their own holding is in the way.
            users.retain(|user| user.id == self.user_id.as_str());
        }
        let release = |user: &Holder| BatchItem::Release {
            number: number.to_owned(),
            user_id: Some(UserId::new(user.id.as_str())),
            cool_down_days: None,
        };
        let mut reason = blocked(number, users, release);
        if let Some(reason) = &mut reason
            && reason
                .blocked_by
                .iter()
                .any(|holder| holder.kind == HolderKind::User && holder.id == self.user_id.as_str())
        {
            reason.code = RefusalCode::NumberHeldAlready;
        }
        Ok(reason)
    }
}

fn blocked(
    number: &str,
    holders: Vec<Holder>,
    frees: impl Fn(&Holder) -> BatchItem,
) -> Option<Blocked> {
    if holders.is_empty() {
        return None;
    }
    let freed_by = holders.iter().map(frees).collect();
    Some(Blocked {
        code: holders::code(&holders),
        detail: holders::sentence(number, &holders),
        blocked_by: holders,
        reservation: None,
        freed_by,
    })
}

fn number_and_state(row: &Row<'_>) -> rusqlite::Result<(PhoneNumber, NumberState)> {
    Ok((phone_number(row)?, row.get("state")?))
}
