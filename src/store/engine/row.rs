//! A row of a query's result.

use rusqlite::types::{FromSql, Type, ValueRef};
use rusqlite::{Error, RowIndex};
use std::cell::{Cell, RefCell};

/// A row of a query's result. Text that is not UTF-8, as an import by hand can leave it, is read
/// with U+FFFD in the place of what can't be read, so that one bad cell doesn't make a whole list
/// fail; `numberd check` names it.
pub(in crate::store) struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    columns: &'a Columns,
    /// How many columns were read by name.
    read: Cell<usize>,
}

/// The columns of one result, in the order in which the row before was read: each row is read as
/// the first was, so that only there the names are compared with those that SQLite has.
#[derive(Default)]
pub(super) struct Columns(RefCell<Vec<(&'static str, usize)>>);

impl Columns {
    /// The position of a column, before which this many others of the row were read.
    fn position(
        &self,
        name: &'static str,
        read: usize,
        row: &rusqlite::Row<'_>,
    ) -> rusqlite::Result<usize> {
        let mut known = self.0.borrow_mut();
        match known.get(read) {
            Some((there, position)) if std::ptr::eq(*there, name) => return Ok(*position),
            _ => known.truncate(read),
        }
        let statement = row.as_ref();
        // Columns are mostly read one after the other.
        let next = known.last().map_or(0, |(_, position)| position + 1);
        let position = match statement.column_name(next) {
            Ok(there) if there == name => next,
            _ => name.idx(statement)?,
        };
        known.push((name, position));
        Ok(position)
    }
}

/// What names a column: its name or its position.
pub(in crate::store) trait Column {
    /// Its position.
    fn position(self, row: &Row<'_>) -> rusqlite::Result<usize>;
}

impl Column for usize {
    fn position(self, _: &Row<'_>) -> rusqlite::Result<usize> {
        Ok(self)
    }
}

impl Column for &'static str {
    fn position(self, row: &Row<'_>) -> rusqlite::Result<usize> {
        let read = row.read.replace(row.read.get() + 1);
        row.columns.position(self, read, row.row)
    }
}

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a rusqlite::Row<'a>, columns: &'a Columns) -> Self {
        Self { row, columns, read: Cell::new(0) }
    }

    /// The value of a column, given by its name or position.
    pub(in crate::store) fn get<I: Column, T: FromSql>(&self, column: I) -> rusqlite::Result<T> {
        let position = column.position(self)?;
        match self.row.get(position) {
            Err(Error::Utf8Error(..)) => {
                let text = String::from_utf8_lossy(self.row.get_ref(position)?.as_bytes()?);
                T::column_result(ValueRef::Text(text.as_bytes())).map_err(|error| {
                    Error::FromSqlConversionFailure(position, Type::Text, Box::new(error))
                })
            }
            found => found,
        }
    }

    /// The value of a column as SQLite has it.
    pub(in crate::store) fn get_ref<I: RowIndex>(
        &self,
        column: I,
    ) -> rusqlite::Result<ValueRef<'_>> {
        self.row.get_ref(column)
    }

    pub(in crate::store) fn column_names(&self) -> Vec<&str> {
        self.row.as_ref().column_names()
    }
}

/// A struct of a row, in whose fields are the columns of the same names, and behind a `;` what is
/// not as it is in the row.
macro_rules! of_row {
    ($row:ident => $name:ident {
        $($column:ident),* $(; $($field:ident $(: $value:expr)?),*)?
    }) => {
        Ok::<$name, rusqlite::Error>($name {
            $($column: $row.get(stringify!($column))?,)*
            $($($field $(: $value)?,)*)?
        })
    };
}
pub(in crate::store) use of_row;

#[cfg(test)]
mod tests {
    use crate::domain::Error;
    use crate::store::fixtures::store;

    #[test]
    fn a_column_is_found_by_its_name_however_the_row_before_was_read() {
        let (_directory, store) = store();
        let sql = "SELECT column1 AS which, column2 AS a, column3 AS b
                     FROM (VALUES (0, 'a1', 'b1'), (1, 'a2', 'b2'), (1, 'a3', 'b3'), (2, 'a4', 'b4'))";
        let rows = store.read(|tx| {
            tx.rows(sql, [], |row| {
                let found: (String, String) = match row.get("which")? {
                    0 => (row.get("a")?, row.get("b")?),
                    1 => (row.get("b")?, row.get("a")?),
                    _ => (row.get(1)?, row.get("a")?),
                };
                Ok(found.0 + &found.1)
            })
        });
        assert_eq!(rows.unwrap(), ["a1b1", "b2a2", "b3a3", "a4a4"]);
        let unknown = |row: &super::Row<'_>| row.get::<_, String>("c");
        assert!(matches!(store.read(|tx| tx.rows(sql, [], unknown)), Err(Error::Internal(_))));
    }
}
