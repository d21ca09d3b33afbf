//! A spreadsheet as people have it, CSV or XLSX, as lines of text cells.
//!
//! # Architecture Invariant
//! Nothing is repaired. A cell that is not text, or that a program has spoiled, is marked as
//! [`Odd`]; whoever reads the cell refuses it.

mod damage;
mod delimited;
mod encoding;
mod unreadable;
mod workbook;
mod xlsx;

pub use damage::{Odd, spoiled};
pub use delimited::Delimiter;
pub use encoding::Encoding;
pub use unreadable::Unreadable;
pub use workbook::WorkbookWriter;

use super::text::hex;
use super::word::words;
use csv::StringRecord;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// The most lines below the header.
pub const MOST_LINES: usize = 50_000;

/// The most columns.
pub const MOST_COLUMNS: usize = 100;

/// The largest file, in bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;

words! {
    /// What kind of file is written.
    FileFormat {
        /// Text with commas.
        Csv = "csv",
        /// A workbook.
        Xlsx = "xlsx",
    }
}

impl FileFormat {
    /// What it is called in `Accept`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The media type, with its encoding if it is text.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => self.media_type(),
        }
    }

    /// What is before the dot of a name that ends like such a file.
    pub fn behind(name: &str) -> Option<(&str, Self)> {
        let (name, end) = name.rsplit_once('.')?;
        Some((name, Self::from_name(end)?))
    }
}

/// A spreadsheet: a header, and the lines below it that are not empty.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// How it was read.
    pub format: Format,
    /// The line of the header, counted from 1.
    pub header_line: u64,
    /// The cells of the header, without the space around them.
    pub header: Vec<String>,
    /// The lines below.
    pub lines: Vec<Line>,
    /// Equal for equal files: the hash of its bytes.
    pub digest: String,
    odd: BTreeMap<(u64, usize), Odd>,
}

/// A line of a spreadsheet.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which line of the file it is (of a text, where it begins), counted from 1.
    pub line: u64,
    /// Its cells.
    pub cells: StringRecord,
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Csv(Encoding, Delimiter),
    /// A workbook.
    Xlsx,
}

impl fmt::Display for Format {
    /// `CSV, UTF-8, semicolons` or `XLSX`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Csv(encoding, delimiter) => write!(f, "CSV, {encoding}, {delimiter}"),
            Self::Xlsx => f.write_str("XLSX"),
        }
    }
}

impl Sheet {
    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > LARGEST {
            return Err(Unreadable::TooLarge);
        }
        let mut sheet = match bytes {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => xlsx::read(bytes)?,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(Unreadable::OldExcel),
            _ => delimited::read(bytes)?,
        };
        if sheet.header.is_empty() {
            return Err(Unreadable::Empty);
        }
        sheet.digest = hex(&Sha256::digest(bytes));
        Ok(sheet)
    }

    /// The line of the file with this number.
    pub fn line(&self, line: u64) -> Option<&Line> {
        let at = self.lines.binary_search_by_key(&line, |line| line.line).ok()?;
        self.lines.get(at)
    }

    /// What is odd about a cell, if anything is.
    pub fn odd(&self, line: u64, column: usize) -> Option<Odd> {
        self.odd.get(&(line, column)).copied()
    }

    fn new(format: Format) -> Self {
        let (header, lines) = (Vec::new(), Vec::new());
        let (digest, odd) = (String::new(), BTreeMap::new());
        Self { format, header_line: 1, header, lines, digest, odd }
    }

    /// Adds a line, the first as the header; one without anything in its cells is left out.
    fn push(&mut self, line: u64, cells: StringRecord) -> Result<(), Unreadable> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let columns =
            (0..cells.len()).rev().find(|at| !cells[*at].is_empty()).map_or(0, |last| last + 1);
        if columns > MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns(line));
        }
        if self.header.is_empty() {
            self.header_line = line;
            self.header = cells.iter().take(columns).map(|cell| cell.trim().to_owned()).collect();
            return Ok(());
        }
        if self.lines.len() == MOST_LINES {
            return Err(Unreadable::TooManyLines);
        }
        self.lines.push(Line { line, cells });
        Ok(())
    }
}

impl Line {
    /// The text of a cell; nothing where the line is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
