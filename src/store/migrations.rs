//! The schema's migrations, embedded in the program.

use super::open::OpenError;
use rusqlite::{Connection, OptionalExtension};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The schema's version that this program works with.
pub fn newest() -> i32 {
    embedded::migrations::runner().get_migrations().iter().map(|migration| migration.version()).max().unwrap_or(0)
}

/// The schema's version that a database has; 0 for an empty one.
///
/// # Errors
/// The history table was edited by hand so that it can't be read.
pub(super) fn current(connection: &Connection) -> Result<i32, OpenError> {
    let unreadable = |error: rusqlite::Error| OpenError::new(format!("The schema's history can't be read: {error}."));
    let history: Option<i64> = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'refinery_schema_history'", [], |row| row.get(0))
        .optional()
        .map_err(unreadable)?;
    if history.is_none() {
        return Ok(0);
    }
    // refinery panics on a checksum that is no number, so a damaged row is found here first.
    let damaged: Option<String> = connection
        .query_row(
            "SELECT name FROM refinery_schema_history
              WHERE checksum IS NULL OR checksum = '' OR checksum GLOB '*[^0-9]*' OR length(checksum) > 20
                 OR typeof(version) <> 'integer' OR julianday(applied_on) IS NULL",
            [],
            |row| row.get::<_, Option<String>>(0).map(Option::unwrap_or_default),
        )
        .optional()
        .map_err(unreadable)?;
    if let Some(name) = damaged {
        return Err(OpenError::new(format!(
            "The table refinery_schema_history was changed by hand: its row {name:?} can't be read. Restore the database from a backup."
        )));
    }
    connection.query_row("SELECT coalesce(max(version), 0) FROM refinery_schema_history", [], |row| row.get(0)).map_err(unreadable)
}

/// Applies what is missing, all in one transaction.
///
/// # Errors
/// The database is newer than the program, or a migration was changed after it was applied.
pub(super) fn apply(connection: &mut Connection) -> Result<(), OpenError> {
    let (has, knows) = (current(connection)?, newest());
    if has > knows {
        return Err(OpenError::new(format!("The database has schema {has}, this program knows only {knows}: use a newer numberd.")));
    }
    embedded::migrations::runner().set_grouped(true).run(connection).map(|_| ()).map_err(|error| {
        OpenError::new(match error.kind() {
            refinery::error::Kind::DivergentVersion(_, migration) => {
                format!(
                    "Migration {migration} was applied to this database with another text than this program has: it was edited. Use the numberd that made it."
                )
            }
            refinery::error::Kind::MissingVersion(migration) => {
                format!("Migration {migration} was applied to this database, but this program does not know it: use the numberd that made it.")
            }
            _ => format!("The schema can't be migrated: {error}."),
        })
    })
}

/// Checks that a database has just the schema that this program works with.
///
/// # Errors
/// As for [`apply`], and when a migration is still to be applied.
pub(super) fn require_current(connection: &mut Connection) -> Result<(), OpenError> {
    let (has, knows) = (current(connection)?, newest());
    if has < knows {
        return Err(OpenError::new(format!("The database has schema {has}, this program needs {knows}: run `numberd migrate` first.")));
    }
    apply(connection)
}
