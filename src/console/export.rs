//! A list as a file: exactly what the filter shows, for spreadsheets.

use super::filter::NumbersFilter;
use super::page::Visit;
use super::reply::Failure;
use crate::domain::sheet::FileFormat;
use crate::http::{Answer, ListFile};
use crate::store::phone_numbers;

/// Answers `GET numbers.csv` and `GET numbers.xlsx`.
pub(super) fn numbers(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: NumbersFilter = visit.query()?;
    let (query, instance_id) = (filter.query(&visit.chrome)?, visit.instance_id());
    let format =
        FileFormat::behind(&visit.request.path).map_or(FileFormat::Csv, |(_, format)| format);
    let body = visit.face.store.read_whole(&visit.person.caller.login_name, |tx| {
        let mut file = ListFile::new(format, tx.directory()).marked()?;
        file.push_all(|page| phone_numbers::search(tx, instance_id, &query, page))?;
        file.finish()
    })?;
    Ok(Answer::download(format, &format!("numbers-{instance_id}"), body)?)
}
