//! The backups of a directory: what they are called, and which of them are kept.

use super::new_file::{FileError, unusable};
use super::open;
use crate::domain::Timestamp;
use rusqlite::Connection;
use std::io::Read;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// A backup in a directory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was begun, as its name says.
    pub begun_at: Timestamp,
    /// What it is called; `None` for one that need not be kept.
    pub name: Option<Name>,
}

/// What a backup is called: 1 to 40 letters, digits, `-` and `_`. One with a name is never removed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Name(String);

impl Name {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_of_names = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if (1..=40).contains(&text.chars().count()) && text.chars().all(is_of_names) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a name is 1 to 40 letters, digits, `-` and `_`".to_owned())
        }
    }
}

/// Which backups are kept: those that either limit keeps, and always the newest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    newest: usize,
    younger: Duration,
}

impl FromStr for Keep {
    type Err = String;

    /// Reads `14` (the newest 14), `30d` (those of the last 30 days), or both: `30d,14`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (mut newest, mut younger) = (None, None);
        for part in text.split(',') {
            let taken = match part.parse() {
                Ok(number @ 1..) => newest.replace(number).is_some(),
                _ => duration(part).is_none_or(|age| younger.replace(age).is_some()),
            };
            if taken {
                return Err(LIMITS.to_owned());
            }
        }
        Ok(Self { newest: newest.unwrap_or(1), younger: younger.unwrap_or_default() })
    }
}

const LIMITS: &str =
    "it must be a number of backups, such as 14, an age, such as 30d, or both: 30d,14";

/// Reads a time with its unit: `90s`, `30m`, `12h`, `7d`.
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
    Some(Duration::from_secs(u64::from(number) * seconds))
}

/// `20261122T010203.050Z`.
pub(super) fn stamp(moment: Timestamp) -> String {
    moment.to_string().replace(['-', ':'], "")
}

/// What a backup's file is called: `numberd-20261122T180000.000Z.db`, or with a name
/// `numberd-20261122T180000.000Z-before-upgrade.db`.
pub fn file_name(begun_at: Timestamp, name: Option<&Name>) -> String {
    let name = name.map(|name| format!("-{}", name.0)).unwrap_or_default();
    format!("numberd-{}{name}.db", stamp(begun_at))
}

/// Reads what [`file_name`] makes.
fn parsed(file_name: &str) -> Option<(Timestamp, Option<Name>)> {
    let rest = file_name.strip_prefix("numberd-")?.strip_suffix(".db")?;
    let (stamp, name) = rest.split_at_checked("20261122T180000.000Z".len())?;
    let name = match name {
        "" => None,
        name => Some(name.strip_prefix('-')?.parse().ok()?),
    };
    let mut moment = stamp.to_owned();
    for (at, separator) in [(13, ':'), (11, ':'), (6, '-'), (4, '-')] {
        moment.is_char_boundary(at).then(|| moment.insert(at, separator))?;
    }
    Some((Timestamp::parse_utc(&moment)?, name))
}

/// The backups in a directory, newest first; of none that is not there.
pub fn list(directory: &Path) -> Result<Vec<Listed>, FileError> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unusable(directory, "read", &error)),
    };
    let mut found: Vec<Listed> = entries
        .flatten()
        .filter_map(|entry| {
            let (begun_at, name) = parsed(entry.file_name().to_str()?)?;
            let bytes = entry.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
            begins_as_a_database(&entry.path()).then_some(())?;
            Some(Listed { path: entry.path(), bytes, begun_at, name })
        })
        .collect();
    found.sort_by(|one, other| other.begun_at.cmp(&one.begun_at).then(one.path.cmp(&other.path)));
    Ok(found)
}

/// Whether a file can be a backup at all: one that only has the name of a backup must not count.
pub(super) fn begins_as_a_database(path: &Path) -> bool {
    let mut beginning = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
    read.is_ok() && &beginning == b"SQLite format 3\0"
}

/// The identity of a database: its root, and when they were added. Copies of it have the same.
pub(super) fn identity(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT ram_id || ' ' || created_at FROM ram_user WHERE is_root = 1";
    connection.query_row(sql, [], |row| row.get(0))
}

impl Listed {
    /// Whether it is a backup of the database with this identity: others may be beside it.
    pub(super) fn is_of(&self, own: &str) -> bool {
        let whose = open::read_only(&self.path).ok().and_then(|copy| identity(&copy).ok());
        whose.is_some_and(|whose| whose == own)
    }
}

