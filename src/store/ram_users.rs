//! RAM users: the account's logins.

use super::engine::{Row, like_pattern, of_row};
use super::{ReadTx, WriteTx};
use crate::domain::{
    ApiToken, Caller, Email, Error, InstanceId, LoginName, Missing, NewLogin, Page, PageRequest,
    RamId, RamUser, UserId,
};
use rusqlite::params;

/// The id of the RAM user of that login name.
pub fn find(tx: &ReadTx<'_>, login_name: &str) -> Result<Option<RamId>, Error> {
    tx.value("SELECT ram_id FROM ram_user WHERE login_name = ?1", [login_name])
}

/// The id of the RAM user of that login name, who must be there.
pub fn require(tx: &ReadTx<'_>, login_name: &str) -> Result<RamId, Error> {
    find(tx, login_name)?.ok_or_else(|| Error::NotFound(Missing::RamUser(login_name.to_owned())))
}

/// The id of the account's root, which is the account's AliyunUid.
pub fn root(tx: &ReadTx<'_>) -> Result<Option<RamId>, Error> {
    tx.value("SELECT ram_id FROM ram_user WHERE is_root = 1", [])
}

/// The login name of the account's root while they have no password for the console.
pub fn root_without_password(tx: &ReadTx<'_>) -> Result<Option<String>, Error> {
    let sql = "SELECT login_name FROM ram_user WHERE is_root = 1 AND password_hash IS NULL";
    tx.value(sql, [])
}

/// A row of a login as whoever is calling, by this token.
pub(super) fn caller(row: &Row<'_>, token: Option<ApiToken>) -> rusqlite::Result<Caller> {
    of_row! { row => Caller { ram_id, login_name, is_root; token } }
}

/// Who looks at the logins, and so whose e-mail address and mobile number are shown.
#[derive(Clone, Copy, Debug)]
pub enum Viewer<'a> {
    /// Everybody's.
    Root,
    /// Those of the people in the instances that this user's login is in.
    User(&'a UserId),
    /// Those of the people in this instance.
    Instance(&'a InstanceId),
}

/// All of them, or those whose login name or display name contains the pattern; by login name.
pub fn list(
    tx: &ReadTx<'_>,
    search_pattern: Option<&str>,
    viewer: Viewer<'_>,
    page: PageRequest,
) -> Result<Page<RamUser>, Error> {
    let like = search_pattern.map(like_pattern);
    let total = tx.count(
        r"SELECT count(*) FROM ram_user
                    WHERE ?1 IS NULL OR login_name LIKE ?1 ESCAPE '\'
                      OR composed(display_name) LIKE ?1 ESCAPE '\'",
        params![like],
    )?;
    let (of_root, user_id, instance_id) = match viewer {
        Viewer::Root => (true, None, None),
        Viewer::User(user_id) => (false, Some(user_id), None),
        Viewer::Instance(instance_id) => (false, None, Some(instance_id)),
    };
    tx.page(
        page,
        total,
        r"SELECT r.ram_id, r.login_name, r.display_name, r.is_root,
                 iif(r.yes, r.email, '') AS email, iif(r.yes, r.mobile, '') AS mobile
            FROM (SELECT r.*, ?2 OR EXISTS
                         (SELECT 1 FROM user AS theirs
                           WHERE theirs.ram_id = r.ram_id
                             AND (theirs.instance_id = ?4 OR theirs.instance_id IN
                                  (SELECT mine.instance_id FROM user AS viewer
                                     JOIN user AS mine ON mine.ram_id = viewer.ram_id
                                    WHERE viewer.user_id = ?3 AND mine.active
                                      AND NOT mine.locked))) AS yes
                    FROM ram_user AS r) AS r
           WHERE ?1 IS NULL OR login_name LIKE ?1 ESCAPE '\' OR composed(display_name) LIKE ?1 ESCAPE '\'
           ORDER BY login_name LIMIT ?5 OFFSET ?6",
        params![like, of_root, user_id, instance_id],
        |row| {
            of_row! { row => RamUser {
                ram_id, login_name, display_name, email, mobile, is_root
            } }
        },
    )
}

/// Adds the account's root.
pub fn insert_root(tx: &WriteTx<'_>, ram_id: &RamId, login_name: &LoginName) -> Result<(), Error> {
    let login_name = login_name.as_str();
    let sql = "INSERT INTO ram_user (ram_id, login_name, display_name, is_root, created_at)
                VALUES (?1, ?2, ?2, 1, ?3)";
    tx.run(login_name, sql, params![ram_id, login_name, tx.now()])
}

/// Adds a login, which is not the root's.
pub fn insert(tx: &WriteTx<'_>, new: &NewLogin) -> Result<(), Error> {
    let sql = "INSERT INTO ram_user (ram_id, login_name, display_name, email, mobile, created_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let email = new.email.as_ref().map_or("", Email::as_str);
    let values =
        params![new.ram_id, new.login_name.as_str(), new.display_name, email, new.mobile, tx.now()];
    tx.run(new.login_name.as_str(), sql, values)
}

/// Sets what is kept of a login's password.
pub fn set_password(tx: &WriteTx<'_>, ram_id: &RamId, password_hash: &str) -> Result<(), Error> {
    let sql = "UPDATE ram_user SET password_hash = ?2, password_changed_at = ?3 WHERE ram_id = ?1";
    match tx.execute(ram_id, sql, params![ram_id, password_hash, tx.now()])? {
        0 => Err(Error::NotFound(Missing::RamUser(ram_id.to_string()))),
        _ => Ok(()),
    }
}

/// The id of a login and what is kept of its password.
pub fn password_of(
    tx: &ReadTx<'_>,
    login_name: &str,
) -> Result<Option<(RamId, Option<String>)>, Error> {
    let sql = "SELECT ram_id, password_hash FROM ram_user WHERE login_name = ?1";
    tx.row(sql, [login_name], |row| Ok((row.get("ram_id")?, row.get("password_hash")?)))
}
