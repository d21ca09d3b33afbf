//! `numberd init`

use super::{Failure, Options, founding, hint, output};
use crate::domain::LoginName;
use crate::ops::credentials::{self, Issued};
use crate::ops::passwords;
use crate::store::{KeyFile, Store};
use clap::Args;
use serde::Serialize;

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
        let password = credentials::random_password()?;
        let hashed = passwords::hash(&password)?;
        let made = format!(
            "Made {} and {}; keep the key file out of the database's backups.",
            options.database().display(),
            options.key_file().display()
        );
        options.issue(
            store,
            move |tx| {
                let access_key =
                    credentials::found_account(tx, &key_file, &self.login_name, &hashed)?;
                Ok(Founded { access_key, login_name: self.login_name, password })
            },
            move |founded| format!("{made}\n\n{founded}"),
            "",
        )
    }
}

/// The root's credentials, shown this once.
#[derive(Serialize)]
struct Founded {
    #[serde(flatten)]
    access_key: Issued,
    login_name: LoginName,
    password: String,
}

impl std::fmt::Display for Founded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "AccessKey id      {}", self.access_key.id)?;
        writeln!(f, "AccessKey secret  {}", self.access_key.secret)?;
        writeln!(f, "Console login     {}", self.login_name)?;
        writeln!(f, "Console password  {}", self.password)?;
        f.write_str(&hint::completed(&format!(
            "\nThe secret and the password are not shown again; `numberd password set {}` sets another password.\n`numberd instances create ID` makes the first call centre, `numberd serve` starts the server.",
            self.login_name
        )))
    }
}
