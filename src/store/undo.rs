//! Setting rows back to what the change log says they were.
//!
//! A row is given and compared as the JSON that the log holds of it, to which its `instance_id` was
//! added. The statements take every column from there, the times and the GUIDs too, so that what
//! comes back is what was. Which columns those are follows from the schema and the line of the log:
//! one that a later program added is not in older lines, so it stays as it is, or begins with its
//! default.

use super::{ReadTx, WriteTx};
use crate::domain::history::Entity;
use crate::domain::{Error, Timestamp};
use crate::store::engine::{Row, of_row};
use rusqlite::params;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

/// A kind of row that can be set back. The rows of the assignment history are not among them: they
/// are closed and added.
#[derive(Clone, Copy, Debug)]
pub struct Undoable(&'static Table);

/// What the log knows of a table's rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// By which columns a row is found. The pool's numbers have no instance, so they are compared
    /// with IS.
    pub(super) key: &'static [&'static str],
    /// Columns that the schema never lets change.
    pub(super) fixed: &'static [&'static str],
}

/// The order does not matter.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "phone_number",
        key: &["instance_id", "number"],
        fixed: &["number", "callback_number_id"],
    },
    Table {
        name: "skill_group_number",
        key: &["skill_group_id", "number"],
        fixed: &["instance_id", "skill_group_id", "number", "bound_at"],
    },
    Table {
        name: "skill_group_member",
        key: &["skill_group_id", "user_id"],
        fixed: &["instance_id", "skill_group_id", "user_id"],
    },
    Table {
        name: "skill_group",
        key: &["skill_group_id"],
        fixed: &["instance_id", "skill_group_id", "name", "skill_group_guid"],
    },
    Table {
        name: "user",
        key: &["user_id"],
        fixed: &["instance_id", "user_id", "ram_id", "user_guid"],
    },
    // Without a password: the log does not know it.
    Table { name: "ram_user", key: &["ram_id"], fixed: &["ram_id", "login_name", "is_root"] },
    Table { name: "instance", key: &["instance_id"], fixed: &["instance_id"] },
    Table {
        name: "low_water_mark",
        key: &["instance_id", "city", "usage"],
        fixed: &["instance_id", "city", "usage"],
    },
    // Made again by undoing its end; what made it is undone by ending it.
    Table {
        name: "reservation",
        key: &["reservation_id"],
        fixed: &[
            "instance_id",
            "reservation_id",
            "number",
            "kind",
            "for_user_id",
            "reserved_at",
            "made_by",
        ],
    },
    Table {
        name: "contact_flow",
        key: &["contact_flow_id"],
        fixed: &["instance_id", "contact_flow_id"],
    },
];

/// What the log says of passwords, which are not set back.
const PASSWORDS: &[&str] = &["password_hash", "password_changed_at"];

/// The statements are put together from names of the schema and nothing else; `?1` is a row as
/// JSON.
impl Table {
    /// The columns of a row that the log has.
    fn columns(&self, tx: &ReadTx<'_>, row: &Value) -> Result<Vec<String>, Error> {
        let sql = "SELECT c.name FROM pragma_table_info(?1) AS c
                     JOIN json_each(?2) AS logged ON logged.key = c.name
                    ORDER BY c.cid";
        let mut columns: Vec<String> =
            tx.rows(sql, params![self.name, row.to_string()], |row| row.get("name"))?;
        columns.retain(|column| !PASSWORDS.contains(&column.as_str()));
        Ok(columns)
    }

    fn select(&self) -> String {
        format!("SELECT * FROM {} WHERE {}", self.name, self.found_by("?1"))
    }

    fn insert(&self, columns: &[String]) -> String {
        let values: Vec<String> = columns.iter().map(|column| json_value("?1", column)).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, columns.join(", "), values.join(", "))
    }

    /// `?2` is the row as it is now. `None` for a table whose rows are never updated.
    fn update(&self, columns: &[String]) -> Option<String> {
        let set: Vec<String> = columns
            .iter()
            .filter(|column| !self.fixed.contains(&column.as_str()))
            .map(|column| format!("{column} = {}", json_value("?1", column)))
            .collect();
        (!set.is_empty()).then(|| {
            format!("UPDATE {} SET {} WHERE {}", self.name, set.join(", "), self.found_by("?2"))
        })
    }

    fn delete(&self) -> String {
        format!("DELETE FROM {} WHERE {}", self.name, self.found_by("?1"))
    }

    fn found_by(&self, row: &str) -> String {
        let columns: Vec<String> = self
            .key
            .iter()
            .map(|column| format!("{column} IS {}", json_value(row, column)))
            .collect();
        columns.join(" AND ")
    }
}

fn json_value(row: &str, column: &str) -> String {
    format!("json_extract({row}, '$.{column}')")
}

impl Undoable {
    /// The rows of that table, if they can be set back.
    pub fn of(entity: Entity) -> Option<Self> {
        TABLES.iter().find(|table| table.name == entity.name()).map(Self)
    }

