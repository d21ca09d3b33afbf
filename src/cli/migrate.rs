//! `numberd migrate`

use super::{Failure, Options, output};
use crate::store::{Migrate, migrations};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let newest = migrations::newest();
    if options.dry_run {
        return match options.open(Migrate::Require) {
            Ok(_) => {
                output::value(options.json, &json!({ "schema": newest }), |_| format!("The schema is at {newest}; nothing is to be done."));
                Ok(())
            }
            Err(failure) => Err(failure),
        };
    }
    options.open(Migrate::Apply)?;
    output::value(options.json, &json!({ "schema": newest }), |_| format!("The schema is at {newest}."));
    Ok(())
}
