//! `numberd migrate`

use super::{Failure, Options, output};
use crate::store::{self, Migrate, migrations};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let newest = migrations::newest();
    let result = json!({ "schema": newest });
    if options.dry_run {
        // The file is only read: to take the writer's lock would already make an empty one a
        // database.
        let has = store::schema_version(&options.database())?;
        let would = if has == newest {
            format!("The schema is at {newest}; there is nothing to do.")
        } else {
            format!("Would bring the schema from {has} to {newest}.")
        };
        return output::dry_run(options.json, &would);
    }
    let had = store::schema_version(&options.database()).ok();
    options.open(Migrate::Apply)?;
    if had != Some(newest) {
        output::is_done(format!("The schema is at {newest} all the same."));
    }
    output::value(options.json, &result, |_| format!("The schema is at {newest}."))
}
