//! Setting rows back to what the change log says they were.
//!
//! A row is given and compared as the JSON that the log holds of it, to which its `instance_id` was added. The statements
//! take every column from there, the times and the GUIDs too, so that what comes back is what was.

use super::{ReadTx, WriteTx};
use crate::domain::{Error, Timestamp};
use rusqlite::types::ValueRef;
use rusqlite::{Row, params};
use serde_json::{Map, Value};

/// A kind of row that can be set back. The rows of the assignment history are not among them: they are closed and added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entity(&'static Statements);

/// What is done with the rows of one table; `?1` is the row as JSON, and for an update `?2` the row as it is now.
#[derive(Debug, PartialEq, Eq)]
struct Statements {
    table: &'static str,
    current: &'static str,
    insert: &'static str,
    /// Empty when the log knows no updates of the table.
    update: &'static str,
    delete: &'static str,
}

/// The order does not matter.
const ENTITIES: &[Statements] = &[
    Statements {
        table: "phone_number",
        current: "SELECT * FROM phone_number WHERE instance_id IS json_extract(?1, '$.instance_id') AND number = json_extract(?1, '$.number')",
        insert: "INSERT INTO phone_number (instance_id, number, usage, active, province, city, contact_flow_id, provider, corp_name, tags,
                        callback_number_id, callback_number_name, created_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.number'), json_extract(?1, '$.usage'), json_extract(?1, '$.active'),
                        json_extract(?1, '$.province'), json_extract(?1, '$.city'), json_extract(?1, '$.contact_flow_id'),
                        json_extract(?1, '$.provider'), json_extract(?1, '$.corp_name'), json_extract(?1, '$.tags'),
                        json_extract(?1, '$.callback_number_id'), json_extract(?1, '$.callback_number_name'), json_extract(?1, '$.created_at'))",
        update: "UPDATE phone_number
                    SET instance_id = json_extract(?1, '$.instance_id'), usage = json_extract(?1, '$.usage'), active = json_extract(?1, '$.active'),
                        province = json_extract(?1, '$.province'), city = json_extract(?1, '$.city'),
                        contact_flow_id = json_extract(?1, '$.contact_flow_id'), provider = json_extract(?1, '$.provider'),
                        corp_name = json_extract(?1, '$.corp_name'), tags = json_extract(?1, '$.tags'),
                        callback_number_name = json_extract(?1, '$.callback_number_name'), created_at = json_extract(?1, '$.created_at')
                  WHERE instance_id IS json_extract(?2, '$.instance_id') AND number = json_extract(?2, '$.number')",
        delete: "DELETE FROM phone_number WHERE instance_id IS json_extract(?1, '$.instance_id') AND number = json_extract(?1, '$.number')",
    },
    Statements {
        table: "skill_group_number",
        current: "SELECT * FROM skill_group_number WHERE skill_group_id = json_extract(?1, '$.skill_group_id') AND number = json_extract(?1, '$.number')",
        insert: "INSERT INTO skill_group_number (instance_id, skill_group_id, number, bound_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.skill_group_id'), json_extract(?1, '$.number'), json_extract(?1, '$.bound_at'))",
        update: "",
        delete: "DELETE FROM skill_group_number WHERE skill_group_id = json_extract(?1, '$.skill_group_id') AND number = json_extract(?1, '$.number')",
    },
    Statements {
        table: "skill_group_member",
        current: "SELECT * FROM skill_group_member WHERE skill_group_id = json_extract(?1, '$.skill_group_id') AND user_id = json_extract(?1, '$.user_id')",
        insert: "INSERT INTO skill_group_member (instance_id, skill_group_id, user_id, skill_level, added_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.skill_group_id'), json_extract(?1, '$.user_id'),
                        json_extract(?1, '$.skill_level'), json_extract(?1, '$.added_at'))",
        update: "UPDATE skill_group_member SET skill_level = json_extract(?1, '$.skill_level'), added_at = json_extract(?1, '$.added_at')
                  WHERE skill_group_id = json_extract(?2, '$.skill_group_id') AND user_id = json_extract(?2, '$.user_id')",
        delete: "DELETE FROM skill_group_member WHERE skill_group_id = json_extract(?1, '$.skill_group_id') AND user_id = json_extract(?1, '$.user_id')",
    },
    Statements {
        table: "skill_group",
        current: "SELECT * FROM skill_group WHERE skill_group_id = json_extract(?1, '$.skill_group_id')",
        insert: "INSERT INTO skill_group (instance_id, skill_group_id, name, display_name, description, media_type, skill_group_guid, created_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.skill_group_id'), json_extract(?1, '$.name'),
                        json_extract(?1, '$.display_name'), json_extract(?1, '$.description'), json_extract(?1, '$.media_type'),
                        json_extract(?1, '$.skill_group_guid'), json_extract(?1, '$.created_at'))",
        update: "UPDATE skill_group SET display_name = json_extract(?1, '$.display_name'), description = json_extract(?1, '$.description'),
                        media_type = json_extract(?1, '$.media_type'), created_at = json_extract(?1, '$.created_at')
                  WHERE skill_group_id = json_extract(?2, '$.skill_group_id')",
        delete: "DELETE FROM skill_group WHERE skill_group_id = json_extract(?1, '$.skill_group_id')",
    },
    Statements {
        table: "user",
        current: "SELECT * FROM user WHERE user_id = json_extract(?1, '$.user_id')",
        insert: "INSERT INTO user (instance_id, user_id, ram_id, role, extension, display_name, email, mobile, nickname, avatar_url, display_id,
                        work_mode, active, locked, user_guid, selected_callback_number_id, prevent_auto_callback_number, created_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.user_id'), json_extract(?1, '$.ram_id'), json_extract(?1, '$.role'),
                        json_extract(?1, '$.extension'), json_extract(?1, '$.display_name'), json_extract(?1, '$.email'),
                        json_extract(?1, '$.mobile'), json_extract(?1, '$.nickname'), json_extract(?1, '$.avatar_url'),
                        json_extract(?1, '$.display_id'), json_extract(?1, '$.work_mode'), json_extract(?1, '$.active'),
                        json_extract(?1, '$.locked'), json_extract(?1, '$.user_guid'), json_extract(?1, '$.selected_callback_number_id'),
                        json_extract(?1, '$.prevent_auto_callback_number'), json_extract(?1, '$.created_at'))",
        update: "UPDATE user
                    SET role = json_extract(?1, '$.role'), extension = json_extract(?1, '$.extension'),
                        display_name = json_extract(?1, '$.display_name'), email = json_extract(?1, '$.email'),
                        mobile = json_extract(?1, '$.mobile'), nickname = json_extract(?1, '$.nickname'),
                        avatar_url = json_extract(?1, '$.avatar_url'), display_id = json_extract(?1, '$.display_id'),
                        work_mode = json_extract(?1, '$.work_mode'), active = json_extract(?1, '$.active'), locked = json_extract(?1, '$.locked'),
                        selected_callback_number_id = json_extract(?1, '$.selected_callback_number_id'),
                        prevent_auto_callback_number = json_extract(?1, '$.prevent_auto_callback_number'), created_at = json_extract(?1, '$.created_at')
                  WHERE user_id = json_extract(?2, '$.user_id')",
        delete: "DELETE FROM user WHERE user_id = json_extract(?1, '$.user_id')",
    },
    Statements {
        table: "ram_user",
        current: "SELECT * FROM ram_user WHERE ram_id = json_extract(?1, '$.ram_id')",
        // Without a password: the log does not know it.
        insert: "INSERT INTO ram_user (ram_id, login_name, display_name, email, mobile, is_root, created_at)
                 VALUES (json_extract(?1, '$.ram_id'), json_extract(?1, '$.login_name'), json_extract(?1, '$.display_name'),
                        json_extract(?1, '$.email'), json_extract(?1, '$.mobile'), json_extract(?1, '$.is_root'), json_extract(?1, '$.created_at'))",
        update: "UPDATE ram_user SET display_name = json_extract(?1, '$.display_name'), email = json_extract(?1, '$.email'),
                        mobile = json_extract(?1, '$.mobile'), created_at = json_extract(?1, '$.created_at')
                  WHERE ram_id = json_extract(?2, '$.ram_id')",
        delete: "DELETE FROM ram_user WHERE ram_id = json_extract(?1, '$.ram_id')",
    },
    Statements {
        table: "instance",
        current: "SELECT * FROM instance WHERE instance_id = json_extract(?1, '$.instance_id')",
        insert: "INSERT INTO instance (instance_id, name, description, status, personal_numbers, created_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.name'), json_extract(?1, '$.description'),
                        json_extract(?1, '$.status'), json_extract(?1, '$.personal_numbers'), json_extract(?1, '$.created_at'))",
        update: "UPDATE instance SET name = json_extract(?1, '$.name'), description = json_extract(?1, '$.description'),
                        status = json_extract(?1, '$.status'), personal_numbers = json_extract(?1, '$.personal_numbers'),
                        created_at = json_extract(?1, '$.created_at')
                  WHERE instance_id = json_extract(?2, '$.instance_id')",
        delete: "DELETE FROM instance WHERE instance_id = json_extract(?1, '$.instance_id')",
    },
    Statements {
        table: "contact_flow",
        current: "SELECT * FROM contact_flow WHERE contact_flow_id = json_extract(?1, '$.contact_flow_id')",
        insert: "INSERT INTO contact_flow (instance_id, contact_flow_id, name, description, type, definition, draft_id, editor, published, created_at, updated_at)
                 VALUES (json_extract(?1, '$.instance_id'), json_extract(?1, '$.contact_flow_id'), json_extract(?1, '$.name'),
                        json_extract(?1, '$.description'), json_extract(?1, '$.type'), json_extract(?1, '$.definition'),
                        json_extract(?1, '$.draft_id'), json_extract(?1, '$.editor'), json_extract(?1, '$.published'),
                        json_extract(?1, '$.created_at'), json_extract(?1, '$.updated_at'))",
        update: "UPDATE contact_flow
                    SET name = json_extract(?1, '$.name'), description = json_extract(?1, '$.description'), type = json_extract(?1, '$.type'),
                        definition = json_extract(?1, '$.definition'), draft_id = json_extract(?1, '$.draft_id'), editor = json_extract(?1, '$.editor'),
                        published = json_extract(?1, '$.published'), created_at = json_extract(?1, '$.created_at'), updated_at = json_extract(?1, '$.updated_at')
                  WHERE contact_flow_id = json_extract(?2, '$.contact_flow_id')",
        delete: "DELETE FROM contact_flow WHERE contact_flow_id = json_extract(?1, '$.contact_flow_id')",
    },
];

