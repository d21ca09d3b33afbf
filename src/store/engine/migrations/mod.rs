//! The schema's migrations, embedded in the program.

#[cfg(test)]
mod tests;

use super::error::OpenError;
use refinery::{Migration, Runner};
use rusqlite::{Connection, OptionalExtension, Row};
use std::sync::LazyLock;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Those of this program; their hashes are computed once.
fn all() -> &'static [Migration] {
    static ALL: LazyLock<Runner> = LazyLock::new(embedded::migrations::runner);
    ALL.get_migrations()
}

/// The schema's version that this program works with.
pub fn newest() -> i32 {
    all().iter().map(|migration| migration.version()).max().unwrap_or(0)
}

/// The schema's version that a database has; 0 for an empty one.
///
/// # Errors
/// The history table was edited by hand so that it can't be read.
pub(super) fn current(connection: &Connection) -> Result<i32, OpenError> {
    let unreadable = |error: rusqlite::Error| {
        OpenError::new(format!("The schema's history can't be read: {error}."))
    };
    let history: Option<i64> = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'refinery_schema_history'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(unreadable)?;
    if history.is_none() {
        return Ok(0);
    }
    // refinery panics on a row that it can't read, so a damaged one is found here first.
    let mut statement = connection
        .prepare("SELECT version, name, applied_on, checksum FROM refinery_schema_history")
        .map_err(unreadable)?;
    let mut rows = statement.query([]).map_err(unreadable)?;
    while let Some(row) = rows.next().map_err(unreadable)? {
        if !is_readable(row) {
            let version: String =
                row.get_ref("version").map(|value| format!("{value:?}")).map_err(unreadable)?;
            return Err(OpenError::new(format!(
                "The table refinery_schema_history was changed by hand: its row of version {version} can't be read. Restore the database from a backup."
            )));
        }
    }
    connection
        .query_row("SELECT coalesce(max(version), 0) FROM refinery_schema_history", [], |row| {
            row.get(0)
        })
        .map_err(unreadable)
}

/// Whether refinery can read a row of its history: a version, a name, a time as RFC 3339 has it,
/// and a checksum of 64 bits.
fn is_readable(row: &Row<'_>) -> bool {
    let text = |column| row.get::<_, String>(column).ok();
    let is_moment = |text: String| {
        text.as_bytes().get(10) == Some(&b'T') && text.parse::<jiff::Timestamp>().is_ok()
    };
    row.get::<_, i32>("version").is_ok()
        && text("name").is_some()
        && text("applied_on").is_some_and(is_moment)
        && text("checksum").is_some_and(|checksum| checksum.parse::<u64>().is_ok())
}

/// Some tables of a database that is another program's: it has tables, and not those that every
/// schema of this program has. Litestream's don't count, so a file without any other is an empty
/// one.
pub(super) fn foreign_tables(connection: &Connection) -> rusqlite::Result<Option<String>> {
    const HISTORY: &str = "refinery_schema_history";
    const OWN: [&str; 3] = [HISTORY, "phone_number", "personal_assignment"];
    const NAMED: usize = 5;
    let mut statement = connection.prepare(
        r"SELECT name FROM sqlite_schema
           WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
             AND name NOT LIKE '\_litestream\_%' ESCAPE '\' ORDER BY name",
    )?;
    let mut tables: Vec<String> =
        statement.query_map([], |row| row.get("name"))?.collect::<rusqlite::Result<_>>()?;
    let own = tables.iter().filter(|table| OWN.contains(&table.as_str())).count();
    tables.retain(|table| table != HISTORY);
    // One of its own may have been dropped by hand, which is another fault.
    if own > 1 || tables.is_empty() {
        return Ok(None);
    }
    let more = if tables.len() > NAMED { ", …" } else { "" };
    tables.truncate(NAMED);
    Ok(Some(tables.join(", ") + more))
}

/// Like [`current`], refusing what is newer than the program.
///
/// # Errors
/// As for [`current`], and for a newer schema.
pub(super) fn known(connection: &Connection) -> Result<i32, OpenError> {
    let (has, knows) = (current(connection)?, newest());
    if has > knows {
        return Err(OpenError::new(format!(
            "The database has schema {has}, this program knows only {knows}: use a newer numberd."
        )));
    }
    Ok(has)
}

/// Applies what is missing, all in one transaction.
///
/// # Errors
/// The database is newer than the program, or a migration was changed after it was applied.
pub(super) fn apply(connection: &mut Connection) -> Result<(), OpenError> {
    known(connection)?;
    apply_all(connection, all())
}

/// Applies those of the migrations that are missing.
fn apply_all(connection: &mut Connection, migrations: &[Migration]) -> Result<(), OpenError> {
    Runner::new(migrations).set_grouped(true).run(connection).map(|_| ()).map_err(|error| {
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
    require_newest(connection)?;
    apply(connection)
}

/// Checks that a database that can only be read has the newest schema.
pub(super) fn require_newest(connection: &Connection) -> Result<(), OpenError> {
    let (has, needs) = (known(connection)?, newest());
    if has < needs {
        return Err(OpenError::new(format!(
            "The database has schema {has}, this program needs {needs}: run `numberd migrate` first."
        )));
    }
    Ok(())
}