/// Which of these backups, newest first, need not be kept at a moment, when `to_come` more will be
/// there. Those with a name don't count, and neither do those from the future.
pub fn superfluous(
    backups: Vec<Listed>,
    keep: Keep,
    now: Timestamp,
    to_come: usize,
) -> Vec<Listed> {
    let since = now.millis().saturating_sub(keep.younger.as_millis() as i64);
    let counted = |backup: &Listed| backup.name.is_none() && backup.begun_at <= now;
    backups
        .into_iter()
        .filter(counted)
        .skip(keep.newest.saturating_sub(to_come))
        .filter(|backup| backup.begun_at.millis() < since)
        .collect()
}

/// Removes backups.
pub fn remove(backups: &[Listed]) -> Result<(), FileError> {
    for backup in backups {
        std::fs::remove_file(&backup.path)
            .map_err(|error| unusable(&backup.path, "removed", &error))?;
    }
    Ok(())
}

/// Makes a directory for backups, which only its owner can enter, where there is none.
pub fn make_directory(directory: &Path) -> Result<(), FileError> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.map_err(|error| unusable(directory, "created", &error))
}

#[cfg(test)]
mod tests {
    use super::{Keep, Name, duration, file_name, list, parsed, remove, superfluous};
    use crate::domain::Timestamp;
    use std::time::Duration;

    const DAY: i64 = 24 * 60 * 60 * 1000;
    /// How a database begins.
    const HEAD: &str = "SQLite format 3\0";
    const NOON: i64 = 1_795_608_000_000;

    #[test]
    fn a_files_name_says_when_its_backup_was_begun_and_what_it_is_called() {
        let moment = Timestamp::from_millis(NOON + 50);
        for name in [None, Some("before-upgrade".parse::<Name>().unwrap())] {
            assert_eq!(parsed(&file_name(moment, name.as_ref())), Some((moment, name)));
        }
        for other in ["numberd.db", "numberd-1.db", "numberd-20261122T180000.000Z.db-wal"] {
            assert_eq!(parsed(other), None, "{other}");
        }
        for name in ["", "a b", "../x", &"x".repeat(41)] {
            assert!(name.parse::<Name>().is_err(), "{name}");
        }
    }

    #[test]
    fn what_either_limit_keeps_is_kept_and_so_are_the_newest_and_what_has_a_name() {
        let directory = tempfile::tempdir().unwrap();
        let at = |days: i64| Timestamp::from_millis(NOON - days * DAY);
        for days in [0, 1, 2, 40, 50] {
            std::fs::write(directory.path().join(file_name(at(days), None)), HEAD).unwrap();
        }
        let named = file_name(at(90), Some(&"kept".parse().unwrap()));
        let (empty, to_come) = (file_name(at(-1), None), file_name(at(-2), None));
        for (other, text) in [(&*named, HEAD), ("notes.txt", HEAD), (&empty, ""), (&to_come, HEAD)]
        {
            std::fs::write(directory.path().join(other), text).unwrap();
        }
        let all = || list(directory.path()).unwrap();
        let days = |keep: &str| -> Vec<i64> {
            let keep: Keep = keep.parse().unwrap();
            let found = superfluous(all(), keep, at(0), 0);
            found.iter().map(|backup| (NOON - backup.begun_at.millis()) / DAY).collect()
        };
        assert_eq!(days("1"), [1, 2, 40, 50]);
        assert_eq!(days("4"), [50]);
        assert_eq!(days("45d"), [50]);
        assert_eq!(days("1h"), [1, 2, 40, 50]);
        assert_eq!(days("2d,1"), [40, 50]);
        assert_eq!(days("2d,4"), [50]);
        let one = "1".parse().unwrap();
        let later = Timestamp::from_millis(NOON + 1);
        assert_eq!(superfluous(all(), one, later, 1).len(), 5);
        remove(&superfluous(all(), one, at(0), 0)).unwrap();
        let left: Vec<_> = list(directory.path()).unwrap();
        assert_eq!(left.len(), 3, "the newest, the named one, and the one to come");
        assert!(directory.path().join("notes.txt").exists());
    }

    #[test]
    fn times_have_a_unit_and_limits_are_numbers_or_ages() {
        assert_eq!(duration("90s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("7d"), Some(Duration::from_secs(604_800)));
        for text in ["", "d", "7", "-1d", "0h", "1.5h", "7天", "99999999999d"] {
            assert_eq!(duration(text), None, "{text}");
        }
        for text in ["", "0", "x", "7w", "3,", "-3", "1,2", "1d,2d"] {
            assert!(text.parse::<Keep>().is_err(), "{text}");
        }
    }
}
