//! A row of a query's result.

use rusqlite::RowIndex;
use rusqlite::types::{FromSql, Type, ValueRef};
use std::cell::Cell;

/// A row of a query's result. Text that is not UTF-8, as an import by hand can leave it, is read
/// with U+FFFD in the place of what can't be read, so that one bad cell doesn't make a whole list
/// fail; `numberd check` names it.
pub(in crate::store) struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    /// The column behind the one that was read last.
    next: Cell<usize>,
}

/// What names a column: its name or its position.
pub(in crate::store) trait Column: RowIndex + Copy {
    /// Its position. Columns are mostly read one after the other, so the next one is looked at
    /// first.
    fn position(self, row: &rusqlite::Row<'_>, next: usize) -> rusqlite::Result<usize>;
}

impl Column for usize {
    fn position(self, _: &rusqlite::Row<'_>, _: usize) -> rusqlite::Result<usize> {
        Ok(self)
    }
}

impl Column for &str {
    fn position(self, row: &rusqlite::Row<'_>, next: usize) -> rusqlite::Result<usize> {
        let statement = row.as_ref();
        match statement.column_name(next) {
            Ok(name) if name == self => Ok(next),
            _ => self.idx(statement),
        }
    }
}

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a rusqlite::Row<'a>) -> Self {
        Self { row, next: Cell::new(0) }
    }

    /// The value of a column, given by its name or position.
    pub(in crate::store) fn get<I: Column, T: FromSql>(&self, column: I) -> rusqlite::Result<T> {
        let position = column.position(self.row, self.next.get())?;
        self.next.set(position + 1);
        match self.row.get_ref(position)? {
            ValueRef::Text(bytes) if std::str::from_utf8(bytes).is_err() => {
                let text = String::from_utf8_lossy(bytes);
                T::column_result(ValueRef::Text(text.as_bytes())).map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
                })
            }
            _ => self.row.get(position),
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
        Ok($name {
            $($column: $row.get(stringify!($column))?,)*
            $($($field $(: $value)?,)*)?
        })
    };
}
pub(in crate::store) use of_row;
