//! One page of a list: its total, where it begins, its rows.

use super::row::Row;
use super::tx::ReadTx;
use crate::domain::{Error, Page, PageRequest};
use rusqlite::ToSql;

impl ReadTx<'_> {
    /// The page of a list of `total` rows. The statement takes `params`, numbered from 1, and after
    /// them the rows of the page and the rows before it: `LIMIT ?N OFFSET ?M`.
    ///
    /// No more rows are asked for than the total says are left, so that a scan ends at the last of
    /// them, and a page past the end costs nothing.
    pub(in crate::store) fn page<T>(
        &self,
        page: PageRequest,
        total: u64,
        sql: &str,
        params: &[&dyn ToSql],
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Page<T>, Error> {
        let shown = page.within(total);
        let (limit, offset) = (shown.rows(total), shown.offset());
        if limit == 0 {
            return Ok(Page { rows: Vec::new(), shown, total });
        }
        let mut all = params.to_vec();
        all.extend([&limit as &dyn ToSql, &offset]);
        Ok(Page { rows: self.rows(sql, all.as_slice(), read)?, shown, total })
    }
}
