//! The columns of skill groups.

use super::cells::{guid, name, parsed, text, word};
use super::{
    Column, ImportKind, ImportLine, Importable, Take, column, kept, paths, shown, value, version,
};
use crate::domain::csv::CsvRow;
use crate::domain::instance::CountryCode;
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
    column(
        "name",
        Take::Key(|line, cell| {
            line.name = Some(parsed(cell)?);
            Ok(())
        }),
    ),
    kept("display_name", |line, cell| {
        line.edit.display_name = Some(name(cell, LONGEST_NAME)?);
        Ok(())
    }),
    value("description", |line, cell| {
        line.edit.description = Some(text(cell, 0, LONGEST_DESCRIPTION)?);
        Ok(())
    }),
    kept("media_type", |line, cell| {
        line.media_type = Some(word(cell)?);
        Ok(())
    }),
    shown("skill_group_guid"),
    shown("phone_number_count"),
    shown("user_count"),
    version("version", |line, cell| {
        line.version = Some(super::cells::version(cell)?);
        Ok(())
    }),
    shown("created_at"),
];

impl CsvRow for SkillGroup {
    const COLUMNS: &'static [&'static str] = &paths(&TABLE);
}

impl Importable for SkillGroup {
    type Line = GroupLine;
    const KIND: ImportKind = ImportKind::Groups;
    const TABLE: &'static [Column<GroupLine>] = &TABLE;
    const ADOPTED: &'static [Column<GroupLine>] = &[kept("skill_group_guid", |line, cell| {
        line.guid = Some(guid(cell)?);
        Ok(())
    })];
}

impl ImportLine for GroupLine {
    fn key(&self) -> &str {
        self.name.as_ref().map(SkillGroupName::as_str).unwrap_or_default()
    }

    fn comparable(&self, _: CountryCode) -> String {
        self.key().to_owned()
    }

    fn version(&self) -> Option<u64> {
        self.version
    }
}
