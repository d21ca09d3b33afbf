//! Whether the file is sound, its schema is this program's, and no rule is broken.

use super::row::Row;
use super::tx::ReadTx;
use super::{logged, schema};
use crate::domain::Error;
use crate::domain::batch::Refusal;
use crate::domain::run::RunAct;
use rusqlite::Params;
use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What was checked: `integrity`, `foreign keys`, `schema`, `text`, `clock`, `run`, `log`,
    /// `key file`, or the rule's name.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub detail: String,
}

impl Finding {
    /// A finding of a check.
    pub fn new(check: &str, subject: &str, detail: impl Into<String>) -> Self {
        Self { check: check.to_owned(), subject: subject.to_owned(), detail: detail.into() }
    }
}

/// What was found in a file.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Examination {
    /// What is wrong. Empty: all is well.
    pub findings: Vec<Finding>,
    /// What is worth knowing and does no harm.
    pub notes: Vec<String>,
}

/// Checks the file's pages and indexes, its foreign keys and CHECK constraints, its schema, its
/// texts, and every rule, state and counter, the runs and the log. Empty: all is well.
pub fn check(tx: &ReadTx<'_>) -> Result<Vec<Finding>, Error> {
    examine(tx).map(|examination| examination.findings)
}

/// Like [`check`], with what is only mentioned.
pub fn examine(tx: &ReadTx<'_>) -> Result<Examination, Error> {
    let mut found = soundness(tx)?;
    let findings = &mut found.findings;
    // Only where the clock was set back, or somebody forged the time of the program.
    look(
        tx,
        findings,
        "SELECT 'clock' AS name, number AS subject,
                'assignment ' || assignment_id || ' begins or ends in the future' AS detail
           FROM personal_assignment WHERE assigned_at > ?1 + 60000 OR released_at > ?1 + 60000
          UNION ALL
         SELECT 'clock', '', 'change ' || change_id || ' was made in the future'
           FROM change WHERE changed_at > ?1 + 60000",
        [tx.now().millis()],
    )?;
    as_read::<RunAct>(tx, findings, "what it does", "SELECT request_id, act AS json FROM run");
    as_read::<Refusal>(
        tx,
        findings,
        "what it could not do",
        "SELECT request_id, refusal AS json FROM run_refusal",
    );
    as_read::<Vec<serde_json::Value>>(
        tx,
        findings,
        "what it has to do",
        "SELECT request_id, items AS json FROM run_part",
    );
    for (table, key) in logged::TABLES {
        if let Some(sql) = logged::contradictions(tx, table, key)? {
            look(tx, findings, &sql, [])?;
        }
    }
    Ok(found)
}

/// What no copy of the file may have. It leaves out what must not stop the backups: a clock that
/// was set back, a bad row of a run, a line that is missing in the log.
pub(super) fn soundness(tx: &ReadTx<'_>) -> Result<Examination, Error> {
    let mut found = Examination::default();
    let differences =
        schema::differences(tx.connection()).map_err(|error| Error::Internal(error.to_string()))?;
    for difference in differences {
        if difference.refused {
            found.findings.push(Finding::new("schema", &difference.name, difference.sentence));
        } else {
            found.notes.push(difference.sentence);
        }
    }
    let findings = &mut found.findings;
    look(
        tx,
        findings,
        "SELECT 'integrity' AS name, '' AS subject, integrity_check AS detail
           FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        [],
    )?;
    look(
        tx,
        findings,
        r#"SELECT 'foreign keys' AS name, "table" AS subject,
                  'a row refers to a missing row of ' || parent AS detail
             FROM pragma_foreign_key_check"#,
        [],
    )?;
    look(
        tx,
        findings,
        "SELECT rule AS name, coalesce(subject, '') AS subject, coalesce(detail, '') AS detail
           FROM v_rule_violation",
        [],
    )?;
    texts(tx, findings)?;
    Ok(found)
}

/// Adds the runs of which something can't be read as the program would.
fn as_read<T: DeserializeOwned>(
    tx: &ReadTx<'_>,
    findings: &mut Vec<Finding>,
    what: &str,
    sql: &str,
) {
    let read = |row: &Row<'_>| Ok((text(row, "request_id")?, text(row, "json")?));
    // A table that was dropped is missed already.
    for (request_id, json) in tx.rows(sql, [], read).unwrap_or_default() {
        if let Err(error) = serde_json::from_str::<T>(&json) {
            let detail = format!("{what} can't be read: {error}");
            findings.push(Finding::new("run", &request_id, detail));
        }
    }
}

/// Adds what a query finds. A query that can't be run, because what it reads was dropped, is a
/// finding of its own.
fn look(
    tx: &ReadTx<'_>,
    findings: &mut Vec<Finding>,
    sql: &str,
    params: impl Params,
) -> Result<(), Error> {
    let found = tx.rows(sql, params, |row| {
        Ok(Finding {
            check: text(row, "name")?,
            subject: text(row, "subject")?,
            detail: text(row, "detail")?,
        })
    });
    match found {
        Ok(found) => findings.extend(found),
        Err(Error::Internal(error)) => {
            findings.push(Finding::new("schema", "", format!("a check can't be run: {error}")));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// A text that may not be UTF-8, as far as it can be shown.
fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(shown(row.get_ref(column)?))
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => String::new(),
    }
}

/// Reads every text of every table, as the program would.
fn texts(tx: &ReadTx<'_>, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let tables = tx.rows(
        r"SELECT name FROM sqlite_schema WHERE type = 'table'
             AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
             AND name NOT LIKE '\_litestream\_%' ESCAPE '\'",
        [],
        |row| text(row, "name"),
    )?;
    for table in tables {
        // The name is one of the schema's; quotes in it are doubled.
        let sql = format!(r#"SELECT * FROM "{}""#, table.replace('"', "\"\""));
        let bad = tx.rows(&sql, [], unreadable).map_err(|error| {
            Error::Internal(format!("the table {table} can't be read: {error}"))
        })?;
        findings.extend(bad.into_iter().flatten().map(|(row, column)| {
            Finding::new("text", &table, format!("{column} of row {row} is not UTF-8"))
        }));
    }
    Ok(())
}

/// The first column of a row whose text is not UTF-8, after the row's first value.
fn unreadable(row: &Row<'_>) -> rusqlite::Result<Option<(String, String)>> {
    let columns = row.column_names();
    for column in &columns {
        if let ValueRef::Text(bytes) = row.get_ref(*column)?
            && std::str::from_utf8(bytes).is_err()
        {
            let first = columns.first().copied().unwrap_or(*column);
            return Ok(Some((shown(row.get_ref(first)?), (*column).to_owned())));
        }
    }
    Ok(None)
}

/// Reads one row, to tell whether the database answers.
pub fn ping(tx: &ReadTx<'_>) -> Result<(), Error> {
    tx.count("SELECT count(*) FROM role", []).map(|_| ())
}
