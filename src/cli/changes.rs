//! `numberd changes`

use super::{Failure, Options, output};
use crate::domain::InstanceId;
use crate::domain::history::{self, Change, ChangeFilter, ENTITIES};
use crate::store::{Migrate, changes};
use clap::Args;
use clap::builder::PossibleValuesParser;

/// What was changed.
#[derive(Debug, Args)]
pub(super) struct Changes {
    /// Those after this one, oldest first [default: the last ones, newest first].
    #[arg(long, value_name = "CHANGE", value_parser = clap::value_parser!(i64).range(0..))]
    after: Option<i64>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    limit: u64,
    /// Only of this number.
    #[arg(long)]
    number: Option<String>,
    /// Only of this user.
    #[arg(long)]
    user: Option<String>,
    /// Only of this skill group.
    #[arg(long)]
    group: Option<String>,
    /// Only of this request.
    #[arg(long, value_name = "REQUEST-ID")]
    request: Option<String>,
    /// Only of this table.
    #[arg(long, value_name = "TABLE", value_parser = PossibleValuesParser::new(ENTITIES))]
    entity: Option<String>,
    /// Only by this person or client.
    #[arg(long)]
    actor: Option<String>,
    /// Only from there: ccc, vcc, admin, console, cli, or sql for hand edits.
    #[arg(long, value_parser = ["ccc", "vcc", "admin", "console", "cli", "sql"])]
    via: Option<String>,
}

impl Changes {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        // Without an instance, those of the whole account.
        let instance_id =
            options.instance.as_ref().map(|_| options.instance(&store)).transpose()?;
        let (after, limit) = (self.after, self.limit);
        let filter = self.filter(instance_id);
        let found = store.read(|tx| match after {
            Some(after) => changes::after(tx, &filter, after, limit),
            None => changes::newest(tx, &filter, limit),
        })?;
        output::value(options.json, &history::Changes::from(found), |found| {
            if found.items.is_empty() {
                return "Nothing.".to_owned();
            }
            output::table(
                &["CHANGE", "WHEN", "BY", "VIA", "WHAT", "SUBJECT", "REQUEST", "WHY"],
                &found.items.iter().map(row).collect::<Vec<_>>(),
            )
        })
    }

    fn filter(self, instance_id: Option<InstanceId>) -> ChangeFilter {
        ChangeFilter {
            instance_id,
            number: self.number,
            user_id: self.user,
            skill_group_id: self.group,
            request_id: self.request,
            entity: self.entity,
            actor: self.actor,
            via: self.via,
        }
    }
}

fn row(change: &Change) -> Vec<String> {
    vec![
        change.change_id.to_string(),
        change.changed_at.to_string(),
        change.actor.clone(),
        change.via.clone(),
        format!("{} {}", change.action, change.entity),
        change.subject(),
        change.request_id.clone(),
        change.reason.clone(),
    ]
}
