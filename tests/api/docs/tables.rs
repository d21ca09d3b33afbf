//! The tables in `docs/` that say what the code says: the operations of the CCC face, and what each
//! role may do. `UPDATE_DOCS=1 cargo test tables` writes them anew, keeping the notes.

use crate::rules::spellings::KINDS;
use crate::support::ccc_operations;
use numberd::ccc::Operation;
use numberd::domain::csv;
use numberd::domain::import::{Importable, Take};
use numberd::domain::permission::{Act, Allowed, Role};
use numberd::domain::phone_number::NumberDetails;
use numberd::domain::{SkillGroup, User};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

/// The lines between `<!-- table -->` and `<!-- end of table -->`.
fn table(page: &str) -> String {
    let after = page.split("<!-- table -->\n").nth(1).expect("a line <!-- table -->");
    after.split("<!-- end of table -->").next().unwrap().to_owned()
}

/// Compares a page's table with what it should be; with `UPDATE_DOCS` the page is written instead.
fn assert_table(name: &str, expected: &str) {
    let text = std::fs::read_to_string(page(name)).unwrap();
    let found = table(&text);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let (before, after) = text.split_once(&format!("<!-- table -->\n{found}")).unwrap();
        std::fs::write(page(name), format!("{before}<!-- table -->\n{expected}{after}")).unwrap();
        return;
    }
    assert_eq!(
        found, expected,
        "docs/{name} is behind the code; `UPDATE_DOCS=1 cargo test tables` writes it anew"
    );
}

/// The last cell of each row by its first: what a person wrote there.
fn notes(name: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(page(name)).unwrap();
    let rows = table(&text);
    let cells = |row: &str| {
        row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<String>>()
    };
    rows.lines()
        .skip(2)
        .map(cells)
        .filter_map(|row| Some((row.first()?.clone(), row.last()?.clone())))
        .collect()
}

#[test]
fn the_compatibility_table_lists_every_operation_as_the_code_has_it() {
    let notes = notes("ccc.md");
    let mut expected = "| operation | kind | act | notes |\n|---|---|---|---|\n".to_owned();
    for operation in Operation::ALL {
        let name = format!("`{}`", operation.name());
        let kind = if operation.is_write() { "write" } else { "read" };
        let note = notes.get(&name).cloned().unwrap_or_default();
        expected += format!("| {name} | {kind} | {:?} | {note} |\n", operation.act())
            .replace("|  |", "| |")
            .as_str();
    }
    assert_table("ccc.md", &expected);
}

#[test]
fn the_table_of_roles_is_the_one_that_the_code_asks() {
    let mut expected =
        "| act | Agent | Manager | Admin | Root | what it covers |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for act in Act::ALL {
        let cells: Vec<&str> = Role::ALL
            .iter()
            .map(|role| match act.allowed(*role) {
                Allowed::No => "–",
                Allowed::Own => "own",
                Allowed::Yes => "yes",
            })
            .collect();
        expected += &format!("| {act:?} | {} | {} |\n", cells.join(" | "), act.meaning().trim());
    }
    assert_table("roles.md", &expected);
}

#[test]
fn the_table_of_spellings_is_the_one_that_is_tested() {
    let code = |numbers: &[&str]| {
        let numbers: Vec<String> = numbers.iter().map(|number| format!("`{number}`")).collect();
        numbers.join(", ")
    };
    let mut expected = "| kind | one number | others | why |\n|---|---|---|---|\n".to_owned();
    for kind in KINDS {
        let (one, others) = (code(kind.one), code(kind.others));
        expected += &format!("| {} | {one} | {others} | {} |\n", kind.what, kind.why);
    }
    assert_table("schema.md", &expected);
}

/// The columns of a kind, and what an import does with each.
fn columns<T: Importable>() -> String {
    let row = |column: &numberd::domain::import::Column<T::Line>| {
        let what = match column.take {
            Take::Key(_) => "says which row is meant",
            Take::Value(_) => "is imported",
            Take::Kept(_) => "is imported, and can't be emptied",
            Take::Version(_) => "has to be the present one, if it is filled",
            Take::Shown => "is only shown",
        };
        format!("| {} | `{}` | {what} |\n", T::KIND, csv::name(column.path))
    };
    T::TABLE.iter().map(row).collect()
}

#[test]
fn the_columns_of_spreadsheets_are_those_that_are_read() {
    let head = "| list | column | in an import |\n|---|---|---|\n".to_owned();
    let all = [columns::<NumberDetails>(), columns::<User>(), columns::<SkillGroup>()];
    assert_table("importing.md", &(head + &all.concat()));
}

#[test]
fn the_operations_are_those_of_the_vendors_number_domain_and_no_others() {
    let mut theirs: Vec<&str> = ccc_operations().keys().map(String::as_str).collect();
    let mut ours: Vec<&str> = Operation::ALL.iter().map(|operation| operation.name()).collect();
    theirs.sort_unstable();
    ours.sort_unstable();
    assert_eq!(ours, theirs);
}
