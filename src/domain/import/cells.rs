//! How cells are read: with the limits that hold everywhere, and a sentence for each.

use super::Why;
use crate::domain::sheet::{Odd, spoiled};
use crate::domain::text::{self, TextFault};
use crate::domain::{Parsed, Word};

/// A free text.
pub(super) fn text(cell: &str, least: usize, most: usize) -> Result<String, Why> {
    text::free(cell, least, most).map_err(Why::Text)
}

/// A free text, or nothing.
pub(super) fn optional(cell: &str, most: usize) -> Result<Option<String>, Why> {
    Ok(Some(text(cell, 0, most)?).filter(|text| !text.is_empty()))
}

/// What people call something.
pub(super) fn name(cell: &str, most: usize) -> Result<String, Why> {
    text::name(cell, most).map_err(|fault| match fault {
        TextFault::Blank => Why::Blank,
        fault => Why::Text(fault),
    })
}

/// What people call something, or nothing.
pub(super) fn name_or_nothing(cell: &str, most: usize) -> Result<String, Why> {
    optional_name(cell, most).map(Option::unwrap_or_default)
}

/// Like [`name_or_nothing`].
pub(super) fn optional_name(cell: &str, most: usize) -> Result<Option<String>, Why> {
    if cell.is_empty() { Ok(None) } else { name(cell, most).map(Some) }
}

/// A text of a kind with a shape of its own.
pub(super) fn parsed<T: Parsed>(cell: &str) -> Result<T, Why> {
    T::parse(cell).map_err(Why::Malformed)
}

/// The text of a cell that spreadsheets take for a number. Many digits that end in zeros may be
/// meant so; they are refused only for a number that is new.
pub(super) fn unspoiled(cell: &str) -> Result<&str, Why> {
    match spoiled(cell) {
        Some(Odd::Rounded) | None => Ok(cell),
        Some(odd) => Err(Why::Odd(odd)),
    }
}

/// One of a few words.
pub(super) fn word<T: Word>(cell: &str) -> Result<T, Why> {
    let words = || T::NAMES.iter().map(ToString::to_string).collect();
    T::from_name(cell).ok_or_else(|| Why::NoneOf(words()))
}

/// A truth value, which spreadsheets write in capitals.
pub(super) fn flag(cell: &str) -> Result<bool, Why> {
    match cell.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Why::NoFlag),
    }
}

/// An id of VCC, in the form in which it is kept.
pub(super) fn guid(cell: &str) -> Result<String, Why> {
    let dashed = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    if cell.len() == 36 && cell.bytes().enumerate().all(dashed) {
        return Ok(cell.to_ascii_lowercase());
    }
    Err(Why::NoGuid)
}

/// Such an id, or none.
pub(super) fn optional_guid(cell: &str) -> Result<Option<String>, Why> {
    if cell.is_empty() { Ok(None) } else { guid(cell).map(Some) }
}

/// A version.
pub(super) fn version(cell: &str) -> Result<u64, Why> {
    cell.parse().map_err(|_| Why::NoVersion)
}
