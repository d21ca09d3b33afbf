//! A list as a workbook. Every cell is text and is formatted as text, so that a spreadsheet program
//! keeps leading zeros and `+`, in what people enter later, too.

use crate::domain::csv;
use crate::domain::{Error, Unavailable};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::io::{Seek, Write};
use std::path::Path;

/// A workbook that is being written, row by row; the rows are kept in a file.
pub struct WorkbookWriter {
    book: Workbook,
    text: Format,
    row: u32,
}

impl WorkbookWriter {
    /// A workbook with these columns. What it needs while it is written is kept in this directory.
    pub fn new(directory: &Path, columns: &[String]) -> Result<Self, Error> {
        let mut book = Workbook::new();
        book.set_tempdir(directory).map_err(failed)?;
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        let text = Format::new().set_num_format("@");
        let last = columns.len().saturating_sub(1) as u16;
        sheet.set_column_range_format(0, last, &text).map_err(failed)?;
        let mut writer = Self { book, text, row: 0 };
        writer.cells(columns)?;
        Ok(writer)
    }

    /// Adds a row.
    pub fn push(&mut self, cells: &[String]) -> Result<(), Error> {
        let guarded: Vec<String> = cells.iter().map(|cell| csv::workbook_cell(cell)).collect();
        self.cells(&guarded)
    }

    fn cells(&mut self, cells: &[String]) -> Result<(), Error> {
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet
                .write_string_with_format(self.row, column as u16, cell, &self.text)
                .map_err(failed)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the file.
    pub fn finish(mut self, file: impl Write + Seek + Send) -> Result<(), Error> {
        self.book.save_to_writer(file).map_err(failed)
    }
}

fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(_) | XlsxError::ZipError(_) => Error::Unavailable(Unavailable::DiskFull),
        error => Error::Internal(format!("a workbook can't be written: {error}")),
    }
}
