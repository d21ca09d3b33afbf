//! How cells are read: the same limits as everywhere, each with its sentence.

use crate::domain::sheet::{Odd, spoiled};
use crate::domain::text::check;
use crate::domain::{Parsed, Word};

/// A free text.
pub(super) fn text(cell: &str, least: usize, most: usize) -> Result<String, String> {
    check(cell, least, most).map_err(|fault| fault.to_string())?;
    Ok(cell.to_owned())
}

/// What people call something.
pub(super) fn name(cell: &str) -> Result<String, String> {
    let name = text(cell, 1, 64)?;
    if name.trim().is_empty() { Err("It must not be blank".to_owned()) } else { Ok(name) }
}

/// A text of a kind with a shape of its own.
pub(super) fn parsed<T: Parsed>(cell: &str) -> Result<T, String> {
    T::parse(cell).map_err(|error| error.to_string())
}

/// The same for what spreadsheets take for numbers. Many digits with zeros at their end may be what
/// somebody means; only of what is new that is refused.
pub(super) fn unspoiled(cell: &str) -> Result<&str, String> {
    match spoiled(cell) {
        Some(Odd::Rounded) | None => Ok(cell),
        Some(odd) => Err(odd.to_string()),
    }
}

/// One of a few words.
pub(super) fn word<T: Word>(cell: &str) -> Result<T, String> {
    T::from_name(cell).ok_or_else(|| format!("It must be one of {}", T::NAMES.join(", ")))
}

/// Whether something is so. Spreadsheets write truth values in capitals.
pub(super) fn flag(cell: &str) -> Result<bool, String> {
    match cell.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("It must be true or false".to_owned()),
    }
}

/// An id of VCC, in the form in which it is kept.
pub(super) fn guid(cell: &str) -> Result<String, String> {
    let dashed = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    if cell.len() == 36 && cell.bytes().enumerate().all(dashed) {
        return Ok(cell.to_ascii_lowercase());
    }
    Err("An id of VCC is 32 hexadecimal digits in five groups".to_owned())
}

/// A version.
pub(super) fn version(cell: &str) -> Result<u64, String> {
    cell.parse().map_err(|_| "A version is a whole number".to_owned())
}
