//! The account's numbers that are in no instance.

use super::fields::{Paged, fields};
use super::problem::Result;
use super::scope::InAccount;
use crate::domain::phone_number::UnassignedNumber;
use crate::domain::{Listing, SearchWords};
use crate::ops::access::Reading;
use crate::store::number_pool;

fields! {
    /// Which numbers of the pool are listed.
    ListUnassignedNumbers {
        /// Words, all of which are found in a number, its city, its tags and so on.
        q: SearchWords = default(words(), SearchWords::default()),
    }
}

/// The account's numbers that are in no instance, by number.
pub(super) fn list(
    at: Reading<'_, InAccount>,
    (): (),
    list: Paged<ListUnassignedNumbers>,
) -> Result<Listing<UnassignedNumber>> {
    Ok(number_pool::search(at.tx, &list.filters.q, list.page)?.into())
}
