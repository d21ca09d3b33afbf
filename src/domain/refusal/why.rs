//! Why something of a spreadsheet can't be imported, as a type: each face says it in its own words,
//! the console in its reader's language.

use super::Refusal;
use crate::domain::sheet::Odd;
use crate::domain::text::{Malformed, TextFault};
use crate::domain::{Error, Existing, InstanceId, Missing};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a column, a cell or its line can't be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// A spreadsheet program has spoiled the cell.
    Odd(Odd),
    /// A free text is too long, or has characters that no text may have.
    Text(TextFault),
    /// A text does not have the form that it should have.
    Malformed(Malformed),
    /// The cell that says what the line is about is empty.
    Empty,
    /// There are only blanks.
    Blank,
    /// It is not one of these words.
    NoneOf(Vec<String>),
    /// It is neither true nor false.
    NoFlag,
    /// It is not a whole number.
    NoVersion,
    /// It is not an id of VCC.
    NoGuid,
    /// There are too many tags: how many, and how many are kept.
    Tags(usize, usize),
    /// The same row is also in this line.
    LineAgain(u64),
    /// The line has more cells than the header.
    Beside,
    /// The header has the column more than once.
    ColumnAgain,
    /// The header has a column without a name: which, counted from 1.
    ColumnUnnamed(usize),
    /// Such lists have no such column; they have these.
    ColumnUnknown(String, Vec<String>),
    /// The columns are those of another kind of list: of which, and which was said.
    OtherKind(String, String),
    /// The column that says what the lines are about is missing.
    ColumnMissing,
    /// These cells can't be emptied: each column, and what it holds.
    Emptied(Vec<(String, String)>),
    /// It is in another version (or not there) than the file has: what, the file's, the one there.
    Stale(String, u64, Option<u64>),
    /// It has another version than the preview found: what, the version then, the one now.
    SincePreview(String, Option<u64>, Option<u64>),
    /// It exists already, and the import refuses such lines.
    Again(String),
    /// The line names users and skill groups.
    TwoKindsOfHolders,
    /// The line names several users, where a number has one holder.
    SeveralHolders,
    /// The number has lost its beginning: the whole number, and whether the instance has that.
    BeginningLost(String, bool),
    /// A new login needs a display name.
    Nameless(String),
    /// The media type of a skill group can't be changed: the group, its media type.
    MediaStays(String, String),
    /// The instance would be left without an Admin.
    LastAdmin(InstanceId),
    /// Something that the line names does not exist.
    Missing(Missing),
    /// What the line would make exists already.
    Existing(Existing),
    /// A rule, or whoever holds the number.
    Refused(Refusal),
}

impl From<Refusal> for Why {
    fn from(mut refusal: Refusal) -> Self {
        match refusal.why.take() {
            Some(why) => *why,
            None => Self::Refused(refusal),
        }
    }
}

impl Why {
    /// What an error of the domain says about a line, where a refusal would say less.
    pub fn of(error: &Error) -> Option<Self> {
        match error {
            Error::NotFound(missing) => Some(Self::Missing(missing.clone())),
            Error::AlreadyExists(existing) => Some(Self::Existing(existing.clone())),
            _ => None,
        }
    }
}

impl fmt::Display for Why {
    /// A sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Odd(odd) => odd.fmt(f),
            Self::Text(fault) => fault.fmt(f),
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::Empty => f.write_str("It is missing"),
            Self::Blank => f.write_str("It must not be blank"),
            Self::NoneOf(words) => write!(f, "It must be one of {}", words.join(", ")),
            Self::NoFlag => f.write_str("It must be true or false"),
            Self::NoVersion => f.write_str("A version is a whole number"),
            Self::NoGuid => f.write_str("An id of VCC is 32 hexadecimal digits in five groups"),
            Self::Tags(count, most) => {
                write!(f, "There are {count} tags; at most {most} are kept")
            }
            Self::LineAgain(line) => write!(f, "It is in line {line} too"),
            Self::Beside => f.write_str("The line has more cells than the header"),
            Self::ColumnAgain => f.write_str("The column is there more than once"),
            Self::ColumnUnnamed(column) => write!(f, "Column {column} has no name"),
            Self::ColumnUnknown(kind, all) => {
                write!(f, "{kind} have no such column; they have {}", all.join(", "))
            }
            Self::OtherKind(kind, said) => write!(
                f,
                "these columns are those of {kind}, not of {said}; import the file as {kind} (`--what {kind}` at the command line, `what={kind}` by REST)"
            ),
            Self::ColumnMissing => f.write_str("The column is missing"),
            Self::Emptied(held) => {
                let held: Vec<String> =
                    held.iter().map(|(name, cell)| format!("{name}, which is {cell}")).collect();
                write!(f, "some cells can't be emptied: {}", held.join("; "))
            }
            Self::Stale(key, wanted, Some(version)) => {
                write!(f, "{key} is in version {version} now, and the file has version {wanted}")
            }
            Self::Stale(key, wanted, None) => {
                write!(f, "{key} does not exist, and the file has version {wanted} of it")
            }
            Self::SincePreview(key, Some(_), None) => write!(f, "{key} is gone since the preview"),
            Self::SincePreview(key, None, _) => write!(f, "{key} is new since the preview"),
            Self::SincePreview(key, Some(before), Some(now)) => {
                write!(f, "{key} has changed since the preview, from version {before} to {now}")
            }
            Self::Again(key) => write!(f, "{key} exists already"),
            Self::TwoKindsOfHolders => f.write_str(
                "the line names users and skill groups; a number is held by one or the other, not both",
            ),
            Self::SeveralHolders => f.write_str(
                "the line names several users; a number of this instance has one holder",
            ),
            Self::BeginningLost(whole, is_there) => {
                let why = if *is_there { "The instance has" } else { "This may be" };
                write!(f, "{why} {whole}: a spreadsheet may have removed the leading zeros or the +")
            }
            Self::Nameless(login_name) => {
                write!(f, "{login_name} is new, and display_name is missing")
            }
            Self::MediaStays(name, media_type) => {
                write!(f, "The media type of {name} can't be changed; it is {media_type}")
            }
            Self::LastAdmin(instance_id) => Error::LastAdmin(instance_id.clone()).fmt(f),
            Self::Missing(missing) => missing.fmt(f),
            Self::Existing(existing) => existing.fmt(f),
            Self::Refused(refusal) => f.write_str(&refusal.detail),
        }
    }
}
