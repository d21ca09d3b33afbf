//! The two kinds of transaction, and the few ways in which a statement is run.

use super::error::{about, from_sqlite};
use super::row::{Columns, Row};
use crate::domain::{Clock, Error, Page, PageRequest, Timestamp, Unavailable};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Params, ToSql};
use std::any::Any;
use std::cell::Cell;
use std::ops::Deref;
use std::path::Path;

/// A transaction that reads; its statements are prepared once and kept.
pub struct ReadTx<'c> {
    connection: &'c Connection,
    now: Timestamp,
    expiry_now: Timestamp,
    beside: Option<&'c Beside>,
}

/// What is kept in memory beside the database, such as an index.
pub(super) type Beside = dyn Any + Send + Sync;

impl<'c> ReadTx<'c> {
    pub(super) fn new(connection: &'c Connection, clock: Clock) -> Self {
        Self { connection, now: clock.now(), expiry_now: clock.expiry_now(), beside: None }
    }

    pub(super) fn with(self, beside: Option<&'c Beside>) -> Self {
        Self { beside, ..self }
    }

    /// This transaction with nothing beside it.
    #[cfg(test)]
    pub(in crate::store) fn alone(&self) -> Self {
        Self { beside: None, ..*self }
    }

    /// The database's file.
    pub(in crate::store) fn file(&self) -> Option<&Path> {
        self.connection.path().map(Path::new)
    }

    /// The directory of the database: the only one that the program may write in.
    pub fn directory(&self) -> &Path {
        self.file().and_then(Path::parent).unwrap_or(Path::new("."))
    }

    /// What is kept in memory beside the database, if anything is. A transaction that writes has
    /// nothing beside it: what it sees is not committed.
    pub(in crate::store) fn beside<T: Any>(&self) -> Option<&'c T> {
        self.beside?.downcast_ref()
    }

    /// The connection, for code that looks at the whole file.
    pub(super) fn connection(&self) -> &Connection {
        self.connection
    }

    /// The moment of the transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The moment that what expires is compared with: see [`Clock::expiry_now`].
    pub fn expiry_now(&self) -> Timestamp {
        self.expiry_now
    }

    pub(in crate::store) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(from_sqlite)?;
        let columns = Columns::default();
        let rows = statement.query_map(params, |row| read(&Row::new(row, &columns)));
        rows.and_then(Iterator::collect).map_err(from_sqlite)
    }

    /// Reads row by row, until `read` says that it has enough.
    pub(in crate::store) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(from_sqlite)?;
        let mut rows = statement.query(params).map_err(from_sqlite)?;
        let columns = Columns::default();
        while let Some(row) = rows.next().map_err(from_sqlite)? {
            if !read(&Row::new(row, &columns)).map_err(from_sqlite)? {
                break;
            }
        }
        Ok(())
    }

    pub(in crate::store) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(from_sqlite)?;
        let columns = Columns::default();
        let found = statement.query_row(params, |row| read(&Row::new(row, &columns)));
        found.optional().map_err(from_sqlite)
    }

    /// The first column of every row.
    pub(in crate::store) fn column<T: FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Vec<T>, Error> {
        self.rows(sql, params, |row| row.get(0))
    }

    /// The first column of the first row.
    pub(in crate::store) fn value<T: FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<T>, Error> {
        self.row(sql, params, |row| row.get(0))
    }

    /// A statement that yields one row of one number, as `count(*)` does.
    pub(in crate::store) fn count(&self, sql: &str, params: impl Params) -> Result<u64, Error> {
        self.value(sql, params).map(Option::unwrap_or_default)
    }

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

    /// Whether that number is above 0.
    pub(in crate::store) fn exists(&self, sql: &str, params: impl Params) -> Result<bool, Error> {
        self.count(sql, params).map(|count| count > 0)
    }
}

/// Whether a transaction's changes stay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Commit {
    Keep,
    TakeBack,
}

/// A transaction that also writes.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    commit: Commit,
    /// Why a statement could not write, if one could not.
    failed: Cell<Option<Unavailable>>,
}

impl<'c> WriteTx<'c> {
    pub(super) fn new(connection: &'c Connection, clock: Clock, commit: Commit) -> Self {
        Self { read: ReadTx::new(connection, clock), commit, failed: Cell::new(None) }
    }

    /// Whether everything is taken back at the end, so that what would be done in slices can only
    /// be tried.
    pub fn is_rehearsed(&self) -> bool {
        self.commit == Commit::TakeBack
    }

    /// Runs a statement and returns how many rows it changed; `subject` is what a broken rule is
    /// about.
    pub(in crate::store) fn execute(
        &self,
        subject: impl AsRef<str>,
        sql: &str,
        params: impl Params,
    ) -> Result<usize, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(from_sqlite)?;
        statement.execute(params).map_err(|error| self.noted(about(subject.as_ref(), error)))
    }

    /// Like [`Self::execute`], whatever it changes.
    pub(in crate::store) fn run(
        &self,
        subject: impl AsRef<str>,
        sql: &str,
        params: impl Params,
    ) -> Result<(), Error> {
        self.execute(subject, sql, params).map(|_| ())
    }

    /// Like [`Self::execute`]: whether it changed anything.
    pub(in crate::store) fn changed(
        &self,
        subject: impl AsRef<str>,
        sql: &str,
        params: impl Params,
    ) -> Result<bool, Error> {
        self.execute(subject, sql, params).map(|rows| rows > 0)
    }

    /// Why a statement could not write, if one could not.
    pub(super) fn failed(&self) -> Option<Unavailable> {
        self.failed.get()
    }

    fn noted(&self, error: Error) -> Error {
        if let Error::Unavailable(why) = error {
            self.failed.set(Some(why));
        }
        error
    }

    /// Runs `act` so that nothing of it stays when it fails; what was done before stays, and the
    /// transaction goes on.
    pub fn attempt<T, E: From<Error>>(&self, act: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.execute("", "SAVEPOINT attempt", [])?;
        let result = act();
        if result.is_err() {
            if self.connection.is_autocommit() {
                // A full disk, say, has taken back the whole transaction, and the savepoint with
                // it.
                return result;
            }
            self.execute("", "ROLLBACK TO attempt", [])?;
        }
        self.execute("", "RELEASE attempt", [])?;
        result
    }

    pub(in crate::store) fn batch(&self, sql: &str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(|error| self.noted(from_sqlite(error)))
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}
