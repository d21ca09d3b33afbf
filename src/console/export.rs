//! A list as a file: exactly what the filter shows, for spreadsheets.

use super::filter::NumbersFilter;
use super::page::Visit;
use super::reply::Failure;
use crate::domain::{PageRequest, Paging};
use crate::http::Answer;
use crate::store::ReadTx;
use crate::store::phone_numbers;

/// The most rows of a file.
const MOST: u64 = 200_000;

/// Answers `GET numbers.csv`.
pub(super) fn numbers(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: NumbersFilter = visit.query()?;
    let page = PageRequest { number: 1, size: MOST, paging: Paging::Clamp };
    let instance_id = visit.instance_id();
    let found = phone_numbers::search(tx, instance_id, &filter.query(&visit.chrome)?, page)?;
    // Spreadsheets take UTF-8 for what it is only behind a byte order mark.
    let mut text =
        String::from("\u{feff}number,state,holder,holder_id,city,province,usage,active,note\r\n");
    for row in found.rows {
        let held = &row.holders;
        let names: Vec<&str> = held.iter().map(|holder| holder.display_name.as_str()).collect();
        let ids: Vec<&str> = held.iter().map(|holder| holder.id.as_str()).collect();
        let active = if row.active { "true" } else { "false" };
        let usage = row.usage.to_string();
        let cells = [
            &row.number,
            row.state.name(),
            &names.join("; "),
            &ids.join("; "),
            &row.city,
            &row.province,
            &usage,
            active,
            &row.note,
        ];
        text.push_str(&cells.map(cell).join(","));
        text.push_str("\r\n");
    }
    let name = format!("attachment; filename=\"numbers-{instance_id}.csv\"");
    let file = Answer::new(200, "text/csv; charset=utf-8", text.into_bytes());
    Ok(file.with("content-disposition", name))
}

/// A cell that no spreadsheet takes for a formula or a number.
fn cell(text: &str) -> String {
    let dangerous = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if dangerous { format!("'{text}") } else { text.to_owned() };
    if dangerous || safe.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}
