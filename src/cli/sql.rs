//! `numberd sql`

use super::as_csv::AsCsv;
use super::{Failure, Options, output};
use crate::domain::csv;
use crate::store::adhoc::{self, Question, Table};
use crate::store::{Migrate, adhoc::Cell};
use clap::Args;
use serde_json::{Map, Value};

#[derive(Debug, Args)]
pub(super) struct Sql {
    /// One statement that reads, such as `SELECT * FROM v_phone_number`.
    statement: String,
    #[command(flatten)]
    csv: AsCsv,
}

impl Sql {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let answer = store.read(|tx| adhoc::ask(tx, &self.statement))?;
        let table = match answer {
            Question::Answered(table) => table,
            Question::Refused(reason) => return Err(Failure::usage(format!("{reason}."))),
        };
        if options.json {
            if let Some(name) = repeated(&table.columns) {
                return Err(Failure::usage(format!(
                    "Two columns are called {name}, and in JSON a name stands for one; give one of them another with AS."
                )));
            }
            let rows: Vec<Value> = table.rows.iter().map(|row| object(&table, row)).collect();
            return output::value(true, &rows, |_| String::new());
        }
        if self.csv.is_wanted() {
            return output::raw(as_csv(&table).as_bytes());
        }
        if table.rows.is_empty() {
            return output::line("Nothing.");
        }
        let heading: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let rows = table.rows.iter().map(|row| row.iter().map(ToString::to_string).collect());
        output::line(&output::table(&heading, rows))
    }
}

/// Only texts are guarded from being taken for formulas: a number with a sign stays one.
fn as_csv(table: &Table) -> String {
    let line = |row: &Vec<Cell>| {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => csv::cell(text),
            number => number.to_string(),
        });
        cells.collect::<Vec<_>>().join(",") + "\r\n"
    };
    let names = csv::line_of(table.columns.iter().map(String::as_str));
    names + &table.rows.iter().map(line).collect::<String>()
}

/// A name that several columns have.
fn repeated(columns: &[String]) -> Option<&String> {
    let twice = |(at, name): (usize, &String)| columns[..at].contains(name);
    columns.iter().enumerate().find(|found| twice(*found)).map(|(_, name)| name)
}

fn object(table: &Table, row: &[Cell]) -> Value {
    let fields = table.columns.iter().cloned().zip(row.iter().map(Cell::to_json));
    Value::Object(Map::from_iter(fields))
}
