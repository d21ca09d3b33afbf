//! The account's numbers that are in no instance.

use super::fields::{Paged, fields};
use super::problem::Result;
use super::scope::InAccount;
use crate::domain::phone_number::UnassignedNumber;
use crate::domain::{Listing, SearchWords};
use crate::store::{ReadTx, number_pool};

fields! {
    /// Which numbers of the pool are listed.
    ListUnassignedNumbers {
        /// Words, all of which are found in a number, its city, its tags and so on.
        q: Option<SearchWords> = optional(words()),
    }
}

/// The account's numbers that are in no instance, by number.
pub(super) fn list(
    tx: &ReadTx<'_>,
    _: &InAccount,
    (): (),
    Paged { page, filters: query }: Paged<ListUnassignedNumbers>,
) -> Result<Listing<UnassignedNumber>> {
    Ok(number_pool::search(tx, &query.q.unwrap_or_default(), page)?.into())
}
