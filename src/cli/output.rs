//! What the command line prints. If its reader has gone (`| head`), a command that only reads has
//! not failed. Any other reason why a text can't be written is an error, which says what was done
//! all the same. A closed standard output can't be told from `/dev/null`, where people send what
//! they don't want to read, so it is an error only for a credential ([`secret`]).

use super::{Failure, hint};
use crate::domain::Timestamp;
use crate::domain::history::Archived;
use crate::domain::text::{escaped, is_control};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{ErrorKind, Write};
use std::sync::{Mutex, PoisonError};
use unicode_width::UnicodeWidthStr;

/// Writes bytes on standard output, as they are.
pub(super) fn raw(bytes: &[u8]) -> Result<(), Failure> {
    reached(write(bytes))
}

/// Whether what was written on standard output has reached its reader.
pub(super) fn reached(written: std::io::Result<()>) -> Result<(), Failure> {
    let Err(error) = written else { return Ok(()) };
    let done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    match (error.kind(), done.as_deref()) {
        (ErrorKind::BrokenPipe, None) => Ok(()),
        (_, done) => {
            let done = done.map(|done| format!(" {done}")).unwrap_or_default();
            let sentence = format!("Standard output can't be written: {error}.{done}");
            Err(Failure::database(sentence))
        }
    }
}

fn write(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())
}

/// What this command has done last, as a sentence.
static DONE: Mutex<Option<String>> = Mutex::new(None);

/// Notes what is done, whatever becomes of the words about it.
pub(super) fn is_done(sentence: String) {
    *DONE.lock().unwrap_or_else(PoisonError::into_inner) = Some(sentence);
}

/// The same of a request.
pub(super) fn is_done_by(request_id: &str) {
    is_done(format!("The change is made all the same: its request is {request_id}."));
}

/// Whether nobody can read what is written: it goes to `/dev/null`. The same holds where standard
/// output was closed, because the runtime opens `/dev/null` in its place before anything else runs.
fn is_for_nobody() -> bool {
    let out = rustix::fs::fstat(std::io::stdout()).map(|out| out.st_rdev);
    let null = rustix::fs::stat("/dev/null").map(|null| null.st_rdev);
    matches!((out, null), (Ok(out), Ok(null)) if out == null && null != 0)
}

/// Lines on standard output. Whatever the file holds, a terminal is only told to end lines.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    raw(format!("{}\n", harmless(text)).as_bytes())
}

fn harmless(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<String>>().join("\n")
}

/// Why a command failed, on standard error: a sentence, or with `--json` an object with it and the
/// exit code.
pub(super) fn failure(failure: &Failure, json: bool) {
    if json { error_object(&failure.sentence, failure.code) } else { error(&failure.sentence) }
}

/// The object that says why a command failed: the last line on standard error.
pub(super) fn error_object(sentence: &str, exit_code: u8) {
    let object = json!({ "error": hint::completed(sentence), "exit_code": exit_code });
    let _ = writeln!(std::io::stderr().lock(), "{}", with_escapes(object.to_string()));
}

/// A sentence on standard error; where that can't be written, the exit code says it.
pub(super) fn error(sentence: &str) {
    let sentence = harmless(&hint::completed(&in_local_time(sentence)));
    let _ = writeln!(std::io::stderr().lock(), "numberd: {sentence}");
}

