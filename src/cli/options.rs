//! The options of every subcommand, and what they name: the database, its key file, the instance.

use super::{Failure, names};
use crate::domain::{Clock, InstanceId};
use crate::store::{KeyFile, Migrate, ReadTx, Store, access_keys, changes, instances};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The options of every subcommand.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(super) struct Options {
    /// The database file [default: numberd.db; for demo: a temporary file].
    #[arg(long, global = true, env = "NUMBERD_DATABASE", value_name = "FILE")]
    pub(super) database: Option<PathBuf>,
    /// The file with the key that the AccessKey secrets are encrypted with [default: the database's
    /// name, ending in .key].
    #[arg(long, global = true, env = "NUMBERD_KEY_FILE", value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Show what would be done, and do nothing.
    #[arg(long, global = true)]
    pub(super) dry_run: bool,
    /// The instance, the call centre that is meant [default: the only one there is].
    #[arg(long, global = true, env = "NUMBERD_INSTANCE", value_name = "ID")]
    pub(super) instance: Option<String>,
    /// Why something is changed; kept in the change log.
    #[arg(
        long,
        global = true,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        value_parser = names::reason
    )]
    pub(super) reason: String,
}

impl Options {
    /// The database's path; of one that is there, without links, so that what belongs to it is
    /// looked for beside the file itself.
    pub(super) fn database(&self) -> PathBuf {
        let path = self.database.clone().unwrap_or_else(|| PathBuf::from("numberd.db"));
        if path.is_symlink() { path.canonicalize().unwrap_or(path) } else { path }
    }

    pub(super) fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.database().with_extension("key"))
    }

    pub(super) fn open(&self, migrate: Migrate) -> Result<Arc<Store>, Failure> {
        Ok(Arc::new(Store::open(&self.database(), migrate, Clock::System)?))
    }

    /// The key file of the database, checked to be its own. A key that was made for it, and not
    /// put in place because the program was killed, is put there now.
    pub(super) fn open_key_file(&self, store: &Store) -> Result<KeyFile, Failure> {
        let path = self.key_file();
        let opened = self.fitting_key_file(store, &path);
        let next = Self::next_key_file(&path);
        if opened.is_err() && next.exists() {
            let key_file = self.fitting_key_file(store, &next)?;
            std::fs::rename(&next, &path).map_err(|error| {
                Failure::database(format!("{} can't be put in place: {error}.", next.display()))
            })?;
            return Ok(key_file);
        }
        opened
    }

    fn fitting_key_file(&self, store: &Store, path: &Path) -> Result<KeyFile, Failure> {
        if !path.exists() {
            return Err(Failure::database(format!(
                "The key file {} does not exist. Put it back from where it is kept, or name it with --key-file; if it is lost, `numberd key-file renew` makes a new one and ends the AccessKeys.",
                path.display()
            )));
        }
        let key_file = KeyFile::open(path)?;
        if !store.read(|tx| access_keys::is_key_file_of(tx, &key_file))? {
            return Err(Failure::database(format!(
                "{} is not the key file of {}: its AccessKey secrets were encrypted with another key.",
                path.display(),
                self.database().display()
            )));
        }
        Ok(key_file)
    }

    /// Where a new key lies until it takes the place of the old one.
    pub(super) fn next_key_file(path: &Path) -> PathBuf {
        let mut next = path.as_os_str().to_owned();
        next.push(".next");
        PathBuf::from(next)
    }

    /// The instance that is meant: the one given, or the only one there is.
    pub(super) fn instance(&self, store: &Store) -> Result<InstanceId, Failure> {
        if let Some(id) = &self.instance {
            return there(store, InstanceId::new(id.as_str()));
        }
        let ids: Vec<String> = store.read(instances::in_use)?;
        match ids.as_slice() {
            [only] => Ok(InstanceId::new(only.as_str())),
            [] => Err(Failure::not_found(
                "There is no instance yet; `numberd instances create ID` makes one.",
            )),
            several => Err(Failure::usage(format!(
                "Say which instance is meant, with --instance or NUMBERD_INSTANCE: {}.",
                several.join(", ")
            ))),
        }
    }
}
/// An instance that is there; of one that was given up it is said how it comes back.
pub(super) fn there(store: &Store, id: InstanceId) -> Result<InstanceId, Failure> {
    let Err(missing) = store.read(|tx| instances::find(tx, &id)) else { return Ok(id) };
    Err(given_up(store, &id)?.map_or_else(|| missing.into(), Failure::not_found))
}

/// What is said of an instance that was given up; nothing of any other.
pub(super) fn given_up(store: &Store, id: &InstanceId) -> Result<Option<String>, Failure> {
    let given_up_by = |tx: &ReadTx<'_>| match instances::is_given_up(tx, id)? {
        true => changes::last_request_for_instance(tx, id),
        false => Ok(None),
    };
    let by: Option<String> = store.read(given_up_by)?;
    Ok(by.map(|request_id| {
        format!(
            "Instance {id} was given up, and its id stays taken; `numberd undo {request_id}` brings it back."
        )
    }))
}
