//! `numberd check`

use super::{Failure, Options, output};
use crate::store::{Migrate, integrity};
use serde_json::json;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let store = options.open(Migrate::Require)?;
    let findings = store.read(integrity::check)?;
    output::value(options.json, &json!({ "findings": findings }), |_| {
        if findings.is_empty() {
            return "All is well: the file, its foreign keys, every rule and every counter."
                .to_owned();
        }
        let rows: Vec<Vec<String>> = findings
            .iter()
            .map(|finding| {
                vec![finding.check.clone(), finding.subject.clone(), finding.detail.clone()]
            })
            .collect();
        output::table(&["CHECK", "SUBJECT", "WHAT IS WRONG"], &rows)
    });
    match findings.len() {
        0 => Ok(()),
        wrong => Err(Failure::Database(format!(
            "{wrong} things are wrong in {}.",
            options.database().display()
        ))),
    }
}
