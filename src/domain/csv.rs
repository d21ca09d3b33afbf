//! Rows of lists as lines for spreadsheets: RFC 4180, with cells that no spreadsheet takes for a
//! formula.

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
    let names: Vec<String> = T::COLUMNS.iter().map(|path| path.replace('.', "_")).collect();
    names.join(",") + "\r\n"
}

/// The line of a row.
///
/// # Errors
/// The row can't be written as JSON.
pub fn line<T: CsvRow>(row: &T) -> Result<String, serde_json::Error> {
    let row = serde_json::to_value(row)?;
    let cells: Vec<String> = T::COLUMNS.iter().map(|path| cell(&text(&row, path))).collect();
    Ok(cells.join(",") + "\r\n")
}

/// The text of what is at a path.
fn text(value: &Value, path: &str) -> String {
    if let Value::Array(entries) = value {
        return entries.iter().map(|entry| text(entry, path)).collect::<Vec<_>>().join("; ");
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

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe
/// before it.
fn cell(text: &str) -> String {
    let dangerous = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if dangerous {
        return format!("\"'{}\"", text.replace('"', "\"\""));
    }
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{CsvRow, header, line};
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
        for formula in ["=1+1", "+48", "-1", "@A1", "\tx"] {
            let line = line(&row(formula, vec![])).unwrap();
            assert!(line.starts_with(&format!("\"'{formula}\",")), "{line}");
        }
    }
}
