//! Numbers as seen for one user: which could be given to the user, and what blocks the others.

use super::fields::{FaultCode, Nothing, Paged, Source, fields};
use super::problem::{Failure, Result};
use super::reply::Plain;
use crate::domain::candidate::{Candidate, CandidateFilter};
use crate::domain::{Listing, Number, SearchWords, UserId};
use crate::ops::access::Reading;
use crate::store::{candidates, users};

fields! {
    /// Which candidates are listed.
    ListCandidates {
        /// Words, all of which are found: as in the list of numbers.
        q: SearchWords = default(words(), SearchWords::default()),
        /// `blocked`: also the numbers that can't be given, each with its reasons.
        include: Option<&'static str> = optional(choice(&["blocked"])),
        /// `suggested`: first those that are kept for the user, then those in a city or province of
        /// the numbers that the user and their skill groups hold; of these, the ones that nobody
        /// has held for longest. By default, by number. Not together with `include`.
        order: Option<&'static str> = optional(choice(&["suggested"])),
    }
}

/// The numbers that could be given to a user.
pub(super) fn list(
    at: Reading<'_>,
    (user_id,): (UserId,),
    list: Paged<ListCandidates>,
) -> Result<Listing<Candidate>> {
    users::require(at.tx, at.instance_id(), &user_id)?;
    let (include_blocked, suggested) =
        (list.filters.include.is_some(), list.filters.order.is_some());
    if include_blocked && suggested {
        let detail = "order must not be suggested with include=blocked; leave one of them out.";
        return Err(Failure::malformed(Source::Query, "/order", FaultCode::Conflict, detail));
    }
    let words = list.filters.q;
    let filter = CandidateFilter { words, include_blocked, suggested };
    Ok(candidates::page(at.tx, at.instance_id(), &user_id, &filter, list.page)?.into())
}

/// Why a number can't be given to a user.
pub(super) fn why(
    at: Reading<'_>,
    (user_id, number): (UserId, Number),
    _: Nothing,
) -> Result<Plain<Candidate>> {
    Ok(Plain(candidates::why(at.tx, at.instance_id(), &user_id, &number)?))
}
