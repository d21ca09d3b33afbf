//! Whether a file's schema is the one that this program was made for.
//!
//! The version in the migrations' history says only which migrations were run. Whoever has the file
//! can drop a rule, change a view or plant a trigger since, so every object is compared with that
//! of a freshly migrated database: token by token, so that blanks, comments, quotes around names
//! and the case of words don't count.

use super::error::OpenError;
use super::migrations;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A difference between a file's schema and this program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The object's name.
    pub(super) name: String,
    /// What is different, as a sentence.
    pub(super) sentence: String,
    /// Whether the file can't be trusted with it; else it is harmless, and only mentioned.
    pub(super) refused: bool,
}

/// What kind of object, and its name.
type Key = (String, String);

/// Compares a database's schema with this program's; objects by name.
pub(super) fn differences(connection: &Connection) -> Result<Vec<Difference>, OpenError> {
    let expected = expected()?;
    let found = objects(connection)?;
    let mut differences = Vec::new();
    for (key, sql) in expected {
        let (kind, name) = key;
        match found.get(key) {
            None => differences.push(refused(name, format!("the {kind} {name} is missing"))),
            // Nearly always the texts are the same, and no tokens are needed to see it.
            Some(other) if other != sql && tokens(other) != tokens(sql) => {
                differences.push(refused(name, format!("the {kind} {name} was changed")));
            }
            Some(_) => {}
        }
    }
    for (kind, name) in found.keys().filter(|key| !expected.contains_key(*key)) {
        differences.push(match kind.as_str() {
            // It can change what any statement does.
            "trigger" => refused(name, format!("the trigger {name} is not numberd's")),
            _ => Difference {
                name: name.clone(),
                sentence: format!("the {kind} {name} is not numberd's"),
                refused: false,
            },
        });
    }
    Ok(differences)
}

/// The objects of this program's schema; read once.
fn expected() -> Result<&'static BTreeMap<Key, String>, OpenError> {
    static EXPECTED: OnceLock<BTreeMap<Key, String>> = OnceLock::new();
    if let Some(expected) = EXPECTED.get() {
        return Ok(expected);
    }
    let read = objects(&fresh()?)?;
    Ok(EXPECTED.get_or_init(|| read))
}

/// Refuses a database whose schema is not this program's, and names every difference.
///
/// # Errors
/// An object is missing or was changed, or there is a trigger that is not this program's.
pub(super) fn require_intact(connection: &Connection) -> Result<(), OpenError> {
    let refused: Vec<String> = differences(connection)?
        .into_iter()
        .filter(|difference| difference.refused)
        .map(|difference| difference.sentence)
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(OpenError::new(format!(
        "The schema was changed by hand: {}. Restore the database from a backup, or take the change back; `numberd check` lists all that is wrong.",
        refused.join("; ")
    )))
}

/// A database in memory with the schema of this program and nothing in it.
pub(in crate::store) fn fresh() -> Result<Connection, OpenError> {
    let mut connection = Connection::open_in_memory()
        .map_err(|error| OpenError::new(format!("SQLite can't be used: {error}.")))?;
    migrations::apply(&mut connection)?;
    Ok(connection)
}

fn refused(name: &str, sentence: String) -> Difference {
    Difference { name: name.to_owned(), sentence, refused: true }
}

/// Every object that somebody made, with its SQL. SQLite's own, its statistics and Litestream's
/// tables are none of this program's business.
fn objects(connection: &Connection) -> Result<BTreeMap<Key, String>, OpenError> {
    let unreadable =
        |error: rusqlite::Error| OpenError::new(format!("The schema can't be read: {error}."));
    let mut statement = connection
        .prepare(
            r"SELECT type, name, coalesce(sql, '') AS sql FROM sqlite_schema
               WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'
                 AND tbl_name NOT LIKE '\_litestream\_%' ESCAPE '\'",
        )
        .map_err(unreadable)?;
    let rows = statement
        .query_map([], |row| Ok(((row.get("type")?, row.get("name")?), row.get("sql")?)))
        .map_err(unreadable)?;
    rows.collect::<rusqlite::Result<_>>().map_err(unreadable)
}

