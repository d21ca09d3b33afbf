//! Directories for what is not whole yet, beside the place where it belongs.
//!
//! Whoever uses one keeps it locked, and it goes away with its user. If the program is killed it
//! stays until the next one is made there, or a server starts. On a file system without locks
//! nobody can tell whether it is in use, so there it stays.

use rustix::fs::{AtFlags, Dir, FileType, FlockOperation, OFlags, flock, unlinkat};
use std::fs::{File, OpenOptions, read_dir, remove_dir};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile, TempPath};

/// What the directories are called: a beginning, the number of random letters and digits, an end.
const NAME: (&str, usize, &str) = (".numberd-", 6, ".tmp");

/// What the files in one are called, likewise.
const FILE: (&str, usize, &str) = ("copy-", 6, ".db");

/// The file in one whose name has to be known.
const COPY: &str = "copy.db";

/// What SQLite puts beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Such a directory.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    /// Locked, unless the file system has no locks.
    directory: File,
}

impl Scratch {
    /// Makes one in a directory, and removes there what killed programs left.
    pub fn inside(directory: &Path) -> io::Result<Self> {
        remove_abandoned(directory);
        loop {
            let (prefix, letters, suffix) = NAME;
            let mut name = Builder::new();
            name.prefix(prefix).rand_bytes(letters).suffix(suffix);
            let path = name.tempdir_in(directory).map_err(without_path)?.keep();
            let directory = opened(&path)?;
            let lock = flock(&directory, FlockOperation::NonBlockingLockExclusive);
            // Another program that began just now may have taken it for an abandoned one.
            if lock != Err(rustix::io::Errno::WOULDBLOCK) && path.exists() {
                return Ok(Self { path, directory });
            }
        }
    }

    /// Where a copy of a database can be made.
    pub fn copy(&self) -> PathBuf {
        self.path.join(COPY)
    }

    /// A new file in it, which only its owner can read.
    pub(super) fn file(&self) -> io::Result<TempPath> {
        let (prefix, letters, suffix) = FILE;
        let mut name = Builder::new();
        name.prefix(prefix).rand_bytes(letters).suffix(suffix);
        let made = name.tempfile_in(&self.path).map_err(without_path)?;
        Ok(NamedTempFile::into_temp_path(made))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = remove_flat(&self.directory, &self.path);
    }
}

/// An error without the name of a file that nobody has heard of.
fn without_path(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::Other => error,
        kind => kind.into(),
    }
}

fn opened(directory: &Path) -> io::Result<File> {
    let no_link = (OFlags::NOFOLLOW | OFlags::DIRECTORY).bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(no_link).open(directory)
}

/// Removes what this user's programs left in a directory when they were killed. One that can't be
/// removed takes room and nothing else.
pub fn remove_abandoned(directory: &Path) {
    let Ok(entries) = read_dir(directory) else { return };
    let own = rustix::process::geteuid().as_raw();
    let (prefix, letters, suffix) = NAME;
    for entry in entries.flatten() {
        if !is_made_of(&entry.file_name().to_string_lossy(), prefix, letters, suffix) {
            continue;
        }
        // Whoever owns the directory may put something else under the name at any time, so all
        // that follows is about what was opened.
        let Ok(found) = opened(&entry.path()) else { continue };
        let is_own = found.metadata().is_ok_and(|found| found.uid() == own);
        if is_own && flock(&found, FlockOperation::NonBlockingLockExclusive).is_ok() {
            // A backup into it has made one inside.
            remove_abandoned(&entry.path());
            let _ = remove_flat(&found, &entry.path());
        }
    }
}

