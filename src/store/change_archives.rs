//! Archives of the change log: its oldest lines, written to files and removed from the database.
//!
//! A file has one JSON object a line, each a change as SQLite has it, with the changes that
//! undid it. What is in an archive has been put on the disk, read again and compared before its
//! lines go.

use super::engine::new_file::{
    directory_of, give_to_owner_of, publish, sync, temporary_file, unusable,
};
use super::engine::of_row;
use super::{FileError, ReadTx, WriteTx};
use crate::domain::history::Archived;
use crate::domain::text::hex;
use crate::domain::{Error, Missing, Timestamp};
use rusqlite::params;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

/// Lines of the log that belong into one archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The first: the oldest of the log.
    pub first: i64,
    /// The last.
    pub last: i64,
    /// All of them were made before this moment.
    pub before: Timestamp,
}

impl Lines {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.first.abs_diff(self.last) + 1
    }

    /// These lines in parts of a limited size.
    pub fn parts(self, most: usize) -> impl Iterator<Item = Self> {
        let size = i64::try_from(most).unwrap_or(i64::MAX);
        let last = move |first: i64| self.last.min(first.saturating_add(size - 1));
        (self.first..=self.last).step_by(most).map(move |first| Self {
            first,
            last: last(first),
            ..self
        })
    }
}

/// What was archived so far.
pub fn archived(tx: &ReadTx<'_>) -> Result<Option<Archived>, Error> {
    let sql = "SELECT last_change_id, (SELECT max(before) FROM change_archive) AS before,
                      archived_at, file
                 FROM change_archive ORDER BY last_change_id DESC LIMIT 1";
    tx.row(sql, [], |row| {
        let file: String = row.get("file")?;
        let name = Path::new(&file).file_name().map(|name| name.to_string_lossy().into_owned());
        of_row! { row => Archived {
            last_change_id, before, archived_at; file: name.unwrap_or(file)
        } }
    })
}

/// What was archived and is older than a moment, or than now.
pub fn before(tx: &ReadTx<'_>, moment: Option<Timestamp>) -> Result<Option<Archived>, Error> {
    let found = archived(tx)?;
    Ok(found.filter(|archived| moment.is_some_and(|moment| moment < archived.before)))
}

/// The error for something that does not exist, with where it may have been.
pub fn not_found(tx: &ReadTx<'_>, missing: Missing) -> Result<Error, Error> {
    Ok(Error::NotFound(match archived(tx)? {
        Some(archived) => Missing::Archived(Box::new(missing), archived),
        None => missing,
    }))
}

/// The oldest changes that were all made before a moment; none when the first is newer. A request
/// that changed something later too, such as a run, is left out whole: otherwise the rest of it
/// could be undone as if it were all of it.
///
/// # Errors
/// [`Error::Internal`] where changes are missing.
pub fn oldest(tx: &ReadTx<'_>, before: Timestamp) -> Result<Option<Lines>, Error> {
    let first = last_archived(tx)? + 1;
    let (mut next, mut missing) = (first, false);
    let sql = "SELECT change_id, changed_at FROM change ORDER BY change_id";
    tx.each(sql, [], |row| {
        missing = row.get::<_, i64>("change_id")? != next;
        let is_older = row.get::<_, Timestamp>("changed_at")? < before;
        next += i64::from(is_older && !missing);
        Ok(is_older && !missing)
    })?;
    if missing {
        return Err(Error::Internal(format!(
            "the change log has no line {next}, so nothing was archived; `numberd check` says what is wrong"
        )));
    }
    let sql = "SELECT min(change_id) FROM change WHERE change_id < ?1 AND request_id <> ''
                  AND request_id IN (SELECT request_id FROM change WHERE change_id >= ?1)";
    while let Some(begun) = tx.value::<Option<i64>>(sql, [next])?.flatten() {
        next = begun;
    }
    Ok((next > first).then_some(Lines { first, last: next - 1, before }))
}

/// The last line that was archived; 0 for none.
pub fn last_archived(tx: &ReadTx<'_>) -> Result<i64, Error> {
    let sql = "SELECT coalesce(max(last_change_id), 0) FROM change_archive";
    tx.value(sql, []).map(Option::unwrap_or_default)
}

