//! `numberd restore`

use super::backup::Meter;
use super::check::trouble_with_key;
use super::{Failure, Options, hint, output};
use crate::domain::Clock;
use crate::store::Migrate;
use crate::store::backup::{self, Contents, Restored, Returning};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    /// Only try whether it could be restored, and tell what is in it; nothing is touched.
    #[arg(long)]
    verify: bool,
}

/// What a drill found.
#[derive(Serialize)]
struct Verified {
    restorable: bool,
    contents: Contents,
    returning: Vec<Returning>,
}

/// What was done, and what is left to do.
#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    restored: Restored,
    /// What is wrong with the key file beside it, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_file: Option<String>,
}

impl Restore {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let (database, mut meter) = (options.database(), Meter::new());
        if self.verify || options.dry_run {
            let tell = |progress| meter.show(progress);
            let contents = backup::verify(&self.file, &database, Clock::System, tell)?;
            drop(meter);
            let returning = backup::returning(&database, &self.file);
            let verified = Verified { restorable: true, contents, returning };
            return output::value(options.json, &verified, |verified| {
                format!(
                    "{} can be restored. It holds\n\n{}{}",
                    self.file.display(),
                    text(&verified.contents),
                    warning("would come back with it", &verified.returning)
                )
            });
        }
        let tell = |progress| meter.show(progress);
        let restored = backup::restore(&self.file, &database, Clock::System, tell)?;
        drop(meter);
        output::is_done(format!("{} is restored all the same.", restored.database.display()));
        let store = options.open(Migrate::Require)?;
        let key_file = trouble_with_key(&options.key_file(), &store)?;
        output::value(options.json, &Done { restored, key_file }, |done| {
            let Done { restored, key_file } = done;
            let kept = restored
                .replaced
                .as_ref()
                .map(|kept| format!("\n\nWhat was there is kept as {}.", kept.display()));
            let key_file = key_file.as_ref().map(|trouble| format!("\n\n{trouble}."));
            format!(
                "{} is restored. It holds\n\n{}{}{}{}",
                restored.database.display(),
                text(&restored.contents),
                kept.unwrap_or_default(),
                key_file.unwrap_or_default(),
                warning("have come back with it", &restored.returning)
            )
        })
    }
}

/// Warns that people are back whose data was erased.
fn warning(come: &str, returning: &[Returning]) -> String {
    if returning.is_empty() {
        return String::new();
    }
    let line = |person: &Returning| {
        let (since, pseudonym) = (person.forgotten_at.local(), &person.pseudonym);
        match &person.login_name {
            Some(login) => hint::completed(&format!(
                "  {login}, forgotten at {since} as {pseudonym}: `numberd users forget {login} --force`"
            )),
            None => format!(
                "  somebody who was forgotten at {since} as {pseudonym}, if the backup has them"
            ),
        }
    };
    let lines: Vec<String> = returning.iter().map(line).collect();
    format!(
        "\n\nThese people were forgotten since that backup was made, and {come}; release or hand over what they hold, then forget them again in this database:\n{}",
        lines.join("\n")
    )
}

fn text(contents: &Contents) -> String {
    let count = |name: &str, count: u64| vec![format!("  {name}"), count.to_string()];
    let last_change = contents.last_change_at.map(|at| at.to_string()).unwrap_or_default();
    let rows = vec![
        count("instances", contents.instances),
        count("users", contents.users),
        count("skill groups", contents.skill_groups),
        count("free numbers", contents.free_numbers),
        count("bound numbers", contents.bound_numbers),
        count("personal numbers", contents.personal_numbers),
        count("numbers of the pool", contents.pool_numbers),
        count("changes", contents.changes),
        vec!["  last change".to_owned(), last_change],
        vec!["  schema".to_owned(), contents.schema.to_string()],
    ];
    output::table(&[], rows)
}
