//! `numberd seed`

use super::{Failure, Options, output};
use crate::store::{Migrate, Store, seed};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let store = options.open(Migrate::Apply)?;
    load(options, &store)?;
    output::value(options.json, &json!({ "seeded": !options.dry_run }), |_| "The sample call centre is loaded.".to_owned());
    Ok(())
}

/// Loads the sample; a used database refuses it.
pub(super) fn load(options: &Options, store: &Store) -> Result<(), Failure> {
    if !store.read(seed::is_empty)? {
        return Err(Failure::Conflict(format!("{} holds something already; the sample is only loaded into an empty database.", options.database().display())));
    }
    options.write(store, seed::load)
}