/// The sentences of the domain have their moments in UTC, as REST shows them; here they are local,
/// as in the tables.
fn in_local_time(text: &str) -> String {
    const LENGTH: usize = "2026-03-03T15:10:00.000Z".len();
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(end) = rest.find('Z').map(|at| at + 1) {
        let moment = end.checked_sub(LENGTH).and_then(|from| rest.get(from..end));
        let local = moment.and_then(Timestamp::parse_utc);
        match local {
            Some(moment) => {
                shown.push_str(&rest[..end - LENGTH]);
                shown.push_str(&moment.local());
            }
            None => shown.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    shown + rest
}

/// A value as JSON, or what `text` makes of it.
pub(super) fn value<T: Serialize>(
    json: bool,
    value: &T,
    text: impl FnOnce(&T) -> String,
) -> Result<(), Failure> {
    line(&if json { as_json(value) } else { in_local_time(&text(value)) })
}

/// Like [`value`], for a credential, which must reach its reader.
pub(super) fn secret<T: Serialize>(
    json: bool,
    value: &T,
    text: impl FnOnce(&T) -> String,
) -> Result<(), Failure> {
    let text = if json { as_json(value) } else { text(value) };
    let unseen = |why: &str| {
        Failure::database(format!(
            "Standard output {why}. A credential that nobody has seen is not kept; nothing was changed."
        ))
    };
    if is_for_nobody() {
        return Err(unseen("is closed, or /dev/null"));
    }
    write(format!("{text}\n").as_bytes())
        .map_err(|error| unseen(&format!("can't be written: {error}")))
}

/// JSON in which nothing moves the cursor of a terminal.
fn as_json(value: &impl Serialize) -> String {
    with_escapes(serde_json::to_string_pretty(value).unwrap_or_default())
}

/// JSON whose strings have escapes for what would move the cursor: outside of them, only line
/// breaks are of that kind.
fn with_escapes(text: String) -> String {
    if !text.contains(|c| c != '\n' && is_control(c)) {
        return text;
    }
    text.chars().fold(String::with_capacity(text.len() + 16), |mut shown, c| {
        if c != '\n' && is_control(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
        shown
    })
}

/// What a `--dry-run` would have done.
pub(super) fn dry_run(json: bool, would: &str) -> Result<(), Failure> {
    value(json, &self::would(would), |_| would.to_owned())
}

/// The same as an object.
pub(super) fn would(would: &str) -> Value {
    json!({ "dry_run": true, "would": would })
}

/// A table with its columns aligned (a Chinese character is two columns wide), under a heading
/// unless that is empty.
pub(super) fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let heading: Vec<String> = heading.iter().map(|&title| title.to_owned()).collect();
    // A cell is one line of harmless text, so that the columns stay aligned.
    let lines: Vec<Vec<String>> = std::iter::once(heading)
        .filter(|heading| !heading.is_empty())
        .chain(rows)
        .map(|line| line.iter().map(|cell| escaped(cell)).collect())
        .collect();
    let columns = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let aligned = lines.iter().map(|line| {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    });
    aligned.collect::<Vec<String>>().join("\n")
}

/// Like [`table`], but without the columns that have nothing in any row.
pub(super) fn filled(heading: &[&str], mut rows: Vec<Vec<String>>) -> String {
    let is_filled = |column: usize| rows.iter().any(|row| !row[column].is_empty());
    let columns: Vec<usize> = (0..heading.len()).filter(|column| is_filled(*column)).collect();
    for row in &mut rows {
        *row = columns.iter().map(|column| std::mem::take(&mut row[*column])).collect();
    }
    let heading: Vec<&str> = columns.iter().map(|column| heading[*column]).collect();
    table(&heading, rows)
}

/// What is known of one thing: a line for each fact that there is.
pub(super) fn facts(facts: &[(&str, &str)]) -> String {
    let known = facts.iter().filter(|(_, value)| !value.is_empty());
    let lines = known.map(|(name, value)| format!("{name:<14}{}", escaped(value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Says where the archived part of the change log is, if some of what was asked for is in it.
pub(super) fn archived(archived: Option<&Archived>) -> String {
    archived.map(|archived| format!("\n\nNot here: {archived}.")).unwrap_or_default()
}

/// A moment in local time; nothing for none.
pub(super) fn local(moment: Option<Timestamp>) -> String {
    moment.map(Timestamp::local).unwrap_or_default()
}

/// Like [`local`], for milliseconds.
pub(super) fn local_millis(millis: Option<i64>) -> String {
    local(millis.map(Timestamp::from_millis))
}
