//! `numberd users forget`

use crate::cli::import::part;
use crate::cli::write::{Rehearsed, Written};
use crate::cli::{Failure, Options, output};
use crate::domain::erasure::Forgotten;
use crate::domain::text::counted;
use crate::ops::forgotten_people::forget;
use crate::store::{Migrate, Store, forgotten_people};
use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Forget {
    /// The person: their login name, or any of their user ids.
    #[arg(value_name = "LOGIN_NAME")]
    login: String,
    /// Do it; it can't be undone.
    #[arg(long)]
    force: bool,
}

impl Rehearsed for Forgotten {
    type Preview = Self;

    fn preview(self) -> Self {
        self.of_dry_run()
    }
}

impl Forget {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let login = self.login.split('@').next().unwrap_or_default().to_owned();
        if store.read(|tx| forgotten_people::is_pseudonym(tx, &login))? {
            return again(options, &store, &login);
        }
        let name = login.clone();
        if !self.force && !options.dry_run {
            let would = store.rehearse(options.author(), move |tx| forget(tx, &name))?;
            return Err(Failure::refused(format!(
                "{} It can't be undone; do it with --force.",
                sentence("Would forget", &login, &would)
            )));
        }
        match options.write(&store, move |tx| forget(tx, &name))? {
            Written::Would(would) => output::value(options.json, &would, |would| {
                sentence("Would forget", &login, would) + &places(would)
            }),
            Written::Did(done) => {
                compact(&store, &done.made.pseudonym)?;
                output::value(options.json, &done.with_request_id(&done.made), |_| {
                    let pseudonym = &done.made.pseudonym;
                    let did = sentence("Forgot", &login, &done.made);
                    format!(
                        "{did}\nThe history calls them {pseudonym}. Backups, exports and archives of the change log that were made before still name them.{}",
                        places(&done.made)
                    )
                })
            }
        }
    }
}

/// What goes, and what stays.
fn sentence(verb: &str, login: &str, found: &Forgotten) -> String {
    let counts = [
        (found.user_ids.len() as u64, "user", "users"),
        (found.memberships, "membership", "memberships"),
        (found.reservations, "reservation", "reservations"),
        (found.credentials, "credential", "credentials"),
        (found.lines, "change in the log", "changes in the log"),
        (found.texts, "other text", "other texts"),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, one, several)| counted(count, one, several)).collect();
    let periods = counted(found.periods, "period", "periods");
    let left = match found.left.as_slice() {
        [] => String::new(),
        left => format!(
            " Left in what others wrote, because something else may be meant: {}.",
            left.join(", ")
        ),
    };
    format!(
        "{verb} {login}: {}. What stays is the history of numbers, {periods} of it theirs.{left}",
        counts.join(", ")
    )
}

/// Where others wrote of them: the first places.
fn places(found: &Forgotten) -> String {
    let rows = found
        .places
        .iter()
        .map(|place| vec![place.table.to_owned(), place.key.clone(), place.columns.join(", ")]);
    let table = part(&["TABLE", "ROW", "COLUMNS"], rows);
    table.map(|table| format!("\n\n{table}")).unwrap_or_default()
}

fn compact(store: &Store, pseudonym: &str) -> Result<(), Failure> {
    let again = format!("`numberd users forget {pseudonym}` tries that again.");
    let emptied = store.compact().map_err(|error| {
        Failure::database(format!(
            "The person is forgotten, but the file could not be rewritten ({error}), so its free space may still hold what was erased; {again}"
        ))
    })?;
    if !emptied {
        output::error(&format!(
            "The person is forgotten, but something else reads the file, so the write-ahead log could not be emptied and old pages are left for now; {again}"
        ));
    }
    Ok(())
}

/// Somebody who was forgotten before: what could be left of them in the file's free space goes.
fn again(options: &Options, store: &Store, pseudonym: &str) -> Result<(), Failure> {
    if options.dry_run {
        return output::dry_run(options.json, "Would rewrite the file.");
    }
    compact(store, pseudonym)?;
    output::is_done("The file is rewritten all the same.".to_owned());
    let done = Forgotten { pseudonym: pseudonym.to_owned(), ..Forgotten::default() };
    output::value(options.json, &done, |_| {
        format!("{pseudonym} was forgotten before; the file was rewritten.")
    })
}
