//! The account's numbers that are in no instance.

use super::fields::{Paged, fields};
use super::problem::Failure;
use super::reply::Listed;
use super::scope::InAccount;
use crate::store::{ReadTx, number_pool};
use serde::Serialize;
use utoipa::ToSchema;

/// A number of the pool.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnassignedNumber {
    /// As it was given.
    number: String,
    /// Where it belongs; empty when unknown.
    province: String,
    /// Where it belongs; empty when unknown.
    city: String,
}

fields! {
    /// Which numbers of the pool are listed.
    ListUnassignedNumbers {
        /// Part of the number.
        q: Option<String> = optional(pattern()),
    }
}

/// The account's numbers that are in no instance, by number.
pub(super) fn list(
    tx: &ReadTx<'_>,
    _: &InAccount,
    (): (),
    Paged { page, filters: query }: Paged<ListUnassignedNumbers>,
) -> Result<Listed<UnassignedNumber>, Failure> {
    let found = number_pool::list(tx, query.q.as_deref(), page)?;
    Ok(Listed::of(found, |row| UnassignedNumber {
        number: row.number,
        province: row.province,
        city: row.city,
    }))
}
