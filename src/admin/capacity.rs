//! How many numbers are free by city and usage, when they run out, and the low-water marks.

use super::etag::Guarded;
use super::fields::{Nothing, Paged, fields};
use super::instances;
use super::problem::Result;
use super::reply::Done;
use super::request::Write;
use crate::domain::capacity::{Capacity, LowWaterMark, MOST_MARKED};
use crate::domain::phone_number::Usage;
use crate::domain::text::LONGEST_WORD;
use crate::domain::{Listing, Page, PageRequest};
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::store::{capacity, low_water_marks};

fields! {
    /// A low-water mark.
    MarkToSet = r#"{"city": "成都", "usage": "Outbound", "least": 5}"# {
        /// The city; without one, the mark is for all cities together.
        city: Option<String> = optional(text(1, LONGEST_WORD)),
        /// The usage; without one, the mark is for all numbers that can dial out.
        usage: Option<Usage> = optional(one_of::<Usage>()),
        /// How many should be free at least; 0 takes the mark away.
        least: u32 = required(integer(0..=MOST_MARKED)),
    }
}

/// How many numbers of each city and usage are free, and when they run out.
pub(super) fn list(at: Reading<'_>, (): (), list: Paged<Nothing>) -> Result<Listing<Capacity>> {
    let supply = capacity::supply(at.tx, at.instance_id())?;
    Ok(part(supply.listed().collect(), list.page).into())
}

/// The low-water marks.
pub(super) fn marks(
    at: Reading<'_>,
    (): (),
    list: Paged<Nothing>,
) -> Result<Listing<LowWaterMark>> {
    Ok(part(low_water_marks::list(at.tx, at.instance_id())?, list.page).into())
}

fn part<T>(all: Vec<T>, page: PageRequest) -> Page<T> {
    let total = all.len() as u64;
    let shown = page.within(total);
    let skipped = usize::try_from(shown.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(shown.size).unwrap_or(usize::MAX);
    Page { rows: all.into_iter().skip(skipped).take(size).collect(), shown, total }
}

/// Sets a mark, or takes one away. Its ETag is the instance's.
pub(super) fn mark(at: Writing<'_>, (): (), write: Write<MarkToSet, Guarded>) -> Result<Done> {
    write.guard.check(|| instances::tag(at.tx, at.instance_id()))?;
    let MarkToSet { city, usage, least } = write.fields;
    let city = city.unwrap_or_default();
    ops::low_water_marks::set(at.tx, at.instance_id(), &city, usage, least)?;
    Ok(Done::default())
}
