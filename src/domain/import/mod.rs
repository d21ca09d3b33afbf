//! What a spreadsheet says of numbers, users and skill groups.
//!
//! Each kind has one table of columns: what a column shows in a file that is exported, and how its
//! cells are read from one that is imported. So what was exported is imported unchanged.

mod cells;
mod groups;
mod numbers;
mod preview;
mod read;
pub mod titles;
mod users;

pub use groups::GroupLine;
pub use numbers::NumberLine;
pub use preview::{Preview, Steps};
pub use read::{ERROR_COLUMN, Entry, Layout, Reading, WrongHeader, bad_lines, key_column, read};
pub use users::UserLine;

pub use super::refusal::Why;

use super::csv::{self, CsvRow};
use super::instance::CountryCode;
use super::phone_number::NumberDetails;
use super::sheet::Odd;
use super::word::words;
use super::{Act, SkillGroup, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// What is imported and exported.
    #[derive(Default, Deserialize)]
    ImportKind {
        /// The numbers of an instance, with who holds them.
        #[default]
        Numbers = "numbers",
        /// Its users.
        Users = "users",
        /// Its skill groups.
        Groups = "groups",
    }
}

impl ImportKind {
    /// What the role of whoever imports it must allow. Whoever may add numbers may give them, too.
    pub const fn needs(self) -> Act {
        match self {
            Self::Numbers => Act::ManageNumbers,
            Self::Users => Act::ManageUsers,
            Self::Groups => Act::ManageSkillGroups,
        }
    }
}

words! {
    /// What an empty cell means. A column that the file does not have stays as it is in either.
    #[derive(Default, Deserialize)]
    ImportMode {
        /// The value stays as it is.
        #[default]
        Merge = "merge",
        /// The value is emptied.
        Overwrite = "overwrite",
    }
}

words! {
    /// What is done with a line whose number, user or skill group is there already.
    #[derive(Default, Deserialize)]
    Duplicates {
        /// It is changed to what the line says.
        #[default]
        Update = "update",
        /// It stays as it is.
        Skip = "skip",
        /// The line is refused.
        Fail = "fail",
    }
}

/// How a file is imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSettings {
    /// What an empty cell means.
    pub mode: ImportMode,
    /// What is done with what is there already.
    pub duplicates: Duplicates,
}

/// What an import does with its lines, as it is kept until it has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportAct {
    /// What the lines are about.
    pub what: ImportKind,
    /// What an empty cell means.
    pub mode: ImportMode,
    /// What is done with what is there already.
    pub duplicates: Duplicates,
    /// The columns of the lines.
    pub columns: Vec<String>,
    /// Whether an empty cell of what can't be emptied leaves it as it is in either mode: a vendor
    /// need not say everything.
    #[serde(default)]
    pub unsaid_stays: bool,
}

/// A line of an import, as it is kept until it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportItem {
    /// The line of the file.
    pub line: u64,
    /// The version that the preview has seen; `None` if there was no such row.
    pub version: Option<u64>,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What is wrong with a cell, or with the line that it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// The line of the file, counted from 1 with the header.
    pub line: u64,
    /// The column; empty when it is not about one.
    pub column: String,
    /// What the cell holds; its beginning, if that is long.
    pub value: String,
    /// Why it can't be imported.
    pub reason: String,
    /// The reason as a type; absent in what an earlier release has kept.
    #[serde(skip)]
    pub why: Option<Why>,
}

impl Fault {
    /// A fault of a cell.
    pub fn new(line: u64, column: String, cell: &str, why: Why) -> Self {
        const LONGEST: usize = 80;
        let value = cell.chars().take(LONGEST).collect();
        Self { line, column, value, reason: why.to_string(), why: Some(why) }
    }

    /// The column and the reason.
    pub fn sentence(&self) -> String {
        match self.column.as_str() {
            "" => self.reason.clone(),
            column => format!("{column}: {}", self.reason),
        }
    }
}

words! {
    /// What a line does.
    #[derive(Deserialize)]
    LineOutcome {
        /// The number, user or skill group is new.
        New = "new",
        /// It is changed.
        Changed = "changed",
        /// It is as the line says already.
        Same = "same",
        /// It is there already, and such lines are skipped.
        Skipped = "skipped",
    }
}

impl LineOutcome {
    /// Whether such a line changes anything.
    pub const fn is_change(self) -> bool {
        matches!(self, Self::New | Self::Changed)
    }
}

