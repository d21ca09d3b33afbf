//! `numberd seed`

use super::{Failure, Options, founding, output};
use crate::store::{Migrate, Store, access_keys, seed};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    if !options.database().exists() {
        return make(options);
    }
    // A dry run does not even touch the schema.
    let store = options.open(if options.dry_run { Migrate::Require } else { Migrate::Apply })?;
    load(options, &store)?;
    output::done(
        options,
        &json!({ "seeded": true }),
        "The sample call centre is loaded.",
        "Would load the sample call centre.",
    );
    Ok(())
}

/// Makes the database and its key file, and loads the sample.
fn make(options: &Options) -> Result<(), Failure> {
    founding::refuse_existing_files(options)?;
    let (database, key_path) = (options.database(), options.key_file());
    let files = format!("{} and {}", database.display(), key_path.display());
    if !options.dry_run {
        founding::all_or_nothing(options, |store, key_file| {
            load(options, store)?;
            let key_file = key_file.clone();
            options.write(store, move |tx| access_keys::adopt_key_file(tx, &key_file))
        })?;
    }
    output::done(
        options,
        &json!({ "seeded": true }),
        &format!(
            "Made {files} with the sample call centre. `numberd token create user-test` makes a token of its root."
        ),
        &format!("Would make {files} with the sample call centre."),
    );
    Ok(())
}

/// Loads the sample; a used database refuses it.
pub(super) fn load(options: &Options, store: &Store) -> Result<(), Failure> {
    if !store.read(seed::is_empty)? {
        return Err(Failure::Conflict(format!(
            "{} holds something already; the sample is only loaded into an empty database.",
            options.database().display()
        )));
    }
    options.write(store, seed::load)
}
