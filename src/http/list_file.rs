//! A list as a file for spreadsheets, CSV or XLSX.

use super::Download;
use crate::domain::csv::{self, CsvRow};
use crate::domain::sheet::{FileFormat, WorkbookWriter};
use crate::domain::{Error, Page, PageRequest, Paging};
use std::path::{Path, PathBuf};

/// A list that becomes a file, a few rows at a time.
pub struct ListFile {
    format: FileFormat,
    directory: PathBuf,
    text: Download,
    book: Option<WorkbookWriter>,
    begun: bool,
}

impl ListFile {
    /// How many rows of a list are read at once.
    pub const AT_ONCE: u64 = 10_000;

    /// An empty file; what is long is kept in this directory.
    pub fn new(format: FileFormat, directory: &Path) -> Self {
        let text = Download::in_directory(directory);
        Self { format, directory: directory.to_owned(), text, book: None, begun: false }
    }

    /// Begins the file with a byte order mark, by which spreadsheets recognize UTF-8.
    pub fn marked(mut self) -> Result<Self, Error> {
        if self.format == FileFormat::Csv {
            self.text.push("\u{feff}")?;
        }
        Ok(self)
    }

    /// Adds rows; the first time, the names of the columns come first.
    pub fn push<T: CsvRow>(&mut self, rows: &[T]) -> Result<(), Error> {
        if !std::mem::replace(&mut self.begun, true) {
            match self.format {
                FileFormat::Csv => self.text.push(&csv::header::<T>())?,
                FileFormat::Xlsx => self.book = Some(WorkbookWriter::new::<T>(&self.directory)?),
            }
        }
        for row in rows {
            match &mut self.book {
                Some(book) => book.push(row)?,
                None => {
                    let line =
                        csv::line(row).map_err(|error| Error::Internal(error.to_string()))?;
                    self.text.push(&line)?;
                }
            }
        }
        Ok(())
    }

    /// Adds all rows of a list, page by page, and says how many they are.
    pub fn push_all<T: CsvRow, E: From<Error>>(
        &mut self,
        list: impl Fn(PageRequest) -> Result<Page<T>, E>,
    ) -> Result<u64, E> {
        let mut asked = PageRequest { number: 1, size: Self::AT_ONCE, paging: Paging::Clamp };
        loop {
            let page = list(asked)?;
            self.push(&page.rows)?;
            if asked.number * asked.size >= page.total {
                return Ok(page.total);
            }
            asked.number += 1;
        }
    }

    /// The whole file.
    pub fn finish(self) -> Result<Download, Error> {
        match self.book {
            Some(book) => Download::written(&self.directory, |file| book.finish(file)),
            None => Ok(self.text),
        }
    }
}
