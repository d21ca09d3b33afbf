//! Lists as CSV, with the same columns as by REST.

use super::{Failure, Options, output};
use crate::domain::batch::ItemOutcome;
use crate::domain::csv::{self, CsvRow};
use crate::domain::history::{HeldNumber, Holder};
use crate::domain::run::Run;
use crate::domain::undo::UndoneChange;
use crate::store::access_keys::ListedAccessKey;
use crate::store::api_tokens::ListedToken;
use crate::store::backups::Listed;
use crate::store::integrity::Finding;
use crate::store::oauth_clients::ListedClient;
use clap::Args;
use serde::Serialize;

/// Whether a list is printed as CSV.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct AsCsv {
    /// Print CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl AsCsv {
    pub(super) fn is_wanted(self) -> bool {
        self.csv
    }

    /// The rows as CSV, or the value as JSON, or what `text` makes of it.
    pub(super) fn print<V: Serialize, T: CsvRow>(
        self,
        options: &Options,
        value: &V,
        rows: &[T],
        text: impl FnOnce(&V) -> String,
    ) -> Result<(), Failure> {
        if !self.csv {
            return output::value(options.json, value, text);
        }
        let lines: Result<String, _> = rows.iter().map(csv::line).collect();
        let lines = lines.map_err(|error| Failure::database(format!("{error}.")))?;
        output::raw((csv::header::<T>() + &lines).as_bytes())
    }

    /// Prints a report: its rows as CSV, all of it as JSON, or what `text` makes of it, a table and
    /// the lines below it. With CSV those lines go to standard error, where no program takes them
    /// for rows.
    pub(super) fn print_report<V: Serialize, T: CsvRow>(
        self,
        options: &Options,
        value: &V,
        rows: &[T],
        text: impl FnOnce(&V) -> (String, String),
    ) -> Result<(), Failure> {
        let (table, end) = text(value);
        let both = [table, end.clone()].into_iter().filter(|part| !part.is_empty());
        self.print(options, value, rows, |_| both.collect::<Vec<_>>().join("\n\n"))?;
        if self.csv && !end.is_empty() {
            output::error(&end);
        }
        Ok(())
    }

    /// The rows as CSV, as JSON, or as a table.
    pub(super) fn print_table<T: Serialize + CsvRow>(
        self,
        options: &Options,
        rows: &Vec<T>,
        heading: &[&str],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), Failure> {
        self.print(options, rows, rows, |rows| output::table(heading, rows.iter().map(row)))
    }
}

impl CsvRow for ListedAccessKey {
    const COLUMNS: &'static [&'static str] =
        &["access_key_id", "login_name", "created_at", "last_used_at", "revoked_at"];
}

impl CsvRow for ListedToken {
    const COLUMNS: &'static [&'static str] = &[
        "token_id",
        "login_name",
        "name",
        "read_only",
        "instance_id",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ];
}

impl CsvRow for ListedClient {
    const COLUMNS: &'static [&'static str] = &[
        "client_id",
        "instance_id",
        "name",
        "scopes",
        "created_at",
        "secret_changed_at",
        "last_used_at",
        "revoked_at",
    ];
}

impl CsvRow for ItemOutcome {
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "action",
        "from.id",
        "to.id",
        "held_by.id",
        "kept.kind",
        "kept.user_id",
        "kept.until",
        "outcome",
        "code",
        "detail",
    ];
}

impl CsvRow for UndoneChange {
    const COLUMNS: &'static [&'static str] =
        &["change_id", "entity", "action", "subject", "outcome", "code", "detail"];
}

impl CsvRow for Finding {
    const COLUMNS: &'static [&'static str] = &["check", "subject", "detail"];
}

impl CsvRow for Run {
    const COLUMNS: &'static [&'static str] = &[
        "request_id",
        "action",
        "state",
        "mode",
        "total",
        "done",
        "unchanged",
        "refused",
        "left",
        "started_at",
        "ended_at",
        "stopped",
        "listing",
        "undone_by",
    ];
}

impl CsvRow for Holder {
    const COLUMNS: &'static [&'static str] = &["kind", "id", "display_name", "since"];
}

impl CsvRow for HeldNumber {
    const COLUMNS: &'static [&'static str] = &["number", "since", "until"];
}

impl CsvRow for Listed {
    const COLUMNS: &'static [&'static str] = &["begun_at", "bytes", "name", "path"];
}