impl Entity {
    /// The entity of that name in the log, if it can be set back.
    pub fn from_name(name: &str) -> Option<Self> {
        ENTITIES.iter().find(|statements| statements.table == name).map(Self)
    }

    /// Whether the row is now as the log says.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn is_now(self, tx: &ReadTx<'_>, row: &Value) -> Result<bool, Error> {
        Ok(self.current(tx, row)?.is_some_and(|current| agrees(&current, row)))
    }

    /// Whether there is such a row.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn exists(self, tx: &ReadTx<'_>, row: &Value) -> Result<bool, Error> {
        self.current(tx, row).map(|current| current.is_some())
    }

    fn current(self, tx: &ReadTx<'_>, row: &Value) -> Result<Option<Map<String, Value>>, Error> {
        tx.row(self.0.current, [row.to_string()], columns)
    }

    /// Adds a row that was removed.
    ///
    /// # Errors
    /// [`Error::Rule`].
    pub fn insert(self, tx: &WriteTx<'_>, subject: &str, row: &Value) -> Result<(), Error> {
        tx.execute(subject, self.0.insert, [row.to_string()]).map(|_| ())
    }

    /// Sets a row back from what it is to what it was; `false` when the log knows no such updates.
    ///
    /// # Errors
    /// [`Error::Rule`].
    pub fn update(self, tx: &WriteTx<'_>, subject: &str, was: &Value, is: &Value) -> Result<bool, Error> {
        if self.0.update.is_empty() {
            return Ok(false);
        }
        tx.execute(subject, self.0.update, [was.to_string(), is.to_string()]).map(|_| true)
    }

    /// Removes a row that was added.
    ///
    /// # Errors
    /// [`Error::Rule`].
    pub fn delete(self, tx: &WriteTx<'_>, subject: &str, row: &Value) -> Result<(), Error> {
        tx.execute(subject, self.0.delete, [row.to_string()]).map(|_| ())
    }
}

