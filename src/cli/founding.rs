//! A database and its key file, made so that both appear or neither.
//!
//! They are made under names of their own beside the place where they belong, and moved there when
//! everything in them is safe on the disk. A process that is killed leaves such files behind. They
//! do no harm, and the next process that makes a database there removes them.

use super::{Failure, Options};
use crate::domain::Clock;
use crate::store::{self, KeyFile, Migrate, Store};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What files that are being made are called: this between the name of the database and the number
/// of the process.
const UNFINISHED: &str = ".unfinished-";

/// Makes the database and its key file and fills them; nothing stays when that fails, and a file
/// that was there before is left alone. A key file that is there already, without a database, is
/// taken over: it may be the half that a process finished before it was killed. What root makes
/// belongs to the owner of the database's directory.
pub(super) fn all_or_nothing<T>(
    options: &Options,
    fill: impl FnOnce(&Store, &KeyFile) -> Result<T, Failure>,
) -> Result<T, Failure> {
    refuse_existing_files(options)?;
    let (database, key_path) = (options.database(), options.key_file());
    remove_unfinished(&database);
    let making = Making { database: unfinished(&database), key: unfinished(&key_path) };
    let (key_file, is_new) = if key_path.exists() {
        (take_over(&key_path)?, false)
    } else {
        (KeyFile::create(&making.key)?, true)
    };
    store::create(&making.database)?;
    let made = {
        let store = Store::open(&making.database, Migrate::Apply, Clock::System)?;
        fill(&store, &key_file)?
    };
    store::finish(&making.database)?;
    let owned = store::directory_of(&database);
    store::give_to_owner_of(&making.database, &owned)?;
    // Neither takes the place of a file that somebody else has put there meanwhile.
    if is_new {
        store::give_to_owner_of(&making.key, &owned)?;
        put_in_place(&making.key, &key_path)?;
    }
    put_in_place(&making.database, &database)?;
    Ok(made)
}

/// Checks that neither file is there; a key file may be, if [`all_or_nothing`] would take it over.
pub(super) fn refuse_existing_files(options: &Options) -> Result<(), Failure> {
    let (database, key_path) = (options.database(), options.key_file());
    refuse_existing(&database)?;
    refuse_log(&database)?;
    store::require_place(&database)?;
    store::require_place(&key_path)?;
    if key_path.exists() { take_over(&key_path).map(|_| ()) } else { Ok(()) }
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.exists() || path.is_symlink() {
        return Err(Failure::conflict(format!(
            "{} exists already; choose another file.",
            path.display()
        )));
    }
    Ok(())
}

/// SQLite would take the log of a database that is gone for that of the new one.
fn refuse_log(database: &Path) -> Result<(), Failure> {
    for end in ["-wal", "-journal"] {
        let log = beside(database, end);
        if log.metadata().is_ok_and(|found| found.len() > 0) {
            return Err(Failure::conflict(format!(
                "{} belongs to a database that is gone; move it away, or choose another file.",
                log.display()
            )));
        }
    }
    Ok(())
}

/// What SQLite calls a file of its own beside a database.
fn beside(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn take_over(path: &Path) -> Result<KeyFile, Failure> {
    KeyFile::open(path).map_err(|error| {
        Failure::conflict(format!(
            "{} exists already, and can't become the key file: {error}",
            path.display()
        ))
    })
}

/// The files while they are made; removed when they have not been put in place.
struct Making {
    database: PathBuf,
    key: PathBuf,
}

impl Drop for Making {
    fn drop(&mut self) {
        remove(&self.key);
        for suffix in ["-wal", "-shm", "-journal", ""] {
            remove(&beside(&self.database, suffix));
        }
    }
}

/// The name of a file while this process makes it: hidden, beside its place.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!("{UNFINISHED}{}", std::process::id()));
    path.with_file_name(name)
}

/// Removes what processes that are gone left beside the place of a database.
fn remove_unfinished(database: &Path) {
    let Ok(entries) = std::fs::read_dir(store::directory_of(database)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some((_, rest)) = name.to_str().and_then(|name| name.split_once(UNFINISHED)) else {
            continue;
        };
        let digits = rest.split('-').next().unwrap_or_default();
        let maker = digits.parse().ok().and_then(rustix::process::Pid::from_raw);
        let is_gone = maker.is_some_and(|maker| {
            maker == rustix::process::getpid()
                || rustix::process::test_kill_process(maker) == Err(rustix::io::Errno::SRCH)
        });
        if is_gone {
            remove(&entry.path());
        }
    }
}

/// Moves a finished file to its place, for good.
fn put_in_place(from: &Path, to: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::database(format!("{} can't be created: {error}.", to.display()))
    };
    // A link, unlike a move, takes nobody's place.
    match std::fs::hard_link(from, to) {
        Ok(()) => remove(from),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return refuse_existing(to);
        }
        // A file system without links.
        Err(_) => std::fs::rename(from, to).map_err(failed)?,
    }
    let directory = File::open(store::directory_of(to)).map_err(failed)?;
    directory.sync_all().map_err(failed)
}

/// Removes a file that may not be there; that it can't be is less worth saying than what went wrong
/// before.
fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}
