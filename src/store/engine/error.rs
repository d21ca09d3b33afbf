//! SQLite's errors become the domain's, here and nowhere else.

use crate::domain::{Error, Rule, Unavailable};
use rusqlite::ErrorCode;

/// What SQLite answers while the database can't be used for now. Everything else that is not a
/// broken rule is a fault of the program or of the file.
const UNAVAILABLE: &[(ErrorCode, Unavailable)] = &[
    (ErrorCode::DatabaseBusy, Unavailable::Busy),
    (ErrorCode::DatabaseLocked, Unavailable::Busy),
    (ErrorCode::FileLockingProtocolFailed, Unavailable::Busy),
    // A read that was to be over in a moment: `brief`.
    (ErrorCode::OperationInterrupted, Unavailable::Busy),
    (ErrorCode::DiskFull, Unavailable::DiskFull),
    (ErrorCode::ReadOnly, Unavailable::ReadOnly),
    (ErrorCode::SystemIoFailure, Unavailable::Disk),
    (ErrorCode::CannotOpen, Unavailable::Disk),
];

/// The domain's error for SQLite's.
pub(in crate::store) fn from_sqlite(error: rusqlite::Error) -> Error {
    about("", error)
}

/// Like [`from_sqlite`], but with what a broken rule would be about.
pub(super) fn about(subject: &str, error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = &error else {
        return Error::Internal(error.to_string());
    };
    if let Some((_, why)) = UNAVAILABLE.iter().find(|(code, _)| *code == failure.code) {
        return Error::Unavailable(*why);
    }
    match message.as_deref().and_then(broken_rule) {
        // It is about the whole request, whatever row it was met at.
        Some((Rule::ReasonIsRequired, _)) => Error::ReasonRequired,
        Some((rule, advice)) => {
            Error::Rule { rule, subject: subject.to_owned(), advice: advice.to_owned() }
        }
        None => Error::Internal(error.to_string()),
    }
}

/// Reads `rule:<name>: <advice>`, the message of the schema's triggers.
fn broken_rule(message: &str) -> Option<(Rule, &str)> {
    let (name, advice) = message.strip_prefix("rule:")?.split_once(": ")?;
    Some((Rule::from_name(name)?, advice))
}

/// Why a database can't be used, as a sentence for the operator.
#[derive(Debug)]
pub struct OpenError(String);

impl OpenError {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpenError {}

#[cfg(test)]
mod tests {
    use crate::domain::Rule;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_of_the_schema_is_known_and_every_known_rule_is_in_the_schema() {
        let schema = super::super::schema::fresh().expect("a migrated database");
        let mut triggers = schema
            .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
            .expect("the schema can be read");
        let triggers: Vec<String> = triggers
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .expect("the schema can be read");
        let in_schema: BTreeSet<&str> = triggers
            .iter()
            .flat_map(|sql| sql.split("'rule:").skip(1))
            .filter_map(|rest| rest.split(':').next())
            .collect();
        let known: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(in_schema, known);
    }
}
