//! `numberd seed`

use super::write::Written;
use super::{Failure, Options, founding, hint, output};
use crate::store::{Migrate, Store, access_keys, seed};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    if !options.database().exists() {
        return make(options);
    }
    // A dry run does not even touch the schema.
    let store = options.open(if options.dry_run { Migrate::Require } else { Migrate::Apply })?;
    load(options, &store)?.print_final(
        options,
        |()| (json!({ "seeded": true }), "The sample call centre is loaded.".to_owned()),
        "Would load the sample call centre.",
    )
}

/// Makes the database and its key file, and loads the sample.
fn make(options: &Options) -> Result<(), Failure> {
    founding::refuse_existing_files(options)?;
    let (database, key_path) = (options.database(), options.key_file());
    let files = format!("{} and {}", database.display(), key_path.display());
    if options.dry_run {
        let would = format!("Would make {files} with the sample call centre.");
        return output::dry_run(options.json, &would);
    }
    let written = founding::all_or_nothing(options, |store, key_file| {
        let Written::Did(_) = load(options, store)? else { return Ok(Written::Would(())) };
        let key_file = key_file.clone();
        options.write(store, move |tx| access_keys::adopt_key_file(tx, &key_file))
    })?;
    let did = hint::completed(&format!(
        "Made {files} with the sample call centre. `numberd token create user-test` makes a token of its root."
    ));
    written.print_final(options, |()| (json!({ "seeded": true }), did), "")
}

/// Loads the sample; a used database refuses it.
pub(super) fn load(options: &Options, store: &Store) -> Result<Written<()>, Failure> {
    if !store.read(seed::is_empty)? {
        return Err(Failure::conflict(format!(
            "{} holds something already; the sample is only loaded into an empty database.",
            options.database().display()
        )));
    }
    options.write(store, seed::load)
}
