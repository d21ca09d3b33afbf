//! `numberd changes`

mod archive;

use super::as_csv::AsCsv;
use super::{Failure, Options, moment, names, output};
use crate::console;
use crate::domain::history::{Change, ChangeFilter, Entity};
use crate::domain::{Error, InstanceId, Origin, Timestamp};
use crate::store::{Migrate, ReadTx, changes};
use clap::{Args, Subcommand};

/// What is done with the change log, other than listing it.
#[derive(Debug, Subcommand)]
enum Act {
    /// Move the oldest changes into a file.
    Archive(archive::Archive),
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(super) struct Changes {
    #[command(subcommand)]
    act: Option<Act>,
    /// Those after this one, oldest first [default: the newest first].
    #[arg(long, value_name = "CHANGE", value_parser = names::between(0..=i64::MAX))]
    after: Option<i64>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = names::between(1..=10_000_u64))]
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
    /// Only of this table, such as phone_number.
    #[arg(
        long,
        value_name = "TABLE",
        hide_possible_values = true,
        value_parser = names::word_of::<Entity>()
    )]
    entity: Option<Entity>,
    /// Only by this person or client.
    #[arg(long)]
    actor: Option<String>,
    /// Only since this moment: a day, `YYYY-MM-DD HH:MM` or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Timestamp>,
    /// Only before this moment.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Timestamp>,
    /// Show the request ids too.
    #[arg(long)]
    wide: bool,
    #[command(flatten)]
    csv: AsCsv,
    /// Only what came from there.
    #[arg(long, value_parser = names::word_of::<Origin>())]
    via: Option<Origin>,
}

impl Changes {
    pub(super) fn run(mut self, options: &Options) -> Result<(), Failure> {
        if let Some(Act::Archive(archive)) = self.act.take() {
            return archive.run(options);
        }
        let store = options.open(Migrate::Require)?;
        // Without an instance, those of the whole account.
        let instance_id =
            options.instance.as_ref().map(|_| options.instance(&store)).transpose()?;
        let (after, limit, wide, csv) = (self.after, self.limit, self.wide, self.csv);
        let mut filter = self.filter(instance_id);
        if let Some(instance_id) = &filter.instance_id {
            let whole = |id: &mut String| *id = instance_id.qualify(id);
            filter.user_id.iter_mut().chain(filter.skill_group_id.iter_mut()).for_each(whole);
        }
        let (found, rows, never) = store.read(|tx| {
            let found = changes::list(tx, &filter, after, limit)?;
            let rows: Vec<Vec<String>> =
                found.items.iter().map(|change| row(tx, change, wide)).collect::<Result<_, _>>()?;
            let never = if rows.is_empty() { never(tx, &filter)? } else { None };
            Ok::<_, Error>((found, rows, never))
        })?;
        csv.print(options, &found, &found.items, |found| {
            let heading = ["CHANGE", "WHEN", "BY", "VIA", "WHAT", "WHY", "REQUEST"];
            let heading = if wide { &heading } else { &heading[..6] };
            let nothing = || never.unwrap_or_else(|| "Nothing.".to_owned());
            let table = if rows.is_empty() { nothing() } else { output::table(heading, rows) };
            table + &output::archived(found.archived.as_ref())
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
            since: self.since,
            until: self.until,
            ..ChangeFilter::default()
        }
    }
}

/// What the log has nothing of at all: most likely it is misspelled.
fn never(tx: &ReadTx<'_>, filter: &ChangeFilter) -> Result<Option<String>, Error> {
    type Field = fn(&mut ChangeFilter) -> &mut Option<String>;
    let asked: [(&str, Field); 5] = [
        ("of number", |filter| &mut filter.number),
        ("of user", |filter| &mut filter.user_id),
        ("of skill group", |filter| &mut filter.skill_group_id),
        ("of request", |filter| &mut filter.request_id),
        ("by", |filter| &mut filter.actor),
    ];
    for (what, field) in asked {
        let Some(value) = field(&mut filter.clone()).take() else { continue };
        let instance_id = filter.instance_id.clone();
        let mut alone = ChangeFilter { instance_id, ..ChangeFilter::default() };
        *field(&mut alone) = Some(value.clone());
        if changes::list(tx, &alone, None, 1)?.items.is_empty() {
            return Ok(Some(format!("Nothing: the change log has no change {what} {value}.")));
        }
    }
    Ok(None)
}

fn row(tx: &ReadTx<'_>, change: &Change, wide: bool) -> Result<Vec<String>, Error> {
    let mut cells = vec![
        change.change_id.to_string(),
        change.changed_at.local(),
        change.actor.clone(),
        change.via.to_string(),
        console::in_english(tx, change)?,
        change.reason.clone(),
    ];
    if wide {
        cells.push(change.request_id.clone());
    }
    Ok(cells)
}