fn is_made_of(name: &str, prefix: &str, letters: usize, suffix: &str) -> bool {
    let between = name.strip_prefix(prefix).and_then(|name| name.strip_suffix(suffix));
    between.is_some_and(|text| {
        text.len() == letters && text.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

/// Whether a file has such a name as the files in one of these directories have, or had in an
/// earlier release.
fn is_file_name(name: &str) -> bool {
    let name = BESIDE.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let (prefix, letters, suffix) = FILE;
    name == COPY
        || is_made_of(name, prefix, letters, suffix)
        || is_made_of(name, ".tmp", letters, "")
}

/// Removes a directory of files. A directory with anything in it that was not made here is not one
/// of these, and stays whole.
fn remove_flat(directory: &File, path: &Path) -> io::Result<()> {
    let mut names = Vec::new();
    for entry in Dir::read_from(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_owned();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        // Some file systems don't say what it is.
        let is_file = matches!(entry.file_type(), FileType::RegularFile | FileType::Unknown);
        if !is_file || !is_file_name(&name.to_string_lossy()) {
            return Ok(());
        }
        names.push(name);
    }
    names.iter().try_for_each(|name| unlinkat(directory, name, AtFlags::empty()))?;
    // By its path: whatever is there now, only an empty directory goes away.
    remove_dir(path)
}

#[cfg(test)]
mod tests {
    use super::{Scratch, opened, remove_abandoned, remove_flat};
    use std::os::unix::fs::symlink;
    use std::path::Path;

    fn names(directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_program_left_goes_away_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for (name, files) in [
            (".numberd-aaaaaa.tmp", &["copy-abcdef.db", "copy-abcdef.db-wal"][..]),
            (".numberd-bbbbbb.tmp", &[".tmpAbCd12", "copy.db", "copy.db-shm"]),
            (".numberd-cccccc.tmp", &["copy-abcdef.db", "letters.txt"]),
            (".numberd-dddddd.tmp", &["notes.db"]),
            (".numberd-eeeeee.tmp", &[]),
            ("numberd-ffffff.tmp", &["copy.db"]),
        ] {
            std::fs::create_dir(at(name)).unwrap();
            for file in files {
                std::fs::write(at(name).join(file), "x").unwrap();
            }
        }
        let inside = at(".numberd-gggggg.tmp").join(".numberd-hhhhhh.tmp");
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::write(inside.join("copy-abcdef.db"), "x").unwrap();
        remove_abandoned(directory.path());
        let kept = [".numberd-cccccc.tmp", ".numberd-dddddd.tmp", "numberd-ffffff.tmp"];
        assert_eq!(names(directory.path()), kept);
        assert_eq!(names(&at(kept[0])), ["copy-abcdef.db", "letters.txt"], "whole or not at all");

        let made = Scratch::inside(directory.path()).unwrap();
        let file = made.file().unwrap();
        std::fs::write(file.with_extension("db-wal"), "x").unwrap();
        assert_eq!(names(directory.path()).len(), kept.len() + 1);
        remove_abandoned(directory.path());
        assert!(file.exists(), "it is in use");
        file.keep().unwrap();
        drop(made);
        assert_eq!(names(directory.path()), kept);
    }

    #[test]
    fn why_there_is_none_is_said_without_its_name() {
        let why = Scratch::inside(Path::new("/proc")).unwrap_err().to_string();
        assert!(!why.contains(".numberd-"), "{why}");
    }

    /// The owner of the directory puts a link to somebody else's in its place meanwhile.
    #[test]
    fn only_what_was_opened_is_emptied() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for name in [".numberd-aaaaaa.tmp", "others"] {
            std::fs::create_dir(at(name)).unwrap();
            std::fs::write(at(name).join("copy.db"), "x").unwrap();
        }
        let found = opened(&at(".numberd-aaaaaa.tmp")).unwrap();
        std::fs::rename(at(".numberd-aaaaaa.tmp"), at("moved")).unwrap();
        symlink(at("others"), at(".numberd-aaaaaa.tmp")).unwrap();
        assert!(remove_flat(&found, &at(".numberd-aaaaaa.tmp")).is_err());
        assert_eq!(names(&at("others")), ["copy.db"]);
        assert_eq!(names(&at("moved")), [""; 0]);
        assert!(opened(&at(".numberd-aaaaaa.tmp")).is_err(), "a link is not opened");
    }
}
