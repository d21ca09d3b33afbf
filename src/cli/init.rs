//! `numberd init`

use super::{Failure, Options, output};
use crate::domain::{Clock, LoginName};
use crate::ops::credentials;
use crate::store::{self, KeyFile, Migrate, Store};
use clap::Args;
use std::path::Path;

/// A new database.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The login name of the account's root user.
    #[arg(long, default_value = "root")]
    login_name: LoginName,
}

impl Init {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let (database, key_path) = (options.database(), options.key_file());
        for path in [&database, &key_path] {
            if path.exists() {
                return Err(Failure::Conflict(format!(
                    "{} exists already; choose another file.",
                    path.display()
                )));
            }
        }
        if options.dry_run {
            output::dry_run(
                options.json,
                &format!("Would make {} and {}.", database.display(), key_path.display()),
            );
            return Ok(());
        }
        all_or_nothing(options, |store, key_file| self.fill(options, store, key_file))
    }

    fn fill(self, options: &Options, store: &Store, key_file: &KeyFile) -> Result<(), Failure> {
        let key_file = key_file.clone();
        let issued = options
            .write(store, move |tx| credentials::found_account(tx, &key_file, &self.login_name))?;
        output::value(options.json, &issued, |issued| {
            format!(
                "Made {} and {}; keep the key file out of the database's backups.\n\nAccessKey id      {}\nAccessKey secret  {}\n\nThe secret is not shown again. `numberd serve` starts the server.",
                options.database().display(),
                options.key_file().display(),
                issued.id,
                issued.secret
            )
        });
        Ok(())
    }
}

/// Makes the database and its key file and fills them. What was begun is taken back when it fails,
/// so that the same command can be given again; a file that was there before is left alone.
pub(super) fn all_or_nothing<T>(
    options: &Options,
    fill: impl FnOnce(&Store, &KeyFile) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (database, key_path) = (options.database(), options.key_file());
    store::create(&database)?;
    let key_file = KeyFile::create(&key_path).inspect_err(|_| remove(&database))?;
    let made = Store::open(&database, Migrate::Apply, Clock::System)
        .map_err(Failure::from)
        .and_then(|store| fill(&store, &key_file));
    if made.is_err() {
        remove(&key_path);
        for suffix in ["-wal", "-shm", ""] {
            let mut name = database.clone().into_os_string();
            name.push(suffix);
            remove(Path::new(&name));
        }
    }
    made
}

/// Removes a file that was made a moment ago; that it can't be is less worth saying than what went
/// wrong before.
fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}
