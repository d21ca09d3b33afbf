//! From a spreadsheet to what its lines say: every fault at once.

use super::titles::{column_of, word_of};
use super::{
    Column, Fault, ImportKind, ImportLine, ImportMode, ImportSettings, Importable, Take, Why,
};
use crate::domain::instance::CountryCode;
use crate::domain::phone_number::NumberDetails;
use crate::domain::sheet::{Format, Line, Odd, Sheet};
use crate::domain::{SkillGroup, User, csv};
use std::collections::BTreeMap;
use std::fmt;

/// The column that says what was wrong with a line, in a file of bad lines; an import takes no
/// notice of it.
pub const ERROR_COLUMN: &str = "error";

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Reading<L> {
    /// The lines that say which row they are about, in the order of the file.
    pub entries: Vec<Entry<L>>,
    /// What is wrong with cells.
    pub faults: Vec<Fault>,
    /// The columns that are imported.
    pub columns: Vec<String>,
    /// The columns that are only shown, and not imported.
    pub ignored: Vec<String>,
}

/// A line that was read.
#[derive(Clone, Debug)]
pub struct Entry<L> {
    /// The line of the file.
    pub line: u64,
    /// What it says.
    pub says: L,
    /// Where an empty cell empties its column: the columns that have one and can't be emptied.
    pub emptied: Vec<&'static str>,
    /// Whether all its cells could be read. If not, a preview tries the others, to find out what
    /// else is wrong with the line.
    pub is_sound: bool,
}

/// The columns of a file that are imported: where each is, and how its cells are read.
pub struct Layout<L: 'static> {
    columns: Vec<(usize, &'static Column<L>)>,
    settings: ImportSettings,
}

impl<L: ImportLine> Layout<L> {
    /// The layout of these columns, in this order.
    pub fn of<T: Importable<Line = L>>(
        names: &[String],
        settings: ImportSettings,
    ) -> Result<Self, String> {
        let taken = |(at, name): (usize, &String)| {
            let mut taken = T::TABLE.iter().chain(T::ADOPTED).filter(|column| column.is_taken());
            taken
                .find(|column| csv::name(column.path) == *name)
                .map(|column| (at, column))
                .ok_or_else(|| name.clone())
        };
        let columns = names.iter().enumerate().map(taken).collect::<Result<_, _>>()?;
        Ok(Self { columns, settings })
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(_, column)| csv::name(column.path)).collect()
    }

    /// What a line says, and what is wrong with it.
    pub fn read<'a>(
        &self,
        line: u64,
        cell: impl Fn(usize) -> (&'a str, Option<Odd>),
    ) -> (Entry<L>, Vec<Fault>) {
        let (says, emptied) = (L::default(), Vec::new());
        let mut entry = Entry { line, says, emptied, is_sound: true };
        let mut faults = Vec::new();
        for (at, column) in &self.columns {
            let (text, odd) = cell(*at);
            let outcome = match odd.filter(|odd| column.odd != Some(*odd)) {
                Some(odd) => Err(Why::Odd(odd)),
                None => self.read_cell(column, word_of(column.path, text), &mut entry),
            };
            let fault = |why| Fault::new(line, csv::name(column.path), text, why);
            faults.extend(outcome.err().map(fault));
        }
        (entry, faults)
    }

    fn read_cell(&self, column: &Column<L>, text: &str, entry: &mut Entry<L>) -> Result<(), Why> {
        let overwrite = self.settings.mode == ImportMode::Overwrite;
        match column.take {
            Take::Key(_) if text.is_empty() => Err(Why::Empty),
            Take::Key(read) => read(&mut entry.says, text),
            Take::Value(read) if overwrite || !text.is_empty() => read(&mut entry.says, text),
            Take::Kept(read) | Take::Version(read) if !text.is_empty() => {
                read(&mut entry.says, text)
            }
            Take::Kept(_) if overwrite => {
                entry.emptied.push(column.path);
                Ok(())
            }
            Take::Value(_) | Take::Kept(_) | Take::Version(_) | Take::Shown => Ok(()),
        }
    }
}

/// Reads a spreadsheet as rows of a kind.
///
/// # Errors
/// What is wrong with its header, so that no line can be read.
pub fn read<T: Importable>(
    sheet: &Sheet,
    settings: ImportSettings,
    country_code: CountryCode,
) -> Result<Reading<T::Line>, Vec<Fault>> {
    let (layout, ignored) = layout::<T>(sheet, settings)?;
    let columns = layout.names();
    let mut reading = Reading { entries: Vec::new(), faults: Vec::new(), columns, ignored };
    for line in &sheet.lines {
        let cell = |at| (line.cell(at), sheet.odd(line.line, at));
        let (mut entry, mut faults) = layout.read(line.line, cell);
        faults.extend(stray(line, sheet.header.len()));
        entry.is_sound = faults.is_empty();
        if !entry.says.key().is_empty() {
            reading.entries.push(entry);
        }
        reading.faults.append(&mut faults);
    }
    reading.faults.extend(repeated::<T>(&mut reading.entries, country_code));
    reading.faults.sort_by_key(|fault| fault.line);
    Ok(reading)
}

