//! The directory beside a database in which something is tried out on a copy of it.

use rustix::fs::{FlockOperation, flock};
use std::fs::{File, read_dir, remove_dir_all};
use std::io::{self, ErrorKind::WouldBlock};
use std::path::Path;
use tempfile::{Builder, TempDir};

const PREFIX: &str = ".numberd-adopt-";

/// One that is gone when it is dropped. If the program is killed it stays, until the next one is
/// made: whoever uses one keeps it locked.
pub(super) struct TrialDirectory {
    directory: TempDir,
    _lock: File,
}

impl TrialDirectory {
    pub(super) fn beside(database: &Path) -> io::Result<Self> {
        let beside = match database.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        remove_abandoned(beside)?;
        loop {
            let directory = Builder::new().prefix(PREFIX).tempdir_in(beside)?;
            match locked(directory.path()) {
                Ok(lock) if directory.path().exists() => {
                    return Ok(Self { directory, _lock: lock });
                }
                // Another program began just now and took it for an abandoned one.
                Ok(_) => {}
                Err(error) if directory.path().exists() && error.kind() != WouldBlock => {
                    return Err(error);
                }
                Err(_) => {}
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }
}

fn locked(directory: &Path) -> io::Result<File> {
    let opened = File::open(directory)?;
    flock(&opened, FlockOperation::NonBlockingLockExclusive)?;
    Ok(opened)
}

fn remove_abandoned(beside: &Path) -> io::Result<()> {
    for entry in read_dir(beside)? {
        let entry = entry?;
        let is_one = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_one && let Ok(_lock) = locked(&entry.path()) {
            // One that stays takes room and nothing else.
            let _ = remove_dir_all(entry.path());
        }
    }
    Ok(())
}
