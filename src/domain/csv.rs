//! Rows of lists as lines for spreadsheets: RFC 4180, with cells that no spreadsheet takes for a
//! formula. What is written here is read again by [`unguarded`] and [`entries`].

use serde::Serialize;
use serde_json::Value;

/// A row of a list, with its columns.
pub trait CsvRow: Serialize {
    /// The members of its JSON, in the order of the columns. `holders.id` is the member of each
    /// entry of a list, which stand in one cell with semicolons between them.
    const COLUMNS: &'static [&'static str];
}

/// The line with the names of the columns.
pub fn header<T: CsvRow>() -> String {
    names::<T>().join(",") + "\r\n"
}

/// The names of the columns.
pub fn names<T: CsvRow>() -> Vec<String> {
    T::COLUMNS.iter().map(|path| name(path)).collect()
}

/// The name of the column that shows what is at a path.
pub fn name(path: &str) -> String {
    path.replace('.', "_")
}

/// The texts of a row's cells, in the order of the columns.
pub fn cells<T: CsvRow>(row: &T) -> Result<Vec<String>, serde_json::Error> {
    let row = serde_json::to_value(row)?;
    Ok(T::COLUMNS.iter().map(|path| text(&row, path)).collect())
}

/// The line of a row.
pub fn line<T: CsvRow>(row: &T) -> Result<String, serde_json::Error> {
    Ok(line_of(cells(row)?.iter().map(String::as_str)))
}

/// The line of these cells.
pub fn line_of<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    cells.map(cell).collect::<Vec<String>>().join(",") + "\r\n"
}

/// A list in one cell, as [`entries`] reads it.
pub fn list(entries: impl Iterator<Item = String>) -> String {
    entries.map(|entry| entry_text(&entry)).collect::<Vec<_>>().join("; ")
}

fn text(value: &Value, path: &str) -> String {
    if let Value::Array(entries) = value {
        return list(entries.iter().map(|entry| text(entry, path)));
    }
    if path.is_empty() {
        return match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
    }
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    value.get(name).map(|value| text(value, rest)).unwrap_or_default()
}

/// An entry of a list: what would end it, and white space at its ends, gets a `\` before it.
fn entry_text(entry: &str) -> String {
    let ends = entry.len() - entry.trim_end().len();
    let body = entry.len() - ends;
    let blank = |at: usize, c: char| c.is_whitespace() && (at == 0 || at >= body);
    entry.char_indices().fold(String::with_capacity(entry.len()), |mut written, (at, c)| {
        if matches!(c, ';' | '\\') || blank(at, c) {
            written.push('\\');
        }
        written.push(c);
        written
    })
}

/// The entries of a list that is in one cell, as [`line()`] writes them; empty ones are left out.
pub fn entries(cell: &str) -> Vec<String> {
    let (mut found, mut entry, mut kept) = (Vec::new(), String::new(), 0);
    let mut characters = cell.chars();
    let mut end = |entry: &mut String, kept: usize| {
        let whole = entry.trim_end().len().max(kept);
        entry.truncate(whole);
        if !entry.is_empty() {
            found.push(std::mem::take(entry));
        }
    };
    while let Some(c) = characters.next() {
        match c {
            ';' => {
                end(&mut entry, kept);
                kept = 0;
            }
            '\\' => {
                entry.push(characters.next().unwrap_or(c));
                kept = entry.len();
            }
            c if entry.is_empty() && c.is_whitespace() => {}
            c => entry.push(c),
        }
    }
    end(&mut entry, kept);
    found
}

/// A cell that begins like this is taken for a formula; in East Asia the full-width signs are, too.
const DANGEROUS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether an apostrophe before this text would be taken for a guard.
fn is_guardable(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(DANGEROUS)
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe
/// before it, and so does one with such an apostrophe of its own.
pub fn cell(text: &str) -> String {
    if is_guardable(text) {
        return format!("\"'{}\"", text.replace('"', "\"\""));
    }
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

/// A text for the cell of a workbook, which is no formula anyway.
pub fn workbook_cell(text: &str) -> String {
    if text.starts_with('\'') && is_guardable(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell, without the apostrophe that guards it.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_guardable(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::{CsvRow, cell, entries, entry_text, header, line, unguarded, workbook_cell};
    use serde::Serialize;

    #[derive(Serialize)]
    struct Row {
        number: &'static str,
        holders: Vec<serde_json::Value>,
        tags: Vec<&'static str>,
        flow: Option<&'static str>,
    }

    impl CsvRow for Row {
        const COLUMNS: &'static [&'static str] =
            &["number", "holders.id", "holders", "tags", "flow"];
    }

    #[test]
    fn a_row_is_a_line_whatever_its_cells_hold() {
        let row = |number, tags| Row {
            number,
            holders: vec![serde_json::json!({ "id": "lina" }), serde_json::json!({ "id": "li" })],
            tags,
            flow: None,
        };
        assert_eq!(header::<Row>(), "number,holders_id,holders,tags,flow\r\n");
        assert_eq!(
            line(&row("0833", vec!["a, b", "say \"hi\""])).unwrap(),
            "0833,lina; li,\"{\"\"id\"\":\"\"lina\"\"}; {\"\"id\"\":\"\"li\"\"}\",\"a, b; say \"\"hi\"\"\",\r\n"
        );
        for formula in ["=1+1", "+48", "-1", "@A1", "\tx", "\n=1", "＝1", "＋48", "－1", "＠A1"]
        {
            let line = line(&row(formula, vec![])).unwrap();
            assert!(line.starts_with(&format!("\"'{formula}\",")), "{line}");
        }
    }

    #[test]
    fn what_is_written_into_a_cell_is_read_from_it() {
        for text in ["0833", "+48", "'+48", "''=1", "'＝1", "'tis", "", "-", "'", "''"] {
            assert_eq!(unguarded(cell(text).trim_matches('"')), text);
            assert_eq!(unguarded(&workbook_cell(text)), text);
        }
        for list in [&["a", "b c"][..], &["a; b", "\\", "c\\;"], &[" a ", "\u{3000}"], &[]] {
            let cell = list.iter().map(|entry| entry_text(entry)).collect::<Vec<_>>().join("; ");
            assert_eq!(entries(&cell), list, "{cell}");
        }
        assert_eq!(entries("VIP;old ;; \u{3000}new"), ["VIP", "old", "new"]);
    }
}