/// The faults of lines about one row. Which of them is right only their author knows, so none of
/// them is imported; the file of bad lines has all of them, and is refused too until it is mended.
fn repeated<T: Importable>(
    entries: &mut [Entry<T::Line>],
    country_code: CountryCode,
) -> Vec<Fault> {
    let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for entry in entries.iter() {
        lines.entry(entry.says.comparable(country_code)).or_default().push(entry.line);
    }
    let mut faults = Vec::new();
    for entry in entries {
        let same = lines.get(&entry.says.comparable(country_code));
        let other = same.and_then(|same| same.iter().find(|line| **line != entry.line));
        let Some(other) = other else { continue };
        entry.is_sound = false;
        let why = Why::LineAgain(*other);
        faults.push(Fault::new(entry.line, key_column::<T>(), entry.says.key(), why));
    }
    faults
}

/// A cell to the right of the header's columns.
fn stray(line: &Line, columns: usize) -> Option<Fault> {
    let cell = (columns..line.cells.len()).map(|at| line.cell(at)).find(|cell| !cell.is_empty())?;
    Some(Fault::new(line.line, String::new(), cell, Why::Beside))
}

/// The column that says which row is meant.
pub fn key_column<T: Importable>() -> String {
    let key = T::TABLE.iter().find(|column| matches!(column.take, Take::Key(_)));
    key.map(|column| csv::name(column.path)).unwrap_or_default()
}

/// The layout of a file, and the names of its columns that are not imported.
type LayoutOfFile<L> = (Layout<L>, Vec<String>);

/// The other kind that a file without this kind's key is a list of: it has that kind's key, and
/// more of its columns.
fn other_kind<T: Importable>(sheet: &Sheet) -> Option<ImportKind> {
    let (numbers, users, groups) =
        (known::<NumberDetails>(sheet), known::<User>(sheet), known::<SkillGroup>(sheet));
    let own = known::<T>(sheet);
    let others = [numbers, users, groups].into_iter();
    let best = others.filter(|other| other.has_key).max_by_key(|other| other.columns)?;
    (!own.has_key && best.columns > own.columns).then_some(best.kind)
}

/// How many columns of a header belong to a kind.
struct Known {
    kind: ImportKind,
    has_key: bool,
    columns: usize,
}

fn known<T: Importable>(sheet: &Sheet) -> Known {
    let is_there = |name: &str| sheet.header.iter().any(|other| column_of(other) == name);
    let names = T::TABLE.iter().map(|column| csv::name(column.path));
    Known {
        kind: T::KIND,
        has_key: is_there(&key_column::<T>()),
        columns: names.filter(|name| is_there(name)).count(),
    }
}

/// The layout of a file, and the names of its columns that are not imported.
fn layout<T: Importable>(
    sheet: &Sheet,
    settings: ImportSettings,
) -> Result<LayoutOfFile<T::Line>, Vec<Fault>> {
    if let Some(kind) = other_kind::<T>(sheet) {
        let why = Why::OtherKind(kind.to_string(), T::KIND.to_string());
        return Err(vec![Fault::new(sheet.header_line, String::new(), "", why)]);
    }
    let (mut columns, mut ignored, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let mut fault = |column: &str, why| {
        faults.push(Fault::new(sheet.header_line, column.to_owned(), "", why));
    };
    for (at, name) in sheet.header.iter().enumerate() {
        let known = column_of(name);
        if sheet.header[..at].iter().any(|other| column_of(other) == known) {
            fault(name, Why::ColumnAgain);
        } else if let Some(odd) = sheet.odd(sheet.header_line, at) {
            fault(name, Why::Odd(odd));
        } else if name.is_empty() {
            fault(name, Why::ColumnUnnamed(at + 1));
        }
        match T::TABLE.iter().find(|column| csv::name(column.path) == known) {
            Some(column) if column.is_taken() => columns.push((at, column)),
            Some(_) => ignored.push(known),
            None if known == ERROR_COLUMN => ignored.push(known),
            None if known.is_empty() => {}
            None => {
                fault(name, Why::ColumnUnknown(T::KIND.to_string(), csv::names::<T>()));
            }
        }
    }
    if !columns.iter().any(|(_, column)| matches!(column.take, Take::Key(_))) {
        fault(&key_column::<T>(), Why::ColumnMissing);
    }
    if faults.is_empty() { Ok((Layout { columns, settings }, ignored)) } else { Err(faults) }
}

/// The lines that can't be imported, as a file to mend and to import again: the header and these
/// lines as CSV, each with what is wrong with it in a column of its own, as `say` says it.
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

/// What is wrong with a header.
#[derive(Clone, Debug)]
pub struct WrongHeader {
    /// The line that was taken for it.
    pub line: u64,
    /// How the file was read.
    pub format: Format,
    /// The faults, each with its columns.
    pub faults: Vec<(Why, Vec<String>)>,
}

impl WrongHeader {
    /// What these faults say of the header of a file.
    pub fn new(sheet: &Sheet, faults: Vec<Fault>) -> Self {
        // Columns with the same fault are named together.
        let mut said: Vec<(Why, Vec<String>)> = Vec::new();
        for Fault { why, column, .. } in faults {
            let Some(why) = why else { continue };
            match said.iter_mut().find(|(same, _)| *same == why) {
                Some((_, columns)) => columns.push(column),
                None => said.push((why, vec![column])),
            }
        }
        Self { line: sheet.header_line, format: sheet.format, faults: said }
    }
}

impl fmt::Display for WrongHeader {
    /// A sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = |(why, columns): &(Why, Vec<String>)| match columns.join(", ") {
            columns if columns.is_empty() => why.to_string(),
            columns => format!("{columns}: {why}"),
        };
        let faults: Vec<String> = self.faults.iter().map(sentence).collect();
        let Self { line, format, .. } = self;
        write!(f, "Line {line} ({format}) is not the header of such a list: {}", faults.join("; "))
    }
}
