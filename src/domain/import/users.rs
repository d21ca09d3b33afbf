//! The columns of users.

use super::cells::{
    self, flag, guid, name, name_or_nothing, optional_guid, parsed, text, unspoiled, word,
};
use super::{
    Column, ImportKind, ImportLine, Importable, flag as flag_column, kept, key, paths, set, shown,
    value, version,
};
use crate::domain::csv::CsvRow;
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
    key("login_name", set!(|cell| login_name = parsed(cell)?)),
    kept("role", set!(|cell| edit.role = word(cell)?)),
    value("extension", set!(|cell| edit.extension = parsed::<Extension>(unspoiled(cell)?)?.into())),
    kept("display_name", set!(|cell| edit.display_name = name(cell, LONGEST_PERSON_NAME)?)),
    kept("email", set!(|cell| edit.email = parsed(cell)?)),
    value("mobile", set!(|cell| edit.mobile = text(unspoiled(cell)?, 0, LONGEST_MOBILE)?)),
    value("nickname", set!(|cell| edit.nickname = name_or_nothing(cell, LONGEST_PERSON_NAME)?)),
    value("display_id", set!(|cell| edit.display_id = name_or_nothing(cell, LONGEST_PERSON_NAME)?)),
    kept("work_mode", set!(|cell| edit.work_mode = word(cell)?)),
    flag_column("active", set!(|cell| edit.active = flag(cell)?)),
    flag_column("locked", set!(|cell| edit.locked = flag(cell)?)),
    value("note", set!(|cell| edit.note = text(cell, 0, LONGEST_NOTE)?)),
    shown("user_guid"),
    version("version", set!(|cell| version = cells::version(cell)?)),
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
        kept("user_guid", set!(|cell| guid = guid(cell)?)),
        value("avatar_url", set!(|cell| edit.avatar_url = text(cell, 0, LONGEST_AVATAR_URL)?)),
        value(
            "selected_callback_number_id",
            set!(|cell| edit.selected_callback_number_id = optional_guid(cell)?),
        ),
        kept(
            "prevent_auto_callback_number",
            set!(|cell| edit.prevent_auto_callback_number = flag(cell)?),
        ),
    ];
}

impl ImportLine for UserLine {
    fn key(&self) -> &str {
        self.login_name.as_ref().map(LoginName::as_str).unwrap_or_default()
    }

    fn version(&self) -> Option<u64> {
        self.version
    }
}