/// Writes lines to a new file, which is whole and on the disk when it has its name. One that is
/// there already is left as it is.
pub fn write(tx: &ReadTx<'_>, lines: Lines, path: &Path) -> Result<(), FileError> {
    let directory = directory_of(path);
    let copy = temporary_file(&directory)?;
    let unwritable = |error| unusable(path, "written", &error);
    let mut file = BufWriter::new(File::options().write(true).open(&*copy).map_err(unwritable)?);
    each(tx, lines, |line| file.write_all(line).and_then(|()| file.write_all(b"\n")))?
        .and_then(|()| file.flush())
        .map_err(unwritable)?;
    drop(file);
    if let Some(database) = tx.file() {
        give_to_owner_of(&copy, database)?;
    }
    sync(&copy)?;
    publish(copy, path, &directory)
}

/// Reads a file again: its SHA-256 in hexadecimal, if it holds these lines as the log has them and
/// nothing else.
pub fn compare(tx: &ReadTx<'_>, lines: Lines, path: &Path) -> Result<Option<String>, FileError> {
    let unreadable = |error| unusable(path, "read", &error);
    // What is not a plain file may never end, and the writers wait until it does.
    if !path.symlink_metadata().map_err(unreadable)?.is_file() {
        return Ok(None);
    }
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let (mut hash, mut read, mut same) = (Sha256::new(), Vec::new(), true);
    each(tx, lines, |line| {
        read.resize(line.len() + 1, 0);
        same = same && file.read_exact(&mut read).is_ok() && read.strip_suffix(b"\n") == Some(line);
        hash.update(&read);
        Ok(())
    })?
    .map_err(unreadable)?;
    let is_at_its_end = file.read(&mut [0]).map_err(unreadable)? == 0;
    Ok((same && is_at_its_end).then(|| hex(&hash.finalize())))
}

/// Every line as JSON, oldest first.
fn each(
    tx: &ReadTx<'_>,
    lines: Lines,
    mut act: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<std::io::Result<()>, Error> {
    let sql = "SELECT json_object('change_id', change_id,
                      'changed_at',
                      strftime('%Y-%m-%dT%H:%M:%fZ', changed_at / 1000.0, 'unixepoch'),
                      'actor', actor, 'via', via, 'request_id', request_id, 'reason', reason,
                      'entity', entity, 'action', action, 'instance_id', instance_id,
                      'number', number, 'user_id', user_id, 'skill_group_id', skill_group_id,
                      'assignment_id', assignment_id, 'old', json(old), 'new', json(new),
                      'undone_by', (SELECT json_group_array(undone_by) FROM undone AS u
                                     WHERE u.change_id = c.change_id)) AS line
                 FROM change AS c WHERE change_id BETWEEN ?1 AND ?2 ORDER BY change_id";
    let mut outcome = Ok(());
    tx.each(sql, params![lines.first, lines.last], |row| {
        if let ValueRef::Text(line) = row.get_ref("line")? {
            outcome = act(line);
        }
        Ok(outcome.is_ok())
    })?;
    Ok(outcome)
}

/// Notes what is archived, and removes it from the log.
pub fn remove(tx: &WriteTx<'_>, lines: Lines, file: &Path, sha256: &str) -> Result<(), Error> {
    let sql = "INSERT INTO change_archive (last_change_id, first_change_id, lines, before,
                                           last_assignment_id, file, sha256, archived_at)
               SELECT ?2, ?1, ?3, ?4,
                      (SELECT max(coalesce(max(last_assignment_id), 0),
                                  (SELECT coalesce(max(assignment_id), 0)
                                     FROM change WHERE change_id <= ?2)) FROM change_archive),
                      ?5, ?6, ?7";
    let (first, last) = (lines.first, lines.last);
    let values =
        params![first, last, lines.count(), lines.before, file.to_string_lossy(), sha256, tx.now()];
    tx.execute("", sql, values)?;
    tx.execute("", "DELETE FROM undone WHERE change_id <= ?1", [last])?;
    tx.execute("", "DELETE FROM change_block WHERE block * 256 + 255 <= ?1", [last])?;
    tx.run("", "DELETE FROM change WHERE change_id <= ?1", [last])
}
