//! SQL functions of the program's own. No view and no trigger may use them: the `sqlite3` shell
//! does not have them.

use super::error::from_sqlite;
use super::tx::WriteTx;
use crate::domain::characters::composed;
use crate::domain::erasure::{Erasure, Whose};
use crate::domain::search_words::folded;
use crate::domain::{Error, SearchWords};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use std::borrow::Cow;
use std::sync::Arc;

/// Adds the functions to a connection:
/// - `has_words(words, number, tags, text, …)`: whether all words are found in these texts
/// - `has_a_word(words, text, …)`: whether any of them is
/// - `composed(text)`: in NFC, as texts are that came in by a face
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("has_words", -1, flags, has_words)?;
    connection.create_scalar_function("has_a_word", -1, flags, |context| {
        let words = words(context)?;
        Ok((1..context.len()).any(|at| words.any_in(&folded(&text(context, at)))))
    })?;
    connection.create_scalar_function("composed", 1, flags, |context| {
        Ok(composed(&text(context, 0)).into_owned())
    })
}

/// Runs `act`, whose statements can use two more functions. Both are NULL for a text that does not
/// name the person.
/// - `erased(text)`: the text without them
/// - `erased_json(json, own)`: the same of a row; whether it is their own or another person's, or
///   NULL for what is nobody's
pub(in crate::store) fn erasing<T>(
    tx: &WriteTx<'_>,
    erasure: &Erasure,
    act: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let connection = tx.connection();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let (of_text, of_json) = (erasure.clone(), erasure.clone());
    let text = move |context: &Context<'_>| Ok(of_text.text(&text(context, 0)));
    let json = move |context: &Context<'_>| {
        let whose = match context.get::<Option<bool>>(1)? {
            Some(true) => Whose::Own,
            Some(false) => Whose::OtherPerson,
            None => Whose::Nobody,
        };
        Ok(of_json.json(&self::text(context, 0), whose))
    };
    connection.create_scalar_function("erased", 1, flags, text).map_err(from_sqlite)?;
    connection.create_scalar_function("erased_json", 2, flags, json).map_err(from_sqlite)?;
    let result = act();
    connection.remove_function("erased", 1).map_err(from_sqlite)?;
    connection.remove_function("erased_json", 2).map_err(from_sqlite)?;
    result
}

fn has_words(context: &Context<'_>) -> rusqlite::Result<bool> {
    let words = words(context)?;
    let (number, tags) = (text(context, 1), text(context, 2));
    let mut others: Vec<Cow<'_, str>> = Vec::with_capacity(8);
    let texts: Vec<Cow<'_, str>> = (3..context.len()).map(|at| text(context, at)).collect();
    others.extend(texts.iter().map(|text| folded(text)));
    if tags != "[]" {
        let tags: Vec<String> = serde_json::from_str(&tags).unwrap_or_default();
        others.extend(tags.into_iter().map(|tag| Cow::Owned(folded(&tag).into_owned())));
    }
    Ok(words.all_in(&number, &others))
}

/// The words, which are made of the first argument once for a whole statement.
fn words(context: &Context<'_>) -> rusqlite::Result<Arc<SearchWords>> {
    context.get_or_create_aux(0, |value| {
        // They were counted when they came in.
        value.as_str().map(|text| SearchWords::parse(text).unwrap_or_default())
    })
}

fn text<'a>(context: &'a Context<'_>, at: usize) -> Cow<'a, str> {
    match context.get_raw(at) {
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes),
        _ => Cow::Borrowed(""),
    }
}
