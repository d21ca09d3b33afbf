//! What all lists share: addresses that keep the filter, sorted columns, pages.

use super::reply::{Failure, FormFault};
use super::texts::Texts;
use crate::domain::{Page, PageRequest, Paging};
use serde::Serialize;

pub(super) const PAGE_SIZE: u64 = 50;

/// A page by its number; one past the end is the last.
pub(super) fn page_request(number: u64) -> PageRequest {
    PageRequest { number: number.max(1), size: PAGE_SIZE, paging: Paging::Clamp }
}

/// What a printed list says that it is filtered by: what each filter is called, and its value.
pub(super) fn filtered_by(t: Texts, filters: Vec<(&str, String)>) -> String {
    let given = filters.into_iter().filter(|(_, value)| !value.trim().is_empty());
    given.map(|(key, value)| t.about(t.say(key), value)).collect::<Vec<_>>().join(" · ")
}

/// What an address asks for, and what is wrong with it: a list shows that below its fields.
pub(super) fn asked<T>(query: Result<T, Failure>) -> Result<(Option<T>, Vec<FormFault>), Failure> {
    match query {
        Ok(query) => Ok((Some(query), Vec::new())),
        Err(Failure::BadFields(faults)) => Ok((None, faults)),
        Err(failure) => Err(failure),
    }
}

/// The page of a list that can't be asked for.
pub(super) const fn nothing<T>() -> Page<T> {
    Page { rows: Vec::new(), shown: PageRequest::first(PAGE_SIZE), total: 0 }
}

/// The status of a page whose address has these faults.
pub(super) const fn status(faults: &[FormFault]) -> u16 {
    if faults.is_empty() { 200 } else { 400 }
}

/// The address of a list with a filter; members that say nothing are left out.
pub(super) fn address(list: &str, query: &impl Serialize) -> String {
    let fields: Vec<(String, String)> = serde_html_form::to_string(query)
        .ok()
        .and_then(|text| serde_html_form::from_str(&text).ok())
        .unwrap_or_default();
    let said: Vec<_> =
        fields.into_iter().filter(|(_, value)| !value.is_empty() && value != "0").collect();
    match serde_html_form::to_string(said) {
        Ok(text) if !text.is_empty() => format!("{list}?{text}"),
        _ => list.to_owned(),
    }
}

/// A column's head: its sentence, and the address that sorts by it.
#[derive(Debug)]
pub(super) struct Column {
    /// The key of the message.
    pub(super) title: &'static str,
    /// The address that sorts by the column; empty: it can't be sorted by.
    pub(super) address: String,
    /// `ascending`, `descending` or `none`.
    pub(super) sorted: &'static str,
    /// Classes of the cells.
    pub(super) class: &'static str,
}

impl Column {
    /// A column; `sort` is its word in the address, `present` what the list is sorted by now.
    pub(super) fn new(
        title: &'static str,
        sort: &'static str,
        class: &'static str,
        present: &str,
        to: impl Fn(String) -> String,
    ) -> Self {
        let (sorted, next) = match present.strip_prefix('-') {
            None if present == sort => ("ascending", format!("-{sort}")),
            Some(backward) if backward == sort => ("descending", sort.to_owned()),
            _ => ("none", sort.to_owned()),
        };
        let address = if sort.is_empty() { String::new() } else { to(next) };
        let sorted = if sort.is_empty() { "none" } else { sorted };
        Self { title, address, sorted, class }
    }
}

/// Where one is in a list, and the ways on and back.
#[derive(Debug)]
pub(super) struct Pager {
    pub(super) number: u64,
    pub(super) pages: u64,
    pub(super) total: u64,
    pub(super) first: u64,
    pub(super) last: u64,
    /// Empty on the first page.
    pub(super) back: String,
    /// Empty on the last page.
    pub(super) on: String,
}

impl Pager {
    pub(super) fn new<T>(page: &Page<T>, to: impl Fn(u64) -> String) -> Self {
        let pages = page.total.div_ceil(page.shown.size).max(1);
        let number = page.shown.number;
        let rows = page.rows.len() as u64;
        Self {
            number,
            pages,
            total: page.total,
            first: if rows == 0 { 0 } else { page.shown.offset() + 1 },
            last: page.shown.offset() + rows,
            back: if number > 1 { to(number - 1) } else { String::new() },
            on: if number < pages { to(number + 1) } else { String::new() },
        }
    }
}
