//! The columns of users.

use super::cells::{flag, guid, name, parsed, text, unspoiled, word};
use super::{
    Column, ImportKind, ImportLine, Importable, Take, column, flag as flag_column, kept, paths,
    shown, value, version,
};
use crate::domain::csv::CsvRow;
use crate::domain::instance::CountryCode;
use crate::domain::text::{LONGEST_AVATAR_URL, LONGEST_MOBILE, LONGEST_NOTE, LONGEST_PERSON_NAME};
use crate::domain::{Extension, LoginName, User, UserEdit};

/// What a line says of a user.
#[derive(Clone, Debug, Default)]
pub struct UserLine {
    /// The login name; `None` until it is read.
    pub login_name: Option<LoginName>,
    /// What is kept of the user.
    pub edit: UserEdit,
    /// Their id in VCC.
    pub guid: Option<String>,
    version: Option<u64>,
}

const TABLE: [Column<UserLine>; 17] = [
    shown("user_id"),
    shown("ram_id"),
    column(
        "login_name",
        Take::Key(|line, cell| {
            line.login_name = Some(parsed(cell)?);
            Ok(())
        }),
    ),
    kept("role", |line, cell| {
        line.edit.role = Some(word(cell)?);
        Ok(())
    }),
    value("extension", |line, cell| {
        line.edit.extension = Some(parsed::<Extension>(unspoiled(cell)?)?.into());
        Ok(())
    }),
    kept("display_name", |line, cell| {
        line.edit.display_name = Some(name(cell, LONGEST_PERSON_NAME)?);
        Ok(())
    }),
    kept("email", |line, cell| {
        line.edit.email = Some(parsed(cell)?);
        Ok(())
    }),
    value("mobile", |line, cell| {
        line.edit.mobile = Some(text(unspoiled(cell)?, 0, LONGEST_MOBILE)?);
        Ok(())
    }),
    value("nickname", |line, cell| {
        line.edit.nickname = Some(text(cell, 0, LONGEST_PERSON_NAME)?);
        Ok(())
    }),
    value("display_id", |line, cell| {
        line.edit.display_id = Some(text(cell, 0, LONGEST_PERSON_NAME)?);
        Ok(())
    }),
    kept("work_mode", |line, cell| {
        line.edit.work_mode = Some(word(cell)?);
        Ok(())
    }),
    flag_column("active", |line, cell| {
        line.edit.active = Some(flag(cell)?);
        Ok(())
    }),
    flag_column("locked", |line, cell| {
        line.edit.locked = Some(flag(cell)?);
        Ok(())
    }),
    value("note", |line, cell| {
        line.edit.note = Some(text(cell, 0, LONGEST_NOTE)?);
        Ok(())
    }),
    shown("user_guid"),
    version("version", |line, cell| {
        line.version = Some(super::cells::version(cell)?);
        Ok(())
    }),
    shown("created_at"),
];

impl CsvRow for User {
    const COLUMNS: &'static [&'static str] = &paths(&TABLE);
}

impl Importable for User {
    type Line = UserLine;
    const KIND: ImportKind = ImportKind::Users;
    const TABLE: &'static [Column<UserLine>] = &TABLE;
    const ADOPTED: &'static [Column<UserLine>] = &[
        kept("user_guid", |line, cell| {
            line.guid = Some(guid(cell)?);
            Ok(())
        }),
        value("avatar_url", |line, cell| {
            line.edit.avatar_url = Some(text(cell, 0, LONGEST_AVATAR_URL)?);
            Ok(())
        }),
        value("selected_callback_number_id", |line, cell| {
            let id = if cell.is_empty() { None } else { Some(guid(cell)?) };
            line.edit.selected_callback_number_id = Some(id);
            Ok(())
        }),
        kept("prevent_auto_callback_number", |line, cell| {
            line.edit.prevent_auto_callback_number = Some(flag(cell)?);
            Ok(())
        }),
    ];
}

impl ImportLine for UserLine {
    fn key(&self) -> &str {
        self.login_name.as_ref().map(LoginName::as_str).unwrap_or_default()
    }

    fn comparable(&self, _: CountryCode) -> String {
        self.key().to_owned()
    }

    fn version(&self) -> Option<u64> {
        self.version
    }
}
