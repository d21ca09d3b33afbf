//! Directories for what is not whole yet, beside the place where it belongs.
//!
//! Whoever uses one keeps it locked, and it goes away with its user. If the program is killed it
//! stays until the next one is made there, or a server starts. On a file system without locks
//! nobody can tell whether it is in use, so there it stays.

use rustix::fs::{FlockOperation, OFlags, flock};
use std::fs::{File, OpenOptions, read_dir, remove_dir, remove_file};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use tempfile::{Builder, TempDir};

/// The names of all of them: these, and between them as many letters and digits.
const NAME: (&str, usize, &str) = (".numberd-", 6, ".tmp");

/// One of them.
#[derive(Debug)]
pub struct Scratch {
    directory: TempDir,
    /// `None`: the file system has no locks.
    _lock: Option<File>,
}

impl Scratch {
    /// Makes one in a directory, and removes there what killed programs left.
    pub fn inside(directory: &Path) -> io::Result<Self> {
        remove_abandoned(directory);
        loop {
            let (prefix, letters, suffix) = NAME;
            let mut name = Builder::new();
            name.prefix(prefix).rand_bytes(letters).suffix(suffix);
            let directory = name.tempdir_in(directory)?;
            let lock = locked(directory.path());
            // Another program that began just now may have taken it for an abandoned one.
            let is_taken = matches!(&lock, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
            if directory.path().exists() && !is_taken {
                return Ok(Self { directory, _lock: lock.ok() });
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

fn locked(directory: &Path) -> io::Result<File> {
    let no_link = (OFlags::NOFOLLOW | OFlags::DIRECTORY).bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(no_link).open(directory)?;
    flock(&opened, FlockOperation::NonBlockingLockExclusive)?;
    Ok(opened)
}

/// Removes what this user's programs left in a directory when they were killed. One that can't be
/// removed takes room and nothing else.
pub fn remove_abandoned(directory: &Path) {
    let Ok(entries) = read_dir(directory) else { return };
    let own = rustix::process::geteuid().as_raw();
    for entry in entries.flatten() {
        let is_one = is_name(&entry.file_name().to_string_lossy())
            && entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == own);
        if is_one && let Ok(_lock) = locked(&entry.path()) {
            let _ = remove_flat(&entry.path());
        }
    }
}

fn is_name(name: &str) -> bool {
    let (prefix, letters, suffix) = NAME;
    let between = name.strip_prefix(prefix).and_then(|name| name.strip_suffix(suffix));
    between.is_some_and(|text| {
        text.len() == letters && text.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

/// Removes a directory of files. One with a directory in it is none of these, and stays whole.
fn remove_flat(directory: &Path) -> io::Result<()> {
    let files: Vec<_> = read_dir(directory)?.collect::<Result<_, _>>()?;
    for file in &files {
        if !file.file_type()?.is_file() {
            return Ok(());
        }
    }
    files.iter().try_for_each(|file| remove_file(file.path()))?;
    remove_dir(directory)
}