    /// Whether the row is now as the log says.
    pub fn is_now(self, tx: &ReadTx<'_>, row: &Value) -> Result<bool, Error> {
        Ok(self.current(tx, row)?.is_some_and(|current| agrees(&current, row)))
    }

    /// Whether there is such a row.
    pub fn exists(self, tx: &ReadTx<'_>, row: &Value) -> Result<bool, Error> {
        self.current(tx, row).map(|current| current.is_some())
    }

    fn current(self, tx: &ReadTx<'_>, row: &Value) -> Result<Option<Map<String, Value>>, Error> {
        tx.row(&self.0.select(), [row.to_string()], columns)
    }

    /// Adds a row that was removed.
    pub fn insert(self, tx: &WriteTx<'_>, subject: &str, row: &Value) -> Result<(), Error> {
        let columns = self.0.columns(tx, row)?;
        tx.run(subject, &self.0.insert(&columns), [row.to_string()])
    }

    /// Sets a row back from what it is to what it was; `false` when the log knows no such updates.
    pub fn update(
        self,
        tx: &WriteTx<'_>,
        subject: &str,
        was: &Value,
        is: &Value,
    ) -> Result<bool, Error> {
        let Some(sql) = self.0.update(&self.0.columns(tx, was)?) else { return Ok(false) };
        tx.execute(subject, &sql, [was.to_string(), is.to_string()]).map(|_| true)
    }

    /// Removes a row that was added.
    pub fn delete(self, tx: &WriteTx<'_>, subject: &str, row: &Value) -> Result<(), Error> {
        tx.run(subject, &self.0.delete(), [row.to_string()])
    }
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Map<String, Value>> {
    let names: Vec<String> = row.column_names().into_iter().map(str::to_owned).collect();
    let mut columns = Map::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let value = match row.get_ref(index)? {
            ValueRef::Integer(number) => Value::from(number),
            ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
        };
        columns.insert(name, value);
    }
    Ok(columns)
}

/// Whether a row has what the log says of it. Passwords are not compared, since they are not set
/// back.
fn agrees(current: &Map<String, Value>, logged: &Value) -> bool {
    let Value::Object(logged) = logged else { return false };
    logged.iter().filter(|(name, _)| !PASSWORDS.contains(&name.as_str())).all(|(name, value)| {
        match current.get(name) {
            // The log holds a column of JSON as JSON.
            Some(Value::String(text)) if value.is_array() || value.is_object() => {
                serde_json::from_str::<Value>(text).is_ok_and(|parsed| parsed == *value)
            }
            Some(present) => present == value,
            None => false,
        }
    })
}

/// A number that a user holds.
pub struct OpenAssignment {
    /// The user.
    pub user_id: String,
    /// The number.
    pub number: String,
    /// The row of the history.
    pub assignment_id: i64,
}

/// The open row of the history that a row is, or the one that continues it after its release was
/// undone.
pub fn open_assignment(
    tx: &ReadTx<'_>,
    assignment_id: i64,
) -> Result<Option<OpenAssignment>, Error> {
    let sql = "WITH RECURSIVE line (assignment_id) AS (
                   SELECT ?1
                   UNION
                   SELECT given.assignment_id FROM line
                     JOIN change AS taken ON taken.assignment_id = line.assignment_id
                     AND taken.action = 'update'
                     JOIN undone AS u ON u.change_id = taken.change_id
                     JOIN change AS given ON given.change_id = u.undone_by
                     AND given.action = 'insert' AND given.assignment_id IS NOT NULL
               )
               SELECT a.user_id, a.number, a.assignment_id
               FROM line CROSS JOIN personal_assignment AS a ON a.assignment_id = line.assignment_id
                WHERE a.released_at IS NULL";
    tx.row(
        sql,
        [assignment_id],
        |row| of_row! { row => OpenAssignment { user_id, number, assignment_id } },
    )
}

/// Notes that a change was undone by the last change of the same entity after `before`, if there
/// was one.
pub fn record_undone(
    tx: &WriteTx<'_>,
    change_id: i64,
    entity: Entity,
    before: i64,
) -> Result<(), Error> {
    let sql = "INSERT INTO undone (change_id, undone_by)
               SELECT ?1, max(change_id) FROM change
               WHERE change_id > ?3 AND entity = ?2 HAVING max(change_id) IS NOT NULL";
    tx.run("", sql, params![change_id, entity, before])
}

/// When a change was undone last, and by which change.
pub fn undone_by(tx: &ReadTx<'_>, change_id: i64) -> Result<Option<(i64, Timestamp)>, Error> {
    let sql = "SELECT u.undone_by, c.changed_at
                FROM undone AS u JOIN change AS c ON c.change_id = u.undone_by
                WHERE u.change_id = ?1 ORDER BY u.undone_by DESC LIMIT 1";
    tx.row(sql, [change_id], |row| Ok((row.get("undone_by")?, row.get("changed_at")?)))
}
