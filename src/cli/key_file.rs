//! `numberd key-file …`

use super::{Failure, Options, output};
use crate::ops::credentials;
use crate::store::{self, KeyFile, Migrate};
use clap::Subcommand;
use serde_json::json;
use std::path::Path;

/// The key file.
#[derive(Debug, Subcommand)]
pub(super) enum KeyFileCommand {
    /// Make a new key file in the place of a lost one; the AccessKeys, whose secrets only the lost
    /// one could decrypt, end.
    Renew,
    /// Make a new key and encrypt every AccessKey secret with it.
    Rotate,
}

impl KeyFileCommand {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let database = options.database();
        if !store::serve_alone(&database)? {
            return Err(Failure::Conflict(format!(
                "A server uses {} and would go on with the old key; stop it first.",
                database.display()
            )));
        }
        let store = options.open(Migrate::Require)?;
        let path = options.key_file();
        let old = match self {
            Self::Renew => {
                refuse_key_file_that_is_there(options, &store, &path)?;
                None
            }
            Self::Rotate => Some(options.open_key_file(&store)?),
        };
        let next = Options::next_key_file(&path);
        // What an earlier attempt left was looked at above, and fits nothing.
        let _ = std::fs::remove_file(&next);
        let key = KeyFile::create(&next)?;
        let done = options.write(&store, move |tx| match old {
            Some(old) => credentials::rotate_key_file(tx, &old, &key),
            None => credentials::renew_key_file(tx, &key),
        });
        let placed = match &done {
            Ok(_) if !options.dry_run => std::fs::rename(&next, &path),
            _ => std::fs::remove_file(&next),
        };
        let keys = done?;
        placed.map_err(|error| {
            Failure::Database(format!("{} can't be put in place: {error}.", next.display()))
        })?;
        let (did, would) = match self {
            Self::Renew => ("Made", "Would make"),
            Self::Rotate => ("Replaced", "Would replace"),
        };
        let what = match self {
            Self::Renew => format!(
                "{keys} AccessKeys have ended; make new ones with `numberd access-key create`."
            ),
            Self::Rotate => format!(
                "{keys} secrets of AccessKeys are encrypted with the new key. Keep a copy of it elsewhere."
            ),
        };
        output::done(
            options,
            &json!({ "key_file": path.display().to_string(), "access_keys": keys }),
            &format!("{did} {}. {what}", path.display()),
            &format!("{would} {}; {keys} AccessKeys.", path.display()),
        );
        Ok(())
    }
}

/// Only a key file that is lost is made anew.
fn refuse_key_file_that_is_there(
    options: &Options,
    store: &store::Store,
    path: &Path,
) -> Result<(), Failure> {
    if options.open_key_file(store).is_ok() {
        return Err(Failure::Conflict(format!(
            "{} is there and fits; `numberd key-file rotate` replaces it.",
            path.display()
        )));
    }
    if path.exists() {
        return Err(Failure::Conflict(format!(
            "{} is another key or none; move it away, or name another file with --key-file.",
            path.display()
        )));
    }
    Ok(())
}
