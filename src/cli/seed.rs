//! `numberd seed`

use super::{Failure, Options, output};
use crate::store::{Migrate, Store, seed};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
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
