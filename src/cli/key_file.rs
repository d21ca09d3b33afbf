//! `numberd key-file …`

use super::write::Written;
use super::{Failure, Options, hint};
use crate::ops::credentials;
use crate::store::{self, KeyFile, Migrate};
use clap::Subcommand;
use serde_json::json;
use std::path::Path;

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
            return Err(Failure::conflict(format!(
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
        store::give_to_owner_of(&next, &database)?;
        let written = options.write(&store, move |tx| match old {
            Some(old) => credentials::rotate_key_file(tx, &old, &key),
            None => credentials::renew_key_file(tx, &key),
        });
        let placed = match &written {
            Ok(Written::Did(_)) => std::fs::rename(&next, &path),
            Ok(Written::Would(_)) | Err(_) => std::fs::remove_file(&next),
        };
        let written = written?;
        placed.map_err(|error| {
            Failure::database(format!("{} can't be put in place: {error}.", next.display()))
        })?;
        let shown = path.display().to_string();
        let (did, would) = match self {
            Self::Renew => ("Made", "Would make"),
            Self::Rotate => ("Replaced", "Would replace"),
        };
        let what = |keys: u64| match self {
            Self::Renew => hint::completed(&format!(
                "{keys} AccessKeys have ended; make new ones with `numberd access-key create LOGIN`."
            )),
            Self::Rotate => format!(
                "{keys} secrets of AccessKeys are encrypted with the new key. Keep a copy of it elsewhere."
            ),
        };
        let would = match &written {
            Written::Would(keys) => format!("{would} {shown}; {keys} AccessKeys."),
            Written::Did(_) => String::new(),
        };
        written.print_final(
            options,
            |keys| {
                let value = json!({ "key_file": shown, "access_keys": keys });
                (value, format!("{did} {shown}. {}", what(*keys)))
            },
            &would,
        )
    }
}

/// Only a key file that is lost is recreated.
fn refuse_key_file_that_is_there(
    options: &Options,
    store: &store::Store,
    path: &Path,
) -> Result<(), Failure> {
    if options.open_key_file(store).is_ok() {
        return Err(Failure::conflict(format!(
            "{} is there and fits; `numberd key-file rotate` replaces it.",
            path.display()
        )));
    }
    if path.exists() {
        return Err(Failure::conflict(format!(
            "{} is another key or none; move it away, or name another file with --key-file.",
            path.display()
        )));
    }
    Ok(())
}
