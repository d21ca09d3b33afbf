//! `numberd password …`

use super::{Failure, Options};
use crate::domain::LoginName;
use crate::ops::{credentials, passwords};
use crate::store::{Migrate, ram_users};
use clap::Subcommand;
use serde_json::json;
use std::io::Read;

#[derive(Debug, Subcommand)]
pub(super) enum Password {
    /// Set a login's password, read from standard input; their sessions end.
    Set {
        /// The login name.
        login_name: LoginName,
    },
}

impl Password {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self::Set { login_name } = self;
        let password = read()?;
        if !passwords::has_length(&password) {
            let length = password.chars().count();
            return Err(Failure::usage(format!(
                "A password has {} to {} characters, not {length}.",
                passwords::SHORTEST,
                passwords::LONGEST
            )));
        }
        let store = options.open(Migrate::Require)?;
        let hashed = passwords::hash(&password)?;
        let whose = login_name.to_string();
        let written = options.write(&store, move |tx| {
            let ram_id = ram_users::require(tx, login_name.as_str())?;
            credentials::set_password(tx, &ram_id, &hashed)
        })?;
        let done = format!("The password of {whose} is set, and their sessions have ended.");
        written.print_final(
            options,
            |()| (json!({ "login_name": whose }), done),
            &format!("Would set the password of {whose}."),
        )
    }
}

/// The first line of standard input.
fn read() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::usage(format!("The password can't be read: {error}.")))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
