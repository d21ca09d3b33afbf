//! The account's numbers that are in no instance.

use super::fields::{Paged, fields};
use super::problem::Failure;
use super::scope::InAccount;
use crate::domain::Listing;
use crate::domain::phone_number::UnassignedNumber;
use crate::store::{ReadTx, number_pool};

fields! {
    /// Which numbers of the pool are listed.
    ListUnassignedNumbers {
        /// Part of the number, or the whole in any spelling.
        q: Option<String> = optional(pattern()),
    }
}

/// The account's numbers that are in no instance, by number.
pub(super) fn list(
    tx: &ReadTx<'_>,
    _: &InAccount,
    (): (),
    Paged { page, filters: query }: Paged<ListUnassignedNumbers>,
) -> Result<Listing<UnassignedNumber>, Failure> {
    Ok(number_pool::search(tx, query.q.as_deref(), page)?.into())
}
