//! The preview of a file: what it would do, shown to people and kept until it is applied.

use super::{Duplicates, Fault, ImportAct, ImportItem, ImportKind, ImportMode, PlannedLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many lines and faults a stored preview shows at most. Lines with further faults are still in
/// the file of bad lines.
const LINES: usize = 1000;
const FAULTS: usize = 10_000;

/// What a file would do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// What is in the file.
    pub what: ImportKind,
    /// What an empty cell means.
    pub mode: ImportMode,
    /// What is done with what is there already.
    pub duplicates: Duplicates,
    /// How the file was read: `XLSX`, or `CSV` with its encoding and what is between its cells.
    pub format: String,
    /// The columns that are imported.
    pub columns: Vec<String>,
    /// The columns that are only shown, and not imported.
    pub ignored: Vec<String>,
    /// Equal for the same file with the same effect; it is sent back to have the preview applied.
    pub plan: String,
    /// How many lines are about something new.
    pub new: usize,
    /// How many lines change something.
    pub changed: usize,
    /// How many lines say what is there already.
    pub same: usize,
    /// How many lines are skipped, because what they are about is there already.
    pub skipped: usize,
    /// How many lines can't be imported.
    pub refused: usize,
    /// How many faults there are.
    pub fault_count: usize,
    /// What the lines do that can be imported.
    pub lines: Vec<PlannedLine>,
    /// What is wrong with the others, by line.
    pub faults: Vec<Fault>,
}

impl Preview {
    /// The preview as it is kept: the first 1,000 lines that change anything, the first 10,000
    /// faults.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.lines.retain(|line| line.outcome.is_change());
        self.lines.truncate(LINES);
        self.faults.truncate(FAULTS);
        self
    }
}

/// The steps that carry out a plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Steps {
    /// What is done with each line.
    pub act: ImportAct,
    /// The lines that change anything.
    pub items: Vec<ImportItem>,
    /// What the other lines are about, with the version of each that the preview has found.
    pub others: Vec<(String, Option<u64>)>,
}
