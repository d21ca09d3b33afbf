//! The lines that can't be imported, as a file to mend and to import again.

use super::{ERROR_COLUMN, Fault};
use crate::domain::csv;
use crate::domain::sheet::Sheet;

/// The header and the bad lines as CSV, each with what is wrong with it in a column of its own, as
/// `say` says it.
pub fn bad_lines(sheet: &Sheet, faults: &[Fault], say: impl Fn(&Fault) -> String) -> String {
    let is_error = |at: usize| sheet.header[at].eq_ignore_ascii_case(ERROR_COLUMN);
    let columns: Vec<usize> = (0..sheet.header.len()).filter(|at| !is_error(*at)).collect();
    let header = columns.iter().map(|at| sheet.header[*at].as_str());
    let mut text = csv::line_of(header.chain([ERROR_COLUMN]));
    for faults in faults.chunk_by(|one, next| one.line == next.line) {
        let Some(line) = faults.first().and_then(|fault| sheet.line(fault.line)) else { continue };
        let errors: Vec<String> = faults.iter().map(&say).collect();
        let cells = columns.iter().map(|at| line.cell(*at));
        // What has no column stays too, so that the line is refused until it is mended.
        let stray = line.cells.iter().skip(sheet.header.len());
        text += &csv::line_of(cells.chain([errors.join("; ").as_str()]).chain(stray));
    }
    text
}
