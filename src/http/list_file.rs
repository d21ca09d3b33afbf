//! A list as a file for spreadsheets, CSV or XLSX.

use super::Download;
use crate::domain::csv::{self, CsvRow};
use crate::domain::import::titles::{title_in_chinese, word_in_chinese};
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
    in_chinese: bool,
}

impl ListFile {
    /// How many rows of a list are read at once.
    pub const AT_ONCE: u64 = 10_000;

    /// An empty file; what is long is kept in this directory.
    pub fn new(format: FileFormat, directory: &Path) -> Self {
        let text = Download::in_directory(directory);
        let directory = directory.to_owned();
        Self { format, directory, text, book: None, begun: false, in_chinese: false }
    }

    /// Begins the file with a byte order mark, by which spreadsheets recognize UTF-8.
    pub fn marked(mut self) -> Result<Self, Error> {
        if self.format == FileFormat::Csv {
            self.text.push("\u{feff}")?;
        }
        Ok(self)
    }

    /// Calls the columns, and what is a word in them, as the console does in Chinese.
    #[must_use]
    pub fn in_chinese(self, in_chinese: bool) -> Self {
        Self { in_chinese, ..self }
    }

    /// Adds rows; the first time, the names of the columns come first.
    pub fn push<T: CsvRow>(&mut self, rows: &[T]) -> Result<(), Error> {
        if !std::mem::replace(&mut self.begun, true) {
            let mut names = csv::names::<T>();
            if self.in_chinese {
                names = names.iter().map(|name| title_in_chinese(name).to_owned()).collect();
            }
            match self.format {
                FileFormat::Csv => {
                    self.text.push(&csv::line_of(names.iter().map(String::as_str)))?
                }
                FileFormat::Xlsx => self.book = Some(WorkbookWriter::new(&self.directory, &names)?),
            }
        }
        for row in rows {
            let mut cells = csv::cells(row).map_err(|error| Error::Internal(error.to_string()))?;
            if self.in_chinese {
                for (cell, path) in cells.iter_mut().zip(T::COLUMNS) {
                    *cell = word_in_chinese(&csv::name(path), cell).to_owned();
                }
            }
            match &mut self.book {
                Some(book) => book.push(&cells)?,
                None => self.text.push(&csv::line_of(cells.iter().map(String::as_str)))?,
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
