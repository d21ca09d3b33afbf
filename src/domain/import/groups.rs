//! The columns of skill groups.

use super::cells::{self, guid, name, parsed, text, word};
use super::{
    Column, ImportKind, ImportLine, Importable, kept, key, paths, set, shown, value, version,
};
use crate::domain::csv::CsvRow;
use crate::domain::skill_group::{MediaType, SkillGroupEdit};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
use crate::domain::{SkillGroup, SkillGroupName};

/// What a line says of a skill group.
#[derive(Clone, Debug, Default)]
pub struct GroupLine {
    /// The short name; `None` until it is read.
    pub name: Option<SkillGroupName>,
    /// What is kept of the skill group.
    pub edit: SkillGroupEdit,
    /// What it answers.
    pub media_type: Option<MediaType>,
    /// Its id in VCC.
    pub guid: Option<String>,
    version: Option<u64>,
}

const TABLE: [Column<GroupLine>; 10] = [
    shown("skill_group_id"),
    key("name", set!(|cell| name = parsed(cell)?)),
    kept("display_name", set!(|cell| edit.display_name = name(cell, LONGEST_NAME)?)),
    value("description", set!(|cell| edit.description = text(cell, 0, LONGEST_DESCRIPTION)?)),
    kept("media_type", set!(|cell| media_type = word(cell)?)),
    shown("skill_group_guid"),
    shown("phone_number_count"),
    shown("user_count"),
    version("version", set!(|cell| version = cells::version(cell)?)),
    shown("created_at"),
];

impl CsvRow for SkillGroup {
    const COLUMNS: &'static [&'static str] = &paths(&TABLE);
}

impl Importable for SkillGroup {
    type Line = GroupLine;
    const KIND: ImportKind = ImportKind::Groups;
    const TABLE: &'static [Column<GroupLine>] = &TABLE;
    const ADOPTED: &'static [Column<GroupLine>] =
        &[kept("skill_group_guid", set!(|cell| guid = guid(cell)?))];
}

impl ImportLine for GroupLine {
    fn key(&self) -> &str {
        self.name.as_ref().map(SkillGroupName::as_str).unwrap_or_default()
    }

    fn version(&self) -> Option<u64> {
        self.version
    }
}
