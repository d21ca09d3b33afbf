//! Why a file can't be read at all, as a type: each face says it in its own words.

use super::xlsx::{MOST_MERGED, MOST_PARTS, MOST_UNPACKED};
use super::{LARGEST, MOST_COLUMNS, MOST_LINES};
use std::fmt;

/// Why a file can't be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It is in the format of Excel before 2007, or has a password.
    OldExcel,
    /// It holds no line.
    Empty,
    /// It has more than [`MOST_LINES`] lines.
    TooManyLines,
    /// This line has more than [`MOST_COLUMNS`] columns.
    TooManyColumns(u64),
    /// It is not UTF-8 in this line, though its first bytes or most of it say so.
    NotUtf8(usize),
    /// It is not UTF-16, though its first bytes say so.
    NotUtf16,
    /// It is in no encoding that is known.
    NoEncoding,
    /// It holds zero bytes.
    ZeroBytes,
    /// It is not CSV, for this reason of the reader.
    NotCsv(String),
    /// The quotes of this line don't fit.
    Quotes(u64),
    /// It is not a workbook, or a damaged one, for this reason of the reader.
    NotXlsx(String),
    /// The workbook has a password.
    Password,
    /// The sheets of the workbook, this many, are too large together.
    TooManySheets(usize),
    /// These sheets of the workbook have something in them.
    SeveralSheets(Vec<String>),
    /// The workbook has more than [`MOST_MERGED`] merged cells.
    TooManyMerged,
    /// The rows of the workbook are not in order.
    Unordered,
    /// The workbook unpacks to too much.
    TooMuch,
}

impl fmt::Display for Unreadable {
    /// A sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "The file is larger than {LARGEST} bytes"),
            Self::OldExcel => f.write_str(
                "This is an old Excel file (.xls) or one with a password; save it as .xlsx or CSV",
            ),
            Self::Empty => f.write_str("The file has no lines"),
            Self::TooManyLines => {
                write!(f, "The file has more than {MOST_LINES} lines; divide it")
            }
            Self::TooManyColumns(line) => {
                write!(f, "Line {line} has more than {MOST_COLUMNS} columns")
            }
            Self::NotUtf8(line) => write!(
                f,
                "The file is UTF-8, but not in line {line}; save it again, as CSV UTF-8 or XLSX"
            ),
            Self::NotUtf16 => f.write_str("The file is not UTF-16, as its first bytes say"),
            Self::NoEncoding => f.write_str(
                "The file is not text in UTF-8, UTF-16 or GB18030; save it as CSV UTF-8 or XLSX",
            ),
            Self::ZeroBytes => f.write_str("The file is not text; it holds zero bytes"),
            Self::NotCsv(why) => write!(f, "The file is not CSV: {why}"),
            Self::Quotes(line) => write!(
                f,
                "Line {line}: the quotes don't fit; a cell with quotes in it is written \"in quotes, with \"\"two\"\" for one\""
            ),
            Self::NotXlsx(why) => write!(
                f,
                "The workbook can't be read: {why}; open it in a spreadsheet program and save it again, as .xlsx or CSV"
            ),
            Self::Password => f.write_str("The workbook has a password; save it without"),
            Self::TooManySheets(count) => {
                write!(f, "The workbook has {count} sheets, which are too large together; keep one")
            }
            Self::SeveralSheets(names) => write!(
                f,
                "The workbook has several sheets with something in them: {}; keep one",
                names.join(", ")
            ),
            Self::TooManyMerged => {
                write!(f, "The workbook has more than {MOST_MERGED} merged cells; split them")
            }
            Self::Unordered => f.write_str("The rows of the workbook are not in order"),
            Self::TooMuch => write!(
                f,
                "The workbook unpacks to more than {MOST_UNPACKED} bytes in {MOST_PARTS} parts"
            ),
        }
    }
}

impl std::error::Error for Unreadable {}
