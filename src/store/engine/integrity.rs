//! Whether the file is sound and no rule is broken.

use super::tx::ReadTx;
use crate::domain::Error;

/// One thing that is wrong.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Finding {
    /// What was checked: `integrity`, `foreign keys`, or the rule's name.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub detail: String,
}

/// Checks the file's pages and indexes, its foreign keys, and every rule, state and counter. Empty:
/// all is well.
pub fn check(tx: &ReadTx<'_>) -> Result<Vec<Finding>, Error> {
    let mut findings = tx.rows(
        "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        [],
        |row| {
            Ok(Finding {
                check: "integrity".to_owned(),
                subject: String::new(),
                detail: row.get("integrity_check")?,
            })
        },
    )?;
    findings.extend(tx.rows(
        "SELECT coalesce(rowid, '') AS subject, parent FROM pragma_foreign_key_check",
        [],
        |row| {
            let detail =
                format!("a row refers to a missing row of {}", row.get::<_, String>("parent")?);
            Ok(Finding { check: "foreign keys".to_owned(), subject: row.get("subject")?, detail })
        },
    )?);
    findings.extend(tx.rows(
        "SELECT rule, coalesce(subject, '') AS subject, coalesce(detail, '') AS detail FROM v_rule_violation",
        [],
        |row| Ok(Finding { check: row.get("rule")?, subject: row.get("subject")?, detail: row.get("detail")? }),
    )?);
    Ok(findings)
}

/// Reads one row, to tell whether the database answers.
pub fn ping(tx: &ReadTx<'_>) -> Result<(), Error> {
    tx.count("SELECT count(*) FROM role", []).map(|_| ())
}
