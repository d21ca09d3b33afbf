//! Values as columns hold them: JSON, hashes, ids of VCC, patterns.

use super::row::Row;
use crate::domain::Error;
use crate::domain::characters::composed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

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

/// A new id by which VCC clients know a thing. It begins with the time, so that the index of these
/// ids grows at its end.
pub(in crate::store) fn new_guid() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The SHA-256 of a token or secret, which is all that is kept of it. It has 256 random bits, so
/// one round of a plain hash is enough.
pub(in crate::store) fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The `LIKE` pattern for "contains this text", with `\` as the escape character. The text is
/// composed, as what it is looked for in is kept.
pub(in crate::store) fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in composed(text).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
