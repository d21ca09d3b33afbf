//! Pages of lists, and what they are sorted by.

use super::Word;
use serde::Serialize;
use utoipa::ToSchema;

/// What a page number or size outside its limits does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Paging {
    /// It is an error; a page past the end is empty.
    #[default]
    Strict,
    /// A number or size outside the limits is an error; a page past the end becomes the last one
    /// that has rows.
    LastPage,
    /// It is moved into the limits, and the page number to the last page that has rows.
    Clamp,
}

/// Which page of a list is asked for; both numbers are at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Counted from 1.
    pub number: u64,
    /// Rows on a page.
    pub size: u64,
    /// Whether a page past the end becomes the last one that has rows.
    pub paging: Paging,
}

impl PageRequest {
    /// A whole list, however long it is.
    pub const ALL: Self = Self { number: 1, size: u32::MAX as u64, paging: Paging::Strict };

    /// The first rows of a list.
    pub const fn first(size: u64) -> Self {
        Self { number: 1, size, paging: Paging::Clamp }
    }

    /// The page that is really shown for a list of `total` rows.
    #[must_use]
    pub fn within(self, total: u64) -> Self {
        match self.paging {
            Paging::Strict => self,
            Paging::LastPage | Paging::Clamp => {
                Self { number: self.number.min(total.div_ceil(self.size).max(1)), ..self }
            }
        }
    }

    /// Rows before the page.
    pub fn offset(self) -> u64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// Rows on the page of a list of `total` rows.
    pub fn rows(self, total: u64) -> u64 {
        self.size.min(total.saturating_sub(self.offset()))
    }
}

/// One page of a list, and how many rows the whole list has.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The page's rows.
    pub rows: Vec<T>,
    /// The page shown.
    pub shown: PageRequest,
    /// Rows of the whole list.
    pub total: u64,
}

impl<T> Page<T> {
    /// This page with each row turned into another.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        let Self { rows, shown, total } = self;
        Page { rows: rows.into_iter().map(row).collect(), shown, total }
    }

    /// This page with all its rows turned into others together.
    pub fn try_rows<U, E>(
        self,
        rows: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>,
    ) -> Result<Page<U>, E> {
        Ok(Page { rows: rows(self.rows)?, shown: self.shown, total: self.total })
    }

    /// Like [`Self::map`]; it ends at the first row that fails.
    pub fn try_map<U, E>(self, row: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let Self { rows, shown, total } = self;
        Ok(Page { rows: rows.into_iter().map(row).collect::<Result<_, _>>()?, shown, total })
    }
}

/// One page of a list as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    /// The page: the requested one, or the last.
    pub page: u64,
    /// Rows per page: as requested, clamped to the limits.
    pub per_page: u64,
    /// Rows of the whole list.
    pub total: u64,
    /// Pages of the whole list, at least one.
    pub pages: u64,
    /// The page's rows.
    pub items: Vec<T>,
}

impl<T> From<Page<T>> for Listing<T> {
    fn from(Page { rows, shown, total }: Page<T>) -> Self {
        let pages = total.div_ceil(shown.size).max(1);
        Self { page: shown.number, per_page: shown.size, total, pages, items: rows }
    }
}

/// A key of a list, and whether the last comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order<K> {
    /// The default is the natural order.
    pub key: K,
    /// The last first.
    pub backward: bool,
}

impl<K: Word> Order<K> {
    /// Reads the name of a key; with `-` in front, the last first.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, backward) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        K::from_name(name).map(|key| Self { key, backward })
    }
}
