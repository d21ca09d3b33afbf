//! A list as a file: exactly what the filter shows, for spreadsheets.

use super::filter::NumbersFilter;
use super::page::Visit;
use super::reply::Failure;
use crate::domain::csv;
use crate::domain::phone_number::NumberDetails;
use crate::domain::{Error, PageRequest, Paging};
use crate::http::{Answer, Download};
use crate::store::ReadTx;
use crate::store::phone_numbers;

/// How many rows are read at once.
const AT_ONCE: u64 = 10_000;

/// Answers `GET numbers.csv`.
pub(super) fn numbers(visit: &Visit<'_>) -> Result<Answer, Failure> {
    visit.face.store.read_whole(&visit.person.caller.login_name, |tx| written(tx, visit))
}

fn written(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: NumbersFilter = visit.query()?;
    let (query, instance_id) = (filter.query(&visit.chrome)?, visit.instance_id());
    let mut body = Download::in_directory(tx.directory());
    // Spreadsheets take UTF-8 for what it is only behind a byte order mark.
    body.push("\u{feff}")?;
    body.push(&csv::header::<NumberDetails>())?;
    let mut page = PageRequest { number: 1, size: AT_ONCE, paging: Paging::Clamp };
    loop {
        let found = phone_numbers::search(tx, instance_id, &query, page)?;
        for row in &found.rows {
            let line = csv::line(row).map_err(|error| Error::Internal(error.to_string()))?;
            body.push(&line)?;
        }
        if page.number * AT_ONCE >= found.total {
            break;
        }
        page.number += 1;
    }
    let name = format!("numbers-{instance_id}.csv");
    Ok(Answer::download("text/csv; charset=utf-8", &name, body)?)
}
