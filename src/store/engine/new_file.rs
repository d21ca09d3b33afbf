//! Files that appear under their name only when they are whole and safe on the disk.

use super::scratch::Scratch;
use crate::domain::Error;
use rustix::fs::OFlags;
use std::ops::Deref;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Why a file can't be made, or read again.
#[derive(Clone, Debug)]
pub enum FileError {
    /// There is a file of that name; nothing is overwritten.
    Exists(PathBuf),
    /// A file or directory can't be read or written: a sentence.
    Unusable(String),
    /// The database failed.
    Store(Error),
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exists(path) => {
                write!(f, "{} exists already; nothing is overwritten", path.display())
            }
            Self::Unusable(sentence) => f.write_str(sentence),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FileError {}

impl From<Error> for FileError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Checks that there is a directory for a new file.
fn require_directory(directory: &Path) -> Result<(), FileError> {
    if directory.is_dir() {
        return Ok(());
    }
    let sentence = format!("{} is not a directory; make it first", directory.display());
    Err(FileError::Unusable(sentence))
}

/// Checks that the directory of a new file is there.
///
/// # Errors
/// [`FileError::Unusable`].
pub fn require_place(path: &Path) -> Result<(), FileError> {
    require_directory(&directory_of(path))
}

/// A file that has no name of its own yet, and that goes away unless it is published. What SQLite
/// puts beside it goes away with it.
#[derive(Debug)]
pub(in crate::store) struct Unpublished {
    path: TempPath,
    _inside: Scratch,
}

impl Deref for Unpublished {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

/// An empty file that only its owner can read.
pub(in crate::store) fn temporary_file(directory: &Path) -> Result<Unpublished, FileError> {
    require_directory(directory)?;
    let made = Scratch::inside(directory)
        .and_then(|inside| Ok(Unpublished { path: inside.file()?, _inside: inside }));
    made.map_err(|error| unusable(directory, "written", &error))
}

/// Waits until a closed file is on the disk; returns its size.
pub(in crate::store) fn sync(path: &Path) -> Result<u64, FileError> {
    let synced =
        std::fs::File::open(path).and_then(|file| file.sync_all().and_then(|()| file.metadata()));
    synced.map(|metadata| metadata.len()).map_err(|error| unusable(path, "written", &error))
}

/// Makes a file that is there whole or not at all; another file of that name is never overwritten.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    refuse_existing(path)?;
    let directory = directory_of(path);
    let copy = temporary_file(&directory)?;
    std::fs::write(&*copy, bytes).map_err(|error| unusable(path, "written", &error))?;
    sync(&copy)?;
    publish(copy, path, &directory)
}

/// Checks that a path is free for a new file.
pub fn require_new(path: &Path) -> Result<(), FileError> {
    refuse_existing(path)?;
    temporary_file(&directory_of(path)).map(|_| ())
}

/// Gives a file to the owner of another one where root makes it: else the service, which is another
/// user, could not open it.
pub fn give_to_owner_of(file: &Path, other: &Path) -> Result<(), FileError> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let owner = std::fs::metadata(other).map_err(|error| unusable(other, "looked at", &error))?;
    give(file, owner.uid(), owner.gid())
        .map_err(|error| unusable(file, "given to its owner", &error))
}

/// Whoever owns the directory may have put a link to another file of root's there meanwhile.
fn give(file: &Path, user: u32, group: u32) -> std::io::Result<()> {
    let no_link_or_pipe = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(no_link_or_pipe).open(file)?;
    let found = file.metadata()?;
    if !found.is_file() || found.nlink() != 1 || found.uid() != 0 {
        return Err(std::io::Error::other("it is no longer the file that was made"));
    }
    fchown(&file, Some(user), Some(group))
}

/// Gives a finished file its name; another file of that name is never overwritten.
pub(in crate::store) fn publish(
    copy: Unpublished,
    path: &Path,
    directory: &Path,
) -> Result<(), FileError> {
    copy.path.persist_noclobber(path).map_err(|refused| match refused.error.kind() {
        std::io::ErrorKind::AlreadyExists => FileError::Exists(path.to_owned()),
        _ => unusable(path, "written", &refused.error),
    })?;
    std::fs::File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| unusable(directory, "written", &error))
}

pub(in crate::store) fn refuse_existing(path: &Path) -> Result<(), FileError> {
    if path.symlink_metadata().is_ok() { Err(FileError::Exists(path.to_owned())) } else { Ok(()) }
}

/// A path with more behind it: that of what SQLite puts beside a database.
pub(super) fn appended(path: &Path, text: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(text);
    PathBuf::from(name)
}

/// The directory that a path is in; of one that ends with a slash, which can only be a directory,
/// itself.
pub fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        _ if path.as_os_str().as_encoded_bytes().ends_with(b"/") => path.to_owned(),
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

pub(in crate::store) fn unusable(path: &Path, how: &str, error: &std::io::Error) -> FileError {
    FileError::Unusable(format!("{} can't be {how}: {error}", path.display()))
}

/// The directory of a file, if everyone on this machine can put another file in its place. Where
/// only owners may remove and rename, as in `/tmp`, they can't.
pub(super) fn open_directory_of(path: &Path) -> Option<PathBuf> {
    let directory = directory_of(&path.canonicalize().ok()?);
    let mode = std::fs::metadata(&directory).ok()?.mode();
    (mode & 0o1002 == 0o0002).then_some(directory)
}

#[cfg(test)]
mod tests {
    use super::give;
    use std::os::unix::fs::MetadataExt;

    /// What the owner of a directory may put in the place of the file that root made there.
    #[test]
    fn a_link_that_took_the_place_of_a_file_is_given_to_nobody() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let owner =
            |name: &str| std::fs::metadata(at(name)).map(|found| (found.uid(), found.gid()));
        std::fs::write(at("secret"), "").unwrap();
        std::os::unix::fs::symlink(at("secret"), at("link")).unwrap();
        std::fs::hard_link(at("secret"), at("same")).unwrap();
        let before = owner("secret").unwrap();
        for name in ["link", "same", "missing"] {
            assert!(give(&at(name), 1234, 1234).is_err(), "{name}");
        }
        assert_eq!(owner("secret").unwrap(), before);
    }
}
