//! The columns of numbers.

use super::cells::{
    self, flag, name, name_or_nothing, optional, optional_guid, optional_name, parsed, text,
    unspoiled, word,
};
use super::{
    Column, ImportKind, ImportLine, Importable, Why, flag as flag_column, kept, key, paths, set,
    shown, value, version,
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
    key("number", set!(|cell| number = parsed(unspoiled(cell)?)?)),
    shown("state"),
    shown("holders.display_name"),
    value("user_ids", set!(|cell| user_ids = entries(cell))),
    value("skill_group_ids", set!(|cell| skill_group_ids = entries(cell))),
    shown("holders.since"),
    shown("reservation.kind"),
    shown("reservation.user_id"),
    shown("reservation.until"),
    kept("usage", set!(|cell| edit.usage = word(cell)?)),
    flag_column("active", set!(|cell| edit.active = flag(cell)?)),
    value("province", set!(|cell| edit.province = text(cell, 0, LONGEST_WORD)?)),
    value("city", set!(|cell| edit.city = text(cell, 0, LONGEST_WORD)?)),
    value(
        "contact_flow_id",
        set!(|cell| edit.contact_flow_id = optional(cell, 128)?.map(ContactFlowId::new)),
    ),
    shown("contact_flow_name"),
    value("provider", set!(|cell| edit.provider = text(cell, 0, LONGEST_WORD)?)),
    value("corp_name", set!(|cell| edit.corp_name = name_or_nothing(cell, LONGEST_COMPANY)?)),
    value("tags", set!(|cell| edit.tags = tags(cell)?)),
    value(
        "callback_number_name",
        set!(|cell| edit.callback_number_name = optional_name(cell, LONGEST_COMPANY)?),
    ),
    value("note", set!(|cell| edit.note = text(cell, 0, LONGEST_NOTE)?)),
    version("version", set!(|cell| version = cells::version(cell)?)),
    shown("created_at"),
];

fn tags(cell: &str) -> Result<Vec<String>, Why> {
    let tags = entries(cell);
    if tags.len() > MOST_TAGS {
        return Err(Why::Tags(tags.len(), MOST_TAGS));
    }
    tags.iter().map(|tag| name(tag, LONGEST_WORD)).collect()
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
        line.callback_number_id = optional_guid(cell)?;
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