/// The tokens of a statement: words in lower case and without their quotes, texts, numbers, and
/// each other character for itself.
fn tokens(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            _ if first.is_whitespace() => (None, first.len_utf8()),
            '-' if rest.starts_with("--") => (None, until(rest, 2, "\n")),
            '/' if rest.starts_with("/*") => (None, until(rest, 2, "*/")),
            // A text keeps its quotes, so that it differs from a name.
            '\'' => {
                let length = quoted(rest, '\'');
                (Some(rest[..length].to_owned()), length)
            }
            '"' | '`' => {
                let length = quoted(rest, first);
                (Some(unquoted(&rest[..length], first)), length)
            }
            '[' => {
                let length = until(rest, 1, "]");
                (Some(rest[1..length].trim_end_matches(']').to_lowercase()), length)
            }
            _ if is_word(first) => {
                let length = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
                (Some(rest[..length].to_lowercase()), length)
            }
            _ => (Some(first.to_string()), first.len_utf8()),
        };
        tokens.extend(token);
        rest = &rest[length..];
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// How long the text is up to the end of `end`, looked for from `from` on.
fn until(text: &str, from: usize, end: &str) -> usize {
    text[from..].find(end).map_or(text.len(), |at| from + at + end.len())
}

/// How long a quoted text is; a quote inside it is doubled.
fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

fn unquoted(text: &str, quote: char) -> String {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    inner.replace(&format!("{quote}{quote}"), &quote.to_string()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{differences, fresh, tokens};

    #[test]
    fn blanks_comments_quotes_and_case_do_not_count_and_all_else_does() {
        let one = tokens("CREATE TRIGGER a BEFORE INSERT ON b BEGIN SELECT 'it''s' -- why\n; END");
        let same = r#"create  trigger "a"/* x */before insert on [b]
                      begin select 'it''s'; end"#;
        assert_eq!(tokens(same), one);
        for other in [
            "CREATE TRIGGER a BEFORE INSERT ON b BEGIN SELECT 'It''s'; END",
            "CREATE TRIGGER a BEFORE INSERT ON b BEGIN SELECT 'it''s ' ; END",
            "CREATE TRIGGER a BEFORE INSERT ON b BEGIN SELECT \"it's\"; END",
            "CREATE TRIGGER a BEFORE INSERT ON b BEGIN SELECT 'it''s'; SELECT 1; END",
            "CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 'it''s'; END",
            "CREATE TRIGGER ab EFORE INSERT ON b BEGIN SELECT 'it''s'; END",
        ] {
            assert_ne!(tokens(other), one, "{other}");
        }
        // Texts that never end are read to the end.
        for broken in ["'abc", "\"abc", "[abc", "/* abc", "-- abc", "'é", "`"] {
            tokens(broken);
        }
    }

    #[test]
    fn every_difference_has_its_sentence_and_only_harmless_ones_are_let_through() {
        for (sql, sentence, refused) in [
            (
                "DROP TRIGGER personal_assignment_delete",
                "the trigger personal_assignment_delete is missing",
                true,
            ),
            ("DROP INDEX change_by_user", "the index change_by_user is missing", true),
            ("DROP VIEW v_change", "the view v_change is missing", true),
            ("DROP TABLE nonce", "the table nonce is missing", true),
            (
                "ALTER TABLE phone_number ADD COLUMN mine TEXT",
                "the table phone_number was changed",
                true,
            ),
            (
                "DROP VIEW v_now; CREATE VIEW v_now AS SELECT 1 AS now",
                "the view v_now was changed",
                true,
            ),
            (
                "CREATE TRIGGER evil BEFORE INSERT ON change BEGIN SELECT RAISE(IGNORE); END",
                "the trigger evil is not numberd's",
                true,
            ),
            ("CREATE TABLE mine (a)", "the table mine is not numberd's", false),
            ("CREATE VIEW mine AS SELECT 1", "the view mine is not numberd's", false),
            ("CREATE INDEX mine ON user (nickname)", "the index mine is not numberd's", false),
        ] {
            let schema = fresh().expect("a migrated database");
            assert_eq!(differences(&schema).expect("readable"), [], "before {sql}");
            schema.execute_batch(sql).expect(sql);
            let found = differences(&schema).expect("readable");
            let named = found.iter().find(|found| found.sentence == sentence);
            assert_eq!(named.map(|found| found.refused), Some(refused), "{sql}: {found:?}");
        }
    }

    #[test]
    fn statistics_and_litestream_s_tables_are_ignored() {
        let schema = fresh().expect("a migrated database");
        schema
            .execute_batch("ANALYZE; CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER); CREATE TABLE _litestream_lock (id INTEGER)")
            .expect("made");
        assert_eq!(differences(&schema).expect("readable"), []);
    }
}
