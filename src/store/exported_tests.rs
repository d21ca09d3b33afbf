//! No column of what is exported is left out of its spreadsheet.

#![allow(clippy::expect_used, reason = "a test that can't go on fails")]

use super::engine::schema::fresh;
use crate::domain::csv::CsvRow;
use crate::domain::phone_number::NumberDetails;
use crate::domain::{SkillGroup, User};

/// Columns that are in no spreadsheet, and why. `*` is any table.
const NOT_EXPORTED: &[(&str, &str, &str)] = &[
    ("*", "instance_id", "a spreadsheet is of one instance"),
    ("phone_number", "phone_number_id", "never shown"),
    ("phone_number", "callback_number_id", "VCC makes it"),
    ("phone_number", "last_picked_at", "changes with every outbound call"),
    ("user", "avatar_url", "only CCC's clients show it"),
    ("user", "selected_callback_number_id", "VCC's clients set it"),
    ("user", "prevent_auto_callback_number", "VCC's clients set it"),
    ("user", "last_login_at", "changes with every sign-in"),
];

#[test]
fn every_column_of_what_is_exported_is_in_its_spreadsheet() {
    let schema = fresh().expect("a migrated database");
    let mut statement = schema.prepare("SELECT name FROM pragma_table_info(?1)").expect("a query");
    let mut wrong = Vec::new();
    for (table, shown) in [
        ("phone_number", NumberDetails::COLUMNS),
        ("user", User::COLUMNS),
        ("skill_group", SkillGroup::COLUMNS),
    ] {
        let columns: Vec<String> = statement
            .query_map([table], |row| row.get(0))
            .and_then(Iterator::collect)
            .expect("its columns");
        for column in columns {
            let excepted = NOT_EXPORTED
                .iter()
                .any(|(of, name, _)| (*of == "*" || *of == table) && *name == column);
            if shown.contains(&column.as_str()) == excepted {
                wrong.push(format!("{table}.{column}: in the spreadsheet or listed as not in it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
