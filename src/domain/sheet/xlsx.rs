//! A workbook: its one sheet with anything in it.

use super::{Format, LARGEST, MOST_COLUMNS, MOST_LINES, Odd, Sheet, Unreadable};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::StringRecord;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most bytes that the parts of a workbook may unpack to.
pub(super) const MOST_UNPACKED: u64 = 10 * LARGEST as u64;

/// The most bytes of sheets that are read.
const MOST_READ: u64 = 5 * MOST_UNPACKED;

/// The most parts.
pub(super) const MOST_PARTS: usize = 1000;

/// The most cells that were merged with others.
pub(super) const MOST_MERGED: usize = 100_000;

/// A row of a sheet in which there is anything.
struct Row {
    /// Counted from 1.
    line: u64,
    cells: StringRecord,
    odd: Vec<(usize, Odd)>,
}

/// Reads a workbook. What its reader can't cope with, such as a row number of more than 32 bits,
/// must not end the program.
pub(super) fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    std::panic::catch_unwind(|| read_bounded(bytes))
        .unwrap_or_else(|_| Err(not_read("its cells can't be placed")))
}

fn read_bounded(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let largest = require_bounded(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let visible = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    let names: Vec<String> =
        book.sheets_metadata().iter().filter(visible).map(|s| s.name.clone()).collect();
    // Several sheets may share one part, which is then read once for each.
    if largest.saturating_mul(names.len() as u64) > MOST_READ {
        return Err(Unreadable::TooManySheets(names.len()));
    }
    let mut filled = Vec::new();
    for name in names {
        let found = rows(&mut book, &name)?;
        if !found.is_empty() {
            filled.push((name, found));
        }
    }
    if filled.len() > 1 {
        return Err(Unreadable::SeveralSheets(filled.into_iter().map(|(name, _)| name).collect()));
    }
    let mut sheet = Sheet::new(Format::Xlsx);
    for (name, found) in filled {
        let merged = book.merge_cells_by_sheet_name(&name).map_err(broken)?;
        for Row { line, cells, odd } in found {
            sheet.push(line, cells)?;
            sheet.odd.extend(odd.into_iter().map(|(at, odd)| ((line, at), odd)));
        }
        let mut left = MOST_MERGED;
        for part in merged {
            // What is merged with what lies outside of the table is beside the point.
            let (rows, columns) = (
                part.start.0..=part.end.0.min(MOST_LINES as u32 + 1),
                part.start.1..=part.end.1.min(MOST_COLUMNS as u32),
            );
            for row in rows {
                let line = u64::from(row) + 1;
                let marks = columns.clone().map(|at| ((line, at as usize), Odd::Merged));
                let marks: Vec<_> = marks.collect();
                left = left.checked_sub(marks.len()).ok_or(Unreadable::TooManyMerged)?;
                sheet.odd.extend(marks);
            }
        }
    }
    Ok(sheet)
}

/// The rows of a sheet.
fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Row>, Unreadable> {
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let (mut rows, mut cells, mut last) = (Vec::new(), Vec::new(), 0);
    while let Some(cell) = reader.next_cell_with_formula().map_err(broken)? {
        let (row, column) = (cell.pos.0, cell.pos.1 as usize);
        let is_formula = cell.formula.is_some();
        if !is_formula && matches!(cell.value, DataRef::Empty) {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns(u64::from(row) + 1));
        }
        if row < last {
            return Err(Unreadable::Unordered);
        }
        if row > last {
            end_row(&mut rows, last, &mut cells)?;
            last = row;
        }
        if cells.len() <= column {
            cells.resize(column + 1, (String::new(), None));
        }
        let (text, odd) = read_cell(&cell.value);
        cells[column] = (text, if is_formula { Some(Odd::Formula) } else { odd });
    }
    end_row(&mut rows, last, &mut cells)?;
    Ok(rows)
}

fn end_row(
    rows: &mut Vec<Row>,
    row: u32,
    cells: &mut Vec<(String, Option<Odd>)>,
) -> Result<(), Unreadable> {
    if rows.len() > MOST_LINES {
        return Err(Unreadable::TooManyLines);
    }
    if cells.is_empty() {
        return Ok(());
    }
    let odd = cells.iter().enumerate().filter_map(|(at, (_, odd))| Some((at, (*odd)?)));
    let odd = odd.collect();
    let record = cells.iter().map(|(text, _)| text.as_str()).collect();
    rows.push(Row { line: u64::from(row) + 1, cells: record, odd });
    cells.clear();
    Ok(())
}

/// The text of a cell, and whether it is more than text.
fn read_cell(value: &DataRef<'_>) -> (String, Option<Odd>) {
    let guarded = |text: &str| crate::domain::csv::unguarded(text).to_owned();
    match value {
        DataRef::String(text) => (guarded(text), None),
        DataRef::SharedString(text) => (guarded(text), None),
        DataRef::Empty => (String::new(), None),
        DataRef::Int(number) => (number.to_string(), Some(Odd::Number)),
        DataRef::Float(number) => (number.to_string(), Some(Odd::Number)),
        DataRef::Bool(truth) => (truth.to_string(), Some(Odd::Truth)),
        DataRef::DateTime(date) => (date.to_string(), Some(Odd::Date)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.clone(), Some(Odd::Date)),
        DataRef::Error(error) => (error.to_string(), Some(Odd::Error)),
    }
}

fn broken(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Password,
        XlsxError::FileNotFound(part) => not_read(&format!("its part {part} is missing")),
        XlsxError::WorksheetNotFound(sheet) => not_read(&format!("its sheet {sheet} is missing")),
        XlsxError::RelationshipNotFound => not_read("a part of it is missing"),
        XlsxError::Io(_) | XlsxError::Zip(_) => not_read("it is damaged or was cut short"),
        _ => not_read("a part of it is not as XLSX has it"),
    }
}

/// The words of the library would help nobody.
fn not_read(why: &str) -> Unreadable {
    Unreadable::NotXlsx(why.to_owned())
}

/// Checks that what the file unpacks to is bounded, and returns the size of its largest part. What
/// its directory says of that is only a claim.
fn require_bounded(bytes: &[u8]) -> Result<u64, Unreadable> {
    let damaged = || not_read("it is damaged or was cut short");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::TooMuch);
    }
    let (mut left, mut largest) = (MOST_UNPACKED, 0);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| damaged())?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let size = size.map_err(|_| damaged())?;
        left = left.checked_sub(size).ok_or(Unreadable::TooMuch)?;
        largest = largest.max(size);
    }
    Ok(largest)
}