/// A row with all its columns.
fn columns(row: &Row<'_>) -> rusqlite::Result<Map<String, Value>> {
    let names: Vec<String> = row.as_ref().column_names().into_iter().map(str::to_owned).collect();
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

/// Whether a row has what the log says of it. When a password was changed last is not compared, since passwords are not
/// set back.
fn agrees(current: &Map<String, Value>, logged: &Value) -> bool {
    let Value::Object(logged) = logged else { return false };
    logged.iter().filter(|(name, _)| *name != "password_changed_at").all(|(name, value)| match current.get(name) {
        // A column of JSON stands in the log as JSON.
        Some(Value::String(text)) if value.is_array() || value.is_object() => serde_json::from_str::<Value>(text).is_ok_and(|parsed| parsed == *value),
        Some(present) => present == value,
        None => false,
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

/// The open row of the history that a row is, or has become: where its release was undone, the row that goes on.
///
/// # Errors
/// Only those of the database.
pub fn open_assignment(tx: &ReadTx<'_>, assignment_id: i64) -> Result<Option<OpenAssignment>, Error> {
    let sql = "WITH RECURSIVE line (assignment_id) AS (
                   SELECT ?1
                   UNION
                   SELECT given.assignment_id FROM line
                     JOIN change AS taken ON taken.assignment_id = line.assignment_id AND taken.action = 'update'
                     JOIN undone AS u ON u.change_id = taken.change_id
                     JOIN change AS given ON given.change_id = u.undone_by AND given.action = 'insert' AND given.assignment_id IS NOT NULL
               )
               SELECT a.user_id, a.number, a.assignment_id FROM line CROSS JOIN personal_assignment AS a ON a.assignment_id = line.assignment_id
                WHERE a.released_at IS NULL";
    tx.row(sql, [assignment_id], |row| Ok(OpenAssignment { user_id: row.get(0)?, number: row.get(1)?, assignment_id: row.get(2)? }))
}

/// Notes that a change was undone by the last change of the same entity after `before`, if there was one.
///
/// # Errors
/// Only those of the database.
pub fn note(tx: &WriteTx<'_>, change_id: i64, entity: &str, before: i64) -> Result<(), Error> {
    let sql = "INSERT INTO undone (change_id, undone_by)
               SELECT ?1, max(change_id) FROM change WHERE change_id > ?3 AND entity = ?2 HAVING max(change_id) IS NOT NULL";
    tx.execute("", sql, params![change_id, entity, before]).map(|_| ())
}

/// When a change was undone last, and by which change.
///
/// # Errors
/// Only those of the database.
pub fn undone_by(tx: &ReadTx<'_>, change_id: i64) -> Result<Option<(i64, Timestamp)>, Error> {
    let sql = "SELECT u.undone_by, c.changed_at FROM undone AS u JOIN change AS c ON c.change_id = u.undone_by
                WHERE u.change_id = ?1 ORDER BY u.undone_by DESC LIMIT 1";
    tx.row(sql, [change_id], |row| Ok((row.get(0)?, Timestamp::from_millis(row.get(1)?))))
}
