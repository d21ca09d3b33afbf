//! Columns that hold JSON.

use super::row::Row;
use crate::domain::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value as the text of a column.
pub(in crate::store) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

/// The value in a column.
pub(in crate::store) fn from_json<T: DeserializeOwned>(
    row: &Row<'_>,
    column: &'static str,
) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}
