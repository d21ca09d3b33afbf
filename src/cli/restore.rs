//! `numberd restore`

use super::backup::Meter;
use super::{Failure, Options, output};
use crate::domain::Clock;
use crate::store::backup::{self, Contents};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    /// Only try whether it could be restored, and tell what is in it; nothing is touched.
    #[arg(long)]
    verify: bool,
}

impl Restore {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let mut meter = Meter::new();
        if self.verify || options.dry_run {
            let contents =
                backup::verify(&self.file, &options.database(), Clock::System, |progress| {
                    meter.show(progress)
                })?;
            drop(meter);
            return output::value(
                options.json,
                &json!({ "restorable": true, "contents": contents }),
                |_| {
                    format!(
                        "{} can be restored. It holds\n\n{}",
                        self.file.display(),
                        text(&contents)
                    )
                },
            );
        }
        let restored =
            backup::restore(&self.file, &options.database(), Clock::System, |progress| {
                meter.show(progress)
            })?;
        drop(meter);
        output::value(options.json, &restored, |restored| {
            let kept = restored.replaced.as_ref().map(|kept| {
                format!("\n\nThe database that was there is kept as {}.", kept.display())
            });
            let kept = kept.unwrap_or_default();
            format!(
                "{} is restored. It holds\n\n{}{kept}",
                restored.database.display(),
                text(&restored.contents)
            )
        })
    }
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
