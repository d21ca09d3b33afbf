//! Questions that a person words in SQL. They are read by the program's own SQLite, over a
//! connection that can't write.

use super::ReadTx;
use crate::domain::Error;
use crate::domain::text::hex;
use rusqlite::types::ValueRef;
use serde_json::Value;
use std::fmt;

/// What became of a question.
#[derive(Debug)]
pub enum Question {
    /// Its rows.
    Answered(Table),
    /// Why it is not asked.
    Refused(String),
}

/// Rows with the names of their columns.
#[derive(Debug)]
pub struct Table {
    /// The names.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A value.
#[derive(Debug)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
}

impl Cell {
    /// The cell in JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Integer(value) => Value::from(*value),
            Self::Real(value) => Value::from(*value),
            Self::Text(value) => Value::from(value.as_str()),
        }
    }

    fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(value) => Self::Integer(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(bytes) => Self::Text(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Blob(bytes) => Self::Text(hex(bytes)),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Real(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}

/// What SQLite says is wrong with a question.
fn fault(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. }
        | rusqlite::Error::SqliteFailure(_, Some(msg)) => msg.clone(),
        rusqlite::Error::MultipleStatement => "It must be a single statement".to_owned(),
        other => other.to_string(),
    }
}

/// Asks a question: one statement that returns rows and changes nothing.
///
/// # Errors
/// None of its own: what is wrong with the question is part of the answer.
pub fn ask(tx: &ReadTx<'_>, sql: &str) -> Result<Question, Error> {
    let mut statement = match tx.connection().prepare(sql) {
        Ok(statement) => statement,
        Err(error) => return Ok(Question::Refused(fault(&error))),
    };
    // ATTACH and BEGIN write nothing by themselves, and return no rows.
    if !statement.readonly() || statement.column_count() == 0 {
        let reason = "It must be one statement that reads, such as SELECT; changes are made by \
                      numberd's own commands";
        return Ok(Question::Refused(reason.to_owned()));
    }
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let width = columns.len();
    let answered = statement
        .query_map([], |row| (0..width).map(|at| row.get_ref(at).map(Cell::of)).collect())
        .and_then(Iterator::collect::<rusqlite::Result<Vec<Vec<Cell>>>>);
    Ok(match answered {
        Ok(rows) => Question::Answered(Table { columns, rows }),
        Err(error) => Question::Refused(fault(&error)),
    })
}
