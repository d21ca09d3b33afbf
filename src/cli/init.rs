//! `numberd init`

use super::{Failure, Options, output};
use crate::domain::Clock;
use crate::ops::credentials;
use crate::store::{self, KeyFile, Migrate, Store};
use clap::Args;

/// A new database.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The login name of the account's root user.
    #[arg(long, default_value = "root")]
    login_name: String,
}

impl Init {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let (database, key_path) = (options.database(), options.key_file());
        for path in [&database, &key_path] {
            if path.exists() {
                return Err(Failure::Conflict(format!("{} exists already; choose another file.", path.display())));
            }
        }
        if options.dry_run {
            output::line(&format!("would make {} and {}", database.display(), key_path.display()));
            return Ok(());
        }
        store::create(&database)?;
        let made = self.fill(options);
        if made.is_err() {
            // What was begun is taken back, so that the same command can be given again.
            for path in [&database, &key_path] {
                let _ = std::fs::remove_file(path);
            }
        }
        made
    }

    fn fill(self, options: &Options) -> Result<(), Failure> {
        let key_file = KeyFile::create(&options.key_file())?;
        let store = Store::open(&options.database(), Migrate::Apply, Clock::System)?;
        let issued = options.write(&store, move |tx| credentials::found_account(tx, &key_file, &self.login_name))?;
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
