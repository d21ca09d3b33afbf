//! The columns of numbers.

use super::cells::{flag, guid, parsed, text, unspoiled, word};
use super::{
    Column, ImportKind, ImportLine, Importable, Take, Why, column, flag as flag_column, kept,
    paths, shown, value, version,
};
use crate::domain::csv::{CsvRow, entries};
use crate::domain::instance::CountryCode;
use crate::domain::phone_number::{NumberDetails, NumberEdit};
use crate::domain::spelling::Forms;
use crate::domain::text::{LONGEST_COMPANY, LONGEST_NOTE, LONGEST_WORD, MOST_TAGS};
use crate::domain::{ContactFlowId, Number};

/// What a line says of a number.
#[derive(Clone, Debug, Default)]
pub struct NumberLine {
    /// The number; `None` until it is read.
    pub number: Option<Number>,
    /// What is kept of it.
    pub edit: NumberEdit,
    /// The users who are to hold it, and no others.
    pub user_ids: Option<Vec<String>>,
    /// The skill groups that are to hold it, and no others.
    pub skill_group_ids: Option<Vec<String>>,
    /// Whether a vendor says it: then what Excel would have damaged is taken as it is.
    pub is_adopted: bool,
    /// Its id in VCC.
    pub callback_number_id: Option<String>,
    version: Option<u64>,
}

const TABLE: [Column<NumberLine>; 22] = [
    column(
        "number",
        Take::Key(|line, cell| {
            line.number = Some(parsed(unspoiled(cell)?)?);
            Ok(())
        }),
    ),
    shown("state"),
    shown("holders.display_name"),
    value("user_ids", |line, cell| {
        line.user_ids = Some(entries(cell));
        Ok(())
    }),
    value("skill_group_ids", |line, cell| {
        line.skill_group_ids = Some(entries(cell));
        Ok(())
    }),
    shown("holders.since"),
    shown("reservation.kind"),
    shown("reservation.user_id"),
    shown("reservation.until"),
    kept("usage", |line, cell| {
        line.edit.usage = Some(word(cell)?);
        Ok(())
    }),
    flag_column("active", |line, cell| {
        line.edit.active = Some(flag(cell)?);
        Ok(())
    }),
    value("province", |line, cell| {
        line.edit.province = Some(text(cell, 0, LONGEST_WORD)?);
        Ok(())
    }),
    value("city", |line, cell| {
        line.edit.city = Some(text(cell, 0, LONGEST_WORD)?);
        Ok(())
    }),
    value("contact_flow_id", |line, cell| {
        let flow = text(cell, 0, 128)?;
        line.edit.contact_flow_id = Some((!flow.is_empty()).then(|| ContactFlowId::new(flow)));
        Ok(())
    }),
    shown("contact_flow_name"),
    value("provider", |line, cell| {
        line.edit.provider = Some(text(cell, 0, LONGEST_WORD)?);
        Ok(())
    }),
    value("corp_name", |line, cell| {
        line.edit.corp_name = Some(text(cell, 0, LONGEST_COMPANY)?);
        Ok(())
    }),
    value("tags", |line, cell| {
        line.edit.tags = Some(tags(cell)?);
        Ok(())
    }),
    value("callback_number_name", |line, cell| {
        let name = text(cell, 0, LONGEST_COMPANY)?;
        line.edit.callback_number_name = Some((!name.is_empty()).then_some(name));
        Ok(())
    }),
    value("note", |line, cell| {
        line.edit.note = Some(text(cell, 0, LONGEST_NOTE)?);
        Ok(())
    }),
    version("version", |line, cell| {
        line.version = Some(super::cells::version(cell)?);
        Ok(())
    }),
    shown("created_at"),
];

fn tags(cell: &str) -> Result<Vec<String>, Why> {
    let tags = entries(cell);
    if tags.len() > MOST_TAGS {
        return Err(Why::Tags(tags.len(), MOST_TAGS));
    }
    tags.iter().map(|tag| text(tag, 1, LONGEST_WORD)).collect()
}

impl CsvRow for NumberDetails {
    const COLUMNS: &'static [&'static str] = &paths(&TABLE);
}

impl Importable for NumberDetails {
    type Line = NumberLine;
    const KIND: ImportKind = ImportKind::Numbers;
    const TABLE: &'static [Column<NumberLine>] = &TABLE;
    const ADOPTED: &'static [Column<NumberLine>] = &[value("callback_number_id", |line, cell| {
        line.is_adopted = true;
        line.callback_number_id = if cell.is_empty() { None } else { Some(guid(cell)?) };
        Ok(())
    })];
}

impl ImportLine for NumberLine {
    fn key(&self) -> &str {
        self.number.as_ref().map(Number::as_str).unwrap_or_default()
    }

    fn comparable(&self, country_code: CountryCode) -> String {
        Forms::of(self.key()).within(country_code).to_owned()
    }

    fn version(&self) -> Option<u64> {
        self.version
    }
}
