//! `numberd init`

use super::{Failure, Options, founding, output};
use crate::domain::LoginName;
use crate::ops::credentials;
use crate::store::{KeyFile, Store};
use clap::Args;

/// A new database.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The login name of the account's root user.
    #[arg(long, default_value = "root")]
    login_name: LoginName,
}

impl Init {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        founding::refuse_existing_files(options)?;
        let (database, key_path) = (options.database(), options.key_file());
        if options.dry_run {
            return output::dry_run(
                options.json,
                &format!("Would make {} and {}.", database.display(), key_path.display()),
            );
        }
        founding::all_or_nothing(options, |store, key_file| self.fill(options, store, key_file))
    }

    fn fill(self, options: &Options, store: &Store, key_file: &KeyFile) -> Result<(), Failure> {
        let key_file = key_file.clone();
        let made = format!(
            "Made {} and {}; keep the key file out of the database's backups.",
            options.database().display(),
            options.key_file().display()
        );
        options.issue(
            store,
            move |tx| credentials::found_account(tx, &key_file, &self.login_name),
            move |issued| {
                format!(
                    "{made}\n\nAccessKey id      {}\nAccessKey secret  {}\n\nThe secret is not shown again. `numberd instances create ID` makes the first call centre, `numberd serve` starts the server.",
                    issued.id, issued.secret
                )
            },
            "",
        )
    }
}