/// What a line does, as a preview has found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedLine {
    /// The line of the file.
    pub line: u64,
    /// The number, login name or skill group name.
    pub key: String,
    /// What the line does.
    pub outcome: LineOutcome,
    /// The version that the preview has seen; absent if there was no such row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// What the line changes; of a new row, nothing is listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub changes: Vec<CellChange>,
}

/// A column that a line changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellChange {
    /// The column.
    pub column: String,
    /// What it held.
    pub from: String,
    /// What it holds then.
    pub to: String,
}

impl std::fmt::Display for CellChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [from, to] = [&self.from, &self.to]
            .map(|text| if text.is_empty() { "nothing" } else { text.as_str() });
        write!(f, "{}: {from} → {to}", self.column)
    }
}

/// Reads a cell into a line.
type Read<L> = fn(&mut L, &str) -> Result<(), Why>;

/// A column of a kind of row.
pub struct Column<L: 'static> {
    /// What of the row's JSON it shows, as in [`CsvRow::COLUMNS`].
    pub path: &'static str,
    /// What an import does with it.
    pub take: Take<L>,
    /// The one non-text kind of cell that it accepts.
    odd: Option<Odd>,
}

/// What an import does with a column.
pub enum Take<L> {
    /// It says which row is meant.
    Key(Read<L>),
    /// It is a value, which an empty cell can empty.
    Value(Read<L>),
    /// It is a value that can't be emptied.
    Kept(Read<L>),
    /// It is the version that the row must have still.
    Version(Read<L>),
    /// It is only shown.
    Shown,
}

impl<L> Column<L> {
    /// Whether an import does anything with it.
    pub const fn is_taken(&self) -> bool {
        !matches!(self.take, Take::Shown)
    }
}

/// Reads a cell into a field of a line.
macro_rules! set {
    (|$cell:ident| $($field:ident).+ = $value:expr) => {
        |line, $cell| {
            line.$($field).+ = Some($value);
            Ok(())
        }
    };
}
use set;

const fn column<L>(path: &'static str, take: Take<L>) -> Column<L> {
    Column { path, take, odd: None }
}

const fn key<L>(path: &'static str, read: Read<L>) -> Column<L> {
    column(path, Take::Key(read))
}

const fn shown<L>(path: &'static str) -> Column<L> {
    column(path, Take::Shown)
}

const fn value<L>(path: &'static str, read: Read<L>) -> Column<L> {
    column(path, Take::Value(read))
}

const fn kept<L>(path: &'static str, read: Read<L>) -> Column<L> {
    column(path, Take::Kept(read))
}

const fn flag<L>(path: &'static str, read: Read<L>) -> Column<L> {
    Column { odd: Some(Odd::Truth), ..kept(path, read) }
}

const fn version<L>(path: &'static str, read: Read<L>) -> Column<L> {
    Column { path, take: Take::Version(read), odd: Some(Odd::Number) }
}

/// The paths of a table, for [`CsvRow::COLUMNS`].
const fn paths<L, const N: usize>(table: &[Column<L>; N]) -> [&'static str; N] {
    let mut paths = [""; N];
    let mut at = 0;
    while at < N {
        paths[at] = table[at].path;
        at += 1;
    }
    paths
}

/// The columns of an empty spreadsheet that somebody fills in.
pub fn columns_to_fill(kind: ImportKind) -> Vec<String> {
    fn of<T: Importable>() -> Vec<String> {
        let is_filled = |column: &&Column<T::Line>| {
            column.is_taken() && !matches!(column.take, Take::Version(_))
        };
        T::TABLE.iter().filter(is_filled).map(|column| csv::name(column.path)).collect()
    }
    match kind {
        ImportKind::Numbers => of::<NumberDetails>(),
        ImportKind::Users => of::<User>(),
        ImportKind::Groups => of::<SkillGroup>(),
    }
}

/// A row that can be exported and imported.
pub trait Importable: CsvRow {
    /// What a line says of such a row.
    type Line: ImportLine;
    /// What it is.
    const KIND: ImportKind;
    /// Its columns.
    const TABLE: &'static [Column<Self::Line>];
    /// What only an adoption says of it: no file has these columns.
    const ADOPTED: &'static [Column<Self::Line>];
}

/// What a line of a file says of a row.
pub trait ImportLine: Clone + Default + Send + Sync + 'static {
    /// What says which row is meant.
    fn key(&self) -> &str;

    /// The key in a form that is equal for all texts that mean the same row.
    fn comparable(&self, _: CountryCode) -> String {
        self.key().to_owned()
    }

    /// The version that the row must have still.
    fn version(&self) -> Option<u64>;
}
