//! The database's file as it was opened, and whether it is still the one at its path.
//!
//! A file that is moved, replaced or deleted under an open database goes on taking writes that
//! nobody finds again. So its device and inode, and those of its write-ahead log, are compared
//! before a write is acknowledged. Only `stat` looks: a file of SQLite's that is opened and closed
//! loses the locks of this process.

use super::error::OpenError;
use super::new_file::appended;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A file's identity, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    fn of(path: &Path) -> std::io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        Ok(Self { device: metadata.dev(), inode: metadata.ino() })
    }
}

#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    identity: Identity,
    /// The write-ahead log, once it is open.
    log: OnceLock<(PathBuf, Identity)>,
}

impl DatabaseFile {
    /// The file behind a path; links are followed now and never again.
    ///
    /// # Errors
    /// There is no such file, or it can't be reached.
    pub(super) fn at(path: &Path) -> Result<Self, OpenError> {
        let resolved = path.canonicalize().and_then(|path| Ok((Identity::of(&path)?, path)));
        match resolved {
            Ok((identity, path)) => Ok(Self { path, identity, log: OnceLock::new() }),
            Err(error) => Err(super::open::unreachable(path, &error)),
        }
    }

    /// Its path, without links.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of its write-ahead log.
    pub(super) fn log_path(&self) -> PathBuf {
        appended(&self.path, "-wal")
    }

    /// Remembers the write-ahead log, which is there as long as a connection is open.
    pub(super) fn watch_log(&self) {
        let path = self.log_path();
        if let Ok(identity) = Identity::of(&path) {
            self.log.get_or_init(|| (path, identity));
        }
    }

    /// Whether both are still where they were.
    pub(super) fn require_in_place(&self) -> Result<(), String> {
        let files = [(&self.path, &self.identity)];
        let log = self.log.get().map(|(path, identity)| (path, identity));
        for (path, opened) in files.into_iter().chain(log) {
            let what = match Identity::of(path) {
                Ok(now) if now == *opened => continue,
                Ok(_) => "was replaced by another file",
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    "was moved or deleted"
                }
                // What can't be looked at may still be in place.
                Err(_) => continue,
            };
            return Err(format!(
                "{} {what} while it was open; what is written now would be lost. Stop the server before the file is moved, and use `numberd restore` to put back a backup",
                path.display()
            ));
        }
        Ok(())
    }
}

/// Files that stay open until the process ends: one of the database's that is closed earlier would
/// take SQLite's locks with it.
static SERVED: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// Makes this process the only server of a database. The lock is on the file itself, so it needs no
/// other file, and holds for every path that leads there; readers and the command line don't look
/// at it.
///
/// # Errors
/// Another process serves it; or the file can't be read.
pub fn serve_alone(path: &Path) -> Result<bool, OpenError> {
    let opened = File::open(path).map_err(|error| super::open::unreachable(path, &error))?;
    let locked =
        rustix::fs::flock(&opened, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok();
    SERVED.lock().unwrap_or_else(PoisonError::into_inner).push(opened);
    Ok(locked)
}

/// How much of the shared memory gets its room at once: what SQLite keeps there of a write-ahead
/// log of 16,000 pages.
const SHARED_MEMORY: u64 = 128 * 1024;

/// Takes room on the disk for the shared memory (`-shm`) of a database that this process serves.
/// SQLite leaves holes in that file and maps it. In a file system with blocks of less than 4 KB a
/// hole that finds no room on a full disk ends the process with SIGBUS. Where no room can be taken,
/// nothing is worse than before.
pub fn reserve_shared_memory(path: &Path) {
    let Ok(path) = path.canonicalize() else { return };
    if let Ok(opened) = File::options().write(true).open(appended(&path, "-shm")) {
        let keep_size = rustix::fs::FallocateFlags::KEEP_SIZE;
        let _ = rustix::fs::fallocate(&opened, keep_size, 0, SHARED_MEMORY);
        SERVED.lock().unwrap_or_else(PoisonError::into_inner).push(opened);
    }
}

#[cfg(test)]
mod tests {
    use super::DatabaseFile;

    #[test]
    fn a_file_or_a_log_that_is_moved_replaced_or_deleted_is_noticed_and_one_that_comes_back_too() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let database = at("n.db");
        std::fs::write(&database, "").unwrap();
        std::fs::write(at("n.db-wal"), "").unwrap();
        std::os::unix::fs::symlink(&database, at("link.db")).unwrap();
        let file = DatabaseFile::at(&at("link.db")).unwrap();
        file.watch_log();
        for name in ["n.db", "n.db-wal"] {
            assert_eq!(file.require_in_place(), Ok(()));
            std::fs::rename(at(name), at("elsewhere")).unwrap();
            let sentence = file.require_in_place().unwrap_err();
            assert!(sentence.contains(name) && sentence.contains("moved or deleted"), "{sentence}");
            std::fs::write(at(name), "").unwrap();
            let sentence = file.require_in_place().unwrap_err();
            assert!(sentence.contains("replaced by another file"), "{sentence}");
            std::fs::rename(at("elsewhere"), at(name)).unwrap();
        }
        // The link is not looked at again.
        std::fs::remove_file(at("link.db")).unwrap();
        assert_eq!(file.require_in_place(), Ok(()));
    }
}
