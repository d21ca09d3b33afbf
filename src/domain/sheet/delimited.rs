//! Text with separators, RFC 4180 and what people's programs make of it.
//!
//! # Lines
//! The line of a record is counted from the bytes: the reader's own position is one too small in a
//! file whose lines end with CR LF. A cell may hold line breaks; each is a line of the file.

use super::{Encoding, Format, MOST_COLUMNS, Sheet, Unreadable, encoding};
use crate::domain::word::words;
use csv::{ReaderBuilder, StringRecord};

words! {
    /// What stands between two cells.
    Delimiter {
        /// `,`
        Comma = "commas",
        /// `;`
        Semicolon = "semicolons",
        /// The tab character.
        Tab = "tabs",
    }
}

impl Delimiter {
    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The one that a header uses most, outside of quotes; a comma where there is none.
    fn of(header: &str) -> Self {
        let mut quoted = false;
        let mut counts = [0; Self::ALL.len()];
        for byte in header.bytes() {
            quoted ^= byte == b'"';
            let found = Self::ALL.iter().position(|one| one.byte() == byte && !quoted);
            found.into_iter().for_each(|at| counts[at] += 1);
        }
        let most = counts.iter().max().copied().unwrap_or_default();
        let first = counts.iter().position(|count| *count == most).unwrap_or_default();
        Self::ALL[first]
    }
}

/// Reads a text.
pub(super) fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let (encoding, text) = encoding::decode(bytes)?;
    if let Some((hint, rest)) = hinted(&text) {
        return read_text(rest, 1, encoding, hint);
    }
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    read_text(&text, 0, encoding, Delimiter::of(header))
}

/// What Excel's first line `sep=;` says, and the text behind that line.
fn hinted(text: &str) -> Option<(Delimiter, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let hint = first.trim_end_matches('\r').strip_prefix("sep=")?;
    let named = |one: &&Delimiter| hint.as_bytes() == [one.byte()];
    Some((*Delimiter::ALL.iter().find(named)?, rest))
}

fn read_text(
    text: &str,
    skipped: u64,
    encoding: Encoding,
    delimiter: Delimiter,
) -> Result<Sheet, Unreadable> {
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 + skipped };
    // The reader would make a list of a million cells before anybody could look at it.
    let mut start = 0;
    for part in text.split(['\n', '\r']) {
        if part.bytes().filter(|byte| *byte == delimiter.byte()).count() > 100 * MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns(lines.of(start)));
        }
        start += part.len() + 1;
    }
    let mut sheet = Sheet::new(Format::Csv(encoding, delimiter));
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter.byte())
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut record, mut start) = (StringRecord::new(), 0);
    loop {
        let more = reader.read_record(&mut record);
        let more = more.map_err(|error| Unreadable::NotCsv(error.to_string()))?;
        if !more {
            return Ok(sheet);
        }
        let end = reader.position().byte() as usize;
        start += leading_breaks(&text.as_bytes()[start..end]);
        let line = lines.of(start);
        require_strict(&text[start..end], &record, delimiter, line)?;
        sheet.push(line, unguarded(&record))?;
        start = end;
    }
}

fn leading_breaks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

/// The lines of a file, counted as far as the last place that was asked about.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a place behind the last one.
    fn of(&mut self, place: usize) -> u64 {
        let part = &self.text[self.at..place];
        let breaks = part.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            // Alone it ends a line as well; before a line feed it belongs to that.
            b'\r' => self.text.get(self.at + at + 1) != Some(&b'\n'),
            _ => false,
        });
        self.line += breaks.count() as u64;
        self.at = place;
        self.line
    }
}

/// Checks that the cells, written again, are the bytes they were read from: the reader takes a
/// quote that nobody closes, and what stands behind a closed one, as it likes.
fn require_strict(
    raw: &str,
    record: &StringRecord,
    delimiter: Delimiter,
    line: u64,
) -> Result<(), Unreadable> {
    if !raw.contains('"') {
        return Ok(());
    }
    let wrong = || Unreadable::Quotes(line);
    let mut rest = raw;
    for (at, cell) in record.iter().enumerate() {
        if at > 0 {
            rest = rest.strip_prefix(char::from(delimiter.byte())).ok_or_else(wrong)?;
        }
        let written = match rest.starts_with('"') {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.to_owned(),
        };
        rest = rest.strip_prefix(written.as_str()).ok_or_else(wrong)?;
    }
    if leading_breaks(rest.as_bytes()) == rest.len() { Ok(()) } else { Err(wrong()) }
}

/// The cells without the apostrophe that keeps spreadsheets from taking them for formulas.
fn unguarded(record: &StringRecord) -> StringRecord {
    record.iter().map(crate::domain::csv::unguarded).collect()
}
